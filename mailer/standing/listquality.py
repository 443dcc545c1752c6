"""`mailer clients quality`: what to mend in the list, the worst first, and one figure for it.

The figure is the share of active clients of whom nothing is to be mended, from 0 to 100. A client's weight
is the sum of what was found; two names at one address are told and weigh nothing, as they may well be right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Final
from uuid import UUID

from mailer.clients.duplicates import Alike, Pair, of_one_email, pairs
from mailer.clients.oddities import oddities
from mailer.clients.record import Client
from mailer.mailservice.addresscheck import UNDELIVERABLE, with_checks
from mailer.notice.words import spoken
from mailer.planning.mailfolder import MailFolder
from mailer.store.engine import Session
from mailer.store.listed import findings
from mailer.store.listed.addresschecks import AddressCheck
from mailer.store.listed.clients import CHUNK, by_ids, in_chunks

RETURNED: Final = 8
NOT_DELIVERABLE: Final = 6
TWICE: Final = 3


@dataclass(slots=True)
class Poor:
    """A client of whom something is to be mended, the heaviest said first."""

    client: Client
    found: list[tuple[int, str]] = field(default_factory=list)

    @property
    def weight(self) -> int:
        return sum(weight for weight, _ in self.found)


@dataclass(slots=True)
class ListQuality:
    """`poor` are the worst first; `twice` may be one client, `together` are two names at one address."""

    clients: int = 0
    poor: list[Poor] = field(default_factory=list)
    twice: list[Pair] = field(default_factory=list)
    together: list[Pair] = field(default_factory=list)

    @property
    def figure(self) -> int:
        """Of 100, rounded down: 100 is a list of which nothing is to be mended."""
        return 100 * (self.clients - len(self.poor)) // self.clients if self.clients else 100


def quality(mail: MailFolder) -> ListQuality:
    """Look at every active client."""
    found, poor = ListQuality(), dict[UUID, Poor]()
    with mail.store.read() as session:
        back = findings.came_back(session)
        known = with_checks(mail, (one for part in in_chunks(session, active=True) for one in part))
        for _, of_zip in groupby(known, lambda one: (one[0].address.country, one[0].address.zip[:5])):
            checked = list(of_zip)
            found.clients += len(checked)
            for client, *checks in checked:
                for finding in _found(client, checks, back.get(client.id)):
                    poor.setdefault(client.id, Poor(client)).found.append(finding)
            for pair in pairs([client for client, *_ in checked]):
                (found.twice if pair.alike is Alike.CLIENT else found.together).append(pair)
        found.twice += _of_one_email(session, found.twice)
    for pair in found.twice:
        for client, other in ((pair.one, pair.other), (pair.other, pair.one)):
            said = f"may be {other.number or other.email} {other.name}: {pair.why}"
            poor.setdefault(client.id, Poor(client)).found.append((TWICE, said))
    for one in poor.values():
        one.found.sort(key=lambda finding: -finding[0])
    found.poor = sorted(poor.values(), key=lambda one: (-one.weight, one.client.key))
    return found


def _found(
    client: Client, checks: Sequence[AddressCheck | None], back: tuple[str, date] | None
) -> Iterator[tuple[int, str]]:
    yield from oddities(client)
    if any(check and check.deliverability == UNDELIVERABLE for check in checks):
        yield NOT_DELIVERABLE, "the postal data call the address undeliverable"
    if back:
        yield RETURNED, f"{back[0]} came back on {spoken(back[1])}; the address is the same"


def _of_one_email(session: Session, known: Sequence[Pair]) -> Iterator[Pair]:
    """Those whom the e-mail alone brings together."""
    there = {frozenset((pair.one.id, pair.other.id)) for pair in known}
    two = [ids for ids in findings.of_one_email(session) if frozenset(ids) not in there]
    for at in range(0, len(two), CHUNK):
        part = two[at : at + CHUNK]
        clients = by_ids(session, [client for ids in part for client in ids])
        found = (of_one_email(clients[one], clients[other]) for one, other in part)
        yield from (pair for pair in found if pair is not None)
