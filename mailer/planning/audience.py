"""Who a campaign is for and what changes for each: the plan client by client, in ZIP order and in chunks.

Every command that asks this question asks it here, so that plan, proof, approval and check agree.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from uuid import UUID

from mailer.campaign.loading import Campaign
from mailer.campaign.rates import NO_CHANGE, ClientChange, planner
from mailer.clients.care import NO_NEWSLETTER, UNWRITTEN, CareMark
from mailer.clients.member import Member
from mailer.clients.record import Contract
from mailer.clients.segments import Audience, predicate, unmatched
from mailer.errors import FileProblems, NoticeRefused, Problem
from mailer.judgement.account import Account, account_of
from mailer.judgement.chain import broken
from mailer.judgement.docket import Cases, LikeCase
from mailer.judgement.history import History, Question
from mailer.judgement.lowering import lowers, rules_on_lower
from mailer.judgement.rules import (
    TermUnknown,
    house_rule,
    largest_rise,
    rise_allowed,
    rules_of,
    situation_of,
)
from mailer.ledger.stated import NoticedRate, Stated
from mailer.notice.governing import statutes_for
from mailer.notice.rules import Origin, Rule
from mailer.notice.words import spoken
from mailer.planning.mailfolder import MailFolder
from mailer.planning.question import question_on
from mailer.planning.route import goes_by_email
from mailer.store.accounts import histories
from mailer.store.engine import Session
from mailer.store.listed.care import Marking, marks
from mailer.store.listed.clients import by_ids
from mailer.store.listed.members import in_chunks
from mailer.tomlfile import line_of


class Standing(Enum):
    """What the plan says of a client in the audience."""

    WRITE = "gets a letter"
    BLOCKED = "blocked by contract"  # a lock, a cap, months between rises, renewal
    OUTSIDE = "outside the limits"  # the definition's own limits: stops the plan
    UNKNOWN = "term unknown"  # a contract without a notice term: stops the plan
    UNWRITTEN = "marked: not written to"  # deceased, moved, do not contact, and nothing demands it
    CONTRADICTS = "contradicts another letter"  # of another campaign, on the same rate: stops the plan


@dataclass(frozen=True, slots=True)
class Finding:
    """What the plan makes of a client's terms and rates. `rules` are empty where the term is unknown;
    `why` says what stands in the way; `allowed_from` is the day from which the contract lets the rate
    rise, `against` the campaign that it contradicts. Clients with the same terms and rates share one.
    """

    change: ClientChange
    rules: tuple[Rule, ...]
    standing: Standing
    why: str = ""
    todo: str = ""
    allowed_from: date | None = None
    against: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """One client of the audience, and what the plan makes of it. `history` is all that is known of it,
    letters of this campaign too, and `case` what it shares with others. `counted_from` is set where the
    contract wants months between rises and no last rise is known: the day from which its rates are on record.
    `despite` is a mark (mailer.clients.care) in spite of which it is written to, as its contract or the law
    demands.
    `in_plan` is False for who got a letter of it and would get none by now.
    """

    member: Member
    found: Finding
    history: History
    case: LikeCase
    counted_from: date | None = None
    despite: CareMark | None = None
    in_plan: bool = True


def audience_of(mail: MailFolder, campaign: Campaign) -> Audience:
    """The definition's audience as the client list understands it. Raises FileProblems for a segment that
    mailer.toml does not have.
    """
    table, known = campaign.definition.audience, mail.settings.segments
    line = line_of(campaign.definition_text, ("audience", "segments"))
    unknown = [
        Problem(campaign.path, line, f"audience.segments: {no_segment(name, known)}")
        for name in sorted(table.segments - known.keys())
    ]
    if unknown:
        raise FileProblems(unknown)
    return Audience(table, tuple(known[name] for name in sorted(table.segments)))


def no_segment(name: str, known: Iterable[str]) -> str:
    """What is said of a name that is no segment's."""
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"perhaps you meant {close[0]!r}" if close else f"known: {', '.join(sorted(known)) or 'none'}"
    return f"mailer.toml has no [segments.{name}]; {hint}"


class _Finder:
    """What the plan makes of a case (mailer.judgement.docket), by the question of one campaign."""

    def __init__(self, mail: MailFolder, campaign: Campaign, day: date) -> None:
        definition = campaign.definition
        self._campaign = campaign
        self._days = (mail.today, day)
        self._house = house_rule(mail.settings, definition)
        self._question = question_on(mail, day, self._house)
        self._statutes = definition.notice.statutes if campaign.kind.is_notice else ()
        self._mailed_from = mail.settings.firm.address.state
        # A remedy states the rise of what it makes good; what supersedes a letter, that without it.
        self._own = [campaign.name, *definition.follows]
        self._change_of = planner(definition.rates, definition.limits)

    def account(self, case: LikeCase) -> Account:
        """The rates without the campaign's own letters."""
        return account_of(
            case.record.without(self._own), self._question, self._campaign.definition.supersedes
        )

    def found(self, case: LikeCase) -> tuple[Finding, date | None]:
        """What is found, and since when rates are on record where that is asked (`Planned.counted_from`)."""
        history, account = case.record.without(self._own), case.once(self.account)
        contracts = tuple(history.contract_on(day) for day in self._days)
        if not self._campaign.kind.is_notice:
            contracts = (_NO_TERMS, _NO_TERMS)
        change = NO_CHANGE
        if self._campaign.definition.rates:
            change = self._change_of(account.current, contracts[1].max_raise)
        statutes: tuple[Rule, ...] = ()
        if self._statutes:
            low = dict(account.lows)
            rise = largest_rise((low.get(line.service, line.old), line.new) for line in change.lines)
            situation = situation_of(history.member, self._mailed_from, rise)
            statutes = statutes_for(self._statutes, situation)
        day = self._days[1]
        one = _finding(contracts, change, account.last_rise, day, (self._house, statutes))
        if history.letters and change.lines and one.standing is Standing.WRITE:
            one = _chained(one, history, self._campaign, day, self._question)
        return one, _counted_from(history, account, one, contracts[1])


def planned(
    session: Session,
    mail: MailFolder,
    campaign: Campaign,
    effective: date | None = None,
    *,
    only: Collection[UUID] | None = None,
    written_to: bool = False,
) -> Iterator[list[Planned]]:
    """The audience of a notice, a chunk at a time. `effective` asks "what if" of another date; `only` leaves
    out all but these clients; `written_to` takes in who got a letter of it, though not in the audience now.
    """
    finder = _Finder(mail, campaign, effective or campaign.effective)
    is_in = predicate(audience_of(mail, campaign))
    raises, notice = bool(campaign.definition.rates), campaign.kind.is_notice
    cases, marked = Cases(), marks(session)
    for members in in_chunks(session, active=True, ids=only, few=_FEW):
        known = histories(session, members)
        chunk: list[Planned] = []
        for member in members:
            whole = known[member.id]
            got = written_to and any(one.campaign == campaign.name for one in whole.letters)
            case = cases.of(whole)
            member.services = case.once(finder.account).names
            listed = is_in(member)
            if not got and not listed:
                continue
            one, counted_from = case.once(finder.found)
            one = _addressed(session, mail, campaign, member.id, one)
            in_plan = listed and (bool(one.change.lines) or not raises)
            if in_plan or got:
                planned_ = Planned(member, one, whole, case, counted_from, in_plan=in_plan)
                made = marked.get(member.id)
                chunk.append(_heeding(planned_, made, notice=notice) if made else planned_)
        if chunk:
            yield chunk


def _addressed(session: Session, mail: MailFolder, campaign: Campaign, client: UUID, one: Finding) -> Finding:
    """The finding where the contract asks for two letters and there is no way for the second: nothing is
    assumed.
    """
    if one.standing is not Standing.WRITE or not any(rule.of_two for rule in one.rules):
        return one
    who = by_ids(session, [client])[client]  # few contracts: each is looked at by itself
    if any(rule.to_both for rule in one.rules) and any(rule.copied for rule in one.rules):
        why = "asks for both addresses by one term and for a copy by e-mail by another: three letters"
        todo = "Agree on one of them and import it, or write the third letter by hand."
    elif any(rule.to_both for rule in one.rules):
        if who.has_two_addresses:
            return one
        why = "asks for notice to both addresses, and one address in the client list"
        todo = "Import the other as “Notice Address”, or  mailer clients correct CLIENT --notice --line1 …"
    elif not who.email:
        why, todo = "asks for a copy by e-mail, and no e-mail address", "Import the list with its address."
    elif not goes_by_email(mail.settings, campaign):
        why = "asks for a copy by e-mail, and this campaign goes on paper alone"
        todo = "Give it the route by e-mail (docs/email.md)."
    else:
        return one
    return replace(one, standing=Standing.UNKNOWN, why=f"has a contract that {why}.", todo=todo)


_NO_TERMS = Contract()
_FEW = 16  # clients of the first chunk: whether a notice holds at all is known after one of them


def _heeding(one: Planned, made: Marking, *, notice: bool) -> Planned:
    """The client as its mark wants it treated: a letter that neither law nor contract demands is not written.
    Without it the client's rates and terms stay what they are.
    """
    if made.mark in NO_NEWSLETTER:
        one.member.newsletter = False
    if made.mark not in UNWRITTEN or one.found.standing is not Standing.WRITE:
        return one
    if notice and any(rule.origin is not Origin.HOUSE for rule in one.found.rules):
        return replace(one, despite=made.mark)
    why = f"marked {made.mark} on {spoken(made.marked_on)}; neither law nor contract demands the letter"
    return replace(one, found=replace(one.found, standing=Standing.UNWRITTEN, why=why))


def _counted_from(history: History, account: Account, found: Finding, contract: Contract) -> date | None:
    """The first day on record, where months are to lie between rises and nothing is known of the last one."""
    if not contract.min_months_between or account.last_rise is not None:
        return None
    if not any(line.new > line.old for line in found.change.lines):
        return None
    return min((since for _, _, since, _, _ in history.base), default=None)


def _chained(found: Finding, history: History, campaign: Campaign, day: date, question: Question) -> Finding:
    """The finding, or that the letter would contradict one of another campaign."""
    rates = tuple(NoticedRate(line.service, line.name, line.old, line.new) for line in found.change.lines)
    definition = campaign.definition
    states = Stated(day, rates, supersedes=definition.supersedes, follows=definition.follows)
    broke = broken(history, campaign.name, states, question)
    if broke is None:
        return found
    todo = two_ways_out(campaign, [broke.campaign]) if broke.campaign else ""
    return replace(found, standing=Standing.CONTRADICTS, why=broke.why, todo=todo, against=broke.campaign)


def two_ways_out(campaign: Campaign, against: Sequence[str]) -> str:
    """What to do with a campaign whose letters contradict those of others."""
    first = against[0]
    return (
        f'Write supersedes = "{first}" in {campaign.path}, where its letters are to take the place of those; '
        "or take one of the two back (mailer cancel, mailer destroy)."
    )


def contradicting(campaign: Campaign, found: Sequence[Planned]) -> NoticeRefused:
    """The refusal of letters that contradict those of other campaigns."""
    against = sorted({one.found.against for one in found} - {""})
    names = ", ".join(one.member.name for one in found[:5])
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    return NoticeRefused(
        f"contradicts {', '.join(against) or 'the client list'} for {names}{more}: {found[0].found.why}.",
        where=campaign.path,
        todo=found[0].found.todo,
    )


def _finding(
    contracts: tuple[Contract, ...],
    change: ClientChange,
    last_rise: date | None,
    day: date,
    governing: tuple[Rule, tuple[Rule, ...]],
) -> Finding:
    """`contracts` are those of the day of mailing and of the effective day: the stricter term governs."""
    contract = contracts[1]
    try:
        rises = any(line.new > line.old for line in change.lines)
        rules = rules_on_lower(governing[1])
        if not lowers(change.lines):
            rules = tuple(dict.fromkeys(rule for each in contracts for rule in rules_of(each, *governing)))
        allowed = rise_allowed(contract, day, last_rise) if rises else None
    except TermUnknown as unknown:
        return Finding(change, (), Standing.UNKNOWN, unknown.what, unknown.todo)
    if change.outside:
        return Finding(change, rules, Standing.OUTSIDE, "; ".join(change.outside))
    if change.over_cap:
        return Finding(change, rules, Standing.BLOCKED, "; ".join(change.over_cap))
    if allowed is not None and not allowed.as_asked:
        why = f"the contract allows a rise from {allowed.steps[-1].text}"
        return Finding(change, rules, Standing.BLOCKED, why, "", allowed.day)
    return Finding(change, rules, Standing.WRITE)


def too_near(
    campaign: Campaign, day: date, late: Sequence[str], todo: str, *, remark: str = ""
) -> NoticeRefused:
    """The refusal of an effective date that is too near for these clients."""
    names = ", ".join(late[:5]) + (f" and {len(late) - 5} more" if len(late) > 5 else "")
    return NoticeRefused(
        f"{spoken(day)} is too near: notice mailed now is late for {names}.{remark}",
        where=campaign.path,
        todo=todo,
    )


def unknown_names(session: Session, mail: MailFolder, campaign: Campaign) -> tuple[str, ...]:
    """What the audience names and is no client."""
    audience = audience_of(mail, campaign)
    if not audience.named:
        return ()
    return unmatched(audience, (member for members in in_chunks(session) for member in members))
