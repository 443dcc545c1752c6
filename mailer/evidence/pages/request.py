"""A request to a mail service's custodian of records, and the text of the certificate that is asked for.

Only the service can say that it handed the pieces to the post; how its records are prepared is left for its
own words (Fed. R. Evid. 803(6), 902(11); Cal. Evid. Code 1271(c), 1561(a)). What it shares with the firm's
own certificate is in mailer.evidence.pages.certificate.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailer.evidence.case import ByService, Frame
from mailer.evidence.pages.certificate import (
    FEDERAL,
    LONG_BLANK,
    REGULAR,
    WHAT,
    Statement,
    closing,
    with_advice,
)
from mailer.evidence.pages.declaration import BLANK, STATES
from mailer.evidence.pages.longlists import ListColumn, LongList, laid_out
from mailer.evidence.pages.service import in_lines
from mailer.evidence.pages.sheets import Block, Lines, Note, Paragraph, Sworn, Title
from mailer.notice.steps import counted
from mailer.pages.letterhead import Letterhead


def request_pdf(by: ByService, frame: Frame, letterhead: Letterhead) -> bytes:
    """For the service's custodian: a request, and the text to correct, complete and sign."""
    what = f"Request to {by.name}"
    schedule = _asked_list(by, letterhead)
    return with_advice(_request(by, frame), _theirs(by, frame), schedule, WHAT, what, frame, letterhead)


def _request(by: ByService, frame: Frame) -> Iterator[Block]:
    firm = frame.settings.firm
    yield Title(f"To the custodian of records of {by.name}", "A request for a certificate of your records.")
    if frame.rehearsal:
        yield Note([("REHEARSAL.", "Events of this mailing were rehearsed: do not send this.")], warn=True)
    yield Paragraph(
        f"{firm.name}, {', '.join(firm.address.lines())}, had {counted(len(by.mailed), 'letter')} printed "
        "and mailed by you, listed by your own ids in the schedule. Please certify from your records what "
        "became of each, on the form that follows or on your own."
    )
    yield Note(
        [
            (
                "What we ask for.",
                (
                    "A copy of your records of each id (the file as you received it, printing, entry into "
                    "the mail, tracking), and the certificate signed by someone who knows how they are "
                    "made and kept."
                ),
            ),
            (
                "Please correct it.",
                (
                    "The days in the schedule are those that you reported to us. Put the day of your own "
                    "records in the last column; strike out and initial whatever is not so, a whole line "
                    "if need be."
                ),
            ),
            (
                "Please keep them.",
                "Keep these records, and the files, until you hear from us that they are not needed.",
            ),
            (
                "How they were prepared.",
                (
                    "Paragraph 4 is for your own words: what is recorded, by which system, when, and how a "
                    "piece is matched with its id."
                ),
            ),
        ]
    )
    yield Lines(("For the firm, and the date",))
    yield Paragraph(
        "Note for the sender, not part of the request: a service may answer only to a subpoena (Fed. R. "
        "Civ. P. 45; in California Evid. Code §§\u00a01560–1562, whose affidavit then goes with the "
        "copies). The schedule names every addressee: cut it down to the client in question.",
        "small",
    )


def _theirs(by: ByService, frame: Frame) -> Iterator[Block]:
    yield Title("Certificate of Business Records", _form_of_service(frame))
    yield Paragraph(f"I, {BLANK}, declare:")
    yield Sworn(list(_their_statements(by, frame)))
    yield from closing("")


def _form_of_service(frame: Frame) -> str:
    more = "; Cal. Evid. Code §§\u00a01270–1271, 1561" if frame.settings.firm.address.state in STATES else ""
    return FEDERAL + more


def _their_statements(by: ByService, frame: Frame) -> Iterator[Statement]:
    klass = "by the class of mail ordered," if frame.subject.newsletter else "as First-Class Mail"
    yield (
        (
            f"I am {BLANK} of {LONG_BLANK} (the company’s full name), which provides the service known as "
            f"{by.name}. I am the duly authorized custodian of the records described here or an otherwise "
            "qualified witness, and I have authority to certify them."
        ),
        (),
    )
    yield (
        (
            "In the ordinary course of its business the company receives files from its customers, prints "
            "them, puts them into envelopes addressed as the customer directs, with postage paid, enters "
            "them into the United States mail, and records each step."
        ),
        (),
    )
    yield (
        (
            "The attached copies are true copies of its records of the pieces whose ids are in the schedule, "
            f"ordered by {frame.settings.firm.name}."
        ),
        (),
    )
    yield f"They are prepared as follows: {LONG_BLANK}{LONG_BLANK}{LONG_BLANK}", ()
    yield (
        f"{REGULAR} They were prepared by personnel of the business, or by its systems, in its course.",
        (),
    )
    yield (
        (
            "Where a record was generated by an electronic process or system, that process produces an "
            "accurate result (Rule 902(13)); where a file is a copy, its SHA-256 was compared with that of "
            "the original and is the same (Rule 902(14))."
        ),
        (),
    )
    yield (
        (
            "According to these records, each piece in the schedule that is not struck out was printed "
            "from the file with the SHA-256 there, sealed in an envelope addressed as there, and deposited "
            f"with the United States Postal Service {klass} with the postage fully prepaid, on the day in "
            "the last column."
        ),
        (),
    )


def _asked_list(by: ByService, letterhead: Letterhead) -> LongList:
    columns = (
        ListColumn("Your id", 118, 7.6),
        ListColumn("Addressed to", 124, 7.6),
        ListColumn("SHA-256 of file", 72, 6.6),
        ListColumn("As you reported", 78, 7.6),
        ListColumn("By your records", 62, 7.6),
    )
    rows = (
        (
            f"{piece.letter}\nour number {piece.label}"
            + (f"\nCertified Mail {piece.certified_number}" if piece.certified_number else ""),
            "\n".join(piece.lines),
            in_lines(piece.dispatched),
            f"“{piece.posted.words}”\n{piece.posted.at:%Y-%m-%d %H:%M}" if piece.posted else "",
            "\n______________",
        )
        for piece in by.mailed
    )
    under = f"{counted(len(by.mailed), 'piece')}; times in UTC."
    return laid_out("Schedule of pieces", under, columns, rows, letterhead)
