"""What happened to a mailing, as the events tell it: approval, production, hand-over, returns, newsletter."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from mailer.campaign.wording import date_words
from mailer.ledger.chain import Event
from mailer.notice.steps import counted, spoken
from mailer.render.evidence_record import Case, Drop, Issue, Job, Return
from mailer.render.evidence_sheets import Block, Facts, Head, Note, Table, Text

CLASSES: Final = {
    "first": "First-Class Mail",
    "certified": "Certified Mail",
    "marketing": "USPS Marketing Mail",
}


def long_day(day: date) -> str:
    """Friday, January 1, 2027."""
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    return f"{names[day.weekday()]}, {date_words(day)}"


def sentence(text: str) -> str:
    """`text` with a capital and a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def production(case: Case) -> Iterator[Block]:
    yield Head("Approval and production")
    yield Text(
        "What is approved is the exact bytes of every piece. What is printed is cut from the same stored "
        "file; the print room adds the address block and each sheet’s mark and nothing else."
    )
    yield Table(
        ("Event", "What", "Who", "When", "SHA-256"),
        [*(approval_row(event) for event in case.approvals), *(_job_row(job) for job in case.jobs)],
        (8, 28, 17, 17, 30),
        ("", "", "", "", "hash"),
    )


def approval_row(event: Event) -> tuple[str, str, str, str, str]:
    said: dict[str, Any] = json.loads(event.payload)
    until = f"; good until {said['not_after']}" if said.get("not_after") else ""
    what = f"approved pieces {said['pieces'] or 'none new'}{until}"
    return str(event.seq), what, event.actor, spoken(event.occurred_on), f"all pieces: {said['output']}"


def _job_row(job: Job) -> tuple[str, str, str, str, str]:
    event = job.event
    where = f" ({job.file})" if job.file else f" ({job.missing})"
    what = f"job {job.number} printed, pieces {job.pieces}{where}"
    return str(event.seq), what, event.actor, spoken(event.occurred_on), f"manifest: {job.manifest}"


def drop_blocks(drop: Drop, case: Case | None = None) -> Iterator[Block]:
    """One hand-over; with `case` that of the whole mailing, else as it concerns one client."""
    yield Head(f"Hand-over {drop.number}: {long_day(drop.at.date())}, {clock(drop)}", 3)
    rows = [
        ("Handed over by", f"{drop.by}, at {drop.place}"),
        ("Class", CLASSES.get(drop.mail_class, drop.mail_class)),
        ("Counts as mailed", f"{spoken(drop.counts_on)}. {sentence(drop.why)}"),
        ("Pieces", f"{counted(drop.count, 'piece')} of job {drop.job}: numbers {drop.pieces}"),
    ]
    if case and drop.left_out:
        rows.append(("Left out", f"numbers {drop.left_out}{': ' if drop.reason else ''}{drop.reason}"))
    rows.append(("Recorded", f"event {drop.event.seq} by {drop.event.actor}, {_recorded(drop)}"))
    if drop.receipt:
        where = f" ({drop.receipt_file} in the pack)" if drop.receipt_file else ""
        rows.append(("Receipt", f"{drop.receipt_name}{where}, SHA-256\n{drop.receipt}"))
    else:
        rows.append(("Receipt", "none was recorded"))
    yield Facts(rows)
    if case and drop.remarks:
        yield Note([("", remark) for remark in drop.remarks])


def clock(drop: Drop) -> str:
    """2:10 p.m."""
    hour = drop.at.hour % 12 or 12
    return f"{hour}:{drop.at.minute:02} {'a.m.' if drop.at.hour < 12 else 'p.m.'}"


def _recorded(drop: Drop) -> str:
    when = drop.event.recorded_at
    later = "" if drop.recorded_on == drop.at.date() else f", on {spoken(drop.recorded_on)}, another day"
    return f"{when:%Y-%m-%d %H:%M:%S} UTC{later}"


def returned(case: Case) -> Iterator[Block]:
    yield Head("Returned pieces and what was done")
    if not case.returned:
        yield Text("No piece was recorded as returned.")
        return
    verdicts = {piece.number: piece.verdict for piece in case.pieces}
    yield Table(
        ("Piece", "Addressee", "Came back", "Notice", "What was done"),
        [
            (one.label, "\n".join(one.lines), came_back(one), verdicts[one.number], one.done)
            for one in case.returned
        ],
        (18, 27, 19, 15, 21),
        ("", "", "", "", ""),
    )


def came_back(one: Return) -> str:
    """The day, and what the post wrote on it."""
    day = spoken(one.on) if one.on else "the day was not recorded"
    return f"{day}\n“{one.reason}”" if one.reason else day


def newsletter(case: Case) -> Iterator[Block]:
    yield Head("The newsletter that carried the article")
    house = ", ".join(f"{state} for {count:,}" for state, count in case.house)
    yield Text(
        "The firm’s own habit is that letter and newsletter both go out in time. It is a verdict apart and "
        f"changes nothing in the notice above. It was {house or 'not judged'}."
    )
    if not case.issues:
        yield Text("No approved issue carries this campaign’s article.")
    for issue in case.issues:
        yield from _issue(issue)


def _issue(issue: Issue) -> Iterator[Block]:
    yield Head(f"Issue {issue.campaign}: {issue.title}", 3)
    pieces = ", ".join(f"{count:,} {status}" for status, count in issue.statuses)
    drops = [
        f"{spoken(drop.counts_on)}: {counted(drop.count, 'piece')} handed over by {drop.by} at {drop.place}, "
        f"{CLASSES.get(drop.mail_class, drop.mail_class)} (event {drop.event.seq}); "
        + (f"receipt {drop.receipt_file}" if drop.receipt else "no receipt was recorded")
        for drop in issue.drops
    ]
    yield Facts(
        [
            ("Pieces", pieces),
            ("Mailed", "\n".join(drops) or "not handed over"),
            ("Article", issue.article),
            ("Body", f"{issue.file or 'not in this pack'}, SHA-256\n{issue.sha256}"),
        ]
    )
