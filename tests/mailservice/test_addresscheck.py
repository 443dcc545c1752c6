"""`mailer clients verify` through the real `lob` package to a fake Lob on a real socket.

With a live key the fake says by the street's words what is wrong (tests/fakes/lob_verifications.py).
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.fakes.lob import Handle
from tests.support.office import FOUR, HEADINGS, Office, begin

CHECKS = "SELECT client.number, deliverability, dpv FROM address_check JOIN client ON client.id = client_id"
CHECKS += " ORDER BY client.number, deliverability"
ENDPOINT = "POST /v1/us_verifications"


@pytest.fixture
def lobbed(office: Office, fake_lob: Handle) -> Office:
    return office.by_lob(fake_lob.base, "live_key")


@pytest.fixture
def both(tmp_path: Path, database: str, fake_lob: Handle) -> Office:
    """The four clients, on SQLite and on PostgreSQL."""
    office = begin(tmp_path / "both", database=database)
    office.imports(FOUR)
    return office.by_lob(fake_lob.base, "live_key")


def asked(fake: Handle) -> int:
    """How many verifications Lob was asked for."""
    return int(fake.report()["requests"].get(ENDPOINT, {"count": 0})["count"])


def real_day() -> str:
    """The firm's day of now: a check is dated truly in a rehearsal too."""
    return datetime.now(ZoneInfo("America/Los_Angeles")).date().isoformat()


def check(office: Office, text: str = "N-1") -> dict[str, Any] | None:
    (found,) = office.does("clients", "list", text, "--json").json
    there: dict[str, Any] | None = found["address_check"]
    return there


@pytest.mark.days
def test_what_the_post_says_is_kept_with_its_day(both: Office, fake_lob: Handle) -> None:
    both.imports(FOUR.replace("1 Ash Street,", "1 Ash Street NO UNIT,"))
    before = real_day()
    ran = both.does("clients", "verify")
    assert "4 addresses looked up, 0 known from before." in ran.said
    assert "3 deliverable" in ran.said
    assert "1 deliverable to the building; the unit is missing" in ran.said
    assert both.rows(CHECKS) == [
        ("N-1", "deliverable_missing_unit", "D"),
        ("N-2", "deliverable", "Y"),
        ("N-3", "deliverable", "Y"),
        ("N-4", "deliverable", "Y"),
    ]
    found = check(both)
    assert found is not None
    day = found.pop("checked_on")
    assert before <= day <= real_day()  # midnight may have passed
    assert found == {
        "service": "lob",
        "deliverability": "deliverable_missing_unit",
        "dpv": "D",
        "suggestion": {
            "line1": "1 ASH STREET NO UNIT", "line2": "", "city": "SACRAMENTO", "state": "CA",
            "zip": "95814", "country": "US",
        },
    }  # fmt: skip
    shown = both.does("clients", "show", "N-1").said
    assert f"checked {day} by lob: deliverable to the building; the unit is missing" in shown
    assert asked(fake_lob) == 4


def test_what_was_checked_is_not_asked_again_unless_wished(lobbed: Office, fake_lob: Handle) -> None:
    lobbed.does("clients", "verify")
    assert "0 addresses looked up, 4 known from before." in lobbed.does("clients", "verify").said
    assert asked(fake_lob) == 4
    lobbed.does("clients", "verify", "--older-than", "90")
    assert asked(fake_lob) == 4
    lobbed.does("clients", "verify", "N-1")
    assert asked(fake_lob) == 5
    lobbed.does("clients", "verify", "--all")
    assert asked(fake_lob) == 9
    assert len(lobbed.rows(CHECKS)) == 4


def test_a_corrected_address_is_unchecked_again(lobbed: Office, fake_lob: Handle) -> None:
    lobbed.does("clients", "verify")
    lobbed.does("clients", "correct", "N-1", "--line1", "12 Ash Street", "--reason", "the client told us")
    assert check(lobbed) is None
    assert "1 address looked up, 3 known from before." in lobbed.does("clients", "verify").said
    assert asked(fake_lob) == 5


def test_an_undeliverable_one_ends_with_1_and_the_command_that_corrects_it(lobbed: Office) -> None:
    lobbed.imports(FOUR.replace("1 Ash Street,", "1 Unknown Street,"))
    for _ in range(2):  # known from before, it is a problem still
        said = lobbed.does("clients", "verify", exits=1).said
        assert "1 undeliverable" in said
        assert "undeliverable: 1 Unknown Street, Sacramento CA 95814" in said
        assert 'mailer clients correct N-1 --line1 … --reason "…"' in said


def test_another_spelling_is_a_command_to_take_it_over(lobbed: Office) -> None:
    """Capitals are the service's habit and no difference; a hyphen in the ZIP+4 is ours already."""
    lobbed.imports(FOUR.replace("1 Ash Street,", "1 Bad Unit Street,"))
    said = lobbed.does("clients", "verify", "N-1").said
    assert "deliverable to the building; the unit is wrong: 1 Bad Unit Street, Sacramento CA 95814" in said
    assert "as the post spells it" not in said
    assert 'mailer clients correct N-1 --line1 … --reason "…"' in said


def test_both_addresses_are_checked_and_those_abroad_skipped(lobbed: Office) -> None:
    why = ("--reason", "the client told us")
    box = ("--line1", "PO Box 9", "--city", "Davis", "--state", "CA", "--zip", "95616")
    lobbed.does("clients", "correct", "N-1", "--notice", *box, *why)
    abroad = ("--line1", "1 Rue Test", "--city", "Montreal", "--state", "QC", "--country", "CA")
    lobbed.does("clients", "correct", "N-2", *abroad, *why)
    said = lobbed.does("clients", "verify").said
    assert "4 addresses looked up" in said
    assert "1 abroad: not looked up" in said
    assert [number for number, *_ in lobbed.rows(CHECKS)] == ["N-1", "N-1", "N-3", "N-4"]
    (ash,) = lobbed.does("clients", "list", "N-1", "--json").json
    assert ash["notice_address_check"]["deliverability"] == "deliverable"


def test_a_test_key_keeps_nothing_and_says_so(office: Office, fake_lob: Handle) -> None:
    test = office.by_lob(fake_lob.base, "test_key")
    test.imports(FOUR.replace("1 Ash Street,", "undeliverable no match,"))
    before = test.recorded()
    said = test.does("clients", "verify", exits=1).said
    assert "TEST KEY: Lob gives canned answers" in said
    assert "4 addresses looked up (TEST KEY)" in said
    assert "3 the service says nothing of it" in said
    assert test.recorded() == before


@pytest.mark.parametrize("kind", ["401", "403"])
def test_a_service_that_refuses_the_account_ends_with_4_and_keeps_what_it_said(
    lobbed: Office, fake_lob: Handle, kind: str
) -> None:
    lobbed.does("clients", "verify", "N-1")
    fake_lob.tell(faults=[{"kind": kind, "times": 0, "on": ENDPOINT}])
    ran = lobbed.does("clients", "verify", exits=4)
    assert "the service refuses the account" in ran.said
    assert "run it again for the rest" in ran.said
    assert [number for number, *_ in lobbed.rows(CHECKS)] == ["N-1"]


def test_a_service_that_is_not_there(office: Office) -> None:
    nobody = office.by_lob("http://127.0.0.1:9/v1", "live_key")
    assert "the service can't be reached" in nobody.does("clients", "verify", exits=4).said


@pytest.mark.parametrize("kind", ["500", "html-502", "drop-after"])
def test_an_answer_that_was_lost_is_asked_for_again(lobbed: Office, fake_lob: Handle, kind: str) -> None:
    fake_lob.tell(faults=[{"kind": kind, "on": ENDPOINT}])
    assert "4 addresses looked up" in lobbed.does("clients", "verify").said
    assert len(lobbed.rows(CHECKS)) == 4


def test_one_that_is_never_answered_is_named_and_the_others_are_kept(
    lobbed: Office, fake_lob: Handle
) -> None:
    fake_lob.tell(faults=[{"kind": "422", "on": ENDPOINT}])
    ran = lobbed.does("clients", "verify", exits=4)
    assert "NOT ANSWERED N-" in ran.said
    assert "An invalid request was made." in ran.said
    assert len(lobbed.rows(CHECKS)) == 3


@pytest.mark.parametrize(
    ("words", "exits", "says"),
    [
        (("N-9",), 2, "no client is called 'N-9'"),
        (("--older-than", "-1"), 2, "older-than"),
        (("--older-than", "soon"), 2, "older-than"),
    ],
)
def test_what_cannot_be_meant(
    lobbed: Office, fake_lob: Handle, words: tuple[str, ...], exits: int, says: str
) -> None:
    assert says in lobbed.does("clients", "verify", *words, exits=exits).said
    assert asked(fake_lob) == 0


def test_without_a_key_nothing_is_asked(office: Office) -> None:
    assert "there is no key for Lob" in office.does("clients", "verify", exits=1).said


def test_interrupted_it_keeps_every_answer_and_goes_on(office: Office, fake_lob: Handle) -> None:
    rows = (f"M-{n},Client {n} Ltd,,c{n}@many.example,{n} Long Street,Sacramento,CA,95814,none,,130.00"
            for n in range(1, 57))  # fmt: skip
    office.imports("\n".join((HEADINGS, *rows)) + "\n")
    lobbed = office.by_lob(fake_lob.base, "live_key")
    fake_lob.tell(faults=[{"kind": "slow", "seconds": 0.2, "times": 0, "on": ENDPOINT}])
    child = lobbed.start("clients", "verify")
    until(lambda: len(lobbed.rows(CHECKS)) >= 8)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=60)
    assert child.returncode == 130, err
    kept = len(lobbed.rows(CHECKS))
    assert 8 <= kept == asked(fake_lob) < 60
    fake_lob.tell(faults=None)
    assert (
        f"{60 - kept} addresses looked up, {kept} known from before." in lobbed.does("clients", "verify").said
    )
    assert asked(fake_lob) == 60


def until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.02)
