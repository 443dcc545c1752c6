"""What scripts build on: the keys of every `--json`, money as strings, days as ISO dates."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

from tests.support.office import ASH, HEADINGS, RATES, Office

PIECE = {"piece", "status", "counts_on", "sha256"}
ADDRESS = {"line1", "line2", "city", "state", "zip", "country"}
MONEY = re.compile(r"-?\d+\.\d{2,4}")


def is_day(text: Any) -> bool:
    return isinstance(text, str) and date.fromisoformat(text).isoformat() == text


def test_clients_list(office: Office) -> None:
    found = office.does("clients", "list", "--json").json
    assert isinstance(found, list)
    assert {"id", "name", "contact", "address"} <= set(found[0])
    (ash,) = [one for one in found if one["number"] == "N-1"]
    assert len(ash.pop("id")) == 36
    assert ash == {
        "number": "N-1",
        "name": "Ash Street Bakery",
        "contact": "Ada Byrd",
        "email": "ada@ash.example",
        "address": {
            "line1": "1 Ash Street", "line2": "", "city": "Sacramento", "state": "CA", "zip": "95814",
            "country": "US",
        },
        "notice_address": None,
        "contract": "none",
        "notice": "",
        "tags": [],
        "active": True,
        "newsletter": True,
        "notice_to": "",
        "address_check": None,
        "notice_address_check": None,
    }  # fmt: skip


def test_clients_list_of_a_notice_address(office: Office) -> None:
    more = ",Suite,Notice Address,Notice City,Notice State,Notice Zip"
    office.imports(f"{HEADINGS}{more}\n{ASH},Suite 9,PO Box 1,Davis,CA,95616\n")
    (ash,) = office.does("clients", "list", "N-1", "--json").json
    assert set(ash["address"]) == set(ash["notice_address"]) == ADDRESS
    assert ash["address"]["line2"] == "Suite 9"
    assert ash["notice_address"]["line1"] == "PO Box 1"


def test_an_empty_list_is_an_array(office: Office) -> None:
    assert office.does("clients", "list", "nobody", "--json").json == []


def test_check(mailed: Office) -> None:
    found = mailed.does("check", RATES, "--json").json
    assert set(found) >= {
        "campaign", "effective", "as_of", "all_safe", "complete", "states", "house", "clients",
    }  # fmt: skip
    assert (found["campaign"], found["effective"], found["as_of"]) == (RATES, "2027-01-01", "2026-11-24")
    (ash,) = [one for one in found["clients"] if one["number"] == "N-1"]
    assert set(ash) >= {
        "id", "number", "name", "state", "safe", "reason", "effective", "earliest_effective", "mail_by",
        "mail_by_law", "deposited", "deemed_given", "rules", "binding_rule", "letter", "newsletter", "house",
        "rates", "working",
    }  # fmt: skip
    assert set(ash["letter"]) >= PIECE
    assert ash["newsletter"] is None
    assert ash["rates"] == [{"service": "hourly-support", "old": "130.00", "new": "138.00"}]
    assert [rule["id"] for rule in ash["rules"]] == ["house-30-day"]
    assert set(ash["rules"][0]) >= {"id", "citation", "in_time"}
    assert ash["binding_rule"] == "house-30-day"
    assert set(ash["house"]) >= {"state", "reason"}
    assert all(
        is_day(ash[key]) for key in ("effective", "earliest_effective", "mail_by", "mail_by_law", "deposited")
    )


def test_check_before_anything_was_mailed(office: Office) -> None:
    (ash,) = [
        one for one in office.mailer("check", RATES, "--json").json["clients"] if one["number"] == "N-1"
    ]
    assert (ash["letter"], ash["deposited"], ash["deemed_given"]) == (None, None, None)
    assert ash["rates"] == [{"service": "hourly-support", "old": "130.00", "new": "138.00"}]


def test_rates(mailed: Office) -> None:
    found = mailed.does("rates", "--worked-on", "2027-01-04", "--json").json
    assert set(found) >= {"worked_on", "currency", "rehearsal", "clients"}
    assert (found["worked_on"], found["currency"]) == ("2027-01-04", "USD")
    for client in found["clients"]:
        assert set(client) >= {"id", "number", "name", "services"}
        for service in client["services"]:
            assert set(service) >= {"service", "rate", "since", "because", "piece", "pending"}
            assert MONEY.fullmatch(service["rate"])
            assert is_day(service["since"])


def test_plan(office: Office) -> None:
    found = office.does("plan", RATES, "--json").json
    assert set(found) >= {
        "campaign", "kind", "effective", "today", "possible", "stopped", "earliest_effective", "late",
        "clients", "rules", "by_email", "not_simply_written", "steps", "issues", "unknown_names",
    }  # fmt: skip
    assert (found["kind"], found["possible"], found["clients"]) == ("rate-notice", True, {"write": 4})
    assert found["issues"] == ["2026-12"]
    for step in found["steps"]:
        assert set(step) >= {"key", "title", "day", "slack_days", "overdue", "done_on", "reason", "citation"}
        assert is_day(step["day"])
    assert {rule["id"]: rule["clients"] for rule in found["rules"]} == {
        "house-30-day": 2, "contract-30-plus-3bd": 1, "contract-30-deposit": 1,
    }  # fmt: skip


def test_plan_that_is_refused(office: Office) -> None:
    found = office.does("plan", RATES, "--effective", "2026-12-15", "--json", exits=3).json
    assert (found["possible"], found["late"], found["earliest_effective"]) == (False, 4, "2026-12-30")


def test_plan_of_an_issue(office: Office) -> None:
    found = office.does("plan", "2026-12", "--json").json
    assert set(found) >= {"campaign", "kind", "today", "carries"}
    assert [(one["campaign"], one["hand_over_by"]) for one in found["carries"]] == [
        ("2027-rates", "2026-12-02"), ("2027-hours", "2026-12-12"), ("2027-remote-access", "2027-01-02"),
    ]  # fmt: skip
    assert all(set(one) >= {"effective", "legal_latest", "possible"} for one in found["carries"])


def test_status(printed: Office) -> None:
    found = {one["campaign"]: one for one in printed.does("status", "--json").json}
    assert set(found) == {"2026-12", "2027-hours", "2027-rates", "2027-remote-access"}
    for one in found.values():
        assert set(one) >= {
            "campaign",
            "kind",
            "effective",
            "stage",
            "next",
            "by",
            "overdue",
            "pieces",
            "problem",
        }
    assert (found[RATES]["stage"], found[RATES]["by"]) == ("printed", "2026-11-28")
    assert found[RATES]["pieces"] == {"produced": 4}
    assert found["2026-12"]["stage"] == "draft"


def test_status_names_what_is_overdue_first(printed: Office) -> None:
    found = printed.on("2026-11-30").does("status", "--json").json
    assert found[0]["overdue"] is True
    order = [one["overdue"] for one in found]
    assert order == sorted(order, reverse=True)


def test_status_of_a_faulty_campaign_names_it_and_shows_the_others(office: Office) -> None:
    office.edit("campaigns/2027-hours/campaign.toml", "kind =", "kinds =")
    found = {one["campaign"]: one for one in office.does("status", "--json").json}
    assert found["2027-hours"]["stage"] == "faulty"
    assert "campaigns/2027-hours/campaign.toml" in found["2027-hours"]["problem"]
    assert found[RATES]["stage"] == "draft"


def test_the_keys_stand_in_one_order(mailed: Office) -> None:
    """Two answers are compared as texts, so that keys keep their places too."""
    check = mailed.does("check", RATES, "--json").json
    assert list(check) == [
        "campaign", "effective", "as_of", "all_safe", "complete", "states", "house", "no_longer_said",
        "clients",
    ]  # fmt: skip
    assert list(check["clients"][0]) == [
        "id", "number", "name", "state", "safe", "reason", "effective", "earliest_effective",
        "stricter_effective", "mail_by", "mail_by_law", "deposited", "deemed_given", "rules", "binding_rule",
        "letter", "newsletter", "house", "rates", "working",
    ]  # fmt: skip
    assert list(check["clients"][0]["letter"]) == [
        "piece", "status", "counts_on", "returned_on", "return_reason", "misaddressed_on", "received_on",
        "sha256",
    ]  # fmt: skip
    rates = mailed.does("rates", "--worked-on", "2027-01-04", "--json").json
    assert list(rates) == ["worked_on", "currency", "rehearsal", "clients"]
    assert list(rates["clients"][0]["services"][0]) == [
        "service", "rate", "since", "because", "piece", "pending", "at_risk",
    ]  # fmt: skip
    plan = mailed.does("plan", RATES, "--json").json
    assert list(plan) == [
        "campaign", "kind", "effective", "today", "possible", "stopped", "earliest_effective", "late",
        "clients", "rules", "by_email", "not_simply_written", "steps", "issues", "article", "profile",
        "last_rise_unknown", "unknown_names", "contradicts", "despite_mark",
    ]  # fmt: skip
    assert list(plan["steps"][0]) == [
        "key", "title", "day", "slack_days", "overdue", "done_on", "reason", "citation",
    ]  # fmt: skip
    assert plan["article"] == {
        "asked": "2026-12", "issue": "2026-12", "hand_over_by": "2026-12-02", "legal_latest": "2026-12-02",
        "carried_by": [{"issue": "2026-12", "state": "in time", "planned": "2026-12-01", "mailed": None}],
        "proposed": None, "special_edition": False, "command": None, "missed": False, "problem": "",
    }  # fmt: skip
    issue = mailed.does("plan", "2026-12", "--json").json
    assert list(issue) == ["campaign", "kind", "today", "carries"]
    assert list(issue["carries"][0]) == ["campaign", "effective", "hand_over_by", "legal_latest", "possible"]
    assert list(mailed.does("status", "--json").json[0]) == [
        "campaign", "kind", "effective", "stage", "next", "by", "overdue", "pieces", "problem",
    ]  # fmt: skip


def test_plan_names_who_is_not_simply_written(office: Office) -> None:
    office.imports(f"{HEADINGS},Max Raise\n{ASH},5%\n")
    found = office.does("plan", RATES, "--json").json
    assert found["clients"] == {"write": 3, "blocked": 1}
    (named,) = found["not_simply_written"]
    assert list(named) == ["number", "name", "standing", "why", "allowed_from"]
    assert (named["number"], named["standing"], named["allowed_from"]) == ("N-1", "blocked", None)


def test_exception_list(office: Office) -> None:
    assert office.does("exception", "list", "--json").json == {"exceptions": [], "shared": []}
    office.does("exception", "add", "N-1", "--policy", "house-30-day", "--reason", "asked", "--by", "Dana")
    (ash,) = office.does("clients", "list", "N-1", "--json").json
    assert office.does("exception", "list", "--json").json == {
        "exceptions": [
            {
                "id": ash["id"],
                "number": "N-1",
                "name": "Ash Street Bakery",
                "policy": "house-30-day",
                "reason": "asked",
                "by": "Dana",
                "recorded_on": "2026-11-24",
                "until": None,
                "active": True,
            }
        ],
        "shared": [],
    }


def test_nothing_but_json_on_stdout(mailed: Office) -> None:
    for words in (
        ("check", RATES),
        ("rates", "--worked-on", "2027-01-04"),
        ("status",),
        ("plan", RATES),
        ("clients", "list"),
    ):
        ran = mailed.mailer(*words, "--json")
        assert ran.json
        assert "REHEARSAL" in ran.err


def test_every_key_is_documented(mailed: Office) -> None:
    """`--json` says: docs/json.md."""
    text = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")
    answers = (
        mailed.mailer("check", RATES, "--json").json,
        mailed.mailer("rates", "--worked-on", "2027-01-04", "--json").json,
        mailed.mailer("status", "--json").json,
        mailed.mailer("plan", RATES, "--json").json,
        mailed.mailer("plan", "2026-12", "--json").json,
        mailed.mailer("clients", "list", "--json").json,
        mailed.mailer("status", RATES, "--json").json,
        mailed.mailer("status", RATES, "--all", "--json").json,
        mailed.mailer("move", RATES, "--effective", "2027-02-01", "--dry-run", "--json").json,
        mailed.mailer("remedy", RATES, "--dry-run", "--json").json,
        mailed.mailer("exception", "list", "--json").json,
    )
    undocumented = {key for answer in answers for key in _keys(answer) if f"`{key}`" not in text}
    assert undocumented == set()


def _keys(value: Any) -> set[str]:
    """All keys but those that are data: states, statuses and standings as counted."""
    if isinstance(value, list):
        return {key for one in value for key in _keys(one)}
    if not isinstance(value, dict):
        return set()
    counted = bool(value) and all(
        isinstance(one, int) and not isinstance(one, bool) for one in value.values()
    )
    return set() if counted else set(value) | {key for one in value.values() for key in _keys(one)}
