"""What a reader must know before relying on a pack: everything an opponent would find. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from mailer.evidence.case import ByService, Caveat, Deposit, Production
from mailer.notice.words import plural, spoken

NAMED = 12  # pieces named one by one


@dataclass(frozen=True, slots=True)
class Doubts:
    """What was found besides the verdicts. Labels of pieces; counts of events."""

    rehearsed: int  # events of the mailing recorded under a fixed day
    fixed_today: bool  # the pack itself is made under one
    drops: Sequence[Deposit]
    services: Sequence[ByService]
    jobs: Sequence[Production]
    unmailed: Sequence[str]
    returned: Sequence[str]
    misaddressed: Sequence[str]  # and no receipt is proved
    moved: Sequence[str]  # the client list has another address now
    departed: int  # clients written to who are not in the campaign now
    forgotten: int
    unproved: int
    arguable: int  # clients whose notice is in time by one reading of a month and late by the other
    stale: bool  # what decided on the print is not what it was at the approval
    effective: date | None  # as the definition has it now
    stated: Sequence[date]  # as the letters state it
    articles: Sequence[str]  # issues whose article is not the one in the campaign's folder now


def remarks(doubts: Doubts) -> tuple[Caveat, ...]:
    """The remarks, the gravest first; never none."""
    return (
        *_grave(doubts),
        *_of_drops(doubts),
        *_of_services(doubts),
        *_of_pieces(doubts),
        *_of_the_folder(doubts),
        *_ALWAYS,
    )


def _grave(doubts: Doubts) -> Iterator[Caveat]:
    if doubts.rehearsed or doubts.fixed_today:
        found = f"{plural(doubts.rehearsed, 'event')} of this mailing were recorded under a fixed day"
        if not doubts.rehearsed:
            found = "This document was made under a fixed day (MAILER_TODAY)"
        yield Caveat("REHEARSAL", f"{found}: what it says did not happen so. It proves nothing.")
    other = [day for day in doubts.stated if day != doubts.effective]
    if doubts.effective and other:
        days = ", ".join(spoken(day) for day in other)
        yield Caveat(
            "The date was moved",
            f"Letters state {days}; the campaign’s definition now says {spoken(doubts.effective)}. A "
            "letter that states a later date gives no notice of an earlier one.",
        )
    if doubts.unproved:
        yield Caveat(
            "Not every client",
            f"Notice is not proved for {plural(doubts.unproved, 'client')}; a section names them.",
        )
    if doubts.arguable:
        yield Caveat(
            "Two readings of a month",
            f"For {plural(doubts.arguable, 'client')} notice is in time by the corresponding date and late "
            "where the month is subtracted from the effective date; the workings name the stricter day.",
        )


def _of_drops(doubts: Doubts) -> Iterator[Caveat]:
    for drop in doubts.drops:
        which = f"Hand-over {drop.number}"
        for remark in drop.remarks:
            yield Caveat(which, remark)
        if drop.party:
            yield Caveat(
                which,
                f"{drop.party} Better that another person who was there declares.",
            )
        if drop.receipt:
            yield Caveat(
                which,
                f"Compare the receipt with the record: it should show {plural(drop.count, 'piece')} and "
                f"{spoken(drop.at.date())}. The product keeps the scan and does not read it.",
            )


def _of_services(doubts: Doubts) -> Iterator[Caveat]:
    for by in doubts.services:
        mailed = by.mailed
        if mailed and not by.on_paper:
            yield Caveat(
                f"Sent by {by.name}",
                f"The firm’s mail server took {plural(len(mailed), 'piece')}; that they arrived, nobody can "
                "say. It is notice under a contract that says so, and under no other rule.",
            )
            continue
        if mailed:
            yield Caveat(
                f"Mailed by {by.name}",
                f"Nobody of the firm saw {plural(len(mailed), 'piece')} handed over: the day of deposit is "
                f"what {by.name} reported. The firm’s own certificate proves that it was reported, not that "
                f"it is so; for that ask {by.name}’s custodian of records, early.",
            )
        scans = [piece for piece in mailed if piece.posted and not is_own_word(piece.posted.words)]
        if scans:
            yield Caveat(
                f"No word of the mailing by {by.name}",
                f"{_some([piece.label for piece in scans])} never reported as mailed: custody is taken from "
                "the first scan of the post, which is no earlier than the mailing.",
            )
        yield from _doubted(by)
        waiting = [piece.label for piece in by.pieces if piece.posted is None]
        if waiting:
            yield Caveat(
                f"Only accepted by {by.name}",
                f"{_some(waiting)} accepted, and no custody of the post is reported. Accepted is not mailed.",
            )
        for piece in by.pieces:
            if piece.twice:
                yield Caveat(piece.label, f"A second letter may have gone: {piece.twice}.")


def _doubted(by: ByService) -> Iterator[Caveat]:
    """What the service took back."""
    said: dict[str, list[str]] = {}
    for piece in by.pieces:
        if piece.doubt:
            said.setdefault(piece.doubt, []).append(piece.label)
    for doubt, labels in said.items():
        yield Caveat(
            f"Taken back by {by.name}",
            f"{_some(labels)} {doubt}. Until the service says which of both is true, or a receipt is proved, "
            "no notice rests on it.",
        )


def is_own_word(words: str) -> bool:
    """Does the service itself say that it was mailed, rather than the post that it scanned it?"""
    return words.strip().casefold().removeprefix("letter.").removeprefix("certified.") == "mailed"


def _of_pieces(doubts: Doubts) -> Iterator[Caveat]:
    if doubts.unmailed:
        yield Caveat("Not mailed", f"{_some(doubts.unmailed)} not handed over; Schedule A shows which.")
    if doubts.returned:
        yield Caveat(
            "Returned", f"{_some(doubts.returned)} returned. Whether that undoes the notice, the rule says."
        )
    if doubts.misaddressed:
        yield Caveat(
            "Wrong address",
            f"{_some(doubts.misaddressed)} wrongly addressed, as was found since. Nothing shows a delivery; "
            "notice rests on that only where the contract asks for the last address given.",
        )
    if doubts.moved:
        yield Caveat(
            "Addresses changed since",
            f"{_some(doubts.moved)} addressed differently from the client list of today. What was printed is "
            "proved here; whether it was the client’s address on that day is not.",
        )
    if doubts.departed:
        yield Caveat(
            "No longer in the campaign",
            f"{plural(doubts.departed, 'client')} got a letter and left the campaign’s list since; "
            "judged by the terms of the letter.",
        )
    if doubts.forgotten:
        yield Caveat(
            "Forgotten", f"{plural(doubts.forgotten, 'address')} can’t be recomputed: erased on request."
        )


def _some(labels: Sequence[str]) -> str:
    shown = ", ".join(labels[:NAMED]) + (f" and {len(labels) - NAMED:,} more" if len(labels) > NAMED else "")
    return f"{plural(len(labels), 'piece')} ({shown}) {'was' if len(labels) == 1 else 'were'}"


def _of_the_folder(doubts: Doubts) -> Iterator[Caveat]:
    for job in doubts.jobs:
        if job.missing:
            yield Caveat(
                f"Job {job.number}", f"{job.missing[0].upper()}{job.missing[1:]}. Its hash is in the ledger."
            )
    if doubts.stale:
        yield Caveat(
            "Changed since the approval",
            "The definition, a text, the letterhead, the firm’s profile or the version of mailer is not what "
            "it was. The pieces are the approved bytes all the same; names shown here are those of now.",
        )
    for issue in doubts.articles:
        yield Caveat(
            f"Issue {issue}", "It carries the article as it was then; the campaign’s text was changed since."
        )


_ALWAYS = (
    Caveat(
        "Deposit, not delivery",
        "A hand-over, or the post’s custody, proves that mail was deposited. Whether and when it arrived is "
        "known only where a delivery, a receipt or a return is on record.",
    ),
    Caveat(
        "The ledger’s head",
        "Up to the event whose hash is its head, the ledger can’t have been rewritten after a paper bearing "
        "that head was signed. Keep that paper: mailer evidence verify FOLDER --head HASH finds its head in "
        "the pack. What was found and counted here rests on the hash of manifest.json (--manifest HASH), "
        "which is printed when the pack is made.",
    ),
)
