"""How a client is treated whatever a list says: marks set, and taken away, by hand. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class CareMark(StrEnum):
    """The last mark of a client counts."""

    NONE = "none"  # as the list has it
    OPTED_OUT = "opted-out"  # no newsletter; letters as before
    DO_NOT_CONTACT = "do-not-contact"  # asked not to be written to
    MOVED = "moved"  # the address is no good, and no other is known
    DECEASED = "deceased"
    MERGED = "merged"  # another row of the list is the same client


UNWRITTEN: Final = frozenset({CareMark.DO_NOT_CONTACT, CareMark.MOVED, CareMark.DECEASED})
"""Not written to, but what the law or a contract demands."""
NO_NEWSLETTER: Final = UNWRITTEN | {CareMark.OPTED_OUT}
BY_HAND: Final = tuple(mark for mark in CareMark if mark is not CareMark.MERGED)
