"""The check as JSON (docs/json.md): what `mailer check --json` says. Days are dates, money is text.

A pack's check.json is another document: it names no client, and gathers its answers by working
(mailer.evidence.verdicts).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mailer.ledger.clientpiece import ClientPiece
from mailer.money import plain
from mailer.standing.check import Line, Summary


def check_json(summary: Summary) -> dict[str, Any]:
    """The answer before its clients, once they were gone through."""
    return {
        "campaign": summary.campaign.name,
        "effective": summary.effective,
        "as_of": summary.today,
        "all_safe": summary.all_safe,
        "complete": summary.complete,
        "states": dict(summary.states),
        "house": dict(summary.house),
        "no_longer_said": list(summary.otherwise),
    }


def line_json(line: Line) -> dict[str, Any]:
    """One client."""
    notice = line.notice
    return {
        "id": str(line.client.id),
        "number": line.client.number,
        "name": line.client.name,
        "state": line.state,
        "safe": line.safe,
        "reason": notice.reason if notice else line.problem,
        "effective": notice.effective if notice else None,
        "earliest_effective": notice.earliest if notice else None,
        "stricter_effective": notice.stricter if notice else None,
        "mail_by": notice.operational_latest if notice else None,
        "mail_by_law": notice.legal_latest if notice else None,
        "deposited": line.letter.counts_on if line.letter else None,
        "deemed_given": max((r.given for r in notice.results if r.given), default=None) if notice else None,
        "rules": [
            {"id": r.rule.id, "citation": r.rule.citation, "in_time": r.in_time} for r in notice.results
        ]
        if notice
        else [],
        "binding_rule": notice.binding.id if notice and notice.binding else None,
        "letter": _piece_json(line.letter),
        "newsletter": _piece_json(line.newsletter),
        "house": {"state": line.house.state.value, "reason": line.house.reason},
        "rates": rates_json((rate.service, plain(rate.old), plain(rate.new)) for rate in line.rates),
        "working": [str(step) for step in (notice.steps if notice else ())],
    }


def _piece_json(piece: ClientPiece | None) -> dict[str, Any] | None:
    if piece is None:
        return None
    return {
        "piece": piece.label,
        "status": piece.status.value,
        "counts_on": piece.counts_on,
        "returned_on": piece.returned_on,
        "return_reason": piece.return_reason,
        "misaddressed_on": piece.misaddressed_on,
        "received_on": piece.received_on,
        "sha256": piece.sha256,
    }


def rates_json(rates: Iterable[tuple[str, str, str]]) -> list[dict[str, str]]:
    """Rates as (service, old, new), as text: what a check and a pack's check.json say of them alike."""
    return [{"service": service, "old": old, "new": new} for service, old, new in rates]
