"""What a job's pieces weigh and cost, and whether the post takes them so: before a file is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from mailer.delivery.postage import Posting, indicia, posting, require_minimum
from mailer.delivery.prices import Prices
from mailer.delivery.print_room import JobSheet, Lot
from mailer.errors import MailerError
from mailer.settings import MailingClass, Postage


def posting_of(sheet: JobSheet, sheets: int) -> Posting:
    """The finished piece of so many sheets."""
    return posting(sheets, paper_weight=sheet.stationery.paper_weight, self_mailer=sheet.newsletter)


def indicia_of(sheet: JobSheet) -> tuple[str, ...]:
    """The lines of the permit imprint, () for stamps and meters."""
    room = sheet.mailroom
    if room.postage is not Postage.PERMIT:
        return ()
    return indicia(room.permit_number, room.permit_city, sheet.mail_class)


def priced(sheet: JobSheet, prices: Prices, day: date) -> JobSheet:
    """The job with its postage as far as `prices` know it on `day`.

    A permit imprint costs what a meter does. Marketing Mail is priced by its sorting, which is not known
    here. Raises Refused where the post would not take the job so.
    """
    weights = (posting_of(sheet, piece.sheets).ounces for piece in sheet.pieces)
    require_minimum(sheet.mailroom.postage, sheet.mail_class, weights, notice=sheet.notice)
    if sheet.mail_class is MailingClass.MARKETING:
        return sheet
    each = ((lot, _price(sheet, lot, prices, day)) for lot in sheet.by_lot)
    return replace(sheet, postage_each=tuple((lot, price) for lot, price in each if price is not None))


def _price(sheet: JobSheet, lot: Lot, prices: Prices, day: date) -> Decimal | None:
    piece, metered = posting_of(sheet, lot.sheets), sheet.mailroom.postage is not Postage.STAMP
    try:
        return prices.on(day).postage(piece.shape, piece.ounces, metered=metered, abroad=lot.abroad)
    except MailerError:
        return None  # the checklist then says that the price file has none
