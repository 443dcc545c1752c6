"""The firm's own habit: every medium that it asks for (letter and newsletter) out in time.

Each medium's deposit is judged by the house rule. This verdict may block a send, and never
relabels what the law says (`mailer.judgement.verdict`). Days are mailing days, ends included.
A letter that was mailed is judged by what was asked for when it was made; what its kind, its definition or
mailer.toml ask for since is for later letters.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from mailer.campaign.loading import Campaign
from mailer.ledger.clientpiece import ClientPiece, first
from mailer.ledger.kinds import Medium
from mailer.notice.calendars import calendar_named
from mailer.notice.closings import NO_CLOSINGS, Closings
from mailer.notice.counting import LatestMailing, is_compliant, latest_mailing
from mailer.notice.problems import RuleProblem
from mailer.notice.reasons import explain, explain_latest
from mailer.notice.rules import Origin, Rule
from mailer.notice.steps import Step
from mailer.notice.words import spoken, together
from mailer.settings import House


class HouseState(Enum):
    """What the firm did of its own habit; named unlike the notice states so that none is mistaken."""

    KEPT = "kept"
    PENDING = "pending"  # not mailed, still possible in time
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class MediumResult:
    """One medium, such as "letter"; `mailed` is None before its drop, a page's before it was published."""

    medium: str
    mailed: dt.date | None
    state: HouseState
    latest: LatestMailing
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class HouseVerdict:
    """The worst of the media's states. `holds` only if all were out in time."""

    state: HouseState
    reason: str
    media: tuple[MediumResult, ...]

    @property
    def holds(self) -> bool:
        return self.state is HouseState.KEPT


def asked_of(campaign: Campaign, habit: House, *, newsletter: bool) -> tuple[Medium, ...]:
    """The media that the habit asks for today for a client; `newsletter` is False for who opted out of it."""
    wanted = campaign.media if habit.require_all_media else (Medium.LETTER,)
    return tuple(one for one in wanted if newsletter or one is not Medium.NEWSLETTER)


def asked_for(letter: ClientPiece | None, today: tuple[Medium, ...]) -> tuple[Medium, ...]:
    """Those that it asked for when a mailed letter was made; `today`'s before, and where that froze none."""
    if letter is None or letter.counts_on is None or letter.facts.media is None:
        return today
    return tuple(map(Medium, letter.facts.media))


def newsletter_of(letter: ClientPiece | None, issue: ClientPiece | None) -> ClientPiece | None:
    """What brought a client the newsletter: the `issue` itself, or the letter that had it in its envelope."""
    enclosing = letter if letter is not None and letter.facts.encloses else None
    return first(piece for piece in (issue, enclosing) if piece is not None)


def judge_house(
    rule: Rule,
    effective: dt.date,
    today: dt.date,
    media: Mapping[str, dt.date | None],
    closings: Closings = NO_CLOSINGS,
) -> HouseVerdict:
    """Return whether every medium went out in time by the house rule.

    `media` maps each medium that the firm's habit asks for to its mailing day, or None.
    """
    return _judged(rule, effective, today, tuple(media.items()), closings)


@lru_cache(maxsize=50_000)
def _judged(
    rule: Rule,
    effective: dt.date,
    today: dt.date,
    media: tuple[tuple[str, dt.date | None], ...],
    closings: Closings,
) -> HouseVerdict:
    if rule.origin is not Origin.HOUSE:
        raise RuleProblem(
            f"The house verdict is judged by a house rule, not by a {rule.origin.value} rule.",
            where=f"rule {rule.id}",
            todo="Give the campaign's house rule, such as house-30-day.",
        )
    results = tuple(_medium(rule, effective, today, name, mailed, closings) for name, mailed in media)
    states = {result.state for result in results}
    for state in (HouseState.MISSED, HouseState.PENDING):
        if state in states:
            return HouseVerdict(state, _reason(state, results), results)
    return HouseVerdict(HouseState.KEPT, _reason(HouseState.KEPT, results), results)


def _medium(
    rule: Rule,
    effective: dt.date,
    today: dt.date,
    medium: str,
    mailed: dt.date | None,
    closings: Closings,
) -> MediumResult:
    latest = latest_mailing(effective, rule, closings)
    if mailed is None:
        soonest = calendar_named(rule.mailing_calendar, closings).on_or_after(today)
        possible = is_compliant(soonest, effective, rule, closings)
        state = HouseState.PENDING if possible else HouseState.MISSED
        return MediumResult(medium, None, state, latest, explain_latest(latest, effective, rule, closings))
    in_time = is_compliant(mailed, effective, rule, closings)
    state = HouseState.KEPT if in_time else HouseState.MISSED
    return MediumResult(medium, mailed, state, latest, explain(mailed, effective, rule, closings))


def _reason(state: HouseState, results: tuple[MediumResult, ...]) -> str:
    named = together([result.medium for result in results if result.state is state])
    if state is HouseState.KEPT:
        return f"{named} out in time" if results else "no medium is asked for"
    latest = min(result.latest.operational for result in results)
    if state is HouseState.PENDING:
        return f"{named} to be out by {spoken(latest)}"
    return f"{named} not out by {spoken(latest)}"
