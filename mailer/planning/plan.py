"""`mailer plan`: the timeline of a campaign, who is in it, and what stands in the way. Nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final

from mailer.campaign.loading import Campaign, load_campaign
from mailer.errors import MailerError, Problem
from mailer.judgement.rules import house_rule
from mailer.judgement.verdict import NoticeState, NoticeVerdict, judge
from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.kinds import Medium
from mailer.notice.rules import Rule
from mailer.notice.timeline import Milestone, Timeline
from mailer.planning.audience import Finding, Planned, Standing, planned, unknown_names
from mailer.planning.carrier import Carriage, carrying
from mailer.planning.emptyaudience import for_nobody
from mailer.planning.issuedates import IssueDeadline, deadlines, issues_carrying
from mailer.planning.leadtimes import done_of, timeline_of
from mailer.planning.mailfolder import MailFolder
from mailer.planning.profileneeds import lacking
from mailer.planning.route import goes_by_email, mails_on, may_be_emailed
from mailer.progress import Progress, silent
from mailer.store.engine import Session
from mailer.store.pieces import first_mailed, sent_to

NAMED: Final = 50  # clients kept by name for a report


@dataclass(frozen=True, slots=True)
class Named:
    """A client who does not simply get a letter, and why."""

    number: str
    name: str
    standing: Standing
    why: str
    allowed_from: date | None
    against: str


@dataclass(frozen=True, slots=True)
class LastRiseUnknown:
    """Clients whose contract wants months between rises and whose last rise is unknown; `since` is the first
    day on record for any of them: a rise of before it is not counted.
    """

    clients: int
    since: date


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a notice. `late` counts clients for whom the date is too near; `earliest` is the
    first effective date that would do for all of them. `contradicts` names the campaigns whose letters
    its own contradict. `unknown_names` are named in the audience and are no client; `despite` are
    those who are written to in spite of their mark; `by_email` are those who get it so. `carriage` says which
    issue carries the article, `hours` whether mailer.toml agrees, `uncounted` where no months between rises
    are counted, `nobody` why no client is in it at all.
    """

    campaign: Campaign
    effective: date
    today: date
    counts: dict[Standing, int]
    named: tuple[Named, ...]
    timeline: Timeline | None
    rules: dict[Rule, int]
    by_email: int
    late: int
    earliest: date | None
    contradicts: tuple[str, ...]
    issues: tuple[str, ...]
    unknown_names: tuple[str, ...]
    despite: tuple[str, ...]
    carriage: Carriage
    profile: tuple[Problem, ...]
    uncounted: LastRiseUnknown | None
    nobody: MailerError | None

    @property
    def possible(self) -> bool:
        return self.late == 0

    @property
    def refused(self) -> bool:
        """Its letters contradict others."""
        return bool(self.counts.get(Standing.CONTRADICTS))

    @property
    def written(self) -> int:
        """How many clients get a letter."""
        return self.counts.get(Standing.WRITE, 0)

    @property
    def stopped(self) -> bool:
        """Something must be mended before the campaign can be approved."""
        return bool(
            self.counts.get(Standing.OUTSIDE)
            or self.counts.get(Standing.UNKNOWN)
            or self.refused
            or self.unknown_names
            or self.carriage.problem
            or self.profile
            or not self.counts.get(Standing.WRITE)
        )


@dataclass(frozen=True, slots=True)
class IssuePlan:
    """The plan of an issue: what it carries and by when each needs it in the post."""

    campaign: Campaign
    today: date
    deadlines: tuple[IssueDeadline, ...]


def plan(
    mail: MailFolder, name: str, *, effective: date | None = None, progress: Progress = silent
) -> Plan | IssuePlan:
    """The plan of the campaign or issue. `effective` asks "what if" of another date.

    Raises FileProblems where its files are wrong.
    """
    campaign = load_campaign(mail.root, name)
    if campaign.kind.is_issue:
        return IssuePlan(campaign, mail.today, tuple(deadlines(mail, campaign)))
    day = effective or campaign.effective
    with mail.store.read() as session:
        dropped = first_mailed(session, name)
        tally = _tally(session, mail, campaign, day, dropped, progress)
        unknown = unknown_names(session, mail, campaign)
        nobody = None if tally.counts else for_nobody(session, campaign)
    carriage = carrying(mail, campaign, day)
    return Plan(
        campaign=campaign,
        effective=day,
        today=mail.today,
        counts=dict(tally.counts),
        named=tuple(tally.named),
        timeline=timeline_by(mail, campaign, day, tally.governing, carriage),
        rules=dict(tally.governing.rules),
        by_email=tally.by_email,
        late=tally.late,
        earliest=tally.earliest if tally.late else None,
        contradicts=tuple(sorted(tally.against)),
        issues=tuple(issue.name for issue in issues_carrying(mail, name)),
        unknown_names=unknown,
        despite=tuple(tally.despite),
        carriage=carriage,
        profile=lacking(mail, campaign, day),
        uncounted=LastRiseUnknown(len(tally.uncounted), min(tally.uncounted)) if tally.uncounted else None,
        nobody=nobody,
    )


@dataclass(slots=True)
class Governing:
    """The rules that an audience is written to by, and what is known of receipt where that counts."""

    combined: Counter[tuple[Rule, ...]] = field(default_factory=Counter)
    received: list[date | None] = field(default_factory=list)  # of those under a rule that counts receipt

    def take(self, session: Session, name: str, chunk: Sequence[Planned]) -> None:
        """The next clients of the campaign of that name; who is not in the plan is left out."""
        listed = [one for one in chunk if one.in_plan]
        written = (one.found for one in listed if one.found.standing is Standing.WRITE)
        self.combined.update(found.rules for found in written)
        self.received += _received(session, name, listed)

    @property
    def rules(self) -> Counter[Rule]:
        """Each with how many clients it governs."""
        found: Counter[Rule] = Counter()
        for each, clients in self.combined.items():
            for rule in each:
                found[rule] += clients
        return found

    @property
    def all_received(self) -> date | None:
        """The day of the last receipt, once every one that counts is proved."""
        days = [day for day in self.received if day is not None]
        return max(days) if days and len(days) == len(self.received) else None


def timeline_by(
    mail: MailFolder, campaign: Campaign, day: date, governing: Governing, carriage: Carriage
) -> Timeline | None:
    """The timeline for that effective day, with what of it is done; None where no rule governs."""
    rules = governing.rules
    if not rules:
        return None
    with mail.store.read() as session:
        done = done_of(session, campaign.name)
    if governing.all_received is not None:
        done[Milestone.RECEIPT] = governing.all_received
    if carriage.mailed is not None:
        done[Milestone.NEWSLETTER] = carriage.mailed
    house = house_rule(mail.settings, campaign.definition)
    return timeline_of(
        mail,
        campaign,
        day,
        rules,
        newsletter=house if Medium.NEWSLETTER in campaign.media else None,
        done=done,
        billable=bool(campaign.definition.rates),
    )


@dataclass(slots=True)
class _Tally:
    """The audience counted: by standing, by the rules that apply, and those for whom it is too late."""

    counts: Counter[Standing] = field(default_factory=Counter)
    despite: list[str] = field(default_factory=list)
    governing: Governing = field(default_factory=Governing)
    named: list[Named] = field(default_factory=list)
    against: set[str] = field(default_factory=set)
    by_email: int = 0
    late: int = 0
    earliest: date = date.min
    uncounted: list[date] = field(default_factory=list)  # Planned.counted_from


def _tally(
    session: Session,
    mail: MailFolder,
    campaign: Campaign,
    day: date,
    dropped: date | None,
    progress: Progress,
) -> _Tally:
    """`dropped` is the mailing day where the letters went out already: the date is judged by it."""

    @lru_cache(maxsize=4_096)  # many clients share a finding
    def verdict_on(found: Finding) -> NoticeVerdict:
        soonest = mails_on(mail, campaign, found.rules)
        return judge(found.rules, day, soonest, mailed=dropped, closings=mail.closings)

    tally, wired = _Tally(), goes_by_email(mail.settings, campaign)
    for chunk in planned(session, mail, campaign, day):
        for one in chunk:
            tally.counts[one.found.standing] += 1
            if one.counted_from is not None:
                tally.uncounted.append(one.counted_from)
            if one.despite is not None:
                who = f"{one.member.number or one.member.email} {one.member.name}"
                tally.despite.append(f"{who} ({one.despite})")
            if one.found.standing is not Standing.WRITE:
                if one.found.against:
                    tally.against.add(one.found.against)
                if len(tally.named) < NAMED:
                    tally.named.append(_named(one))
                continue
            tally.by_email += wired and bool(one.member.email) and may_be_emailed(campaign, one.found.rules)
            verdict = verdict_on(one.found)
            if verdict.state is NoticeState.LATE:
                tally.late += 1
                tally.earliest = max(tally.earliest, verdict.earliest or date.min)
        tally.governing.take(session, campaign.name, chunk)
        progress("planning", tally.counts.total(), 0)
    return tally


def _received(session: Session, name: str, chunk: Sequence[Planned]) -> list[date | None]:
    """When each client for whom receipt counts received the letter, by its proof."""
    ids = [one.member.id for one in chunk if any(rule.needs_receipt for rule in one.found.rules)]
    sent = sent_to(session, ids, campaigns=[name]) if ids else {}
    return [_both_received(sent.get(key, ())) for key in ids]


def _both_received(sent: Sequence[ClientPiece]) -> date | None:
    """When the last of its addresses received one."""
    proved = [
        next((one.received_on for one in sent if one.received_on and one.facts.second is second), None)
        for second in sorted({one.facts.second for one in sent})
    ]
    days = [day for day in proved if day is not None]
    return max(days) if days and len(days) == len(proved) else None


def _named(one: Planned) -> Named:
    found = one.found
    return Named(
        one.member.number or one.member.email,
        one.member.name,
        found.standing,
        found.why,
        found.allowed_from,
        found.against,
    )
