"""What was only tried with a test key: printed nowhere, so that it may go for real, once."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.fakes.lob import Handle
from tests.support.office import RATES, Office

L1, L2, L3, L4, L5, L6 = (f"2027-rates-L-000{number}" for number in range(1, 7))
AGAIN = ("send", RATES, "--only", L2, "--reason", "it came back")


@pytest.fixture
def trial(real: Office, fake_lob: Handle) -> Office:
    """The approved office with a test key, on the real day."""
    return real.by_lob(fake_lob.base)


@pytest.fixture
def live(real: Office, fake_lob: Handle) -> Office:
    """The same folder with a live key."""
    return real.by_lob(fake_lob.base, "live_key")


def mailed_for_real(fake_lob: Handle) -> Counter[str]:
    return Counter(one["label"] for one in fake_lob.letters() if one["mode"] == "live" and not one["deleted"])


@pytest.fixture
def refused(live: Office, fake_lob: Handle) -> Office:
    """All went for real, but one that Lob refused."""
    fake_lob.tell(faults=[{"kind": "422", "label": L2, "times": 0}])
    live.does("send", RATES, "--yes", exits=1)
    fake_lob.tell(faults=None)
    return live


def test_a_copy_that_was_tried_is_no_second_letter(live: Office, trial: Office, fake_lob: Handle) -> None:
    live.does("send", RATES, "--yes")
    fake_lob.tell(events=[{"type": "mailed", "label": L2}])
    live.does("track")
    trial.does(*AGAIN)
    assert dict(live.pieces())[5] == "accepted"
    assert "nothing is waiting" in live.does("send", RATES, "--yes", exits=1).said
    assert mailed_for_real(fake_lob) == {L1: 1, L2: 1, L3: 1, L4: 1}
    live.does(*AGAIN, "--yes")
    assert dict(live.pieces())[5] == "void"
    assert mailed_for_real(fake_lob) == {L1: 1, L2: 1, L3: 1, L4: 1, L6: 1}
    live.does("ledger", "verify")


@pytest.mark.days
def test_after_a_trial_the_same_goes_for_real_once(refused: Office, trial: Office, fake_lob: Handle) -> None:
    trial.does(*AGAIN)
    refused.does(*AGAIN, "--yes")
    refused.does("send", RATES, "--yes", exits=1)
    assert mailed_for_real(fake_lob) == {L1: 1, L3: 1, L4: 1, L6: 1}


def test_what_a_test_key_ended_goes_for_real(live: Office, trial: Office, fake_lob: Handle) -> None:
    fake_lob.tell(faults=[{"kind": "422", "label": L1, "times": 0}])
    trial.does("send", RATES, exits=1)
    trial.does("cancel", RATES, L3, "--reason", "to see whether that works")
    fake_lob.tell(faults=None)
    assert "2027-rates: 4 pieces, 4 pages" in live.does("send", RATES, "--yes").said
    assert mailed_for_real(fake_lob) == {L1: 1, L2: 1, L3: 1, L4: 1}
    live.does("ledger", "verify")


def test_what_a_test_key_ended_and_was_approved_anew_goes_once(
    live: Office, trial: Office, fake_lob: Handle
) -> None:
    fake_lob.tell(faults=[{"kind": "422", "label": L2, "times": 0}])
    trial.does("send", RATES, exits=1)
    fake_lob.tell(faults=None)
    trial.does("clients", "correct", "N-1", "--line1", "5 Elm Street", "--reason", "the client told us")
    trial.does("approve", RATES)
    live.does("send", RATES, "--yes")
    assert mailed_for_real(fake_lob) == {L1: 1, L3: 1, L4: 1, L5: 1}


@pytest.mark.days
def test_what_changed_since_its_trial_is_approved_anew_first(
    live: Office, trial: Office, fake_lob: Handle
) -> None:
    trial.does("send", RATES)
    trial.does("clients", "correct", "N-1", "--line1", "5 Elm Street", "--reason", "the client told us")
    ran = live.does("send", RATES, "--yes", exits=3)
    assert f"what was sent with a test key changed since ({L2})" in ran.said
    live.does("approve", RATES)
    live.does("send", RATES, "--yes")
    assert mailed_for_real(fake_lob) == {L1: 1, L3: 1, L4: 1, L5: 1}


def test_what_a_test_key_ended_is_printed_with_the_others(trial: Office, fake_lob: Handle) -> None:
    fake_lob.tell(faults=[{"kind": "422", "label": L1, "times": 0}])
    trial.does("send", RATES, exits=1)
    assert "4 pieces" in trial.does("print", RATES).said
    assert [status for _, status in trial.pieces()] == ["produced"] * 4
    trial.does("ledger", "verify")


def test_the_remaining_are_printed_though_one_was_tried(refused: Office, trial: Office) -> None:
    trial.does(*AGAIN)
    assert "1 piece" in refused.does("print", RATES, "--remaining").said
    assert Counter(status for _, status in refused.pieces()) == {"accepted": 3, "rejected": 1, "produced": 1}
