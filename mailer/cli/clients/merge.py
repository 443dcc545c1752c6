"""`mailer clients merge`: two rows of the list that are one client."""

from __future__ import annotations

from pathlib import Path

import click

from mailer.cli.clients.mark import tell_stale
from mailer.cli.terminal import CLIENT, SAID, actor, folder_option, note, opened
from mailer.clients.care import CareMark
from mailer.errors import UsageProblem


@click.command()
@click.argument("keep", type=CLIENT)
@click.argument("gone", type=CLIENT, required=False)
@click.option("--undo", is_flag=True, help="Take it back: CLIENT is one of its own again, as it was.")
@click.option("--reason", required=True, type=SAID, metavar="TEXT", help="Why, for the record.")
@click.option("--by", type=SAID, metavar="NAME", help="Who decides it. Default: you.")
@folder_option
def merge(keep: str, gone: str | None, reason: str, by: str | None, folder: Path, *, undo: bool) -> None:
    """Record that two clients of the list are one: KEEP stays, GONE is written to no more.

    GONE keeps its pieces and rates, which `mailer clients show KEEP` shows; a later list that still has it
    does not bring it back.

    \b
    Example: mailer clients merge CF-1004 CF-1090 --reason "entered twice"
             mailer clients merge --undo CF-1090 --reason "two firms"
    """
    from mailer.standing import care

    if undo is (gone is not None):
        raise UsageProblem(
            "name the client to keep and the one that is gone; with --undo the gone one alone.",
            todo="Example:  mailer clients merge CF-1004 CF-1090 --reason TEXT",
        )
    with opened(folder) as mail:
        if gone is None:
            done = care.separate(mail, keep, reason=reason, by=by or actor())
        else:
            done = care.merge(mail, keep, gone, reason=reason, by=by or actor())
    who = f"{done.client.number or done.client.email} {done.client.name}"
    if undo:
        mark = "" if done.made.mark is CareMark.NONE else f", marked {done.made.mark} as before"
        click.echo(f"{who}: a client of its own again{mark}.")
        return
    click.echo(f"{who}: merged into {keep}.")
    if done.other_terms:
        note(f"Its contract ({done.other_terms}) is not that of {keep}, by whose own terms {keep} is billed.")
        note(f"Does it bind {keep} as well?  Import it for {keep}, with --terms-from DATE.")
    if done.other_mark:
        note(f"It was marked {done.other_mark}, and {keep} is not. If that holds for both:")
        note(f"  mailer clients mark {keep} {done.other_mark} --reason TEXT")
    tell_stale(done)
    note(f"Not so?  mailer clients merge --undo {gone} --reason TEXT")
