"""The keys of `--json` where letters are on their way: status NAME, move, remedy, track."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.fakes.lob import Handle
from tests.support.office import RATES, Office

MOVE = ("move", RATES, "--effective", "2027-02-01", "--dry-run", "--json")


def _clients(office: Office, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = office.mailer(*words, "--json").json["clients"]
    return found


def test_status_of_a_mailing(mailed: Office) -> None:
    (piece,) = [one for one in _clients(mailed, "check", RATES) if one["number"] == "N-1"]
    label = piece["letter"]["piece"]
    mailed.does(
        "returned", label, "--on", "2026-11-24", "--reason", "address wrong", "--note", "no such number"
    )
    assert mailed.does("status", RATES, "--json").json == {
        "campaign": RATES,
        "medium": "letter",
        "pieces": {"mailed": 3, "returned": 1},
        "approved_by": "Dana Whitcomb",
        "approved_on": "2026-11-24",
        "not_after": "2026-11-28",
        "cancel": None,
        "expected": None,
        "attention": [
            {
                "why": "returned",
                "says": "came back, not repeated yet. Correct the address, then",
                "next": "mailer reprint PIECE --reason TEXT",
                "pieces": [{"piece": label, "name": "Ash Street Bakery", "because": "address wrong"}],
            }
        ],
        "no_longer_said": [],
    }
    (story,) = mailed.does("status", RATES, label, "--json").json
    assert [(step.pop("day"), step) for step in story["steps"]][-1] == (
        "2026-11-24", {"text": "came back, address wrong: no such number"},
    )  # fmt: skip
    story.pop("steps")
    assert story == {
        "piece": label, "name": "Ash Street Bakery", "clients": ["N-1"], "status": "returned",
        "certified": "", "repeats": None, "repeated_as": [],
    }  # fmt: skip


def test_status_of_what_the_service_has(lobbed: Office, fake_lob: Handle) -> None:
    fake_lob.tell(now=None)  # as late as the clock of `status`, which says what may still be cancelled
    lobbed.does("send", RATES)
    found = lobbed.does("status", RATES, "--json").json
    assert found["cancel"].pop("pieces") == 4
    until = datetime.fromisoformat(found["cancel"].pop("until"))
    assert (until.utcoffset(), found["cancel"]) == (timedelta(0), {})
    assert [one["why"] for one in found["attention"]] == ["test"]


def test_move(mailed: Office) -> None:
    (piece,) = [one for one in _clients(mailed, "check", RATES) if one["number"] == "N-3"]
    label = piece["letter"]["piece"]
    mailed.does("returned", label, "--on", "2026-11-24")
    found = mailed.does(*MOVE).json
    assert list(found) == [
        "campaign", "before", "after", "moved", "voided", "serving", "not_serving", "destroy", "at_service",
        "began", "issues", "follow_up", "no_follow_up",
    ]  # fmt: skip
    assert (found["campaign"], found["before"], found["after"]) == (RATES, "2027-01-01", "2027-02-01")
    assert (found["moved"], found["began"], found["voided"], found["at_service"]) == (False, False, "", "")
    for one in found["not_serving"]:
        assert list(one) == ["piece", "number", "name", "why"]


def test_move_of_what_is_printed(printed: Office) -> None:
    assert printed.does(*MOVE).json["destroy"] == [{"job": 1, "folder": "2027-rates-job-1", "pieces": 4}]


def test_move_of_what_an_issue_carries(issued: Office) -> None:
    assert issued.does(*MOVE).json["issues"] == [{"issue": "2026-12", "stage": "produced"}]


def test_remedy(mailed: Office) -> None:
    (piece,) = [one for one in _clients(mailed, "check", RATES) if one["number"] == "N-4"]
    label = piece["letter"]["piece"]
    mailed.does("returned", label, "--on", "2026-11-24")
    found = mailed.does("remedy", RATES, "--dry-run", "--json").json
    assert found == {
        "campaign": RATES,
        "follow_up": "2027-rates-2",
        "written": False,
        "effective": "2027-01-01",
        "clients": [
            {
                "id": piece["id"],
                "number": "N-4",
                "name": "Dogwood Press",
                "why": "returned",
                "because": f"{label} came back on Tue 24 Nov 2026",
                "caution": "the address is still the one it came back from: correct it first",
                "earliest_effective": "2026-12-24",
            }
        ],
        "already": {},
        "due": 0,
        "term_unknown": 0,
        "look_at": [],
    }
    mailed.does("remedy", RATES)
    assert mailed.does("remedy", RATES, "--json").json == found | {
        "follow_up": None, "effective": None, "clients": [], "already": {"2027-rates-2": 1},
    }  # fmt: skip


def test_track(lobbed: Office, fake_lob: Handle) -> None:
    lobbed.does("send", RATES)
    label = f"{RATES}-L-0001"
    fake_lob.tell(events=[{"type": "mailed", "label": label, "time": "2026-11-25T20:00:00+00:00"}])
    assert lobbed.does("track", "--json").json == {
        "asked": 4,
        "of": 4,
        "new_events": 1,
        "changed": [{"piece": label, "before": "accepted", "after": "mailed"}],
        "gone": [],
        "problems": [],
        "in_doubt": [],
        "twice": [],
        "remarks": [],
        "findings": [],
        "campaigns": {RATES: {"accepted": 3, "mailed": 1}},
        "in_flight": 0,
        "other_key": 0,
        "other_account": 0,
        "stopped": "",
    }
