"""Approved pieces as a mail service takes them: their own pages, compared with what was approved."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

from mailer.campaign.loading import Campaign
from mailer.errors import MailerError
from mailer.judgement.rules import goes_certified
from mailer.ledger.records import Mailing, Piece
from mailer.mailservice.provider import Terms
from mailer.mailservice.service import Consignment, PostalAddress
from mailer.pages.pagehash import own_pages
from mailer.planning.mailfolder import MailFolder
from mailer.planning.route import title_of


@dataclass(frozen=True, slots=True)
class Stamped:
    """One piece ready to go, and what it will cost in US dollars. `sha256` is the piece's hash, `sent` that
    of the bytes that go, "" where they are not here.
    """

    piece_id: UUID
    number: int
    sha256: str
    sent: str
    asked: Consignment
    cost: Decimal


class Packer:
    """Makes what is sent of the pieces of one mailing. `send_date`: the service keeps them until then."""

    def __init__(
        self,
        mail: MailFolder,
        campaign: Campaign,
        mailing: Mailing,
        terms: Terms,
        send_date: date | None,
    ) -> None:
        self._mail = mail
        self._campaign = campaign
        self._mailing = mailing
        self._letter = not mailing.is_newsletter
        self.terms = terms
        self._send_date = send_date
        self._whole: tuple[str, bytes] = ("", b"")  # the last file that is a piece as it is: a newsletter

    def unpaged(self, piece: Piece, address: dict[str, Any] | None = None) -> Stamped:
        """The piece without its pages, to be checked and priced. Its size is its file's, which is larger.

        `address` is where a copy of it would go, in place of its own.
        """
        size = self._mail.store.files.there(piece.file).stat().st_size
        return self._stamped(piece, b"", size, address or piece.address)

    def packed(self, pieces: Sequence[Piece]) -> Iterator[Stamped]:
        """Each piece with its pages. Raises MailerError where they are missing or not what was approved."""
        for file, together in groupby(pieces, key=lambda piece: piece.file):
            part = list(together)
            for piece, pages in zip(part, self._pages(part), strict=True):
                if pages is None:
                    raise MailerError(
                        f"the pages of {self.label(piece)} are not the bytes that were approved.",
                        where=str(self._mail.store.files.path(file)),
                        todo="Restore files/ from a backup, or approve again; nothing more was sent.",
                    )
                yield self._stamped(piece, pages, len(pages), piece.address)

    def label(self, piece: Piece) -> str:
        return self._mailing.label(piece.number)

    def _pages(self, pieces: Sequence[Piece]) -> Iterator[bytes | None]:
        files, first = self._mail.store.files, pieces[0]
        if first.sha256 == first.file:
            if self._whole[0] != first.file:
                self._whole = (first.file, files.get(first.file))
            return iter([self._whole[1]] * len(pieces))
        path = files.there(first.file)
        return own_pages(path, [(piece.first_page, piece.last_page, piece.sha256) for piece in pieces])

    def _stamped(self, piece: Piece, pages: bytes, size: int, address: Mapping[str, Any] | None) -> Stamped:
        certified = self._letter and goes_certified(piece.facts, self._campaign)
        to = _address(address, self.label(piece), self._campaign.name)
        asked = Consignment(
            send_key=piece.id.hex,
            label=self.label(piece),
            campaign=self._campaign.name,
            subject=title_of(self._mail.settings, self._campaign),
            pdf=pages,
            pages=piece.pages,
            size=size,
            to=to,
            sender=self._sender(),
            notice=self._letter,
            color=self.terms.color,
            double_sided=self.terms.double_sided,
            certified=certified,
            insert_address_page=not self._letter,
            send_date=self._send_date,
            lines=piece.recipient,
            not_after=self._mailing.not_after,
            email=(address or {}).get("email", ""),
        )
        sent = hashlib.sha256(pages).hexdigest() if pages else ""
        return Stamped(piece.id, piece.number, piece.sha256, sent, asked, self.terms.cost(asked))

    def _sender(self) -> PostalAddress:
        firm = self._mail.settings.firm
        place = firm.address
        return PostalAddress("", firm.name, place.line1, place.line2, place.city, place.state, place.zip)


def _address(parts: Mapping[str, Any] | None, name: str, campaign: str) -> PostalAddress:
    if parts is None:
        raise MailerError(
            f"{name} was approved by an older mailer, which did not keep its address in parts.",
            where=campaign,
            todo="Print it here, or make the mailing in a new campaign.",
        )
    return PostalAddress(**{part: text for part, text in parts.items() if part != "email"})
