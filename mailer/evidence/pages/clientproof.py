"""The proof for one client: two pages of findings, then the letter itself as exhibits.

Exhibit A is the letter as approved, Exhibit B the page with the address block laid over it again, as the
print room does it; a mail service lays its own, which nobody here saw. C and D are the same of the letter to
the client's other address, where its contract asks for two. All are reduced into a frame, so that
the page can say what it is; the letters' own bytes are attached to the PDF. Nothing of another client is in
it. Points.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Final

import pikepdf

from mailer.evidence.case import Addressee, OneClient, OtherLetter
from mailer.evidence.pages.history import approval_row, corrected, drop_blocks, gone_wrong, long_day, sentence
from mailer.evidence.pages.longlists import Lists, exhibit_place
from mailer.evidence.pages.pack import count_table, step_rows
from mailer.evidence.pages.service import service_blocks
from mailer.evidence.pages.sheets import (
    AddressBlock,
    Block,
    DataTable,
    Facts,
    Head,
    Note,
    Paragraph,
    Sheets,
    Steps,
    Title,
)
from mailer.evidence.pages.wording import Wording, wording
from mailer.judgement.house import HouseVerdict
from mailer.notice.words import spoken
from mailer.pages.letterhead import Letterhead
from mailer.pages.pdffile import saved

WHAT: Final = "Proof of notice"


@dataclass(frozen=True, slots=True)
class Exhibit:
    """Pages of a PDF under one heading. `pages` are 1-based."""

    head: str
    under: str
    pdf: bytes
    pages: Sequence[int]


@dataclass(frozen=True, slots=True)
class Exhibited:
    """A letter as approved, and its first page with the address laid over it: empty where a mail service
    printed the address; `paper`: on pre-printed paper, which is in it.
    """

    letter: bytes
    addressed: bytes
    paper: bool


def client_pdf(one: OneClient, letters: Sequence[Exhibited], letterhead: Letterhead) -> bytes:
    """The findings and exhibits: of its letter, then of that to its other address, if any."""
    say = wording(letterhead, "clientproof", one=one)
    exhibits = list(_exhibits(one, letters, say))
    lists = Lists(one.frame, WHAT, letterhead)
    for exhibit in exhibits:
        for page in exhibit.pages:
            lists.exhibit(f"{exhibit.head}, page {page} of {len(exhibit.pages)}", exhibit.under)
    findings = list(_findings(one, letterhead, say))
    front = Sheets(WHAT, findings, one.frame, letterhead, others=lists.pages, likely=2)
    labels = [one.piece.label, *([one.other.piece.label] if one.other else [])]
    attached = {f"{name}.pdf": each.letter for name, each in zip(labels, letters, strict=True)}
    frames = lists.after(front, title=f"{WHAT}: {one.piece.label}")
    return _framed(frames, front.pages, exhibits, attached)


def _exhibits(one: OneClient, letters: Sequence[Exhibited], say: Wording) -> Iterator[Exhibit]:
    own = letters[0]
    yield Exhibit(say("exhibit_a"), say("attached"), own.letter, range(1, one.piece.pages + 1))
    if own.addressed:
        yield Exhibit(say("exhibit_b"), say("on_paper" if own.paper else "laid"), own.addressed, (1,))
    if one.other is None:
        return
    theirs = letters[1]
    pages = range(1, one.other.piece.pages + 1)
    yield Exhibit(say("exhibit_c"), say("attached_other"), theirs.letter, pages)
    if theirs.addressed:
        yield Exhibit(say("exhibit_d"), say("on_paper" if theirs.paper else "laid"), theirs.addressed, (1,))


def _findings(one: OneClient, letterhead: Letterhead, say: Wording) -> Iterator[Block]:
    frame, piece, notice = one.frame, one.piece, one.notice
    yield Title(WHAT, f"{frame.subject.title}. To {one.client}")
    verb = "holds" if one.holds else "is NOT proved"
    verb += f" ({one.aside})" if one.aside else ""
    yield Note([("", f"Notice to {one.client} {verb}: {sentence(notice.reason)}")], warn=not one.holds)
    effective = f", to take effect on {long_day(frame.subject.effective)}" if frame.subject.effective else ""
    yield Facts(
        [
            ("Client", f"{one.client}{' (' if one.number else ''}{one.number}{')' if one.number else ''}"),
            ("From", f"{frame.settings.firm.name}, {', '.join(frame.settings.firm.address.lines())}"),
            ("Document", f"Letter “{frame.subject.title}”{effective}"),
            ("Piece", f"{piece.label}, {piece.pages} page{'s' if piece.pages > 1 else ''}, {piece.status}"),
            ("SHA-256 of the letter", one.attached),
        ]
    )
    if one.rates:
        yield Head("What changes", 3)
        yield DataTable(("Service", "Rate before", "New rate"), list(one.rates), (50, 25, 25), ("", "n", "n"))
    yield Head("The rule and the day count", 3)
    if one.clause:
        yield Paragraph(say("clause"))
    if notice.results:
        yield count_table(notice.results, notice.mailed)
    for result in notice.results:
        binding = ": the rule that binds" if result.rule is notice.binding and len(notice.results) > 1 else ""
        yield Paragraph(
            f"{result.rule.title} ({result.rule.citation or result.rule.origin.value}){binding}", "strong"
        )
        yield Steps(step_rows(result.steps))
    yield Paragraph(f"{_house(one.house, say)} {wording(letterhead, 'pack')('counsel')}", "small")
    yield Head("The e-mail" if piece.email else "The envelope", 3)
    yield from _addressed(piece, say)
    yield from _went(one, letterhead)
    if one.other is not None:
        yield Head("The other letter that its contract asks for", 3)
        yield Facts(
            [
                ("Piece", f"{one.other.piece.label}, {one.other.piece.status}"),
                ("SHA-256 of the letter", one.other.attached),
                ("Salt of its address", one.other.salt),
            ]
        )
        yield from _addressed(one.other.piece, say)
        yield from _went(one.other, letterhead)
    yield Head("The record", 3)
    yield DataTable(
        ("Event", "Kind", "Recorded (UTC)", "Occurred on", "SHA-256"),
        [
            (str(e.seq), e.kind, f"{e.recorded_at:%Y-%m-%d %H:%M:%S}", str(e.occurred_on), e.hash)
            for e in one.events
        ],
        (8, 20, 21, 14, 37),
        ("", "", "", "", "hash"),
    )
    event, what, who, when, _ = approval_row(one.approval)
    yield Paragraph(say("record", event=event, what=what, who=who, when=when), "small")
    yield Note([(f"{remark.head}.", remark.text) for remark in one.remarks], warn=frame.rehearsal)


def _addressed(piece: Addressee, say: Wording) -> Iterator[Block]:
    """Where it went to."""
    if piece.email:
        yield Paragraph(f"{say('mailed_to')} {piece.email}", "keep")
    else:
        yield Paragraph(say("addressed"), "keep")
    yield AddressBlock(piece.lines)


def _went(one: OneClient | OtherLetter, letterhead: Letterhead) -> Iterator[Block]:
    """How a letter went, and what became of it."""
    if one.drop is not None:
        yield from drop_blocks(one.drop)
    if one.service is not None:
        yield from service_blocks(one.service, one.service_name, letterhead)
    if one.returned:
        back = one.returned if one.returned.alone else replace(one.returned, note="")
        rows = [("What happened to it", f"{'; '.join(gone_wrong(back))}. What was done: {back.done}.")]
        rows += [("Address corrected", corrected(fix)) for fix in back.corrections]
        yield Facts(rows)


def _house(house: HouseVerdict | None, say: Wording) -> str:
    if house is None:
        return say("unjudged")
    media = "; ".join(
        f"{one.medium} {spoken(one.mailed) if one.mailed else 'not out'}" for one in house.media
    )
    return say("house", house=house, media=media)


def _framed(frames: bytes, first: int, exhibits: Sequence[Exhibit], attached: Mapping[str, bytes]) -> bytes:
    """The exhibits' pages, reduced, each on its page of `frames` from the one at `first` (from 0) on; and the
    files that the proof carries, exact to the byte.
    """
    left, bottom, width, height = exhibit_place()
    place = pikepdf.Rectangle(left, bottom, left + width, bottom + height)
    with pikepdf.open(BytesIO(frames)) as target:
        at = first
        for exhibit in exhibits:
            with pikepdf.open(BytesIO(exhibit.pdf)) as source:
                for page in exhibit.pages:
                    shown = target.pages[at]
                    shown.obj.Resources = pikepdf.Dictionary(Font=shown.obj.Resources.Font)  # not the others'
                    shown.add_overlay(source.pages[page - 1], place)
                    at += 1
        for name, content in attached.items():
            target.attachments[name] = pikepdf.AttachedFileSpec(
                target, content, filename=name, mime_type="application/pdf"
            )
        return saved(target)
