"""A statute that gives mail within its state fewer days, and a mail service that does not say where it mails.

A letter is approved as mailed from the firm's own state. Sent by a service it is judged as mailed from
another (Cal. CCP 1013(a): 10 calendar days in place of 5), since nobody can prove the better case.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from mailer.judgement.rules import elsewhere
from mailer.judgement.verdict import NoticeState, judge
from mailer.ledger.stated import Stated
from mailer.notice.closings import Closings
from mailer.notice.rulebook import preset


def late_by_service(facts: Stated, in_post: date, closings: Closings) -> bool:
    """Would a piece with these facts, which the post has on `in_post`, be late for such a statute."""
    if not facts.statutes or facts.effective is None:
        return False
    return _late(facts.statutes, facts.effective, in_post, closings)


@lru_cache(maxsize=4_096)
def _late(names: tuple[str, ...], effective: date, in_post: date, closings: Closings) -> bool:
    known = [preset(name) for name in names]
    rules = tuple(elsewhere(rule) for rule in known if elsewhere(rule) is not rule)
    if not rules:
        return False
    verdict = judge(rules, effective, in_post, mailed=in_post, closings=closings)
    return verdict.state is NoticeState.LATE
