"""What a client's work of a day may be billed at, and why.

A campaign's new rate counts only through a mailed piece whose notice holds for its effective date,
from that date on; everything else is a base rate of the client list. The one place that decides it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from mailer.clients.record import Client, Rate
from mailer.ledger.kinds import Status
from mailer.notice.closings import Closings
from mailer.notice.presets import preset
from mailer.notice.rules import Rule
from mailer.notice.steps import spoken
from mailer.notice.verdicts import NoticeVerdict, judge
from mailer.store.clients import base_rates
from mailer.store.pieces import Sent, sent_to
from mailer.store.tables import MailingRow, Medium
from mailer.workflow.rules import TermUnknown, rise_allowed, rules_of


@dataclass(frozen=True, slots=True)
class Billed:
    """One service of one client on one day. `because` is one sentence; `piece` the notice it rests on.

    `pending` are new rates that do not count (yet), each with its reason.
    """

    service: str
    amount: Decimal
    since: date
    because: str
    piece: str = ""
    pending: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What does not change from client to client: the day of the work, today, the firm's house rule."""

    worked_on: date
    today: date
    house: Rule
    closings: Closings


@dataclass(frozen=True, slots=True)
class Account:
    """A client's services on the day asked for, and the day of the last rise before it."""

    services: dict[str, Billed]
    last_rise: date | None


def accounts(
    session: Session, clients: Sequence[Client], question: Question, *, without: str = ""
) -> dict[UUID, Account]:
    """What each client may be billed at. `without` leaves one campaign out (for its own plan)."""
    ids = [client.id for client in clients]
    base = base_rates(session, ids, question.worked_on)
    notices = sent_to(session, ids, MailingRow.medium == Medium.LETTER, MailingRow.campaign != without)
    return {
        client.id: _account(client, base.get(client.id, {}), notices.get(client.id, []), question)
        for client in clients
    }


def _account(client: Client, base: dict[str, Rate], notices: Sequence[Sent], question: Question) -> Account:
    services = {
        service: Billed(service, rate.amount, rate.valid_from, rate.source) for service, rate in base.items()
    }
    last = max((rate.valid_from for rate in base.values() if rate.is_rise), default=None)
    raising = [piece for piece in notices if piece.facts.get("rates")]
    for piece in sorted(raising, key=lambda piece: (piece.facts["effective"], piece.number)):
        if _apply(client, piece, services, last, question):
            last = date.fromisoformat(piece.facts["effective"])
    return Account(services, last)


def _apply(
    client: Client, piece: Sent, services: dict[str, Billed], last_rise: date | None, question: Question
) -> bool:
    """Put the new rates of `piece` into `services` where they count; whether any did."""
    effective = date.fromisoformat(piece.facts["effective"])
    holds, because = _may_bind(client, piece, effective, last_rise, question)
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
        services[service] = replace(before, pending=(*before.pending, f"{name}: {why}"))
    return applied


def _may_bind(
    client: Client, piece: Sent, effective: date, last_rise: date | None, question: Question
) -> tuple[bool, str]:
    """Does the notice in `piece` let its rates bind on `effective`, and in what words."""
    if piece.status is not Status.MAILED or piece.counts_on is None:
        return False, f"no new rate: {piece.label} is {piece.status.value}, not mailed"
    try:
        verdict = verdict_of(client, piece, effective, question)
        allowed = rise_allowed(client.contract, effective, last_rise)
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


def verdict_of(client: Client, piece: Sent | None, effective: date, question: Question) -> NoticeVerdict:
    """The notice verdict for one client's letter. Raises TermUnknown."""
    house = preset(piece.facts["house"]) if piece else question.house
    rules = rules_of(client.contract, house, piece.facts.get("term", "") if piece else "")
    mailed = piece.counts_on if piece and piece.status is Status.MAILED else None
    return judge(rules, effective, question.today, mailed=mailed, closings=question.closings)
