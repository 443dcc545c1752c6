"""The rates that a client list brings: first ones and lower ones go in, a rise takes a notice.

A rate that a notice lets the client be billed at, today or from its effective date on, is no news: the
list's program is only ahead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from mailer.clients.member import LISTED
from mailer.clients.noticedrises import NoticedRises, known_as
from mailer.clients.row import ListRow, Refusal
from mailer.money import people

Waiting = Mapping[tuple[str, Decimal], date]
"""(service, amount) → the day from which a notice that runs lets it be billed."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of clients' rates: last entered, let by a notice today, and by one that runs still."""

    entered: Mapping[UUID, Mapping[str, Decimal]]
    noticed: Mapping[UUID, Mapping[str, Decimal]]
    waiting: Mapping[UUID, Waiting]


@dataclass(frozen=True, slots=True)
class Brought:
    """The rates of one row: `new` to be entered, how many of them are `raised` by a notice given elsewhere,
    and `waiting` in words: what was left to the notice that runs. `unnoticed` are the rises of which nobody
    said how notice was given, as (service, before, amount).
    """

    new: list[dict[str, Any]] = field(default_factory=list)
    raised: list[str] = field(default_factory=list)
    unnoticed: list[tuple[str, Decimal, Decimal]] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rates:
    """How an import treats rates: those it brings count from `valid_from`; a rise is refused unless the
    client had notice of it elsewhere, and `elsewhere` says how. `noticed` tells the rates that
    notices let these clients be billed at today, `waiting` those that run still.
    """

    valid_from: date
    noticed: Callable[[Sequence[UUID]], Mapping[UUID, Mapping[str, Decimal]]]
    waiting: Callable[[Sequence[UUID]], Mapping[UUID, Waiting]]
    elsewhere: NoticedRises

    def brought(self, row: ListRow, client_id: UUID, known: Known) -> Brought:
        """What the row's rates come to."""
        before = known.entered.get(client_id, {})
        noticed, waiting = known.noticed.get(client_id, {}), known.waiting.get(client_id, {})
        brought = Brought()
        for service, amount in row.rates:
            if amount in (before.get(service), noticed.get(service)):
                continue
            if day := waiting.get((service, amount)):
                brought.waiting.append(
                    f"{service} {people(amount)} counts from {day}, by a notice that runs: rate left as it is"
                )
                continue
            in_force = noticed.get(service, before.get(service))
            is_rise = in_force is not None and amount > in_force
            reason = self.elsewhere.reason(row, service) if is_rise else ""
            if reason:
                brought.raised.append(reason)
            elif is_rise:
                brought.unnoticed.append((service, in_force or amount, amount))
            brought.new.append(
                {
                    "client_id": client_id,
                    "service": service,
                    "amount": amount,
                    "valid_from": self.valid_from,
                    "is_rise": is_rise,
                    "source": _source(service in before, reason),
                }
            )
        return brought


def _source(known: bool, reason: str) -> str:
    """`reason`: of a rise, how notice was given."""
    if not known:
        return f"{LISTED}first rate"
    return f"{LISTED}noticed elsewhere: {reason}" if reason else f"{LISTED}lowered"


def rise(row: ListRow, rises: Sequence[tuple[str, Decimal, Decimal]]) -> Refusal:
    """Why a row with `rises` is refused."""
    service, before, amount = rises[0]
    return Refusal(
        row.row,
        f"{service} would rise from {people(before)} to {people(amount)}: an import does not raise rates, so "
        "nothing of this row was taken",
        f'Give notice with a rate-notice campaign; --noticed-elsewhere "{known_as(row)}:{service}=REASON" '
        "records one given before. What else the row changes goes in with the old rate.",
        " · ".join(filter(None, (row.number, row.name))),
    )
