"""`mailer settle`: what an older copy of the database does not know is found out before anything goes again.

Every mail service is asked for its letters since the copy was made. A letter that is a piece here is recorded
as accepted. One that is none (its piece was approved later) is kept in a list that print and send compare
their pieces with (mailer.making.gonebefore). What the print room could have made nobody can be asked for: the
user says, campaign by campaign, whether it was printed. Until all is said nothing is recorded at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from mailer.clock import VARIABLE
from mailer.errors import Refused, ServiceTrouble, UsageProblem
from mailer.ledger.copyevents import LedgerSettled
from mailer.ledger.kinds import Status
from mailer.mailservice.registry import SERVICES, provider, title_of
from mailer.mailservice.service import Service, ServiceLetter, why
from mailer.notice.words import plural
from mailer.planning.mailfolder import MailFolder
from mailer.printroom.job import put_printed_on_record
from mailer.progress import Progress, silent
from mailer.standing.lostjournal import journal_of, record_lost
from mailer.standing.takenletters import TakenLetters, record_taken
from mailer.store.commandlock import alone
from mailer.store.copies.aftercopy import (
    AsCopied,
    as_copied,
    could_be_printed,
    last_account,
)
from mailer.store.copies.ledgerhead import SETTLE, SUBJECT, Lost
from mailer.store.engine import Session
from mailer.store.record.events import Entry, record

LOCK: Final = ".settling.lock"
SLACK: Final = 86_400  # seconds: clocks differ
_AT_ONCE: Final = 5_000  # letters that are looked up at once
_FREE: Final = frozenset({Status.APPROVED, Status.PRODUCED})
_ASKED: Final = frozenset({Status.SUBMITTING, Status.UNKNOWN})
_TRIED: Final = frozenset({Status.ACCEPTED, Status.REJECTED, Status.CANCELLED})  # with a test key alone


@dataclass(frozen=True, slots=True)
class SinceCopied:
    """What the user says: campaigns that were printed here since, and that were not; services by which
    nothing was sent for real, and those whose journal is lost. `same_account`: the key is a new one of the
    account used before.
    """

    printed: frozenset[str] = frozenset()
    not_printed: frozenset[str] = frozenset()
    not_by: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()
    same_account: bool = False


@dataclass(slots=True)
class SettledCopy:
    """What was found out. `found` are the pieces that a service has, by campaign, `doubtful` those that may
    have gone; `strangers` letters that are no pieces here; `to_drop` the campaigns whose hand-over is to be
    recorded.
    """

    found: dict[str, int] = field(default_factory=dict)
    doubtful: Counter[str] = field(default_factory=Counter)
    strangers: list[ServiceLetter] = field(default_factory=list)
    to_drop: list[str] = field(default_factory=list)


def settle_copy(mail: MailFolder, words: SinceCopied, *, by: str, progress: Progress = silent) -> SettledCopy:
    """Find out what went since the copy was made, and record it; nothing where something is left to be said.

    Raises Refused where the database is no older copy, or naming what is to be said; ServiceTrouble where a
    service can't be asked.
    """
    older = mail.store.older_copy()
    if older is None:
        raise Refused(
            "this database is the one that was written last.", todo="Nothing is to be settled: go on."
        )
    both = words.printed & words.not_printed
    if both:
        raise UsageProblem(f"{min(both)} can't be both printed and not.", todo="Say one of them.")
    if odd := words.lost & words.not_by:
        raise UsageProblem(f"{min(odd)} is both --lost and --not-by.", todo="Say one of them.")
    for name in words.lost:
        journal_of(name)
    with alone(mail.root, LOCK, "settling"):
        return _settled(mail, older, words, by, progress)


def _settled(mail: MailFolder, older: Lost, words: SinceCopied, by: str, progress: Progress) -> SettledCopy:
    usable = [
        name for name in SERVICES if name in mail.settings.services_used or not provider(name).needs_table
    ]
    silent_ = words.not_by | words.lost
    taken = [_asked(mail, name, older, words) for name in sorted(usable) if name not in silent_]
    lost = [_live(mail, name, replace(words, same_account=True)) for name in sorted(words.lost)]
    _require_said(mail, words, taken)
    for one in taken:
        one.strangers.sort(key=lambda letter: (letter.label, letter.created))
    settling = replace(mail, store=replace(mail.store, settling=True))
    done = SettledCopy(to_drop=sorted(words.printed))
    for one in taken:
        for name, count in record_taken(settling, one, by).items():
            done.found[name] = done.found.get(name, 0) + count
        done.strangers += one.strangers
    for service in lost:
        done.doubtful += record_lost(settling, service, words.printed, by)
    for name in done.to_drop:
        put_printed_on_record(settling, name, by=by, progress=progress)
    with settling.store.write() as session:
        mark = older.mark
        settled = LedgerSettled(
            seq=mark.seq if mark else 0,
            hash=mark.hash if mark else "",
            services=", ".join(one.service.name for one in taken),
            not_by=", ".join(sorted(words.not_by)),
            printed=", ".join(sorted(words.printed)),
            not_printed=", ".join(sorted(words.not_printed)),
            lost=", ".join(sorted(words.lost)),
        )
        record(session, [Entry(SUBJECT, settled)], mail.stamp(by))
    return done


def _asked(mail: MailFolder, name: str, older: Lost, words: SinceCopied) -> TakenLetters:
    """The service's letters since then, beside the pieces that they are."""
    service = _live(mail, name, words)
    since = _with_slack(older)
    listed = service.listed(since)
    if not isinstance(listed, tuple):
        raise ServiceTrouble(
            f"{why(listed)}.", where=title_of(name), todo=f"Nothing was recorded. Run it again:  {SETTLE}"
        )
    taken = TakenLetters(service)
    with mail.store.read() as session:
        for at in range(0, len(listed), _AT_ONCE):
            _sort_out(session, listed[at : at + _AT_ONCE], taken)
    return taken


def _live(mail: MailFolder, name: str, words: SinceCopied) -> Service:
    """The service, under the key and the account that can tell."""
    known, title = provider(name), title_of(name)
    never = f"If nothing was ever sent for real by {title} since then, say  --not-by {name}"
    if not known.has_key(mail):
        raise Refused(
            f"{title} can't be asked for its letters without a key.", where=title, todo=f"Give it. {never}"
        )
    service = known.connect(mail)
    if not service.live:
        raise Refused(
            f"the key for {title} is a test key, and tells nothing of real letters.",
            where=title,
            todo=f"Give the live key. {never}",
        )
    if mail.clock.rehearsal:
        raise Refused(
            "a rehearsal can't record what really went.", where=VARIABLE, todo=f"Unset it, then  {SETTLE}"
        )
    with mail.store.read() as session:
        before = last_account(session, name)
    if before not in (None, service.account) and not words.same_account:
        raise Refused(
            f"the key is of another account than {title} was asked under last.",
            where=title,
            todo="Give a key of that account. If it is a new key of the same one, say  --same-account",
        )
    return service


def _with_slack(older: Lost) -> datetime | None:
    if older.last is None:
        return None
    return datetime.fromtimestamp(older.last.recorded_at.timestamp() - SLACK, UTC)


def _sort_out(session: Session, listed: Sequence[ServiceLetter], taken: TakenLetters) -> None:
    """Which letter is a piece here that is to be recorded, which is on record, and which is a stranger."""
    ids = {one: id_ for one in listed if (id_ := _piece_of(one)) is not None}
    known = {at.piece.id: at for at in as_copied(session, set(ids.values()))}
    met = {at.piece.id for at, _ in taken.pieces}
    # one that will be mailed counts before one that was cancelled
    for one in sorted(listed, key=lambda one: one.cancelled):
        at = known.get(ids[one]) if one in ids else None
        if at is not None and at.submission and at.submission.provider_id == one.accepted.provider_id:
            continue
        if at is not None and at.piece.id not in met and _may_have_gone(at):
            met.add(at.piece.id)
            taken.pieces.append((at, one))
        elif not one.cancelled:
            taken.strangers.append(one)


def _piece_of(one: ServiceLetter) -> UUID | None:
    """Our send key is the piece's own id."""
    try:
        return UUID(hex=one.send_key)
    except ValueError:
        return None


def _may_have_gone(at: AsCopied) -> bool:
    tried = at.submission is not None and not at.submission.live
    return at.piece.status in _FREE | _ASKED or (tried and at.piece.status in _TRIED)


def _require_said(mail: MailFolder, words: SinceCopied, taken: Sequence[TakenLetters]) -> None:
    """Raises Refused, naming the campaigns of which the user must say whether they were printed."""
    gone = {at.piece.id for one in taken for at, _ in one.pieces}
    left: dict[str, int] = {}
    with mail.store.read() as session:
        for campaign, piece in could_be_printed(session):
            if piece not in gone:
                left[campaign] = left.get(campaign, 0) + 1
    unknown = (words.printed | words.not_printed) - set(left)
    if unknown:
        raise Refused(
            "no piece of it could have been printed since: none is approved, or a service has them all.",
            where=min(unknown),
            todo="Leave it out; nothing was recorded.",
        )
    unsaid = [name for name in left if name not in words.printed | words.not_printed]
    if unsaid:
        lines = "\n  ".join(
            f"{name}: {plural(left[name], 'piece')}. Say  --not-printed {name}  or  --printed {name}"
            for name in unsaid
        )
        raise Refused(
            "nobody can be asked whether these were printed and handed over since; nothing was recorded.",
            todo=lines,
        )
