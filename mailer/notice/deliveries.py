"""When a mailed notice counts as given: the delivery rules as rows with their citations.

The day posted is day 0. `+Nbd` counts business days of the rule's own legal calendar, so the
same row serves a US contract and an Australian statute, and cites no law: what such a
presumption rests on, the rule says (`Rule.given_citation`). Days that a statute adds to a
period (`+5cal_ca`) are calendar days; the counting style says where in the count they go.
Codes are those of the published test vectors.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final, assert_never

from mailer.notice.problems import RuleProblem
from mailer.notice.strides import Stride, StrideKind


class Effect(Enum):
    """What posting a notice does."""

    ON_DEPOSIT = "on deposit"
    ON_RECEIPT = "on receipt"  # only a proved receipt counts, not the deposit
    BUSINESS_DAYS = "business days"  # deemed given n business days after deposit
    EXTENDED = "extended"  # the period grows by n calendar days
    SECOND_DAY = "second day"  # the second day after posting, or the next business day after it


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery rule; `says` is how an explanation names the day reached.

    `citation` is the statute whose own delivery rule this is; "" where it is whatever the rule of
    notice rests on.
    """

    code: str
    effect: Effect
    n: int
    says: str
    citation: str = ""

    def strides(self, calendar: str, citation: str) -> tuple[Stride, ...]:
        """Return the strides from the day posted to the day it counts as given; `citation` is theirs."""
        match self.effect:
            case Effect.ON_DEPOSIT | Effect.ON_RECEIPT:
                return ()
            case Effect.BUSINESS_DAYS:
                return (Stride(StrideKind.OPEN_DAYS, self.n, calendar, citation, "business day"),)
            case Effect.EXTENDED:
                return (Stride(StrideKind.DAYS, self.n, "none", citation, "calendar day", "for mailing"),)
            case Effect.SECOND_DAY:
                return (
                    Stride(StrideKind.DAYS, self.n, "none", citation, "day"),
                    Stride(StrideKind.ROLL_FORWARD, 0, calendar, citation),
                )
        assert_never(self.effect)


_RECEIVED: Final = "deemed received"
_SERVED: Final = "deemed served"
_EXTENDED: Final = "counts as given"

_ROWS: Final = (
    Delivery("deposit", Effect.ON_DEPOSIT, 0, "given on deposit"),
    Delivery("none", Effect.ON_DEPOSIT, 0, "given"),
    Delivery("received", Effect.ON_RECEIPT, 0, "received"),
    Delivery("+1bd", Effect.BUSINESS_DAYS, 1, _RECEIVED),
    Delivery("+2bd", Effect.BUSINESS_DAYS, 2, _RECEIVED),
    Delivery("+3bd", Effect.BUSINESS_DAYS, 3, _RECEIVED),
    Delivery("+4bd", Effect.BUSINESS_DAYS, 4, _RECEIVED),
    Delivery("+7bd", Effect.BUSINESS_DAYS, 7, _RECEIVED),
    Delivery("+5cal_ca", Effect.EXTENDED, 5, _EXTENDED, "Cal. Code Civ. Proc. 1013(a), within California"),
    Delivery("+10cal_us", Effect.EXTENDED, 10, _EXTENDED, "Cal. Code Civ. Proc. 1013(a), another state"),
    Delivery("+20cal_intl", Effect.EXTENDED, 20, _EXTENDED, "Cal. Code Civ. Proc. 1013(a), abroad"),
    Delivery("+5cal_ny", Effect.EXTENDED, 5, _EXTENDED, "N.Y. CPLR 2103(b)(2), within New York"),
    Delivery("+6cal_ny", Effect.EXTENDED, 6, _EXTENDED, "N.Y. CPLR 2103(b)(2), another state"),
    Delivery("+3cal_6d", Effect.EXTENDED, 3, _EXTENDED, "FRCP 6(d)"),
    Delivery("2nd_day_bd", Effect.SECOND_DAY, 2, _SERVED, "CPR 6.26"),
)
DELIVERIES: Final[Mapping[str, Delivery]] = {row.code: row for row in _ROWS}

_CLAUSE: Final = re.compile(r"\+([1-9]|[12][0-9]|30)bd")


@lru_cache(maxsize=64)
def delivery_named(code: str) -> Delivery:
    """Return the delivery rule of a code; `+Nbd` up to 30 is a contract's own clause."""
    if code in DELIVERIES:
        return DELIVERIES[code]
    if clause := _CLAUSE.fullmatch(code):
        return Delivery(code, Effect.BUSINESS_DAYS, int(clause[1]), _RECEIVED)
    near = difflib.get_close_matches(code, DELIVERIES, 1, 0.5)
    raise RuleProblem(
        f"There is no delivery rule {code!r}.",
        todo=(f"Perhaps you meant {near[0]!r}. " if near else "") + f"Known: {', '.join(DELIVERIES)}.",
    )
