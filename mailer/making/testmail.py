"""What was sent with a test key: nothing of it was printed, so that it may go for real, once."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from mailer.errors import NoticeRefused
from mailer.ledger.events import PiecesReleased, PiecesVoided
from mailer.ledger.kinds import AT_SERVICE, Medium
from mailer.ledger.numbers import label, ranges
from mailer.ledger.records import Mailing
from mailer.planning.mailfolder import MailFolder
from mailer.store.events import Entry, record
from mailer.store.outbox import by_service, forget, needless_copies, sent_as_tests
from mailer.store.tables import MailingRow, PieceRow, SubmissionRow


class TestsOutdated(NoticeRefused):
    """What was sent with a test key would be made otherwise today: it is released, to be approved anew."""


def release_tests(
    mail: MailFolder, mailing: Mailing, by: str, *, ended: bool = True, copied: bool = False
) -> None:
    """Pieces sent with a test key were never printed: they may go for real. A copy that was only tried, and
    whose client has another piece, is void. `ended`: those that were refused or cancelled as well;
    `copied`: none but copies.
    """
    with mail.store.write() as session:
        found = sent_as_tests(session, mailing, ended=ended)
        if copied:
            found = [row for row in found if row.again_of is not None]
        if not found:
            return
        why = "they were sent with a test key; nothing was printed"
        asked = by_service(session, [row.id for row in found])
        entries = [
            Entry(mailing.subject, PiecesReleased(ranges(numbers), service, why))
            for service, numbers in asked.items()
        ]
        copies = needless_copies(session, [row.id for row in found])
        if copies:
            void = PiecesVoided(ranges(copies), "they were sent again with a test key, as a try")
            entries.append(Entry(mailing.subject, void))
        record(session, entries, mail.stamp(by))
        forget(session, [row.id for row in found])


def require_unchanged(session: Session, mailing: Mailing, outdated: frozenset[int]) -> None:
    """Raises TestsOutdated where a piece that was sent with a test key would go as it would not be made."""
    numbers = [row.number for row in sent_as_tests(session, mailing) if row.number in outdated]
    if numbers:
        initial = Medium(mailing.medium).initial
        names = ", ".join(label(mailing.campaign, initial, number) for number in numbers[:5])
        raise TestsOutdated(
            f"what was sent with a test key changed since ({names}).",
            where=mailing.campaign,
            todo=f"Approve it anew, then send: mailer approve {mailing.campaign}",
        )


def copies(old: PieceRow) -> Select[PieceRow]:
    """Copies of a piece that are at the service with a test key."""
    return (
        select(PieceRow)
        .join(SubmissionRow, SubmissionRow.piece_id == PieceRow.id)
        .where(
            PieceRow.mailing_id == old.mailing_id,
            PieceRow.again_of == old.number,
            PieceRow.status.in_([status.value for status in AT_SERVICE]),
            SubmissionRow.live.is_(False),
        )
    )


def end_copies(session: Session, mailing: MailingRow, old: PieceRow) -> list[Entry]:
    """The copies of a piece that were only tried are void, before it is repeated for real."""
    tries = list(session.execute(copies(old)).scalars())
    if not tries:
        return []
    forget(session, [row.id for row in tries])
    pieces = ranges(sorted(row.number for row in tries))
    why = "it was sent again with a test key, as a try"
    return [
        Entry(mailing.subject, PiecesReleased(pieces, reason=why)),
        Entry(mailing.subject, PiecesVoided(pieces, why)),
    ]
