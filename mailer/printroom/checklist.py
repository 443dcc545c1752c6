"""What the checklist of a job says: facts, steps in a printer's order, and the pieces by their sheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Final

from mailer.campaign.wording import date_words
from mailer.ledger.numbers import ranges
from mailer.money import people
from mailer.pages.endorsement import ENDORSEMENT
from mailer.printroom.checklistpage import Checklist, ChecklistGroup, Row
from mailer.printroom.jobpostage import posting_of
from mailer.printroom.jobsheet import TICKET, JobSheet, Lot, Placed, needs_ticket
from mailer.printroom.postage import SELF_MAILER_POUNDS
from mailer.settings import Envelope, MailingClass, Paper, Postage, PrintStock
from mailer.spool import Spool

MOST_NAMED: Final = 12  # pieces without a barcode, or that can't go as they should, that are named
LONGEST_RANGE: Final = 120  # characters of an option that a person copies
_PAID: Final = {Postage.STAMP: "stamps", Postage.METER: "meter", Postage.PERMIT: "permit imprint"}
_CLASS: Final = {MailingClass.FIRST: "First-Class Mail", MailingClass.MARKETING: "USPS Marketing Mail"}


def checklist_of(
    sheet: JobSheet,
    placed: Spool[Placed],
    files: Sequence[str],
    digest: str,
    *,
    uncoded: Sequence[int],
    endorsed: bool,
) -> Checklist:
    """The checklist. `uncoded` are the places without a barcode; `endorsed` says that it is printed."""
    last = f"Hand over by {date_words(sheet.not_after)}, before " if sheet.not_after else "Hand over before "
    several = len(sheet.pieces.by_lot) > 1
    return Checklist(
        title=sheet.name,
        firm=sheet.firm.name,
        facts=(
            ("Pieces", f"{len(placed):,}"),
            ("Sheets of paper", _sheets(sheet)),
            ("Print files", ", ".join(files)),
            ("Postage", " ".join(_postage(sheet))),
            ("Deadline", f"{last}{sheet.mailroom.cut_off:%H:%M}, the last collection"),
            ("Manifest SHA-256", digest),
            ("Ledger head", sheet.chain_head),
        ),
        steps=(*_steps(sheet, uncoded, endorsed=endorsed), *_certified_steps(sheet, placed), _paying(sheet)),
        groups=tuple(
            ChecklistGroup(_heading(sheet, lot) if several else "", Spool(_row(one) for one in pieces))
            for lot, pieces in groupby(placed, lambda one: one.piece.lot)
        ),
        rehearsal=sheet.rehearsal,
    )


def _row(one: Placed) -> Row:
    piece = one.piece
    return Row(f"{one.place:04}", piece.label, piece.recipient[0], piece.recipient[-1], piece.sheets)


def _heading(sheet: JobSheet, lot: Lot) -> str:
    pieces = sheet.pieces.by_lot[lot]
    noun = "sheet" if lot.sheets == 1 else "sheets"
    each = "newsletter" if sheet.newsletter else "envelope"
    return f"{lot.sheets} {noun} in each {each}{_how(lot)}: {pieces:,} {_pieces(pieces)}"


def _how(lot: Lot) -> str:
    """How the lot goes, where it is not as the job's class says."""
    if lot.abroad:
        return f", abroad ({'Registered Mail' if lot.certified else 'First-Class Mail International'})"
    return ", by Certified Mail" if lot.certified else ""


def _sheets(sheet: JobSheet) -> str:
    counts = sheet.by_sheets
    total = sum(count * pieces for count, pieces in counts.items())
    parts = [
        f"{pieces:,} {_pieces(pieces)} of {count} sheet{'s' if count > 1 else ''}"
        for count, pieces in counts.items()
    ]
    return f"{total:,}, printed on both sides: {', '.join(parts)}"


def _pieces(count: int) -> str:
    return "piece" if count == 1 else "pieces"


def _postage(sheet: JobSheet) -> Iterator[str]:
    """The class and way of paying, then each weight with its price, then the sum."""
    yield f"{_CLASS[sheet.mail_class]}, {_PAID[sheet.mailroom.postage]}."
    each, total = dict(sheet.postage_each), Decimal(0)
    for lot, pieces in sheet.pieces.by_lot.items():
        price = each.get(lot)
        words = posting_of(sheet, lot.sheets).words(pieces) + _how(lot)
        if price is None:
            yield f"{words}: the price file has no price for it."
            continue
        total += price * pieces
        yield f"{words}: {people(price)} each, {people(price * pieces)}."
    if total and len(sheet.pieces.by_lot) == len(each) > 1:
        yield f"Together {people(total)}."
    yield "Weigh one finished piece of each."


def _steps(sheet: JobSheet, uncoded: Sequence[int], *, endorsed: bool) -> Iterator[str]:
    yield _printing(sheet)
    yield from _newsletter(sheet) if sheet.newsletter else _stuffing(sheet)
    if not sheet.newsletter and not endorsed:
        yield (
            f"Each envelope must carry “{ENDORSEMENT}” below its return address, 8 pt or larger, with 1/4 in "
            "clear around it: it is not printed by this job."
        )
    if sheet.mailroom.mailer_id:
        yield _barcodes(len(sheet.pieces), uncoded)


def _printing(sheet: JobSheet) -> str:
    words = "Print on both sides, long edge, actual size."
    if sheet.is_booklet:
        words = "Print on 11 x 17 in paper (tabloid, ledger), both sides, short edge, actual size."
    stock = sheet.stationery
    if stock.paper is Paper.PRE_PRINTED and not sheet.newsletter:
        words += f" The first sheet of each piece is letterhead{_tray(stock.first_tray)}"
        if max(sheet.by_sheets) > 1:
            words += f", the others are continuation paper{_tray(stock.next_tray)}"
        words += ". The composite shows what the clients see and is not printed."
    elif stock.first_tray:
        words += f" Paper{_tray(stock.first_tray)}."
    if sheet.prints_envelopes:
        words += f" #10 envelopes{_tray(stock.envelope_tray)}, one side, flap at the top."
    if sheet.is_booklet:
        return f"{words} As commands: {TICKET}."
    return f"{words} Page ranges for each tray: {TICKET}." if needs_ticket(sheet) else words


def _tray(name: str) -> str:
    return f" from {name}" if name else ""


def _stuffing(sheet: JobSheet) -> Iterator[str]:
    total = f"{len(sheet.pieces):04}"
    if max(sheet.by_sheets) > 1:
        yield (
            f"Each sheet has its number at the foot: 0001/{total} 1of2 is the first of two sheets of piece "
            "1. Sheets with one number belong in one envelope, in order; the column Sheets says how many."
        )
    else:
        yield f"Each sheet has its number at the foot, 0001/{total} 1of1: the number of this list."
    match sheet.stationery.envelope:
        case Envelope.DOUBLE_WINDOW | Envelope.SINGLE_WINDOW:
            yield (
                "Fold in three, the top third of page 1 outwards. The name in the window is the name of "
                "this list. Shift the sheets to every side: the whole address must stay in the window."
            )
        case Envelope.LABELS:
            yield f"The label with the number 0001/{total} goes on the envelope of the sheets 0001/{total}."
        case Envelope.PRINTED:
            yield f"The envelope 0001/{total} (at its foot, left) takes the sheets 0001/{total}."
    flats = [count for count in sheet.by_sheets if posting_of(sheet, count).shape == "flat"]
    if flats:
        counts = " and ".join(str(count) for count in flats)
        yield (
            f"Pieces of {counts} sheets go unfolded in 9 x 12 in envelopes, addressed by their labels "
            "in labels.pdf, and cost more."
        )


def _newsletter(sheet: JobSheet) -> Iterator[str]:
    weight = sheet.stationery.newsletter_weight
    paper = f"Paper: {weight}-lb bond, as mailer.toml says."
    if not sheet.is_booklet:
        yield (
            "Fold each newsletter in three at the marks of its last page, the mailing panel outside. Held so "
            "that the address reads upright, its last fold is at the bottom: put two tabs on the top edge, "
            f"within 1 in of its ends, and one on the right. {paper}"
        )
    else:
        yield from _booklet(sheet, paper)
    if weight < SELF_MAILER_POUNDS and sheet.bound is not PrintStock.BOOKLET:
        least = f"{SELF_MAILER_POUNDS}-lb bond (70-lb book)"
        yield f"The post's machines want {least}; on lighter paper each costs more."


def _booklet(sheet: JobSheet, paper: str) -> Iterator[str]:
    """Sheets folded once, and folded again where they go as a letter (DMM 201.3.16)."""
    total = f"{len(sheet.pieces):04}"
    words = f"Fold each sheet once, page 1 outside. {paper}"
    if max(sheet.by_sheets) > 1:
        words += (
            f" Sheets with one number, 0001/{total} 1of2 and 2of2, lie in each other, 1 outside; staple them "
            "twice in the fold."
        )
    yield words
    in_three = "in three at the marks of the last page, the mailing panel outside"
    tabs = "three tabs of 1 1/2 in, not perforated, close it: two on the top edge, one on the right"
    if sheet.bound is PrintStock.BOOKLET_IN_THREE:
        yield f"Fold each booklet again {in_three}; {tabs}. Have the post look at the first one."
        return
    once, again = dict(sheet.postage_each), dict(sheet.in_three)
    both = [lot for lot in sheet.pieces.by_lot if lot in once and lot in again]
    saved = sum(((once[lot] - again[lot]) * sheet.pieces.by_lot[lot] for lot in both), Decimal(0))
    if saved > 0:
        each = " or ".join(people(price) for price in sorted({again[lot] for lot in both}))
        yield (
            "They go as large envelopes (flats), without tabs. As letters they would cost "
            f"{each} each, which saves {people(saved)}: folded again {in_three}; {tabs}. Write sheets = "
            f"“{PrintStock.BOOKLET_IN_THREE}” in mailer.toml and approve again."
        )


def _barcodes(pieces: int, uncoded: Sequence[int]) -> str:
    if not uncoded:
        return f"Each of the {pieces:,} pieces has an Intelligent Mail barcode above its address."
    named = ", ".join(f"{place:04}" for place in uncoded[:MOST_NAMED])
    more = f" and {len(uncoded) - MOST_NAMED:,} more" if len(uncoded) > MOST_NAMED else ""
    return (
        f"{pieces - len(uncoded):,} of {pieces:,} pieces have an Intelligent Mail barcode above the address. "
        f"The others have no room for it, or go abroad: {named}{more}."
    )


def _paying(sheet: JobSheet) -> str:
    amounts = _amounts(sheet)
    match sheet.mailroom.postage:
        case Postage.STAMP:
            words = f"Stamp {', '.join(_with(who, 'with', amount) for who, amount in amounts)}."
        case Postage.METER if len(amounts) == 1:
            words = f"Set the meter to {amounts[0][1]}." if amounts[0][1] else "Meter each piece."
        case Postage.METER:
            words = (
                f"Set the meter {', '.join('for ' + _with(who, 'to', amount) for who, amount in amounts)}."
            )
        case Postage.PERMIT:
            printed = sheet.newsletter or sheet.prints_envelopes
            words = (
                "The permit imprint is printed." if printed else "The envelope must carry the permit imprint."
            )
            words += " Take the job to the post's business mail entry, with its postage statement."
    if not sheet.newsletter:
        words += " A notice goes by First-Class Mail, never by Marketing Mail."
    return words


def _amounts(sheet: JobSheet) -> list[tuple[str, str]]:
    """(Which pieces, the postage of each): plain ones, certified ones, those abroad. "" is not known."""
    kinds: dict[str, set[Decimal]] = {}
    each = dict(sheet.postage_each)
    for lot in sheet.pieces.by_lot:
        who = "those abroad" if lot.abroad else "those by Certified Mail" if lot.certified else "each piece"
        known = kinds.setdefault(who, set())
        known |= {each[lot]} if lot in each else set()
    amounts = {who: " or ".join(people(price) for price in sorted(known)) for who, known in kinds.items()}
    if len(amounts) > 1:
        return [(who, amount or "what the post asks") for who, amount in amounts.items()]
    return list(amounts.items())


def _with(who: str, word: str, amount: str) -> str:
    return f"{who} {word} {amount}" if amount else who


def _certified_steps(sheet: JobSheet, placed: Iterable[Placed]) -> Iterator[str]:
    """What is done with pieces that go by Certified Mail (DMM S912.2.3, now 503: where the label is)."""
    certified = [one for one in placed if one.piece.certified]
    here = [one.piece for one in certified if not one.piece.lot.abroad]
    if here:
        receipts = " or ".join(f"{words} ({people(price)} more)" for words, price in sheet.receipts)
        numbers = ranges(piece.number for piece in here)
        which = (
            f"--range {numbers}" if len(numbers) <= LONGEST_RANGE else "their --range (manifest.csv, class)"
        )
        yield (
            f"{len(here):,} {_pieces(len(here))} by Certified Mail, under a heading of their own: put the "
            "label of PS Form 3800 on the front of each envelope, above the address and to the right of the "
            "return address, clear of the postage, and write the piece's name on its receipt. Where the day "
            f"of receipt must be proved, ask for a return receipt{f': {receipts}' if receipts else ''}. Have "
            f"the receipts postmarked at the counter. Record these apart: mailer drop {sheet.campaign} … "
            f"--class certified {which}; then their numbers: mailer certified {here[0].label} NUMBER."
        )
    if abroad := [one for one in certified if one.piece.lot.abroad]:
        named = ", ".join(f"{one.place:04}" for one in abroad[:MOST_NAMED])
        more = f" and {len(abroad) - MOST_NAMED:,} more" if len(abroad) > MOST_NAMED else ""
        yield (
            f"Certified Mail does not go abroad. Take {named}{more} to the counter and ask for Registered "
            "Mail with a return receipt."
        )
