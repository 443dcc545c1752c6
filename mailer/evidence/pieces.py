"""The pieces of a mailing as evidence needs them, their exact documents, and what their addresses say.

Page numbers are 1-based and inclusive. A document is taken from the stored file that was approved and must
hash to what was recorded; nothing is rendered again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Final
from uuid import UUID

from mailer.clients.addresses import block
from mailer.clients.record import Client
from mailer.errors import MailerError
from mailer.ledger.kinds import ENDED, ReturnReason, Status
from mailer.ledger.records import Mailing
from mailer.ledger.stated import Stated
from mailer.pages.pagehash import own_pages
from mailer.store.engine import Session
from mailer.store.files import Files
from mailer.store.listed.clients import by_ids
from mailer.store.record.binding import with_clients

_PLACE: Final = re.compile(r"(.+?),? ([A-Z]{2}) ([0-9]{5}(?:-[0-9]{4})?)")
_CHUNK: Final = 1_000


@dataclass(frozen=True, slots=True)
class ProvedPiece:
    """One piece. `name`, `lines` (its address as printed), `zip` and `address` are of its recipient, frozen;
    `salt` is "" once that was forgotten, `digest` that of all that it prints.

    `certified` is the post's number, "" where there is none; `again_of` the piece whose pages it repeats.
    """

    number: int
    label: str
    name: str
    lines: tuple[str, ...]
    zip: str
    address: dict[str, str] | None = field(hash=False)
    digest: str
    salt: str
    clients: tuple[UUID, ...]
    facts: Stated
    file: str
    first: int
    last: int
    sha256: str
    status: Status
    counts_on: date | None
    returned_on: date | None
    received_on: date | None
    return_reason: ReturnReason | None
    misaddressed_on: date | None
    certified: str
    again_of: int | None

    @property
    def email(self) -> str:
        """To which it went in place of the post."""
        return (self.address or {}).get("email", "")

    @property
    def pages(self) -> int:
        return self.last - self.first + 1

    @property
    def approved(self) -> bool:
        return self.status is not Status.PREPARED

    @property
    def mailed(self) -> bool:
        return self.counts_on is not None


@dataclass(slots=True)
class Survey:
    """What is said of many pieces together. `wanting` are those that are not as they should be: not mailed,
    come back, to a wrong address, forgotten.
    """

    statuses: Counter[str] = field(default_factory=Counter)
    deposits: set[date] = field(default_factory=set)
    stated: set[date] = field(default_factory=set)  # as the day from which their change is in effect
    files: dict[str, ProvedPiece] = field(
        default_factory=dict
    )  # the stored ones, and the first piece of each
    wanting: list[ProvedPiece] = field(default_factory=list)

    def add(self, piece: ProvedPiece) -> None:
        self.statuses[piece.status.value] += 1
        if piece.counts_on:
            self.deposits.add(piece.counts_on)
        if piece.facts.effective:
            self.stated.add(piece.facts.effective)
        if piece.approved and piece.file not in self.files:
            self.files[piece.file] = piece
        if not piece.mailed or piece.status is Status.RETURNED or piece.misaddressed_on or not piece.salt:
            self.wanting.append(piece)


def survey(pieces: Iterable[ProvedPiece]) -> Survey:
    """That of all of them."""
    found = Survey()
    for piece in pieces:
        found.add(piece)
    return found


def pieces_of(session: Session, mailing: Mailing) -> Iterator[ProvedPiece]:
    """The live pieces of a mailing in the order of their numbers, read as a stream."""
    return _pieces(session, mailing, frozenset(Status) - ENDED)


def ended_of(session: Session, mailing: Mailing) -> Iterator[ProvedPiece]:
    """Those that were refused, cancelled or void, and so were never mailed; in the same way."""
    return _pieces(session, mailing, ENDED)


def _pieces(session: Session, mailing: Mailing, statuses: Collection[Status]) -> Iterator[ProvedPiece]:
    """Of what many share there is one."""
    same: dict[str, str] = {}
    return (
        ProvedPiece(
            piece.number,
            mailing.label(piece.number),
            piece.recipient_name,
            piece.recipient,
            same.setdefault(piece.zip, piece.zip),
            piece.address,
            piece.recipient_digest,
            piece.salt,
            clients,
            piece.facts,
            same.setdefault(piece.file, piece.file),
            piece.first_page,
            piece.last_page,
            piece.sha256,
            piece.status,
            piece.counts_on,
            piece.returned_on,
            piece.received_on,
            piece.return_reason,
            piece.misaddressed_on,
            piece.certified or "",
            piece.again_of,
        )
        for piece, clients in with_clients(session, mailing, statuses=statuses)
    )


def approved_file(files: Files, piece: ProvedPiece) -> bytes:
    """The stored file that holds the piece. Raises MailerError where it is missing or was changed."""
    try:
        return files.get(piece.file)
    except MailerError as error:
        raise MailerError(
            f"the approved pages of {piece.label} are missing or were changed: {error.what}",
            where=error.where,
            todo="Restore files/ from a backup; without them the letters can't be proved.",
        ) from None


def document(files: Files, piece: ProvedPiece) -> bytes:
    """The piece's own PDF. Raises MailerError as above, and where its pages are not those of its hash."""
    whole = approved_file(files, piece)
    if piece.sha256 == piece.file:
        return whole
    own = next(own_pages(whole, [(piece.first, piece.last, piece.sha256)]))
    if own is None:
        raise MailerError(
            f"the pages of {piece.label} do not come out as those that were approved: the program that reads "
            "them (pikepdf) is another version.",
            where=piece.label,
            todo="Install the version of mailer that approved it, or leave pieces out: --no-pieces.",
        )
    return own


def with_lead(session: Session, proved: Iterable[ProvedPiece]) -> Iterator[tuple[ProvedPiece, Client | None]]:
    """Each piece with the first client whom it is for, as the list knows it now; read a part at a time."""
    rest = iter(proved)
    while part := list(islice(rest, _CHUNK)):
        lead = by_ids(session, [piece.clients[0] for piece in part if piece.clients])
        yield from ((piece, lead.get(piece.clients[0]) if piece.clients else None) for piece in part)


def name_lines(piece: ProvedPiece, client: Client | None) -> int:
    """How many of the address lines name people: the company, and "Attn: …" below it."""
    if client is not None:
        attention = client.contact if client.company else ""
        for address in (client.notice_goes_to, client.address):
            lines = block(client.name, attention, address)
            if lines == piece.lines:
                return len(lines) - len(block("x", "", address)) + 1
    return 2 if len(piece.lines) > 2 and piece.lines[1].startswith("Attn: ") else 1


def place_of(piece: ProvedPiece) -> tuple[str, str, str]:
    """City, state and ZIP code of the address as printed. Abroad the country stands with the city."""
    if not piece.lines:  # forgotten
        return "", "", ""
    match = _PLACE.fullmatch(piece.lines[-1])
    if match:
        return match[1], match[2], match[3]
    return ", ".join(piece.lines[-2:]), "", piece.zip
