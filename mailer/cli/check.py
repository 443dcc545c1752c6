"""`mailer check`: client by client, whether notice was given in time."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mailer.cli.tables import Row, records
from mailer.cli.terminal import day_option, folder_option, json_option, opened, progress, show_long_json
from mailer.judgement.verdict import NoticeState
from mailer.ledger.clientpiece import ClientPiece
from mailer.notice.words import plural, spoken

if TYPE_CHECKING:
    from mailer.standing.check import Line, Summary


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
    from mailer.standing.check import check as look
    from mailer.standing.checkjson import check_json, line_json

    with opened(folder) as mail, progress() as show:
        found = look(mail, name, on=on, effective=effective, progress=show)
        if as_json:
            show_long_json(lambda: check_json(found.summary), "clients", map(line_json, found.lines))
        else:
            # A list of rows is a tenth of a list of lines, each with its working.
            lines = list(found.lines) if all_clients else []
            _show_check(found.summary, [_row(line) for line in lines or found.lines], lines)
    summary = found.summary
    return 0 if summary.all_safe else 1


def _show_check(summary: Summary, rows: list[Row], working: list[Line]) -> None:
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
            f"Notice is NOT safe for {summary.total - summary.safe:,} of {plural(summary.total, 'client')}."
        )
    )
    for statute in sorted(summary.unreached):
        click.echo(
            f"\n{statute} was named after letters were mailed and reaches none of those. Where it binds, "
            "give notice anew: a campaign that supersedes this one."
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
    excepted = line.notice is not None and line.notice.state is NoticeState.EXCEPTED
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
