"""Importing a client list: one transaction, so that an interrupted import leaves the list as it was.

Good rows go in, others are refused with their number and the reason. The same file twice changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar
from uuid import UUID

from mailer.clients.cells import Remark
from mailer.clients.columns import Column
from mailer.clients.noticedrises import read_noticed
from mailer.clients.reading import ClientList, open_list
from mailer.clients.row import ListRow, Refusal
from mailer.clients.rowdigest import UnreadRow
from mailer.errors import UsageProblem
from mailer.judgement.docket import Docket
from mailer.judgement.history import Question
from mailer.ledger.clientevents import ClientsImported
from mailer.ledger.kinds import Medium
from mailer.mailservice.registry import address_limits
from mailer.notice.problems import RuleProblem
from mailer.notice.terms import contract_rule
from mailer.notice.words import plural
from mailer.planning.mailfolder import MailFolder
from mailer.planning.question import question_on
from mailer.progress import Progress, silent
from mailer.spool import Spool
from mailer.store.accounts import noticed_rates, permitted
from mailer.store.engine import Session
from mailer.store.listed.absent import end, names
from mailer.store.listed.clientlist import Listing
from mailer.store.listed.listedrates import Rates
from mailer.store.listed.listedterms import ListedTerms
from mailer.store.listed.members import former_terms
from mailer.store.pieces import sent_to
from mailer.store.record.events import Entry, record
from mailer.store.record.moves import moved

_AT_ONCE: Final = 5_000
_SHOWN: Final = 1_000  # of each kind of what the report says of single rows
_Thing = TypeVar("_Thing")


class Reported(list[_Thing]):
    """The first of what is to be reported, and how many `more` there were."""

    more = 0

    def take(self, things: Sequence[_Thing]) -> None:
        room = _SHOWN - len(self)
        self.extend(things[:room])
        self.more += max(0, len(things) - room)

    @property
    def total(self) -> int:
        return len(self) + self.more


@dataclass(slots=True)
class Import:
    """What an import did. `repairs` are (row number, name, what was mended), `remarks` the same of what a
    person should look at, `kept` (row number, name) of clients whose address was corrected by hand: the
    file's older one is not brought back. `waiting` are like `remarks` those whose changed terms were not
    taken: a day must be named. `unused` are the notices given elsewhere that no rise was found for. `missing`
    are the active clients who stand in no row, ended where `ended` says so.
    """

    form: str
    columns: tuple[Column, ...]
    total: int
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    raised: int = 0
    repairs: Reported[tuple[int, str, str]] = field(default_factory=Reported)
    remarks: Reported[tuple[int, str, str]] = field(default_factory=Reported)
    refused: Reported[Refusal] = field(default_factory=Reported)
    kept: Reported[tuple[int, str]] = field(default_factory=Reported)
    waiting: Reported[tuple[int, str, str]] = field(default_factory=Reported)
    reasons: dict[str, None] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    missing: Reported[str] = field(default_factory=Reported)
    ended: bool = False

    @property
    def whole(self) -> bool:
        """Whether all was taken."""
        return not self.refused and not self.waiting


@dataclass(frozen=True, slots=True)
class Choices:
    """The options of `mailer clients import`."""

    maps: Sequence[str] = ()
    sets: Sequence[str] = ()
    noticed_elsewhere: Sequence[str] = ()
    all_rises: str = ""
    count: int | None = None
    rates_from: date | None = None
    terms_from: date | None = None
    last_raised: date | None = None
    encoding: str = ""
    end_missing: bool = False  # end the active clients who stand in no row
    dry_run: bool = False  # say what it would change, and change nothing


class _OnlyLooked(Exception):
    pass


_REASONS: Final = 20  # how notice was given, in the ledger; each rate has its own with it


def check_term(term: str) -> None:
    """Raises ValueError where a contract's notice term cannot be understood."""
    try:
        contract_rule(term)
    except RuleProblem as problem:
        raise ValueError(problem.what) from None


def import_clients(
    mail: MailFolder, path: Path, choices: Choices, *, actor: str, progress: Progress = silent
) -> Import:
    """Bring the client list up to what the file at `path` says.

    Raises ListProblem or UsageProblem, and imports nothing, where the file or the options can't be used.
    """
    elsewhere = read_noticed(choices.noticed_elsewhere, choices.all_rises, choices.count)
    listed = open_list(
        path,
        today=mail.today,
        check_term=check_term,
        limits=address_limits(),
        maps=choices.maps,
        sets=choices.sets,
        encoding=choices.encoding,
    )
    result = Import(listed.form, listed.columns, listed.total)
    done = 0
    stamp = mail.stamp(actor)
    with suppress(_OnlyLooked), mail.store.write() as session:
        question = question_on(mail, mail.today)
        docket_on = cache(lambda day: Docket(replace(question, worked_on=day)))
        on_their_day = replace(question, worked_on=choices.rates_from or mail.today)
        rates = Rates(
            on_their_day.worked_on,
            lambda ids: noticed_rates(session, ids, docket_on(mail.today)),
            lambda ids: _waiting(session, ids, question, docket_on),
            lambda rising: permitted(session, rising, on_their_day),
            elsewhere,
        )
        terms = ListedTerms(
            mail.today,
            lambda ids: _effective(session, ids, question),
            lambda ids: former_terms(session, ids),
            choices.terms_from,
            choices.last_raised,
        )
        listing = Listing(session, listed.given, rates, terms, stamp)
        for part in _in_parts(listed.unread()):
            unlike = listing.unlike(part)
            result.unchanged += len(part) - len(unlike)
            rows = _read(listed, unlike, result)
            written, refused = listing.put(rows)
            result.added += written.added
            result.updated += written.updated
            result.unchanged += written.unchanged
            result.raised += written.raised
            result.kept.take(written.kept)
            result.waiting.take(written.waiting)
            result.reasons |= written.reasons
            result.remarks.take(written.remarks)
            result.refused.take(refused)
            done += len(part)
            progress("importing", done, listed.total)
        elsewhere.check_count(result.raised)
        gone = Spool(listing.absent())
        result.missing.take(names(session, list(islice(gone, _SHOWN))))
        result.missing.more = len(gone) - len(result.missing)
        if choices.end_missing:
            _require_all_read(path, result)
            end(session, gone, listing.before, stamp)
            result.ended = len(gone) > 0
        if choices.dry_run:
            raise _OnlyLooked
        if result.added or result.updated or result.ended:
            record(session, [_entry(path, result)], stamp)
    result.unused = elsewhere.unused
    return result


def _require_all_read(path: Path, result: Import) -> None:
    """Raises UsageProblem where a client may seem missing whose row was only not understood."""
    rejected = result.refused.total
    if rejected or not (result.added or result.updated or result.unchanged):
        what = f"{plural(rejected, 'row')} rejected" if rejected else "no row"
        raise UsageProblem(
            f"{what}: who is missing from the list can't be told, so nobody was ended.",
            where=str(path),
            todo="Import it without --end-missing, mend the rows, import it again. Nothing was changed.",
        )


def _waiting(
    session: Session, ids: Sequence[UUID], question: Question, docket_on: Callable[[date], Docket]
) -> dict[UUID, dict[tuple[str, Decimal], date]]:
    """The rates that count from a later day on, by a notice that holds for it so far, and that day."""
    letters = [
        piece
        for sent in sent_to(session, ids, medium=Medium.LETTER).values()
        for piece in sent
        if piece.counts_on and piece.facts.rates
    ]
    moves = moved(session, {piece.campaign for piece in letters})
    days = {question.effective(piece, moves.get(piece.campaign)) for piece in letters}
    days |= {
        piece.facts.effective for piece in letters if piece.facts.effective
    }  # a lower rate keeps its day
    found: dict[UUID, dict[tuple[str, Decimal], date]] = {}
    for day in sorted(day for day in days if day > question.worked_on):
        for client, rates in noticed_rates(session, ids, docket_on(day)).items():
            for service, amount in rates.items():
                found.setdefault(client, {}).setdefault((service, amount), day)
    return found


def _effective(session: Session, ids: Sequence[UUID], question: Question) -> dict[UUID, date]:
    """The last day on which a mailed letter with rates takes effect, of the clients who got such a letter:
    whatever its verdict, which other terms may turn (mailer.store.listed.listedterms).
    """
    sent = sent_to(session, ids, medium=Medium.LETTER, mailed=True)
    moves = moved(session, {piece.campaign for pieces in sent.values() for piece in pieces})
    found: dict[UUID, date] = {}
    for client, pieces in sent.items():
        days = [
            question.effective(piece, moves.get(piece.campaign))
            for piece in pieces
            if piece.facts.rates and (question.rehearsal or not piece.rehearsed)
        ]
        if days:
            found[client] = max(days)
    return found


def _read(listed: ClientList, part: Iterable[UnreadRow], result: Import) -> list[ListRow]:
    """What these rows say, of those that are understood."""
    good: list[ListRow] = []
    for each in part:
        row = listed.read(each)
        if row is None:
            continue
        if isinstance(row, Refusal):
            result.refused.take([row])
            continue
        good.append(row)
        for repair in row.repairs:
            into = result.remarks if isinstance(repair, Remark) else result.repairs
            into.take([(row.row, row.name, repair)])
    return good


def _in_parts(rows: Iterator[UnreadRow]) -> Iterator[list[UnreadRow]]:
    while part := list(islice(rows, _AT_ONCE)):
        yield part


def _entry(path: Path, result: Import) -> Entry:
    with path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    imported = ClientsImported(
        content,
        result.added,
        result.updated,
        result.unchanged,
        result.refused.total,
        result.raised,
        _reasons(result),
        result.missing.total if result.ended else 0,
    )
    return Entry("clients", imported)


def _reasons(result: Import) -> str:
    """How notice of the raised rates was given, each reason once."""
    said = list(result.reasons)
    more = f"; and {len(said) - _REASONS} more" if len(said) > _REASONS else ""
    return "; ".join(said[:_REASONS]) + more
