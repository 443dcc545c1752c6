"""`mailer clients correct`, `mailer clients verify`: addresses put right, and looked up."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from mailer.cli.terminal import SAID, actor, folder_option, note, opened, progress, records
from mailer.notice.steps import counted

if TYPE_CHECKING:
    from mailer.clients.record import Address
    from mailer.mailservice.addresscheck import AddressesChecked, AddressFinding
    from mailer.standing.correction import Correction

_PARTS: Final = ("line1", "line2", "city", "state", "zip", "country")
_SHOWN: Final = 50  # addresses of one table; all of them are in the JSON of `clients list`


@click.command()
@click.argument("client")
@click.option("--line1", metavar="TEXT", help="Street and number, or PO box.")
@click.option("--line2", metavar="TEXT", help='Suite or unit; "" takes it away.')
@click.option("--city", metavar="TEXT")
@click.option("--state", metavar="TEXT")
@click.option("--zip", metavar="TEXT", help="ZIP code, or ZIP+4.")
@click.option("--country", metavar="TEXT", help="Where it changes, give the whole address.")
@click.option("--notice", is_flag=True, help="Correct the notice address, or give one.")
@click.option("--clear-notice", is_flag=True, help="Notices go to the mailing address again.")
@click.option("--reason", required=True, type=SAID, metavar="TEXT", help="Why, for the record.")
@click.option("--by", type=SAID, metavar="NAME", help="Who decides it. Default: you.")
@folder_option
def correct(
    client: str,
    notice: bool,
    clear_notice: bool,
    reason: str,
    by: str | None,
    folder: Path,
    **parts: str | None,
) -> None:
    """Correct one client's address by hand.

    CLIENT is its number, e-mail or name. What is given replaces the old parts. Both addresses are kept
    with the reason; an import that still has the old one does not bring it back.

    \b
    Example: mailer clients correct CF-1004 --line1 "2210 Elder Street" \\
               --reason "came back; the client told us the new number"
             mailer clients correct CF-1004 --clear-notice --reason "moved out"
    """
    from mailer.standing.correction import Wish  # noqa: PLC0415
    from mailer.standing.correction import correct as record  # noqa: PLC0415

    given = {name: text for name, text in parts.items() if text is not None}
    with opened(folder) as mail:
        done = record(mail, client, Wish(given, notice, clear_notice), reason=reason, by=by or actor())
    _tell(done)


def _tell(done: Correction) -> None:
    what = "notice address" if done.notice else "address"
    click.echo(f"{done.client.number or done.client.email} {done.client.name}: {what} corrected.")
    click.echo(f"  before  {_line(done.before)}")
    click.echo(f"  after   {_line(done.after)}")
    for text in done.mended:
        note(f"  {text}")
    _tell_what_follows(done)


def _line(address: Address | None) -> str:
    return ", ".join(address.lines()) if address else "none: notices go to the mailing address"


def _tell_what_follows(done: Correction) -> None:
    from mailer.ledger.kinds import Status  # noqa: PLC0415

    for campaign in dict.fromkeys(p.campaign for p in done.those(Status.PREPARED, Status.APPROVED)):
        note(f"{campaign} is not printed yet and has the old address:  mailer approve {campaign} --by NAME")
    for piece in done.those(Status.PRODUCED):
        note(f"{piece.label} is printed with the old address:")
        note(f'  mailer reprint {piece.label} --reason "address corrected"')
    for piece in done.those(Status.REJECTED):
        note(f"{piece.label} was refused by the mail service:")
        note(f'  mailer send {piece.campaign} --only {piece.label} --reason "address corrected"')
    for piece in done.those(Status.RETURNED):
        note(f"{piece.label} came back. Print it again, or write anew to all who need it:")
        note(f'  mailer reprint {piece.label} --reason "address corrected"')
        note(f"  mailer remedy {piece.campaign}")


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
    from mailer.mailservice.addresscheck import Scope, trouble  # noqa: PLC0415
    from mailer.mailservice.addresscheck import verify as look_up  # noqa: PLC0415
    from mailer.mailservice.services import chosen  # noqa: PLC0415

    with opened(folder) as mail, progress() as show:
        service = chosen().connect(mail)
        if not service.live:
            note(
                f"TEST KEY: {chosen().title} gives canned answers, which say nothing of an address. "
                "None is kept."
            )
        done = look_up(mail, service, Scope(names, again, older_than), progress=show)
    _show_checked(done)
    error = trouble(done, service)
    if error:
        raise error
    return 4 if done.problems else 1 if done.undeliverable else 0


def _show_checked(done: AddressesChecked) -> None:
    from mailer.mailservice.addresscheck import SAYS, by_deliverability  # noqa: PLC0415

    mark = "" if done.live else " (TEST KEY)"
    click.echo(
        f"{counted(done.asked, 'address', 'addresses')} looked up{mark}, {done.known:,} known from before."
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
    from mailer.mailservice.addresscheck import says  # noqa: PLC0415

    lines = [f"{says(one.check)}: {', '.join(one.address.lines())}"]
    if different and one.check.suggestion:
        lines.append(f"as the post spells it: {', '.join(one.check.suggestion.lines())}")
    words = [f"--{name} {shlex.quote(text)}" for name, text in different.items()] or ["--line1 …"]
    reason = "as the post spells it" if different else "…"
    notice = " --notice" if one.notice else ""
    who = shlex.quote(one.client.number or one.client.email or str(one.client.id))
    lines.append(f'mailer clients correct {who}{notice} {" ".join(words)} --reason "{reason}"')
    return lines
