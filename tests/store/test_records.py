"""The store gives frozen records, the same from both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from mailer.ledger.kinds import JobState, Medium, Status
from mailer.ledger.records import HandOver, Mailing, PrintJob
from mailer.store.engine import Store
from mailer.store.jobs import hand_overs, jobs
from mailer.store.mailings import carried_by, carriers, mailing_by_id, mailing_named, mailings
from mailer.store.pieces import clients_of, counts, piece_numbered, piece_numbers, pieces
from mailer.store.tables import (
    Base,
    CarriedRow,
    ClientRow,
    DropRow,
    JobRow,
    MailingRow,
    PieceClientRow,
    PieceRow,
)

MAILING, JOB, DROP, ADA, BO = (UUID(int=n) for n in range(1, 6))
DAY = date(2026, 11, 25)
NOON = datetime(2026, 11, 25, 20, tzinfo=UTC)


def piece(number: int, status: Status, **more: object) -> PieceRow:
    return PieceRow(
        id=UUID(int=100 + number), mailing_id=MAILING, number=number, status=status,
        recipient_name="Ada Byrd", recipient=["Ada Byrd", "1 Ash Street"], zip=f"9581{9 - number}", salt="5a",
        facts={"effective": "2027-01-01"}, recipient_digest="0" * 64, file="2" * 64,
        first_page=1, last_page=2, sha256="3" * 64, **more,
    )  # fmt: skip


def client(client_id: UUID, name: str) -> ClientRow:
    words = dict.fromkeys(
        ("number", "contact", "salutation", "email", "phone", "line1", "line2", "city", "state", "zip",
         "notice_term", "email_key", "name_key"), "",
    )  # fmt: skip
    return ClientRow(
        id=client_id, key=name, company=name, country="US", contract="none", only_at_renewal=False, tags=(),
        active=True, newsletter=True, first_imported=DAY, updated_at=NOON, **words,
    )  # fmt: skip


def fill(store: Store) -> Mailing:
    rows: list[Base] = [
        MailingRow(
            id=MAILING, campaign="2027-rates", medium=Medium.LETTER, subject="2027-rates/letter",
            next_number=4,
        ),
        client(ADA, "Ada"),
        client(BO, "Bo"),
        JobRow(id=JOB, mailing_id=MAILING, number=1, state=JobState.PRODUCED, folder="jobs/2027-rates-job-1"),
        DropRow(
            id=DROP, mailing_id=MAILING, job_id=JOB, pieces="1", dropped_at=NOON, counts_on=DAY,
            dropped_by="Sam", place="Main", mail_class="first",
        ),
        piece(1, Status.MAILED, job_id=JOB, drop_id=DROP, counts_on=DAY, dropped_on=DAY),
        piece(2, Status.APPROVED),
        piece(3, Status.APPROVED, again_of=1, address={"zip": "95816"}),
        PieceClientRow(piece_id=UUID(int=101), client_id=ADA),
        PieceClientRow(piece_id=UUID(int=102), client_id=BO),
        PieceClientRow(piece_id=UUID(int=103), client_id=ADA),
        CarriedRow(mailing_id=MAILING, campaign="2027-hours", article_digest="4" * 64),
    ]  # fmt: skip
    with store.write() as session:
        for row in rows:
            session.add(row)
            session.flush()
    with store.read() as session:
        return mailing_by_id(session, MAILING)


def test_a_mailing(store: Store) -> None:
    mailing = fill(store)
    assert mailing == Mailing(
        MAILING, "2027-rates", Medium.LETTER, "2027-rates/letter", None, None, None, None, None, None, None
    )
    assert mailing.label(42) == "2027-rates-L-0042"
    with store.read() as session:
        assert mailing_named(session, "2027-rates") == mailing
        assert mailing_named(session, "2028-rates") is None
        assert mailings(session) == [mailing]
        assert carriers(session, "2027-hours") == ("2027-rates",)
        assert carried_by(session, mailing) == {"2027-hours": "4" * 64}


def test_its_jobs_and_hand_overs(store: Store) -> None:
    mailing = fill(store)
    with store.read() as session:
        assert jobs(session, mailing) == [
            PrintJob(JOB, MAILING, 1, JobState.PRODUCED, "jobs/2027-rates-job-1", None)
        ]
        assert hand_overs(session, mailing) == [
            HandOver(DROP, MAILING, JOB, "1", NOON, DAY, "Sam", "Main", "first", None, None)
        ]


def test_its_pieces(store: Store) -> None:
    mailing = fill(store)
    with store.read() as session:
        (job,) = jobs(session, mailing)
        first = piece_numbered(session, mailing, 1)
        assert first is not None
        assert (first.status, first.recipient, first.pages) == (
            Status.MAILED,
            ("Ada Byrd", "1 Ash Street"),
            2,
        )
        assert (first.dropped_on, first.counts_on, first.rehearsed, first.address) == (DAY, DAY, False, None)
        assert piece_numbered(session, mailing, 9) is None
        assert [one.number for one in pieces(session, mailing, by_zip=True)] == [3, 2, 1]
        assert [one.number for one in pieces(session, mailing, numbers=[3, 1, *range(10, 40_000)])] == [1, 3]
        assert piece_numbers(session, mailing, statuses=[Status.APPROVED]) == [2, 3]
        assert piece_numbers(session, mailing, job=job) == [1]
        assert piece_numbers(session, mailing, free=True) == [2, 3]
        assert piece_numbers(session, mailing, copies=True) == [3]
        assert [one.number for one in pieces(session, mailing, copies_of=1)] == [3]
        assert counts(session, mailing) == {Status.APPROVED: 2, Status.MAILED: 1}
        assert clients_of(session, mailing, [1, 2]) == {1: (ADA,), 2: (BO,)}
