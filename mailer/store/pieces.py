"""Pieces as frozen records: put in, and read: which documents a client got, when they count as mailed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import JSON, ColumnElement, and_, exists, false, func, insert, select, type_coerce
from sqlalchemy.orm import Session, aliased
from sqlalchemy.types import NullType

from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.kinds import ENDED, IN_POST, Medium, Status
from mailer.ledger.records import Mailing, Piece, PrintJob
from mailer.store.inlist import among, numbered
from mailer.store.listed.care import listed_now
from mailer.store.tables import ClientRow, DropRow, MailingRow, PieceClientRow, PieceRow, SubmissionRow

_MAILING: Final = tuple(getattr(MailingRow, name) for name in Mailing.__slots__)
LIVE: Final = tuple(status.value for status in Status if status not in ENDED)
IN_DOUBT: Final = "in doubt: "
"""Begins what is wrong with a piece that its service told as mailed, and since otherwise."""


_COLUMNS: Final = (
    MailingRow.campaign,
    MailingRow.medium,
    PieceRow.number,
    PieceRow.status,
    PieceRow.counts_on,
    PieceRow.facts,
    PieceRow.sha256,
    PieceRow.recipient_digest,
    PieceRow.rehearsed,
    PieceRow.returned_on,
    PieceRow.dropped_on,
    PieceRow.received_on,
    DropRow.place,
    PieceRow.misaddressed_on,
    PieceRow.of_record,
    PieceRow.return_reason,
    PieceRow.file,
    PieceRow.first_page,
    PieceRow.last_page,
    DropRow.closings,
)


def in_doubt() -> ColumnElement[bool]:
    """For a statement on pieces and what services were asked for them: the service took back that it mailed
    the piece, and nothing else shows that it went.
    """
    taken_back = func.coalesce(SubmissionRow.problem, "").startswith(IN_DOUBT)
    return and_(taken_back, PieceRow.status == Status.MAILED.value, PieceRow.received_on.is_(None))


def sent_to(
    session: Session,
    ids: Sequence[UUID],
    *,
    campaigns: Collection[str] | None = None,
    medium: Medium | None = None,
    mailing: Mailing | None = None,
    mailed: bool = False,
) -> dict[UUID, list[ClientPiece]]:
    """The live pieces of these clients, oldest first: those of `campaigns`, of a `medium`, of one `mailing`;
    `mailed`: that count as mailed.
    """
    wanted: list[ColumnElement[bool]] = []
    if campaigns is not None:
        wanted.append(MailingRow.campaign.in_(campaigns))
    if medium is not None:
        wanted.append(MailingRow.medium == medium)
    if mailing is not None:
        wanted.append(PieceRow.mailing_id == mailing.id)
    if mailed:
        wanted.append(PieceRow.counts_on.is_not(None))
    # `distinct` changes no row (both columns are the key) and keeps the table whole: SQLite would else go
    # through every piece of the mailing, and look among all of `ids` for each.
    covers = (
        select(PieceClientRow.client_id, PieceClientRow.piece_id)
        .where(among(session, PieceClientRow.client_id, ids))
        .distinct()
        .subquery()
    )
    statement = (
        select(type_coerce(covers.c.client_id, NullType()), *_COLUMNS, in_doubt())  # made no UUID again
        .join_from(covers, PieceRow, PieceRow.id == covers.c.piece_id)
        .join(MailingRow, MailingRow.id == PieceRow.mailing_id)
        .outerjoin(DropRow, DropRow.id == PieceRow.drop_id)
        .outerjoin(SubmissionRow, SubmissionRow.piece_id == PieceRow.id)
        .where(PieceRow.status.in_(LIVE), *wanted)
        .order_by(PieceRow.number)
    )
    known = {each.hex: each for each in ids}  # SQLite gives the digits back
    found: dict[UUID, list[ClientPiece]] = {}
    rows: Any = session.connection().execute(statement)
    for raw, *values in rows.all():
        client: UUID = known[raw] if isinstance(raw, str) else raw
        found.setdefault(client, []).append(ClientPiece(client, *values))
    return found


def written_to(session: Session, ids: Sequence[UUID], by: date) -> list[UUID]:
    """Those of these clients to whom a letter went that counts as mailed and states rates from a day no later
    than `by`.
    """
    statement = (
        select(PieceClientRow.client_id, PieceRow.facts)
        .join(PieceRow, PieceRow.id == PieceClientRow.piece_id)
        .join(MailingRow, MailingRow.id == PieceRow.mailing_id)
        .where(
            among(session, PieceClientRow.client_id, ids),
            MailingRow.medium == Medium.LETTER,
            PieceRow.counts_on.is_not(None),
            PieceRow.status.in_(LIVE),
        )
    )
    found = session.connection().execute(statement)
    return list(
        dict.fromkeys(
            client
            for client, facts in found
            if facts.rates and facts.effective is not None and facts.effective <= by
        )
    )


def first_mailed(session: Session, campaign: str) -> date | None:
    """The first mailing day of the campaign's own pieces."""
    statement = (
        select(func.min(PieceRow.counts_on))
        .join(MailingRow, MailingRow.id == PieceRow.mailing_id)
        .where(MailingRow.campaign == campaign)
    )
    return session.execute(statement).scalar_one()


def mailed_clients(session: Session, campaign: str) -> set[UUID]:
    """Those whose letter of the campaign was handed over: the gates are behind them. Of two letters, both."""
    statement = (
        select(PieceClientRow.client_id)
        .join(PieceRow, PieceRow.id == PieceClientRow.piece_id)
        .join(MailingRow, MailingRow.id == PieceRow.mailing_id)
        .where(MailingRow.campaign == campaign)
    )
    still = [status.value for status in set(Status) - ENDED - IN_POST]
    first = aliased(PieceRow)
    went = exists().where(
        first.mailing_id == PieceRow.mailing_id,
        first.number == PieceRow.again_of,
        first.counts_on.is_not(None),
    )
    waiting = statement.where(PieceRow.status.in_(still), ~went)
    mailed = statement.where(PieceRow.counts_on.is_not(None))
    return set(session.execute(mailed.except_(waiting)).scalars())


def affected(session: Session, client: UUID) -> list[tuple[Mailing, Piece]]:
    """Every piece that was ever made for a client, oldest first, each with its mailing."""
    statement = (
        select(*_MAILING, *PIECE)
        .join(PieceRow, PieceRow.mailing_id == MailingRow.id)
        .join(PieceClientRow, PieceClientRow.piece_id == PieceRow.id)
        .where(PieceClientRow.client_id == client)
        .order_by(PieceRow.id)
    )
    of = len(_MAILING)
    return [(Mailing(*row[:of]), piece_of(row[of:])) for row in session.execute(statement)]


def stored_statuses(session: Session) -> Iterator[tuple[str, str, Medium, int, Status]]:
    """Every piece with the status that the database has, read as a stream: its mailing's subject, campaign
    and medium, its number, the status.
    """
    columns = (MailingRow.subject, MailingRow.campaign, MailingRow.medium, PieceRow.number, PieceRow.status)
    statement = select(*columns).join(PieceRow, PieceRow.mailing_id == MailingRow.id)
    rows = session.execute(statement.execution_options(yield_per=5_000))
    for subject, campaign, medium, number, status in rows:  # noqa: UP028 (typed so)
        yield subject, campaign, medium, number, status


def goes_second(piece: type[PieceRow]) -> ColumnElement[bool]:
    """For a statement: does it go to the second of its client's addresses: no other letter."""
    return _stated(piece, "second")


def is_copy(piece: type[PieceRow]) -> ColumnElement[bool]:
    """For a statement: is it the copy by e-mail of a letter (mailer.ledger.stated)."""
    return and_(_stated(piece, "second"), _stated(piece, "by_email"))


def _stated(piece: type[PieceRow], fact: str) -> ColumnElement[bool]:
    return func.coalesce(type_coerce(piece.facts, JSON)[fact].as_boolean(), false())


def served(*, later: bool = False, statuses: Sequence[str] = LIVE) -> ColumnElement[bool]:
    """For a statement on pieces: another one of the mailing, a live one, goes to one of the piece's clients.

    `later`: one that was made after it; `statuses`: one in any of these.
    """
    other, shared, own = aliased(PieceRow), aliased(PieceClientRow), aliased(PieceClientRow)
    return exists(
        select(other.id)
        .join(shared, shared.piece_id == other.id)
        .join(own, own.client_id == shared.client_id)
        .where(
            own.piece_id == PieceRow.id,
            by_no_index(other.mailing_id) == PieceRow.mailing_id,
            goes_second(other) == goes_second(PieceRow),
            other.status.in_(statuses),
            by_no_index(other.number) > PieceRow.number if later else other.id != PieceRow.id,
        )
    )


def by_no_index(column: Any) -> ColumnElement[Any]:
    """The column, where the pieces of one client are looked at: SQLite would go through the whole mailing for
    each by its index.
    """
    return func.coalesce(column, column)


PIECE: Final = tuple(getattr(PieceRow, name) for name in Piece.__slots__)
_RECIPIENT: Final = Piece.__slots__.index("recipient")


def pieces(
    session: Session,
    mailing: Mailing,
    *,
    statuses: Iterable[Status] | None = None,
    numbers: Collection[int] | None = None,
    job: PrintJob | None = None,
    free: bool = False,
    copies: bool = False,
    copies_of: int | None = None,
    by_zip: bool = False,
) -> Iterator[Piece]:
    """Pieces of a mailing by number, or `by_zip` in the order of printing; read as a stream.

    All conditions that are given must be met: one of `statuses` or `numbers`, of the `job`, `free` (in none),
    `copies` (repeating another piece), `copies_of` a number.
    """
    conditions = _conditions(session, mailing, statuses, numbers, job, free=free, copies=copies, of=copies_of)
    order = (PieceRow.zip, PieceRow.number) if by_zip else (PieceRow.number,)
    statement = select(*PIECE).where(*conditions).order_by(*order)
    with session.connection().execute(statement.execution_options(yield_per=1_000)) as rows:
        for row in rows:
            yield piece_of(row)


def piece_numbered(session: Session, mailing: Mailing, number: int) -> Piece | None:
    """The piece of that number, if there is one."""
    return next(pieces(session, mailing, numbers=[number]), None)


def piece_by_id(session: Session, piece_id: UUID) -> Piece:
    """A piece that is there."""
    return piece_of(session.connection().execute(select(*PIECE).where(PieceRow.id == piece_id)).one())


def piece_numbers(
    session: Session,
    mailing: Mailing,
    *,
    statuses: Iterable[Status] | None = None,
    job: PrintJob | None = None,
    free: bool = False,
    copies: bool = False,
) -> list[int]:
    """The numbers of pieces, in order. Conditions as for `pieces`."""
    conditions = _conditions(session, mailing, statuses, None, job, free=free, copies=copies, of=None)
    statement = select(PieceRow.number).where(*conditions).order_by(PieceRow.number)
    return list(session.execute(statement).scalars())


def counts(session: Session, mailing: Mailing) -> dict[Status, int]:
    """How many pieces of the mailing are in each status, in the order of statuses."""
    statement = select(PieceRow.status, func.count()).where(PieceRow.mailing_id == mailing.id)
    rows = session.execute(statement.group_by(PieceRow.status))
    found = {status: count for status, count in rows}  # noqa: C416 (typed so)
    return {status: found[status] for status in Status if status in found}


def any_piece(session: Session, mailing: Mailing, statuses: Iterable[Status]) -> bool:
    """Is any piece of the mailing in one of these statuses."""
    statement = select(PieceRow.id).where(
        PieceRow.mailing_id == mailing.id, PieceRow.status.in_(list(statuses))
    )
    return session.execute(statement.limit(1)).first() is not None


def recipient_digests(session: Session, mailing: Mailing) -> list[tuple[int, str, Status]]:
    """(number, digest of what decides all that is printed, status) of the mailing's pieces."""
    statement = select(PieceRow.number, PieceRow.recipient_digest, PieceRow.status).where(
        PieceRow.mailing_id == mailing.id
    )
    return [(number, digest, status) for number, digest, status in session.execute(statement)]


def live_hashes(session: Session, mailing: Mailing) -> list[str]:
    """The SHA-256 of the pages of each live piece, in no order."""
    statement = select(PieceRow.sha256).where(PieceRow.mailing_id == mailing.id, PieceRow.status.in_(LIVE))
    return list(session.execute(statement).scalars())


def add_pieces(session: Session, made: Sequence[tuple[Piece, Collection[UUID]]]) -> None:
    """Put new pieces in, each with the clients that it covers."""
    if made:
        rows = [{name: getattr(piece, name) for name in Piece.__slots__} for piece, _ in made]
        covers = [{"piece_id": piece.id, "client_id": one} for piece, clients in made for one in clients]
        session.execute(insert(PieceRow), rows)
        session.execute(insert(PieceClientRow), covers)


def clients_of(session: Session, mailing: Mailing, numbers: Collection[int]) -> dict[int, tuple[UUID, ...]]:
    """Which clients each of these pieces covers, by the piece's number; sorted by their text."""
    statement = (
        select(PieceRow.number, PieceClientRow.client_id)
        .join(PieceClientRow, PieceClientRow.piece_id == PieceRow.id)
        .where(PieceRow.mailing_id == mailing.id, numbered(session, PieceRow.number, numbers))
    )
    found: dict[int, list[UUID]] = {}
    for number, client in session.execute(statement):
        found.setdefault(number, []).append(client)
    return {number: tuple(sorted(clients, key=str)) for number, clients in found.items()}


def unlisted(session: Session, mailing: Mailing, numbers: Collection[int]) -> list[tuple[int, str]]:
    """(number, client's number or e-mail) of those of these pieces whose client is on the list no more."""
    statement = (
        select(PieceRow.number, ClientRow.number, ClientRow.email)
        .join(PieceClientRow, PieceClientRow.piece_id == PieceRow.id)
        .join(ClientRow, ClientRow.id == PieceClientRow.client_id)
        .where(
            PieceRow.mailing_id == mailing.id,
            numbered(session, PieceRow.number, numbers),
            ~listed_now(session),
        )
        .order_by(PieceRow.number)
    )
    return [(number, client or email) for number, client, email in session.execute(statement)]


def _conditions(
    session: Session,
    mailing: Mailing,
    statuses: Iterable[Status] | None,
    wanted: Collection[int] | None,
    job: PrintJob | None,
    *,
    free: bool,
    copies: bool,
    of: int | None,
) -> list[ColumnElement[bool]]:
    found = [PieceRow.mailing_id == mailing.id]
    if statuses is not None:
        found.append(PieceRow.status.in_(list(statuses)))
    if wanted is not None:
        found.append(numbered(session, PieceRow.number, wanted))
    if job is not None:
        found.append(PieceRow.job_id == job.id)
    if free:
        found.append(PieceRow.job_id.is_(None))
    if copies:
        found.append(PieceRow.again_of.is_not(None))
    if of is not None:
        found.append(PieceRow.again_of == of)
    return found


def piece_of(row: Sequence[Any]) -> Piece:
    """The record of a row of the columns `PIECE`."""
    values = list(row)
    values[_RECIPIENT] = tuple(values[_RECIPIENT])
    return Piece(*values)
