"""`mailer ledger verify`: is the chain unbroken, and does the database say what the events say?"""

from __future__ import annotations

from dataclasses import dataclass

from mailer.errors import MailerError
from mailer.ledger.chain import check
from mailer.ledger.fold import Statuses, apply
from mailer.ledger.kinds import Status
from mailer.ledger.numbers import label
from mailer.planning.mailfolder import MailFolder
from mailer.progress import Progress, silent
from mailer.store.events import all_events
from mailer.store.pieces import stored_statuses


@dataclass(frozen=True, slots=True)
class Verified:
    """The ledger as it was found: how many events and pieces, its head, and whether any was a rehearsal's."""

    events: int
    pieces: int
    head: str
    rehearsals: int


class Disagreement(MailerError):
    """A stored status is not what the events say."""


def verify(mail: MailFolder, *, head: str = "", progress: Progress = silent) -> Verified:
    """Refold every event and compare. `head` is a hash from a signed paper, which must be in the chain.

    Raises ChainBroken, IllegalTransition or Disagreement at the first thing that is wrong.
    """
    statuses: Statuses = {}
    events, rehearsals, last, met = 0, 0, "", not head
    with mail.store.read() as session:
        for event in check(all_events(session)):
            apply(statuses, event)
            events += 1
            rehearsals += event.rehearsal
            last = event.hash
            met = met or last == head
            if events % 5_000 == 0:
                progress("verifying", events, 0)
        if not met:
            raise Disagreement(
                f"the hash {head} is not in the chain: the paper was printed from another ledger.",
                where="--head",
                todo="Compare with the database's backups of that day.",
            )
        pieces = 0
        for subject, campaign, medium, number, status in stored_statuses(session):
            expected = statuses.get(subject, {}).pop(number, None)
            pieces += 1
            if expected is None or expected is not status:
                name = label(campaign, medium.initial, number)
                raise _disagreement(name, status, expected)
    for subject, left in statuses.items():
        for number, expected in left.items():
            raise _disagreement(f"{subject} piece {number}", "missing", expected)
    return Verified(events, pieces, last, rehearsals)


def _disagreement(name: str, stored: str, expected: Status | None) -> Disagreement:
    return Disagreement(
        f"the database says {stored}, the events say {expected.value if expected else 'nothing'}.",
        where=name,
        todo="The database was changed by something other than mailer: restore a backup.",
    )
