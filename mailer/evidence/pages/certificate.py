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

from collections.abc import Iterator
from typing import Final

from mailer.evidence.case import ByService, Frame
from mailer.evidence.pages.declaration import BLANK, STATES
from mailer.evidence.pages.history import long_day
from mailer.evidence.pages.longlists import Lists
from mailer.evidence.pages.service import service_list
from mailer.evidence.pages.sheets import Block, Lines, Note, Paragraph, Sheets, Sworn, Title
from mailer.evidence.pages.wording import Wording, wording
from mailer.pages.letterhead import Letterhead

WHAT: Final = "Certificate of business records"
LONG_BLANK: Final = BLANK * 3


def certificate_pdf(by: ByService, frame: Frame, letterhead: Letterhead) -> bytes:
    """For the firm's own custodian of records."""
    say = words_of("certificate", by, frame, letterhead)
    lists = Lists(frame, WHAT, letterhead)
    service_list(lists, by, say("schedule"))
    before = f"{WHAT}: before you sign"
    return with_advice(_advice(frame, say), _certificate(frame, say), lists, before, frame, letterhead)


def words_of(document: str, by: ByService, frame: Frame, letterhead: Letterhead) -> Wording:
    """The words of the certificate, or of the request, with all that they ask for."""
    firm = frame.settings.firm
    days = sorted({piece.asked.astimezone(firm.time_zone).date() for piece in by.pieces})
    return wording(
        letterhead,
        document,
        by=by,
        frame=frame,
        firm=firm,
        subject=frame.subject,
        days=[long_day(day) for day in dict.fromkeys((days[0], days[-1]))],
        state=STATES.get(firm.address.state, ""),
        blank=BLANK,
        long_blank=LONG_BLANK,
    )


def with_advice(
    before: Iterator[Block],
    sworn: Iterator[Block],
    lists: Lists,
    before_what: str,
    frame: Frame,
    letterhead: Letterhead,
) -> bytes:
    """A sheet to be kept back, headed `before_what`; then what is sworn and its schedule, as one."""
    advice = Sheets(before_what, list(before), frame, letterhead)
    sheets = Sheets(WHAT, list(sworn), frame, letterhead, others=lists.pages)
    return lists.after(sheets, title=f"{WHAT}: {frame.subject.campaign}", before=advice)


def _advice(frame: Frame, say: Wording) -> Iterator[Block]:
    yield Title(say("advice"), say("keep_back"))
    if frame.rehearsal:
        yield Note([say.headed("rehearsal")], warn=True)
    yield Paragraph(say("who"))
    checks = ["check", "manifest", "no_declaration", "give_notice", "no_summary"]
    checks += ["title_changed"] if frame.stale else []
    checks += ["california"] if frame.settings.firm.address.state in STATES else []
    yield Note([say.headed(check) for check in checks])


def _certificate(frame: Frame, say: Wording) -> Iterator[Block]:
    california = frame.settings.firm.address.state in STATES
    yield Title(say("title"), say("federal") + (say("by_california") if california else ""))
    yield Paragraph(say("declare"))
    yield Sworn([(say(statement), ()) for statement in _STATEMENTS])
    yield from closing(say)
    yield Paragraph(say("reference"), "small")


_STATEMENTS: Final = (
    "custodian", "business", "records", "prepared", "regular", "accurate", "copies", "show", "unseen",
)  # fmt: skip


def closing(say: Wording, **values: object) -> Iterator[Block]:
    """The words of 28 U.S.C. 1746(2), and lines to sign on."""
    yield Paragraph(say("perjury", **values), "keep")
    yield Lines((say("signature"), say("name")))
