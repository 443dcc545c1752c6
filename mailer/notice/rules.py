"""A notice rule as data: how much notice, how it is counted, and when mail counts as given.

`n` is a count of `unit`. `valid_from` and `valid_until` are effective dates, both inclusive.
A rule is checked when it is made; an impossible one never exists. Rules are hashable by their
id and compared by all their parts.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from mailer.notice.calendars import check_calendar
from mailer.notice.deliveries import Delivery, Effect, delivery_named
from mailer.notice.problems import RuleProblem
from mailer.notice.words import plural, spoken


class Unit(Enum):
    """What the period is counted in."""

    DAY = "day"
    BUSINESS_DAY = "business_day"
    CLEAR_DAY = "clear_day"  # both ends excluded
    MONTH = "month"
    COURT_DAY = "court_day"


class Anchor(Enum):
    """Which end of the period is fixed, and so from which side it is counted."""

    START = "start"  # forward from the notice
    END = "end"  # backward from the effective date
    BOTH = "both"  # two readings are possible and the notice must satisfy both


class Roll(Enum):
    """What happens to a period whose last day is closed."""

    NONE = "none"
    SAME_DIRECTION = "same direction"  # FRCP 6(a)(5): a backward count continues backward
    FORWARD = "forward"  # 49 CFR 1104.7(a): to the next open day whichever way one counts


class CountingStyle(Enum):
    """The counting styles; the values are the codes of the published test vectors."""

    AT_LEAST = "AT_LEAST"  # E - D >= N, D the day the notice is given
    AT_LEAST_OPEN = "AT_LEAST_OPEN"  # the same; a deposit on a closed day counts as the next open one's
    AT_LEAST_BD = "AT_LEAST_BD"  # N business days back, E excluded, the Nth included
    CLEAR_DAYS = "CLEAR_DAYS"  # N whole days strictly between
    CPR_2_8 = "CPR_2_8"  # clear days; 5 or fewer skip closed days
    CPR_2_8_WITHIN = "CPR_2_8_WITHIN"  # "within N days of": the last day to act
    MONTH_CORR = "MONTH_CORR"  # corresponding date, clamped
    MONTH_SCAN = "MONTH_SCAN"  # the same, asked for the last day that satisfies it
    MONTH_SUB = "MONTH_SUB"  # n months subtracted from E: the stricter reading
    FRCP_6A = "FRCP_6A"
    FRCP_6A_6D = "FRCP_6A_6D"  # 6(a) with its roll, 3 days, roll again
    CA_12_12A = "CA_12_12A"  # mail days are part of the one period
    CA_12C = "CA_12C"  # court days back, then mail days back as calendar days
    NY_GCL = "NY_GCL"
    STB_1104_7 = "STB_1104_7"
    AIA_36_WINDOW_START = "AIA_36_WINDOW_START"  # first day of the N days before E
    DEEMED = "DEEMED"  # the day the notice counts as given, no period
    DEEMED_2DAY = "DEEMED_2DAY"
    OPEN_DAY = "OPEN_DAY"  # the nearest open day


class OnReturn(Enum):
    """Whether a returned piece undoes the notice."""

    STANDS = "stands"
    REBUTTED = "rebutted"


class Origin(Enum):
    """Whose rule it is. A contract's term replaces the house rule, never a statute."""

    HOUSE = "house"
    CONTRACT = "contract"
    STATUTE = "statute"


@dataclass(frozen=True, slots=True)
class StyleTraits:
    """What a counting style allows: its anchors (the first is the default) and its own roll."""

    anchors: tuple[Anchor, ...]
    roll: Roll = Roll.NONE
    units: tuple[Unit, ...] = (Unit.DAY,)
    extends: bool = False  # a statute's mail days join the count instead of moving its start


_EITHER: Final = (Anchor.END, Anchor.START, Anchor.BOTH)
_FORWARD: Final = (Anchor.START,)
_BACKWARD: Final = (Anchor.END,)
_ANY_UNIT: Final = tuple(Unit)
_OPEN_UNITS: Final = (Unit.BUSINESS_DAY, Unit.COURT_DAY)

TRAITS: Final[Mapping[CountingStyle, StyleTraits]] = {
    CountingStyle.AT_LEAST: StyleTraits(_EITHER, units=_ANY_UNIT),
    CountingStyle.AT_LEAST_OPEN: StyleTraits(_EITHER, units=_ANY_UNIT),
    CountingStyle.AT_LEAST_BD: StyleTraits(_EITHER, units=_OPEN_UNITS),
    CountingStyle.CLEAR_DAYS: StyleTraits(_EITHER, units=(Unit.DAY, Unit.CLEAR_DAY)),
    CountingStyle.CPR_2_8: StyleTraits(_EITHER, units=(Unit.DAY, Unit.CLEAR_DAY)),
    CountingStyle.CPR_2_8_WITHIN: StyleTraits(_FORWARD),
    CountingStyle.MONTH_CORR: StyleTraits(_FORWARD, units=(Unit.MONTH,)),
    CountingStyle.MONTH_SCAN: StyleTraits(_FORWARD, units=(Unit.MONTH,)),
    CountingStyle.MONTH_SUB: StyleTraits(_BACKWARD, units=(Unit.MONTH,)),
    CountingStyle.FRCP_6A: StyleTraits(_EITHER, Roll.SAME_DIRECTION, _ANY_UNIT),
    CountingStyle.FRCP_6A_6D: StyleTraits(_FORWARD, Roll.SAME_DIRECTION, extends=True),
    CountingStyle.CA_12_12A: StyleTraits(
        _FORWARD, Roll.FORWARD, (Unit.DAY, Unit.COURT_DAY, Unit.MONTH), extends=True
    ),
    CountingStyle.CA_12C: StyleTraits(
        _BACKWARD, units=(Unit.COURT_DAY, Unit.BUSINESS_DAY, Unit.DAY), extends=True
    ),
    CountingStyle.NY_GCL: StyleTraits(_FORWARD, Roll.FORWARD, (Unit.DAY, Unit.MONTH), extends=True),
    CountingStyle.STB_1104_7: StyleTraits(_EITHER, Roll.FORWARD),
    CountingStyle.AIA_36_WINDOW_START: StyleTraits(_BACKWARD),
    CountingStyle.DEEMED: StyleTraits(_FORWARD, units=_ANY_UNIT),
    CountingStyle.DEEMED_2DAY: StyleTraits(_FORWARD, units=_ANY_UNIT),
    CountingStyle.OPEN_DAY: StyleTraits((Anchor.END, Anchor.START), Roll.SAME_DIRECTION),
}


@dataclass(frozen=True, slots=True)
class MailedWithin:
    """A rule for mail within `state` (two letters) alone; `otherwise` is the id of the one for other mail."""

    state: str
    otherwise: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One notice rule. `anchor` and `roll` default to those of the counting style.

    `calendar` is the legal one, in which business days are counted; `mailing_calendar` says
    on which days the post takes mail. `transit` is planning only: mailing days to allow
    between deposit and receipt under a rule that counts receipt. `delivery_citation` is what the
    day it counts as given rests on, if that is not `citation` itself. `mailed_within` is None for a rule
    that does not ask where the notice was mailed. `any_change` asks for notice of a lower rate too.
    `by_email`: an e-mail gives notice as well; else it takes paper.
    """

    id: str
    title: str
    n: int
    unit: Unit = Unit.DAY
    counting: CountingStyle = CountingStyle.AT_LEAST
    delivery: str = "deposit"
    calendar: str = "none"
    mailing_calendar: str = "usps"
    on_return: OnReturn = OnReturn.STANDS
    origin: Origin = Origin.STATUTE
    citation: str = ""
    url: str = ""
    jurisdiction: str = ""
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    anchor: Anchor | None = None
    roll: Roll | None = None
    transit: int = 0
    note: str = ""
    delivery_citation: str = ""
    to_last_address: bool = False  # notice is given by mail to the last address that the client gave
    mailed_within: MailedWithin | None = None
    any_change: bool = False
    by_email: bool = False
    to_both: bool = False  # to the client's notice address and to its mailing address: the later one counts
    copied: bool = False  # a letter, and a copy of it by e-mail: the later one counts

    def __post_init__(self) -> None:
        for wrong in _problems(self):
            raise RuleProblem(wrong, where=f"rule {self.id}", todo="Correct the rule.")
        check_calendar(self.calendar)
        check_calendar(self.mailing_calendar)
        delivery_named(self.delivery)

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def of_two(self) -> bool:
        """Does it take two letters to give notice by it."""
        return self.to_both or self.copied

    @property
    def traits(self) -> StyleTraits:
        return TRAITS[self.counting]

    @property
    def counted_from(self) -> Anchor:
        """A month is counted forward unless said otherwise: that is the corresponding-date rule."""
        if self.anchor is not None:
            return self.anchor
        if self.unit is Unit.MONTH and Anchor.START in self.traits.anchors:
            return Anchor.START
        return self.traits.anchors[0]

    @property
    def rolling(self) -> Roll:
        return self.traits.roll if self.roll is None else self.roll

    @property
    def given_by(self) -> Delivery:
        return delivery_named(self.delivery)

    @property
    def given_citation(self) -> str:
        """What the day the notice counts as given rests on: never a law that this rule does not rest on."""
        own = self.delivery_citation or self.given_by.citation
        if not own and self.origin is Origin.CONTRACT and self.given_by.effect is Effect.BUSINESS_DAYS:
            return "deemed-receipt clause of the client's contract"
        return own or self.citation

    @property
    def needs_receipt(self) -> bool:
        """True where the deposit proves nothing and the day of receipt is what counts."""
        return self.given_by.effect is Effect.ON_RECEIPT

    @property
    def period(self) -> str:
        """The period in words, such as "30 days"."""
        return plural(self.n, self.unit.value.replace("_", " "))


def _problems(rule: Rule) -> Iterable[str]:
    if not rule.id:
        yield "A rule needs an id."
    if rule.n < 0 or rule.transit < 0:
        yield f"A period cannot be negative ({min(rule.n, rule.transit)})."
    if rule.unit not in rule.traits.units:
        allowed = ", ".join(unit.value for unit in rule.traits.units)
        yield f"{rule.counting.value} cannot count the unit {rule.unit.value}; it counts {allowed}."
    if rule.anchor is not None and rule.anchor not in rule.traits.anchors:
        yield f"{rule.counting.value} cannot be counted from the {rule.anchor.value}."
    forward = rule.roll is Roll.FORWARD and rule.traits.roll is not Roll.FORWARD
    if forward and rule.counted_from is not Anchor.START:
        yield "A minimum notice is never rolled forward: that would excuse late mailing."
    if rule.valid_from and rule.valid_until and rule.valid_until < rule.valid_from:
        yield "The rule ends before it begins."


def unit_named(text: str) -> Unit:
    """Return the unit of a word such as "day" or "business_day"; else `RuleProblem`."""
    words = {unit.value: unit for unit in Unit}
    if text in words:
        return words[text]
    raise RuleProblem(f"There is no unit {text!r}.", todo=_suggestion(text, words))


def style_named(text: str) -> CountingStyle:
    """Return the counting style of a code such as "AT_LEAST"; else `RuleProblem`."""
    codes = {counting.value: counting for counting in CountingStyle}
    if text in codes:
        return codes[text]
    raise RuleProblem(f"There is no counting style {text!r}.", todo=_suggestion(text, codes))


def _suggestion(text: str, known: Iterable[str]) -> str:
    names = tuple(known)
    near = difflib.get_close_matches(text, names, 1, 0.5)
    return (f"Perhaps you meant {near[0]!r}. " if near else "") + f"Known: {', '.join(names)}."


def require_in_force(rule: Rule, effective: dt.date) -> None:
    """Raise `RuleProblem` if the rule is not the law on the effective date."""
    if rule.valid_from is not None and effective < rule.valid_from:
        raise RuleProblem(
            f"The rule applies from {spoken(rule.valid_from)}, "
            f"and the change takes effect {spoken(effective)}.",
            where=f"rule {rule.id}",
            todo="Name the rule that was in force then.",
        )
    if rule.valid_until is not None and effective > rule.valid_until:
        raise RuleProblem(
            f"The rule ended on {spoken(rule.valid_until)}, and the change takes effect {spoken(effective)}.",
            where=f"rule {rule.id}",
            todo="Name the rule that replaced it.",
        )


def rules_for(house: Rule, contract: Rule | None = None, statutes: Iterable[Rule] = ()) -> tuple[Rule, ...]:
    """Return all the rules for one client: the contract in place of the house rule, and every statute.

    Where a contract is said to exist and its notice term is unknown, the caller must fail for
    that client instead of calling this: a missing term is not the house rule.
    """
    expected = [(house, Origin.HOUSE), *((rule, Origin.STATUTE) for rule in statutes)]
    if contract is not None:
        expected.append((contract, Origin.CONTRACT))
    for rule, origin in expected:
        if rule.origin is not origin:
            raise RuleProblem(
                f"This is a {rule.origin.value} rule, used as a {origin.value} rule.",
                where=f"rule {rule.id}",
                todo=f"Choose a {origin.value} rule, or correct the origin of this one.",
            )
    first = house if contract is None else contract
    return tuple(dict.fromkeys((first, *(rule for rule, origin in expected if origin is Origin.STATUTE))))
