"""A lower rate needs no notice, unless a statute asks for notice of any change. Pure.

It counts from the day that its letter states, once that is mailed: whatever the firm's habit and the
contract's term of notice say, and whatever becomes of the letter. A statute that asks for notice of any
change (`Rule.any_change`) is judged all the same; it protects the client, so that the lower rate is billed
though its notice was late.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from mailer.campaign.rates import RateLine
from mailer.judgement.verdict import NoticeState, NoticeVerdict
from mailer.ledger.stated import NoticedRate
from mailer.notice.rules import Origin, Rule
from mailer.notice.words import spoken

NO_NOTICE: Final = Rule(
    id="lower-rate",
    title="a lower rate, which needs no notice",
    n=0,
    origin=Origin.CONTRACT,
    citation="the firm's own letter",
)


def rises(lines: Sequence[RateLine | NoticedRate]) -> bool:
    """Does any of these raise a rate."""
    return any(line.new > line.old for line in lines)


def lowers(lines: Sequence[RateLine | NoticedRate]) -> bool:
    """Do these change rates, and raise none."""
    return any(line.new < line.old for line in lines) and not rises(lines)


def rules_on_lower(statutes: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules that a letter of lower rates alone must meet."""
    return tuple(rule for rule in statutes if rule.any_change) or (NO_NOTICE,)


def lowered(effective: date, today: date, mailed: date) -> NoticeVerdict:
    """The verdict on a mailed letter of lower rates of which no statute asks for notice: it holds."""
    state = NoticeState.COMPLIANT if today >= effective else NoticeState.RUNNING
    reason = f"a lower rate needs no notice; it counts from {spoken(effective)}"
    return NoticeVerdict(state, effective, reason, mailed, NO_NOTICE, earliest=effective)
