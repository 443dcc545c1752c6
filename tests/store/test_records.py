"""The store gives frozen records, the same from both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from mailer.ledger.events import MailingApproved, MailingBegun
from mailer.ledger.kinds import JobState, Medium, Status
from mailer.ledger.payload import Said
from mailer.ledger.records import HandOver, Mailing, PrintJob
from mailer.ledger.stated import Stated
from mailer.store.engine import Session, Store
from mailer.store.jobs import hand_overs, jobs
from mailer.store.mailings import (
    add_mailing,
    carried_by,
    carriers,
    mailing_by_id,
    mailing_named,
    mailings,
    take_numbers,
)
from mailer.store.pieces import (
    add_pieces,
    any_piece,
    clients_of,
    counts,
    live_hashes,
    piece_by_id,
    piece_numbered,
    piece_numbers,
    pieces,
    recipient_digests,
)
from mailer.store.record.events import Entry, Stamp, record
from mailer.store.repeats import ended_pieces, later_piece, tried_copies
from mailer.store.tables import (
    Base,
    CarriedRow,
    ClientRow,
    DropRow,
    JobRow,
    MailingRow,
    PieceClientRow,
    PieceRow,
    SubmissionRow,
)

MAILING, JOB, DROP, ADA, BO = (UUID(int=n) for n in range(1, 6))
DAY = date(2026, 11, 25)
NOON = datetime(2026, 11, 25, 20, tzinfo=UTC)


def piece(number: int, status: Status, **more: object) -> PieceRow:
    return PieceRow(
        id=UUID(int=100 + number), mailing_id=MAILING, number=number, status=status,
        recipient_name="Ada Byrd", recipient=["Ada Byrd", "1 Ash Street"], zip=f"9581{9 - number}", salt="5a",
        facts=Stated(date(2027, 1, 1)), recipient_digest="0" * 64, file="2" * 64,
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
            HandOver(DROP, MAILING, JOB, "1", NOON, DAY, "Sam", "Main", "first", None, None, ())
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
        assert any_piece(session, mailing, [Status.VOID, Status.MAILED])
        assert not any_piece(session, mailing, [Status.VOID])
        assert sorted(recipient_digests(session, mailing)) == [
            (1, "0" * 64, Status.MAILED),
            (2, "0" * 64, Status.APPROVED),
            (3, "0" * 64, Status.APPROVED),
        ]
        assert live_hashes(session, mailing) == ["3" * 64] * 3


def say(session: Session, *happened: Said) -> None:
    """Record that it happened to the newsletter of December."""
    stamp = Stamp("Ada", NOON, DAY, rehearsal=False)
    record(session, [Entry("2026-12/newsletter", one) for one in happened], stamp)


def test_a_mailing_is_prepared_and_approved(store: Store) -> None:
    fill(store)
    with store.write() as session:
        made = add_mailing(session, "2026-12", Medium.NEWSLETTER, "2026-12/newsletter")
        say(session, MailingBegun("5" * 64, DAY))
        dated = mailing_by_id(session, made.id)
        assert (dated.id, dated.inputs_digest, dated.dated) == (made.id, "5" * 64, DAY)
        assert [list(take_numbers(session, made, count)) for count in (2, 0, 1)] == [[1, 2], [], [3]]
        both = f"2027-hours {'7' * 64}\n2027-rates {'8' * 64}"
        say(session, MailingApproved("", "5" * 64, "4" * 64, None, carried=both))
        say(session, MailingApproved("", "5" * 64, "6" * 64, None, carried=f"2027-rates {'9' * 64}"))
    with store.write() as session:
        known = mailing_named(session, "2026-12")
        assert known == replace(
            dated, output_digest="6" * 64, approved_by="Ada", approved_at=NOON, approved_on=DAY
        )
        assert carried_by(session, dated) == {"2027-rates": "9" * 64}
        say(session, MailingBegun(None, DAY))
        assert mailing_named(session, "2026-12") == replace(known, inputs_digest=None)
        assert mailing_by_id(session, MAILING).inputs_digest is None


def test_a_new_piece_is_kept_whole(store: Store) -> None:
    mailing = fill(store)
    with store.write() as session:
        old = piece_by_id(session, UUID(int=102))
        new = replace(old, id=UUID(int=104), number=4, status=Status.PREPARED, address={"zip": "95814"})
        add_pieces(session, [(new, (ADA, BO))])
        add_pieces(session, [])
    with store.read() as session:
        assert piece_numbered(session, mailing, 4) == new
        assert clients_of(session, mailing, [4]) == {4: (ADA, BO)}


def test_what_stands_in_the_way_of_a_repeat(store: Store) -> None:
    mailing = fill(store)
    with store.write() as session:
        first, second, copy = pieces(session, mailing)
        assert later_piece(session, first, live=True) == copy
        assert later_piece(session, second, live=True) is None
        session.get_one(PieceRow, copy.id).status = Status.ACCEPTED
        session.add(
            SubmissionRow(
                piece_id=copy.id,
                mailing_id=MAILING,
                service="lob",
                send_key="k",
                sha256="3" * 64,
                live=False,
                certified=False,
                first_tried=NOON,
                last_tried=NOON,
                problem="",
            )
        )
        session.flush()
        assert tried_copies(session, first) == {3: copy.id}
        assert later_piece(session, first, live=True) is None
        found = later_piece(session, first, live=False)
        assert found is not None
        assert found.number == 3


def test_what_ended_and_serves_nobody(store: Store) -> None:
    mailing = fill(store)
    with store.write() as session:
        assert ended_pieces(session, mailing) == []
        second = piece_by_id(session, UUID(int=102))
        again = replace(second, id=UUID(int=104), number=4, status=Status.CANCELLED, again_of=2)
        add_pieces(session, [(again, (BO,))])
        session.get_one(PieceRow, second.id).status = Status.REJECTED
        session.flush()
        assert ended_pieces(session, mailing) == [again]  # refused, and cancelled when it went again
