"""What binds rows of the database to an event: hashes of what a person could else edit unseen. Pure.

A piece has three. `sha256` is of its own pages (mailer.pages.pagehash); `facts` of what it states, where its
pages are stored and the ids of its clients, and is never dropped; `person` of the name and address, with the
piece's own salt, so that dropping the salt forgets the person and leaves the proof standing. A client has a
salted one for all its dated terms and one for all its base rates. Hashes are SHA-256, in hexadecimal, of
canonical JSON: UTF-8, keys sorted, no white space; days are ISO 8601, money is text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from mailer.ledger.records import Piece
from mailer.ledger.stated import Stated
from mailer.money import plain

FACTS: Final = ("facts", "file", "first_page", "last_page", "sha256", "recipient_digest")
"""The columns of a piece that its leaf `facts` binds, and with them the clients that it covers."""
PERSON: Final = ("recipient_name", "recipient", "zip", "address", "salt")
"""The columns of a piece that its leaf `person` binds."""

Pages = tuple[str, int, int, str, str]
"""A piece's stored file, its first and last page there, their SHA-256, the digest of all that it prints."""


class Leaves(NamedTuple):
    """What binds a piece."""

    sha256: str
    facts: str
    person: str

    @property
    def line(self) -> str:
        return " ".join(self)


def leaves_of(piece: Piece, clients: Iterable[UUID]) -> Leaves:
    """What binds a piece that covers these clients."""
    facts = facts_leaf(
        piece.facts,
        (piece.file, piece.first_page, piece.last_page, piece.sha256, piece.recipient_digest),
        clients,
    )
    person = person_of(piece.recipient_name, piece.recipient, piece.zip, piece.address)
    return Leaves(piece.sha256, facts, salted_leaf(piece.salt, person))


def facts_leaf(stated: Stated, pages: Pages, clients: Iterable[UUID]) -> str:
    """The SHA-256 of `facts_text`."""
    return _hashed(facts_text(stated, pages, clients))


def facts_text(stated: Stated, pages: Pages, clients: Iterable[UUID]) -> str:
    """What the leaf `facts` is the hash of, as JSON: what a piece states, its pages, and the ids of the
    clients that it covers, sorted.
    """
    file, first, last, sha256, digest = pages
    covered = '","'.join(sorted(map(str, clients)))
    covered = f'"{covered}"' if covered else ""
    return f'[{_written(stated)},"{file}",{first},{last},"{sha256}","{digest}",[{covered}]]'


def person_of(name: str, lines: Sequence[str], code: str, address: Mapping[str, str] | None) -> list[Any]:
    """What the leaf `person` is the salted hash of: the recipient's name, the address as printed, its ZIP
    code, and the address in parts.
    """
    return [name, list(lines), code, address]


def salted_leaf(salt: str, content: Sequence[object]) -> str:
    return _hashed(f"{salt}\0{written(content)}")


def leaf(content: Sequence[object]) -> str:
    """As `salted_leaf`, without a salt."""
    return _hashed(written(content))


def output_of(hashes: Iterable[str]) -> str:
    """An approval's output: SHA-256 over the sorted hashes of a mailing's live pieces, one a line."""
    return output_in_order(sorted(hashes))


def output_in_order(hashes: Iterable[str]) -> str:
    """As `output_of`, of hashes that are sorted."""
    whole = hashlib.sha256()
    for sha256 in hashes:
        whole.update(f"{sha256}\n".encode())
    return whole.hexdigest()


def root_of(leaves: Iterable[Leaves]) -> str:
    """Over what binds the live pieces of a mailing, by number."""
    whole = hashlib.sha256()
    for one in leaves:
        whole.update(f"{one.line}\n".encode())
    return whole.hexdigest()


_KNOWN: Final[dict[int, tuple[Stated, str]]] = {}
_MOST: Final = 1_024


def _written(stated: Stated) -> str:
    """What many state alike is one object where it is read (mailer.store.types): it is known by its place in
    memory, and kept with it, for to hash its values costs more than all the rest of a leaf.
    """
    known = _KNOWN.get(id(stated))
    if known is None:
        if len(_KNOWN) >= _MOST:
            _KNOWN.clear()
        known = _KNOWN[id(stated)] = (stated, _text(stated))
    return known[1]


@lru_cache(maxsize=4_096)
def _text(stated: Stated) -> str:
    return written(stated.written())


def written(content: object) -> str:
    """Canonical JSON; days, money and words of an enum as text."""
    return _ENCODE(content)


def _plain(value: object) -> str:
    match value:
        case date():
            return value.isoformat()
        case Decimal():
            return plain(value)
        case Enum():
            return str(value.value)
        case UUID():
            return value.hex
    raise TypeError(f"{value!r} cannot be bound")


_ENCODE: Final = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain
).encode


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
