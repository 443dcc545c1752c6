"""A client's agreement, from its cells. Pure.

A cap is written with its percent sign; a bare fraction under 1 (0.05), which is how Excel stores 5%, is
taken as one and noted. A bare 5 is refused: it could be dollars.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final, NamedTuple

from mailer import money
from mailer.agreement import ContractKind
from mailer.clients.cells import Remark, Unusable, parse_day, parse_yes
from mailer.clients.record import Contract

_KINDS: Final = {
    ContractKind.MANAGED: ("managed", "managed services", "managed service", "managed it", "msa", "msp",
                           "managed services agreement", "managed services contract"),
    ContractKind.NONE: ("none", "no", "no contract", "without", "hourly", "time and materials", "t&m",
                        "break-fix", "break/fix", "break fix", "ad hoc", "pay as you go", "n/a", "-"),
    ContractKind.OWN_TERMS: ("own-terms", "own terms", "own", "own contract", "own agreement", "custom",
                             "custom contract", "custom terms", "client contract", "client paper", "special"),
}  # fmt: skip
_BY_WORD: Final = {word: kind for kind, words in _KINDS.items() for word in words}
_FRACTION: Final = re.compile(r"0?\.[0-9]{1,6}")
_MONTHS: Final = re.compile(r"([0-9]{1,3})(?: ?(?:months?|mos?\.?))?", re.IGNORECASE)


class TermCells(NamedTuple):
    """The cells of a row that make up its contract."""

    contract: str
    notice: str
    rate_locked_until: str
    max_raise: str
    min_months_between: str
    only_at_renewal: str
    renewal: str
    last_raised: str


def read_contract(cells: TermCells, check_term: Callable[[str], None]) -> tuple[Contract, tuple[str, ...]]:
    """The contract and notes. `check_term` raises ValueError for an unknown notice term."""
    notes: list[str] = []
    notice = "" if cells.notice.casefold() in ("none", "n/a", "-") else cells.notice
    kind = _kind(cells.contract, notice, notes)
    if notice:
        try:
            check_term(notice)
        except ValueError as error:
            raise Unusable(
                f"the notice term “{notice}” is unknown: {str(error).rstrip('.')}",
                "Write a preset's name or words such as “45 days from receipt”.",
            ) from None
    elif kind is not ContractKind.NONE:
        notes.append(
            Remark(f"contract {kind} without a notice term: what needs notice will stop at this client")
        )
    return (
        Contract(
            kind=kind,
            notice=notice,
            rate_locked_until=parse_day(cells.rate_locked_until) if cells.rate_locked_until else None,
            max_raise=_cap(cells.max_raise, notes),
            min_months_between=_months(cells.min_months_between),
            only_at_renewal=bool(parse_yes(cells.only_at_renewal)),
            renewal=parse_day(cells.renewal) if cells.renewal else None,
            last_raised=parse_day(cells.last_raised) if cells.last_raised else None,
        ),
        tuple(notes),
    )


def _kind(word: str, notice: str, notes: list[str]) -> ContractKind:
    if not word:
        if not notice:
            return ContractKind.NONE
        notes.append("a notice term without a contract: taken as own-terms")
        return ContractKind.OWN_TERMS
    kind = _BY_WORD.get(" ".join(word.casefold().replace("_", "-").split()))
    if kind is None:
        raise Unusable(f"the contract “{word}” is unknown", "Write managed, none or own-terms.")
    if kind is ContractKind.NONE and notice:
        raise Unusable(
            f"the contract is “{word}” but there is a notice term “{notice}”",
            "Write own-terms as the contract, or empty the notice term.",
        )
    return kind


def _cap(text: str, notes: list[str]) -> Decimal | None:
    if not text or text.casefold() in ("none", "n/a", "-"):
        return None
    if _FRACTION.fullmatch(text):
        cap = _stored(Decimal(text), text)
        notes.append(f"max raise {text} → {money.people_percent(cap)}")
        return cap
    try:
        cap = money.parse_percent(text)
    except ValueError as error:
        raise Unusable(
            f"the largest raise {error}", "Write it with its percent sign, for example 5%."
        ) from None
    cap = _stored(cap, text)
    if cap < 0:
        raise Unusable(f"the largest raise “{text}” is negative", "Write it as 5%.")
    return cap


def _months(text: str) -> int | None:
    if not text or text.casefold() in ("none", "n/a", "-"):
        return None
    found = _MONTHS.fullmatch(text)
    if not found or int(found[1]) > 240:
        raise Unusable(f"“{text}” is not a number of months", "Write a whole number, for example 12.")
    return int(found[1])


def _stored(cap: Decimal, text: str) -> Decimal:
    """The cap, which is kept to a hundredth of a per cent."""
    if cap != cap.quantize(Decimal("0.0001")):
        raise Unusable(
            f"the largest raise “{text}” has more than two decimals of a per cent",
            "Write it to two, for example 7.12%.",
        )
    return cap
