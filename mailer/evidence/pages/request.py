"""A request to a mail service's custodian of records, and the text of the certificate that is asked for.

Only the service can say that it handed the pieces to the post; how its records are prepared is left for its
own words (Fed. R. Evid. 803(6), 902(11); Cal. Evid. Code 1271(c), 1561(a)). What it shares with the firm's
own certificate is in mailer.evidence.pages.certificate.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailer.evidence.case import ByService, Frame
from mailer.evidence.pages.certificate import WHAT, closing, with_advice, words_of
from mailer.evidence.pages.declaration import STATES
from mailer.evidence.pages.longlists import ListColumn, Lists
from mailer.evidence.pages.service import in_lines
from mailer.evidence.pages.sheets import Block, Lines, Note, Paragraph, Sworn, Title
from mailer.evidence.pages.wording import Wording
from mailer.notice.words import plural
from mailer.pages.letterhead import Letterhead


def request_pdf(by: ByService, frame: Frame, letterhead: Letterhead) -> bytes:
    """For the service's custodian: a request, and the text to correct, complete and sign."""
    say = words_of("request", by, frame, letterhead)
    both = words_of("certificate", by, frame, letterhead)
    lists = Lists(frame, WHAT, letterhead)
    _asked_list(lists, by)
    return with_advice(_request(frame, say), _theirs(frame, say, both), lists, say("what"), frame, letterhead)


def _request(frame: Frame, say: Wording) -> Iterator[Block]:
    yield Title(say("to"), say("for"))
    if frame.rehearsal:
        yield Note([say.headed("rehearsal")], warn=True)
    yield Paragraph(say("please"))
    yield Note([say.headed(passage) for passage in ("ask", "correct", "keep", "how")])
    yield Lines((say("for_the_firm"),))
    yield Paragraph(say("note"), "small")


def _theirs(frame: Frame, say: Wording, both: Wording) -> Iterator[Block]:
    """The text for the service; `both` has what the firm's own certificate says in the same words."""
    california = frame.settings.firm.address.state in STATES
    yield Title(both("title"), both("federal") + (say("by_california") if california else ""))
    yield Paragraph(both("declare"))
    statements = [say(passage) for passage in ("custodian", "business", "copies", "prepared")]
    statements.append(say("by_personnel", regular=both("regular")))
    statements += [say(passage) for passage in ("accurate", "deposited")]
    yield Sworn([(statement, ()) for statement in statements])
    yield from closing(both, state="")


def _asked_list(lists: Lists, by: ByService) -> None:
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
    under = f"{plural(len(by.mailed), 'piece')}; times in UTC."
    lists.add("Schedule of pieces", under, columns, rows)
