"""Preparing: every piece rendered, cut, hashed and stored, a chunk at a time, so that it can be interrupted.

A piece that was prepared or approved and would be printed the same today is kept; one whose client or
inputs changed is voided and made anew under a new number, in one transaction. Nothing that was printed
or mailed is ever touched.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from mailer.campaign.loading import Campaign
from mailer.errors import Refused
from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.events import PiecePrepared, PiecesVoided
from mailer.ledger.kinds import OPEN, Medium, Status
from mailer.ledger.numbers import ranges
from mailer.ledger.salt import salted
from mailer.planning.mailfolder import MailFolder
from mailer.store.events import Entry, Stamp, record
from mailer.store.pieces import mailing_of, sent_to
from mailer.store.tables import MailingRow, PieceClientRow, PieceRow


@dataclass(frozen=True, slots=True)
class Wanted:
    """A piece as it should be: for whom, where to, and the digest of all that is printed on it.

    `address` is `recipient` in its parts (clients.addresses.parts).
    """

    clients: tuple[UUID, ...]
    recipient: tuple[str, ...]
    address: dict[str, str]
    facts: dict[str, Any]
    digest: str
    content: object  # what the renderer needs


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where a wanted piece was rendered: a stored file, its pages, and the hash of their single cut."""

    file: str
    first: int
    last: int
    sha256: str


@dataclass(slots=True)
class PiecesPrepared:
    """What preparing came to. `outdated` were printed, sent or mailed before a change."""

    mailing_id: UUID
    made: int = 0
    kept: int = 0
    voided: int = 0
    outdated: list[ClientPiece] = field(default_factory=list)


def begin(mail: MailFolder, campaign: Campaign, medium: Medium, inputs: str) -> tuple[UUID, date]:
    """The campaign's mailing and the day its documents are dated, kept while the inputs stay the same."""
    with mail.store.write() as session:
        mailing = mailing_of(session, campaign.name)
        if mailing is None:
            mailing = MailingRow(
                id=uuid7(),
                campaign=campaign.name,
                medium=medium,
                subject=subject_of(campaign.name, medium),
                next_number=1,
            )
            session.add(mailing)
        if mailing.medium != medium:
            raise Refused(
                f"was a {mailing.medium} when it was prepared; its kind can't change now.",
                where=campaign.path,
                todo="Give the new campaign another name.",
            )
        if mailing.inputs_digest != inputs or mailing.dated is None:
            mailing.inputs_digest = inputs
            mailing.dated = campaign.definition.letter.date or mail.today
        return mailing.id, mailing.dated


def subject_of(campaign: str, medium: Medium) -> str:
    """How events name a mailing."""
    return f"{campaign}/{medium.value}"


class Preparation:
    """One run over a mailing's wanted pieces."""

    def __init__(self, mail: MailFolder, mailing_id: UUID, subject: str, stamp: Stamp) -> None:
        self.result = PiecesPrepared(mailing_id)
        self._mail = mail
        self._subject = subject
        self._stamp = stamp
        self._seen: set[int] = set()

    def missing(self, session: Session, wanted: Sequence[Wanted]) -> list[tuple[Wanted, list[ClientPiece]]]:
        """The wanted pieces that must be made, each with the open pieces it takes the place of."""
        ids = [client for piece in wanted for client in piece.clients]
        live = sent_to(session, ids, PieceRow.mailing_id == self.result.mailing_id)
        to_make = []
        for piece in wanted:
            existing = {sent.number: sent for client in piece.clients for sent in live.get(client, ())}
            self._seen |= existing.keys()
            gone = [sent for sent in existing.values() if sent.status not in OPEN]
            same = [sent for sent in existing.values() if sent.recipient_digest == piece.digest]
            if gone:
                self.result.outdated += [sent for sent in gone if sent.recipient_digest != piece.digest]
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
            mailing = session.get_one(MailingRow, self.result.mailing_id)
            pieces = self._still_wanted(session, pieces)
            replaced = sorted({sent.number for _, old, _ in pieces for sent in old})
            entries: list[Entry] = []
            if replaced:
                entries.append(self._void(replaced, "the client or the inputs changed"))
            number = mailing.next_number
            rows, covers = [], []
            for wanted, _, sheet in pieces:
                piece_id, salt = uuid7(), secrets.token_hex(16)
                rows.append(_row(piece_id, mailing.id, number, salt, wanted, sheet))
                covers += [{"piece_id": piece_id, "client_id": client} for client in wanted.clients]
                entries.append(_prepared(self._subject, number, salt, wanted, sheet))
                self._seen.add(number)
                number += 1
            if rows:
                session.execute(insert(PieceRow), rows)
                session.execute(insert(PieceClientRow), covers)
            mailing.next_number = number
            session.flush()
            record(session, entries, self._stamp)
        self.result.made += len(pieces)
        self.result.voided += len(replaced)

    def _still_wanted(
        self, session: Session, pieces: list[tuple[Wanted, list[ClientPiece], Sheet]]
    ) -> list[tuple[Wanted, list[ClientPiece], Sheet]]:
        """Without those that another command made while these were being rendered."""
        ids = [client for wanted, _, _ in pieces for client in wanted.clients]
        live = sent_to(session, ids, PieceRow.mailing_id == self.result.mailing_id)
        still = []
        for wanted, old, sheet in pieces:
            now = {sent.number: sent.status for client in wanted.clients for sent in live.get(client, ())}
            if now == {sent.number: sent.status for sent in old}:
                still.append((wanted, old, sheet))
            else:
                self._seen |= now.keys()
                self.result.kept += 1
        return still

    def void_the_rest(self) -> None:
        """Void open pieces of clients who are not in the audience any more."""
        with self._mail.store.write() as session:
            statement = select(PieceRow.number).where(
                PieceRow.mailing_id == self.result.mailing_id, PieceRow.status.in_([s.value for s in OPEN])
            )
            rest = [n for n in session.execute(statement).scalars() if n not in self._seen]
            if rest:
                record(session, [self._void(rest, "the client is not in the audience any more")], self._stamp)
        self.result.voided += len(rest)

    def _void(self, numbers: Sequence[int], reason: str) -> Entry:
        return Entry(self._subject, PiecesVoided(ranges(numbers), reason))


def _row(
    piece_id: UUID, mailing_id: UUID, number: int, salt: str, wanted: Wanted, sheet: Sheet
) -> dict[str, Any]:
    return {
        "id": piece_id,
        "mailing_id": mailing_id,
        "number": number,
        "status": Status.PREPARED.value,
        "recipient_name": wanted.recipient[0],
        "recipient": list(wanted.recipient),
        "zip": wanted.address["zip"],
        "address": wanted.address,
        "salt": salt,
        "facts": wanted.facts,
        "recipient_digest": wanted.digest,
        "file": sheet.file,
        "first_page": sheet.first,
        "last_page": sheet.last,
        "sha256": sheet.sha256,
    }


def _prepared(subject: str, number: int, salt: str, wanted: Wanted, sheet: Sheet) -> Entry:
    """No personal data: only hashes that can't be guessed without the piece's salt."""
    clients = ",".join(sorted(str(client) for client in wanted.clients))
    address = salted(salt, "\n".join(wanted.recipient))
    return Entry(subject, PiecePrepared(str(number), sheet.sha256, salted(salt, clients), address))
