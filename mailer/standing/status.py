"""`mailer status`: what is due next across all campaigns, overdue first.

Deadlines are those of `planning.outlook`; `mailer plan` looks at the campaign's own audience.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from mailer.campaign.loading import Campaign, campaign_names, load_campaign
from mailer.errors import MailerError
from mailer.ledger.events import CampaignPublished
from mailer.ledger.kinds import AT_SERVICE, IN_POST, Medium, Status
from mailer.notice.timeline import Milestone
from mailer.notice.words import spoken
from mailer.planning.issuedates import deadlines, month_of
from mailer.planning.lastday import only_free_copies
from mailer.planning.mailedletters import blocked_letters
from mailer.planning.mailfolder import MailFolder
from mailer.planning.outlook import issue_by, outlook
from mailer.planning.route import mails_on
from mailer.standing.attention import troubles
from mailer.standing.exceptions import SharedPolicy, shared_policies
from mailer.standing.missed import missed, newcomers
from mailer.standing.saidotherwise import said_otherwise
from mailer.standing.stale import AGAIN, is_printed_stale, is_stale
from mailer.store import pieces
from mailer.store.engine import Session
from mailer.store.mailings import mailing_named, mailings
from mailer.store.record.events import happened


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


_TO_GO: Final = (Status.APPROVED, Status.PRODUCED, *AT_SERVICE)
"""Not in the post yet."""


def status(mail: MailFolder) -> list[Due]:
    """Every campaign, overdue first, then by the day something is due; one whose folder is gone is faulty
    while letters of it wait.
    """
    found = []
    with mail.store.read() as session:
        for name in dict.fromkeys([*campaign_names(mail.root), *_under_way(session)]):
            try:
                campaign = load_campaign(mail.root, name)
                look = _issue if campaign.kind.is_issue else _notice
                found.append(look(mail, session, campaign))
            except MailerError as error:
                found.append(Due(name, "", None, "faulty", "mend its files", None, False, {}, str(error)))
    return sorted(found, key=lambda due: (not due.overdue, due.by or date.max, due.campaign))


def _under_way(session: Session) -> list[str]:
    """The campaigns of which something is approved and not in the post yet."""
    return [one.campaign for one in mailings(session) if pieces.any_piece(session, one, _TO_GO)]


def stages(mail: MailFolder) -> dict[str, str]:
    """The stage of each campaign by its name, from its pieces alone."""
    with mail.store.read() as session:
        return {name: stage_of(counts_of(session, name))[0] for name in campaign_names(mail.root)}


def shared(mail: MailFolder) -> list[SharedPolicy]:
    """The firm's own policies to which so many clients have an exception that they are the question."""
    with mail.store.read() as session:
        return shared_policies(session, mail.today)


def counts_of(session: Session, name: str) -> dict[str, int]:
    mailing = mailing_named(session, name)
    if mailing is None:
        return {}
    counts = sorted(pieces.counts(session, mailing).items())
    return {status.value: count for status, count in counts if status is not Status.VOID}


def _notice(mail: MailFolder, session: Session, campaign: Campaign) -> Due:
    counts = counts_of(session, campaign.name)
    stage, step, milestone = _stage(mail, session, campaign, counts)
    trouble = ", ".join(
        filter(
            None,
            (
                _trouble(mail, session, campaign.name),
                _blocked(mail, session, campaign.name),
                _otherwise(mail, session, campaign) if stage == MAILED else "",
                _off_the_page(mail, session, campaign) if stage == MAILED else "",
            ),
        )
    )
    by, overdue = None, False
    if stage == MAILED and (lost := missed(mail, campaign.name)) is not None:
        step, overdue, milestone = lost.next_step.split()[1], lost.overdue, None
        trouble = ", ".join(filter(None, (f"{len(lost.lines):,} {lost.says}: {lost.next_step}", trouble)))
    elif counts and stage != MAILED and (new := newcomers(mail, campaign.name)) is not None:
        trouble = ", ".join(filter(None, (trouble, f"{len(new.lines):,} {new.says}: {new.next_step}")))
    if milestone is not None:
        by, overdue = _due(mail, session, campaign, milestone)
    elif not step:
        running = mail.today < campaign.effective
        step = f"runs until {spoken(campaign.effective)}" if running else "in effect"
    return Due(
        campaign.name, campaign.kind.name, campaign.effective, stage, step, by, overdue, counts, trouble
    )


def _due(
    mail: MailFolder, session: Session, campaign: Campaign, milestone: Milestone
) -> tuple[date | None, bool]:
    """By when the milestone is due, and whether that is past."""
    mailing = mailing_named(session, campaign.name)
    free = mailing is not None and only_free_copies(session, mail, mailing, _TO_GO)
    due = None if free else outlook(mail, campaign).step(milestone)
    soonest = mails_on(mail, campaign, ()) if milestone is Milestone.DROP else mail.today
    return (due.day, due.day < soonest) if due else (None, False)


MAILED: Final = "mailed"
APPROVED: Final = "approved"
_STAGES: Final[tuple[tuple[frozenset[Status], str, str, Milestone | None], ...]] = (
    (frozenset({Status.PREPARED}), "draft", "approve", Milestone.APPROVE),
    (frozenset({Status.SUBMITTING, Status.UNKNOWN}), "sending", "send again", Milestone.DROP),
    (frozenset({Status.APPROVED}), APPROVED, "print or send", Milestone.PRINT),
    (frozenset({Status.PRODUCED}), "printed", "hand over", Milestone.DROP),
    (frozenset({Status.ACCEPTED}), "sent", "track", None),
    (IN_POST, MAILED, "", None),
    (frozenset({Status.REJECTED, Status.CANCELLED}), "stopped", "print --remaining", Milestone.PRINT),
)
"""The stage of a mailing that has a piece in one of these statuses: the first row that fits."""


def stage_of(counts: dict[str, int]) -> tuple[str, str, Milestone | None]:
    """The stage, what to do next, and the milestone whose day that is."""
    for statuses, stage, step, milestone in _STAGES:
        if any(counts.get(status.value) for status in statuses):
            return stage, step, milestone
    return "draft", "approve", Milestone.APPROVE


def _stage(
    mail: MailFolder, session: Session, campaign: Campaign, counts: dict[str, int]
) -> tuple[str, str, Milestone | None]:
    """As `stage_of`; what is approved and says other things by now is to be approved again."""
    stage, step, milestone = stage_of(counts)
    if stage == APPROVED and is_stale(mail, campaign, mailing_named(session, campaign.name)):
        return stage, AGAIN, Milestone.APPROVE
    return stage, step, milestone


def _trouble(mail: MailFolder, session: Session, name: str) -> str:
    """What somebody must look at: `mailer status NAME` names the pieces."""
    mailing = mailing_named(session, name)
    if mailing is None:
        return ""
    said = [f"{count:,} {text}" for count, text in troubles(mail, session, mailing) if count]
    said += ["printed before its files changed"] if is_printed_stale(session, mail, mailing) else []
    return ", ".join(said)


def _blocked(mail: MailFolder, session: Session, name: str) -> str:
    """Letters whose rise the contract blocks by what the list brought since they went."""
    mailing = mailing_named(session, name)
    found = blocked_letters(session, mail, mailing) if mailing else ()
    return f"{len(found):,} blocked by contract since: mailer status {name}" if found else ""


def _off_the_page(mail: MailFolder, session: Session, campaign: Campaign) -> str:
    """That its definition asks for the client page, and none that was put in place announces it."""
    running = mail.today < campaign.effective and Medium.PAGE in campaign.media
    if not running or happened(session, campaign.name, CampaignPublished):
        return ""
    return "not on the client page yet: mailer site build --deploy PLACE"


def _otherwise(mail: MailFolder, session: Session, campaign: Campaign) -> str:
    names = said_otherwise(session, mail, campaign)
    said = f"the files no longer say what was mailed: {', '.join(names)}"
    return f"{said}: mailer status {campaign.name}" if names else ""


def _issue(mail: MailFolder, session: Session, issue: Campaign) -> Due:
    counts = counts_of(session, issue.name)
    stage, step, milestone = _stage(mail, session, issue, counts)
    known = deadlines(mail, issue)
    if milestone is None:
        return Due(
            issue.name,
            issue.kind.name,
            None,
            stage,
            step,
            None,
            False,
            counts,
            _trouble(mail, session, issue.name),
        )
    by = issue_by(mail, milestone, month_of(issue), known)
    missed = [deadline.campaign for deadline in known if deadline.operational < mail.today]
    late = f"too late for {', '.join(missed)}" if missed else ""
    problem = "; ".join(filter(None, (late, _trouble(mail, session, issue.name))))
    return Due(issue.name, issue.kind.name, None, stage, step, by, by < mail.today, counts, problem)
