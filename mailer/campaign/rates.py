"""What a campaign's rates come to for one client. Pure.

A rise is a fraction of the client's own current rate. The firm's limits stop the plan; the
contract's cap blocks only that client's new rate.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from mailer.campaign.definition import Limits, RateChange
from mailer.money import cents, people, people_percent, round_to


@dataclass(frozen=True, slots=True)
class RateLine:
    """One service of one client: what it costs now and is to cost."""

    service: str
    name: str
    old: Decimal
    new: Decimal

    @property
    def rise(self) -> Decimal | None:
        """The rise as a fraction of the old rate; None where that was zero."""
        return (self.new - self.old) / self.old if self.old else None


@dataclass(frozen=True, slots=True)
class ClientChange:
    """All that changes for one client; `outside` breaks the firm's limits, `over_cap` the contract's."""

    lines: tuple[RateLine, ...] = ()
    outside: tuple[str, ...] = ()
    over_cap: tuple[str, ...] = ()


NO_CHANGE = ClientChange()


Current = tuple[tuple[str, Decimal], ...]
"""A client's services and their rates, sorted by service."""


def planner(
    changes: tuple[RateChange, ...], limits: Limits
) -> Callable[[Current, Decimal | None], ClientChange]:
    """A function from a client's current rates and cap to the client's change.

    Clients with the same rates share one answer: a list of 100,000 has few distinct ones.
    """

    @lru_cache(maxsize=8_192)
    def change(current: Current, cap: Decimal | None) -> ClientChange:
        return change_for(changes, limits, dict(current), cap)

    return change


def change_for(
    changes: tuple[RateChange, ...], limits: Limits, current: Mapping[str, Decimal], cap: Decimal | None
) -> ClientChange:
    """What `changes` make of a client's `current` rates (service to amount).

    A service that the client does not have, and one whose rate stays, give no line.
    """
    lines = tuple(
        RateLine(change.service, change.words, current[change.service], new)
        for change in changes
        if change.service in current
        and (new := new_rate(change, current[change.service])) != current[change.service]
    )
    raised = {change.service for change in changes if change.rise is not None and change.rise > 0}
    return ClientChange(
        lines,
        tuple(text for line in lines if (text := _lowered(line, raised) or _outside(line, limits))),
        tuple(text for line in lines if (text := over_cap(line, cap))),
    )


def new_rate(change: RateChange, old: Decimal) -> Decimal:
    """The new amount for a client who pays `old`; rounded half up to cents unless the definition rounds."""
    if change.to is not None:
        return change.to
    if change.rise is None:
        raise AssertionError("a rate change has `to` or `raise`")
    raised = old * (1 + change.rise)
    if change.round is None:
        return cents(raised)
    return round_to(raised, change.round.step, change.round.direction)


def _lowered(line: RateLine, raised: Container[str]) -> str:
    """A raise that rounding turned around."""
    if line.service not in raised or line.new >= line.old:
        return ""
    return f"{line.name} from {people(line.old)} to {people(line.new)} is no raise: it is rounded below that"


def _outside(line: RateLine, limits: Limits) -> str:
    span = limits.rise
    if span is None:
        return ""
    if line.rise is None:
        return f"{line.name} was {people(line.old)}, so its rise has no percentage"
    if span.least <= line.rise <= span.most:
        return ""
    rise = people_percent(line.rise, beside=(span.least, span.most))
    return (
        f"{line.name} from {people(line.old)} to {people(line.new)} is {rise}, "
        f"outside {people_percent(span.least)} to {people_percent(span.most)}"
    )


def over_cap(line: RateLine, cap: Decimal | None) -> str:
    """What is over the contract's cap on a rise (a fraction; None is none); "" where nothing is."""
    if cap is None or line.new <= line.old * (1 + cap):
        return ""
    return (
        f"{line.name} from {people(line.old)} to {people(line.new)} "
        f"is over the contract's cap of {people_percent(cap)}"
    )
