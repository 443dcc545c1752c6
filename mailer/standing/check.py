"""`mailer check`: was notice given in time, client by client, with what it rests on.

Two verdicts, never mixed: `notice` is law and contract and decides what may be billed; `house` is the
firm's habit that letter and newsletter both go out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from mailer.campaign.loading import Campaign, load_campaign
from mailer.campaign.rates import RateLine
from mailer.clients.member import Member
from mailer.errors import MailerError, Refused
from mailer.judgement.docket import LikeCase
from mailer.judgement.history import Question
from mailer.judgement.house import HouseState, HouseVerdict, asked_for, asked_of, judge_house, newsletter_of
from mailer.judgement.resting import Resting, resting_on
from mailer.judgement.rules import house_rule
from mailer.judgement.verdict import NoticeState, NoticeVerdict, excepted, judge, set_aside
from mailer.ledger.clientpiece import ClientPiece, first
from mailer.ledger.events import CampaignPublished
from mailer.ledger.kinds import Medium
from mailer.notice.problems import RuleProblem
from mailer.notice.rules import Origin, Rule
from mailer.notice.words import spoken
from mailer.planning.audience import Planned, Standing, planned
from mailer.planning.mailfolder import MailFolder
from mailer.planning.plan import Governing
from mailer.planning.question import question_on
from mailer.planning.route import mails_on
from mailer.progress import Progress, silent
from mailer.standing.exceptions import waiver
from mailer.standing.saidotherwise import said_otherwise
from mailer.store.engine import Session
from mailer.store.listed.exceptions import PolicyException, active_exceptions
from mailer.store.listed.roster import came_after
from mailer.store.mailings import carriers
from mailer.store.pieces import first_mailed, sent_to
from mailer.store.record.events import happened
from mailer.store.record.moves import stating


@dataclass(frozen=True, slots=True)
class Line:
    """One client. `notice` is None only where the contract's term is unknown; `problem` says so.

    `letter` and `newsletter` are the pieces the verdicts rest on, if any.
    """

    client: Member
    notice: NoticeVerdict | None
    house: HouseVerdict
    letter: ClientPiece | None
    newsletter: ClientPiece | None
    rates: tuple[RateLine, ...]
    problem: str = ""

    @property
    def state(self) -> str:
        return self.notice.state.value if self.notice else "term unknown"

    @property
    def safe(self) -> bool:
        """May the change bind this client. An exception to the firm's own policy is no notice: it is shown,
        and no new rate rests on it.
        """
        return self.notice is not None and self.notice.holds


@dataclass(slots=True)
class Summary:
    """Counts by state; `complete` once every client's notice and house verdict hold. `unreached` are the
    statutes that the definition names by now and a mailed letter was not made under, `otherwise` the facts
    that mailed letters state and the files by now state otherwise. `lacks` says why the firm's habit is not
    kept, for how many; `media` are all that it asked for; `governing` are the rules that the plan has by now.
    """

    campaign: Campaign
    effective: date
    today: date
    states: Counter[str] = field(default_factory=Counter)
    house: Counter[str] = field(default_factory=Counter)
    lacks: Counter[str] = field(default_factory=Counter)
    media: dict[str, None] = field(default_factory=dict)
    unreached: set[str] = field(default_factory=set)
    otherwise: tuple[str, ...] = ()
    governing: Governing = field(default_factory=Governing)
    safe: int = 0
    total: int = 0

    @property
    def all_safe(self) -> bool:
        return self.total > 0 and self.safe == self.total

    @property
    def complete(self) -> bool:
        return self.all_safe and set(self.house) <= {HouseState.KEPT.value}


@dataclass(frozen=True, slots=True)
class Checked:
    """The summary, filled while `lines` are read to their end."""

    summary: Summary
    lines: Iterator[Line]


@dataclass(frozen=True, slots=True)
class _Terms:
    campaign: Campaign
    effective: date
    today: date
    house: Rule
    issues: tuple[str, ...]
    came_after: frozenset[UUID]  # the mailing
    published: date | None
    question: Question
    resting: Callable[[LikeCase], Resting]
    houses: dict[tuple[object, ...], HouseVerdict] = field(default_factory=dict)


def check(
    mail: MailFolder,
    name: str,
    *,
    on: date | None = None,
    effective: date | None = None,
    only: Collection[UUID] | None = None,
    progress: Progress = silent,
) -> Checked:
    """The check of a campaign as of a day (today), for its effective date or another one, of all its clients
    or `only` these.

    Raises MailerError for an issue, which gives no notice of its own, Refused for another effective date that
    is past.
    """
    campaign = load_campaign(mail.root, name)
    if campaign.kind.is_issue:
        raise MailerError(
            "is an issue of the newsletter; notice is given by the campaigns it carries.",
            where=campaign.path,
            todo="Check one of those: `mailer check 2027-rates`.",
        )
    day = effective or campaign.effective
    if day != campaign.effective and day < mail.today:
        raise Refused(
            f"{spoken(day)} is in the past; today is {spoken(mail.today)}.",
            where="--effective",
            todo="No notice can be given of it any more. Ask for a day to come.",
        )
    summary = Summary(campaign, day, on or mail.today)
    return Checked(summary, _lines(mail, campaign, summary, only, progress))


def _lines(
    mail: MailFolder, campaign: Campaign, summary: Summary, only: Collection[UUID] | None, progress: Progress
) -> Iterator[Line]:
    house = house_rule(mail.settings, campaign.definition)
    with mail.store.read() as session:
        summary.otherwise = said_otherwise(session, mail, campaign)
        question = replace(
            question_on(mail, summary.effective, house),
            today=summary.today,
            instead=((campaign.name, summary.effective),),
        )
        began = first_mailed(session, campaign.name)
        terms = _Terms(
            campaign,
            summary.effective,
            summary.today,
            house,
            _issues(session, campaign),
            came_after(session, began) if began else frozenset(),
            _published(session, campaign, question),
            question,
            lambda case: resting_on(case.record, campaign.name, question),
        )
        for chunk in planned(session, mail, campaign, summary.effective, only=only, written_to=True):
            summary.governing.take(session, campaign.name, chunk)
            ids = [one.member.id for one in chunk]
            newsletters = _newsletters(session, terms, ids)
            granted = active_exceptions(session, ids, summary.today)
            for one in chunk:
                line = _line(mail, terms, one, newsletters.get(one.member.id))
                if line.client.id in granted:
                    line = _excepted(line, granted[line.client.id])
                summary.total += 1
                summary.safe += line.safe
                summary.states[line.state] += 1
                summary.house[line.house.state.value] += 1
                summary.media |= {one.medium: None for one in line.house.media}
                if not line.house.holds:
                    summary.lacks[line.house.reason] += 1
                if line.letter and line.letter.counts_on and line.letter.facts.house:
                    summary.unreached |= _statutes(one.found.rules) - set(line.letter.facts.statutes)
                yield line
            progress("checking", summary.total, 0)


def _statutes(rules: Sequence[Rule]) -> set[str]:
    return {rule.id for rule in rules if rule.origin is Origin.STATUTE}


def _issues(session: Session, campaign: Campaign) -> tuple[str, ...]:
    """The issues that carry its article, or that of a campaign whose notice it makes good."""
    own = stating(session, campaign.name, campaign.effective)
    of_others = (issue for name in campaign.definition.follows for issue in carriers(session, name))
    return tuple(dict.fromkeys((*own, *of_others)))


def _published(session: Session, campaign: Campaign, question: Question) -> date | None:
    """Since when the client page announces it."""
    events = (event for event, _ in happened(session, campaign.name, CampaignPublished))
    days = [one.occurred_on for one in events if question.rehearsal or not one.rehearsal]
    return min((day for day in days if day <= question.today), default=None)


def _newsletters(session: Session, terms: _Terms, ids: list[UUID]) -> dict[UUID, ClientPiece]:
    """The newsletter that carried it, of each client."""
    issues = sent_to(session, ids, campaigns=terms.issues) if terms.issues else {}
    return _firsts(issues, terms)


def _firsts(found: dict[UUID, list[ClientPiece]], terms: _Terms) -> dict[UUID, ClientPiece]:
    """The first of each client's pieces."""
    return {
        client: piece
        for client, pieces in found.items()
        if (piece := first(sent.as_of(terms.question.today, terms.question.rehearsal) for sent in pieces))
    }


def _line(mail: MailFolder, terms: _Terms, one: Planned, newsletter: ClientPiece | None) -> Line:
    resting, question = one.case.once(terms.resting), terms.question
    letter = None
    if resting.at is not None:
        letter = one.history.letters[resting.at].as_of(question.today, question.rehearsal)
    newsletter = newsletter_of(letter, newsletter)
    house = _house(mail, terms, one, letter, newsletter)
    if letter is None or letter.counts_on is None:
        lines = tuple(letter.facts.rates) if letter else ()
        stated = tuple(RateLine(rate.service, rate.name, rate.old, rate.new) for rate in lines)
        notice, problem = _unmailed(mail, terms, one, letter)
        return Line(one.member, notice, house, letter, newsletter, stated or one.found.change.lines, problem)
    notice = one.case.told(resting.notice, one.history)
    problem = one.case.words(resting.problem, one.history)
    return Line(one.member, notice, house, letter, newsletter, resting.rates, problem)


def _unmailed(
    mail: MailFolder, terms: _Terms, one: Planned, letter: ClientPiece | None
) -> tuple[NoticeVerdict | None, str]:
    """The verdict on a client to whom nothing of it was mailed by then, and what is unknown."""
    client, effective = one.member, terms.effective
    if one.found.standing is Standing.UNKNOWN:
        return None, one.found.why
    if one.found.standing is Standing.BLOCKED:
        return set_aside(NoticeState.BLOCKED, effective, one.found.why), ""
    if one.found.standing is Standing.UNWRITTEN:
        return set_aside(NoticeState.UNWRITTEN, effective, one.found.why), ""
    if one.found.standing is Standing.CONTRADICTS:
        return set_aside(NoticeState.CONTRADICTS, effective, one.found.why), ""
    if client.since is not None and _joined_after(terms, client, letter):
        why = f"joined {spoken(client.since)}, after the mailing: the engagement has the rate"
        return set_aside(NoticeState.NOT_OWED, effective, why), ""
    now = terms.today
    soonest = mails_on(mail, terms.campaign, one.found.rules) if now == mail.today else now
    return judge(one.found.rules, effective, soonest, mailed=None, closings=mail.closings), ""


def _joined_after(terms: _Terms, client: Member, letter: ClientPiece | None) -> bool:
    """Did the client join after the mailing, so that it is owed nothing."""
    return letter is None and client.since is not None and client.id in terms.came_after


def _excepted(line: Line, granted: Sequence[PolicyException]) -> Line:
    """The line with a recorded exception shown, where only the firm's own rule is not met."""
    verdict = line.notice
    if verdict is None or verdict.holds:
        return line
    waived = next((one for result in verdict.results if (one := waiver(granted, result.rule))), None)
    if waived is None:
        return line
    until = f" until {spoken(waived.until)}" if waived.until else ""
    try:
        shown = excepted(verdict, f"exception to {waived.policy}{until}, by {waived.by}: {waived.reason}")
    except RuleProblem:
        return line  # a statute or the contract is not met either: nobody at the firm can waive that
    return replace(line, notice=shown)


def _house(
    mail: MailFolder, terms: _Terms, one: Planned, letter: ClientPiece | None, newsletter: ClientPiece | None
) -> HouseVerdict:
    """The firm's habit. A client whose contract blocks the change is owed no letter, one who opted out of
    marketing mail no newsletter.
    """
    owed = one.found.standing not in (Standing.BLOCKED, Standing.UNWRITTEN)
    out = {
        Medium.LETTER: letter.counts_on if letter else None,
        Medium.NEWSLETTER: newsletter.counts_on if newsletter else None,
        Medium.PAGE: terms.published,
    }
    joined = _joined_after(terms, one.member, letter)
    owed = owed and not joined
    gets = (one.member.newsletter and not joined) or out[Medium.NEWSLETTER] is not None
    known = (*out.values(), letter.facts.media if letter else None, one.member.newsletter, owed, gets)
    if known not in terms.houses:  # all that is looked at: the same days, the same answer
        asked = asked_of(terms.campaign, mail.settings.house, newsletter=one.member.newsletter)
        not_owed = {medium for medium, owes in ((Medium.LETTER, owed), (Medium.NEWSLETTER, gets)) if not owes}
        media = {one.value: out[one] for one in asked_for(letter, asked) if one not in not_owed}
        found = judge_house(terms.house, terms.effective, terms.today, media, mail.closings)
        terms.houses[known] = found
    return terms.houses[known]
