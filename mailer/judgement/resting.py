"""Which of a client's letters the verdict on one campaign rests on. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mailer.campaign.rates import RateLine
from mailer.judgement.course import judged_letters
from mailer.judgement.history import History, Question
from mailer.judgement.judged import JudgedLetter
from mailer.judgement.verdict import NoticeState, NoticeVerdict
from mailer.ledger.clientpiece import ClientPiece, first
from mailer.notice.rules import OnReturn


@dataclass(frozen=True, slots=True)
class Resting:
    """Which of the client's letters, by its place among them, and what was judged of it; None where there is
    none of the campaign.
    """

    at: int | None
    notice: NoticeVerdict | None = None
    problem: str = ""
    rates: tuple[RateLine, ...] = ()


def resting_on(record: History, campaign: str, question: Question) -> Resting:
    """What was known by the question's today of the campaign's letters to the client."""
    known = record.as_of(question.today, question.rehearsal)
    own = [one for one in judged_letters(known, question) if one.letter.campaign == campaign]
    found = _rests_on(own)
    if found is None:
        return Resting(None)
    at = next(at for at, one in enumerate(known.letters) if one is found.letter)
    return Resting(at, found.notice, found.problem, found.rates)


def _rests_on(letters: Sequence[JudgedLetter]) -> JudgedLetter | None:
    """The letter that the client's notice rests on: the first one that gives it, else the first one mailed.

    A letter that came back may be followed by another, which counts where the first one's notice is undone.
    """
    holding = [one for one in letters if one.holds and one.letter.counts_on is not None]
    known = holding or _last_of_two(letters) or letters
    chosen = first(one.letter for one in known)
    found = next((one for one in letters if one.letter is chosen), None)
    if found is None or found.notice is None or _shows(found.letter, found.notice):
        return found
    return next((one for one in (*known, *letters) if _shows(one.letter, found.notice)), found)


def _last_of_two(letters: Sequence[JudgedLetter]) -> list[JudgedLetter]:
    """The last one that was mailed to each address, where a contract asks for two; none where it does not."""
    last = {
        one.letter.facts.second: one
        for one in letters
        if one.letter.counts_on is not None
        and one.notice is not None
        and any(result.rule.of_two for result in one.notice.results)
    }
    return list(last.values())


def _shows(letter: ClientPiece, notice: NoticeVerdict) -> bool:
    """Is it the one that the verdict comes from, where a contract asks for two."""
    if notice.state is NoticeState.RETURNED:
        undoes = any(one.rebutted and one.rule.on_return is OnReturn.REBUTTED for one in notice.results)
        return letter.returned_on is not None and (undoes or letter.misaddressed_on is not None)
    if notice.state is NoticeState.MISADDRESSED:
        return letter.misaddressed_on is not None
    return notice.mailed in (None, letter.counts_on)
