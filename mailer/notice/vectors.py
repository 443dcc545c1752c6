"""Published test vectors: read the CSV and run each row through the engine.

Columns: id, rule, period_n, period_unit, start_event, delivery_rule, calendar, direction,
anchor_date, expected_date, source, confidence. `forward` asks for the earliest day that
satisfies the rule counted from the anchor, `backward` for the latest day before it. A row
that cannot be read is a failed result with its error, so that one bad line hides no other.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from mailer.errors import MailerError
from mailer.notice.closings import NO_CLOSINGS, Closings
from mailer.notice.counting import earliest_effective, latest_mailing
from mailer.notice.problems import RuleProblem
from mailer.notice.reasons import explain_earliest, explain_latest
from mailer.notice.rules import TRAITS, Anchor, CountingStyle, Rule, style_named, unit_named
from mailer.notice.steps import Step

COLUMNS: Final = (
    "id",
    "rule",
    "period_n",
    "period_unit",
    "start_event",
    "delivery_rule",
    "calendar",
    "direction",
    "anchor_date",
    "expected_date",
    "source",
    "confidence",
)
_DIGITS: Final = 4  # no period of notice is longer
_DIRECTIONS: Final = {"forward": Anchor.START, "backward": Anchor.END}


@dataclass(frozen=True, slots=True)
class Vector:
    """One row: the rule, the day it is counted from and which way, the published answer."""

    id: str
    rule: Rule
    direction: Anchor
    anchor: dt.date
    expected: dt.date


@dataclass(frozen=True, slots=True)
class VectorResult:
    """`got` is None and `error` says why where the row could not be run."""

    id: str
    expected: dt.date | None
    got: dt.date | None
    ok: bool
    steps: tuple[Step, ...] = ()
    error: str = ""


def read_vector(row: Mapping[str, str]) -> Vector:
    """Return the row as a vector; `RuleProblem` if it names something unknown."""
    if row["direction"] not in _DIRECTIONS:
        raise RuleProblem(f"There is no direction {row['direction']!r}.", todo="Write forward or backward.")
    direction = _DIRECTIONS[row["direction"]]
    counting = style_named(row["rule"])
    calendar, mailing = _calendars(row["calendar"], counting, row["delivery_rule"])
    rule = Rule(
        id=row["id"],
        title=row["rule"],
        n=_number(row["period_n"]),
        unit=unit_named(row["period_unit"]),
        counting=counting,
        delivery=row["delivery_rule"],
        calendar=calendar,
        mailing_calendar=mailing,
        citation=row["source"],
        # A style that is counted from one end only is searched for the other direction.
        anchor=direction if direction in TRAITS[counting].anchors else None,
    )
    return Vector(row["id"], rule, direction, _day(row["anchor_date"]), _day(row["expected_date"]))


def _calendars(code: str, counting: CountingStyle, delivery: str) -> tuple[str, str]:
    """The legal calendar and that of the mailing day.

    `a+b` is one calendar, closed if either is. Only where both roles are played, a deemed receipt in
    business days and a mailing day that must be open, does it name them one after the other: V051 says
    "us_federal+us_federal" for the reading in which mail must go out from Monday to Friday too.
    """
    legal, both, mailing = code.partition("+")
    if both and counting is CountingStyle.AT_LEAST_OPEN and delivery.endswith("bd"):
        return legal, mailing
    return code, code


def run_vector(vector: Vector, closings: Closings = NO_CLOSINGS) -> VectorResult:
    """Return the engine's answer beside the published one."""
    rule, anchor = vector.rule, vector.anchor
    if vector.direction is Anchor.START:
        got = earliest_effective(anchor, rule, closings)
        steps = explain_earliest(anchor, rule, closings)
    else:
        latest = latest_mailing(anchor, rule, closings)
        got = latest.legal
        steps = explain_latest(latest, anchor, rule, closings)
    return VectorResult(vector.id, vector.expected, got, got == vector.expected, steps)


def verify(lines: Iterable[str], closings: Closings = NO_CLOSINGS) -> Iterator[VectorResult]:
    """Yield one result per row of the CSV text; `RuleProblem` if the header is not the format's."""
    reader = csv.DictReader(lines)
    try:
        header = reader.fieldnames or ()
    except csv.Error as error:
        raise RuleProblem(f"The first line is no CSV: {error}.", todo="Export the file again.") from None
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise RuleProblem(
            f"The vectors lack the columns {', '.join(missing)}.",
            todo=f"The first line must be: {','.join(COLUMNS)}",
        )
    while True:
        text = dict.fromkeys(COLUMNS, "")
        try:
            row = next(reader, None)
            if row is None:
                return
            text = {column: (row[column] or "").strip() for column in COLUMNS}
            yield run_vector(read_vector(text), closings)
        except (MailerError, csv.Error) as problem:
            yield VectorResult(text["id"], None, None, ok=False, error=f"line {reader.line_num}: {problem}")


def _number(text: str) -> int:
    if not text.isdecimal():
        raise RuleProblem(f"The period {text!r} is not a whole number.", todo="Write a number such as 30.")
    if len(text) > _DIGITS:
        raise RuleProblem(f"The period {text[:20]!r} is too long.", todo="Write a number such as 30.")
    return int(text)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise RuleProblem(f"{text!r} is not a date.", todo="Write it as 2027-01-01.") from error
