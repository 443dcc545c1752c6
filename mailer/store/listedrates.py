"""The rates that a client list brings: first ones and lower ones go in, a rise takes a notice.

A rate that a notice lets the client be billed at, today or from its effective date on, is no news: the
list's program is only ahead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from mailer.clients.member import LISTED
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
    """The rates of one row: `new` to be entered, those among them that are `rises` as (service, before,
    amount), and `waiting` in words: what was left to the notice that runs.
    """

    new: list[dict[str, Any]] = field(default_factory=list)
    rises: list[tuple[str, Decimal, Decimal]] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rates:
    """How an import treats rates: those it brings count from `valid_from`; a rise is refused unless the
    clients were noticed elsewhere, and then `noticed_elsewhere` says how. `noticed` tells the rates that
    notices let these clients be billed at today, `waiting` those that run still.
    """

    valid_from: date
    noticed: Callable[[Sequence[UUID]], Mapping[UUID, Mapping[str, Decimal]]]
    waiting: Callable[[Sequence[UUID]], Mapping[UUID, Waiting]]
    noticed_elsewhere: str = ""

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
            is_rise = service in before and amount > before[service]
            if is_rise:
                brought.rises.append((service, before[service], amount))
            brought.new.append(
                {
                    "client_id": client_id,
                    "service": service,
                    "amount": amount,
                    "valid_from": self.valid_from,
                    "is_rise": is_rise,
                    "source": self._source(amount, before.get(service)),
                }
            )
        return brought

    def _source(self, amount: Decimal, before: Decimal | None) -> str:
        if before is None:
            return f"{LISTED}first rate"
        if amount > before:
            return f"{LISTED}noticed elsewhere: {self.noticed_elsewhere}"
        return f"{LISTED}lowered"


_INSTEAD: Final = (
    "Give notice with a rate-notice campaign; --noticed-elsewhere REASON records one given before. What else "
    "the row changes goes in with the old rate."
)


def rise(row: ListRow, rises: Sequence[tuple[str, Decimal, Decimal]]) -> Refusal:
    """Why a row with `rises` is refused."""
    service, before, amount = rises[0]
    return Refusal(
        row.row,
        f"{service} would rise from {people(before)} to {people(amount)}: an import does not raise rates, so "
        "nothing of this row was taken",
        _INSTEAD,
        " · ".join(filter(None, (row.number, row.name))),
    )
