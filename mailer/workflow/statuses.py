"""`mailer status`: what is due next across all campaigns, overdue first.

Deadlines are planned for every notice term that the client list knows, so that the answer comes at once
on a list of any size; `mailer plan` looks at the campaign's own audience.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from mailer.campaign.loading import Campaign, campaign_names, load_campaign
from mailer.clients.record import Contract, ContractKind
from mailer.errors import MailerError
from mailer.ledger.kinds import Status
from mailer.notice.rules import Rule
from mailer.notice.steps import spoken
from mailer.notice.timeline import LeadTimes, Milestone, Timeline, plan_timeline
from mailer.store.pieces import mailing_of
from mailer.store.tables import ClientRow, PieceRow
from mailer.workflow.folder import MailFolder
from mailer.workflow.issues import deadlines, month_of
from mailer.workflow.rules import TermUnknown, house_rule, rules_of


@dataclass(frozen=True, slots=True)
class Due:
    """One campaign: what to do next and by when (None: nothing is waiting). `pieces` counts by status."""

    campaign: str
    kind: str
    effective: date | None
    stage: str
    next_step: str
    by: date | None
    overdue: bool
    pieces: dict[str, int]
    problem: str = ""


def status(mail: MailFolder) -> list[Due]:
    """Every campaign, overdue first, then by the day something is due."""
    found = []
    with mail.store.read() as session:
        for name in campaign_names(mail.root):
            try:
                campaign = load_campaign(mail.root, name)
                look = _issue if campaign.kind.is_issue else _notice
                found.append(look(mail, session, campaign))
            except MailerError as error:
                found.append(Due(name, "", None, "faulty", "mend its files", None, False, {}, str(error)))
    return sorted(found, key=lambda due: (not due.overdue, due.by or date.max, due.campaign))


def _terms(session: Session, campaign: Campaign) -> list[Contract]:
    """The distinct notice terms of the active clients that the definition does not leave out by name."""
    audience = campaign.definition.audience
    out = [name.casefold() for name in audience.exclude]
    statement = select(ClientRow.contract, ClientRow.notice_term).where(
        ClientRow.active.is_(True),
        func.lower(ClientRow.number).not_in(out),
        func.lower(ClientRow.email).not_in(out),
        func.lower(ClientRow.company).not_in(out),
    )
    if audience.only:
        named = [name.casefold() for name in audience.only]
        names = (ClientRow.number, ClientRow.email, ClientRow.company, ClientRow.contact, ClientRow.key)
        statement = statement.where(or_(*(func.lower(name).in_(named) for name in names)))
    if audience.contract:
        statement = statement.where(ClientRow.contract.in_([kind.value for kind in audience.contract]))
    return [Contract(ContractKind(kind), term) for kind, term in session.execute(statement.distinct())]


def _counts(session: Session, name: str) -> dict[str, int]:
    mailing = mailing_of(session, name)
    if mailing is None:
        return {}
    statement = select(PieceRow.status, func.count()).where(PieceRow.mailing_id == mailing.id)
    rows = session.execute(statement.group_by(PieceRow.status))
    return {status: count for status, count in rows if status != Status.VOID.value}


def _notice(mail: MailFolder, session: Session, campaign: Campaign) -> Due:
    counts = _counts(session, campaign.name)
    stage, step, milestone = _stage(counts)
    if milestone is None:
        running = mail.today < campaign.effective
        text = f"runs until {spoken(campaign.effective)}" if running else "in effect"
        return Due(campaign.name, campaign.kind.name, campaign.effective, stage, text, None, False, counts)
    due = _timeline(mail, campaign, _terms(session, campaign)).step(milestone)
    by = due.day if due else None
    overdue = by is not None and by < mail.today
    return Due(campaign.name, campaign.kind.name, campaign.effective, stage, step, by, overdue, counts)


def _timeline(mail: MailFolder, campaign: Campaign, terms: list[Contract]) -> Timeline:
    house = house_rule(mail.settings, campaign.definition)
    rules: set[Rule] = {house}
    for contract in terms:
        with suppress(TermUnknown):  # `plan` names the clients
            rules |= set(rules_of(contract, house))
    lead = mail.settings.lead_times
    return plan_timeline(
        campaign.effective,
        sorted(rules, key=lambda rule: rule.id),
        mail.today,
        lead_times=LeadTimes(lead.approval, lead.printing, 0),
        closings=mail.closings,
    )


def _stage(counts: dict[str, int]) -> tuple[str, str, Milestone | None]:
    """The stage, what to do next, and the milestone whose day that is."""
    if not counts or counts.get(Status.PREPARED.value):
        return ("draft", "approve", Milestone.APPROVE)
    if counts.get(Status.APPROVED.value):
        return ("approved", "print", Milestone.PRINT)
    if counts.get(Status.PRODUCED.value):
        return ("printed", "hand over to the post", Milestone.DROP)
    return ("mailed", "", None)


def _issue(mail: MailFolder, session: Session, issue: Campaign) -> Due:
    counts = _counts(session, issue.name)
    stage, step, milestone = _stage(counts)
    known = deadlines(mail, issue)
    month = month_of(issue)
    if milestone is None:
        return Due(issue.name, issue.kind.name, None, "mailed", "", None, False, counts)
    by = min((deadline.operational for deadline in known), default=month)
    missed = [deadline.campaign for deadline in known if deadline.operational < mail.today]
    problem = f"too late for {', '.join(missed)}" if missed else ""
    return Due(issue.name, issue.kind.name, None, stage, step, by, by < mail.today, counts, problem)
