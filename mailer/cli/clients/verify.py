"""`mailer clients verify`: addresses looked up in the postal data."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from mailer.cli.tables import records
from mailer.cli.terminal import folder_option, note, opened, progress
from mailer.notice.words import plural

if TYPE_CHECKING:
    from mailer.mailservice.addresscheck import AddressesChecked, AddressFinding

_SHOWN: Final = 50  # addresses of one table; all of them are in the JSON of `clients list`


@click.command()
@click.argument("names", nargs=-1, metavar="[CLIENT…]")
@click.option("--all", "again", is_flag=True, help="Those that were checked before as well.")
@click.option(
    "--older-than", type=click.IntRange(0), metavar="DAYS", help="Those checked longer ago as well."
)
@folder_option
def verify(names: tuple[str, ...], again: bool, older_than: int | None, folder: Path) -> int:
    """Look up addresses in the postal data, by the mail service.

    Without CLIENT: of all clients whose address was not checked yet. Mailing and notice addresses in the
    US; others are skipped. Each answer is kept with its day; a corrected address is unchecked again.
    Exit 1 where one is undeliverable, 4 on trouble with the service.

    \b
    Example: mailer clients verify
             mailer clients verify CF-1004
             mailer clients verify --older-than 90
    """
    from mailer.mailservice.addresscheck import Scope, trouble
    from mailer.mailservice.addresscheck import verify as look_up
    from mailer.mailservice.registry import postal_data, title_of

    with opened(folder) as mail, progress() as show:
        service = postal_data(mail)
        if not service.live:
            note(
                f"TEST KEY: {title_of(service.name)} gives canned answers, which say nothing of an address. "
                "None is kept."
            )
        done = look_up(mail, service, Scope(names, again, older_than), progress=show)
    _show_checked(done)
    error = trouble(done, service)
    if error:
        raise error
    return 4 if done.problems else 1 if done.undeliverable else 0


def _show_checked(done: AddressesChecked) -> None:
    from mailer.mailservice.addresscheck import SAYS, by_deliverability

    mark = "" if done.live else " (TEST KEY)"
    click.echo(
        f"{plural(done.asked, 'address', 'addresses')} looked up{mark}, {done.known:,} known from before."
    )
    for said, count in by_deliverability(done.counts.items()):
        click.echo(f"{count:>7,}  {SAYS.get(said, said)}")
    if done.abroad:
        click.echo(f"{done.abroad:>7,}  abroad: not looked up")
    if done.findings:
        click.echo("")
        rows = [(_cells(one), tuple(_notes(one))) for one in done.findings[:_SHOWN]]
        records(("Client", "Name", "Checked"), rows)
    if len(done.findings) > _SHOWN:
        click.echo(f"… and {len(done.findings) - _SHOWN:,} more: mailer clients list --json")
    for who, why in done.problems[:_SHOWN]:
        click.echo(f"NOT ANSWERED  {who}: {why}")


def _cells(one: AddressFinding) -> tuple[str, ...]:
    number = one.client.number or one.client.email
    return number, f"{one.client.name}{' (notices)' if one.notice else ''}", str(one.check.checked_on)


def _notes(one: AddressFinding) -> list[str]:
    """What was found, the two spellings, and the command that takes over the service's."""
    different = one.different()
    from mailer.mailservice.addresscheck import says

    lines = [f"{says(one.check)}: {', '.join(one.address.lines())}"]
    if different and one.check.suggestion:
        lines.append(f"as the post spells it: {', '.join(one.check.suggestion.lines())}")
    words = [f"--{name} {shlex.quote(text)}" for name, text in different.items()] or ["--line1 …"]
    reason = "as the post spells it" if different else "…"
    notice = " --notice" if one.notice else ""
    who = shlex.quote(one.client.number or one.client.email or str(one.client.id))
    lines.append(f'mailer clients correct {who}{notice} {" ".join(words)} --reason "{reason}"')
    return lines
