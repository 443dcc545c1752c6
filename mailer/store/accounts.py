"""What the judge needs of clients who are on the list, read a chunk at a time, and their accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select

from mailer.campaign.rates import RateLine
from mailer.clients.member import Member, amount_of
from mailer.judgement.account import Account, account_of, rises_before
from mailer.judgement.docket import Docket
from mailer.judgement.history import History, Question
from mailer.judgement.rules import TermUnknown, contract_term, rise_barred
from mailer.ledger.events import MailingApproved
from mailer.ledger.kinds import Medium, Status
from mailer.ledger.records import Mailing
from mailer.notice.strides import shifted
from mailer.store.engine import Session
from mailer.store.inlist import among
from mailer.store.listed.care import listed_now, marks
from mailer.store.listed.members import agreements, base_rates, in_chunks
from mailer.store.listed.rises import Permitted, Rising
from mailer.store.pieces import by_no_index, sent_to, written_to
from mailer.store.record.events import happened
from mailer.store.record.moves import moved
from mailer.store.record.undoings import with_known_days
from mailer.store.tables import CareRow, ClientRow, DropRow, PieceClientRow, PieceRow, RateRow


def histories(session: Session, members: Sequence[Member]) -> dict[UUID, History]:
    """What is known of each client: its rates, agreements and letters."""
    ids = [member.id for member in members]
    base = base_rates(session, ids, date.max)
    letters = with_known_days(session, sent_to(session, ids, medium=Medium.LETTER))
    moves = moved(session, {piece.campaign for sent in letters.values() for piece in sent})
    terms = agreements(session, members)
    return {
        member.id: History(
            member,
            base.get(member.id, ()),
            terms[member.id],
            tuple(letters.get(member.id, ())),
            moves,
        )
        for member in members
    }


def accounts(session: Session, members: Sequence[Member], docket: Docket) -> dict[UUID, Account]:
    """What each client may be billed at."""
    found = histories(session, members)
    return {client: docket.account(history) for client, history in found.items()}


def noticed_rates(session: Session, ids: Sequence[UUID], docket: Docket) -> dict[UUID, dict[str, Decimal]]:
    """The rates that rest on a notice, of those of the clients who have any.

    A letter counts from the day that it states, or from a later one: the judge is asked of those whose may.
    """
    having = written_to(session, ids, docket.worked_on) if ids else []
    if not having:
        return {}
    found: dict[UUID, dict[str, Decimal]] = {}
    for members in in_chunks(session, ids=having):
        for client_id, account in accounts(session, members, docket).items():
            found[client_id] = {b.service: b.amount for b in account.services.values() if b.piece}
    return found


def permitted(session: Session, rising: Mapping[UUID, Rising], question: Question) -> dict[UUID, Permitted]:
    """What the contracts of `question.worked_on` say of these rises, the agreements brought with them taken
    in. The notice itself is not judged: it was given elsewhere. A rise is over the rate of the day before, so
    that one in steps on one day is no smaller.
    """
    found: dict[UUID, Permitted] = {}
    for members in in_chunks(session, ids=list(rising)):
        for client, history in histories(session, members).items():
            dated = {one.valid_from: one for one in (*history.terms, *rising[client].terms)}
            known = replace(history, terms=tuple(dated[day] for day in sorted(dated)))
            found[client] = _permitted(known, rising[client].lines, question)
    return found


def _permitted(history: History, lines: Sequence[RateLine], question: Question) -> Permitted:
    day = question.worked_on
    contract = history.contract_on(day)
    before = account_of(history, replace(question, worked_on=shifted(day, -1))).services
    first = {service: amount_of(stored) for service, stored, *_ in reversed(history.base)}
    paid = first | {service: billed.amount for service, billed in before.items()}
    lines = [replace(one, old=paid.get(one.service, one.old)) for one in lines]
    try:
        barred = rise_barred(history, day, lines, rises_before(history, question))
    except TermUnknown as unknown:
        barred = f"it {unknown.what}"
    rising = {line.service for line in lines}
    later = max(
        (since for service, _, since, *_ in history.base if service in rising and since > day), default=None
    )
    try:
        rule = contract_term(contract)
    except TermUnknown:
        return Permitted(barred, "notice term, which is not in the list,", later)
    return Permitted(barred, rule.title if rule else "", later)


def numbers_changed_since(session: Session, mailing: Mailing) -> list[int]:
    """The mailed letters to whose client the list brought other terms or rates after they were mailed."""
    found = _mailed(session, mailing, _changed_since())
    return sorted(number for number, _ in found)


def clients_unlike_others(session: Session, mailing: Mailing) -> set[UUID]:
    """The clients whose notice is likeliest to have failed though that of others holds: their letter was
    mailed after an approval's last day or made again, came back or went to a wrong address, or
    went certified and no receipt is known, or the list brought other terms or rates since.
    """
    went_certified = exists().where(DropRow.id == PieceRow.drop_id, DropRow.mail_class == "certified")
    certified = or_(PieceRow.certified.is_not(None), went_certified)
    unreceived = and_(certified, PieceRow.received_on.is_(None))
    undone = or_(PieceRow.returned_on.is_not(None), PieceRow.misaddressed_on.is_not(None))
    apart = [PieceRow.again_of.is_not(None), unreceived, undone, _changed_since()]
    approved = (one for _, one in happened(session, mailing.subject, MailingApproved))
    first = min((one.not_after for one in approved if one.not_after), default=None)
    if first is not None:
        apart.append(PieceRow.counts_on > first)
    return {client for _, client in _mailed(session, mailing, or_(*apart))}


@dataclass(frozen=True, slots=True)
class PrintedFor:
    """A printed letter that waits for the post: the digest of all that decides what is on it, its client."""

    number: int
    name: str
    digest: str
    client: UUID


def printed_before_change(session: Session, mailing: Mailing) -> list[PrintedFor]:
    """The printed letters that wait for the post, of each client whom the list, or a hand, changed since the
    mailing's last approval.
    """
    changed = or_(
        ClientRow.updated_at > mailing.approved_at,
        ~listed_now(session),
        among(session, ClientRow.id, list(marks(session))),
    )
    statement = (
        select(PieceRow.number, PieceRow.recipient_name, PieceRow.recipient_digest, ClientRow.id)
        .join(PieceClientRow, PieceClientRow.piece_id == PieceRow.id)
        .join(ClientRow, ClientRow.id == PieceClientRow.client_id)
        .where(PieceRow.mailing_id == mailing.id, PieceRow.status == Status.PRODUCED, changed)
        .order_by(PieceRow.number)
    )
    return [PrintedFor(*row) for row in session.execute(statement)]


def unserved_since(session: Session, mailing: Mailing) -> set[UUID]:
    """The clients who were brought or changed, by the list or by hand, since the mailing's last approval, and
    for whom no piece of it was made: of one that was refused or taken back that is said.
    """
    letter = (
        select(PieceRow.id)
        .join(PieceClientRow, PieceClientRow.piece_id == PieceRow.id)
        .where(
            PieceClientRow.client_id == ClientRow.id,
            by_no_index(PieceRow.mailing_id) == mailing.id,
            PieceRow.status != Status.VOID,
        )
    )
    marked = exists().where(CareRow.client_id == ClientRow.id, CareRow.marked_on >= mailing.approved_on)
    changed = or_(ClientRow.updated_at > mailing.approved_at, marked)
    wanted = (listed_now(session), changed, ~exists(letter))
    return set(session.execute(select(ClientRow.id).where(*wanted)).scalars())


def _mailed(session: Session, mailing: Mailing, where: ColumnElement[bool]) -> list[tuple[int, UUID]]:
    """(number, client) of the mailed letters of which that is true."""
    statement = (
        select(PieceRow.number, ClientRow.id)
        .join(PieceClientRow, PieceClientRow.piece_id == PieceRow.id)
        .join(ClientRow, ClientRow.id == PieceClientRow.client_id)
        .where(PieceRow.mailing_id == mailing.id, PieceRow.counts_on.is_not(None), where)
    )
    return [(number, client) for number, client in session.execute(statement)]


def _changed_since() -> ColumnElement[bool]:
    """Did the list bring other terms or rates after the letter was mailed."""
    entered = exists().where(
        RateRow.client_id == PieceClientRow.client_id, RateRow.valid_from > PieceRow.counts_on
    )
    return or_(ClientRow.terms_from > PieceRow.counts_on, entered)
