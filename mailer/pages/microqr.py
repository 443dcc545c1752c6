"""The Micro QR of a sheet's mark: M4, error correction M, alphanumeric (ISO/IEC 18004:2015).

All codes of a job are of this one kind, and every module of such a code is a sum, modulo 2, of data bits. So
what each bit turns is computed once, and a code is some hundred exclusive ors. Symbols are integers: bit
`SIDE` times row plus column, both from 0 at the top left.
"""

from __future__ import annotations

from functools import cache
from typing import Final

SIDE: Final = 17
_DATA: Final = 14  # codewords, and those that correct errors (table 9)
_CORRECTION: Final = 10
_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_MOST: Final = 18  # characters (table 7)
_SYMBOL: Final = 0b110  # M4 with level M (table 13)


def rows(content: str) -> tuple[int, ...]:
    """The modules, row by row from the top: of each row the dark ones as bits, the leftmost the lowest.

    Raises ValueError for what it can't hold.
    """
    symbol = _symbol(_bits(content))
    return tuple(symbol >> SIDE * row & (1 << SIDE) - 1 for row in range(SIDE))


def _bits(content: str) -> int:
    """The data codewords: mode, count, pairs of characters, terminator, padding (7.4.4, 7.4.9, 7.4.10)."""
    if not 1 <= len(content) <= _MOST or not set(_ALPHABET).issuperset(content):
        raise ValueError(f"{content!r} does not fit a Micro QR of digits and capitals")
    values = [_ALPHABET.index(character) for character in content]
    bits, length = 0b001 << 5 | len(content), 8
    for at in range(0, len(values) - 1, 2):
        bits, length = bits << 11 | values[at] * 45 + values[at + 1], length + 11
    if len(values) % 2:
        bits, length = bits << 6 | values[-1], length + 6
    free = 8 * _DATA - length
    ended = min(9, free)
    bits, free = bits << ended, free - ended
    bits, free = bits << free % 8, free - free % 8
    for number in range(free // 8):
        bits = bits << 8 | (0x11 if number % 2 else 0xEC)
    return bits


def _symbol(bits: int) -> int:
    """The symbol with the mask of the highest score, the first of several (7.8.3.2)."""
    turned = _turned()
    drawn = 0
    while bits:
        lowest = bits & -bits
        drawn ^= turned[lowest.bit_length() - 1]
        bits ^= lowest
    return max((drawn ^ mask for mask in _masks()), key=_score)


def _score(symbol: int) -> int:
    right, bottom = (symbol & _RIGHT).bit_count(), (symbol & _BOTTOM).bit_count()
    return min(right, bottom) * 16 + max(right, bottom)


_RIGHT: Final = sum(1 << SIDE * row + SIDE - 1 for row in range(1, SIDE))
_BOTTOM: Final = sum(1 << SIDE * (SIDE - 1) + column for column in range(1, SIDE))


@cache
def _turned() -> tuple[int, ...]:
    """The modules that each data bit turns, the last bit first: its own, and those of the correction."""
    places = _places()
    found = []
    for bit in range(8 * _DATA):
        codewords = (1 << bit).to_bytes(_DATA, "big")
        whole = int.from_bytes(codewords + _correction(codewords), "big")
        size = 8 * (_DATA + _CORRECTION)
        found.append(sum(1 << place for at, place in enumerate(places) if whole >> size - 1 - at & 1))
    return tuple(found)


@cache
def _places() -> tuple[int, ...]:
    """The modules for data, in the order in which bits are placed: two columns up, two down (7.7.3)."""
    columns = range(SIDE - 1, 0, -2)
    return tuple(
        SIDE * row + column - aside
        for turn, column in enumerate(columns)
        for row in (range(SIDE) if turn % 2 else range(SIDE - 1, -1, -1))
        for aside in (0, 1)
        if _is_data(row, column - aside)
    )


def _is_data(row: int, column: int) -> bool:
    """Neither in the finder with what surrounds it, nor timing."""
    return row > 0 and column > 0 and (row > 8 or column > 8)


def _correction(data: bytes) -> bytes:
    """The remainder of the data by the generator, over GF(256) with 0x11D (7.5.2)."""
    generator = [1]
    for power in range(_CORRECTION):
        longer = [*generator, 0]
        for at, value in enumerate(generator):
            longer[at + 1] ^= _times(value, _power(power))
        generator = longer
    rest = [*data, *[0] * _CORRECTION]
    for at in range(len(data)):
        lead = rest[at]
        for place, value in enumerate(generator):
            rest[at + place] ^= _times(lead, value)
    return bytes(rest[len(data) :])


def _power(exponent: int) -> int:
    value = 1
    for _ in range(exponent):
        value = _times(value, 2)
    return value


def _times(one: int, other: int) -> int:
    product = 0
    while other:
        if other & 1:
            product ^= one
        one = one << 1 ^ (0x11D if one & 0x80 else 0)
        other >>= 1
    return product


@cache
def _masks() -> tuple[int, ...]:
    """What each mask turns, with all that is no data: finder, timing, and the format with that mask."""
    fixed = sum(
        1 << SIDE * row + column for row in range(7) for column in range(7) if _is_finder(row, column)
    )
    fixed |= sum(1 << at | 1 << SIDE * at for at in range(8, SIDE, 2))
    return tuple(fixed | _format(number) | _mask(number) for number in range(4))


def _is_finder(row: int, column: int) -> bool:
    return row in (0, 6) or column in (0, 6) or (2 <= row <= 4 and 2 <= column <= 4)


def _mask(number: int) -> int:
    """Table 10, the masks of Micro QR."""
    every = ((row, column) for row in range(SIDE) for column in range(SIDE) if _is_data(row, column))
    return sum(1 << SIDE * row + column for row, column in every if _is_turned(number, row, column))


def _is_turned(number: int, row: int, column: int) -> bool:
    both = row * column
    terms = (row, row // 2 + column // 3, both % 2 + both % 3, (row + column) % 2 + both % 3)
    return terms[number] % 2 == 0


def _format(mask: int) -> int:
    """The 15 bits of format beside the finder, the highest first: along row 8, then up column 8 (7.9.2)."""
    data = _SYMBOL << 2 | mask
    rest = data << 10
    for at in range(14, 9, -1):
        if rest >> at & 1:
            rest ^= 0x537 << at - 10
    bits = (data << 10 | rest) ^ 0x4445
    places = [SIDE * 8 + column for column in range(1, 9)] + [SIDE * row + 8 for row in range(7, 0, -1)]
    return sum(1 << place for at, place in enumerate(places) if bits >> 14 - at & 1)
