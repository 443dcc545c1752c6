"""The kinds of campaign: one file and one row each, imported when asked for."""

from __future__ import annotations

import difflib
from importlib import import_module
from typing import Final

from mailer.campaign.kind import Kind

KINDS: Final[dict[str, str]] = {
    "rate-notice": "mailer.campaign.kinds.rate_notice:KIND",
    "policy-change": "mailer.campaign.kinds.policy_change:KIND",
    "business-hours": "mailer.campaign.kinds.business_hours:KIND",
    "communication-policy": "mailer.campaign.kinds.communication_policy:KIND",
    "service-guide": "mailer.campaign.kinds.service_guide:KIND",
    "welcome": "mailer.campaign.kinds.welcome:KIND",
    "holiday-closing": "mailer.campaign.kinds.holiday_closing:KIND",
    "reminder": "mailer.campaign.kinds.reminder:KIND",
    "decline": "mailer.campaign.kinds.decline:KIND",
    "disengagement": "mailer.campaign.kinds.disengagement:KIND",
    "complaint-response": "mailer.campaign.kinds.complaint_response:KIND",
    "newsletter": "mailer.campaign.kinds.newsletter:KIND",
}


def kind_named(name: str) -> Kind:
    """The kind of that name. Raises ValueError, with a suggestion, where there is none."""
    try:
        module, _, attribute = KINDS[name].partition(":")
    except KeyError:
        close = difflib.get_close_matches(name, KINDS, n=1)
        hint = f"perhaps you meant {close[0]!r}" if close else f"known: {', '.join(KINDS)}"
        raise ValueError(f"unknown kind {name!r}; {hint}") from None
    kind: Kind = getattr(import_module(module), attribute)
    return kind
