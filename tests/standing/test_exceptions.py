"""`mailer exception`: what may be excepted, for how long, and what the record says of whom."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from mailer.ledger.salt import salted
from mailer.notice.rulebook import preset
from mailer.standing.exceptions import SharedPolicy, shared_policies, waiver
from mailer.store.engine import open_store
from mailer.store.listed.exceptions import PolicyException, active_exceptions
from tests.support.office import ASH, FOUR, HEADINGS, Office, begin

WHY = "agreed with Ada Byrd on the telephone"
ADD = ("exception", "add", "N-1", "--policy", "house-30-day", "--reason", WHY)
EVENTS = "SELECT subject, actor, payload FROM event WHERE kind = 'exception.added' ORDER BY seq"


@pytest.fixture
def both(tmp_path: Path, database: str) -> Office:
    """The four clients, on SQLite and on PostgreSQL."""
    office = begin(tmp_path / "both", database=database)
    office.imports(FOUR)
    return office


def many(count: int) -> str:
    rows = (f"M-{n},Client {n} Ltd,,c{n}@many.example,{n} Long Street,Sacramento,CA,95814,none,,130.00"
            for n in range(1, count + 1))  # fmt: skip
    return "\n".join((HEADINGS, *rows)) + "\n"


def listed(office: Office, *options: str) -> dict[str, Any]:
    found: dict[str, Any] = office.does("exception", "list", "--json", *options).json
    return found


def test_an_exception_is_recorded_and_listed(both: Office) -> None:
    said = both.does(*ADD, "--until", "2026-12-31", "--by", "Dana Whitcomb").said
    assert "N-1 Ash Street Bakery: an exception to “house-30-day”, until 2026-12-31." in said
    (one,) = listed(both)["exceptions"]
    assert len(one.pop("id")) == 36
    assert one == {
        "number": "N-1", "name": "Ash Street Bakery", "policy": "house-30-day", "reason": WHY,
        "by": "Dana Whitcomb", "recorded_on": "2026-11-24", "until": "2026-12-31", "active": True,
    }  # fmt: skip
    shown = both.does("exception", "list").said
    assert f"{WHY} (Dana Whitcomb, 2026-11-24)" in shown
    both.does("ledger", "verify")


def test_the_record_names_nobody(both: Office) -> None:
    """It proves, to whoever has the salt, whom it was for and why; without it, it says neither."""
    both.does(*ADD, "--by", "Dana Whitcomb")
    ((subject, actor, payload),) = both.rows(EVENTS)
    assert (subject, actor) == ("exceptions", "Dana Whitcomb")
    assert "Ada" not in payload
    assert "Ash" not in payload
    assert "N-1" not in payload
    ((salt,),) = both.rows("SELECT salt FROM exception")
    (client,) = both.does("clients", "list", "N-1", "--json").json
    assert json.loads(payload) == {
        "client": salted(salt, client["id"]),
        "policy": "house-30-day",
        "reason": salted(salt, WHY),
        "until": None,
    }


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        ("contract-30-deposit", "contract-30-deposit is a contract rule (the client's contract)"),
        ("Contract-30-Plus-3BD", "contract-30-plus-3bd is a contract rule"),
        ("warn-60-day", "warn-60-day is a statute rule (29 USC 2102; 20 CFR 639.8)"),
        ("45 days from deposit", "is a contract rule"),
        ("statute", "a statute is not the firm's own policy"),
        ("Contract", "a contract is not the firm's own policy"),
    ],
)
def test_a_statute_or_a_contract_is_not_ours_to_waive(office: Office, policy: str, says: str) -> None:
    before = office.recorded()
    refused = office.does("exception", "add", "N-1", "--policy", policy, "--reason", WHY, exits=3)
    assert says in refused.said
    assert "an exception sets aside only what the firm asks of itself" in refused.said
    assert office.recorded() == before


@pytest.mark.parametrize(
    ("words", "exits", "says"),
    [
        (("N-9", "--policy", "house-30-day", "--reason", WHY), 2, "no client is called 'N-9'"),
        (("a", "--policy", "house-30-day", "--reason", WHY), 2, "'a' could be"),
        (("N-1", "--policy", "house-30-day", "--reason", "  "), 2, "it is empty"),
        (("N-1", "--policy", " ", "--reason", WHY), 2, "it is empty"),
        (("N-1", "--policy", "x" * 121, "--reason", WHY), 2, "a policy's name has 1 to 120 characters"),
        (("N-1", "--policy", "house-30-day"), 2, "Missing option '--reason'"),
        (
            ("N-1", "--policy", "house-30-day", "--reason", WHY, "--until", "2026-11-23"),
            2,
            "Mon 23 Nov 2026 is in the past",
        ),
    ],
)
def test_nothing_is_recorded(office: Office, words: tuple[str, ...], exits: int, says: str) -> None:
    before = office.recorded()
    assert says in office.does("exception", "add", *words, exits=exits).said
    assert office.recorded() == before


def test_a_client_who_left_has_none(office: Office) -> None:
    row = "N-1,Ash Street Bakery,1 Ash Street,Sacramento,CA,95814,ended"
    office.imports(f"Client ID,Company,Address,City,State,Zip,Status\n{row}\n")
    assert "is not a client any more" in office.does(*ADD, exits=1).said


def test_one_at_a_time_until_a_later_day(office: Office) -> None:
    office.does(*ADD, "--until", "2026-12-31")
    for until in ("2026-12-31", "2026-12-01"):
        refused = office.does(*ADD, "--until", until, exits=1)
        assert "has an exception to “house-30-day” already, until Thu 31 Dec 2026" in refused.said
    office.does(*ADD, "--until", "2027-06-30")
    office.does(*ADD)
    assert "already, without an end" in office.does(*ADD, "--until", "2030-01-01", exits=1).said
    assert len(office.rows(EVENTS)) == 3


def test_the_last_day_is_included(office: Office) -> None:
    office.does(*ADD, "--until", "2026-11-24")
    assert [one["active"] for one in listed(office)["exceptions"]] == [True]
    later = office.on("2026-11-25")
    assert [one["active"] for one in listed(later)["exceptions"]] == [False]
    assert "ended" in later.does("exception", "list").said
    later.does(*ADD, "--until", "2026-11-30")


def test_a_policy_keeps_the_name_it_has(office: Office) -> None:
    office.does("exception", "add", "N-1", "--policy", "remote  access policy", "--reason", WHY)
    office.does("exception", "add", "N-2", "--policy", "HOUSE-30-DAY", "--reason", WHY)
    said = office.does("exception", "add", "N-3", "--policy", "comunication", "--reason", WHY, exits=2).said
    assert "--policy: there is no policy 'comunication'; perhaps you meant 'communication'." in said
    assert "Known: house-30-day, house-14-day, house-by-the-day, communication, service-guide, Remote" in said
    assert "One of your own is a file, policies/NAME-1.md." in said
    assert {one["policy"] for one in listed(office)["exceptions"]} == {
        "Remote Access Policy", "house-30-day",
    }  # fmt: skip
    assert len(listed(office, "--policy", "House-30-Day")["exceptions"]) == 1


def test_many_exceptions_are_a_question_of_policy(both: Office) -> None:
    both.imports(many(5))
    for number in range(1, 5):
        said = both.does("exception", "add", f"M-{number}", "--policy", "service-guide", "--reason", WHY).said
        assert "Consider changing the policy" not in said
    said = both.does(
        "exception", "add", "M-5", "--policy", "service-guide", "--reason", WHY, "--until", "2026-12-31"
    ).said
    assert "5 of 9 clients have an exception to “service-guide”. Consider changing the policy:" in said
    both.does("exception", "add", "N-1", "--policy", "house-30-day", "--reason", WHY)
    assert listed(both)["shared"] == [{"policy": "service-guide", "clients": 5, "of": 9}]
    assert "5 of 9 clients" in both.does("exception", "list").said
    assert listed(both, "--policy", "house-30-day")["shared"] == []
    assert listed(both.on("2027-01-01"))["shared"] == [], "one of them ended"


@pytest.fixture
def known(both: Office) -> Iterator[dict[str, Any]]:
    """A reading session, and the ids of the four clients."""
    both.does(*ADD, "--until", "2026-12-31")
    both.on("2026-11-26").does(
        "exception", "add", "N-1", "--policy", "service-guide", "--reason", "x", "--by", "Bo"
    )
    store = open_store(both.root, both.database)
    ids = {one["number"]: UUID(one["id"]) for one in both.does("clients", "list", "--json").json}
    with store.read() as session:
        yield {"session": session} | ids
    store.close()


def test_for_a_check_those_that_hold_on_its_day(known: dict[str, Any]) -> None:
    session, ids = known["session"], [known[f"N-{n}"] for n in (1, 2, 3, 4)]
    notice = PolicyException(ids[0], "house-30-day", WHY, "Ada", date(2026, 11, 24), date(2026, 12, 31))
    fee = PolicyException(ids[0], "service-guide", "x", "Bo", date(2026, 11, 26), None)
    assert active_exceptions(session, ids, date(2026, 11, 23)) == {}
    assert active_exceptions(session, ids, date(2026, 11, 24)) == {ids[0]: [notice]}
    assert active_exceptions(session, ids, date(2026, 12, 31)) == {ids[0]: [notice, fee]}
    assert active_exceptions(session, ids, date(2027, 1, 1)) == {ids[0]: [fee]}
    assert active_exceptions(session, ids[1:], date(2026, 12, 1)) == {}
    assert active_exceptions(session, [], date(2026, 12, 1)) == {}
    assert shared_policies(session, date(2026, 12, 1)) == []
    assert shared_policies(session, date(2026, 12, 1), at_least=1) == [
        SharedPolicy("house-30-day", 1, 4), SharedPolicy("service-guide", 1, 4),
    ]  # fmt: skip


def test_only_a_rule_of_the_firm_s_own_is_waived() -> None:
    def to(policy: str) -> PolicyException:
        return PolicyException(UUID(int=1), policy, WHY, "Ada", date(2026, 11, 24), None)

    house, contract = preset("house-30-day"), preset("contract-30-deposit")
    assert waiver([to("service-guide"), to("House-30-Day")], house) == to("House-30-Day")
    assert waiver([to("service-guide")], house) is None
    assert waiver([to("contract-30-deposit")], contract) is None


def test_a_client_without_a_number_is_named_by_its_address(office: Office) -> None:
    office.imports(f"{HEADINGS}\n{ASH.replace('N-1,Ash Street Bakery,Ada Byrd,ada@', 'N-7,Elm,Em,em@')}\n")
    assert (
        office.does("exception", "add", "em@ash.example", "--policy", "service-guide", "--reason", WHY).code
        == 0
    )
