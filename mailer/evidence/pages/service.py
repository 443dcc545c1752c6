"""What a mail service mailed: the section of the pack, its schedule, and the one piece of one client's proof.

Times of a service are those it gave, in UTC; the ledger's are its own. What the firm can say of a mailing
that it did not see stands beside the record of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from mailer.evidence.case import ByService, Seen, TakenPiece
from mailer.evidence.pages.longlists import ListColumn, Lists
from mailer.evidence.pages.sheets import Block, Facts, Head, Note, Paragraph
from mailer.evidence.pages.wording import wording
from mailer.notice.words import plural, spoken
from mailer.pages.letterhead import Letterhead

_DASH: Final = "–"


def mailed_by(by: ByService, letterhead: Letterhead) -> Iterator[Block]:
    """The section on one service."""
    yield Head(f"Mailed by {by.name}")
    say = wording(letterhead, "service", by=by)
    yield Paragraph(say("sent"))
    yield Facts(list(_facts(by)))
    yield Note([say.headed("can_say"), say.headed("cannot_say")])


def _facts(by: ByService) -> Iterator[tuple[str, str]]:
    asked = sorted(piece.asked for piece in by.pieces)
    taken = sorted(piece.accepted for piece in by.pieces)
    yield "Asked for", _span(asked)
    yield "Accepted", f"{plural(len(by.pieces), 'piece')}, {_span(taken)}"
    days = Counter(piece.counts_on for piece in by.mailed if piece.counts_on)
    lines = [f"{spoken(day)}: {plural(count, 'piece')}" for day, count in sorted(days.items())]
    waiting = len(by.pieces) - len(by.mailed)
    if waiting:
        lines.append(f"no custody reported: {plural(waiting, 'piece')}")
    yield "Counts as mailed", "\n".join(lines)
    words = Counter(piece.posted.words for piece in by.mailed if piece.posted)
    said = ", ".join(f"“{word}” for {count:,}" for word, count in words.most_common())
    yield "Custody rests on", f"the service’s word {said}" if said else "nothing yet"
    moved = sum(piece.redated > 0 for piece in by.pieces)
    if moved:
        yield "Moved", f"{plural(moved, 'piece')} to the day of an earlier scan that was told later"
    certified = sum(piece.certified for piece in by.pieces)
    if certified:
        yield "Certified Mail", plural(certified, "piece")
    ends = ("delivered", "received", "returned")
    counts = [(sum(getattr(piece, end) is not None for piece in by.pieces), end) for end in ends]
    yield "Then reported", ", ".join(f"{count:,} {end}" for count, end in counts if count) or "nothing yet"
    yield "Reports", f"{by.told:,} in tracking.jsonl, each also in the ledger"


def _span(times: Sequence[datetime]) -> str:
    first, last = times[0], times[-1]
    return utc(first) if first == last else f"{utc(first)} to {utc(last)}"


def utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _short(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d\n%H:%M:%S}"


def service_list(lists: Lists, by: ByService, title: str = "") -> None:
    """Schedule C, or the schedule of a certificate: every piece that the service took."""
    columns = (
        ListColumn("No.", 22),
        ListColumn(f"{by.name}’s id; addressee", 140, 7.6),
        ListColumn("Asked for", 42, 7.6),
        ListColumn("Accepted", 42, 7.6),
        ListColumn("Custody", 64, 7.6),
        ListColumn("Then", 72, 7.6),
        ListColumn("SHA-256 sent", 58, 6.6),
    )
    rows = (
        (
            f"{piece.number:04}",
            "\n".join((piece.letter, *_post_number(piece), *piece.lines)),
            _short(piece.asked),
            _short(piece.accepted),
            _custody(piece),
            "\n".join(_after(piece)) or _DASH,
            in_lines(piece.dispatched),
        )
        for piece in by.pieces
    )
    under = f"{plural(len(by.pieces), 'piece')}; times in UTC, from custody on as {by.name} gave them."
    lists.add(title or f"Schedule C: pieces mailed by {by.name}", under, columns, rows)


def _post_number(piece: TakenPiece) -> tuple[str, ...]:
    return (f"Certified Mail {piece.certified_number}",) if piece.certified_number else ()


def _custody(piece: TakenPiece) -> str:
    if piece.posted is None or piece.counts_on is None:
        return "none reported"
    return f"“{piece.posted.words}”\n{_short(piece.posted.at)}\ncounts as mailed\n{spoken(piece.counts_on)}"


def _after(piece: TakenPiece) -> Iterator[str]:
    ends: dict[str, Seen] = {}
    for seen in (piece.received, piece.delivered, piece.returned):
        if seen is not None:
            ends.setdefault(seen.number, seen)  # a delivery that proves receipt is one event
    for seen in ends.values():
        yield f"“{seen.words}”\n{_short(seen.at)}"


def in_lines(sha256: str) -> str:
    """A hash in four lines, without its kind."""
    digits = sha256.rpartition(":")[2]
    return "\n".join(digits[at : at + 16] for at in range(0, 64, 16))


def service_blocks(piece: TakenPiece, name: str, letterhead: Letterhead) -> Iterator[Block]:
    """One piece as the service had it, in the proof for one client."""
    yield Head(f"Mailed by {name}", 3)
    first, second = piece.events
    rows = [
        (f"{name}’s id", f"{piece.letter}{' (a test key: nothing is printed)' if not piece.live else ''}"),
        ("Asked for, accepted", f"{utc(piece.asked)}, {utc(piece.accepted)} (event {first})"),
    ]
    if piece.posted and piece.counts_on:
        moved = "; an earlier scan was told later" if piece.redated else ""
        rows.append(
            ("The post’s custody", f"“{piece.posted.words}”, {utc(piece.posted.at)} (event {second}){moved}")
        )
        rows.append(("Counts as mailed", spoken(piece.counts_on)))
    if piece.certified_number:
        rows.append(("Certified Mail", piece.certified_number))
    for what, seen in (("Delivered", piece.received or piece.delivered), ("Returned", piece.returned)):
        if seen:
            rows.append((what, f"“{seen.words}”, {utc(seen.at)} (event {seen.event})"))
    rows.append((f"What {name} was sent", f"SHA-256, the letter’s own:\n{piece.dispatched}"))
    yield Facts(rows)
    yield Paragraph(wording(letterhead, "service", name=name)("unseen"), "small")
