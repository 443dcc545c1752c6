"""Which column of a list is which field: guessed from the headings, overridden by `--map`. Pure.

A target is a field's name in an import: `number`, `company`, `zip`, `notice-zip`, `contract`,
`service.hourly-support`, … (`TARGETS`), or `ignore`. Each target is taken from one column, a street from
several where a known program has a line of the address in each. The address is taken from one group of
columns ("Mailing …", "Billing …", or without such a word): of those with a street, the most complete. Another
group completes it only where it has no street of its own.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mailer.clients.headings import ADDRESS, GROUPS, NO_SERVICE, NOTICE_GROUPS, PLAIN
from mailer.clients.programs import program_of
from mailer.errors import UsageProblem

IGNORE: Final = "ignore"
SERVICE: Final = "service."
TARGETS: Final = (*PLAIN, *ADDRESS, *(f"notice-{part}" for part in ADDRESS))
NAMES: Final = frozenset(("company", "name", "contact", "first-name", "last-name"))

_CORE: Final = ("line1", "city", "state", "zip")
_PLACE: Final = frozenset(("city", "state", "zip"))
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NOT_WORD: Final = re.compile(r"[\W_]+")
_BRACKETS: Final = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_RATE_FIRST: Final = re.compile(r"(?:service|rate)\s*[.:/ _-]\s*(.+)", re.IGNORECASE | re.DOTALL)
_RATE_ALONE: Final = re.compile(r"rates?(?: (?:usd|hourly))?(?: (?:per |an? )?(?:hr|hour))?|hourly|per hour")
_RATE_LAST: Final = re.compile(r"(.+?) rates?(?: usd| per hour| hourly| hr)?")


@dataclass(frozen=True, slots=True)
class Column:
    """What one column of the file is taken as. `index` is from 0; `target` is "" where it is ignored.

    `note` says why where that is not plain: "as mapped", "the phone is taken from “Phone 1”".
    """

    index: int
    heading: str
    target: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Guess:
    target: str
    group: str = ""  # of an address
    rank: int = 0  # the lower the better


def _key(heading: str) -> str:
    return _NOT_WORD.sub("", heading.casefold())


_PLAIN: Final = {
    key: _Guess(target, rank=rank) for target, keys in PLAIN.items() for rank, key in enumerate(keys)
}


def _address_guesses() -> dict[str, _Guess]:
    guesses: dict[str, _Guess] = {}
    for groups, prefix in ((GROUPS, ""), (NOTICE_GROUPS, "notice-")):
        for group in sorted(groups, key=bool):
            for part, keys in ADDRESS.items():
                for rank, key in enumerate(keys):
                    guesses.setdefault(group + key, _Guess(prefix + part, group, rank))
    return guesses


_ADDRESS: Final = _address_guesses()


def _guess(heading: str) -> _Guess | None:
    key = _key(heading)
    if found := _PLAIN.get(key) or _ADDRESS.get(key):
        return found
    service = _service_of(heading)
    if service:
        return _Guess(SERVICE + service)
    bare = _key(_BRACKETS.sub(" ", heading))
    return _PLAIN.get(bare) or _ADDRESS.get(bare) if bare != key else None


def _service_of(heading: str) -> str:
    """The service of a rate's heading, as a slug: "Hourly Support Rate" is hourly-support; else ""."""
    text = _BRACKETS.sub(" ", heading).strip()
    first = _RATE_FIRST.fullmatch(text)
    words = " ".join(_NOT_WORD.sub(" ", _CAMEL.sub(" ", first[1] if first else text)).casefold().split())
    last = _RATE_LAST.fullmatch(words)
    if last:
        words = last[1]
    elif not first:
        return ""
    return "" if words in NO_SERVICE else words.replace(" ", "-") if words.isascii() else ""


def _rate_alone(heading: str) -> bool:
    """Is it a rate of which only a person knows what for: "Rate", "Rate/hr", "$ per hour"."""
    words = " ".join(_NOT_WORD.sub(" ", _BRACKETS.sub(" ", heading)).replace("$", " ").casefold().split())
    return bool(_RATE_ALONE.fullmatch(words))


def score(cells: Sequence[str]) -> tuple[bool, int]:
    """How far a row looks like headings: whether it names client and address, and how many targets."""
    targets = {guess.target for cell in cells if len(cell) < 60 and (guess := _guess(cell))}
    whole = not NAMES.isdisjoint(targets) and bool({"line1", "zip"} & targets)
    return whole, len(targets)


def resolve(target: str, *, option: str) -> str:
    """A target as a user writes it in `--map` or `--set`; UsageProblem for an unknown one."""
    name = target.strip().casefold()
    if name.startswith(SERVICE):
        slug = name.removeprefix(SERVICE).strip().replace("_", "-").replace(" ", "-")
        if not _SLUG.fullmatch(slug):
            raise UsageProblem(
                f"“{target.strip()}” does not name a service.",
                where=option,
                todo="Write it with letters, digits and hyphens, for example service.hourly-support.",
            )
        return SERVICE + slug
    name = name.replace("_", "-").replace(" ", "-")
    if name in TARGETS or name == IGNORE:
        return name
    known = [*TARGETS, IGNORE, "service."]
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    perhaps = f"Perhaps you meant {near[0]}. " if near else ""
    raise UsageProblem(
        f"“{target.strip()}” is not a field of a client.",
        where=option,
        todo=f"{perhaps}The fields are {', '.join(TARGETS)}, service.NAME for a rate, and ignore.",
    )


def parse_maps(texts: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """`--map` options, "Acct No=number", as (heading, target)."""
    maps = []
    for text in texts:
        heading, equals, target = text.rpartition("=")
        if not equals or not heading.strip():
            raise UsageProblem(
                f"“{text}” does not say which column is which field.",
                where="--map",
                todo="Write --map 'COLUMN=FIELD', for example --map 'Acct No=number'.",
            )
        maps.append((heading.strip(), resolve(target, option=f"--map “{text}”")))
    return tuple(maps)


def parse_sets(texts: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """`--set` options, "contract=none", as (target, value)."""
    sets: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not value.strip():
            raise UsageProblem(
                f"“{text}” does not set a field.",
                where="--set",
                todo="Write --set FIELD=VALUE, for example --set service.hourly-support=130.",
            )
        target = resolve(name, option=f"--set “{text}”")
        if target == IGNORE or target in sets:
            raise UsageProblem(
                f"“{name.strip()}” {'cannot be set' if target == IGNORE else 'is set twice'}.",
                where=f"--set “{text}”",
                todo="Name each field of a client at most once.",
            )
        sets[target] = value.strip()
    return tuple(sets.items())


def choose(headings: Sequence[str], maps: Sequence[tuple[str, str]] = ()) -> tuple[Column, ...]:
    """What each column is taken as. Raises UsageProblem where `maps` and the headings do not fit."""
    mapped = _mapped(headings, maps)
    exported = _exported(headings, mapped)
    mapped |= {index: target for index, (target, _) in exported.items()}
    guesses = {
        index: guess
        for index, heading in enumerate(headings)
        if index not in mapped and heading and (guess := _guess(heading))
    }
    taken = {target: index for index, target in sorted(mapped.items(), reverse=True) if target != IGNORE}
    notes: dict[int, str] = {}
    for prefix, groups in (("", GROUPS), ("notice-", NOTICE_GROUPS)):
        notes |= _take_address(headings, guesses, taken, prefix, groups)
    addresses = {prefix + part for prefix in ("", "notice-") for part in ADDRESS}
    for index, guess in sorted(guesses.items(), key=lambda item: (item[1].rank, item[0])):
        if guess.target not in addresses:
            taken.setdefault(guess.target, index)
    by_index = {index: target for target, index in taken.items()} | {
        at: one for at, (one, _) in exported.items()
    }
    columns = []
    for index, heading in enumerate(headings):
        target, note = by_index.get(index, ""), notes.get(index, "")
        if index in exported:
            note = f"as {exported[index][1]} has it"
        elif index in mapped:
            note = "as mapped"
        elif not target and _rate_alone(heading):
            note = f'a rate: say of which service, --map "{heading}=service.hourly-support"'
        elif not target and index in guesses and (other := taken.get(guesses[index].target)) is not None:
            note = f"{guesses[index].target} is taken from “{headings[other]}”"
        columns.append(Column(index, heading, target, note))
    return tuple(columns)


def repeated(columns: Sequence[Column]) -> tuple[str, ...]:
    """Headings that stand more than once and of which a column is used: which one is meant is unknown."""
    seen: dict[str, list[Column]] = {}
    for column in columns:
        if column.heading:
            seen.setdefault(column.heading.casefold(), []).append(column)
    return tuple(
        same[0].heading
        for same in seen.values()
        if len(same) > 1 and any(column.target and column.note != "as mapped" for column in same)
    )


def _exported(headings: Sequence[str], mapped: Mapping[int, str]) -> dict[int, tuple[str, str]]:
    """What a known program's export calls a field: column → its target and the program; --map goes before."""
    keys = [_key(heading) for heading in headings]
    program = program_of(keys)
    found: dict[int, tuple[str, str]] = {}
    taken = set(mapped.values())
    for key, target in program.columns.items() if program else ():
        if key in keys and keys.index(key) not in mapped and target not in taken:
            found[keys.index(key)] = (target, program.name if program else "")
            taken |= {target} - {IGNORE}
    lines = [keys.index(key) for key in (program.lines if program else ()) if key in keys]
    if program and taken.isdisjoint(ADDRESS) and not set(lines) & set(mapped):
        found |= dict.fromkeys(lines, ("line1", program.name))
    return found


def _mapped(headings: Sequence[str], maps: Sequence[tuple[str, str]]) -> dict[int, str]:
    mapped: dict[int, str] = {}
    for wanted, target in maps:
        found = [index for index, heading in enumerate(headings) if heading == wanted]
        found = found or [
            index for index, heading in enumerate(headings) if _key(heading) == _key(wanted) != ""
        ]
        option = f"--map “{wanted}={target}”"
        if len(found) != 1:
            near = difflib.get_close_matches(wanted, headings, n=1, cutoff=0.5)
            perhaps = f"Perhaps you meant “{near[0]}”. " if near and not found else ""
            named = ", ".join(f"“{heading}”" for heading in headings if heading)
            raise UsageProblem(
                f"the list has {'several columns' if found else 'no column'} “{wanted}”.",
                where=option,
                todo=f"{perhaps}Its columns are {named}.",
            )
        if found[0] in mapped or (target != IGNORE and target in mapped.values()):
            raise UsageProblem(
                "the column or the field is mapped twice.",
                where=option,
                todo="Map each column once, and each field from one column.",
            )
        mapped[found[0]] = target
    return mapped


def _take_address(
    headings: Sequence[str],
    guesses: dict[int, _Guess],
    taken: dict[str, int],
    prefix: str,
    groups: Sequence[str],
) -> dict[int, str]:
    """Put one address into `taken`; notes, by column, on what completes it and what is another's.

    Parts of two addresses together would be a place that does not exist, or one of somebody else.
    """
    by_group: dict[str, dict[str, int]] = {}
    for index, guess in sorted(guesses.items(), key=lambda item: (item[1].rank, item[0])):
        part = guess.target.removeprefix(prefix)
        if guess.group in groups and guess.target == prefix + part and part in ADDRESS:
            by_group.setdefault(guess.group, {}).setdefault(part, index)
    street = taken.get(prefix + "line1")
    if street is not None and (named := _guess(headings[street])) and named.group in groups:
        best = named.group  # a mapped street draws what belongs to it
        by_group.setdefault(best, {})["line1"] = street
    elif by_group:
        best = max(by_group, key=lambda group: (_fullness(by_group[group]), -groups.index(group)))
    else:
        return {}
    own = by_group[best]
    notes: dict[int, str] = {}
    for part in ADDRESS:
        if (lender := _lender(by_group, best, part)) is not None:
            index = taken.setdefault(prefix + part, by_group[lender][part])
            if lender != best and index == by_group[lender][part] and "line1" in own:
                notes[index] = f"completes “{headings[own['line1']]}”"
        elif prefix + part not in taken:
            of = f" than “{headings[own['line1']]}”" if "line1" in own else ""
            for index in (parts[part] for parts in by_group.values() if part in parts):
                option = f"--map '{headings[index]}={prefix}{part}'"
                notes[index] = f"of another address{of}; to take it: {option}"
    return notes


def _fullness(parts: Collection[str]) -> tuple[bool, int]:
    return "line1" in parts, sum(part in parts for part in _CORE)


def _lender(by_group: Mapping[str, Mapping[str, int]], best: str, part: str) -> str | None:
    """The group that a part of the address is taken from; None where that would mix two addresses.

    It is `best` itself, or, where the list has no other street, the group without a word of its own, or
    the only one that has the part. A suite and a country are never taken from a group with a word ("Billing
    Address 2"), nor a place from a group that names another one.
    """
    own = by_group[best]
    if part in own:
        return best
    if any("line1" in parts for group, parts in by_group.items() if group != best):
        return None
    lenders = [group for group, parts in by_group.items() if part in parts]
    if part in _PLACE:
        lenders = [group for group in lenders if _PLACE.isdisjoint(own.keys() & by_group[group].keys())]
    elif part != "line1":
        lenders = [group for group in lenders if not group]
    return "" if "" in lenders else lenders[0] if len(lenders) == 1 else None
