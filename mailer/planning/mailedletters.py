"""Letters that were handed over all the same: too late for their client, or contradicting another campaign's.

A hand-over is what happened and is recorded whatever it comes to; this says what it comes to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from mailer.judgement.chain import broken
from mailer.judgement.course import judged_letters
from mailer.judgement.docket import Cases, LikeCase
from mailer.judgement.history import History, Question
from mailer.judgement.judged import JudgedLetter
from mailer.judgement.verdict import NoticeState
from mailer.ledger.kinds import Medium
from mailer.ledger.records import Mailing
from mailer.planning.mailfolder import MailFolder
from mailer.planning.question import question_on
from mailer.store.accounts import histories, numbers_changed_since
from mailer.store.engine import Session
from mailer.store.listed.members import in_chunks
from mailer.store.pieces import clients_of, sent_to

_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class LateLetter:
    """A letter that went after the last day that was in time for its client."""

    label: str
    name: str
    last_day: date


@dataclass(frozen=True, slots=True)
class ContradictingLetter:
    """A letter that went though it contradicts one of the campaign `against`."""

    number: int
    label: str
    name: str
    against: str
    why: str


def late_letters(
    session: Session, mail: MailFolder, mailing: Mailing, numbers: Sequence[int]
) -> tuple[LateLetter, ...]:
    """Those of the mailed letters with these numbers that were too late, each with its client's last day."""
    found: list[LateLetter] = []
    for history, one, number in _judged(session, mail, mailing, numbers):
        notice, mailed = one.notice, one.letter.counts_on
        if notice is None or notice.state is not NoticeState.LATE or mailed is None:
            continue
        last = notice.operational_latest
        if last is not None and mailed > last:
            found.append(LateLetter(mailing.label(number), history.member.name, last))
    return tuple(sorted(found, key=lambda one: one.label))


def holding(session: Session, mail: MailFolder, mailing: Mailing, numbers: Sequence[int]) -> set[int]:
    """Those of the letters with these numbers whose notice holds."""
    return {number for _, one, number in _judged(session, mail, mailing, numbers) if one.holds}


def blocked_letters(
    session: Session, mail: MailFolder, mailing: Mailing
) -> tuple[tuple[JudgedLetter, str], ...]:
    """The mailed letters whose rise the contract blocks by what the list brought since, each with a name."""
    found: list[tuple[JudgedLetter, str]] = []
    changed = numbers_changed_since(session, mailing)
    for history, question, number in _each(session, mail, mailing, changed, meeting=False):
        for one in judged_letters(history, question):
            own = (one.letter.campaign, one.letter.number) == (mailing.campaign, number)
            if own and one.notice is not None and one.notice.state is NoticeState.BLOCKED:
                found.append((one, history.member.name))
    return tuple(sorted(found, key=lambda pair: pair[0].letter.number))


def contradicting_letters(
    session: Session, mail: MailFolder, mailing: Mailing, numbers: Sequence[int]
) -> tuple[ContradictingLetter, ...]:
    """Those of the letters with these numbers that contradict another campaign's, as things are now."""
    found: list[ContradictingLetter] = []
    for history, question, number in _each(session, mail, mailing, numbers, meeting=True):
        own = next(
            (one for one in history.letters if (one.campaign, one.number) == (mailing.campaign, number)), None
        )
        if own is None:
            continue
        day = question.effective(own, history.moves.get(own.campaign))
        apart = tuple(one for one in history.letters if one.campaign != mailing.campaign)
        others = replace(history, letters=apart)  # as they would count if it had not gone
        why = broken(others, mailing.campaign, replace(own.facts, effective=day), question)
        if why is not None and why.campaign:
            found.append(ContradictingLetter(number, own.label, history.member.name, why.campaign, why.why))
    return tuple(sorted(found, key=lambda one: one.number))


def _judged(
    session: Session, mail: MailFolder, mailing: Mailing, numbers: Sequence[int]
) -> Iterator[tuple[History, JudgedLetter, int]]:
    """Each letter with its client's record, judged. Like cases are judged once: nobody's name is in them."""
    question, cases = question_on(mail, mail.today), Cases()

    def all_of(case: LikeCase) -> tuple[JudgedLetter, ...]:
        return judged_letters(case.record, question)

    for history, _, number in _each(session, mail, mailing, numbers, meeting=False):
        own = (mailing.campaign, number)
        at = next((at for at, one in enumerate(history.letters) if (one.campaign, one.number) == own), None)
        if at is None:
            continue
        case = cases.of(history)
        yield from (
            (history, one, number) for one in case.once(all_of) if one.letter is case.record.letters[at]
        )


def _each(
    session: Session, mail: MailFolder, mailing: Mailing, numbers: Sequence[int], *, meeting: bool
) -> Iterator[tuple[History, Question, int]]:
    """Each letter's client; `meeting`: of those who have letters of other campaigns alone. Raises
    FileProblems where a campaign's definition can't be read.
    """
    question = question_on(mail, mail.today)
    for at in range(0, len(numbers), _AT_ONCE):
        covered = clients_of(session, mailing, numbers[at : at + _AT_ONCE])
        numbers_of: dict[UUID, list[int]] = {}
        for number, clients in covered.items():
            for client in clients:
                numbers_of.setdefault(client, []).append(number)
        ids = list(numbers_of)
        if meeting:
            sent = sent_to(session, ids, medium=Medium.LETTER)
            ids = [one for one in sent if any(piece.campaign != mailing.campaign for piece in sent[one])]
        for members in in_chunks(session, ids=ids) if ids else ():
            for client, history in histories(session, members).items():
                for number in numbers_of[client]:
                    yield history, question, number
