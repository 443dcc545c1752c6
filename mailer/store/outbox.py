"""The outbox: which process works on which piece, so that several may send the same mailing at once.

A claim is a row of `submission`, committed before the service is asked. It holds as long as its process
lives: each sender keeps a lock that the system (SQLite: of a file; PostgreSQL: of a session) frees when the
process ends, however it ends, and the next claim takes over what a dead one left. Nothing waits for a lease
to run out. Were a lock lost while its process lives, two would ask with one idempotency key: one piece.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from filelock import FileLock, Timeout
from sqlalchemy import Select, and_, delete, func, or_, select, text, true, update

from mailer.ledger.kinds import Status
from mailer.ledger.records import Mailing, Piece, Submission
from mailer.store.engine import Session, Store
from mailer.store.inlist import among, numbered
from mailer.store.pieces import PIECE, piece_of, served
from mailer.store.tables import PieceRow, SubmissionRow

_NOT_VOID: Final = tuple(status.value for status in Status if status is not Status.VOID)
IN_FLIGHT: Final = (Status.SUBMITTING.value, Status.UNKNOWN.value)
SUBMISSION: Final = tuple(getattr(SubmissionRow, name) for name in Submission.__slots__)
_RECIPIENT: Final = Piece.__slots__.index("recipient")


@dataclass(frozen=True, slots=True)
class InFlight:
    """A piece that a service was, or may have been, asked for."""

    piece: Piece
    submission: Submission


@contextmanager
def sender(store: Store) -> Iterator[int]:
    """The number of this process as a sender, alive until the block or the process ends."""
    number = secrets.randbits(62)
    if store.engine.dialect.name == "postgresql":
        with store.engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": number})
            connection.commit()  # the lock is the session's; no transaction stays open
            try:
                yield number
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": number})
        return
    path = _lock_file(store, number)
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path):
        try:
            yield number
        finally:
            path.unlink(missing_ok=True)


def is_alive(session: Session, store: Store, number: int) -> bool:
    """Is the process that calls itself `number` still there?"""
    if store.engine.dialect.name == "postgresql":
        got = session.execute(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": number}).scalar_one()
        return not got
    path = _lock_file(store, number)
    if not path.exists():
        return False
    try:
        with FileLock(path, blocking=False):
            path.unlink(missing_ok=True)
            return False
    except Timeout:
        return True


def _lock_file(store: Store, number: int) -> Path:
    return store.files.folder / "senders" / f"{number}.lock"


def in_flight(
    session: Session,
    store: Store,
    mailing: Mailing,
    *,
    service: str,
    live: bool,
    account: str | None = None,
    me: int | None = None,
    but: Sequence[int] = (),
    limit: int | None = None,
) -> list[InFlight]:
    """Pieces of the mailing that are at that service or may be, and that no living process works on.

    `live`: those asked for with a live key, else those with a test key; of them those of `account`, and those
    of which none is on record; None: of any. `me` is such a process itself.
    """
    statement = (
        select(*PIECE, *SUBMISSION)
        .join(SubmissionRow, SubmissionRow.piece_id == PieceRow.id)
        .where(
            PieceRow.mailing_id == mailing.id,
            PieceRow.status.in_(IN_FLIGHT),
            SubmissionRow.service == service,
            SubmissionRow.live.is_(live),
            true()
            if account is None
            else or_(SubmissionRow.account.is_(None), SubmissionRow.account == account),
        )
        .order_by(PieceRow.number)
    )
    known: dict[int, bool] = {} if me is None else {me: True}
    left = set(but)
    found = []
    for row in session.connection().execute(statement):
        piece, submission = piece_of(row[: len(PIECE)]), Submission(*row[len(PIECE) :])
        number = submission.sender
        if piece.number in left:
            continue
        if number is not None and number not in known:
            known[number] = is_alive(session, store, number)
        if number is None or not known[number]:
            found.append(InFlight(piece, submission))
        if len(found) == limit:
            break
    return found


def elsewhere(
    session: Session, mailing: Mailing, *, service: str, live: bool, account: str | None
) -> list[tuple[int, str]]:
    """Number and service of pieces that are not settled, were asked for by another service or under another
    account with that kind of key, and so can't be settled by `account`; None: by any of the service.
    """
    other = SubmissionRow.service != service
    statement = (
        select(PieceRow.number, SubmissionRow.service)
        .join(SubmissionRow, SubmissionRow.piece_id == PieceRow.id)
        .where(
            PieceRow.mailing_id == mailing.id,
            PieceRow.status.in_(IN_FLIGHT),
            SubmissionRow.live.is_(live),
            other if account is None else or_(other, SubmissionRow.account != account),
        )
        .order_by(PieceRow.number)
    )
    return [(number, name) for number, name in session.execute(statement)]


def take_over(session: Session, mailing: Mailing, *, service: str, live: bool, account: str) -> None:
    """All of the mailing that it was asked for with that kind of key is `account`'s: its key is a new one."""
    ours = (SubmissionRow.service == service, SubmissionRow.live.is_(live))
    session.execute(
        update(SubmissionRow).where(SubmissionRow.mailing_id == mailing.id, *ours).values(account=account)
    )


def waiting(
    session: Session,
    mailing: Mailing,
    *,
    only: int | None,
    limit: int | None,
    but: Collection[int] = (),
) -> Iterator[Piece]:
    """Approved pieces that are in no job and at no service, in the order in which they are sent.

    With a `limit` they are about to be claimed, and those that another is claiming are left out; without one
    they are only looked at.
    """
    statement = (
        select(*PIECE)
        .where(
            PieceRow.mailing_id == mailing.id,
            PieceRow.status == Status.APPROVED.value,
            PieceRow.job_id.is_(None),
            ~numbered(session, PieceRow.number, but),
        )
        .order_by(PieceRow.zip, PieceRow.number)
        .limit(limit)
    )
    if limit is not None:
        statement = statement.with_for_update(skip_locked=True)  # PostgreSQL's; SQLite has one writer
    if only is not None:
        statement = statement.where(PieceRow.number == only)
    rows = session.connection().execute(statement.execution_options(yield_per=1_000))
    return (piece_of(row) for row in rows)


def sent_as_tests(session: Session, mailing: Mailing, *, ended: bool = True) -> list[Piece]:
    """Pieces that were sent with a test key only, so that nothing of them was printed.

    `ended`: those that were refused or cancelled as well, unless their clients have a live piece, or had a
    later one.
    """
    at_service = PieceRow.status.in_([*IN_FLIGHT, Status.ACCEPTED.value])
    followed = served(later=True, statuses=_NOT_VOID)
    over = and_(PieceRow.status.in_([Status.REJECTED.value, Status.CANCELLED.value]), ~served(), ~followed)
    statement = (
        select(*PIECE)
        .join(SubmissionRow, SubmissionRow.piece_id == PieceRow.id)
        .where(
            PieceRow.mailing_id == mailing.id,
            SubmissionRow.live.is_(False),
            or_(at_service, over) if ended else at_service,
        )
        .order_by(PieceRow.number)
    )
    return [piece_of(row) for row in session.connection().execute(statement)]


def by_service(session: Session, pieces: Collection[UUID]) -> dict[str, list[int]]:
    """The numbers of those of `pieces` that a service was asked for, by the service."""
    statement = (
        select(SubmissionRow.service, PieceRow.number)
        .join(PieceRow, PieceRow.id == SubmissionRow.piece_id)
        .where(among(session, SubmissionRow.piece_id, pieces))
        .order_by(SubmissionRow.service, PieceRow.number)
    )
    found: dict[str, list[int]] = {}
    for service, number in session.execute(statement):
        found.setdefault(service, []).append(number)
    return found


def needless_copies(session: Session, pieces: Sequence[UUID]) -> list[int]:
    """The numbers of those of `pieces` that repeat another one while their clients have a live piece: what
    was sent again with a test key was only tried.
    """
    statement = select(PieceRow.number).where(
        among(session, PieceRow.id, pieces), PieceRow.again_of.is_not(None), served()
    )
    return list(session.execute(statement.order_by(PieceRow.number)).scalars())


def forget(session: Session, pieces: Sequence[UUID]) -> None:
    """Take back the intent to send pieces that certainly were not."""
    session.execute(
        delete(SubmissionRow)
        .where(among(session, SubmissionRow.piece_id, pieces))
        .execution_options(synchronize_session=False)
    )


def intend(session: Session, asked: Iterable[Submission]) -> None:
    """Put in what a service is about to be asked for."""
    session.add_all(SubmissionRow(**_values(one)) for one in asked)
    session.flush()


def update_submissions(session: Session, asked: Iterable[Submission]) -> None:
    """What is known of these now."""
    values = [_values(one) for one in asked]
    if values:
        session.execute(update(SubmissionRow), values)


def _values(asked: Submission) -> dict[str, Any]:
    return {name: getattr(asked, name) for name in Submission.__slots__}


def unsettled(session: Session, mailing: Mailing) -> list[Submission]:
    """What of the mailing was asked for and not answered."""
    statement = _submissions().where(PieceRow.mailing_id == mailing.id, PieceRow.status.in_(IN_FLIGHT))
    return [Submission(*row) for row in session.connection().execute(statement)]


def submissions(session: Session, pieces: Collection[UUID]) -> dict[UUID, tuple[Status, Submission]]:
    """What a service was asked for each of these pieces, and the status that it has now."""
    statement = _submissions().where(among(session, PieceRow.id, pieces)).add_columns(PieceRow.status)
    found = ((status, Submission(*asked)) for *asked, status in session.connection().execute(statement))
    return {asked.piece_id: (status, asked) for status, asked in found}


def holders(session: Session, letters: Collection[str]) -> dict[str, UUID]:
    """The pieces that are known at their service by these ids."""
    statement = select(SubmissionRow.provider_id, SubmissionRow.piece_id).where(
        SubmissionRow.provider_id.in_(letters)
    )
    return {str(letter): piece for letter, piece in session.execute(statement)}


def to_cancel(
    session: Session, mailing: Mailing, numbers: Collection[int], statuses: Iterable[Status]
) -> list[tuple[Piece, Submission | None]]:
    """The pieces of these numbers; where none is named, those in `statuses` that a service was asked for.
    The nearest deadline first.
    """
    statement = (
        select(*PIECE, *SUBMISSION)
        .outerjoin(SubmissionRow, SubmissionRow.piece_id == PieceRow.id)
        .where(PieceRow.mailing_id == mailing.id)
        .order_by(SubmissionRow.cancel_until, PieceRow.number)
    )
    if numbers:
        statement = statement.where(numbered(session, PieceRow.number, numbers))
    else:
        here = [status.value for status in statuses]
        statement = statement.where(SubmissionRow.piece_id.is_not(None), PieceRow.status.in_(here))
    found = []
    for row in session.connection().execute(statement):
        asked = row[len(PIECE) :]
        found.append((piece_of(row[: len(PIECE)]), Submission(*asked) if asked[0] is not None else None))
    return found


def _submissions() -> Select[Any]:
    return select(*SUBMISSION).join(PieceRow, PieceRow.id == SubmissionRow.piece_id)


def let_go(session: Session, number: int) -> None:
    """This sender works on nothing any more."""
    session.execute(update(SubmissionRow).where(SubmissionRow.sender == number).values(sender=None))


def spent(session: Session, begin: datetime, end: datetime) -> Decimal:
    """What live pieces asked for from `begin` to before `end` cost, by forecast or by the service's word."""
    statement: Any = (
        select(func.coalesce(func.sum(SubmissionRow.cost), Decimal(0)))
        .join(PieceRow, PieceRow.id == SubmissionRow.piece_id)
        .where(
            SubmissionRow.live.is_(True),
            SubmissionRow.first_tried >= begin,
            SubmissionRow.first_tried < end,
            PieceRow.status.not_in([Status.REJECTED.value, Status.CANCELLED.value]),
        )
    )
    total: Decimal = session.execute(statement).scalar_one()
    return total
