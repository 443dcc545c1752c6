"""What was sent with a test key: nothing of it was printed, so that it may go for real, once."""

from __future__ import annotations

from mailer.errors import NoticeRefused
from mailer.ledger.events import PiecesVoided
from mailer.ledger.numbers import ranges
from mailer.ledger.records import Mailing, Piece
from mailer.ledger.serviceevents import PiecesReleased
from mailer.planning.mailfolder import MailFolder
from mailer.store.engine import Session
from mailer.store.outbox import by_service, forget, needless_copies, sent_as_tests
from mailer.store.record.events import Entry, record
from mailer.store.repeats import tried_copies


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
        ids = [row.id for row in found]
        why = "they were sent with a test key; nothing was printed"
        entries = [
            Entry(mailing.subject, PiecesReleased(ranges(numbers), service, why))
            for service, numbers in by_service(session, ids).items()
        ]
        copies = needless_copies(session, ids)
        if copies:
            void = PiecesVoided(ranges(copies), "they were sent again with a test key, as a try")
            entries.append(Entry(mailing.subject, void))
        record(session, entries, mail.stamp(by))
        forget(session, ids)


def require_unchanged(session: Session, mailing: Mailing, outdated: frozenset[int]) -> None:
    """Raises TestsOutdated where a piece that was sent with a test key would go as it would not be made."""
    numbers = [row.number for row in sent_as_tests(session, mailing) if row.number in outdated]
    if numbers:
        names = ", ".join(mailing.label(number) for number in numbers[:5])
        raise TestsOutdated(
            f"what was sent with a test key changed since ({names}).",
            where=mailing.campaign,
            todo=f"Approve it anew, then send: mailer approve {mailing.campaign}",
        )


def end_copies(session: Session, mailing: Mailing, old: Piece) -> list[Entry]:
    """The copies of a piece that were only tried are void, before it is repeated for real."""
    tries = tried_copies(session, old)
    if not tries:
        return []
    forget(session, list(tries.values()))
    pieces = ranges(tries)
    why = "it was sent again with a test key, as a try"
    return [
        Entry(mailing.subject, PiecesReleased(pieces, reason=why)),
        Entry(mailing.subject, PiecesVoided(pieces, why)),
    ]
