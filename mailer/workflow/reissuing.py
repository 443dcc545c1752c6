"""The same approved pages once more, as a new piece: what was refused, cancelled, spoiled or came back.

A piece never goes twice; what goes again has a number of its own and names the one it repeats. It goes to
the client's address of now. Pages that would say something else today are not repeated: they are approved
anew, or the client gets a follow-up of its own (`mailer remedy`).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased
from uuid_utils.compat import uuid7

from mailer.campaign.loading import Campaign, load_campaign
from mailer.errors import NoticeRefused, Refused
from mailer.ledger.chain import Scalar
from mailer.ledger.kinds import AT_SERVICE, ENDED, IN_POST, EventKind, Status
from mailer.render.letterhead import load_letterhead
from mailer.store.events import Entry, record
from mailer.store.pieces import mailing_of
from mailer.store.tables import MailingRow, PieceClientRow, PieceRow
from mailer.workflow import issues, letters
from mailer.workflow.composing import Letters, Written, inputs_digest
from mailer.workflow.folder import MailFolder
from mailer.workflow.gates import require_in_time
from mailer.workflow.labels import label_of, number_of
from mailer.workflow.preparing import Wanted, salted

_LIVE: Final = [status.value for status in Status if status not in ENDED]


@dataclass(frozen=True, slots=True)
class Reissued:
    """The new pieces' numbers. `courtesy`: each repeats one that was mailed in time, so no day binds it."""

    numbers: tuple[int, ...]
    courtesy: bool


def send_again(
    mail: MailFolder, name: str, piece: str, reason: str, *, in_post: date, by: str, dry_run: bool = False
) -> Reissued:
    """The piece to be sent again: itself where it is still waiting, else a new one.

    Raises Refused where it is in a job, or at the service, or may be there, NoticeRefused where the post
    would have it (on `in_post`) too late; nothing is recorded then.
    """
    campaign = load_campaign(mail.root, name)
    with mail.store.read() as session:
        mailing, row = _piece(session, name, piece)
        if row.status == Status.APPROVED.value or dry_run:
            return Reissued((row.number,), _is_courtesy(mailing, [row]))
        if row.status == Status.PRODUCED.value:
            printed = label_of(mailing, row.number)
            raise Refused(
                f"{printed} is printed.",
                where=name,
                todo=f"Hand it over, or print it anew: mailer reprint {printed} --reason …",
            )
    _require_in_time(mail, campaign, mailing, row, in_post)
    return _again(mail, campaign, mailing, [row], reason, by)


def reprint(mail: MailFolder, name: str, piece: str, reason: str, *, by: str) -> Reissued:
    """A printed piece that was spoiled, or a mailed one that came back or is lost, to be printed anew.

    The spoiled one is void. Raises Refused where the piece is at a mail service, or may be.
    """
    campaign = load_campaign(mail.root, name)
    with mail.store.read() as session:
        mailing, row = _piece(session, name, piece)
    if row.status in (Status.PREPARED.value, Status.APPROVED.value):
        raise Refused(
            f"{label_of(mailing, row.number)} is not printed yet.",
            where=name,
            todo=f"Print it with the others: mailer print {name}",
        )
    _require_in_time(mail, campaign, mailing, row, mail.today)
    return _again(mail, campaign, mailing, [row], reason, by)


def remaining(mail: MailFolder, name: str, *, by: str) -> Reissued:
    """New pieces for all that the mail service refused or gave back, where nothing else serves the clients.

    Those made before and not printed yet are among the numbers. Raises Refused where there are none.
    """
    campaign = load_campaign(mail.root, name)
    with mail.store.read() as session:
        mailing = mailing_of(session, name)
        rows = _ended(session, mailing) if mailing else []
        open_ = _open(session, mailing) if mailing else []
    if mailing is None or not (rows or open_):
        raise Refused(
            "the mail service refused nothing of it and gave nothing back.",
            where=name,
            todo=f"Look at `mailer status {name}`. A piece whose outcome is not known is never printed: "
            f"settle it with `mailer send {name}`.",
        )
    made = _again(mail, campaign, mailing, rows, "", by).numbers if rows else ()
    return Reissued((*open_, *made), courtesy=False)


def _piece(session: Session, name: str, piece: str) -> tuple[MailingRow, PieceRow]:
    mailing = mailing_of(session, name)
    if mailing is None:
        raise Refused("nothing was made for this campaign.", where=name, todo="Look at `mailer status`.")
    number = number_of(mailing, piece)
    statement = select(PieceRow).where(PieceRow.mailing_id == mailing.id, PieceRow.number == number)
    row = session.execute(statement).scalar_one_or_none()
    if row is None:
        raise Refused(
            f"there is no piece {label_of(mailing, number)}.", where=name, todo=f"See `mailer status {name}`."
        )
    return mailing, row


def _ended(session: Session, mailing: MailingRow) -> list[PieceRow]:
    """Refused and cancelled pieces none of whose clients has another one."""
    other, shared, own = aliased(PieceRow), aliased(PieceClientRow), aliased(PieceClientRow)
    served = exists(
        select(other.id)
        .join(shared, shared.piece_id == other.id)
        .join(own, own.client_id == shared.client_id)
        .where(own.piece_id == PieceRow.id, other.mailing_id == mailing.id, other.status.in_(_LIVE))
    )
    statement = (
        select(PieceRow)
        .where(
            PieceRow.mailing_id == mailing.id,
            PieceRow.status.in_([Status.REJECTED.value, Status.CANCELLED.value]),
            ~served,
        )
        .order_by(PieceRow.number.desc())
    )
    latest: dict[tuple[UUID, ...], PieceRow] = {}
    for row in session.execute(statement).scalars():  # a piece refused twice goes once
        latest.setdefault(_clients(session, row), row)
    return sorted(latest.values(), key=lambda row: row.number)


def _open(session: Session, mailing: MailingRow) -> list[int]:
    statement = select(PieceRow.number).where(
        PieceRow.mailing_id == mailing.id,
        PieceRow.status == Status.APPROVED.value,
        PieceRow.again_of.is_not(None),
    )
    return list(session.execute(statement.order_by(PieceRow.number)).scalars())


def _clients(session: Session, row: PieceRow) -> tuple[UUID, ...]:
    statement = select(PieceClientRow.client_id).where(PieceClientRow.piece_id == row.id)
    return tuple(sorted(session.execute(statement).scalars(), key=str))


def _again(
    mail: MailFolder,
    campaign: Campaign,
    mailing: MailingRow,
    rows: Sequence[PieceRow],
    reason: str,
    by: str,
) -> Reissued:
    """Record the new pieces. Raises NoticeRefused where the approved pages are not right any more."""
    wanted = _wanted(mail, campaign, mailing, rows)
    numbers: list[int] = []
    with mail.store.write() as session:
        holder = session.get_one(MailingRow, mailing.id)
        entries: list[Entry] = []
        for old in rows:
            now = session.get_one(PieceRow, old.id)
            if now.status in {status.value for status in AT_SERVICE}:
                raise Refused(
                    f"{label_of(holder, now.number)} is at the mail service, or may be (it is {now.status}).",
                    where=holder.campaign,
                    todo=f"Settle or cancel it there first: mailer send {holder.campaign}, "
                    f"mailer cancel {holder.campaign}.",
                )
            if now.status == Status.PRODUCED.value:
                payload: dict[str, Scalar] = {"pieces": str(now.number), "reason": reason}
                entries.append(Entry(EventKind.VOIDED, holder.subject, payload))
            number = holder.next_number
            holder.next_number += 1
            entries.append(_copy(session, holder, now, number, wanted[_clients(session, now)], reason))
            numbers.append(number)
        session.flush()
        record(session, entries, mail.stamp(by))
    return Reissued(tuple(numbers), _is_courtesy(mailing, rows))


def _is_courtesy(mailing: MailingRow, rows: Sequence[PieceRow]) -> bool:
    """Was each of them mailed in time, so that a copy of it may go any day?"""
    last = mailing.not_after
    return all(
        row.status in {status.value for status in IN_POST}
        and row.counts_on is not None
        and (last is None or row.counts_on <= last)
        for row in rows
    )


def _require_in_time(
    mail: MailFolder, campaign: Campaign, mailing: MailingRow, row: PieceRow, in_post: date
) -> None:
    if not _is_courtesy(mailing, [row]):
        require_in_time(campaign, mailing, mail.today, in_post)


def _wanted(
    mail: MailFolder, campaign: Campaign, mailing: MailingRow, rows: Sequence[PieceRow]
) -> Mapping[tuple[UUID, ...], Wanted]:
    """What each piece would be today, by its clients."""
    inputs = inputs_digest(mail.settings, campaign, load_letterhead(mail.root / "letterhead"))
    if inputs != mailing.inputs_digest or mailing.dated is None:
        raise _other_pages(campaign, "its definition, texts, letterhead or profile changed")
    with mail.store.read() as session:
        clients = {row.number: _clients(session, row) for row in rows}
    sought = set(clients.values())
    if campaign.kind.is_issue:
        today = {one.clients: one for one in issues.wanted_newsletters(mail, campaign, inputs)}
    else:
        texts = Letters(mail.settings, campaign, mailing.dated, inputs)
        today = {
            one.clients: one
            for part in letters.wanted_letters(mail, campaign, texts)
            for one in part
            if one.clients in sought
        }
    for row in rows:
        one = today.get(clients[row.number])
        if one is None:
            raise _other_pages(campaign, f"the client of {label_of(mailing, row.number)} gets none any more")
        content = one.content
        if isinstance(content, Written) and content.digest_at(tuple(row.recipient)) != row.recipient_digest:
            raise _other_pages(campaign, f"{label_of(mailing, row.number)} would say something else today")
    return today


def _copy(
    session: Session, mailing: MailingRow, old: PieceRow, number: int, wanted: Wanted, reason: str
) -> Entry:
    """A new approved piece with the pages of `old`, to the address of now; the event that it exists."""
    piece_id, salt = uuid7(), secrets.token_hex(16)
    session.add(
        PieceRow(
            id=piece_id,
            mailing_id=mailing.id,
            number=number,
            status=Status.APPROVED.value,
            recipient_name=wanted.recipient[0],
            recipient=list(wanted.recipient),
            zip=wanted.address["zip"],
            address=wanted.address,
            salt=salt,
            facts=dict[str, Any](old.facts),
            recipient_digest=wanted.digest,
            file=old.file,
            first_page=old.first_page,
            last_page=old.last_page,
            sha256=old.sha256,
            rehearsed=False,
            again_of=old.number,
        )
    )
    session.flush()
    session.add_all(PieceClientRow(piece_id=piece_id, client_id=client) for client in wanted.clients)
    payload: dict[str, Scalar] = {
        "pieces": str(number),
        "of": old.number,
        "sha256": old.sha256,
        "client": salted(salt, ",".join(sorted(str(client) for client in wanted.clients))),
        "address": salted(salt, "\n".join(wanted.recipient)),
        "reason": reason or f"the service {old.status} it",
    }
    return Entry(EventKind.REISSUED, mailing.subject, payload)


def _other_pages(campaign: Campaign, why: str) -> NoticeRefused:
    return NoticeRefused(
        f"the approved pages can't go again: {why}.",
        where=campaign.name,
        todo=f"Approve anew: mailer approve {campaign.name}. For clients who have theirs already, "
        f"make a follow-up: mailer remedy {campaign.name}.",
    )
