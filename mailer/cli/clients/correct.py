"""`mailer clients correct`: one client's address put right by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from mailer.cli.terminal import CLIENT, SAID, actor, day_option, folder_option, note, opened
from mailer.clients.record import Address
from mailer.errors import UsageProblem
from mailer.ledger.kinds import IN_POST, Medium, Status
from mailer.notice.words import spoken

if TYPE_CHECKING:
    from mailer.standing.correction import Correction

_PARTS: Final = ("line1", "line2", "city", "state", "zip", "country")


@click.command()
@click.argument("client", type=CLIENT)
@click.option("--line1", metavar="TEXT", help="Street and number, or PO box.")
@click.option("--line2", metavar="TEXT", help='Suite or unit; "" takes it away.')
@click.option("--city", metavar="TEXT")
@click.option("--state", metavar="TEXT")
@click.option("--zip", metavar="TEXT", help="ZIP code, or ZIP+4.")
@click.option("--country", metavar="TEXT", help="Where it changes, give the whole address.")
@click.option("--notice", is_flag=True, help="Correct the notice address, or give one.")
@click.option("--clear-notice", is_flag=True, help="Notices go to the mailing address again.")
@day_option("--was-wrong-since", "It was our mistake: what was mailed there since that day does not count.")
@click.option(
    "--address-of-record", is_flag=True, help="It was all the same the last one that the client had given."
)
@click.option("--usps-form", "form", flag_value="usps", help="Take the USPS form that show prints.")
@click.option("--as-given", "form", flag_value="given", help="It stays as it is; show prints no form.")
@click.option("--reason", required=True, type=SAID, metavar="TEXT", help="Why, for the record.")
@click.option("--by", type=SAID, metavar="NAME", help="Who decides it. Default: you.")
@folder_option
def correct(
    client: str,
    notice: bool,
    clear_notice: bool,
    reason: str,
    by: str | None,
    was_wrong_since: date | None,
    address_of_record: bool,
    form: str | None,
    folder: Path,
    **parts: str | None,
) -> None:
    """Correct one client's address by hand.

    CLIENT is its number, e-mail or name. What is given replaces the old parts. Both addresses are kept
    with the reason; an import that still has the old one does not bring it back.

    Where the old one was our mistake, say so: notice that was mailed there since is not proved then. Without
    parts of an address this is said of the last correction.

    \b
    Example: mailer clients correct CF-1004 --line1 "2210 Elder Street" \\
               --reason "came back; the client told us the new number"
             mailer clients correct CF-1004 --clear-notice --reason "moved out"
             mailer clients correct CF-1004 --as-given --reason "the deed says so"
    """
    from mailer.standing.correction import Wish
    from mailer.standing.correction import correct as record

    given = {name: text for name, text in parts.items() if text is not None}
    wish = Wish(given, notice, clear_notice, was_wrong_since, address_of_record)
    if form is not None:
        if given or clear_notice or was_wrong_since or address_of_record:
            raise UsageProblem(
                "--usps-form and --as-given take the address as it is.",
                todo="Give them with --notice at most.",
            )
        _settle_form(form, client, folder, notice=notice, reason=reason, by=by or actor())
        return
    with opened(folder) as mail:
        done = record(mail, client, wish, reason=reason, by=by or actor())
    _tell(done)
    if was_wrong_since is not None:
        _tell_what_was_wrong(done, was_wrong_since)


def _settle_form(form: str, client: str, folder: Path, *, notice: bool, reason: str, by: str) -> None:
    from mailer.standing.postalform import leave_as_given, take_form

    with opened(folder) as mail:
        if form == "usps":
            _tell(take_form(mail, client, notice=notice, reason=reason, by=by))
            return
        who = leave_as_given(mail, client, notice=notice, reason=reason, by=by)
    click.echo(f"{who.number or who.email} {who.name}: the address stays as it was given.")


def _tell(done: Correction) -> None:
    what = "notice address" if done.notice else "address"
    click.echo(f"{done.client.number or done.client.email} {done.client.name}: {what} corrected.")
    click.echo(f"  before  {_line(done.before)}")
    click.echo(f"  after   {_line(done.after)}")
    for text in done.mended:
        note(f"  {text}")
    _tell_what_follows(done)


def _tell_what_was_wrong(done: Correction, since: date) -> None:
    wrong = [piece for piece in done.pieces if piece.misaddressed]
    if not wrong:
        note(f"Nothing went there since {spoken(since)} but what was received, as is proved.")
    for piece in wrong:
        note(f"{piece.label} was wrongly addressed: see  mailer check {piece.campaign}")
    for campaign in dict.fromkeys(piece.campaign for piece in wrong if piece.status in IN_POST):
        note(f"To write anew to all who need it:  mailer remedy {campaign}")


def _line(address: Address | None) -> str:
    return ", ".join(address.lines()) if address else "none: notices go to the mailing address"


def _tell_what_follows(done: Correction) -> None:
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
    for piece in done.those(*IN_POST - {Status.RETURNED}):
        if piece.medium is Medium.LETTER and not piece.misaddressed:
            note(
                f"{piece.label} went to the old address. Its notice stands if that was right then; if it was"
            )
            note("our mistake, again with  --was-wrong-since DATE. To write to the new one all the same:")
            note(f"  mailer remedy {piece.campaign} --dry-run")
