"""What a job's pieces weigh and cost, and whether the post takes them so: before a file is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Literal

from mailer.errors import MailerError
from mailer.planning.mailfolder import MailFolder
from mailer.planning.prices import Prices
from mailer.printroom.jobsheet import JobSheet, Lot
from mailer.printroom.postage import Posting, indicia, posting, require_minimum
from mailer.printroom.postagerates import PostageEntry, Tariff, load_postage
from mailer.settings import MailingClass, Postage, PrintStock, Stationery


def posting_of(sheet: JobSheet, sheets: int) -> Posting:
    """The finished piece of so many sheets."""
    return _posting(sheets, sheet.stationery, sheet.bound if sheet.newsletter else None)


def _posting(sheets: int, stock: Stationery, newsletter: PrintStock | None) -> Posting:
    weight = stock.newsletter_weight if newsletter else stock.paper_weight
    return posting(sheets, paper_weight=weight, self_mailer=newsletter)


def indicia_of(sheet: JobSheet) -> tuple[str, ...]:
    """The lines of the permit imprint, () for stamps and meters."""
    room = sheet.mailroom
    if room.postage is not Postage.PERMIT:
        return ()
    return indicia(room.permit_number, room.permit_city, sheet.mail_class)


def priced(sheet: JobSheet, prices: Prices[PostageEntry], day: date) -> JobSheet:
    """The job with its postage as far as `prices` know it on `day`.

    A permit imprint costs what a meter does. Marketing Mail is priced by its sorting, which is not known
    here. Raises Refused where the post would not take the job so.
    """
    weights: Counter[Decimal] = Counter()
    for sheets, pieces in sheet.by_sheets.items():
        weights[posting_of(sheet, sheets).ounces] += pieces
    require_minimum(sheet.mailroom.postage, sheet.mail_class, weights, notice=sheet.notice)
    if sheet.mail_class is MailingClass.MARKETING:
        return sheet
    metered = sheet.mailroom.postage is not Postage.STAMP
    each = (
        (lot, _price(lot, posting_of(sheet, lot.sheets), prices, day, metered=metered))
        for lot in sheet.pieces.by_lot
    )
    known = tuple((lot, price) for lot, price in each if price is not None)
    again: list[tuple[Lot, Decimal]] = []
    if sheet.newsletter and sheet.bound is PrintStock.BOOKLET:
        for lot in sheet.pieces.by_lot:
            piece = _posting(lot.sheets, sheet.stationery, PrintStock.BOOKLET_IN_THREE)
            price = _price(lot, piece, prices, day, metered=metered)
            again += [(lot, price)] if price is not None else []
    return replace(sheet, postage_each=known, receipts=_receipts(prices, day), in_three=tuple(again))


def expected_postage(
    mail: MailFolder, pieces: Mapping[Lot, int], *, newsletter: bool, day: date
) -> Decimal | None:
    """What so many pieces of each lot would cost as stamps or by meter; None where a price is not known."""
    room = mail.settings.mailroom
    if newsletter and room.newsletter_class is MailingClass.MARKETING:
        return None
    prices, metered = load_postage(mail.root, mail.settings.services), room.postage is not Postage.STAMP
    bound = mail.settings.newsletter.sheets if newsletter else None
    total = Decimal(0)
    for lot, count in pieces.items():
        piece = _posting(lot.sheets, mail.settings.stationery, bound)
        price = _price(lot, piece, prices, day, metered=metered)
        if price is None:
            return None
        total += price * count
    return total


def _price(
    lot: Lot, piece: Posting, prices: Prices[PostageEntry], day: date, *, metered: bool
) -> Decimal | None:
    if lot.certified and lot.abroad:
        return None  # Registered Mail, which is priced by country
    try:
        listed = Tariff(prices.on(day))
        fee = listed.certified() if lot.certified else Decimal(0)
        fee += Decimal(0) if piece.machinable else listed.nonmachinable()
        return fee + listed.postage(piece.shape, piece.ounces, metered=metered, abroad=lot.abroad)
    except MailerError:
        return None  # the checklist then says that the price file has none


def _receipts(prices: Prices[PostageEntry], day: date) -> tuple[tuple[str, Decimal], ...]:
    """What a return receipt costs on top of Certified Mail, as far as the file says."""
    found = []
    kinds: tuple[tuple[str, Literal["card", "electronic"]], ...] = (
        ("by PS Form 3811, the green card", "card"),
        ("by e-mail", "electronic"),
    )
    for words, kind in kinds:
        try:
            listed = Tariff(prices.on(day))
            found.append((words, listed.certified(kind) - listed.certified()))
        except MailerError:
            continue  # not in the file: the checklist then names no price
    return tuple(found)
