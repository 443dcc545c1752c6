"""Who a row is: the key by which the next import knows the same client again. Pure.

"id:…" the list's own number; else "email:…" where no other row of the file has that address; else
"name:…|zip", the printed name and the five-digit ZIP. Keys are in lower case. An e-mail address that several
rows share is no identity: those rows go by name and ZIP. Rows that end up with the same key are ambiguous
and all refused.

Known limit: a client without a number whose e-mail address comes to be shared changes its key.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from functools import lru_cache
from typing import Final, NamedTuple

from mailer.clients.cells import Remark, Unusable, filled
from mailer.clients.places import mend_zip

_EMAIL: Final = re.compile(r"[^@\s,;<>\"()\[\]\\]+@(?:[^@\s,;<>\"()\[\]\\.]+\.)+[^@\s,;<>\"()\[\]\\.]{2,}")
_ZIP_AT_END: Final = re.compile(
    r"([0-9]{5})(?:-[0-9]{4})?(?:[,\s]+(?:USA?|United States))?\s*$", re.IGNORECASE
)


_LONGEST_EMAIL: Final = 1_000  # characters of a cell with one or several addresses
_PARTS: Final = 64  # by their hash: what is compared at once is one of them
_MOST_TWINS: Final = 6  # rows with the same key that are kept: as many as are named, and the row itself


class Identity(NamedTuple):
    """What a row may be known by; absent ones are "". All in lower case."""

    number: str
    email: str
    name: str
    place: str


def mend_email(text: str) -> tuple[str, str]:
    """The e-mail address and a note. Paper goes out without one, so a malformed one is dropped."""
    if len(text) > _LONGEST_EMAIL:
        return "", Remark(f"e-mail of {len(text):,} characters left out: it is not an address")
    if not text or _EMAIL.fullmatch(text):
        return text, ""
    if not filled(text):
        return "", ""
    found = _EMAIL.findall(text)
    if not found:
        return "", Remark(f"e-mail “{text}” left out: it is not an address")
    return found[0], f"e-mail “{text}” → {found[0]}"


def identity_of(number: str, email: str, name: str, zip_code: str) -> Identity:
    """What counts of these: the number alone where there is one.

    `zip_code` may be as in the file; where it is a whole address, the ZIP at its end counts.
    """
    if number and (number := filled(number)):
        return Identity(number.casefold(), "", "", "")
    return Identity("", mend_email(email)[0].casefold(), name.casefold(), _place(zip_code))


@lru_cache(maxsize=1 << 16)
def _place(zip_code: str) -> str:
    if found := _ZIP_AT_END.search(zip_code):
        return str(found[1])
    try:
        return mend_zip(zip_code)[0][:5]
    except Unusable:
        return zip_code.casefold()


class Census:
    """The identities of one file, as hashes: 16 bytes a row with a number, 24 with an e-mail address; once
    a key was asked for, only what several rows share. Never the rows.
    """

    def __init__(self) -> None:
        self._keys = _parts()  # hash of a number or a name, row; of rows that go by it
        self._emails = _parts()  # hash, hash of the name, row
        self._shared: set[int] = set()  # hashes of e-mail addresses of several rows
        self._twins: dict[int, list[int]] = {}  # hash of a key that several rows have: the first of the rows

    def add(self, row: int, known: Identity) -> None:
        """Count a row; not once a key was asked for."""
        if known.number:
            key = hash(known.number)
        elif known.email:
            email = hash(known.email)
            self._emails[email % _PARTS].extend((email, hash((known.name, known.place)), row))
            return
        else:
            key = hash((known.name, known.place))
        self._keys[key % _PARTS].extend((key, row))

    def key_of(self, row: int, known: Identity) -> tuple[str, tuple[int, ...]]:
        """The row's key, and other rows that have the same one: the first few."""
        if self._keys:
            self._compare()
        if known.number:
            key, hashed = f"id:{known.number}", hash(known.number)
        elif known.email and hash(known.email) not in self._shared:
            return f"email:{known.email}", ()
        else:
            key, hashed = f"name:{known.name}|{known.place}", hash((known.name, known.place))
        if not self._twins:
            return key, ()
        return key, tuple(other for other in self._twins.get(hashed, ()) if other != row)

    def _compare(self) -> None:
        """Find what several rows share; the rest is held no longer."""
        for part in self._emails:
            twice = _twice(part[::3])
            self._shared |= twice
            for email, name, row in zip(part[::3], part[1::3], part[2::3], strict=True):
                if email in twice:
                    self._keys[name % _PARTS].extend((name, row))
        for part in self._keys:
            twice = _twice(part[::2])
            for key, row in sorted(zip(part[::2], part[1::2], strict=True)) if twice else ():
                if key in twice and len(twins := self._twins.setdefault(key, [])) < _MOST_TWINS:
                    twins.append(row)
        self._keys, self._emails = [], []


def _parts() -> list[array[int]]:
    return [array("q") for _ in range(_PARTS)]


def _twice(hashes: array[int]) -> set[int]:
    """Those that stand more than once."""
    if len(set(hashes)) == len(hashes):
        return set()
    return {one for one, count in Counter(hashes).items() if count > 1}
