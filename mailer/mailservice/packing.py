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
from mailer.ledger.kinds import Medium
from mailer.ledger.numbers import label
from mailer.mailservice.service import Address, ServicePiece
from mailer.pages.imposition import cuts, sheets
from mailer.planning.mailfolder import MailFolder
from mailer.planning.prices import PriceList
from mailer.store.tables import MailingRow, PieceRow


@dataclass(frozen=True, slots=True)
class Stamped:
    """One piece ready to go, and what it will cost in US dollars."""

    piece_id: UUID
    number: int
    sha256: str
    asked: ServicePiece
    cost: Decimal


class Packer:
    """Makes what is sent of the pieces of one mailing. `send_date`: the service keeps them until then."""

    def __init__(
        self,
        mail: MailFolder,
        campaign: Campaign,
        mailing: MailingRow,
        prices: PriceList,
        send_date: date | None,
    ) -> None:
        self._mail = mail
        self._campaign = campaign
        self._letter = mailing.medium == Medium.LETTER
        self._initial = Medium(mailing.medium).initial
        self._prices = prices
        self._send_date = send_date
        self._whole: tuple[str, bytes] = ("", b"")  # the last file that is a piece as it is: a newsletter

    def unpaged(self, row: PieceRow, address: dict[str, Any] | None = None) -> Stamped:
        """The piece without its pages, to be checked and priced. Its size is its file's, which is larger.

        `address` is where a copy of it would go, in place of its own.
        """
        size = self._mail.store.files.path(row.file).stat().st_size
        return self._stamped(row, b"", size, address or row.address)

    def packed(self, rows: Sequence[PieceRow]) -> Iterator[Stamped]:
        """Each piece with its pages. Raises MailerError where they are missing or not what was approved."""
        for file, together in groupby(rows, key=lambda row: row.file):
            part = list(together)
            for row, pages in zip(part, self._pages(part), strict=True):
                if hashlib.sha256(pages).hexdigest() != row.sha256:
                    raise MailerError(
                        f"the pages of {self.label(row)} are not the bytes that were approved.",
                        where=str(self._mail.store.files.path(file)),
                        todo="Restore files/ from a backup, or approve again; nothing more was sent.",
                    )
                yield self._stamped(row, pages, len(pages), row.address)

    def label(self, row: PieceRow) -> str:
        return label(self._campaign.name, self._initial, row.number)

    def _pages(self, rows: Sequence[PieceRow]) -> Iterator[bytes]:
        files, first = self._mail.store.files, rows[0]
        if first.sha256 == first.file:
            if self._whole[0] != first.file:
                self._whole = (first.file, files.get(first.file))
            return iter([self._whole[1]] * len(rows))
        path = files.path(first.file)
        if not path.exists():
            raise MailerError(
                f"the approved pages of {self.label(first)} are missing.",
                where=str(path),
                todo="Restore files/ from a backup; nothing more was sent.",
            )
        return cuts(path, [(row.first_page, row.last_page) for row in rows])

    def _stamped(self, row: PieceRow, pages: bytes, size: int, address: Mapping[str, Any] | None) -> Stamped:
        lob, count = self._mail.settings.lob, row.last_page - row.first_page + 1
        certified = self._letter and goes_certified(row.facts, self._campaign)
        to = _address(address, self.label(row), self._campaign.name)
        asked = ServicePiece(
            send_key=row.id.hex,
            label=self.label(row),
            campaign=self._campaign.name,
            subject=self._campaign.definition.title,
            pdf=pages,
            pages=count,
            size=size,
            to=to,
            sender=self._sender(),
            notice=self._letter,
            color=lob.color,
            double_sided=lob.double_sided,
            certified=certified,
            insert_address_page=not self._letter,
            send_date=self._send_date,
        )
        cost = self._prices.lob(
            pages=count,
            sheets=sheets(count) if lob.double_sided else count,
            color=lob.color,
            # Certified mail abroad is refused by the service's limits, so no price is asked for it.
            abroad=to.country.upper() != "US" and not certified,
            certified=certified,
            address_page=not self._letter,
        )
        return Stamped(row.id, row.number, row.sha256, asked, cost)

    def _sender(self) -> Address:
        firm = self._mail.settings.firm
        place = firm.address
        return Address("", firm.name, place.line1, place.line2, place.city, place.state, place.zip)


def _address(parts: Mapping[str, Any] | None, name: str, campaign: str) -> Address:
    if parts is None:
        raise MailerError(
            f"{name} was approved by an older mailer, which did not keep its address in parts.",
            where=campaign,
            todo="Print it here, or make the mailing in a new campaign.",
        )
    return Address(**parts)
