"""Clients who may be one and the same, and clients at one address: two things, told apart. Pure.

The same client twice: one e-mail address, or names alike at one place or in one ZIP code. Names are compared
without case, punctuation and legal form; of "Unit 12" and "Unit 14" the numbers must agree. An address is the
same in two spellings (mailer.clients.addresses.same_place); another suite is another address. What may be
compared is what shares a ZIP code or an e-mail address, so that the work follows the list and not its square;
of a crowd, each is put beside a few that are next to it or most like it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from mailer.clients.addresses import same_place
from mailer.clients.record import Client

AT_ONE_PLACE: Final = 80  # of 100: names this much alike at one address are one client's
IN_ONE_ZIP: Final = 92
CROWD: Final = 100  # at one address: an agent's or a mail drop's may be that of thousands
REACH: Final = 1_000  # others in a ZIP code whose names are compared with one's
MOST: Final = 10  # others that one of a crowd is put beside
_FORMS: Final = frozenset(
    (
        *("inc", "incorporated", "llc", "llp", "pllc", "lp", "co", "company", "corp", "corporation", "ltd"),
        *("limited", "pc", "pa", "the", "and", "of", "dba"),
    )
)
_WORD: Final = re.compile(r"[^\W_]+")
_NUMBER: Final = re.compile(r"[0-9]+")


class Alike(StrEnum):
    """What two rows of the list have in common."""

    CLIENT = "same client twice"
    ADDRESS = "same address"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two clients in the order of the list, and why they were put side by side."""

    one: Client
    other: Client
    alike: Alike
    why: str


def pairs(clients: Sequence[Client]) -> list[Pair]:
    """Every pair among clients of one ZIP code, the same client twice first; a pair stands once."""
    plain = {client.id: _plain(client.name) for client in clients}
    places: dict[str, list[Client]] = {}
    for client in clients:
        places.setdefault(same_place(client.address), []).append(client)
    found: dict[frozenset[UUID], Pair] = {}
    for group in places.values():
        for one, other in _neighbours(group, plain):
            if _score(plain[one.id], plain[other.id]) >= AT_ONE_PLACE:
                _enter(found, Pair(one, other, Alike.CLIENT, "names alike at the same address"))
            else:
                _enter(found, Pair(one, other, Alike.ADDRESS, "two names at the same address"))
    for pair in _in_one_zip(clients, plain):
        _enter(found, pair)
    return sorted(found.values(), key=lambda pair: pair.alike is not Alike.CLIENT)


def of_one_email(one: Client, other: Client) -> Pair | None:
    """A pair that alone has an e-mail address, where the names do not speak against it."""
    if _score(_plain(one.name), _plain(other.name)) < AT_ONE_PLACE:
        return None
    return Pair(one, other, Alike.CLIENT, "names alike with the same e-mail")


def _enter(found: dict[frozenset[UUID], Pair], pair: Pair) -> None:
    """The same client twice outweighs the same address."""
    key = frozenset((pair.one.id, pair.other.id))
    if key not in found or pair.alike is Alike.CLIENT is not found[key].alike:
        found[key] = pair


def _neighbours(group: list[Client], plain: Mapping[UUID, str]) -> Iterator[tuple[Client, Client]]:
    """Two and two at one address, in the order of the list: all of them, where it is no crowd."""
    place = {client.id: at for at, client in enumerate(group)}
    reach = MOST if len(group) > CROWD else CROWD
    by_name = sorted(group, key=lambda client: plain[client.id])
    for at, one in enumerate(by_name):
        for other in by_name[at + 1 : at + 1 + reach]:
            yield (one, other) if place[one.id] < place[other.id] else (other, one)


def _in_one_zip(group: Sequence[Client], plain: Mapping[UUID, str]) -> Iterator[Pair]:
    from rapidfuzz import fuzz, process  # noqa: PLC0415 (a tenth of a second that other commands need not wait)

    listed = [(" ".join(sorted(plain[client.id].split())), at) for at, client in enumerate(group)]
    if len(group) > REACH:  # a country without postal codes: each is put beside those that begin like it
        listed.sort()
    names = [name for name, _ in listed]
    for at, name in enumerate(names):
        if not name:
            continue
        rest = names[at + 1 : at + 1 + REACH]
        close = process.extract(
            name, rest, scorer=fuzz.ratio, score_cutoff=IN_ONE_ZIP, limit=MOST, processor=None
        )
        for _, _, offset in close:
            one, other = (group[number] for number in sorted((listed[at][1], listed[at + 1 + offset][1])))
            if _numbers(name) == _numbers(rest[offset]):
                yield Pair(one, other, Alike.CLIENT, "names alike in the same ZIP code")


def _score(one: str, other: str) -> float:
    """0 to 100. "Benton" and "Benton Dental" are alike: at one address a shortened name is one client's."""
    from rapidfuzz import fuzz  # noqa: PLC0415 (as above)

    if not one or not other or _numbers(one) != _numbers(other):
        return 0
    return max(fuzz.token_sort_ratio(one, other), fuzz.token_set_ratio(one, other) - 5)


def _plain(name: str) -> str:
    """A name in its words without legal form: "The Benton Co., Inc." is "benton"."""
    words = _WORD.findall(name.casefold().replace("'", "").replace(".", ""))
    return " ".join(word for word in words if word not in _FORMS)


def _numbers(text: str) -> list[str]:
    return sorted(_NUMBER.findall(text))
