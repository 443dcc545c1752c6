"""The declaration of mailing for one hand-over, to be read, corrected and signed by whoever made it.

The product never signs, ticks a box or writes the day of signing. 28 U.S.C. 1746(2) gives the closing
words within the United States; in California the same words with date and place satisfy Code Civ. Proc.
2015.5, and 1013a(1) and (3) say what a proof of service by mail must show: among it that the declarant lives
or works in the county where the mailing occurred, which is filled in only where the record shows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from mailer.evidence.case import Addressee, Deposit, Frame
from mailer.evidence.pages.history import CLASSES, clock, long_day
from mailer.evidence.pages.longlists import Lists
from mailer.evidence.pages.schedules import envelope_list
from mailer.evidence.pages.sheets import (
    Block,
    Facts,
    Head,
    Lines,
    Note,
    Paragraph,
    Sheets,
    Sworn,
    Title,
)
from mailer.evidence.pages.wording import Wording, wording
from mailer.ledger.numbers import holds
from mailer.pages.letterhead import Letterhead
from mailer.profile import FirmAddress
from mailer.spool import Spool

WHAT: Final = "Declaration of mailing"
BLANK: Final = "______________________"
STATES: Final = {"CA": "California"}  # whose own form is known; others get the federal one


def declaration_pdf(drop: Deposit, pieces: Spool[Addressee], frame: Frame, letterhead: Letterhead) -> bytes:
    """A sheet of advice, the declaration, and its schedule of those `pieces` that the hand-over holds."""
    say = _wording(drop, sum(1 for _ in _handed(drop, pieces)), frame, letterhead)
    lists = Lists(frame, WHAT, letterhead)
    envelope_list(lists, say("schedule"), say("attached"), _handed(drop, pieces))
    advice = Sheets(f"{WHAT}: before you sign", list(_advice(drop, frame, say)), frame, letterhead)
    sworn = Sheets(WHAT, list(_declaration(frame, say)), frame, letterhead, others=lists.pages)
    title = f"{WHAT}: {frame.subject.campaign}, hand-over {drop.number}"
    return lists.after(sworn, title=title, before=advice)


def _handed(drop: Deposit, pieces: Spool[Addressee]) -> Iterator[Addressee]:
    return (piece for piece in pieces if holds(drop.pieces, piece.number))


def _wording(drop: Deposit, count: int, frame: Frame, letterhead: Letterhead) -> Wording:
    """Its words, with all that they ask for. County and state are filled in where the place is known."""
    address = frame.settings.firm.address
    state, known = STATES.get(address.state, ""), known_place(drop.place, address)
    return wording(
        letterhead,
        "declaration",
        drop=drop,
        count=count,
        frame=frame,
        firm=frame.settings.firm,
        subject=frame.subject,
        day=long_day(drop.at.date()),
        clock=clock(drop),
        mail_class=CLASSES.get(drop.mail_class, ""),
        cover="piece" if frame.subject.newsletter else "envelope",
        state=state,
        known=known,
        county=address.county if known and address.county else BLANK,
        county_state=(state or address.state) if known else BLANK,
        blank=BLANK,
    )


def _advice(drop: Deposit, frame: Frame, say: Wording) -> Iterator[Block]:
    yield Title(say("advice"), say("keep_back"))
    if frame.rehearsal:
        yield Note([say.headed("rehearsal")], warn=True)
    if drop.party:
        yield Note([say.headed("who"), say.headed("no_party")], warn=True)
    yield Paragraph(say("read"))
    yield Head(say("record"))
    receipt = f"{drop.receipt_name} ({drop.receipt_file})" if drop.receipt else say("no_receipt")
    yield Facts(
        [
            ("When", f"{long_day(drop.at.date())}, {clock(drop)}"),
            ("Where", drop.place),
            ("By", drop.by),
            ("Pieces", f"{drop.count:,}, numbers {drop.pieces}"),
            ("Receipt of the post", receipt),
            ("Ledger event", f"{drop.event.seq}\n{drop.event.hash}"),
        ]
    )
    yield Head(say("checks"))
    checks = ["yourself", "county", "number", "envelopes", "addresses", "date"]
    checks += ["how", "where_signed"] if frame.settings.firm.address.state in STATES else []
    checks += ["title_changed"] if frame.stale else []
    yield Note([say.headed(check) for check in checks])
    if drop.remarks:
        yield Note([("", remark) for remark in drop.remarks])


def known_place(place: str, address: FirmAddress) -> bool:
    """Is the place in the firm's own city, and so in its county and state? It is where the record's words end
    with that city, alone or after a comma, with the state or a ZIP code or without: "Main Post Office,
    Sacramento", "Main Post Office, Sacramento CA 95814"; not "West Sacramento", which is another county.
    """
    states = "|".join(map(re.escape, {address.state, STATES.get(address.state, address.state)}))
    end = rf"{re.escape(address.city)}(,?\s+({states}))?(,?\s+[0-9]{{5}}(-[0-9]{{4}})?)?(,?\s+USA?)?"
    return re.search(rf"(^|,)\s*{end}[\s.]*$", place, re.IGNORECASE) is not None


def _declaration(frame: Frame, say: Wording) -> Iterator[Block]:
    yield Title(say("title"), say("form"))
    yield Paragraph(say("declare"))
    yield Sworn(list(_statements(frame, say)))
    yield Paragraph(say("perjury"), "keep")
    yield Lines((say("signature"), say("name")))
    yield Paragraph(say("reference"), "small")


def _statements(frame: Frame, say: Wording) -> Iterator[tuple[str, Sequence[str]]]:
    for passage in ("age", "business", "mailed", "sealed"):
        yield say(passage), ()
    if frame.settings.firm.address.state in STATES:
        yield say("did_so"), (say("by_deposit"), say("by_collection"))
    else:
        yield say("deposited"), ()
