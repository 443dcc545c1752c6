"""check.json and rules.json of a pack: the verdicts as they were when it was made.

No names: see addresses.jsonl.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from mailer.evidence.case import Working
from mailer.evidence.verdicts import Judged, Verdicts
from mailer.planning.mailfolder import MailFolder
from mailer.standing.checkjson import rates_json


def check_json(name: str, mail: MailFolder, found: Verdicts) -> dict[str, Any]:
    """check.json but its clients."""
    return {
        "campaign": name,
        "as_of": mail.today.isoformat(),
        "rehearsal": mail.clock.rehearsal,
        "states": dict(found.states.most_common()),
        "house": dict(found.house.most_common()),
        "workings": [_working_json(working) for working in found.workings],
    }


def clients_json(found: Verdicts) -> Iterator[dict[str, Any]]:
    """The clients of check.json, one by one."""
    return (_client_json(one, mark) for one, mark in found.marked())


def _working_json(working: Working) -> dict[str, Any]:
    verdict = working.verdict
    return {
        "working": working.mark,
        "clients": working.clients,
        "state": verdict.state.value,
        "reason": verdict.reason,
        "deposited": _iso(verdict.mailed),
        "effective": _iso(verdict.effective),
        "binding_rule": verdict.binding.id if verdict.binding else None,
        "rules": [
            {
                "id": result.rule.id,
                "given": _iso(result.given),
                "in_time": result.in_time,
                "earliest_effective": _iso(result.earliest),
                "steps": [str(step) for step in result.steps],
            }
            for result in verdict.results
        ],
    }


def _client_json(one: Judged, mark: str) -> dict[str, Any]:
    return {
        "id": str(one.client),
        "in_campaign": one.listed,
        "state": one.state,
        "holds": one.holds,
        "reason": one.reason,
        "piece": one.piece or None,
        "working": mark or None,
        "newsletter": one.newsletter.label if one.newsletter else None,
        "house": one.house.state.value if one.house else None,
        "rates": rates_json((service, old, new) for service, _, old, new in one.rates),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def rules_json(found: Verdicts) -> list[dict[str, Any]]:
    """rules.json: each rule as it was applied, with the number of clients it governs."""
    return [
        {
            "id": use.rule.id,
            "title": use.rule.title,
            "period": use.rule.period,
            "counting": use.rule.counting.value,
            "counts_as_given": use.rule.given_by.says,
            "delivery": use.rule.delivery,
            "calendar": use.rule.calendar,
            "mailing_calendar": use.rule.mailing_calendar,
            "on_return": use.rule.on_return.value,
            "origin": use.rule.origin.value,
            "citation": use.rule.citation,
            "url": use.rule.url,
            "note": use.rule.note,
            "clients": use.clients,
        }
        for use in found.rules
    ]
