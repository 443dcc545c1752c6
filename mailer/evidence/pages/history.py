"""What happened to a mailing, as the events tell it: approval, production, hand-over, returns, newsletter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Final

from mailer.campaign.wording import date_words
from mailer.evidence.case import CarryingIssue, Case, CorrectedAddress, Deposit, Production, ReturnedPiece
from mailer.evidence.pages.sheets import Block, DataTable, Facts, Head, Note, Paragraph
from mailer.evidence.pages.wording import Wording
from mailer.ledger.chain import Event
from mailer.ledger.events import MailingApproved, PieceReissued, said
from mailer.notice.words import plural, spoken

CLASSES: Final = {
    "first": "First-Class Mail",
    "certified": "Certified Mail",
    "marketing": "USPS Marketing Mail",
}


MOST_ENDED: Final = 40  # named in the text


def long_day(day: date) -> str:
    """Friday, January 1, 2027."""
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    return f"{names[day.weekday()]}, {date_words(day)}"


def sentence(text: str) -> str:
    """`text` with a capital and a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def production(case: Case, say: Wording) -> Iterator[Block]:
    yield Head("Approval and production")
    yield Paragraph(say("production"))
    rows = [
        *(approval_row(event) for event in case.approvals),
        *(_again_row(event, again) for event, again in _repeats(case)),
        *(_job_row(job) for job in case.jobs),
    ]
    yield DataTable(
        ("Event", "What", "Who", "When", "SHA-256"),
        sorted(rows, key=lambda row: int(row[0])),
        (8, 28, 17, 17, 30),
        ("", "", "", "", "hash"),
    )


def _repeats(case: Case) -> Iterator[tuple[Event, PieceReissued]]:
    for event in case.events:
        if isinstance(again := said(event), PieceReissued):
            yield event, again


def approval_row(event: Event) -> tuple[str, str, str, str, str]:
    approved = said(event)
    if not isinstance(approved, MailingApproved):
        raise TypeError(f"event {event.seq} is no approval")
    until = f"; good until {approved.not_after}" if approved.not_after else ""
    what = f"approved pieces {approved.pieces or 'none new'}{until}"
    return str(event.seq), what, event.actor, spoken(event.occurred_on), f"all pieces: {approved.output}"


def _again_row(event: Event, again: PieceReissued) -> tuple[str, str, str, str, str]:
    what = f"piece {again.pieces} repeats the approved pages of piece {again.of}: {again.reason}"
    return str(event.seq), what, event.actor, spoken(event.occurred_on), f"pages: {again.sha256}"


def _job_row(job: Production) -> tuple[str, str, str, str, str]:
    event = job.event
    where = f" ({job.file})" if job.file else f" ({job.missing})"
    what = f"job {job.number} printed, pieces {job.pieces}{where}"
    return str(event.seq), what, event.actor, spoken(event.occurred_on), _job_hashes(job)


def _job_hashes(job: Production) -> str:
    paper = f"; the pre-printed paper: {job.paper}" if job.paper else ""
    return f"manifest: {job.manifest}{paper}"


def drop_blocks(drop: Deposit, case: Case | None = None) -> Iterator[Block]:
    """One hand-over; with `case` that of the whole mailing, else as it concerns one client."""
    yield Head(f"Hand-over {drop.number}: {long_day(drop.at.date())}, {clock(drop)}", 3)
    which = f"number{'s' if drop.count > 1 else ''} {drop.pieces}"
    rows = [
        ("Handed over by", f"{drop.by}, at {drop.place}"),
        ("Class", CLASSES.get(drop.mail_class, drop.mail_class)),
        ("Counts as mailed", f"{spoken(drop.counts_on)}. {sentence(drop.why)}"),
        ("Pieces", f"{plural(drop.count, 'piece')} of job {drop.job}: {which}"),
    ]
    if case and drop.left_out:
        rows.append(("Left out", f"numbers {drop.left_out}{': ' if drop.reason else ''}{drop.reason}"))
    rows.append(("Recorded", f"event {drop.event.seq} by {drop.event.actor}, {_recorded(drop)}"))
    if drop.receipt:
        where = f" ({drop.receipt_file} in the pack)" if drop.receipt_file else ""
        rows.append(("Receipt", f"{drop.receipt_name}{where}, SHA-256\n{drop.receipt}"))
        if drop.receipt_added:
            added = drop.receipt_added
            when = f"{added.recorded_at:%Y-%m-%d %H:%M:%S} UTC"
            rows.append(("Receipt added later", f"event {added.seq} by {added.actor}, {when}"))
    else:
        rows.append(("Receipt", "none was recorded"))
    yield Facts(rows)
    if case and drop.remarks:
        yield Note([("", remark) for remark in drop.remarks])


def clock(drop: Deposit) -> str:
    """2:10 p.m."""
    hour = drop.at.hour % 12 or 12
    return f"{hour}:{drop.at.minute:02} {'a.m.' if drop.at.hour < 12 else 'p.m.'}"


def _recorded(drop: Deposit) -> str:
    when = drop.event.recorded_at
    later = "" if drop.recorded_on == drop.at.date() else f", on {spoken(drop.recorded_on)}, another day"
    return f"{when:%Y-%m-%d %H:%M:%S} UTC{later}"


def returned(case: Case, say: Wording) -> Iterator[Block]:
    yield Head("What came back, wrong addresses, and what was done")
    if not case.returned:
        yield Paragraph(say("none_returned"))
        return
    numbers = {one.number for one in case.returned}
    verdicts = {piece.number: piece.verdict for piece in case.pieces if piece.number in numbers}
    yield DataTable(
        ("Piece and address", "What happened", "Notice", "Corrected", "The new piece"),
        [
            (
                "\n".join((one.label, *one.lines)),
                "\n".join(gone_wrong(one)),
                verdicts[one.number],
                "\n".join(map(corrected, one.corrections)) or "no address was corrected",
                one.done,
            )
            for one in case.returned
        ],
        (25, 17, 14, 25, 19),
        ("", "", "", "", ""),
    )


def corrected(one: CorrectedAddress) -> str:
    """Both addresses, why, and where that is on record."""
    before, after = (", ".join(lines) if lines else "none of its own" for lines in (one.before, one.after))
    what = "Notice address from" if one.notice else "From"
    wrong = f"\nour mistake since {spoken(one.wrong_since)}" if one.wrong_since else ""
    why = f"“{one.reason}”, {one.by}, {spoken(one.on)}, event {one.event}"
    return f"{what}: {before}\nto: {after}\n{why}{wrong}"


def never_mailed(case: Case, say: Wording) -> Iterator[Block]:
    """Pieces that ended before they were mailed: nothing rests on them."""
    if not case.ended:
        return
    yield Head("Pieces that were never mailed")
    yield Paragraph(say("never_mailed"), "keep")
    yield DataTable(
        ("Piece and address", "Status", "Why", "Event", "Instead"),
        [
            ("\n".join((one.label, *one.lines)), one.status, one.why, str(one.event), one.instead)
            for one in islice(case.ended, MOST_ENDED)
        ],
        (31, 12, 27, 7, 23),
        ("", "", "", "", ""),
    )
    if len(case.ended) > MOST_ENDED:
        yield Paragraph(say("more_ended", more=f"{len(case.ended) - MOST_ENDED:,}"))


def gone_wrong(one: ReturnedPiece) -> Iterator[str]:
    """When it came back and why, the post's words, when its address was found to be wrong, when it was
    received, and the events that say so; a line each.
    """
    if one.on is not None:
        yield f"came back {spoken(one.on)}{f', {one.cause}' if one.cause else ''}"
    elif one.wrong_on is None:
        yield "came back; the day was not recorded"
    if one.note:
        yield f"“{one.note}”"
    if one.wrong_on is not None:
        yield f"its address was found to be wrong {spoken(one.wrong_on)}"
    if one.wrong_on is not None and one.of_record:
        yield "it was the last address that the client had given"
    if one.received_on is not None:
        yield f"received {spoken(one.received_on)}, as is proved"
    if one.events:
        yield f"event{'s' if len(one.events) > 1 else ''} {', '.join(map(str, one.events))}"


def newsletter(case: Case, say: Wording) -> Iterator[Block]:
    yield Head("The newsletter that carried the article")
    house = ", ".join(f"{state} for {count:,}" for state, count in case.house)
    yield Paragraph(say("newsletter", house=house))
    if not case.issues:
        yield Paragraph(say("no_issue"))
    for issue in case.issues:
        yield from _issue(issue)


def _issue(issue: CarryingIssue) -> Iterator[Block]:
    yield Head(f"Issue {issue.campaign}: {issue.title}", 3)
    pieces = ", ".join(f"{count:,} {status}" for status, count in issue.statuses)
    drops = [
        f"{spoken(drop.counts_on)}: {plural(drop.count, 'piece')} handed over by {drop.by} at {drop.place}, "
        f"{CLASSES.get(drop.mail_class, drop.mail_class)} (event {drop.event.seq}); "
        + (f"receipt {drop.receipt_file}" if drop.receipt else "no receipt was recorded")
        for drop in issue.drops
    ]
    for by in issue.services:
        days = Counter(piece.counts_on for piece in by.mailed if piece.counts_on)
        drops += [
            f"{spoken(day)}: {plural(count, 'piece')} mailed by {by.name}, as it reported"
            for day, count in sorted(days.items())
        ]
    yield Facts(
        [
            ("Pieces", pieces),
            ("Mailed", "\n".join(drops) or "not mailed"),
            ("Article", issue.article),
            ("Body", f"{issue.file or 'not in this pack'}, SHA-256\n{issue.sha256}"),
        ]
    )
