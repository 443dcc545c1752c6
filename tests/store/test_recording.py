"""Recording: events and what they make of pieces, in one transaction, by one writer at a time."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from textwrap import dedent
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select

from mailer.ledger.chain import check
from mailer.ledger.events import PiecesPrepared, said
from mailer.ledger.kinds import EventKind, JobState, Medium, Status
from mailer.ledger.numbers import ranges
from mailer.ledger.stated import Stated
from mailer.store.engine import Store
from mailer.store.record.events import Entry, Stamp, all_events, head, record
from mailer.store.record.projection import Conflict
from mailer.store.tables import JobRow, MailingRow, PieceRow
from tests.support.fold import fold
from tests.support.happening import happening

LETTERS = "2027-rates/letter"


def prepare(store: Store, stamp: Stamp, pieces: int, subject: str = LETTERS) -> None:
    """A mailing with that many prepared pieces, as the workflow puts them in."""
    mailing = uuid4()
    with store.write() as session:
        session.add(
            MailingRow(
                id=mailing,
                campaign=subject.partition("/")[0],
                medium=Medium(subject.partition("/")[2]),
                subject=subject,
                next_number=pieces + 1,
            )
        )
        session.flush()
        session.add(
            JobRow(id=uuid4(), mailing_id=mailing, number=1, state=JobState.BUILDING, folder="jobs/1")
        )
        session.execute(insert(PieceRow), [_piece(mailing, number) for number in range(1, pieces + 1)])
        record(
            session,
            [Entry(subject, happening(EventKind.PREPARED, pieces=ranges(range(1, pieces + 1))))],
            stamp,
        )


def _piece(mailing: UUID, number: int) -> dict[str, object]:
    return {
        "id": uuid4(),
        "mailing_id": mailing,
        "number": number,
        "status": Status.PREPARED.value,
        "recipient_name": "Ada Byrd",
        "recipient": ["Ada Byrd", "100 Capitol Mall", "Sacramento CA 95814"],
        "zip": "95814",
        "salt": "5a17",
        "facts": Stated(date(2027, 1, 1)),
        "recipient_digest": "0" * 64,
        "chunk": "1" * 64,
        "file": "2" * 64,
        "first_page": number * 2 - 1,
        "last_page": number * 2,
        "sha256": "3" * 64,
        "counts_on": None,
    }


def happen(
    store: Store, stamp: Stamp, *kinds_and_pieces: tuple[EventKind, str], subject: str = LETTERS
) -> None:
    with store.write() as session:
        record(
            session,
            [Entry(subject, happening(kind, pieces=pieces)) for kind, pieces in kinds_and_pieces],
            stamp,
        )


def statuses(store: Store, subject: str = LETTERS) -> dict[int, str]:
    with store.read() as session:
        query = select(PieceRow.number, PieceRow.status).join(
            MailingRow, MailingRow.id == PieceRow.mailing_id
        )
        rows = session.execute(query.where(MailingRow.subject == subject)).all()
    return {number: status for number, status in rows}  # noqa: C416 (a Row is not a pair for the types)


def count(store: Store) -> int:
    with store.read() as session:
        return len(list(check(all_events(session))))


def agree(store: Store) -> bool:
    """Whether the statuses are what the events fold to."""
    with store.read() as session:
        folded = fold(check(all_events(session)))
    return {number: status.value for number, status in folded.get(LETTERS, {}).items()} == statuses(store)


def test_an_empty_ledger_has_no_head(store: Store, stamp: Stamp) -> None:
    with store.read() as session:
        assert head(session) is None
    with store.write() as session:
        assert record(session, [], stamp) is None
    assert count(store) == 0


def test_statuses_follow_the_events(store: Store, stamp: Stamp) -> None:
    prepare(store, stamp, 5)
    prepare(store, stamp, 2, "2026-12/newsletter")
    happen(store, stamp, (EventKind.APPROVED, "1-4"), (EventKind.VOIDED, "4-5"), (EventKind.PRODUCED, "1-3"))
    happen(store, stamp, (EventKind.DROPPED, "1,3"))
    assert statuses(store) == {1: "mailed", 2: "produced", 3: "mailed", 4: "void", 5: "void"}
    assert statuses(store, "2026-12/newsletter") == {1: "prepared", 2: "prepared"}
    assert agree(store)


def test_a_job_that_is_destroyed_may_be_printed_again(store: Store, stamp: Stamp) -> None:
    prepare(store, stamp, 2)
    happen(store, stamp, (EventKind.APPROVED, "1-2"), (EventKind.PRODUCED, "1-2"))
    happen(store, stamp, (EventKind.DESTROYED, "1-2"))
    assert statuses(store) == {1: "approved", 2: "approved"}
    happen(store, stamp, (EventKind.PRODUCED, "1-2"), (EventKind.DROPPED, "1-2"))
    assert statuses(store) == {1: "mailed", 2: "mailed"}
    assert agree(store)


def test_an_event_names_who_and_when(store: Store, stamp: Stamp) -> None:
    prepare(store, stamp, 1)
    with store.read() as session:
        (made,) = all_events(session, LETTERS)
    assert (made.actor, made.recorded_at, made.occurred_on) == ("Ada", stamp.recorded_at, date(2026, 11, 25))
    assert said(made) == PiecesPrepared("1", "")
    assert not made.rehearsal


@pytest.mark.parametrize(
    ("kind", "pieces", "said"),
    [
        (EventKind.DROPPED, "1-3", "3 of 3 pieces of 2027-rates/letter are not produced any more."),
        (EventKind.APPROVED, "1-4", "1 of 4 pieces of 2027-rates/letter are not prepared any more."),
        (EventKind.APPROVED, "1-2,2", "1 of 3 pieces of 2027-rates/letter are not prepared any more."),
        (EventKind.PRODUCED, "1", "1 of 1 pieces of 2027-rates/letter are not approved any more."),
        (
            EventKind.VOIDED,
            "3-4",
            "1 of 2 pieces of 2027-rates/letter are not approved or prepared or produced any more.",
        ),
    ],
)
def test_a_piece_that_is_elsewhere_is_a_conflict_and_leaves_nothing(
    store: Store, stamp: Stamp, kind: EventKind, pieces: str, said: str
) -> None:
    prepare(store, stamp, 3)
    with pytest.raises(Conflict) as refused:
        happen(store, stamp, (EventKind.CLIENTS_IMPORTED, ""), (kind, pieces))
    assert str(refused.value).splitlines()[0] == said
    assert str(refused.value).endswith("Nothing was recorded.")
    assert count(store) == 1
    assert statuses(store) == {1: "prepared", 2: "prepared", 3: "prepared"}


def test_a_drop_happens_once(store: Store, stamp: Stamp) -> None:
    prepare(store, stamp, 2)
    happen(store, stamp, (EventKind.APPROVED, "1-2"), (EventKind.PRODUCED, "1-2"), (EventKind.DROPPED, "1-2"))
    with pytest.raises(Conflict):
        happen(store, stamp, (EventKind.DROPPED, "1-2"))
    assert count(store) == 4
    assert agree(store)


def test_an_error_after_recording_takes_event_and_status_back(store: Store, stamp: Stamp) -> None:
    prepare(store, stamp, 2)

    def fail() -> None:
        with store.write() as session:
            record(session, [Entry(LETTERS, happening(EventKind.APPROVED, pieces="1-2"))], stamp)
            raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError, match="the disk is full"):
        fail()
    assert count(store) == 1
    assert statuses(store) == {1: "prepared", 2: "prepared"}


def test_many_events_and_scattered_pieces_at_once(store: Store, stamp: Stamp) -> None:
    prepare(store, stamp, 1_001)
    happen(store, stamp, (EventKind.APPROVED, ranges(range(1, 1_001, 2))))  # 500 spans of one piece
    assert list(statuses(store).values()).count("approved") == 500
    with store.write() as session:
        record(
            session,
            [Entry("clients", happening(EventKind.CLIENTS_IMPORTED, added=n)) for n in range(2_500)],
            stamp,
        )
    assert count(store) == 2_502


def test_two_threads_never_fork_the_chain(store: Store, stamp: Stamp) -> None:
    def append(name: str) -> None:
        for _ in range(15):
            with store.write() as session:
                entries = [
                    Entry("clients", happening(EventKind.CLIENTS_IMPORTED, file=name, added=n))
                    for n in range(2)
                ]
                record(session, entries, stamp)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(append, ["one", "two"]))
    assert count(store) == 60


def test_two_threads_that_want_the_same_pieces(store: Store, stamp: Stamp) -> None:
    prepare(store, stamp, 2)
    happen(store, stamp, (EventKind.APPROVED, "1-2"))

    def print_them(_: int) -> str:
        try:
            happen(store, stamp, (EventKind.PRODUCED, "1-2"))
        except Conflict:
            return "refused"
        return "printed"

    with ThreadPoolExecutor(4) as threads:
        answers = sorted(threads.map(print_them, range(4)))
    assert answers == ["printed", "refused", "refused", "refused"]
    assert agree(store)


APPENDING = dedent(
    """
    import sys
    from datetime import UTC, date, datetime
    from pathlib import Path
    from mailer.ledger.clientevents import ClientsImported
    from mailer.store.engine import open_store
    from mailer.store.record.events import Entry, Stamp, record

    store = open_store(Path(sys.argv[1]), sys.argv[2])
    stamp = Stamp(sys.argv[3], datetime.now(UTC), date(2026, 11, 25), False)
    for n in range(20):
        with store.write() as session:
            record(session, [Entry("clients", ClientsImported("", n, 0, 0, 0))], stamp)
    store.close()
    """
)


def test_two_processes_never_fork_the_chain(store: Store) -> None:
    url = store.engine.url.set(drivername=store.engine.dialect.name).render_as_string(hide_password=False)
    arguments = [sys.executable, "-c", APPENDING, str(store.files.folder.parent), url]
    running = [subprocess.Popen([*arguments, name]) for name in ("one", "two")]
    assert [process.wait(60) for process in running] == [0, 0]
    with store.read() as session:
        actors = [made.actor for made in check(all_events(session))]
    assert (len(actors), actors.count("one")) == (40, 20)
