"""The issues of the newsletter that carried a campaign's article, as its evidence shows them."""

from __future__ import annotations

from typing import Final

from mailer.campaign.loading import Campaign, load_campaign
from mailer.errors import MailerError
from mailer.evidence.case import CarryingIssue
from mailer.evidence.handovers import drops_of
from mailer.evidence.pieces import ProvedPiece, pieces_of
from mailer.evidence.services import services_of
from mailer.ledger.chain import Event
from mailer.ledger.records import Mailing
from mailer.planning.mailfolder import MailFolder
from mailer.store.engine import Session
from mailer.store.mailings import carried_by, carriers, mailing_named
from mailer.store.pieces import counts
from mailer.store.record.events import all_events

AS_NOW: Final = "as it is in the campaign’s folder now"


def issues_of(
    session: Session, mail: MailFolder, campaign: Campaign
) -> tuple[list[CarryingIssue], list[tuple[str, ProvedPiece]], list[Event]]:
    """The approved issues, the body of each by its file's name in the pack, and all their events."""
    issues: list[CarryingIssue] = []
    bodies: list[tuple[str, ProvedPiece]] = []
    events: list[Event] = []
    for name in carriers(session, campaign.name) if not campaign.kind.is_issue else ():
        mailing = mailing_named(session, name)
        if mailing is None:
            continue
        own = list(all_events(session, mailing.subject))
        statuses = sorted((status.value, count) for status, count in counts(session, mailing).items())
        body = _body(session, mailing)
        drops = drops_of(session, mail, mailing, own)
        file = f"pieces/{name}-N.pdf" if body else ""
        issues.append(
            CarryingIssue(
                name,
                _title(mail, name),
                statuses,
                body.sha256 if body else "",
                file,
                _article(session, mailing, campaign),
                drops,
                services_of(session, mailing, own, pieces_of(session, mailing)),
            )
        )
        bodies += [(file, body)] if body else []
        events += own
    return issues, bodies, events


def _body(session: Session, mailing: Mailing) -> ProvedPiece | None:
    """The issue's body: of the last piece that was mailed, else of the last one made."""
    found: ProvedPiece | None = None
    for piece in pieces_of(session, mailing):
        if piece.mailed or found is None or not found.mailed:
            found = piece
    return found


def _title(mail: MailFolder, name: str) -> str:
    try:
        return load_campaign(mail.root, name).definition.title
    except MailerError:
        return name


def _article(session: Session, mailing: Mailing, campaign: Campaign) -> str:
    digest = carried_by(session, mailing).get(campaign.name)
    same = digest == campaign.article_digest()
    return f"{AS_NOW if same else 'changed in the campaign’s folder since'}, SHA-256\n{digest}"
