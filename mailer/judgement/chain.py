"""The letters on one service of a client form a chain. Pure.

Each one's old rate is the rate in force before it. A letter that breaks the chain must not leave: one of two
would say what is not so, whichever went first. Nor may one that takes what another one gave notice of: where
the contract asks for months between rises, of whatever services, a rise bars those that come too soon after.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from mailer.clients.member import amount_of
from mailer.judgement.course import judged_letters
from mailer.judgement.history import History, Question
from mailer.judgement.judged import JudgedLetter, RateInForce, raises_unsaid
from mailer.ledger.kinds import Status
from mailer.ledger.stated import NoticedRate, Stated
from mailer.money import people
from mailer.notice.strides import months_from
from mailer.notice.words import plural, spoken


@dataclass(frozen=True, slots=True)
class Break:
    """Why a letter may not leave, and the campaign that it contradicts ("" for the client list itself)."""

    campaign: str
    why: str


@dataclass(frozen=True, slots=True)
class _Link:
    """A letter of another campaign on the same service, as it will count if nothing changes."""

    campaign: str
    name: str
    effective: date
    old: Decimal
    new: Decimal


def broken(history: History, campaign: str, facts: Stated, question: Question) -> Break | None:
    """Where the campaign's letter with these facts would break the chain, if anywhere.

    `history.letters` are those of the client that have not ended. No link of the chain are what nobody
    approved, what is mailed and can never count, what the letter supersedes and what it follows.
    """
    if facts.effective is None:
        return None
    others = _others(history, campaign, facts, question)
    for rate in facts.rates:
        found = _breaks(history, rate, facts.effective, others.get(rate.service, []))
        for one in found:
            return one
    if any(rate.new > rate.old for rate in facts.rates):
        later = [one for links in others.values() for one in links if one.effective > facts.effective]
        return next(_barred(history, facts.effective, later), None)
    return None


def _others(history: History, campaign: str, facts: Stated, question: Question) -> dict[str, list[_Link]]:
    found: dict[str, list[_Link]] = {}
    apart = {campaign, *facts.follows}
    asked = replace(question, worked_on=facts.effective or question.worked_on)
    for one in judged_letters(history, asked, replaced=facts.supersedes):
        letter = one.letter
        if letter.status is Status.PREPARED:
            continue  # nobody approved it
        if letter.campaign in apart or campaign in (letter.facts.supersedes, *letter.facts.follows):
            continue
        counting = {line.service for line in one.lines if line.counts}
        since = {line.service: line.since for line in one.lines}
        for rate in letter.facts.rates:
            if letter.counts_on is not None and rate.service not in counting and not one.waits:
                continue  # late, blocked, superseded: it never counts
            if letter.campaign == facts.supersedes and _withdrawn(one, rate, facts, question):
                continue
            link = _Link(
                letter.campaign, rate.name, since.get(rate.service, one.effective), rate.old, rate.new
            )
            found.setdefault(rate.service, []).append(link)
    return found


def _withdrawn(one: JudgedLetter, rate: NoticedRate, facts: Stated, question: Question) -> bool:
    """Is it withdrawn by the letter that supersedes it: not where it is in force already, nor where it is a
    lower rate that was promised for an earlier day.
    """
    promised = rate.new < rate.old and facts.effective is not None and one.effective < facts.effective
    return one.effective > question.today and not promised


def _breaks(history: History, rate: NoticedRate, effective: date, others: Sequence[_Link]) -> Iterator[Break]:
    service, name, old, new = rate.service, rate.name, rate.old, rate.new
    for other in others:
        if other.effective == effective:
            said = f"{other.campaign} states {name} for {spoken(effective)} too: {people(other.new)}"
            yield Break(other.campaign, said)
    before = _before(history, service, effective, others)
    if before is not None and before[1] != old:
        by, amount = before
        said = f"by {by}, is" if by else "is"
        yield Break(
            by,
            f"it states {name} from {people(old)}; the rate in force before {spoken(effective)}, {said} "
            f"{people(amount)}",
        )
    later = [one for one in others if one.effective > effective]
    after = min(later, key=lambda one: one.effective, default=None)
    if after is not None and after.old != new:
        yield Break(
            after.campaign,
            f"{after.campaign} states {name} from {people(after.old)} on {spoken(after.effective)}; after "
            f"this letter it would be {people(new)}",
        )


def _barred(history: History, effective: date, later: Sequence[_Link]) -> Iterator[Break]:
    """The rises of other letters that one on the day `effective` would leave without effect."""
    for other in later:
        months = history.contract_on(other.effective).min_months_between or 0
        if other.new > other.old and months_from(effective, months) > other.effective:
            yield Break(
                other.campaign,
                f"a rise on {spoken(effective)} would bar that of {other.name} by {other.campaign} on "
                f"{spoken(other.effective)}: the contract asks for {plural(months, 'month')} between rises",
            )


def _before(
    history: History, service: str, effective: date, others: Sequence[_Link]
) -> tuple[str, Decimal] | None:
    """(campaign, amount) in force before that day; None where nothing is on record."""
    listed = [
        (since, 1, "", amount_of(stored), is_rise)
        for named, stored, since, is_rise, _ in history.base
        if named == service and since <= effective
    ]
    stated = [(one.effective, 0, one.campaign, one.new, True) for one in others if one.effective < effective]
    found: list[RateInForce] = []
    for since, _, by, amount, is_rise in sorted([*listed, *stated], key=lambda entry: entry[:2]):
        if not raises_unsaid(amount, found, is_rise=is_rise):
            found.append(RateInForce(since, amount, by))
    return (found[-1].because, found[-1].amount) if found else None
