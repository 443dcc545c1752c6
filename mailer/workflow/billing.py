"""What a client's work of a day may be billed at, and why.

A campaign's new rate counts only through a mailed piece whose notice holds for its effective date,
from that date on; everything else is a base rate of the client list. The one place that decides it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from sqlalchemy.orm import Session

from mailer.ledger.kinds import IN_POST
from mailer.notice.closings import Closings
from mailer.notice.rules import Rule
from mailer.notice.steps import spoken
from mailer.notice.verdicts import NoticeVerdict, judge
from mailer.store.among import among
from mailer.store.members import BaseRate, Member, amount_of, base_rates, in_chunks
from mailer.store.moves import moved_to
from mailer.store.pieces import Sent, sent_to
from mailer.store.tables import ClientRow, MailingRow, Medium
from mailer.workflow.folder import MailFolder
from mailer.workflow.rules import TermUnknown, house_rule, rise_allowed, rules_of_piece


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
    """What does not change from client to client: the day of the work, today, the firm's house rule."""

    worked_on: date
    today: date
    house: Rule
    closings: Closings
    rehearsal: bool


def question_on(mail: MailFolder, day: date, house: Rule | None = None) -> Question:
    """The question for work of a day, under the campaign's house rule or the firm's."""
    rule = house or house_rule(mail.settings)
    return Question(day, mail.today, rule, mail.closings, mail.clock.rehearsal)


@dataclass(frozen=True, slots=True)
class Account:
    """A client's services on the day asked for, and the day of the last rise before it.

    `current` is service and amount, sorted. Clients with the same rates share one account.
    """

    services: dict[str, Billed]
    last_rise: date | None
    current: tuple[tuple[str, Decimal], ...]
    names: frozenset[str]


def accounts(
    session: Session, members: Sequence[Member], question: Question, *, without: tuple[str, ...] = ()
) -> dict[UUID, Account]:
    """What each client may be billed at. `without` leaves campaigns out (a plan its own)."""
    ids = [member.id for member in members]
    base = base_rates(session, ids, question.worked_on)
    notices = sent_to(session, ids, MailingRow.medium == Medium.LETTER, MailingRow.campaign.not_in(without))
    moves = moved_to(session, {piece.campaign for sent in notices.values() for piece in sent})
    return {
        member.id: _account(member, base.get(member.id, ()), notices.get(member.id, ()), moves, question)
        for member in members
    }


def noticed_rates(
    session: Session, ids: Sequence[UUID], question: Question
) -> dict[UUID, dict[str, Decimal]]:
    """The rates that rest on a notice, of those of the clients who have any."""
    letters = MailingRow.medium == Medium.LETTER
    having = [
        client for client, sent in sent_to(session, ids, letters).items() if any(s.counts_on for s in sent)
    ]
    if not having:
        return {}
    found: dict[UUID, dict[str, Decimal]] = {}
    for members in in_chunks(session, among(session, ClientRow.id, having)):
        for client_id, account in accounts(session, members, question).items():
            found[client_id] = {b.service: b.amount for b in account.services.values() if b.piece}
    return found


@lru_cache(maxsize=65_536)
def _base_account(base: tuple[BaseRate, ...]) -> Account:
    services = {
        service: Billed(service, amount_of(stored), since, source)
        for service, stored, since, _, source in base
    }
    return _of(services, max((since for _, _, since, is_rise, _ in base if is_rise), default=None))


def _of(services: dict[str, Billed], last_rise: date | None) -> Account:
    current = tuple(sorted((name, billed.amount) for name, billed in services.items()))
    return Account(services, last_rise, current, frozenset(services))


def _account(
    member: Member,
    base: tuple[BaseRate, ...],
    notices: Sequence[Sent],
    moves: Mapping[str, date],
    question: Question,
) -> Account:
    account = _base_account(base)
    raising = [piece for piece in notices if piece.facts.get("rates")]
    if not raising:
        return account
    services, last = dict(account.services), account.last_rise
    for piece in sorted(raising, key=lambda piece: (piece.facts["effective"], piece.number)):
        # A campaign that was moved applies from the later of the two days: the letter's or the new one.
        stated = date.fromisoformat(piece.facts["effective"])
        effective = max(stated, moves.get(piece.campaign, stated))
        if _apply(member, piece, services, last, effective, question):
            last = effective
    return _of(services, last)


def _apply(
    member: Member,
    piece: Sent,
    services: dict[str, Billed],
    last_rise: date | None,
    effective: date,
    question: Question,
) -> bool:
    """Put the new rates of `piece` into `services` where they count; whether any did."""
    holds, because = _may_bind(member, piece, effective, last_rise, question)
    applied = False
    for service, name, _old, new in piece.facts["rates"]:
        before = services.get(service)
        if before is None or before.since > effective:
            continue
        if holds and question.worked_on >= effective:
            services[service] = Billed(service, Decimal(new), effective, because, piece.label)
            applied = True
            continue
        why = because if not holds else f"${new} counts from {spoken(effective)} ({piece.label})"
        billed = _billed_before_return(member, piece, effective, question)
        risk = Decimal(new) - before.amount if billed else None
        if risk is not None:
            why = f"billed, at risk: ${risk} a unit. {because}"
        services[service] = replace(before, pending=(*before.pending, f"{name}: {why}"), at_risk=risk)
    return applied


def _billed_before_return(member: Member, piece: Sent, effective: date, question: Question) -> bool:
    """Was the work of that day billed at the new rate before the notice it rests on came back."""
    if piece.returned_on is None or not effective <= question.worked_on < piece.returned_on:
        return False
    try:
        return verdict_of(member, replace(piece, returned_on=None), effective, question).holds
    except TermUnknown:
        return False


def _may_bind(
    member: Member, piece: Sent, effective: date, last_rise: date | None, question: Question
) -> tuple[bool, str]:
    """Does the notice in `piece` let its rates bind on `effective`, and in what words."""
    if piece.status not in IN_POST or piece.counts_on is None:
        return False, f"no new rate: {piece.label} is {piece.status.value}, not mailed"
    if piece.rehearsed and not question.rehearsal:
        return False, f"no new rate: {piece.label} was handed over in a rehearsal only"
    try:
        verdict = verdict_of(member, piece, effective, question)
        allowed = rise_allowed(member.contract, effective, last_rise)
    except TermUnknown as unknown:
        return False, f"no new rate: the client {unknown.what}"
    if not verdict.holds:
        return False, f"no new rate: {verdict.reason} ({piece.label}, mailed {spoken(piece.counts_on)})"
    if not allowed.as_asked:
        return False, f"no new rate: {allowed.steps[-1].text}"
    return True, (
        f"notice {piece.label} mailed {spoken(piece.counts_on)} holds for {spoken(effective)} "
        f"({verdict.binding.title if verdict.binding else ''})"
    )


def verdict_of(member: Member, piece: Sent, effective: date, question: Question) -> NoticeVerdict:
    """The notice verdict for one client's mailed letter. Raises TermUnknown."""
    rules = rules_of_piece(member.contract, question.house, piece.facts)
    return judge(
        rules,
        effective,
        question.today,
        mailed=piece.counts_on,
        received_on=piece.received_on,
        returned_on=piece.returned_on,
        closings=question.closings,
    )
