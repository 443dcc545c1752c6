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

from mailer.campaign.wording import date_words
from mailer.evidence.case import Addressee, Deposit, Frame
from mailer.evidence.pages.history import CLASSES, clock, long_day
from mailer.evidence.pages.longlists import lists_pdf
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
    joined,
)
from mailer.notice.steps import counted
from mailer.pages.letterhead import Letterhead
from mailer.settings import FirmAddress

WHAT: Final = "Declaration of mailing"
PERJURY: Final = "I declare under penalty of perjury that the foregoing is true and correct. Executed on "
BLANK: Final = "______________________"
STATES: Final = {"CA": "California"}  # whose own form is known; others get the federal one


def declaration_pdf(
    drop: Deposit, pieces: Sequence[Addressee], frame: Frame, letterhead: Letterhead
) -> bytes:
    """A sheet of advice, the declaration, and its schedule. `pieces` are those of the hand-over."""
    schedule = envelope_list(
        "Schedule of addressees",
        f"Attached to the declaration of {drop.by}: {counted(len(pieces), 'piece')} mailed on "
        f"{long_day(drop.at.date())}.",
        pieces,
        letterhead,
    )
    advice = Sheets(f"{WHAT}: before you sign", list(_advice(drop, frame)), frame, letterhead)
    sworn = Sheets(WHAT, list(_declaration(drop, len(pieces), frame)), frame, letterhead)
    total = sworn.pages + schedule.pages
    lists = lists_pdf([schedule], frame, WHAT, letterhead, first=sworn.pages + 1, total=total)
    parts = [sworn.pdf(total, before=advice), lists]
    return joined(parts, title=f"{WHAT}: {frame.subject.campaign}, hand-over {drop.number}")


def _advice(drop: Deposit, frame: Frame) -> Iterator[Block]:
    yield Title(
        "Before you sign", "This sheet is not part of the declaration: keep it back when you file it."
    )
    if frame.rehearsal:
        yield Note([("REHEARSAL.", "Events of this mailing were rehearsed: do not sign.")], warn=True)
    if drop.party:
        yield Note(
            [
                ("Who should sign?", drop.party),
                (
                    "",
                    (
                        "A declarant must not be a party. Let another person of age, who handed the mail "
                        "over or saw it handed over, make this declaration; signed by a party it is "
                        "weaker evidence."
                    ),
                ),
            ],
            warn=True,
        )
    yield Paragraph(
        "Read every line. Sign only what you know yourself; strike out and correct by hand what is not so, "
        "and put your initials beside it. It is evidence because you are answerable for it."
    )
    yield Head("What the record says of this hand-over")
    receipt = f"{drop.receipt_name} ({drop.receipt_file})" if drop.receipt else "none was recorded"
    rows = [
        ("When", f"{long_day(drop.at.date())}, {clock(drop)}"),
        ("Where", drop.place),
        ("By", drop.by),
        ("Pieces", f"{drop.count:,}, numbers {drop.pieces}"),
        ("Receipt of the post", receipt),
        ("Ledger event", f"{drop.event.seq}\n{drop.event.hash}"),
    ]
    yield Facts(rows)
    yield Head("Check before signing")
    checks = [
        ("Yourself.", "You are over 18 and live or work in the county where the mail was deposited."),
        ("County and state.", _of_the_county(drop, frame)),
        ("The number.", f"The post’s receipt, where there is one, shows {counted(drop.count, 'piece')}."),
        ("The envelopes.", "All were sealed, and the postage on them was fully paid."),
        (
            "The addresses.",
            (
                "Paragraph 4 says that the names and addresses in the schedule are those on the "
                f"{_cover(frame)}s. Strike it out if you compared none."
            ),
        ),
        ("The date.", "Write the day on which you sign, not the day of the mailing."),
    ]
    if frame.settings.firm.address.state in STATES:
        checks.append(
            (
                "How it was mailed.",
                (
                    "Tick one box in paragraph 5: (a) if you gave the mail to the Postal Service at the "
                    "place in paragraph 3; (b) if you left it for collection at the office: then paragraph "
                    "3 must name the office, so correct it."
                ),
            )
        )
        checks.append(
            (
                "Where you sign.",
                (
                    "Outside California, write “under the laws of the State of California” after "
                    "“perjury” (Code Civ. Proc. §\u00a02015.5(b))."
                ),
            )
        )
    if frame.stale:
        checks.append(
            (
                "The title.",
                (
                    "The campaign’s definition, a text or the firm’s profile was changed since the approval. "
                    "Compare title, firm and address in the declaration with the letter that was mailed."
                ),
            )
        )
    yield Note(checks)
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


def _of_the_county(drop: Deposit, frame: Frame) -> str:
    """What the declarant must know of county and state in paragraph 1, and why they are there or not."""
    address = frame.settings.firm.address
    law = " (Code Civ. Proc. §\u00a01013a)" if address.state in STATES else ""
    if not known_place(drop.place, address):
        return (
            f"The record’s place, “{drop.place}”, does not end with {address.city}, the firm’s own city, so "
            "county and state are not known here: write them into paragraph 1. They must be those where the "
            f"mail was deposited, and you must live or work in that county{law}."
        )
    if not address.county:
        return "The county is not in mailer.toml: write it in."
    return (
        f"They are the firm’s own, since the record’s place is in {address.city}. Correct them if the mail "
        "was deposited in another county."
    )


def _cover(frame: Frame) -> str:
    return "piece" if frame.subject.newsletter else "envelope"


def _declaration(drop: Deposit, count: int, frame: Frame) -> Iterator[Block]:
    state = STATES.get(frame.settings.firm.address.state, "")
    form = "28 U.S.C. §\u00a01746"
    if state:
        form += "; Cal. Code Civ. Proc. §§\u00a01013a, 2015.5"
    yield Title("Declaration of Mailing", form)
    yield Paragraph(f"I, {drop.by}, declare:")
    yield Sworn(list(_statements(drop, count, frame, state)))
    known = known_place(drop.place, frame.settings.firm.address)
    place = f" at {BLANK}, {state if known else f'{BLANK} (city, state)'}" if state else ""
    yield Paragraph(f"{PERJURY}{BLANK}{place}.", "keep")
    yield Lines(("Signature", f"Name: {drop.by}"))
    yield Paragraph(
        f"Reference, not part of what is declared: hand-over {drop.number} of {frame.subject.name}, "
        f"ledger event {drop.event.seq}, SHA-256 {drop.event.hash}; head of the ledger when this was "
        f"printed, event {frame.head_seq}, SHA-256 {frame.head}.",
        "small",
    )


def _statements(drop: Deposit, count: int, frame: Frame, state: str) -> Iterator[tuple[str, Sequence[str]]]:
    firm, subject = frame.settings.firm, frame.subject
    known = known_place(drop.place, firm.address)
    county = firm.address.county if known and firm.address.county else BLANK
    where = f"the County of {county}, State of {(state or firm.address.state) if known else BLANK}"
    yield (
        (
            "I am over the age of 18 years and not a party to this matter. I am a resident of or "
            f"employed in {where}, where the mailing occurred."
        ),
        (),
    )
    yield f"My business address is {firm.name}, {', '.join(firm.address.lines())}.", ()
    dated = f", dated {date_words(subject.dated)}" if subject.dated else ""
    yield (
        (
            f"On {long_day(drop.at.date())}, at {clock(drop)}, at {drop.place}, I mailed the "
            f"{subject.documents} titled “{subject.title}”{dated}, in {counted(count, 'piece')}, by "
            f"{CLASSES.get(drop.mail_class, '')}."
        ),
        (),
    )
    cover = _cover(frame)
    yield (
        (
            f"Each {cover} was sealed, with the postage on it fully prepaid, and was addressed to the "
            "person at the address in the attached schedule; each name and address there is as shown on "
            f"the {cover}."
        ),
        (),
    )
    if not state:
        yield (
            f"I deposited each sealed {cover} with the United States Postal Service there on that date.",
            (),
        )
        return
    yield (
        "I did so by (tick one):",
        (
            (
                f"(a) depositing the sealed {cover}s with the United States Postal Service, with the "
                "postage thereon fully prepaid, on that date and at that place. (§\u00a01013a(1))"
            ),
            (
                f"(b) placing the sealed {cover}s for collection and mailing on that date at my business "
                "address, following our ordinary business practices. I am readily familiar with the "
                "business’ practice for collection and processing of correspondence for mailing with the "
                "United States Postal Service; the correspondence would be deposited with the United "
                "States Postal Service that same day in the ordinary course of business, with the "
                "postage thereon fully prepaid. (§\u00a01013a(3))"
            ),
        ),
    )
