"""What Lob tells of a piece, polled or by webhook: the post's custody is the mailing, and order is no matter.

Four letters were accepted on Tuesday 24 November 2026; Thursday 26 is Thanksgiving. Notice for 1 January 2027
is in time until 2 December from deposit. The firm is in Sacramento: 20:00 UTC is noon there.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailer.mailservice.transit import Meaning
from tests.fakes.lob import Handle, running
from tests.fakes.lob_faults import UNLISTED
from tests.support.heard import hears, letter_of, piece, said
from tests.support.office import ASH, FIRST, HEADINGS, RATES, Office

L1, L2, L3, L4 = (f"2027-rates-L-000{number}" for number in range(1, 5))


def recorded(office: Office) -> list[tuple[str, str, dict[str, Any]]]:
    """(kind, day, payload) of the events after the acceptances."""
    rows = office.rows("SELECT kind, occurred_on, payload FROM event ORDER BY seq")
    found = [(str(kind), str(day), json.loads(payload)) for kind, day, payload in rows]
    last = max(n for n, (kind, _, _) in enumerate(found) if kind == "piece.accepted")
    return found[last + 1 :]


# the day


def test_mailed_by_the_services_own_word(sent: Office, tmp_path: Path) -> None:
    office = sent.copy(tmp_path / "office")
    letter = letter_of(office)
    (heard,) = hears(office, said(letter, "mailed"))
    assert (heard.piece, heard.new, heard.before, heard.after) == (L1, True, "accepted", "mailed")
    assert piece(office)[:3] == ("mailed", "2026-11-25", "2026-11-25")
    assert recorded(office) == [
        (
            "piece.posted",
            "2026-11-25",
            {
                "pieces": "1",
                "service": "lob",
                "event": "evnt_mailed_2026-11-25T20:00",
                "kind": "mailed",
                "at": "2026-11-25T20:00:00+00:00",
                "counts_on": "2026-11-25",
            },
        )
    ]
    office.does("ledger", "verify")


def test_a_later_approval_of_another_letter_moves_no_day(sent: Office, tmp_path: Path) -> None:
    """All counted as mailed on the day of the last approval: Birch Lane Dental's notice was late by it."""
    office = sent.copy(tmp_path / "office").on("2026-11-27")
    more = (office.root / "list.csv").read_text(encoding="utf-8") + ASH.replace("N-1", "N-5").replace(
        "1 A", "5 A"
    )
    office.does("clients", "import", str(office.write("more.csv", more)))
    assert "Approved 1 piece" in office.does("approve", RATES).said
    with closing(sqlite3.connect(office.root / "mailer.db")) as database, database:
        database.execute("UPDATE submission SET live = 1, first_tried = '2026-11-24 18:00:00.000000'")
    hears(office, said(letter_of(office), "mailed"))
    assert piece(office)[:3] == ("mailed", "2026-11-25", "2026-11-25")


def test_what_left_by_wire_counts_on_any_day(sent: Office, tmp_path: Path) -> None:
    office = sent.copy(tmp_path / "office")
    sunday = replace(said(letter_of(office), "sent", "2026-11-29T20:00"), kind=Meaning.SENT)
    hears(office, sunday)
    assert piece(office)[:3] == ("mailed", "2026-11-29", "2026-11-29")


@pytest.mark.parametrize(
    ("at", "dropped", "counts"),
    [
        ("2026-11-26T05:00", "2026-11-25", "2026-11-25"),  # nine in the evening in Sacramento: no cut-off
        ("2026-11-26T20:00", "2026-11-26", "2026-11-27"),  # Thanksgiving: the post is closed
        ("2026-11-29T20:00", "2026-11-29", "2026-11-30"),  # Sunday
        ("2026-11-28T20:00", "2026-11-28", "2026-11-28"),  # Saturday has mail
        ("2026-11-25T00:00", "2026-11-25", "2026-11-25"),  # a day without an hour is not the day before
        ("2026-11-20T20:00", "2026-11-24", "2026-11-24"),  # nothing is mailed before it is approved
    ],
)
def test_the_mailing_day(sent: Office, tmp_path: Path, at: str, dropped: str, counts: str) -> None:
    office = sent.copy(tmp_path / "office")
    hears(office, said(letter_of(office), "in_transit", at))
    assert piece(office)[:3] == ("mailed", dropped, counts)


def test_an_earlier_scan_that_is_told_later_moves_the_day(sent: Office, tmp_path: Path) -> None:
    office = sent.copy(tmp_path / "office")
    letter = letter_of(office)
    hears(office, said(letter, "delivered", "2026-12-04T20:00"))
    assert piece(office)[:3] == ("delivered", "2026-12-04", "2026-12-04")
    assert office.checked()[name_of(office, 1)]["state"] == "late"
    hears(office, said(letter, "in_transit", "2026-12-01T20:00"))
    assert piece(office)[:3] == ("delivered", "2026-12-01", "2026-12-01")
    hears(office, said(letter, "mailed", "2026-11-30T20:00"))
    assert piece(office)[:3] == ("delivered", "2026-11-30", "2026-11-30")
    assert [kind for kind, _, _ in recorded(office)] == [
        "piece.posted", "piece.delivered", "piece.redated", "piece.redated",
    ]  # fmt: skip
    assert office.checked()[name_of(office, 1)]["deposited"] == "2026-11-30"
    office.does("ledger", "verify")


def test_accepted_rendered_and_looked_at_is_not_mailed(sent: Office, tmp_path: Path) -> None:
    office = sent.copy(tmp_path / "office")
    letter = letter_of(office)
    for name in ("created", "rendered_pdf", "viewed", "return_envelope.delivered", "beamed_up"):
        hears(office, said(letter, name))
    assert piece(office) == ("accepted", None, None, None, None, None)
    assert {kind for kind, _, _ in recorded(office)} == {"piece.tracked"}
    kinds = office.rows("SELECT provider_kind, kind FROM tracking ORDER BY 1")
    assert kinds == [
        ("beamed_up", "unknown"), ("created", "created"), ("rendered_pdf", "noted"),
        ("return_envelope.delivered", "reply"), ("viewed", "noted"),
    ]  # fmt: skip


def name_of(office: Office, number: int) -> str:
    """The client's number whom that piece is for."""
    rows = office.rows(
        "SELECT piece.number, client.number FROM client JOIN piece_client ON client_id = client.id "
        "JOIN piece ON piece.id = piece_id"
    )
    return str(dict(rows)[number])


# where it ends


def test_refused_and_cancelled_at_the_service(sent: Office, tmp_path: Path) -> None:
    office = sent.copy(tmp_path / "office")
    hears(office, said(letter_of(office, 1), "failed"), said(letter_of(office, 2), "deleted"))
    assert [status for _, status in office.pieces()] == ["rejected", "cancelled", "accepted", "accepted"]
    assert [kind for kind, _, _ in recorded(office)] == ["piece.rejected", "pieces.cancelled"]


def test_ink_on_paper_outweighs_a_cancellation(sent: Office, tmp_path: Path) -> None:
    office = sent.copy(tmp_path / "office")
    letter = letter_of(office)
    hears(office, said(letter, "deleted", "2026-11-24T20:00"))
    hears(office, said(letter, "in_local_area", "2026-11-27T20:00"))
    assert piece(office)[:3] == ("mailed", "2026-11-27", "2026-11-27")
    hears(office, said(letter, "deleted", "2026-11-24T20:00", "evt_again"))
    assert piece(office)[0] == "mailed"
    office.does("ledger", "verify")


def test_only_certified_mail_proves_the_receipt(sent: Office, tmp_path: Path) -> None:
    office = sent.copy(tmp_path / "office")
    hears(office, said(letter_of(office, 1), "delivered", "2026-11-30T20:00"))
    hears(office, said(letter_of(office, 2), "certified.delivered", "2026-11-30T20:00"))
    assert piece(office, 1)[3:5] == ("2026-11-30", None)
    assert piece(office, 2)[3:5] == ("2026-11-30", "2026-11-30")
    (received,) = [payload for kind, _, payload in recorded(office) if kind == "pieces.received"]
    assert (received["on"], received["proof"]) == (
        "2026-11-30",
        "lob: certified.delivered evnt_certified.delivered_2026-11-30T20:00",
    )


def test_a_delivery_after_the_return_was_to_the_sender(sent: Office, tmp_path: Path) -> None:
    office = sent.copy(tmp_path / "office")
    letter = letter_of(office)
    hears(office, said(letter, "certified.delivered", "2026-12-04T20:00"))
    assert piece(office)[4] == "2026-12-04"
    hears(office, said(letter, "certified.returned_to_sender", "2026-12-02T20:00"))
    assert piece(office) == ("returned", "2026-12-02", "2026-12-02", None, None, "2026-12-02")
    office.does("ledger", "verify")


@pytest.mark.parametrize("term", ["none,,", "own-terms,20 days from receipt,"])
def test_a_return_is_the_same_told_by_lob_or_by_hand(
    office: Office, fake_lob: Handle, tmp_path: Path, term: str
) -> None:
    office.imports(f"{HEADINGS}\n{ASH.replace('none,,', term)}\n")
    office.does("approve", RATES)
    by_hand = office.copy(tmp_path / "by-hand")
    by_hand.does("print", RATES)
    by_hand.drops("2026-11-24 14:10", *FIRST)
    by_hand = by_hand.on("2026-12-10")
    office = office.by_lob(fake_lob.base)
    office.does("send", RATES)
    number = next(n for n, status in office.pieces() if name_of(office, n) == "N-1" and status == "accepted")
    label = f"2027-rates-L-{number:04}"
    office = office.on("2026-12-10")
    by_hand.does("returned", label, "--on", "2026-12-04")
    fake_lob.tell(
        events=[
            {"type": "mailed", "label": label, "time": "2026-11-24T22:10:00+00:00"},
            {"type": "returned_to_sender", "label": label, "time": "2026-12-04T20:00:00+00:00"},
        ]
    )
    office.does("track", RATES)
    one, other = office.checked()["N-1"], by_hand.checked()["N-1"]
    assert one["letter"]["returned_on"] == other["letter"]["returned_on"] == "2026-12-04"
    for key in ("state", "safe", "reason", "deposited", "deemed_given", "earliest_effective", "rules"):
        assert one[key] == other[key], key
    assert office.rate("N-1", "2027-01-04") == by_hand.rate("N-1", "2027-01-04")


def test_what_a_person_recorded_stays(sent: Office, tmp_path: Path) -> None:
    office = sent.copy(tmp_path / "office")
    letter = letter_of(office)
    hears(office, said(letter, "mailed"))
    office.does("returned", L1, "--on", "2026-12-07")
    hears(office, said(letter, "returned_to_sender", "2026-12-04T20:00"))
    assert piece(office)[::5] == ("returned", "2026-12-07")


# order and repetition


def test_told_twice_it_is_recorded_once(sent: Office, tmp_path: Path) -> None:
    office = sent.copy(tmp_path / "office")
    letter = letter_of(office)
    hears(office, said(letter, "mailed"))
    before = office.recorded()
    assert [one.new for one in hears(office, said(letter, "mailed"), said(letter, "mailed"))] == [
        False,
        False,
    ]
    (other_id,) = hears(office, said(letter, "mailed", number="evt_same_thing"))
    assert other_id.new is False
    assert office.recorded() == before


NAMES = (
    "mailed",
    "in_transit",
    "delivered",
    "certified.delivered",
    "returned_to_sender",
    "viewed",
    "?",
)
STORY = st.lists(st.tuples(st.sampled_from(NAMES), st.integers(24, 30)), min_size=1, max_size=5, unique=True)


@given(story=STORY, data=st.data())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_order_and_any_batches_end_alike(
    sent: Office, story: list[tuple[str, int]], data: st.DataObject
) -> None:
    letter = letter_of(sent)
    events = [said(letter, name, f"2026-11-{day}T20:00") for name, day in story]
    again = data.draw(st.lists(st.sampled_from(events), max_size=3))
    shuffled = data.draw(st.permutations([*events, *again]))
    with tempfile.TemporaryDirectory() as place:
        at_once, one_by_one = sent.copy(Path(place) / "a"), sent.copy(Path(place) / "b")
        hears(at_once, *events)
        for one in shuffled:
            hears(one_by_one, one)
        assert piece(at_once) == piece(one_by_one)
        told = "SELECT id, kind, piece_id FROM tracking ORDER BY id"
        assert at_once.rows(told) == one_by_one.rows(told)


# before the acceptance


def test_what_is_told_of_a_stranger_is_kept(sent: Office, tmp_path: Path) -> None:
    office = sent.copy(tmp_path / "office")
    (heard,) = hears(office, said("psc_of_someone", "postcard.mailed"))
    assert (heard.piece, heard.new, heard.before, heard.after) == ("", True, None, None)
    assert office.rows("SELECT provider_id, piece_id, kind FROM tracking") == [
        ("psc_of_someone", None, "unknown")
    ]
    assert recorded(office) == []


def unanswered(office: Office) -> tuple[Office, str, str]:
    """The answer for piece 1 was lost: its status is unknown. The office, Lob's letter, our key."""
    with running() as fake:
        here = office.by_lob(fake.base)
        fake.tell(faults=[{"kind": "drop-after", "label": L1, "times": 100}, UNLISTED])
        here.mailer("send", RATES)
        (letter,) = [one for one in fake.letters() if one["label"] == L1]
    return here.on("2026-12-10"), str(letter["id"]), str(letter["send_key"])


@pytest.mark.days
def test_a_webhook_proves_the_acceptance_that_was_not_answered(approved: Office) -> None:
    office, letter, key = unanswered(approved)
    assert piece(office)[0] == "unknown"
    made = datetime.now(UTC)
    hears(office, said(letter, "deleted", "2026-11-24T19:00", "evt_early"))  # no key in it: whose is it?
    assert piece(office)[0] == "unknown"
    (heard,) = hears(office, said(letter, "mailed", key=key, made=made))
    assert (heard.piece, heard.before, heard.after) == (L1, "accepted", "mailed")
    assert letter_of(office) == letter
    assert office.rows("SELECT count(*) FROM tracking WHERE piece_id IS NULL") == [(0,)]
    office.does("ledger", "verify")


@pytest.mark.days
def test_a_letter_made_before_we_asked_proves_nothing(approved: Office) -> None:
    """A letter of an earlier try under a test key has the same send key."""
    office, letter, key = unanswered(approved)
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    hears(office, said(letter, "mailed", key=key), said(letter, "in_transit", key=key, made=long_ago))
    assert piece(office)[0] == "unknown"


def test_what_was_told_first_is_applied_when_the_acceptance_is_on_record(
    approved: Office, fake_lob: Handle
) -> None:
    """The answer is lost, the post already has it, and the next send finds it at Lob."""
    office = approved.by_lob(fake_lob.base)
    fake_lob.tell(faults=[{"kind": "drop-after", "label": L1, "times": 100}, UNLISTED])
    office.mailer("send", RATES)
    (letter,) = [one["id"] for one in fake_lob.letters() if one["label"] == L1]
    hears(office, said(letter, "mailed"))
    assert piece(office)[0] == "unknown"
    fake_lob.tell(faults=None)
    office.does("send", RATES)
    assert piece(office)[:3] == ("mailed", "2026-11-25", "2026-11-25")
    office.does("ledger", "verify")


@pytest.mark.days
def test_a_second_letter_of_one_piece_in_the_post_is_noticed(sent: Office, tmp_path: Path) -> None:
    office = sent.copy(tmp_path / "office")
    ((key,),) = office.rows(
        "SELECT send_key FROM submission JOIN piece ON piece.id = piece_id WHERE number = 1"
    )
    hears(office, said("ltr_double", "in_transit", key=key, made=datetime.now(UTC)))
    assert piece(office)[0] == "accepted"
    ((problem,),) = office.rows("SELECT problem FROM submission WHERE problem <> ''")
    assert problem == "the post has it more than once: also ltr_double"


def test_events_under_a_test_key_are_a_rehearsals(sent: Office, tmp_path: Path) -> None:
    office = replace(sent.copy(tmp_path / "office"), today="2026-12-10")
    hears(office, said(letter_of(office), "mailed"))
    assert office.rows("SELECT rehearsed FROM piece WHERE number = 1") == [(1,)]
    assert office.rows("SELECT rehearsal FROM event ORDER BY seq DESC LIMIT 1") == [(1,)]
