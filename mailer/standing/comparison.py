"""`mailer rates --compare`: what this version of mailer answers otherwise than another one did.

The other's answers are the JSON that it wrote (`mailer rates --worked-on DAY --json`): an old judge inside
the new program would be a second judge. Amounts are compared as numbers, so that 138.0 is 138.00; a client is
the same by its id, else by its number.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from mailer.errors import NONSENSE, MailerError, UsageProblem
from mailer.givenfile import read_given
from mailer.planning.mailfolder import MailFolder
from mailer.standing.rates import Priced, prices

_LARGEST: Final = 2_000_000_000  # bytes; a million clients are about a third of it
_TODO: Final = "Make it with the other version: mailer rates --worked-on DAY --json > FILE"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one version says of a service: the rate, why, and new rates that do not count."""

    rate: Decimal
    because: str
    pending: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A service of a client of which the two answer otherwise; None where one says nothing of it."""

    id: str
    number: str
    name: str
    service: str
    then: Answer | None
    now: Answer | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """`compared` counts services."""

    worked_on: date
    compared: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """A client in the file."""

    id: str
    number: str
    name: str
    services: dict[str, Answer]


def compare(mail: MailFolder, file: Path, worked_on: date | None = None, client: str = "") -> Comparison:
    """What is answered otherwise for the day of the file; `client` names one to look at alone.

    Raises MailerError where the file is no such answer, UsageProblem where it is for another day.
    """
    day, told = _read(file)
    if worked_on is not None and worked_on != day:
        raise UsageProblem(
            f"it has the rates for work done on {day}, not {worked_on}.",
            where=str(file),
            todo="Leave --worked-on out, or make the file again for that day.",
        )
    ids, numbers = {one.id: one for one in told}, {one.number: one for one in told if one.number}
    seen: set[str] = set()
    found: list[Difference] = []
    compared = 0
    for priced in prices(mail, day, client):
        number = priced.client.number
        then = ids.get(str(priced.client.id)) or numbers.get(number)
        if then is not None:
            seen.add(then.id)
        now = _now(priced, number)
        compared += len(now.services.keys() | (then.services.keys() if then else ()))
        found += _differences(then, now)
    if not client:
        for then in told:
            if then.id not in seen:
                compared += len(then.services)
                found += _differences(then, _Told(then.id, then.number, then.name, {}))
    return Comparison(day, compared, tuple(found))


def _now(priced: Priced, number: str) -> _Told:
    services = {one.service: Answer(one.amount, one.because, one.pending) for one in priced.services}
    return _Told(str(priced.client.id), number, priced.client.name, services)


def _differences(then: _Told | None, now: _Told) -> Iterator[Difference]:
    before = then.services if then else {}
    for service in sorted(before.keys() | now.services.keys()):
        was, is_ = before.get(service), now.services.get(service)
        if was is None or is_ is None or was.rate != is_.rate:
            yield Difference(now.id, now.number, now.name, service, was, is_)


def _read(file: Path) -> tuple[date, list[_Told]]:
    try:
        data: Any = json.loads(read_given(file, _LARGEST, todo=_TODO), parse_float=Decimal)
        return date.fromisoformat(data["worked_on"]), [_client(one) for one in data["clients"]]
    except NONSENSE:
        raise MailerError("is not what `mailer rates --json` writes.", where=str(file), todo=_TODO) from None


def _client(one: Any) -> _Told:
    services = {
        str(each["service"]): Answer(
            Decimal(each["rate"]), str(each["because"]), tuple(str(why) for why in each["pending"])
        )
        for each in one["services"]
    }
    return _Told(str(one["id"]), str(one["number"]), str(one["name"]), services)
