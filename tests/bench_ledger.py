"""`make bench`, its part on the ledger: what binding rows to events costs, beside the work itself.

Each share is of CPU time of one call: an approval and what of it binds; `rates` with and without hashing what
it shows, by turns. The upgrade binds a folder of schema 0004 with `--pieces` pieces of version 1.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from sqlalchemy import Connection, insert, text

from mailer.ledger import leaves
from mailer.ledger.chain import FIRST_PREV, Event, digest, event
from mailer.ledger.kinds import Medium, Status
from mailer.ledger.stated import NoticedRate, Stated
from mailer.mailservice.registry import tables
from mailer.making import approval, preparation
from mailer.planning.mailfolder import MailFolder, open_folder
from mailer.standing.clientimport import Choices, import_clients
from mailer.standing.rates import prices
from mailer.store.engine import make_engine
from mailer.store.record import binding
from mailer.store.record.boundrows import BoundRows
from mailer.store.schema import upgrade
from mailer.store.tables import Base
from tests.bench import mail_folder, say, write_clients

WORKED, TODAY = date(2027, 1, 4), date(2026, 11, 24)


class Spent:
    """CPU seconds spent within a function, however often it is called."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def within(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any, **named: Any) -> Any:
            begun = time.process_time()
            try:
                return function(*given, **named)
            finally:
                self.seconds += time.process_time() - begun

        return timed


def approvals(mail: MailFolder, letters: int) -> None:
    spent = Spent()
    begun = time.process_time()
    with (
        patch.object(preparation, "leaves_of", spent.within(leaves.leaves_of)),
        patch.object(approval, "live_root", spent.within(binding.live_root)),
    ):
        approval.approve(mail, "2027-rates", by="Ada")
    whole = time.process_time() - begun
    say(f"approve {letters:,} letters, CPU", f"{whole:.1f} s", f"of it binding {spent.seconds / whole:.2%}")


def billing(mail: MailFolder, clients: int) -> None:
    """Without hashing: the same call, with nothing read of the events and nothing compared."""

    def took() -> float:
        begun = time.process_time()
        for _ in prices(mail, WORKED):
            pass
        return time.process_time() - begun

    hashed, plain = [], []
    for _ in range(5):
        hashed.append(took())
        with patch.object(BoundRows, "read", lambda _: BoundRows()), patch.object(BoundRows, "require"):
            plain.append(took())
    with_it, without = statistics.median(hashed), statistics.median(plain)
    say(f"rates of {clients:,} clients, CPU", f"{with_it:.2f} s", f"hashing adds {with_it / without - 1:.1%}")


def older(connection: Connection, pieces: int) -> None:
    """A letter each to as many clients, prepared and approved by version 1 of the ledger."""
    known = {table.name: table for table in Base.metadata.sorted_tables}
    mailing, now = uuid4(), datetime.now(UTC)
    connection.execute(
        insert(known["mailing"]).values(
            id=mailing, campaign="2027-rates", medium=Medium.LETTER, subject="2027-rates/letter",
            next_number=pieces + 1, approved_at=now, approved_by="Ada", approved_on=TODAY,
        )
    )  # fmt: skip
    stated = Stated(date(2027, 1, 1), (NoticedRate("support", "Support", Decimal(130), Decimal(138)),))
    prev, numbers = FIRST_PREV, iter(range(1, pieces + 1))
    while part := list(islice(numbers, 2_000)):
        rows: dict[str, list[dict[str, Any]]] = {
            "client": [],
            "piece": [],
            "piece_client": [],
            "client_rate": [],
        }
        events: list[dict[str, Any]] = []
        for number in part:
            client, piece = uuid4(), uuid4()
            empty = dict.fromkeys(("contact", "salutation", "email", "phone", "line2", "email_key"), "")
            rows["client"].append(
                {
                    **empty, "id": client, "key": f"id:{number}", "number": str(number), "company": "Ash",
                    "line1": "1 Ash Street", "city": "Davis", "state": "CA", "zip": "95616", "country": "US",
                    "contract": "none", "notice_term": "", "only_at_renewal": False, "tags": (),
                    "active": True, "newsletter": True, "name_key": f"name:{number}",
                    "first_imported": TODAY, "updated_at": now,
                }
            )  # fmt: skip
            rows["client_rate"].append(
                {"client_id": client, "service": "support", "amount": Decimal(130), "valid_from": TODAY,
                 "is_rise": False, "source": "first rate"}
            )  # fmt: skip
            rows["piece"].append(
                {"id": piece, "mailing_id": mailing, "number": number, "status": Status.PREPARED,
                 "recipient_name": "Ash", "recipient": ["Ash", "1 Ash Street", "Davis CA 95616"],
                 "zip": "95616", "salt": "5a" * 16, "facts": stated, "recipient_digest": "0" * 64,
                 "file": "1" * 64, "first_page": 1, "last_page": 2, "sha256": f"{number:064}",
                 "rehearsed": False, "address": {"zip": "95616"}}
            )  # fmt: skip
            rows["piece_client"].append({"piece_id": piece, "client_id": client})
            made = first_version(number, prev, now)
            prev = made.hash
            names = [column.name for column in known["event"].columns]
            events.append({name: getattr(made, name) for name in names})
        for name, listed in rows.items():
            connection.execute(insert(known[name]), listed)
        connection.execute(insert(known["event"]), events)


def first_version(number: int, prev: str, now: datetime) -> Event:
    payload = {"pieces": str(number), "sha256": f"{number:064}", "client": "2" * 64, "address": "3" * 64}
    stamp: dict[str, Any] = {"actor": "Ada", "recorded_at": now, "occurred_on": TODAY, "rehearsal": False}
    new = event(number, "piece.prepared", "2027-rates/letter", payload, prev=prev, **stamp)
    values = {name: getattr(new, name) for name in Event.__slots__} | {"version": 1, "hash": ""}
    return Event(**values | {"hash": digest(Event(**values))})


def upgrades(pieces: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        engine = make_engine("sqlite:///mailer.db", Path(place))
        upgrade(engine, "0004")
        without = [name for name in ("salt", "listed") if name in Base.metadata.tables["client"].columns]
        with engine.begin() as connection:
            connection.execute(text("PRAGMA foreign_keys = OFF"))
            for name in without:  # the models are those of today
                connection.execute(text(f"ALTER TABLE client ADD COLUMN {name} TEXT NOT NULL DEFAULT ''"))
            older(connection, pieces)
            for name in without:
                connection.execute(text(f"ALTER TABLE client DROP COLUMN {name}"))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        begun = time.perf_counter()
        upgrade(engine)
        seconds = time.perf_counter() - begun
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        say(f"upgrade a folder of {pieces:,} pieces", f"{seconds:.1f} s", f"memory grew by {grown:.0f} MB")
        engine.dispose()


def folders(clients: int, letters: int) -> Iterator[None]:
    for count, what in ((letters, approvals), (clients, billing)):
        with mail_folder() as root:
            write_clients(root / "many.csv", count)
            with open_folder(root, fixed=TODAY, database="", services=tables()) as mail:
                import_clients(mail, root / "many.csv", Choices(), actor="Ada")
                what(mail, count)
        yield


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--clients", type=int, default=20_000)
    options.add_argument("--letters", type=int, default=300)
    options.add_argument("--pieces", type=int, default=100_000)
    chosen, _ = options.parse_known_args()
    upgrades(chosen.pieces)
    for _ in folders(chosen.clients, chosen.letters):
        pass


if __name__ == "__main__":
    main()
