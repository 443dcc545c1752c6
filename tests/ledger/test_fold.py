"""What events make of pieces: the legal life of a piece, and every step that is not legal."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, date, datetime

import pytest

from mailer.ledger.bynumber import ByNumber
from mailer.ledger.chain import FIRST_PREV, Event, event
from mailer.ledger.fold import Folded, IllegalTransition, MailingState, PieceState
from mailer.ledger.kinds import TRANSITIONS, EventKind, Status
from mailer.ledger.payload import Malformed
from tests.support.fold import fold
from tests.support.happening import happening

LETTERS, ISSUE = "2027-rates/letter", "2026-12/newsletter"


def happened(kind: EventKind, pieces: str, subject: str = LETTERS, seq: int = 1) -> Event:
    return event(
        seq,
        kind.value,
        subject,
        happening(kind, pieces=pieces).payload(),
        actor="Ada",
        recorded_at=datetime(2026, 11, 25, 22, 10, tzinfo=UTC),
        occurred_on=date(2026, 11, 25),
        rehearsal=False,
        prev=FIRST_PREV,
    )


def test_a_month_of_two_mailings() -> None:
    events = [
        happened(EventKind.PREPARED, "1"),
        happened(EventKind.PREPARED, "2-5"),
        happened(EventKind.PREPARED, "1-2", ISSUE),
        happened(EventKind.VOIDED, "5"),  # its client changed before the approval
        happened(EventKind.APPROVED, "1-4"),
        happened(EventKind.VOIDED, "4"),  # and this one's after it
        happened(EventKind.PRODUCED, "1-3"),
        happened(EventKind.DESTROYED, "1-3"),  # the printer smeared
        happened(EventKind.PRODUCED, "1-3"),
        happened(EventKind.DROPPED, "1,3"),  # 2 was spoiled and stays undropped
    ]
    assert fold(events) == {
        LETTERS: {1: Status.MAILED, 2: Status.PRODUCED, 3: Status.MAILED, 4: Status.VOID, 5: Status.VOID},
        ISSUE: {1: Status.PREPARED, 2: Status.PREPARED},
    }


@pytest.mark.parametrize("kind", [EventKind.ACCEPTED, EventKind.TRACKED, EventKind.RELEASED])
def test_pieces_that_are_not_there_are_not_counted_out(kind: EventKind) -> None:
    """Of an opponent's pack: a hundred bytes for each of a thousand million."""
    with pytest.raises(IllegalTransition, match="piece 1 of 2027-rates/letter, which was not there"):
        fold([happened(kind, "1-999999999")])


def test_events_about_the_client_list_say_nothing_of_pieces() -> None:
    assert fold([happened(EventKind.CLIENTS_IMPORTED, "")]) == {}
    assert fold([happened(EventKind.CLIENTS_IMPORTED, "")]) == {}


# What may follow what, written out by hand from DESIGN.md's "Statuses". None: the piece is not there yet.
LEGAL: dict[tuple[Status | None, EventKind], Status] = {
    (None, EventKind.PREPARED): Status.PREPARED,
    (None, EventKind.PREPARED_ONE): Status.PREPARED,
    (Status.PREPARED, EventKind.APPROVED): Status.APPROVED,
    (Status.PREPARED, EventKind.VOIDED): Status.VOID,
    (Status.APPROVED, EventKind.VOIDED): Status.VOID,
    (Status.APPROVED, EventKind.PRODUCED): Status.PRODUCED,
    (Status.PRODUCED, EventKind.DESTROYED): Status.APPROVED,
    (Status.PRODUCED, EventKind.DROPPED): Status.MAILED,
    (Status.MAILED, EventKind.RETURNED): Status.RETURNED,
    (Status.DELIVERED, EventKind.RETURNED): Status.RETURNED,  # refused at the door after a wrong scan
    (Status.RETURNED, EventKind.RETURNED): Status.RETURNED,  # told by a service, then seen on paper
    (Status.PRODUCED, EventKind.VOIDED): Status.VOID,  # spoiled, and printed again as a new piece
    (None, EventKind.REISSUED): Status.APPROVED,
    (Status.APPROVED, EventKind.SUBMITTING): Status.SUBMITTING,
    (Status.SUBMITTING, EventKind.ACCEPTED): Status.ACCEPTED,
    (Status.SUBMITTING, EventKind.REJECTED): Status.REJECTED,
    (Status.SUBMITTING, EventKind.UNANSWERED): Status.UNKNOWN,
    (Status.SUBMITTING, EventKind.RELEASED): Status.APPROVED,
    (Status.UNKNOWN, EventKind.ACCEPTED): Status.ACCEPTED,
    (Status.UNKNOWN, EventKind.REJECTED): Status.REJECTED,
    (Status.UNKNOWN, EventKind.RELEASED): Status.APPROVED,
    (Status.ACCEPTED, EventKind.RELEASED): Status.APPROVED,  # it was accepted under a test key
    (Status.REJECTED, EventKind.RELEASED): Status.APPROVED,  # so was it refused
    (Status.CANCELLED, EventKind.RELEASED): Status.APPROVED,  # so was it cancelled
    (Status.ACCEPTED, EventKind.REJECTED): Status.REJECTED,
    (Status.ACCEPTED, EventKind.CANCELLED): Status.CANCELLED,
    (Status.ACCEPTED, EventKind.POSTED): Status.MAILED,
    (Status.REJECTED, EventKind.POSTED): Status.MAILED,  # the post has it, whatever the service said
    (Status.CANCELLED, EventKind.POSTED): Status.MAILED,
    (Status.MAILED, EventKind.DELIVERED): Status.DELIVERED,
}


@pytest.mark.parametrize("kind", TRANSITIONS)
@pytest.mark.parametrize("before", [None, *(s for s in Status)])
def test_every_step_is_legal_or_refused(before: Status | None, kind: EventKind) -> None:
    found = Folded({LETTERS: MailingState()})
    if before:
        found.mailings[LETTERS].pieces[42] = PieceState(before)
    after = LEGAL.get((before, kind))
    if after:
        found.take(happened(kind, "42"))
        assert dict(found.statuses(LETTERS)) == {42: after}
        return
    with pytest.raises(IllegalTransition) as refused:
        found.take(happened(kind, "42", seq=7))
    was = before.value if before else "not there"
    assert str(refused.value) == (
        f"ledger event 7: {kind.value} is recorded for piece 42 of {LETTERS}, which was {was}.\n"
        "  The ledger holds an impossible order of events; restore a backup and report it."
    )


def test_a_piece_named_twice_in_one_event_is_refused() -> None:
    with pytest.raises(Malformed, match="'1-3,3' names a piece twice"):
        fold([happened(EventKind.PREPARED, "1-3,3")])


def test_a_number_of_another_mailing_is_another_piece() -> None:
    with pytest.raises(IllegalTransition):
        fold([happened(EventKind.PREPARED, "1"), happened(EventKind.APPROVED, "1", ISSUE)])


def test_states_by_number_in_whatever_order_the_numbers_come() -> None:
    new, out = PieceState(Status.PREPARED), PieceState(Status.MAILED)
    states = ByNumber[PieceState]()
    for number in (1, 2, 900_000_000, 3, 7):
        states[number] = new
    states[2] = states[7] = out
    assert dict(states) == {1: new, 2: out, 900_000_000: new, 3: new, 7: out}
    assert len(states) == 5
    assert (states.get(4), states.get(0), states.get(-1)) == (None, None, None)
    assert max(states) == 900_000_000


def test_a_state_of_each_of_many_pieces_takes_a_place_in_a_list() -> None:
    same = PieceState(Status.APPROVED)
    tracemalloc.start()
    states = ByNumber[PieceState]()
    for number in range(1, 20_001):
        states[number] = same
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert held < 20_000 * 16  # of a dictionary's 100 bytes and more
