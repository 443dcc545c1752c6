"""`mailer check`: client by client, whether notice was given in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from mailer.cli.reports import FOLDER, listed, verbose
from mailer.cli.tables import Row, paragraph
from mailer.cli.terminal import day_option, folder_option, json_option, opened, progress, show_long_json
from mailer.errors import Refused
from mailer.judgement.verdict import NoticeState
from mailer.ledger.clientpiece import ClientPiece
from mailer.notice.words import plural, spoken, together
from mailer.spool import Spool

if TYPE_CHECKING:
    from mailer.campaign.loading import Campaign
    from mailer.standing.check import Line, Summary

SHOWN: Final = 5  # clients named on a screen


@click.command()
@click.argument("name")
@day_option("--on", "As of another day. Default: today.")
@day_option("--effective", "What if it took effect on another day?")
@json_option
@folder_option
def check(name: str, on: date | None, effective: date | None, folder: Path, *, as_json: bool) -> int:
    """Say whether every client has notice in time.

    It names the clients who have not; a file in reports/ has a line for each, -v shows each with its
    working. Two answers, never mixed: notice (law and contract: may the change bind this client) and the
    firm's own habit that letter and newsletter both go out. Exit 0 only if every client's notice is safe.

    \b
    Example: mailer check 2027-rates
             mailer check 2027-rates --on 2027-01-04 --json
    """
    from mailer.standing.check import check as look
    from mailer.standing.checkjson import check_json, line_json
    from mailer.standing.unserved import follow_ups

    with opened(folder) as mail, progress() as show:
        found = look(mail, name, on=on, effective=effective, progress=show)
        if as_json:
            show_long_json(lambda: check_json(found.summary), "clients", map(line_json, found.lines))
        else:
            rows, stops, workings = Spool[Row](), Spool[Row](), Spool[str]()
            for line in found.lines:
                row = _row(line)
                rows.append(row)
                if not line.safe:
                    stops.append(row)
                if verbose():
                    workings.append(_working(line))
            again = follow_ups(mail, found.summary.campaign) if len(stops) else iter(())
            _show_check(found.summary, rows, stops, again, mail.root / FOLDER / f"check-{name}.txt")
            for working in workings:
                click.echo(working)
    summary = found.summary
    return 0 if summary.all_safe else 1


def _show_check(
    summary: Summary, rows: Spool[Row], stops: Spool[Row], again: Iterator[Campaign], file: Path
) -> None:
    click.echo(f"{summary.campaign.name}: {summary.campaign.definition.title}")
    click.echo(f"effective {spoken(summary.effective)}, as of {spoken(summary.today)}\n")
    if len(rows):
        listed(("Client", "Name", "Notice", "Letter", "Newsletter"), rows, SHOWN, first=stops, file=file)
    click.echo("")
    for state, count in summary.states.most_common():
        click.echo(f"{count:>7,}  {state}")
    words = (
        "Notice is safe for every client."
        if summary.all_safe
        else "Nobody is in the audience, or none has a rate of its services: there is nothing to check."
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
    if summary.otherwise:
        paragraph(
            f"\nThe files no longer say what was mailed: {', '.join(summary.otherwise)}. This is "
            "judged by what was mailed; page and voice mail follow the files. "
            f"See  mailer status {summary.campaign.name}"
        )
    habit = f"Complete: {_media(summary)} out in time." if summary.complete else _incomplete(summary)
    click.echo(f"\n{words} {habit if summary.total else ''}".rstrip())
    try:
        for one in again:
            click.echo(f"{one.name} follows it up, and is checked by itself:  mailer check {one.name}")
    except Refused as problem:
        click.echo(f"{problem.where}: {problem.what}")
    click.echo("Confirm with counsel; this is a calculation, not legal advice.")


def _media(summary: Summary) -> str:
    """What the firm's habit asked for."""
    return f"{together([*summary.media])} {'is' if len(summary.media) == 1 else 'are'}"


def _incomplete(summary: Summary) -> str:
    states = ", ".join(f"{count:,} {state}" for state, count in summary.house.items())
    blocked = summary.states[NoticeState.BLOCKED.value]
    aside = f" ({blocked:,} of them are owed no letter, the newsletter alone)" if blocked else ""
    why = "".join(f" {plural(count, 'client')}: {said}." for said, count in summary.lacks.most_common(2))
    return f"By the firm's own habit: {states}{aside}.{why}"


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
    said = line.notice is not None and line.notice.state in (NoticeState.EXCEPTED, NoticeState.IN_DOUBT)
    if line.problem or (line.notice and (said or not line.notice.results)):
        notes = (line.problem or (line.notice.reason if line.notice else ""),)
    newsletter = "opted out" if not client.newsletter else _mailed(line.newsletter)
    return (client.number, client.name, _state(line), _mailed(line.letter), newsletter), notes


def _mailed(piece: ClientPiece | None) -> str:
    if piece is None:
        return "none"
    if piece.returned_on is not None:
        return "returned"
    said = _day(piece.counts_on) if piece.counts_on else piece.status.value
    return f"copy {said}" if piece.facts.is_copy else said


@lru_cache(maxsize=4_096)
def _day(day: date) -> str:
    return f"{day.day} {day:%b}"


def _working(line: Line) -> str:
    return "\n".join(
        (
            f"\n{line.client.number} {line.client.name}".rstrip(),
            *(f"  {step}" for step in (line.notice.steps if line.notice else ())),
            f"  notice: {line.notice.reason if line.notice else line.problem}",
            f"  the firm's own habit: {line.house.reason}",
        )
    )
