"""What a client's work of a day may be billed at, and why.

A campaign's new rate counts only through a mailed piece whose notice holds for its effective date,
from that date on; everything else is a base rate of the client list. The one place that decides it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from mailer.campaign.rates import RateLine, over_cap
from mailer.clients.member import BaseRate, Member, amount_of
from mailer.judgement.rules import (
    TermUnknown,
    largest_rise,
    rise_allowed,
    rules_of_piece,
    situation_of,
)
from mailer.judgement.verdict import NoticeVerdict, judge
from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.kinds import IN_POST
from mailer.ledger.moves import Moved
from mailer.money import plain
from mailer.notice.closings import Closings
from mailer.notice.rules import Rule
from mailer.notice.statutes import statutes_for
from mailer.notice.strides import months_from
from mailer.notice.words import spoken


@dataclass(frozen=True, slots=True)
class Billed:
    """One service of one client on one day. `because` is one sentence; `piece` the notice it rests on.

    `pending` are new rates that do not count (yet), each with its reason. `at_risk` is the difference a
    unit that was billed while a notice held that came back since.
    """

    service: str
    amount: Decimal
    since: date
    because: str
    piece: str = ""
    pending: tuple[str, ...] = ()
    at_risk: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What does not change from client to client: the day of the work, today, the firm's house rule and
    state, and what each campaign's definition asks.
    """

    worked_on: date
    today: date
    house: Rule
    closings: Closings
    rehearsal: bool
    state: str
    asked: Callable[[str], Asked]


@dataclass(frozen=True, slots=True)
class Account:
    """A client's services on the day asked for, and the day of the last rise before it.

    `current` is service and amount, sorted, and `lows` the lowest amount of each in the 12 months before.
    Clients with the same rates share one account.
    """

    services: dict[str, Billed]
    last_rise: date | None
    current: tuple[tuple[str, Decimal], ...]
    lows: tuple[tuple[str, Decimal], ...]
    names: frozenset[str]


@lru_cache(maxsize=65_536)
def _base_account(base: tuple[BaseRate, ...], year_ago: date) -> Account:
    services: dict[str, Billed] = {}
    lows: dict[str, Decimal] = {}
    for service, stored, since, _, source in base:  # the oldest first
        amount = amount_of(stored)
        services[service] = Billed(service, amount, since, source)
        lows[service] = amount if since <= year_ago else min(amount, lows.get(service, amount))
    return _of(services, max((since for _, _, since, is_rise, _ in base if is_rise), default=None), lows)


def _of(services: dict[str, Billed], last_rise: date | None, lows: dict[str, Decimal]) -> Account:
    current = tuple(sorted((name, billed.amount) for name, billed in services.items()))
    return Account(services, last_rise, current, tuple(sorted(lows.items())), frozenset(services))


def account_of(
    member: Member,
    base: tuple[BaseRate, ...],
    notices: Sequence[ClientPiece],
    moves: Mapping[str, Moved],
    question: Question,
) -> Account:
    year_ago = months_from(question.worked_on, -12)
    account = _base_account(base, year_ago)
    raising = [piece for piece in notices if piece.facts.get("rates")]
    if not raising:
        return account
    services, last, lows = dict(account.services), account.last_rise, dict(account.lows)
    for piece in sorted(raising, key=lambda piece: (piece.facts["effective"], piece.number)):
        change = _change(member, piece, services, lows, moves.get(piece.campaign), question)
        if _apply(change, last, services, question):
            last = change.effective
        for service, _, new in change.lines:
            if services[service].piece == piece.label:
                gone = change.effective <= year_ago
                lows[service] = new if gone else min(new, lows.get(service, new))
    return _of(services, last, lows)


@dataclass(frozen=True, slots=True)
class _Change:
    """What a letter makes of a client's rates: `lines` are (service, its name, new amount), those that
    another rate came after left out. `effective` is the later of what the letter states, where the
    campaign was moved, and what its definition says; `rise` the largest one, over the lowest amount of
    the 12 months before. `over` says what is over the contract's cap.
    """

    member: Member
    piece: ClientPiece
    stated: date
    effective: date
    moved: Moved | None
    lines: tuple[tuple[str, str, Decimal], ...]
    rise: Decimal
    over: str


def _change(
    member: Member,
    piece: ClientPiece,
    services: Mapping[str, Billed],
    lows: Mapping[str, Decimal],
    move: Moved | None,
    question: Question,
) -> _Change:
    stated = date.fromisoformat(piece.facts["effective"])
    effective = max(stated, move.to if move else stated, question.asked(piece.campaign).effective or stated)
    lines = tuple(
        (service, name, Decimal(new))
        for service, name, _old, new in piece.facts["rates"]
        if service in services and services[service].since <= effective
    )
    rise = largest_rise((lows.get(service, services[service].amount), new) for service, _, new in lines)
    cap = member.contract.max_raise
    over = [over_cap(RateLine(one, name, services[one].amount, new), cap) for one, name, new in lines]
    return _Change(member, piece, stated, effective, move, lines, rise, "; ".join(filter(None, over)))


def _apply(change: _Change, last_rise: date | None, services: dict[str, Billed], question: Question) -> bool:
    """Put the new rates into `services` where they count; whether any of them is a rise.

    Notice is asked of every change; the contract's lock, cap, months between and renewal of a rise alone.
    """
    piece, effective = change.piece, change.effective
    holds, because = _notice(change, question)
    barred = _barred(change, last_rise) if holds else ""
    rose = False
    for service, name, new in change.lines:
        before = services[service]
        rises = new > before.amount
        binds = holds and not (rises and barred)
        if binds and question.worked_on >= effective:
            services[service] = Billed(service, new, effective, because, piece.label)
            rose = rose or rises
            continue
        why = f"${plain(new)} counts from {spoken(effective)} ({piece.label})"
        if not binds:
            why = barred if holds else because
        undone = _undone(change, question) if rises and not (holds and barred) else ""
        if undone:
            why = f"billed, at risk: ${plain(new - before.amount)} a unit. {undone}"
        risk = new - before.amount if undone else None
        services[service] = replace(before, pending=(*before.pending, f"{name}: {why}"), at_risk=risk)
    return rose


def _notice(change: _Change, question: Question) -> tuple[bool, str]:
    """Was notice given of the change for its effective date, and in what words."""
    piece = change.piece
    if piece.status not in IN_POST or piece.counts_on is None:
        return False, f"no new rate: {piece.label} is {piece.status.value}, not mailed"
    if piece.rehearsed and not question.rehearsal:
        return False, f"no new rate: {piece.label} was handed over in a rehearsal only"
    try:
        verdict = verdict_of(change.member, piece, change.effective, question, change.rise)
    except TermUnknown as unknown:
        return False, f"no new rate: the client {unknown.what}"
    if not verdict.holds:
        mailed = spoken(piece.counts_on)
        return False, f"no new rate: {verdict.reason} ({piece.label}, mailed {mailed})"
    arguable = f"; by the stricter reading only from {spoken(verdict.stricter)}" if verdict.stricter else ""
    return True, (
        f"notice {piece.label} mailed {spoken(piece.counts_on)} holds for {spoken(change.effective)} "
        f"({verdict.binding.title if verdict.binding else ''}{arguable})"
    )


def _barred(change: _Change, last_rise: date | None) -> str:
    """Why the contract does not let the rates rise on that day; "" where it does."""
    if change.over:
        return f"no new rate: {change.over}"
    try:
        allowed = rise_allowed(change.member.contract, change.effective, last_rise)
    except TermUnknown as unknown:
        return f"no new rate: the client {unknown.what}"
    return "" if allowed.as_asked else f"no new rate: {allowed.steps[-1].text}"


def _undone(change: _Change, question: Question) -> str:
    """Why work of that day, which was to be billed at the new rate then, is not to be any more: the letter
    came back since, or the campaign was moved since. "" where nothing was undone.
    """
    piece, day = change.piece, question.worked_on
    was = replace(piece, returned_on=None)
    returned = piece.returned_on is not None and change.effective <= day < piece.returned_on
    moved_since = change.moved is not None and change.stated <= day < min(change.moved.on, change.effective)
    if not (returned or moved_since) or piece.counts_on is None:
        return ""
    then = change.effective if returned else change.stated
    try:
        if not verdict_of(change.member, was, then, question, change.rise).holds:
            return ""
    except TermUnknown:
        return ""
    if returned:
        return _notice(change, question)[1]
    return f"It was moved to {spoken(change.effective)} on {spoken(change.moved.on)}" if change.moved else ""


def verdict_of(
    member: Member, piece: ClientPiece, effective: date, question: Question, rise: Decimal | None = None
) -> NoticeVerdict:
    """The notice verdict for one client's mailed letter. `rise` is the largest one of the 12 months that end
    with it, where it is known better than from the letter alone. Raises TermUnknown.
    """
    names = question.asked(piece.campaign).statutes
    now: tuple[Rule, ...] = ()
    if names:
        if rise is None:
            lines = piece.facts.get("rates", ())
            rise = largest_rise((Decimal(old), Decimal(new)) for _, _, old, new in lines)
        now = statutes_for(names, situation_of(member, question.state, rise))
    rules = rules_of_piece(member.contract, question.house, piece, now)
    return judge(
        rules,
        effective,
        question.today,
        mailed=piece.counts_on,
        received_on=piece.received_on,
        returned_on=piece.returned_on,
        closings=question.closings,
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """By the definition of today. `effective` is None where there is none any more, or no such day."""

    statutes: tuple[str, ...] = ()
    effective: date | None = None
