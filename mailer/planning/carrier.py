"""Which issue of the newsletter carries a campaign's article, and whether it can still be in time.

By the firm's own habit (the house rule) the newsletter is out in time as well. An issue is planned for the
first mailing day of its month, or today's once that is past. With `newsletter = "auto"` the issue is the
latest whose mailing meets the rule; where none does, the next one to make, or a special edition.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mailer.campaign.definition import AUTO, NONE
from mailer.campaign.loading import FOLDER, Campaign, campaign_names, load_campaign
from mailer.errors import MailerError, Problem
from mailer.judgement.rules import house_rule
from mailer.ledger.kinds import AT_SERVICE, IN_POST, Medium, Status
from mailer.notice.calendars import calendar_named
from mailer.notice.counting import is_compliant, latest_mailing, planned_effective
from mailer.notice.deadlines import hand_over
from mailer.notice.rules import Rule
from mailer.notice.strides import months_from
from mailer.notice.words import spoken
from mailer.planning.issuedates import month_of
from mailer.planning.mailfolder import MailFolder
from mailer.store.engine import Session
from mailer.store.mailings import carriers, mailing_named
from mailer.store.pieces import any_piece, first_mailed
from mailer.store.record.moves import stating
from mailer.tomlfile import line_of


class CarrierState(StrEnum):
    """How an issue stands to the deadline."""

    MAILED = "mailed in time"
    MAILED_LATE = "mailed too late"
    MAILED_WITHOUT = "mailed without the article"
    OTHERWISE = "printed with another date"
    IN_TIME = "in time"  # mailed as planned
    ONLY_EARLY = "in time only if mailed before its month"
    LATE = "too late"

    @property
    def serves(self) -> bool:
        return self in (CarrierState.MAILED, CarrierState.IN_TIME)


@dataclass(frozen=True, slots=True)
class Carrier:
    """An issue that names the campaign in `carries`. `planned` is the day it is planned for."""

    issue: str
    state: CarrierState
    planned: date
    mailed: date | None


@dataclass(frozen=True, slots=True)
class Carriage:
    """`issue` is the one that carries the article in time, "" where none does; then `command` makes one,
    or `proposed` is an issue that can still take it. `by` is the last day to hand the newsletter over,
    `by_law` the last that the habit's own rule allows. `missed`: no newsletter can be in time any more.
    `regular` is the first effective date for which the next regular issue is in time, asked where none of
    them is.
    `problem` is what is wrong where the definition names an issue.
    """

    asked: str
    by: date
    by_law: date
    carriers: tuple[Carrier, ...] = ()
    issue: str = ""
    proposed: str = ""
    special: bool = False
    command: str = ""
    missed: bool = False
    regular: date | None = None
    problem: Problem | None = None

    @property
    def wanted(self) -> bool:
        """Is a newsletter to carry an article at all."""
        return self.asked != NONE

    @property
    def ways(self) -> tuple[str, ...]:
        """What would carry the article in time, for people."""
        edition = "A special edition, an issue between the regular ones," if self.special else "Another issue"
        made = f"{edition} would:  {self.command}" if self.command else ""
        later = (
            f"Effective from {spoken(self.regular)} on, the next regular issue does." if self.regular else ""
        )
        return tuple(filter(None, (made, later)))

    @property
    def mailed(self) -> date | None:
        """When the article went out in time."""
        found = (c.mailed for c in self.carriers if c.issue == self.issue)
        return next((day for day in found if day is not None), None)


@dataclass(frozen=True, slots=True)
class _Question:
    mail: MailFolder
    names: tuple[str, ...]  # the campaign, and those whose notice it makes good
    effective: date
    house: Rule

    def meets(self, day: date) -> bool:
        return is_compliant(day, self.effective, self.house, self.mail.closings)

    def planned(self, first_of_month: date) -> date:
        """The mailing day an issue of that month is planned for."""
        post = calendar_named(self.house.mailing_calendar, self.mail.closings)
        return post.on_or_after(max(first_of_month, self.mail.mails_on))


def carrying(mail: MailFolder, campaign: Campaign, effective: date | None = None) -> Carriage:
    """The campaign's carriage as of today. `effective` asks "what if" of another date."""
    day = effective or campaign.effective
    house = house_rule(mail.settings, campaign.definition)
    asked = campaign.definition.notice.newsletter
    if asked == AUTO and Medium.NEWSLETTER not in campaign.media:
        asked = NONE  # an issue may carry it all the same
    latest = latest_mailing(day, house, mail.closings)
    by = hand_over(latest, house, mail.closings)
    if asked == NONE:
        return Carriage(asked, by, latest.legal)
    question = _Question(mail, (campaign.name, *campaign.definition.follows), day, house)
    issues = sorted(_issues(mail), key=lambda issue: (month_of(issue), issue.name))
    with mail.store.read() as session:
        found = tuple(_carrier(session, question, one) for one in issues if _names(one, question))
        still = [one for one in issues if not _names(one, question) and _is_open(session, question, one)]
    free = [one for one in still if question.meets(question.planned(month_of(one)))]
    if asked != AUTO:
        found = tuple(carrier for carrier in found if carrier.issue == asked)
        problem = None if found else _not_carried(mail, campaign, asked, issues)
        issue = next((carrier.issue for carrier in found if carrier.state.serves), "")
        proposed = asked if problem and asked in {one.name for one in free} else ""
        return Carriage(asked, by, latest.legal, found, issue, proposed, problem=problem)
    chosen = _chosen(found)
    if chosen:
        return Carriage(asked, by, latest.legal, found, chosen)
    if free:
        return Carriage(asked, by, latest.legal, found, proposed=free[-1].name)
    command, special = _to_make(question, by, issues)
    soonest = min([*map(month_of, still), _next_month(question, issues)])
    regular = planned_effective(question.planned(soonest), house, mail.closings)
    return Carriage(
        asked,
        by,
        latest.legal,
        found,
        special=special,
        command=command,
        missed=not command,
        regular=None if command and not special else regular,
    )


def _issues(mail: MailFolder) -> Iterator[Campaign]:
    for name in campaign_names(mail.root):
        try:
            campaign = load_campaign(mail.root, name)
        except MailerError:
            continue  # its own commands say what is wrong with it
        if campaign.kind.is_issue:
            yield campaign


def _names(issue: Campaign, question: _Question) -> bool:
    table = issue.definition.issue
    return table is not None and not set(question.names).isdisjoint(table.carries)


def _carrier(session: Session, question: _Question, issue: Campaign) -> Carrier:
    planned, mailed = question.planned(month_of(issue)), first_mailed(session, issue.name)
    if mailed is not None:
        own, *others = ({*carriers(session, each)} for each in question.names)
        carrying_it = own.union(*others)
        stating_it = {*stating(session, question.names[0], question.effective)}.union(*others)
        if issue.name not in carrying_it:
            state = CarrierState.MAILED_WITHOUT
        elif issue.name not in stating_it:
            state = CarrierState.OTHERWISE
        else:
            state = CarrierState.MAILED if question.meets(mailed) else CarrierState.MAILED_LATE
        return Carrier(issue.name, state, planned, mailed)
    if question.meets(planned):
        state = CarrierState.IN_TIME
    else:
        soonest = question.planned(date.min)
        state = CarrierState.ONLY_EARLY if question.meets(soonest) else CarrierState.LATE
    return Carrier(issue.name, state, planned, None)


def _is_open(session: Session, question: _Question, issue: Campaign) -> bool:
    """May an article still be put in: nothing of the issue is printed, and its month is not past."""
    mailing = mailing_named(session, issue.name)
    if mailing is not None and any_piece(session, mailing, (Status.PRODUCED, *AT_SERVICE, *IN_POST)):
        return False
    return month_of(issue) >= question.mail.today.replace(day=1)


def _chosen(found: tuple[Carrier, ...]) -> str:
    """One that is out in time, else the latest that will be."""
    for state in (CarrierState.MAILED, CarrierState.IN_TIME):
        names = [carrier.issue for carrier in found if carrier.state is state]
        if names:
            return names[-1]
    return ""


def last_month(mail: MailFolder, campaign: Campaign) -> date | None:
    """The first day of the last month whose issue is in time for the campaign; None where none is now."""
    house = house_rule(mail.settings, campaign.definition)
    question = _Question(mail, (), campaign.effective, house)
    by = hand_over(latest_mailing(campaign.effective, house, mail.closings), house, mail.closings)
    return next(_months(question, by), None)


def _months(question: _Question, by: date) -> Iterator[date]:
    """The months whose issue would be in time, the last one first."""
    for back in (0, 1):
        first = months_from(by.replace(day=1), -back)
        if first >= question.mail.today.replace(day=1) and question.meets(question.planned(first)):
            yield first


def _next_month(question: _Question, issues: list[Campaign]) -> date:
    """The month after the last that has an issue, this one where none has: its issue is still to be made."""
    this = question.mail.today.replace(day=1)
    return max([this, *(months_from(month_of(issue), 1) for issue in issues)])


def _to_make(question: _Question, by: date, issues: list[Campaign]) -> tuple[str, bool]:
    """The command that makes an issue which is in time, and whether it is a special edition; "" for none.

    This month's is not made any more once a later one's is there: its time is over.
    """
    known = {issue.name for issue in issues}
    this = question.mail.today.replace(day=1)
    over = any(month_of(issue) > this for issue in issues)
    for first in _months(question, by):
        name = f"{first:%Y-%m}"
        if name not in known and not (over and first == this):
            return f"mailer newsletter new {name}", False
    if not question.meets(question.planned(date.min)):
        return "", False
    name = f"{by:%Y-%m}-special"
    number = 2
    while name in known:
        name = f"{by:%Y-%m}-special-{number}"
        number += 1
    return f"mailer new newsletter {name} --effective {by}", True


def _not_carried(mail: MailFolder, campaign: Campaign, asked: str, issues: list[Campaign]) -> Problem:
    """What is wrong with the issue that the definition names."""
    line = line_of(campaign.definition_text, ("notice", "newsletter"))
    return Problem(campaign.path, line, _why_not(mail, campaign, asked, issues))


def _why_not(mail: MailFolder, campaign: Campaign, asked: str, issues: list[Campaign]) -> str:
    if any(issue.name == asked for issue in issues):
        return (
            f"issue {asked!r} does not carry this campaign. "
            f'Add "{campaign.name}" to `carries` in {FOLDER}/{asked}/campaign.toml, or write "auto".'
        )
    try:
        load_campaign(mail.root, asked)
    except MailerError as error:
        if asked in campaign_names(mail.root):
            return f"issue {asked!r} is faulty: {error.what}"
        return f'there is no issue {asked!r}. Begin it: mailer newsletter new MONTH; or write "auto".'
    return f'{asked!r} is not an issue of the newsletter. Name one, or write "auto".'
