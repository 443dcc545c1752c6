"""From a row's cells to the values of an import, by a plan made once per list. Pure.

A plan is a list of positions, so that a row costs one `itemgetter`, not a lookup per field. Constants
(`--set`) stand behind the cells and are picked like them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from operator import itemgetter
from typing import Final, NamedTuple

from mailer.clients.cells import Unusable, clean
from mailer.clients.columns import SERVICE, TARGETS, Column
from mailer.clients.identity import Census, Identity, identity_of
from mailer.clients.salutation import who


class Values(NamedTuple):
    """One row's cells by field, cleaned, not yet understood. The names are those of `TARGETS`."""

    number: str = ""
    company: str = ""
    name: str = ""
    contact: str = ""
    title: str = ""
    first_name: str = ""
    last_name: str = ""
    salutation: str = ""
    email: str = ""
    phone: str = ""
    contract: str = ""
    notice: str = ""
    rate_locked_until: str = ""
    max_raise: str = ""
    min_months_between: str = ""
    only_at_renewal: str = ""
    renewal: str = ""
    last_raised: str = ""
    tags: str = ""
    status: str = ""
    ended: str = ""
    since: str = ""
    newsletter: str = ""
    opted_out: str = ""
    notice_to: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""
    notice_line1: str = ""
    notice_line2: str = ""
    notice_city: str = ""
    notice_state: str = ""
    notice_zip: str = ""
    notice_country: str = ""


class Picked(NamedTuple):
    """`rates` are the cells of the plan's services, in its order; `notes` what cleaning removed."""

    values: Values
    rates: tuple[str, ...]
    notes: tuple[str, ...]


_NO_NOTES: Final[tuple[str, ...]] = ()
_SIZE: Final = len(Values._fields)
_MULTILINE: Final = frozenset(("line1", "notice_line1"))
# What a client is known by where the list has no number, in the order that `_identity` takes.
_KNOWN_BY: Final = ("company", "name", "contact", "first_name", "last_name", "email", "zip", "line1")


def _blank(cells: list[str]) -> bool:
    # Nearly every row is settled by its first cell. DOS programs end a file with Ctrl-Z.
    if cells and cells[0] and not cells[0].isspace() and cells[0] != "\x1a":
        return False
    text = "".join(cells)
    return not text or text.isspace() or text == "\x1a"


def field_of(target: str) -> str:
    return target.replace("-", "_")


@dataclass(frozen=True, slots=True)
class ListLayout:
    """Where each field of a list comes from. `services` are those it gives rates for."""

    services: tuple[str, ...]
    width: int
    constants: tuple[str, ...]
    get: Callable[[Sequence[str]], tuple[str, ...]]
    get_known_by: Callable[[Sequence[str]], tuple[str, ...]]
    fills: tuple[tuple[int, str], ...]  # (column, value for its blank cells)
    number_at: int  # the column of the number, -1 without one
    lines: tuple[int, ...]  # the columns that hold an address a line each, where there are several

    @classmethod
    def of(cls, columns: Sequence[Column], sets: Sequence[tuple[str, str]]) -> ListLayout:
        width = len(columns)
        at = {column.target: column.index for column in reversed(columns) if column.target}
        lines = tuple(column.index for column in columns if column.target == "line1")
        constants, fills = [""], []
        for target, value in sets:
            if target in at:
                fills.append((at[target], value))
            else:
                at[target] = width + len(constants)
                constants.append(value)
        by_field = {field_of(target): at[target] for target in TARGETS if target in at}
        services = tuple(sorted(target for target in at if target.startswith(SERVICE)))
        positions = [by_field.get(name, width) for name in Values._fields] + [at[name] for name in services]
        return cls(
            tuple(name.removeprefix(SERVICE) for name in services),
            width,
            tuple(constants),
            itemgetter(*positions),
            itemgetter(*(by_field.get(name, width) for name in _KNOWN_BY)),
            tuple(fills),
            next((column.index for column in columns if column.target == "number"), -1),
            lines if len(lines) > 1 else (),
        )

    def pick(self, cells: list[str]) -> Picked | None:
        """The values of a row; None for a blank one. Raises Unusable where cells do not fit the headings."""
        if _blank(cells):
            return None
        fitted = self._fitted(cells)
        row, notes = self.get(fitted), _NO_NOTES
        if not _are_clean(fitted):
            row, notes = _cleaned(row, Values._fields)
        return Picked(Values._make(row[:_SIZE]), row[_SIZE:], notes)

    def enter(self, number: int, cells: list[str], census: Census) -> bool:
        """Count the row in the census; False for a blank one."""
        at = self.number_at
        if 0 <= at < len(cells) and (plain := cells[at]).replace("-", "").isalnum() and plain.isascii():
            known = identity_of(plain, "", "", "")
            if known.number:
                census.add(number, known)
                return True
        if _blank(cells):
            return False
        try:
            if at >= 0:
                if (picked := self.pick(cells)) is not None:
                    values = picked.values
                    known_by = [getattr(values, name) for name in _KNOWN_BY]
                    census.add(number, _identity(values.number, *known_by))
            else:
                row = self.get_known_by(self._fitted(cells))
                if not _are_clean(row):
                    row, _ = _cleaned(row, _KNOWN_BY)
                census.add(number, _identity("", *row))
        except Unusable:
            pass  # refused when it is read: it has no identity
        return True

    def _fitted(self, cells: list[str]) -> list[str]:
        """The cells, as many as there are headings, and the constants behind them."""
        width = self.width
        if len(cells) < width:
            cells = cells + [""] * (width - len(cells))
        elif len(cells) > width:
            if any(cell.strip() for cell in cells[width:]):
                raise Unusable(
                    f"the row has {len(cells)} cells under {width} headings, so its cells may be shifted",
                    "Put quotation marks around the cell that holds the delimiter.",
                )
            cells = cells[:width]
        fitted = [*cells, *self.constants]
        if self.lines:
            fitted[self.lines[0]] = "\n".join(filter(str.strip, (cells[at] for at in self.lines)))
        for position, value in self.fills:
            if not fitted[position].strip():
                fitted[position] = value
        return fitted


def _are_clean(cells: Sequence[str]) -> bool:
    """Whether `clean` would leave all of them as they are.

    Nearly all rows are clean, and a few searches through the joined row settle that; a false alarm only
    costs the long way.
    """
    line = "~" + "~".join(cells) + "~"
    return (
        line.isprintable()
        and "  " not in line
        and "~ " not in line
        and " ~" not in line
        and "~'" not in line
        and "~#" not in line
        and (line.isascii() or unicodedata.is_normalized("NFC", line))
    )


def _cleaned(row: tuple[str, ...], names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The cells of `names` (and of what follows them) cleaned, and notes on what was removed."""
    cleaned = [
        (cell, "") if cell.isascii() and cell.isalnum() else clean(cell, lines=name in _MULTILINE)
        for cell, name in zip_longest(row, names, fillvalue="")
    ]
    return tuple(cell for cell, _ in cleaned), tuple(dict.fromkeys(note for _, note in cleaned if note))


def _identity(
    number: str,
    company: str,
    name: str,
    contact: str,
    first: str,
    last: str,
    email: str,
    zip_code: str,
    line1: str,
) -> Identity:
    """By what a row may be known; the arguments after the number are the fields of _KNOWN_BY."""
    company, contact, _ = who(company, name, contact, first, last)
    return identity_of(number, email, company or contact, zip_code or line1)
