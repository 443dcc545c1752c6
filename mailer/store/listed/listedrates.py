"""The rates that a client list brings: first ones and lower ones go in, a rise takes a notice.

A rate that a notice lets the client be billed at, today or from its effective date on, is no news: the
list's program is only ahead. One that the list had before such a notice is none either, and is said: the
program may be behind. Notice given elsewhere rests on the firm's word; a price lock, a cap or the months
between rises are no matter of notice, so that a rise which they bar is not taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from mailer.campaign.rates import RateLine
from mailer.clients.member import LISTED
from mailer.clients.noticedrises import NoticedRises, known_as
from mailer.clients.row import ListRow, Refusal
from mailer.money import people
from mailer.notice.words import spoken
from mailer.store.listed.rises import Permitted, Rising

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
    """The rates of one row: `new` to be entered, `raised` those of them that rest on a notice given elsewhere
    and `reasons` how it was given; `left` in words what was left as it is. `unnoticed` are the rises of which
    nobody said how notice was given.
    """

    client_id: UUID
    new: list[dict[str, Any]] = field(default_factory=list)
    raised: list[RateLine] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    unnoticed: list[RateLine] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def entered(self) -> set[tuple[str, Decimal]]:
        """Service and amount of what is new."""
        return {(values["service"], values["amount"]) for values in self.new}

    def rest_on(self, term: str) -> Iterator[str]:
        """Say with each raised rate that the contract's term of notice rests on the firm's word."""
        raised = {line.service: line for line in self.raised}
        for values in self.new:
            if line := raised.get(values["service"]):
                values["source"] += f" (that it kept the contract's {term} rests on the firm's word)"
                yield (
                    f"{line.service} {people(line.new)}: the contract asks for {term}; that the notice given "
                    "elsewhere kept it rests on your word"
                )


@dataclass(frozen=True, slots=True)
class Rates:
    """How an import treats rates: those it brings count from `valid_from`; a rise is refused unless the
    client had notice of it elsewhere, and `elsewhere` says how. `noticed` tells the rates that
    notices let these clients be billed at today, `waiting` those that run still, and `permitted` what the
    clients' contracts say of rises, with the agreements that the list brings.
    """

    valid_from: date
    noticed: Callable[[Sequence[UUID]], Mapping[UUID, Mapping[str, Decimal]]]
    waiting: Callable[[Sequence[UUID]], Mapping[UUID, Waiting]]
    permitted: Callable[[Mapping[UUID, Rising]], Mapping[UUID, Permitted]]
    elsewhere: NoticedRises

    def brought(self, row: ListRow, client_id: UUID, known: Known) -> Brought:
        """What the row's rates come to."""
        before = known.entered.get(client_id, {})
        noticed, waiting = known.noticed.get(client_id, {}), known.waiting.get(client_id, {})
        brought = Brought(client_id)
        for service, amount in row.rates:
            if amount in (before.get(service), noticed.get(service)):
                if service in noticed and amount != noticed[service]:
                    brought.left.append(_behind(service, amount, noticed[service]))
                continue
            if day := waiting.get((service, amount)):
                brought.left.append(
                    f"{service} {people(amount)} counts from {day}, by a notice that runs: rate left as it is"
                )
                continue
            in_force = noticed.get(service, before.get(service))
            is_rise = in_force is not None and amount > in_force
            reason = self.elsewhere.reason(row, service) if is_rise else ""
            line = RateLine(service, service, in_force or Decimal(0), amount)
            if reason:
                brought.raised.append(line)
                brought.reasons.append(reason)
            elif is_rise:
                brought.unnoticed.append(line)
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


def _behind(service: str, amount: Decimal, noticed: Decimal) -> str:
    return (
        f"{service} {people(amount)} is the rate of before a notice: {people(noticed)} is in force by it and "
        "stays. To go back to the old one mail a rate-notice that states it"
    )


def unnoticed(row: ListRow, rises: Sequence[RateLine]) -> Refusal:
    """Why a row with rises that nobody gave notice of is refused."""
    return _refusal(
        row,
        rises[0],
        "an import does not raise rates",
        "Give notice with a rate-notice campaign; "
        f'--noticed-elsewhere "{known_as(row)}:{rises[0].service}=REASON" records one given before. What '
        "else the row changes goes in with the old rate.",
    )


def barred(row: ListRow, rises: Sequence[RateLine], valid_from: date, why: str) -> Refusal:
    """Why a row is refused whose rises the client's contract does not let be."""
    return _refusal(
        row,
        rises[0],
        f"the contract does not let it rise on {spoken(valid_from)}, whatever notice was given ({why})",
        "Leave the old rate in the list, or correct the contract's columns, or the day: --rates-from DATE.",
    )


def too_early(row: ListRow, rises: Sequence[RateLine], on_record: date) -> Refusal:
    """Why a row is refused whose rises would end where a rate on record begins."""
    return _refusal(
        row,
        rises[0],
        f"the rate of {spoken(on_record)} is on record, and would end it",
        f"Give a later day: --rates-from DATE, after {on_record}. When a rate rose before that, the column "
        "“Last Raised” says.",
    )


def _refusal(row: ListRow, line: RateLine, why: str, todo: str) -> Refusal:
    text = f"{line.service} would rise from {people(line.old)} to {people(line.new)}: {why}"
    named = " · ".join(filter(None, (row.number, row.name)))
    return Refusal(row.row, f"{text}, so nothing of this row was taken", todo, named)
