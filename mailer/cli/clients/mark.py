"""`mailer clients mark`: how a client is treated, whatever a list says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mailer.cli.terminal import CLIENT, SAID, actor, folder_option, note, opened
from mailer.clients.care import BY_HAND, NO_NEWSLETTER, UNWRITTEN, CareMark

if TYPE_CHECKING:
    from mailer.standing.care import Marked


@click.command()
@click.argument("client", type=CLIENT)
@click.argument("how", metavar="MARK", type=click.Choice([mark.value for mark in BY_HAND]))
@click.option("--reason", required=True, type=SAID, metavar="TEXT", help="Why, for the record.")
@click.option("--by", type=SAID, metavar="NAME", help="Who decides it. Default: you.")
@folder_option
def mark(client: str, how: str, reason: str, by: str | None, folder: Path) -> None:
    """Mark a client deceased, moved, do-not-contact or opted-out; none takes the mark away.

    Whatever a later list says, opted-out gets no newsletter; the others get nothing but notices that the law
    or their contract demands, which the plan names. Without its letter a client's old rate stays.

    \b
    Example: mailer clients mark CF-1004 deceased --reason "her daughter called"
             mailer clients mark CF-1004 none --reason "it was her mother"
    """
    from mailer.standing.care import mark as record

    with opened(folder) as mail:
        done = record(mail, client, CareMark(how), reason=reason, by=by or actor())
    who = f"{done.client.number or done.client.email} {done.client.name}"
    click.echo(
        f"{who}: marked {how}." if done.made.mark is not CareMark.NONE else f"{who}: no mark any more."
    )
    if done.made.mark in UNWRITTEN:
        note("Gets nothing any more but notices that the law or its contract demands: mailer plan names it.")
    elif done.made.mark in NO_NEWSLETTER:
        note("Gets no newsletter any more, whatever a list says; letters as before.")
    tell_stale(done)


def tell_stale(done: Marked) -> None:
    """The commands for what is made already."""
    for campaign in done.stale:
        note(f"{campaign} is not printed yet and may be to it:  mailer approve {campaign} --by NAME")
    for label in done.printed:
        campaign = label.rsplit("-", 2)[0]
        note(f"{label} is printed: take it out, and  mailer drop {campaign} --except {label} …")
