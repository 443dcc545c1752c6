"""Every notice rule that is shipped, by its id: the firm's own, contracts' usual terms, and statutes."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Final

from mailer.notice.problems import RuleProblem
from mailer.notice.rules import Origin, Rule
from mailer.notice.statutes import STATUTES

_OWN: Final = (
    Rule(
        id="house-30-day",
        title="30 days from deposit, the firm's own policy",
        n=30,
        origin=Origin.HOUSE,
        citation="the firm's notice policy",
    ),
    Rule(
        id="house-14-day",
        title="14 days from deposit, the firm's own policy",
        n=14,
        origin=Origin.HOUSE,
        citation="the firm's notice policy",
    ),
    Rule(
        id="house-by-the-day",
        title="in the post by the day itself, the firm's own policy",
        n=0,
        origin=Origin.HOUSE,
        citation="the firm's notice policy",
    ),
    Rule(
        id="contract-30-deposit",
        title="30 days from deposit",
        n=30,
        origin=Origin.CONTRACT,
        citation="the client's contract",
    ),
    Rule(
        id="contract-30-plus-3bd",
        title="30 days, received 3 business days after deposit",
        n=30,
        delivery="+3bd",
        calendar="us_federal",
        origin=Origin.CONTRACT,
        citation="the client's contract",
        note="Business days are federal ones: Saturdays, on which the post runs, do not count.",
    ),
)

PRESETS: Final[Mapping[str, Rule]] = {row.id: row for row in (*_OWN, *STATUTES)}


def preset(rule_id: str) -> Rule:
    """Return the shipped rule of that id; `RuleProblem` with a suggestion if there is none."""
    if rule_id in PRESETS:
        return PRESETS[rule_id]
    near = difflib.get_close_matches(rule_id, PRESETS, 1, 0.5)
    raise RuleProblem(
        f"There is no notice rule {rule_id!r}.",
        todo=(f"Perhaps you meant {near[0]!r}. " if near else "") + f"Shipped: {', '.join(PRESETS)}.",
    )
