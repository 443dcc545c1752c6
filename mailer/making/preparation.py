"""Preparing: every piece rendered, cut, hashed and stored, a chunk at a time, so that it can be interrupted.

A piece that was prepared or approved and would be printed the same today is kept; one whose client or
inputs changed is voided and made anew under a new number, in one transaction. Nothing that was printed
or mailed is ever touched.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from uuid import UUID

from uuid_utils.compat import uuid7

from mailer.campaign.loading import Campaign
from mailer.errors import Refused
from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.events import MailingBegun, PiecesPrepared, PiecesVoided
from mailer.ledger.kinds import OPEN, Medium, Status
from mailer.ledger.leaves import leaves_of
from mailer.ledger.numbers import ranges
from mailer.ledger.records import Mailing, Piece
from mailer.ledger.stated import Stated
from mailer.planning.mailfolder import MailFolder
from mailer.store.engine import Session
from mailer.store.mailings import add_mailing, mailing_by_id, mailing_named, take_numbers
from mailer.store.pieces import add_pieces, piece_numbers, sent_to
from mailer.store.record.events import Entry, Stamp, record


@dataclass(frozen=True, slots=True)
class Wanted:
    """A piece as it should be: for whom, where to, and the digest of all that is printed on it.

    `address` is `recipient` in its parts (clients.addresses.parts).
    """

    clients: tuple[UUID, ...]
    recipient: tuple[str, ...]
    address: dict[str, str]
    facts: Stated
    digest: str
    content: object  # what the renderer needs


def in_parts(pieces: Iterator[Wanted], size: int = 1_000) -> Iterator[list[Wanted]]:
    """The pieces in order, `size` at a time."""
    while part := list(islice(pieces, size)):
        yield part


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where a wanted piece was rendered: a stored file, its pages, and their hash (mailer.pages.pagehash)."""

    file: str
    first: int
    last: int
    sha256: str


@dataclass(slots=True)
class PreparedSoFar:
    """What preparing came to. `outdated` were printed, sent or mailed before a change."""

    mailing: Mailing
    made: int = 0
    kept: int = 0
    voided: int = 0
    outdated: list[ClientPiece] = field(default_factory=list)


def day_of(mail: MailFolder, campaign: Campaign, inputs: str) -> date:
    """The day that its documents are dated, kept while the inputs stay the same."""
    with mail.store.read() as session:
        mailing = mailing_named(session, campaign.name)
    if mailing is not None and mailing.inputs_digest == inputs and mailing.dated is not None:
        return mailing.dated
    return campaign.definition.letter.date or mail.today


def begin(
    mail: MailFolder, campaign: Campaign, medium: Medium, inputs: str, dated: date, stamp: Stamp
) -> Mailing:
    """The campaign's mailing, its documents dated so (`day_of`)."""
    with mail.store.write() as session:
        mailing = mailing_named(session, campaign.name)
        if mailing is None:
            mailing = add_mailing(session, campaign.name, medium, f"{campaign.name}/{medium.value}")
        if mailing.medium != medium:
            raise Refused(
                f"was a {mailing.medium} when it was prepared; its kind can't change now.",
                where=campaign.path,
                todo="Give the new campaign another name.",
            )
        if (mailing.inputs_digest, mailing.dated) != (inputs, dated):
            record(session, [Entry(mailing.subject, MailingBegun(inputs, dated))], stamp)
            mailing = mailing_by_id(session, mailing.id)
        return mailing


def _states_the_same(sent: ClientPiece, piece: Wanted) -> bool:
    """Whether it is judged by the same rules: a contract's term may change, and no word of the letter. The
    closings stay those that were known.
    """
    return replace(sent.facts, closings=None) == replace(piece.facts, closings=None)


class Preparation:
    """One run over a mailing's wanted pieces."""

    def __init__(self, mail: MailFolder, mailing: Mailing, stamp: Stamp) -> None:
        self.result = PreparedSoFar(mailing)
        self._mail = mail
        self._mailing = mailing
        self._stamp = stamp
        self._seen: set[int] = set()

    def missing(
        self, session: Session, wanted: Sequence[Wanted], finished: Mapping[UUID, Sheet] | None = None
    ) -> list[tuple[Wanted, list[ClientPiece]]]:
        """The wanted pieces that must be made, each with the open pieces it takes the place of.

        `finished` are the pages that a person gives, by client: a piece of other pages is made anew.
        """
        live = self._live(session, wanted)
        to_make = []
        for piece in wanted:
            existing = {sent.number: sent for sent in _for_it(piece, live)}
            self._seen |= existing.keys()
            gone = [sent for sent in existing.values() if sent.status not in OPEN]
            as_wanted = [
                sent
                for sent in existing.values()
                if sent.recipient_digest == piece.digest
                and (not finished or finished[piece.clients[0]].sha256 == sent.sha256)
            ]
            same = [sent for sent in as_wanted if _states_the_same(sent, piece)]
            if gone:
                self.result.outdated += [sent for sent in gone if sent not in as_wanted]
                self.result.kept += 1
            elif same:
                self.result.kept += 1
            else:
                to_make.append((piece, list(existing.values())))
        return to_make

    def store(self, made: Iterable[tuple[Wanted, list[ClientPiece], Sheet]]) -> None:
        """Put pieces in, and void those they replace, in one transaction."""
        pieces = list(made)
        with self._mail.store.write() as session:
            pieces = self._still_wanted(session, pieces)
            replaced = sorted({sent.number for _, old, _ in pieces for sent in old})
            entries: list[Entry] = []
            if replaced:
                entries.append(self._void(replaced, "the client or the inputs changed"))
            numbers = take_numbers(session, self._mailing, len(pieces))
            new = [
                (piece_of(self._mailing, number, wanted, sheet), wanted.clients)
                for number, (wanted, _, sheet) in zip(numbers, pieces, strict=True)
            ]
            self._seen.update(numbers)
            add_pieces(session, new)
            if new:
                bound = {piece.number: leaves_of(piece, clients) for piece, clients in new}
                entries.append(Entry(self._mailing.subject, PiecesPrepared.of(bound)))
            record(session, entries, self._stamp)
        self.result.made += len(pieces)
        self.result.voided += len(replaced)

    def _still_wanted(
        self, session: Session, pieces: list[tuple[Wanted, list[ClientPiece], Sheet]]
    ) -> list[tuple[Wanted, list[ClientPiece], Sheet]]:
        """Without those that another command made while these were being rendered."""
        live = self._live(session, (wanted for wanted, _, _ in pieces))
        still = []
        for wanted, old, sheet in pieces:
            now = {sent.number: sent.status for sent in _for_it(wanted, live)}
            if now == {sent.number: sent.status for sent in old}:
                still.append((wanted, old, sheet))
            else:
                self._seen |= now.keys()
                self.result.kept += 1
        return still

    def _live(self, session: Session, wanted: Iterable[Wanted]) -> dict[UUID, list[ClientPiece]]:
        """What each client of these has of the mailing already."""
        ids = [client for piece in wanted for client in piece.clients]
        return sent_to(session, ids, mailing=self._mailing)

    def undo(self, reason: str) -> None:
        """Void what is prepared and not approved, and begin anew."""
        with self._mail.store.write() as session:
            prepared = piece_numbers(session, self._mailing, statuses=[Status.PREPARED])
            if prepared:
                record(session, [self._void(prepared, reason)], self._stamp)
        self.result = PreparedSoFar(self._mailing, voided=self.result.voided)
        self._seen = set()

    def void_the_rest(self) -> None:
        """Void open pieces of clients who are not in the audience any more."""
        with self._mail.store.write() as session:
            open_ = piece_numbers(session, self._mailing, statuses=OPEN)
            rest = [number for number in open_ if number not in self._seen]
            if rest:
                record(session, [self._void(rest, "the client is not in the audience any more")], self._stamp)
        self.result.voided += len(rest)

    def _void(self, numbers: Sequence[int], reason: str) -> Entry:
        return Entry(self._mailing.subject, PiecesVoided(ranges(numbers), reason))


def _for_it(wanted: Wanted, live: Mapping[UUID, Sequence[ClientPiece]]) -> Iterator[ClientPiece]:
    """What its clients have at that address: who gets two letters has one of each."""
    sent = (each for client in wanted.clients for each in live.get(client, ()))
    return (each for each in sent if each.facts.second == wanted.facts.second)


def piece_of(
    mailing: Mailing,
    number: int,
    wanted: Wanted,
    sheet: Sheet,
    *,
    status: Status = Status.PREPARED,
    again_of: int | None = None,
) -> Piece:
    """The piece that a wanted one becomes once it is rendered, with a salt of its own."""
    return Piece(
        id=uuid7(),
        mailing_id=mailing.id,
        number=number,
        status=status,
        recipient_name=wanted.recipient[0],
        recipient=wanted.recipient,
        zip=wanted.address["zip"],
        salt=secrets.token_hex(16),
        facts=wanted.facts,
        recipient_digest=wanted.digest,
        file=sheet.file,
        first_page=sheet.first,
        last_page=sheet.last,
        sha256=sheet.sha256,
        job_id=None,
        drop_id=None,
        counts_on=None,
        dropped_on=None,
        returned_on=None,
        received_on=None,
        delivered_on=None,
        rehearsed=False,
        address=wanted.address,
        certified=None,
        again_of=again_of,
    )
