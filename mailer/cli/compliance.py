"""`mailer check`, `rates`: what was noticed, and what may be billed."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mailer.cli.terminal import (
    day_option,
    folder_option,
    json_option,
    opened,
    progress,
    records,
    show_json,
)
from mailer.notice.steps import counted

if TYPE_CHECKING:
    from mailer.ledger.clientpiece import ClientPiece
    from mailer.standing.check import Line, Summary
    from mailer.standing.rates import Priced

Row = tuple[tuple[str, ...], tuple[str, ...]]
"""The cells of a line, and the notes below it."""


@click.command()
@click.argument("name")
@day_option("--on", "As of another day. Default: today.")
@day_option("--effective", "What if it took effect on another day?")
@click.option(
    "--all", "all_clients", is_flag=True, help="Every client with its working, not only a line each."
)
@json_option
@folder_option
def check(
    name: str, on: date | None, effective: date | None, folder: Path, *, all_clients: bool, as_json: bool
) -> int:
    """Say client by client whether notice was given in time.

    Two verdicts: notice (law and contract: may the change bind this client) and house (the firm's habit
    that letter and newsletter both go out). Exit 0 only if every client's notice is safe.

    \b
    Example: mailer check 2027-rates
             mailer check 2027-rates --on 2027-01-04 --json
    """
    from mailer.standing.check import check as look  # noqa: PLC0415
    from mailer.standing.checkjson import check_json  # noqa: PLC0415

    with opened(folder) as mail, progress() as show:
        found = look(mail, name, on=on, effective=effective, progress=show)
        # A list of rows is a tenth of a list of lines, each with its working.
        lines = list(found.lines) if as_json or all_clients else []
        rows = [_row(line) for line in lines or found.lines]
    summary = found.summary
    if as_json:
        show_json(check_json(summary, lines))
    else:
        _show_check(summary, rows, lines)
    return 0 if summary.all_safe else 1


def _show_check(summary: Summary, rows: list[Row], working: list[Line]) -> None:
    from mailer.notice.steps import spoken  # noqa: PLC0415

    click.echo(
        f"{summary.campaign.name}: {summary.campaign.definition.title}, "
        f"effective {spoken(summary.effective)}, as of {spoken(summary.today)}\n"
    )
    records(("Client", "Name", "Notice", "Letter", "Newsletter"), rows)
    _show_working(working)
    click.echo("")
    for state, count in summary.states.most_common():
        click.echo(f"{count:>7,}  {state}")
    words = (
        "Notice is safe for every client."
        if summary.all_safe
        else "Nobody is in the audience, or none has one of its services: there is nothing to check."
        if not summary.total
        else (
            f"Notice is NOT safe for {summary.total - summary.safe:,} of {counted(summary.total, 'client')}."
        )
    )
    habit = "Complete: both media are out in time." if summary.complete else _incomplete(summary)
    click.echo(f"\n{words} {habit if summary.total else ''}".rstrip())
    click.echo("Confirm with counsel; this is a calculation, not legal advice.")


def _incomplete(summary: Summary) -> str:
    return (
        "By the firm's own habit: "
        + ", ".join(f"{count:,} {state}" for state, count in summary.house.items())
        + "."
    )


def _state(line: Line) -> str:
    from mailer.judgement.verdict import NoticeState  # noqa: PLC0415

    notice = line.notice
    if notice is None:
        return line.state
    match notice.state:
        case NoticeState.RUNNING:
            said = f"running until {notice.effective}"
        case NoticeState.DUE:
            said = f"due by {notice.by}"
        case NoticeState.UNPROVED:
            said = f"mailed, prove receipt by {notice.receipt_by}"
        case NoticeState.LATE:
            said = f"LATE, earliest {notice.earliest}"
        case _:
            said = line.state
    return f"{said}, arguable" if notice.stricter else said


def _row(line: Line) -> Row:
    """A line a client; a note only where something stands in the way."""
    client = line.client
    notes: tuple[str, ...] = ()
    excepted = line.state == "excepted"
    if line.problem or (line.notice and (excepted or not line.notice.results)):
        notes = (line.problem or (line.notice.reason if line.notice else ""),)
    newsletter = "opted out" if not client.newsletter else _mailed(line.newsletter)
    return (client.number or client.email, client.name, _state(line), _mailed(line.letter), newsletter), notes


def _mailed(piece: ClientPiece | None) -> str:
    if piece is None:
        return "none"
    if piece.returned_on is not None:
        return "returned"
    return f"{piece.counts_on.day} {piece.counts_on:%b}" if piece.counts_on else piece.status.value


def _show_working(lines: list[Line]) -> None:
    for line in lines:
        click.echo(f"\n{line.client.number} {line.client.name}".rstrip())
        for step in line.notice.steps if line.notice else ():
            click.echo(f"  {step}")
        click.echo(f"  notice: {line.notice.reason if line.notice else line.problem}")
        click.echo(f"  house: {line.house.reason}")


@click.command()
@day_option("--worked-on", "The day on which the work was done.", required=True)
@click.option("--client", default="", metavar="TEXT", help="One client: number, e-mail or name.")
@json_option
@folder_option
def rates(worked_on: date, client: str, folder: Path, *, as_json: bool) -> None:
    """Say what a day's work may be billed at, and why.

    Never a new rate for work before its effective date, nor without a notice that holds.

    \b
    Example: mailer rates --worked-on 2027-01-04
             mailer rates --worked-on 2027-01-04 --client C-1042 --json
    """
    from mailer.standing.rates import prices  # noqa: PLC0415

    with opened(folder) as mail:
        found = list(prices(mail, worked_on, client))
        rehearsal = mail.clock.rehearsal
    if as_json:
        show_json(_rates_json(worked_on, found, rehearsal=rehearsal))
        return
    _show_rates(worked_on, found)


def _show_rates(worked_on: date, found: list[Priced]) -> None:
    from mailer.money import people  # noqa: PLC0415
    from mailer.notice.steps import spoken  # noqa: PLC0415

    click.echo(f"Rates for work done on {spoken(worked_on)}\n")
    rows, new = [], Counter[bool]()
    for priced in found:
        who = (priced.client.number or priced.client.email, priced.client.name)
        for billed in priced.services:
            basis = billed.piece or billed.because.removeprefix("client list: ")
            cells = (*who, billed.service, people(billed.amount), str(billed.since), basis)
            rows.append((cells, billed.pending))
            new[bool(billed.piece)] += 1
        if not priced.services:
            rows.append(((*who, "", "", "", ""), ("no rate is on record for that day",)))
    records(("Client", "Name", "Service", "Rate", "Since", "Rests on"), rows, right=(3,))
    click.echo(f"\n{new[True]:,} services at a noticed rate, {new[False]:,} at the rate of before.")


def _rates_json(worked_on: date, found: list[Priced], *, rehearsal: bool) -> dict[str, Any]:
    from mailer.money import plain  # noqa: PLC0415

    return {
        "worked_on": worked_on,
        "currency": "USD",
        "rehearsal": rehearsal,
        "clients": [
            {
                "id": str(priced.client.id),
                "number": priced.client.number,
                "name": priced.client.name,
                "services": [
                    {
                        "service": billed.service,
                        "rate": plain(billed.amount),
                        "since": billed.since,
                        "because": billed.because,
                        "piece": billed.piece or None,
                        "pending": list(billed.pending),
                        "at_risk": plain(billed.at_risk) if billed.at_risk is not None else None,
                    }
                    for billed in priced.services
                ],
            }
            for priced in found
        ],
    }
