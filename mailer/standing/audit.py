"""`mailer ledger verify`: is the chain unbroken, and does the database say what the events say?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Final

from mailer.errors import MailerError
from mailer.ledger.chain import check
from mailer.ledger.clientevents import RatesRecorded, TermsRecorded
from mailer.ledger.events import PiecesAdopted, said
from mailer.ledger.kinds import TRANSITIONS, EventKind
from mailer.ledger.numbers import spans
from mailer.mailservice.registry import meaning_of
from mailer.planning.mailfolder import MailFolder
from mailer.progress import Progress, silent
from mailer.store.engine import Session
from mailer.store.mailings import mailings
from mailer.store.pieces import counts
from mailer.store.record.events import all_events
from mailer.store.record.foreignvalues import UNREADABLE, in_words, unreadable, with_bytes
from mailer.store.record.ledgercheck import LedgerDifference, differences
from mailer.store.record.listcheck import ListEvents, list_differences

_OF_MAILINGS: Final = {EventKind.BEGUN, EventKind.ADOPTED, *TRANSITIONS}
_DATABASE: Final = "the database"
_TODO: Final = "It was changed by something other than mailer: restore a backup, and keep this copy."
MOST_NAMED: Final = 20  # differences in one message


@dataclass(slots=True)
class Verified:
    """The ledger as it was found: how many events and pieces, its head, how many were a rehearsal's.

    `adopted` is what an older mailer had recorded without binding it: pieces, and clients' terms and rates.
    """

    events: int = 0
    pieces: int = 0
    head: str = ""
    rehearsals: int = 0
    adopted: int = 0


class Disagreement(MailerError):
    """What the database says is not what the events say."""


def verify(mail: MailFolder, *, head: str = "", progress: Progress = silent) -> Verified:
    """Hash and refold every event, and compare all that events give or bind. `head` is a hash from a signed
    paper, which must be in the chain.

    Raises ChainBroken, Malformed or IllegalTransition at the first event that is wrong, Disagreement with the
    rows and columns that are not what was recorded.
    """
    with mail.store.read() as session:
        if odd := next(with_bytes(session), ""):
            raise Disagreement(f"holds what no mailer wrote: bytes in {odd}.", where=_DATABASE, todo=_TODO)
        wrong: list[LedgerDifference] = []
        try:
            found, listed, subjects = _chain(session, head, progress)
            wrong += islice(list_differences(session, listed), MOST_NAMED)
            for mailing in mailings(session):
                found.pieces += sum(counts(session, mailing).values())
                room = MOST_NAMED - len(wrong)
                wrong += islice(differences(session, mailing, _means), room)
                subjects.discard(mailing.subject)
        except UNREADABLE as error:
            said = f"holds what no mailer wrote: {unreadable(session) or in_words(error)}."
            raise Disagreement(said, where=_DATABASE, todo=_TODO) from None
        wrong += [LedgerDifference("mailing", one, "subject", None, one) for one in sorted(subjects)]
    if wrong:
        raise Disagreement(
            "\n  ".join(str(one) for one in wrong[:MOST_NAMED]),
            where=_DATABASE,
            todo=_TODO,
        )
    return found


def require_readable(mail: MailFolder) -> None:
    """Raises Disagreement for the first column of which a row can't be read, bound by an event or not.

    Every row is read: for whoever met one.
    """
    with mail.store.read() as session:
        if odd := unreadable(session):
            raise Disagreement(f"holds what no mailer wrote: {odd}.", where=_DATABASE, todo=_TODO)


def _means(service: str, word: str) -> str:
    return meaning_of(service, word).value


def _chain(session: Session, head: str, progress: Progress) -> tuple[Verified, ListEvents, set[str]]:
    """The events themselves, and the mailings of which they tell. Raises as `verify`."""
    found, listed, subjects, met = Verified(), ListEvents(), set[str](), not head
    for event in check(all_events(session)):
        happened = said(event)
        listed.note(event, happened)
        found.adopted += _adopted(happened)
        if happened.kind in _OF_MAILINGS:
            subjects.add(event.subject)
        found.events += 1
        found.rehearsals += event.rehearsal
        found.head = event.hash
        met = met or event.hash == head
        if found.events % 5_000 == 0:
            progress("verifying", found.events, 0)
    if not met:
        raise Disagreement(
            f"the hash {head} is not in the chain: the paper was printed from another ledger.",
            where="--head",
            todo="Compare with the database's backups of that day.",
        )
    return found, listed, subjects


def _adopted(happened: object) -> int:
    match happened:
        case PiecesAdopted():
            return sum(last - first + 1 for first, last in spans(happened.pieces))
        case TermsRecorded(adopted=True) | RatesRecorded(adopted=True):
            return len(happened.bound)
    return 0
