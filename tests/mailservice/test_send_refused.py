"""What a send that is refused, or only looks, does with the pieces of an earlier one."""

from __future__ import annotations

import pytest

from tests.fakes.lob import Handle
from tests.fakes.lob_faults import UNLISTED
from tests.mailservice.test_send_again import L1, L2, L3, L4, unanswered
from tests.support.office import LETTERS, RATES, Office


def test_an_unknown_piece_is_settled_though_the_cap_is_reached(lobbed: Office, fake_lob: Handle) -> None:
    """Nothing new is to be paid: the cap refuses nothing. Four letters of one page cost $3.60."""
    unanswered(lobbed, fake_lob, "drop-after")
    path = lobbed.root / "mailer.toml"
    path.write_text(path.read_text() + "\n[lob]\nmonthly_cap = 0.00\n")
    ran = lobbed.does("send", RATES)
    assert "1 piece accepted" in ran.said
    assert [status for _, status in lobbed.pieces()] == ["accepted"] * 4


def test_an_unknown_piece_is_settled_though_another_is_refused(office: Office, fake_lob: Handle) -> None:
    listed = (office.root / "list.csv").read_text()
    office.imports(
        listed.replace("3 Cedar Hill,", "The Old Mill Building at 3 Cedar Hill Road North Annexe,")
    )
    office.does("approve", RATES)
    sending = office.by_lob(fake_lob.base)
    fake_lob.tell(faults=[{"kind": "drop-after", "label": L2, "times": 0}, UNLISTED])
    sending.does("send", RATES, "--leave-out", exits=4)
    fake_lob.tell(faults=None)
    ran = sending.does("send", RATES, exits=1)
    assert "1 piece accepted" in ran.said
    assert f"{L4}: The recipient's two street lines have" in ran.said
    assert [status for _, status in sending.pieces()] == ["accepted"] * 3 + ["approved"]
    assert fake_lob.copies() == {L1: 1, L2: 1, L3: 1}


def test_a_dry_run_settles_and_records_nothing(lobbed: Office, fake_lob: Handle) -> None:
    unanswered(lobbed, fake_lob, "drop-after")
    text = (lobbed.root / LETTERS).read_text()
    lobbed.write(LETTERS, f"{text}\nCall us with any question.\n")
    before, asked = lobbed.recorded(), fake_lob.report()["requests"]
    lobbed.does("send", RATES, "--dry-run", exits=3)
    assert lobbed.recorded() == before
    assert fake_lob.report()["requests"] == asked


@pytest.mark.parametrize("key", ["test_key", "live_key"])
def test_a_dry_run_is_of_the_key_that_is_there(real: Office, fake_lob: Handle, key: str) -> None:
    real.by_lob(fake_lob.base).does("send", RATES)
    asked = fake_lob.report()["requests"]
    dry = real.by_lob(fake_lob.base, key)
    if key == "live_key":
        assert "2027-rates: 4 pieces, 4 pages Cost" in dry.does("send", RATES, "--dry-run").said
    else:
        assert "nothing is waiting to be sent" in dry.does("send", RATES, "--dry-run", exits=1).said
    assert fake_lob.report()["requests"] == asked


def test_a_dry_run_without_a_key_says_what_it_reckons_with(approved: Office) -> None:
    ran = approved.does("send", RATES, "--dry-run")
    assert "There is no key for Lob: reckoned as with a test key." in ran.said


def test_where_nothing_was_taken_nothing_is_to_be_tracked(lobbed: Office, fake_lob: Handle) -> None:
    fake_lob.tell(faults=[{"kind": "422", "on": "POST /v1/letters", "times": 0}])
    said = lobbed.mailer("send", RATES).said
    assert "print them here: mailer print 2027-rates --remaining" in said
    assert "mailer track" not in said
