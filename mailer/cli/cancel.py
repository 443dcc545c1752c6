"""`mailer cancel`: take pieces back from the mail service in time."""

from __future__ import annotations

from pathlib import Path

import click

from mailer.cli.reports import few
from mailer.cli.terminal import SAID, actor, folder_option, note, opened, progress
from mailer.notice.words import plural


@click.command()
@click.argument("name")
@click.argument("pieces", nargs=-1, metavar="[PIECE…]")
@click.option("--reason", required=True, type=SAID, metavar="TEXT", help="Why, for the record.")
@folder_option
def cancel(name: str, pieces: tuple[str, ...], reason: str, folder: Path) -> None:
    """Take pieces back from the print-and-mail service while it still lets them go.

    What can't be cancelled any more is listed, and is mailed. A cancelled piece may be printed here.

    \b
    Example: mailer cancel 2027-rates --reason "the new rates were corrected"
    """
    from mailer.campaign.loading import load_campaign
    from mailer.mailservice.cancel import cancel as take_back
    from mailer.mailservice.registry import service_for

    with opened(folder) as mail, progress() as show:
        service = service_for(mail, load_campaign(mail.root, name)).connect(mail)
        done = take_back(mail, name, service, only=pieces, reason=reason, by=actor(), progress=show)
    click.echo(f"{plural(done.cancelled, 'piece')} cancelled: not printed and not charged.")
    for word, pieces_ in (("TOO LATE", done.too_late), ("UNKNOWN ", done.unknown)):
        few(word, (f"{label}: {why}" for label, why in pieces_), f"mailer status {name}")
    if done.cancelled:
        note(f"Print them here:  mailer print {name} --remaining")
    if done.unknown:
        raise click.exceptions.Exit(4)
    if done.too_late:
        raise click.exceptions.Exit(1)
