"""`mailer drop`: the hand-over of a printed job, or part of it, to the post. Notice rests on this record.

A drop is what happened, so it is never refused for being late; it is refused for what cannot be true: before
the approval, in the future, of pieces that are not in the job, or of pieces that were dropped already.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from mailer.campaign.loading import readable
from mailer.errors import MailerError, Refused, UsageProblem
from mailer.givenfile import read_given
from mailer.judgement.rules import goes_certified
from mailer.ledger.events import JobDropped, JobProduced
from mailer.ledger.kinds import IN_POST, Status
from mailer.ledger.numbers import numbers, ranges, spans
from mailer.ledger.records import Mailing, PrintJob
from mailer.making.piecenames import number_of
from mailer.notice.mailingday import counts_as_mailed_on
from mailer.notice.words import plural
from mailer.planning.lastday import free_copies, last_day_of_all
from mailer.planning.mailedletters import (
    ContradictingLetter,
    LateLetter,
    contradicting_letters,
    late_letters,
)
from mailer.planning.mailfolder import MailFolder
from mailer.printroom.job import produced_job
from mailer.printroom.jobfiles import manifest_of
from mailer.store.engine import Session
from mailer.store.jobs import facts_of, hand_overs, name_receipt, repeated_as, statuses_in
from mailer.store.record.events import Entry, happened, record

Found = TypeVar("Found")

LARGEST_RECEIPT: Final = 25_000_000  # bytes: a scan, not a film
MOST_NAMED: Final = 5  # pieces named in one refusal


class MailClass(StrEnum):
    """What was paid for. Marketing mail may take weeks: no notice goes by it."""

    FIRST = "first"
    CERTIFIED = "certified"
    MARKETING = "marketing"


@dataclass(frozen=True, slots=True)
class DropReport:
    """What the person at the post says. `at` is local time without a zone: the firm's is meant.

    `only` is a range of piece numbers ("1-60"), `places` one of places in the job, as the marks on the
    sheets count them; both "" for all that are waiting. `spoiled` are labels of pieces left out, for
    `reason`.
    """

    at: datetime
    by: str
    place: str
    mail_class: MailClass
    receipt: Path | None = None
    job: int | None = None
    only: str = ""
    places: str = ""
    spoiled: Sequence[str] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Dropped:
    """What was recorded. `counts_on` is the mailing day, `why` says how it follows from the hour. The
    approval was good until `not_after`, these pieces are until `until`.

    `certified` are the labels of pieces that were to go by certified mail, whatever class was paid for;
    `overdue` those that went too late for their client, `contradicting` those that contradict another's.
    """

    job: str
    pieces: int
    waiting: int
    counts_on: date
    why: str
    not_after: date | None
    until: date | None
    chain_head: str
    is_notice: bool
    certified: tuple[str, ...] = ()
    overdue: tuple[LateLetter, ...] = ()
    contradicting: tuple[ContradictingLetter, ...] = ()

    @property
    def late(self) -> bool:
        return bool(self.overdue) or (self.until is not None and self.counts_on > self.until)


def _judged(
    look: Callable[[Session, MailFolder, Mailing, Sequence[int]], tuple[Found, ...]],
    session: Session,
    mail: MailFolder,
    mailing: Mailing,
    chosen: Sequence[int],
) -> tuple[Found, ...]:
    """What the hand-over comes to; nothing where a definition can't be read: it is recorded all the same."""
    if mailing.is_newsletter:
        return ()
    try:
        return look(session, mail, mailing, chosen)
    except MailerError:
        return ()


def drop(mail: MailFolder, name: str, said: DropReport, *, actor: str) -> Dropped:
    """Record a hand-over. Raises Refused or UsageProblem, and records nothing, where it can't be true."""
    at = said.at.replace(tzinfo=mail.settings.firm.time_zone)
    if said.spoiled and not said.reason:
        raise UsageProblem("--except needs a --reason.", todo="Say why these pieces were not handed over.")
    if said.only and said.places:
        raise UsageProblem("give --range or --places, not both.", todo="--places are those of the marks.")
    counts = counts_as_mailed_on(at, mail.settings.mailroom.cut_off, "usps", mail.closings)
    receipt = stored_receipt(mail, said.receipt) if said.receipt else None
    with mail.store.write() as session:
        mailing, job = produced_job(session, name, said.job)
        require_possible(mail, session, mailing, job.number, at)
        if not mailing.is_newsletter and said.mail_class is MailClass.MARKETING:
            raise Refused(
                "a notice does not go by marketing mail, which may take weeks.",
                where=name,
                todo="Record the class that was really paid for: first or certified.",
            )
        chosen, waiting = _chosen(session, mail, mailing, job, said)
        campaign = readable(mail.root, name)
        facts = () if mailing.is_newsletter else facts_of(session, mailing, chosen)
        certified = [number for number, one in facts if goes_certified(one, campaign)]
        last_day = last_day_of_all(session, mail, mailing, campaign, chosen)
        free = frozenset() if mailing.is_newsletter else free_copies(session, mail, mailing, chosen)
        contradicting = _judged(contradicting_letters, session, mail, mailing, chosen)
        dropped = JobDropped(
            job=job.number,
            pieces=ranges(chosen),
            at=at,
            counts_on=counts.day,
            by=said.by,
            place=said.place,
            mail_class=said.mail_class.value,
            receipt=receipt,
            left_out=ranges(waiting),
            reason=said.reason,
            contradicts=ranges(one.number for one in contradicting),
            closings=() if mailing.is_newsletter else mail.known_closings(after=counts.day),
        )
        last = record(session, [Entry(mailing.subject, dropped)], mail.stamp(actor, at.date()))
        if said.receipt:
            name_receipt(session, mailing, len(hand_overs(session, mailing)), said.receipt.name)
        return Dropped(
            Path(job.folder).name,
            len(chosen),
            len(waiting),
            counts.day,
            str(counts.step),
            mailing.not_after,
            last_day,
            last.hash if last else "",
            not mailing.is_newsletter,
            tuple(map(mailing.label, sorted(certified))),
            _judged(late_letters, session, mail, mailing, [one for one in chosen if one not in free]),
            contradicting,
        )


def require_possible(mail: MailFolder, session: Session, mailing: Mailing, job: int, at: datetime) -> None:
    """Raises Refused where the job cannot have been handed over `at` (aware): in the future, before it was
    printed, in the hour that is left out when the clocks go forward.
    """
    if at.astimezone(UTC).astimezone(at.tzinfo).replace(tzinfo=None) != at.replace(tzinfo=None):
        raise Refused(
            f"{at:%Y-%m-%d %H:%M} was on no clock: that hour is left out in spring.",
            where=mailing.campaign,
            todo="Record the hour at which it was.",
        )
    if at.date() > mail.today or (not mail.clock.rehearsal and at > mail.clock.now()):
        raise Refused(
            f"{at:%Y-%m-%d %H:%M} is in the future.",
            where=mailing.campaign,
            todo="Record a drop once it has happened, with the hour at which it did.",
        )
    made = [event for event, said in happened(session, mailing.subject, JobProduced) if said.job == job]
    if not made:
        return  # an older mailer printed it
    day, minute = made[-1].occurred_on, made[-1].recorded_at.replace(second=0, microsecond=0)
    if at.date() < day or (not mail.clock.rehearsal and at < minute):  # a rehearsal's hours are any
        raise Refused(
            f"{at:%Y-%m-%d %H:%M} is before it was printed ({minute.astimezone(at.tzinfo):%Y-%m-%d %H:%M}).",
            where=f"job {job} of {mailing.campaign}",
            todo="What is mailed must have been printed before; correct the hour.",
        )


def _chosen(
    session: Session, mail: MailFolder, mailing: Mailing, job: PrintJob, said: DropReport
) -> tuple[list[int], list[int]]:
    """The numbers handed over, and those of the job that are still waiting."""
    found = statuses_in(session, job)
    waiting = [number for number, status in found.items() if status is Status.PRODUCED]
    chosen = list(waiting)
    if said.places:
        chosen = _at_places(mail, mailing, job, said.places)
    elif said.only:
        try:
            highest = max(found, default=0)
            beyond = [last for _, last in spans(said.only) if last > highest]
            if beyond:  # not counted out: 1-999999999 would be a thousand million strangers
                _require_in_job(found, beyond, job, mailing)
            chosen = sorted(set(numbers(said.only)))
        except ValueError as error:
            raise UsageProblem(f"--range: {error}.") from None
    left_out = {number_of(mailing, text) for text in said.spoiled}
    _require_in_job(found, [*chosen, *left_out], job, mailing)
    chosen = [number for number in chosen if number not in left_out]
    _require_printed(session, mailing, job, {number: found[number] for number in chosen})
    again = [number for number in chosen if found[number] in IN_POST]
    if again or not chosen:
        names = ", ".join(mailing.label(number) for number in again[:5])
        raise Refused(
            f"{len(again)} of these pieces were dropped before ({names})."
            if again
            else "nothing is left to drop.",
            where=f"job {job.number} of {mailing.campaign}",
            todo="Name those that went with --range; nothing was recorded.",
        )
    taken = set(chosen)
    return chosen, [number for number in waiting if number not in taken]


def _require_printed(session: Session, mailing: Mailing, job: PrintJob, chosen: dict[int, Status]) -> None:
    """Raises Refused, naming them, where some are neither waiting nor in the post: void by a reprint, say."""
    gone = [number for number, status in chosen.items() if status not in {Status.PRODUCED, *IN_POST}]
    if not gone:
        return
    first = gone[:MOST_NAMED]
    instead = repeated_as(session, mailing, first)
    named = "; ".join(
        f"{mailing.label(number)} is {chosen[number].value}"
        + (f", and was made again as {mailing.label(instead[number])}" if number in instead else "")
        for number in first
    )
    more = f"; and {len(gone) - len(first)} more" if len(gone) > len(first) else ""
    spared = " ".join(f"--except {mailing.label(number)}" for number in first)
    raise Refused(
        f"{plural(len(gone), 'of these pieces is', 'of these pieces are')} not waiting to be mailed: "
        f"{named}{more}.",
        where=f"job {job.number} of {mailing.campaign}",
        todo=f"Destroy their sheets, and leave them out: {spared} --reason …; nothing was recorded.",
    )


def _at_places(mail: MailFolder, mailing: Mailing, job: PrintJob, places: str) -> list[int]:
    """The numbers of the pieces at these places, by the job's recorded manifest."""
    listed = {row.place: number_of(mailing, row.label) for row in manifest_of(mail, job)}
    try:
        if max(last for _, last in spans(places)) > len(listed):
            raise Refused(
                f"the job has the places 1 to {len(listed)}.",
                where=f"--places {places}",
                todo="The mark on a sheet says its piece's place: 0012/0052 is place 12 of 52.",
            )
        return sorted({listed[place] for place in numbers(places)})
    except ValueError:
        raise UsageProblem(
            f"{places!r} is not a range of places.",
            where="--places",
            todo='Write it like "1-60" or "1-16,18".',
        ) from None


def _require_in_job(found: dict[int, Status], wanted: list[int], job: PrintJob, mailing: Mailing) -> None:
    strangers = [number for number in wanted if number not in found]
    if strangers:
        names = ", ".join(mailing.label(number) for number in strangers[:5])
        raise Refused(
            f"{len(strangers)} of these pieces are not in the job ({names}).",
            where=f"job {job.number} of {mailing.campaign}",
            todo=f"It holds {ranges(found)}; see its manifest.csv.",
        )


def stored_receipt(mail: MailFolder, path: Path) -> str:
    """Keep the scan of a receipt; its SHA-256. Raises MailerError where the file can't be one."""
    content = read_given(path, LARGEST_RECEIPT, todo="Name the scan of the receipt.")
    if not content:
        raise MailerError(
            "the receipt is an empty file.", where=str(path), todo="Name the scan of the receipt."
        )
    return mail.store.files.put(content)
