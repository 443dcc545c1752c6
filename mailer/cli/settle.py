"""`mailer settle`: find out what an older copy of the database does not know."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from mailer.cli.terminal import actor, folder_option, note, opened, progress
from mailer.notice.words import plural

SHOWN: Final = 20  # letters that are named


@click.command()
@click.option("--printed", multiple=True, metavar="NAME", help="This campaign was printed since.")
@click.option("--not-printed", multiple=True, metavar="NAME", help="Nothing of it was printed here since.")
@click.option("--not-by", multiple=True, metavar="SERVICE", help="Nothing was sent for real by it since.")
@click.option("--lost", multiple=True, metavar="SERVICE", help="Its journal is lost: it may have gone by it.")
@click.option("--same-account", is_flag=True, help="The key is a new one of the account used before.")
@folder_option
def settle(
    printed: tuple[str, ...],
    not_printed: tuple[str, ...],
    not_by: tuple[str, ...],
    lost: tuple[str, ...],
    same_account: bool,
    folder: Path,
) -> None:
    """Find out what an older copy of the database does not know, so that nothing goes twice.

    After `mailer restore`, or where an older database was put in place by hand. Asks each mail service for
    its letters since then and records them; asks you what the print room made. Until all is said nothing is
    recorded, and the folder prints and sends nothing.

    \b
    Example: mailer settle
             mailer settle --not-printed 2027-rates --printed 2026-12
    """
    from mailer.mailservice.registry import SERVICES
    from mailer.standing.settling import SinceCopied, settle_copy

    for option, named in (("--not-by", not_by), ("--lost", lost)):
        for strange in sorted(set(named) - set(SERVICES)):
            raise click.BadParameter(
                f"{strange!r} is no mail service; there is: {', '.join(SERVICES)}.", param_hint=option
            )
    words = SinceCopied(
        frozenset(printed), frozenset(not_printed), frozenset(not_by), frozenset(lost), same_account
    )
    with opened(folder) as mail, progress() as show:
        since = mail.store.older_copy()
        done = settle_copy(mail, words, by=actor(), progress=show)
    for name, count in sorted(done.found.items()):
        click.echo(f"{name}: {plural(count, 'piece was', 'pieces were')} sent since; recorded as accepted.")
    for name, count in sorted(done.doubtful.items()):
        click.echo(
            f"{name}: {plural(count, 'piece')} may have gone since, and nothing tells; each waits until its "
            f"Sent folder does (mailer send {name}), or you:  --taken PIECE  or  --not-taken PIECE"
        )
    if done.strangers:
        click.echo(
            f"{plural(len(done.strangers), 'letter')} at the service that this folder does not know, "
            "approved later; print and send refuse another one of its campaign to the same client:"
        )
    for one in done.strangers[:SHOWN]:
        click.echo(f"NOT KNOWN HERE  {one.label} to {one.company or one.name}: {one.accepted.provider_id}")
    if len(done.strangers) > SHOWN:
        click.echo(f"… and {len(done.strangers) - SHOWN:,} more, listed in files/.")
    click.echo("Settled: this folder is the current one again.")
    for name in done.to_drop:
        note(f"{name} is on record as a printed job now: do not print it.")
        note(f'Its hand-over, as it was:  mailer drop {name} --at "YYYY-MM-DD HH:MM" …')
    if since:
        note(
            f"Not known here, and nobody can be asked: what was approved or repeated {since.since} and then "
            "printed. Do not approve or repeat that again."
        )
    note("Next:  mailer track, then  mailer status")
