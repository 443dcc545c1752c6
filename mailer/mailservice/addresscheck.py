"""`mailer clients verify`: what the postal data say of the clients' addresses, and when they were asked.

A check is kept by the hash of exactly what was asked, so a corrected address counts as unchecked. Its day is
the real one, MAILER_TODAY or not. A test key verifies nothing (its answers are canned): what it says is
shown and never kept. Each answer is kept as it comes; whoever interrupts it loses none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Final
from uuid import UUID

from mailer.clients.addresses import digest
from mailer.clients.record import Address, Client
from mailer.errors import ServiceTrouble
from mailer.mailservice import service as asked
from mailer.mailservice.service import PostalData, Throttled, Verification, VerifyOutcome, ending, why
from mailer.notice.spans import days_since
from mailer.planning.mailfolder import MailFolder
from mailer.progress import Progress, silent
from mailer.store.listed.addresschecks import AddressCheck, checks_of, keep_check
from mailer.store.listed.clients import active_after, count_active, find, one_client

WORKERS: Final = 8  # the service's own pace holds them back
AT_ONCE: Final = 500  # clients of one reading
TRIES: Final = 4
DELIVERABLE: Final = "deliverable"
UNDELIVERABLE: Final = "undeliverable"
SAYS: Final = {
    DELIVERABLE: "deliverable",
    "deliverable_unnecessary_unit": "deliverable; the unit is not needed",
    "deliverable_incorrect_unit": "deliverable to the building; the unit is wrong",
    "deliverable_missing_unit": "deliverable to the building; the unit is missing",
    UNDELIVERABLE: "undeliverable",
    "": "the service says nothing of it",
}


@dataclass(frozen=True, slots=True)
class AddressFinding:
    """An address of which there is something to say. `notice`: it is the client's notice address."""

    client: Client
    notice: bool
    address: Address
    check: AddressCheck

    def different(self) -> dict[str, str]:
        """The parts that the service spells otherwise; capitals are its habit and no difference."""
        there = self.check.suggestion
        if there is None:
            return {}
        parts = {name: (getattr(self.address, name), getattr(there, name)) for name in _US}
        return {name: new for name, (old, new) in parts.items() if old.casefold() != new.casefold()}


@dataclass(slots=True)
class AddressesChecked:
    """What a run came to. Counts are of addresses; `known` were checked before and not asked again,
    `problems` are (client, why) of those that the service did not answer.
    """

    live: bool
    asked: int = 0
    known: int = 0
    abroad: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    findings: list[AddressFinding] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    stopped: str = ""

    @property
    def undeliverable(self) -> int:
        return self.counts.get(UNDELIVERABLE, 0)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom to ask about: those named, else every active client whose address is not checked; `again`: the
    checked ones too, `older_than`: those whose check is older than so many days.
    """

    clients: Sequence[str] = ()
    again: bool = False
    older_than: int | None = None


_US: Final = ("line1", "line2", "city", "state", "zip")


def verify(
    mail: MailFolder, service: PostalData, scope: Scope, *, progress: Progress = silent
) -> AddressesChecked:
    """Ask about every address in the scope and keep the answers.

    Raises UsageProblem where a name is no client's. Where the service can't be asked it stops with
    `stopped` set; what was answered before is kept.
    """
    done = AddressesChecked(service.live)
    run = _Run(mail, service, scope, done, progress)
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="verify") as pool:
        for clients in run.parts():
            if not run.ask(pool, clients):
                break
    done.findings.sort(key=lambda one: (one.check.deliverability != UNDELIVERABLE, one.client.name))
    return done


def trouble(done: AddressesChecked, service: PostalData) -> ServiceTrouble | None:
    """The error that a run ends with where the service did not do its part."""
    if not done.stopped:
        return None
    return ServiceTrouble(
        f"{done.stopped}.",
        where=service.name,
        todo=f"{done.asked:,} addresses were answered"
        f"{' and are on record' if done.live else ''}; run it again for the rest.",
    )


def checks(mail: MailFolder, clients: Collection[Client]) -> dict[tuple[UUID, bool], AddressCheck]:
    """(client, whether the notice address) → the check of the address as it is now, where there is one."""
    with mail.store.read() as session:
        kept = checks_of(session, {client.id for client in clients})
    found = {(one.client_id, one.address): one for one in kept}
    if not found:
        return {}
    return {
        (client.id, notice): found[client.id, digest(address)]
        for client in clients
        for notice, address in _addresses(client)
        if (client.id, digest(address)) in found
    }


def with_checks(
    mail: MailFolder, clients: Iterator[Client]
) -> Iterator[tuple[Client, AddressCheck | None, AddressCheck | None]]:
    """Each client with the checks of its address and of its notice address, where there are any."""
    while part := list(islice(clients, AT_ONCE)):
        known = checks(mail, part)
        yield from ((one, known.get((one.id, False)), known.get((one.id, True))) for one in part)


def _addresses(client: Client) -> Iterator[tuple[bool, Address]]:
    yield False, client.address
    if client.notice_address is not None:
        yield True, client.notice_address


@dataclass(slots=True)
class _Run:
    """One run over the list."""

    mail: MailFolder
    service: PostalData
    scope: Scope
    done: AddressesChecked
    progress: Progress
    total: int = 0
    looked_at: int = 0

    @property
    def today(self) -> date:
        """The real day, in a rehearsal too."""
        return self.mail.clock.now().astimezone(self.mail.settings.firm.time_zone).date()

    def parts(self) -> Iterator[list[Client]]:
        """The clients in the scope, some at a time; no transaction stays open while the service is asked."""
        if self.scope.clients:
            with self.mail.store.read() as session:
                named = {who.id: who for who in (one_client(find(session, t), t) for t in self.scope.clients)}
            self.total = len(named)
            yield list(named.values())
            return
        last: UUID | None = None
        while True:
            with self.mail.store.read() as session:
                self.total = self.total or count_active(session)
                found = active_after(session, last, AT_ONCE)
            if not found:
                return
            yield found
            last = found[-1].id

    def ask(self, pool: ThreadPoolExecutor, clients: Sequence[Client]) -> bool:
        """Ask about what is not known of these; whether to go on."""
        known = checks(self.mail, clients)
        waiting: dict[Future[VerifyOutcome], tuple[Client, bool, Address]] = {}
        for client in clients:
            for notice, address in _addresses(client):
                check = known.get((client.id, notice))
                if address.country != "US":
                    self.done.abroad += 1
                elif check is not None and not self._due(check):
                    self.done.known += 1
                    self._count(AddressFinding(client, notice, address, check))
                else:
                    future = pool.submit(_ask, self.service, address)
                    waiting[future] = (client, notice, address)
        try:
            for future in as_completed(waiting):
                self._take(future.result(), *waiting.pop(future))
                if self.done.stopped:
                    break
                self.progress("verifying", self.done.asked, 0)
        finally:
            self._end(waiting)
        self.looked_at += len(clients)
        self.progress("clients looked at", self.looked_at, self.total)
        return not self.done.stopped

    def _end(self, waiting: dict[Future[VerifyOutcome], tuple[Client, bool, Address]]) -> None:
        """Where it was broken off: nothing more is asked, and what is under way is kept."""
        under_way = {future: about for future, about in waiting.items() if not future.cancel()}
        for future, about in under_way.items():
            self._take(future.result(), *about)

    def _due(self, check: AddressCheck) -> bool:
        if self.scope.again or self.scope.clients:
            return True
        older = self.scope.older_than
        return older is not None and days_since(check.checked_on, self.today) > older

    def _take(self, answer: VerifyOutcome, client: Client, notice: bool, address: Address) -> None:
        if isinstance(answer, Verification):
            self._keep(answer, client, notice, address)
        elif stopped := ending(answer):
            self.done.stopped = stopped
        else:
            self.done.problems.append((f"{client.number or client.email} {client.name}", why(answer)))

    def _keep(self, found: Verification, client: Client, notice: bool, address: Address) -> None:
        there = Address(found.line1, found.line2, found.city, found.state, found.zip)
        suggestion = there if found.line1 and found.city else None
        check = AddressCheck(
            client.id,
            digest(address),
            self.today,
            self.service.name,
            found.deliverability,
            found.dpv_confirmation,
            suggestion,
        )
        if self.service.live:
            with self.mail.store.write() as session:
                keep_check(session, check)
        self.done.asked += 1
        self._count(AddressFinding(client, notice, address, check))

    def _count(self, one: AddressFinding) -> None:
        said = one.check.deliverability
        self.done.counts[said] = self.done.counts.get(said, 0) + 1
        if said not in (DELIVERABLE, ""):
            self.done.findings.append(one)


def _ask(service: PostalData, address: Address) -> VerifyOutcome:
    """Asking twice does no harm: nothing is mailed by it."""
    wanted = asked.PostalAddress("", "", *(getattr(address, part) for part in _US))
    answer = service.verify(wanted)
    for _ in range(TRIES - 1):
        if not isinstance(answer, (Throttled, asked.Unknown)):
            break  # the service's own pace waits before the next try
        answer = service.verify(wanted)
    return answer


def says(check: AddressCheck) -> str:
    """What was said of it, in words."""
    return SAYS.get(check.deliverability, check.deliverability)


def by_deliverability(counts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Counts in the order of SAYS, the words of the service that are new to us behind them."""
    order = list(SAYS)
    return sorted(counts, key=lambda one: order.index(one[0]) if one[0] in order else len(order))
