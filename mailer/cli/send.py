"""`mailer send`: send a mailing by the print-and-mail service."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mailer.cli.reports import few
from mailer.cli.terminal import SAID, actor, day_option, folder_option, note, opened, progress, sure
from mailer.errors import UsageProblem
from mailer.money import people
from mailer.notice.words import by_reason, plural, spoken

if TYPE_CHECKING:
    from mailer.mailservice.dispatch import Sent
    from mailer.mailservice.forecast import Forecast
    from mailer.planning.mailfolder import MailFolder


@click.command()
@click.argument("name")
@click.option("--dry-run", is_flag=True, help="Check everything, say what it costs, send nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before a live send.")
@day_option("--on", "The day on which the service is to mail it; at most 180 days ahead.")
@click.option(
    "--only", metavar="PIECE", default="", help="Send this piece again, as a new one; with --reason."
)
@click.option("--reason", type=SAID, metavar="TEXT", help="Why it is sent again, for the record.")
@click.option("--leave-out", is_flag=True, help="Leave what the service can't take to the print room.")
@click.option("--taken", multiple=True, metavar="PIECE", help="You looked: this unknown piece went.")
@click.option("--not-taken", multiple=True, metavar="PIECE", help="You looked: it did not; it goes now.")
@click.option("--same-account", is_flag=True, help="The key is a new one of the account used before.")
@folder_option
def send(
    name: str,
    dry_run: bool,
    yes: bool,
    on: date | None,
    only: str,
    reason: str | None,
    leave_out: bool,
    taken: tuple[str, ...],
    not_taken: tuple[str, ...],
    same_account: bool,
    folder: Path,
) -> None:
    """Send a mailing by the print-and-mail service.

    Shows the cost first; a live key asks. Each piece goes once, whatever interrupts it: run it again to go
    on. Refuses (exit 3) a stale or late approval. Exit 1: a piece was refused; exit 4: trouble with the
    service.

    \b
    Example: mailer send 2027-rates --dry-run
             mailer send 2027-rates
             mailer send 2027-rates --only 2027-rates-L-0017 \\
               --reason "refused for its address, which was corrected"
    """
    from mailer.campaign.loading import load_campaign
    from mailer.mailservice import send as sending
    from mailer.mailservice.dispatch import Sent
    from mailer.mailservice.forecast import order_of
    from mailer.mailservice.registry import service_for

    if bool(only) != bool(reason):
        raise UsageProblem("--only and --reason go together.", todo="Say which piece, and why it goes again.")

    def told(settled: Sent) -> None:
        if settled != Sent():
            _tell(name, settled, mail, by_post=mail.settings.on_paper(by.name))

    with opened(folder) as mail, progress() as show:
        by = service_for(mail, load_campaign(mail.root, name))
        keyless = dry_run and not by.has_key(mail)
        service = by.keyless() if keyless else by.connect(mail)
        words = {True: taken, False: not_taken}
        sending.take_word(mail, load_campaign(mail.root, name), service, words, by=actor(), dry=dry_run)
        order = order_of(
            mail,
            name,
            send_date=on,
            only=only,
            reason=reason or "",
            leave_out=leave_out,
            same_account=same_account or keyless,
            live=service.live,
        )
        known = sending.examined(mail, order, service, by=actor(), dry=dry_run, told=told, progress=show)
        _show(known)
        if keyless:
            note(f"There is no key for {by.title}: reckoned as with a test key.")
        if dry_run:
            click.echo("Nothing was sent: --dry-run.")
            return
        if known.live and not yes:
            sure(f"Send {plural(known.pieces, 'piece')} for real?")
        sent = sending.send(mail, order, known, service, by=actor(), progress=show)
    _tell(name, sent, mail, by_post=known.by_post)
    error = sending.trouble(sent, service)
    if error:
        raise error
    if sent.unknown or sent.doubles or sent.released:
        raise click.exceptions.Exit(4)
    if sent.rejected or sent.outdated:
        raise click.exceptions.Exit(1)


def _show(known: Forecast) -> None:
    test = " (test key: nothing is printed or charged)" if known.by_post else " (test)"
    mode = "" if known.live else test
    certified = f", {known.certified:,} of them certified" if known.certified else ""
    click.echo(
        f"{known.campaign}: {plural(known.pieces, 'piece')}{certified}, {plural(known.pages, 'page')}{mode}"
    )
    if known.unsettled:
        click.echo(f"{known.unsettled:,} more were asked for before and are settled first.")
    reasons = by_reason(known.left_out.values())
    few("LEFT OUT", (f"{labels}: {why}" for labels, why in reasons), f"mailer send {known.campaign} -v")
    click.echo(f"Cost {people(known.cost)}, by the price list.")
    for remark in known.remarks:
        click.echo(f"  {remark}")
    if known.cap is not None:
        click.echo(f"This month {people(known.spent)} before it, of a cap of {people(known.cap)}.")
    when = f"on {spoken(known.send_date)}" if known.send_date else "at once"
    last = f"; notice is in time until {spoken(known.not_after)}" if known.not_after else ""
    post = f", the post has it by {spoken(known.in_post)}" if known.by_post else " by e-mail"
    click.echo(f"Sent {when}{post}{last}.")


def _tell(name: str, sent: Sent, mail: MailFolder, *, by_post: bool) -> None:
    click.echo(f"{plural(sent.accepted, 'piece')} accepted, {people(sent.cost)}.")
    see = f"mailer status {name}"
    few("REFUSED", (f"{label}: {why}" for label, why in sent.rejected), see)
    few("UNKNOWN", (f"{label}: {why}" for label, why in sent.unknown), see)
    for label, ids in sent.doubles:
        click.echo(f"TWICE AT THE SERVICE  {label}: also {ids}; cancel one there now.")
    before = "it was taken as it was approved then; it is not made again."
    few("WENT AS BEFORE", (f"{label}: {before}" for label in sent.bygone), see)
    changed = "it was not taken, and its text or its client changed since."
    few("NOT SENT", (f"{label}: {changed}" for label in sent.outdated), see)
    if sent.released:
        click.echo(
            plural(len(sent.released), "piece was not taken and is", "pieces were not taken and are")
            + " still approved."
        )
    if not sent.stopped:
        few("NOT TAKEN", (f"{label}: {why}" for label, why in sent.released.items()), see)
    if sent.busy:
        click.echo(f"{plural(sent.busy, 'piece is', 'pieces are')} being sent by another process.")
    _advise(name, sent, mail, by_post=by_post)


def _advise(name: str, sent: Sent, mail: MailFolder, *, by_post: bool) -> None:
    """What to do next."""
    zone = mail.settings.firm.time_zone
    if sent.unknown:
        note(f"An unknown piece may have been taken: never print it. Settle it:  mailer send {name}")
    if sent.released:
        note(f"What was not taken is sent by the same command again:  mailer send {name}")
    if sent.outdated:
        note(f"Approve what changed, then send it:  mailer approve {name}")
    if sent.rejected:
        here = f", or print them here:  mailer print {name} --remaining" if by_post else ""
        note(f"Correct the client and approve again{here}")
    if sent.cancel_until and sent.accepted:
        last = sent.cancel_until.astimezone(zone)
        day = "" if last.date() == mail.today else f"{spoken(last.date())}, "
        until = f"{day}{last:%H:%M:%S}"
        note(f"All of it can be cancelled until {until}:  mailer cancel {name} --reason …")
    if not sent.accepted and (sent.released or sent.rejected or sent.unknown):
        return
    if by_post:
        note(f"Accepted is not mailed. Next:  mailer track {name}")
    else:
        note(f"Taken is not read. What does not arrive is told by  mailer track {name}")
