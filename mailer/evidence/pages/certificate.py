"""Certificates of business records for what a mail service mailed: nobody of the firm can declare that.

One is for the firm's own custodian; it covers what the firm did, kept and was told, and says in so many words
that the deposit is the service's report. The other is the text for the service's custodian, who can certify
the deposit (mailer.evidence.pages.request). Each begins with a sheet of advice. Nothing that the signer must
know is filled in: name, title, day, place, and how the records were checked.

Fed. R. Evid. 803(6)(A) to (C) are three statements; 902(11) lets a certificate make them, 902(13) and
(14) do it for an electronic process and for copies proved by hash; 28 U.S.C. 1746(2) gives the closing words.
In California section 1561 of the Evidence Code is for a business that is no party, under a subpoena; the
firm's own custodian meets section 1271, which asks how the records are prepared, by Code Civ. Proc. 2015.5.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from mailer.evidence.case import ByService, Frame
from mailer.evidence.pages.declaration import BLANK, PERJURY, STATES
from mailer.evidence.pages.history import long_day
from mailer.evidence.pages.longlists import LongList, lists_pdf
from mailer.evidence.pages.service import service_list
from mailer.evidence.pages.sheets import Block, Lines, Note, Paragraph, Sheets, Sworn, Title, joined
from mailer.notice.steps import counted
from mailer.pages.letterhead import Letterhead

WHAT: Final = "Certificate of business records"
FEDERAL: Final = "Fed. R. Evid. 803(6), 902(11), 902(13), 902(14); 28 U.S.C. §\u00a01746"
LONG_BLANK: Final = BLANK * 3
REGULAR: Final = (
    "These records were made at or near the time by, or from information transmitted by, someone with "
    "knowledge; they were kept in the course of a regularly conducted activity of the business; and making "
    "them was a regular practice of that activity. (Rule 803(6)(A) to (C))"
)

Statement = tuple[str, Sequence[str]]


def certificate_pdf(by: ByService, frame: Frame, letterhead: Letterhead) -> bytes:
    """For the firm's own custodian of records."""
    schedule = service_list(by, letterhead, "Schedule of pieces")
    before = f"{WHAT}: before you sign"
    return with_advice(_advice(by, frame), _certificate(by, frame), schedule, WHAT, before, frame, letterhead)


def with_advice(
    before: Iterator[Block],
    sworn: Iterator[Block],
    schedule: LongList,
    what: str,
    before_what: str,
    frame: Frame,
    letterhead: Letterhead,
) -> bytes:
    """A sheet to be kept back, headed `before_what`; then what is sworn and its schedule, as one."""
    advice = Sheets(before_what, list(before), frame, letterhead)
    sheets = Sheets(what, list(sworn), frame, letterhead)
    total = sheets.pages + schedule.pages
    lists = lists_pdf([schedule], frame, what, letterhead, first=sheets.pages + 1, total=total)
    return joined([sheets.pdf(total, before=advice), lists], title=f"{what}: {frame.subject.campaign}")


def _advice(by: ByService, frame: Frame) -> Iterator[Block]:
    yield Title(
        "Before you sign", "This sheet is not part of the certificate: keep it back when you file it."
    )
    if frame.rehearsal:
        yield Note([("REHEARSAL.", "Events of this mailing were rehearsed: do not sign.")], warn=True)
    yield Paragraph(
        "Whoever keeps the firm’s mailing records, or knows how they are made and kept, may sign. It need "
        "not be whoever sent the letters. Read every line; strike out and correct by hand what is not so."
    )
    checks = [
        (
            "Check it yourself.",
            (
                "Run mailer ledger verify, and mailer evidence verify on this pack, and write the day into "
                "paragraph 6. A certificate that only repeats the rule’s words proves little."
            ),
        ),
        (
            "The manifest.",
            (
                "Copy the hash of manifest.json from SHA256SUMS into paragraph 7: it holds the hash of every "
                "other file, this one included."
            ),
        ),
        (
            "It is not a declaration of mailing.",
            (
                f"It does not say that {by.name} posted anything, only that {by.name} reported it. Send "
                f"request-to-{by.service}.pdf now; records of a service are not kept for ever."
            ),
        ),
        (
            "Give notice of it.",
            (
                "Before trial the other side must have reasonable written notice of the intent to offer "
                "the records, and both records and certificate must be there for inspection (Rule "
                "902(11)). Give it the records of its own client only."
            ),
        ),
        (
            "Not the summary.",
            (
                "evidence.pdf and the verdicts were made for this matter, not in the ordinary course: they "
                "are not certified."
            ),
        ),
    ]
    if frame.stale:
        checks.append(
            (
                "The title.",
                (
                    "The campaign’s definition, a text or the firm’s profile was changed since the approval: "
                    "compare title, firm and address in the certificate with the letter."
                ),
            )
        )
    if frame.settings.firm.address.state in STATES:
        checks.append(
            (
                "In a California court",
                (
                    "a party’s own custodian declares what Evid. Code §\u00a01271 asks for, the mode of "
                    "preparation included, under Code Civ. Proc. §\u00a02015.5. The affidavit of "
                    "§§\u00a01560–1562 is for a business that is no party and was served with a subpoena, "
                    f"as {by.name} may be. Outside California, write “under the laws of the State of "
                    "California” after “perjury”."
                ),
            )
        )
    yield Note(checks)


def _certificate(by: ByService, frame: Frame) -> Iterator[Block]:
    yield Title("Certificate of Business Records", _form(frame, "; Cal. Evid. Code §§\u00a01270–1271"))
    yield Paragraph(f"I, {BLANK}, declare:")
    yield Sworn(list(_statements(by, frame)))
    yield from closing(_place(frame))
    yield Paragraph(
        f"Reference, not part of what is certified: {frame.subject.name}; head of the ledger when this was "
        f"printed, event {frame.head_seq}, SHA-256 {frame.head}.",
        "small",
    )


def _form(frame: Frame, california: str) -> str:
    more = (
        f"{california}; Code Civ. Proc. §\u00a02015.5" if frame.settings.firm.address.state in STATES else ""
    )
    return FEDERAL + more


def _place(frame: Frame) -> str:
    state = STATES.get(frame.settings.firm.address.state, "")
    return f" at {BLANK}, {state}" if state else ""


def closing(place: str) -> Iterator[Block]:
    """The words of 28 U.S.C. 1746(2), and lines to sign on."""
    yield Paragraph(f"{PERJURY}{BLANK}{place}.", "keep")
    yield Lines(("Signature", "Name and title"))


def _statements(by: ByService, frame: Frame) -> Iterator[Statement]:
    firm, subject = frame.settings.firm, frame.subject
    number = counted(len(by.pieces), "piece")
    yield (
        (
            f"I am {BLANK} of {firm.name}, {', '.join(firm.address.lines())}. I am the custodian of the "
            "records described here, or otherwise qualified by knowing how they are made and kept, and I "
            "have authority to certify them."
        ),
        (),
    )
    yield (
        (
            f"In the ordinary course of its business {firm.name} writes to its clients by mail, has pieces "
            f"of mail printed and posted by the service known as {by.name}, and keeps a record of each step "
            f"in a ledger written by a computer program, mailer {frame.version}."
        ),
        (),
    )
    yield (
        (
            f"The records certified are: the events of {subject.name} in events.jsonl; the pages of "
            f"{number}, by their SHA-256; and the reports that {by.name} gave of them, in tracking.jsonl."
        ),
        (),
    )
    yield (
        (
            "They are prepared as follows. The program writes an event when it takes a step, when a person "
            "says what was done, or when a report of the service arrives, with the time of the computer’s "
            "clock. It never changes or removes an event. Each event holds the SHA-256 of the one before, "
            "so that a later change shows."
        ),
        (),
    )
    yield REGULAR, ()
    yield (
        (
            "The process that generated them produces an accurate result (Rule 902(13)): before a piece is "
            "sent, the program compares its bytes with those that were approved; it records the SHA-256 of "
            "what it sent, the id that the service answered with, and each report, once, in the service’s "
            "own words, asked for over an encrypted connection or received with the service’s signature, "
            f"which is verified first. On {BLANK} I had the program hash the ledger again from its first "
            "event, and compare this pack with the copy of the ledger in it; both were found whole."
        ),
        (),
    )
    yield (
        (
            "The files of this pack are copies of records in the firm’s store. The SHA-256 of each copy is "
            "in manifest.json and was found equal to that of the original, by which they are the same "
            f"(Rule 902(14)). The SHA-256 of manifest.json is {LONG_BLANK}."
        ),
        (),
    )
    yield _what_they_show(by, frame), ()
    yield (
        (
            "I did not deposit these pieces with the United States Postal Service and did not see it done. "
            f"What the schedule says of custody, delivery and return is what {by.name} reported to the "
            "firm, which keeps these reports and relies on them in its business."
        ),
        (),
    )


def _what_they_show(by: ByService, frame: Frame) -> str:
    days = sorted({piece.asked.astimezone(frame.settings.firm.time_zone).date() for piece in by.pieces})
    when = long_day(days[0]) if len(days) == 1 else f"{long_day(days[0])} to {long_day(days[-1])}"
    return (
        f"They show that on {when} {frame.settings.firm.name} sent {by.name} the pages of "
        f"{counted(len(by.pieces), 'piece')} of the {frame.subject.documents} titled "
        f"“{frame.subject.title}”, each to the name and address in the attached schedule; that each was "
        f"accepted under the id there; and that {by.name} reported for {len(by.mailed):,} of them the "
        "custody of the Postal Service in the words and at the time in the schedule."
    )
