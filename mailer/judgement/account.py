"""What a client's work of a day may be billed at, and why: the rates in force in its course. Pure.

Everything that is not in the course's letters (mailer.judgement.course) is a base rate of the client list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from mailer.clients.member import BaseRate, amount_of
from mailer.judgement.course import Course, course_of
from mailer.judgement.history import Amounts, Asked, History, Question
from mailer.judgement.judged import JudgedLetter, RateInForce, low, raises_unsaid, serves
from mailer.judgement.verdict import NoticeState
from mailer.money import plain
from mailer.notice.strides import months_from
from mailer.notice.words import spoken


@dataclass(frozen=True, slots=True)
class Billed:
    """One service of one client on one day. `because` is one sentence; `piece` the notice it rests on.

    `pending` are new rates that do not count (yet), each with its reason. `at_risk` is the difference a
    unit that was billed while a notice held that was undone since.
    """

    service: str
    amount: Decimal
    since: date
    because: str
    piece: str = ""
    pending: tuple[str, ...] = ()
    at_risk: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """A client's services on the day asked for, and the day of the last rise before it.

    `current` is service and amount, sorted, and `lows` the lowest amount of each in the 12 months before.
    Clients with the same rates and no letters share one account.
    """

    services: dict[str, Billed]
    last_rise: date | None
    current: Amounts
    lows: Amounts
    names: frozenset[str]


def account_of(history: History, question: Question, replaced: str = "") -> Account:
    """The client's account on `question.worked_on`. Raises nothing: what is unknown does not count.
    `replaced` is the campaign in whose place a letter to come shall be (mailer.judgement.course).
    """
    day = question.worked_on
    history = history.as_of(question.today, rehearsal=True)  # the course itself tells a rehearsal's letter
    if not any(letter.facts.rates for letter in history.letters):
        base = tuple(one for one in history.base if one[2] <= day)
        return _raised(_base_account(base, months_from(day, -12)), history, day)
    course = course_of(history, question, replaced)
    account = _raised(_account_in(course, day), history, day)
    earlier = history.known_on(day)
    if earlier == history:
        return account
    then = course_of(earlier, replace(question, asked=_nothing_more), replaced)
    return _with_risk(account, _account_in(then, day), course.letters)


def rises_before(history: History, question: Question) -> list[date]:
    """The days before `question.worked_on` on which a rate of the client rose."""
    course = course_of(history.as_of(question.today, rehearsal=True), question)
    return [rise for rise in course.rises if rise < question.worked_on]


def _raised(account: Account, history: History, day: date) -> Account:
    """The account with a rise that the client list tells of."""
    told = history.contract_on(day).last_raised
    if told is None or told > day:
        return account
    return replace(account, last_rise=max(told, account.last_rise or told))


def _nothing_more(_campaign: str) -> Asked:
    return Asked()


def _account_in(course: Course, day: date) -> Account:
    """What is in force on the day of the work, once all was walked through."""
    rates = {
        name: found for name, all_ in course.rates.items() if (found := [r for r in all_ if r.since <= day])
    }
    pending = {name: list(_pending(course.letters, name, found[-1], day)) for name, found in rates.items()}
    return _account(rates, [rise for rise in course.rises if rise <= day], months_from(day, -12), pending)


def _pending(judged: Sequence[JudgedLetter], service: str, current: RateInForce, day: date) -> Iterator[str]:
    """New rates of a service that do not count, or not yet, each with its reason: none that a later letter
    came after, nor of a campaign of which another letter counts, or a follow-up.
    """
    counting = {
        name
        for one in judged
        if serves(one, service)
        for name in (one.letter.campaign, *one.letter.facts.follows)
    }
    for one in judged:
        for line in one.lines:
            if line.service != service or (current.piece and line.since < current.since):
                continue
            if line.counts and line.since > day:
                text = f"${plain(line.new)} counts from {spoken(line.since)} ({one.letter.label})"
            elif line.counts or not line.why or one.letter.campaign in counting:
                continue
            elif line.since > day and one.notice is not None and one.notice.state is NoticeState.DUE:
                text = f"${plain(line.new)} is to count from {spoken(line.since)}, once "
                text += f"{one.letter.label} is mailed"
            else:
                text = line.why
            yield f"{line.name}: {text}"


def _with_risk(account: Account, then: Account, judged: Sequence[JudgedLetter]) -> Account:
    """The account with what was to be billed when the day's work was done and is not to be any more. What
    came to light since raises no day that is past.
    """
    services = dict(account.services)
    for name, was in then.services.items():
        now = services.get(name)
        if now is not None and was.amount < now.amount:
            services[name] = replace(
                was, because=f"{was.because}; what came to light since raises no past day"
            )
        if now is None or was.amount <= now.amount:
            continue
        risk = was.amount - now.amount
        undone = next((one for one in judged if one.letter.label == was.piece), None)
        line = next((one for one in undone.lines if one.service == name), None) if undone else None
        if undone is None or line is None:
            text = f"{name}: billed, at risk: ${plain(risk)} a unit. The notice before it was undone"
            services[name] = replace(now, pending=(text, *now.pending), at_risk=risk)
            continue
        why = line.why
        if undone.moved is not None and line.counts:
            why = f"It was moved to {spoken(undone.effective)} on {spoken(undone.moved.on)}"
        text = f"{line.name}: billed, at risk: ${plain(risk)} a unit. {why}"
        others = tuple(one for one in now.pending if undone.letter.label not in one)
        services[name] = replace(now, pending=(text, *others), at_risk=risk)
    return replace(account, services=services)


@lru_cache(maxsize=8_192)
def _base_account(base: tuple[BaseRate, ...], year_ago: date) -> Account:
    rates: dict[str, list[RateInForce]] = {}
    for service, stored, since, is_rise, source in base:
        amount, before = amount_of(stored), rates.setdefault(service, [])
        if not raises_unsaid(amount, before, is_rise=is_rise):
            before.append(RateInForce(since, amount, source))
    rises = [since for _, _, since, is_rise, _ in base if is_rise]
    return _account(rates, rises, year_ago, {})


def _account(
    rates: dict[str, list[RateInForce]], rises: Sequence[date], year_ago: date, pending: dict[str, list[str]]
) -> Account:
    services = {
        service: Billed(
            service, found[-1].amount, found[-1].since, found[-1].because, found[-1].piece,
            tuple(pending.get(service, ())),
        )
        for service, found in rates.items()
    }  # fmt: skip
    return Account(
        services,
        max(rises, default=None),
        tuple(sorted((name, billed.amount) for name, billed in services.items())),
        tuple(sorted((name, low(found, year_ago)) for name, found in rates.items())),
        frozenset(services),
    )
