"""The issues of the newsletter that carried a campaign's article, as its evidence shows them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mailer.campaign.loading import Campaign, load_campaign
from mailer.errors import MailerError
from mailer.evidence.case import Issue
from mailer.evidence.handovers import drops_of
from mailer.evidence.pieces import Piece, pieces_of
from mailer.evidence.services import services_of
from mailer.ledger.chain import Event
from mailer.planning.mailfolder import MailFolder
from mailer.store.events import events_of
from mailer.store.mailings import carriers
from mailer.store.pieces import mailing_of
from mailer.store.tables import CarriedRow, MailingRow, PieceRow

AS_NOW: Final = "as it is in the campaign’s folder now"


def issues_of(
    session: Session, mail: MailFolder, campaign: Campaign
) -> tuple[list[Issue], list[tuple[str, Piece]], list[Event]]:
    """The approved issues, the body of each by its file's name in the pack, and all their events."""
    issues: list[Issue] = []
    bodies: list[tuple[str, Piece]] = []
    events: list[Event] = []
    for name in carriers(session, campaign.name) if not campaign.kind.is_issue else ():
        mailing = mailing_of(session, name)
        if mailing is None:
            continue
        own = list(events_of(session, mailing.subject))
        statement = (
            select(PieceRow.status, func.count())
            .where(PieceRow.mailing_id == mailing.id)
            .group_by(PieceRow.status)
            .order_by(PieceRow.status)
        )
        statuses = [(str(status), count) for status, count in session.execute(statement)]
        body = _body(session, mailing)
        drops = drops_of(session, mail, mailing, own)
        file = f"pieces/{name}-N.pdf" if body else ""
        issues.append(
            Issue(
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


def _body(session: Session, mailing: MailingRow) -> Piece | None:
    """The issue's body: of the last piece that was mailed, else of the last one made."""
    pieces = pieces_of(session, mailing)
    mailed = [piece for piece in pieces if piece.mailed] or pieces
    return mailed[-1] if mailed else None


def _title(mail: MailFolder, name: str) -> str:
    try:
        return load_campaign(mail.root, name).definition.title
    except MailerError:
        return name


def _article(session: Session, mailing: MailingRow, campaign: Campaign) -> str:
    statement = select(CarriedRow.article_digest).where(
        CarriedRow.mailing_id == mailing.id, CarriedRow.campaign == campaign.name
    )
    digest = session.execute(statement).scalar_one_or_none()
    same = digest == campaign.article_digest()
    return f"{AS_NOW if same else 'changed in the campaign’s folder since'}, SHA-256\n{digest}"
