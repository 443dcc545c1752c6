"""`mailer proof`: the letters of a campaign that are most likely to go wrong, as PDF and page images.

Those with the longest name, the most address lines, the biggest change, and so on: the edges. A proof folder
is made anew each time; the proof of one client has its own.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from mailer.campaign.facts import strangers
from mailer.campaign.loading import Campaign, load_campaign
from mailer.clients.record import Client
from mailer.errors import MailerError
from mailer.making import issue as issues
from mailer.making.documents import FROM_NEWSLETTER, Letters, Written
from mailer.making.enclosedfiles import going_with
from mailer.making.enclosures import enclosures_of
from mailer.making.inputs import inputs_digest
from mailer.making.letterpages import letter_of
from mailer.making.letters import examine
from mailer.money import people
from mailer.pages.enclosing import enclosing
from mailer.pages.endorsement import ENDORSEMENT, window_sender
from mailer.pages.imposition import PieceToPrint, assemble
from mailer.pages.issuetext import text_of, without_pictures
from mailer.pages.letter import render_letters, words_of_letter
from mailer.pages.letterhead import Letterhead
from mailer.pages.preflight import Flaw, PdfKind, preflight
from mailer.pages.previews import page_images
from mailer.pages.windowzones import PANEL_ADDRESS
from mailer.planning.mailfolder import MailFolder
from mailer.planning.route import goes_by_email, title_of
from mailer.progress import Progress, silent
from mailer.settings import Paper
from mailer.store.commandlock import making_alone
from mailer.store.listed.clients import find, one_client

ASKED: Final = "as asked"


@dataclass(frozen=True, slots=True)
class ProofEmail:
    """What one client gets by e-mail: `words` are its HTML, as they will stand in the approved pages."""

    name: str
    address: str
    subject: str
    words: str
    is_letter: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """What to look at. `records` are (client's name, why it is among them); `strangers` are dates and amounts
    in the letters that are no facts of the campaign: a letter may contradict itself. `looks` is what is only
    less beautiful; `pages` is how many the longest has that was looked at, of those to who gets the
    newsletter (True) and to who does not. `email` is one that goes so, where any does.
    """

    folder: Path
    pdf: Path
    images: tuple[Path, ...]
    records: tuple[tuple[str, str], ...]
    findings: tuple[Flaw, ...]
    pages: dict[bool, int]
    strangers: tuple[str, ...] = ()
    looks: tuple[str, ...] = ()
    email: ProofEmail | None = None


def proof(mail: MailFolder, name: str, *, client: str = "", progress: Progress = silent) -> Proof:
    """Make the proof of a campaign or an issue, or of what one client gets, named as a person does.

    Raises what `approve` would raise for its texts, UsageProblem where it is not clear who is meant, Refused
    where another command makes one here.
    """
    with making_alone(mail.root):
        return _made(mail, name, client, progress)


def _made(mail: MailFolder, name: str, client: str, progress: Progress) -> Proof:
    campaign = load_campaign(mail.root, name)
    with mail.store.read() as session:
        only = one_client(find(session, client), client) if client else None
    progress("laying out the proof", 0, 0)
    letterhead = mail.letterhead
    folder = mail.root / "proofs" / (f"{name}-client" if only else name)
    beside = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    strange, looks = tuple[str, ...](), tuple[str, ...]()
    if campaign.kind.is_issue:
        records, findings, longest, looks, email = _issue(
            mail, campaign, letterhead, beside / "proof.pdf", only
        )
    else:
        records, findings, longest, strange, looks, email = _letters(
            mail, campaign, letterhead, beside / "proof.pdf", only, progress
        )
    images = page_images(beside / "proof.pdf", beside, stem="page")
    shutil.rmtree(folder, ignore_errors=True)
    beside.rename(folder)
    return Proof(
        folder,
        folder / "proof.pdf",
        tuple(folder / image.name for image in images),
        tuple(records),
        findings,
        longest,
        strange,
        looks,
        email,
    )


def _letters(
    mail: MailFolder,
    campaign: Campaign,
    letterhead: Letterhead,
    out: Path,
    only: Client | None,
    progress: Progress,
) -> tuple[
    list[tuple[str, str]],
    tuple[Flaw, ...],
    dict[bool, int],
    tuple[str, ...],
    tuple[str, ...],
    ProofEmail | None,
]:
    dated = campaign.definition.letter.date or mail.today
    texts = Letters(mail.settings, campaign, dated, inputs_digest(mail.settings, campaign, letterhead))
    edges = Edges(only)
    examine(mail, campaign, texts, progress, seen=edges.look)
    chosen = edges.chosen() if only is None else edges.asked
    if not chosen:
        raise _gets_none(campaign, only)
    rendered = render_letters(
        [letter_of(campaign, dated, written) for written, _ in chosen],
        letterhead,
        mail.settings,
        folders=(campaign.folder,),
        pre_printed=mail.settings.stationery.paper is Paper.PRE_PRINTED,
    )
    pages = out.with_suffix(".pages")
    enclosed = enclosures_of(mail, campaign, letterhead)
    goes = going_with(campaign, (written.client for written, _ in chosen))
    whole, ranges = enclosing(rendered.pdf, rendered.pages, enclosed, goes)
    pages.write_bytes(whole)
    sender = window_sender(mail.settings, letterhead)
    pieces = [
        PieceToPrint(pages, first, last, number, written.recipient, sender, endorsement=ENDORSEMENT)
        for number, ((written, _), (first, last)) in enumerate(zip(chosen, ranges, strict=True), 1)
    ]
    assemble(pieces, out, letterhead, total=len(pieces), backs=False)
    pages.unlink()
    starts = tuple(first for first, _ in rendered.pages)
    findings = preflight(rendered.pdf, PdfKind.LETTERS, letterhead, starts=starts)
    strange = dict.fromkeys(each for written, _ in chosen for each in _strangers(texts, written))
    each = [
        (written.client.newsletter, last - first + 1)
        for (written, _), (first, last) in zip(chosen, ranges, strict=True)
    ]
    whatever = max(pages for _, pages in each)
    longest = {told: max((n for one, n in each if one is told), default=whatever) for told in (True, False)}
    email = _emailed(mail, campaign, dated, edges.emailed) if edges.emailed else None
    shown = [(written.client.name, why) for written, why in chosen]
    return shown, findings, longest, tuple(strange), _looks(mail, campaign, only, email), email


def _looks(
    mail: MailFolder, campaign: Campaign, only: Client | None, email: ProofEmail | None
) -> tuple[str, ...]:
    """That nobody gets by e-mail what was to go so."""
    if email is not None or only is not None or not goes_by_email(mail.settings, campaign):
        return ()
    why = "there is no address, or no contract takes e-mail for notice"
    return (f"Nobody gets it by e-mail: {why}. All of it goes on paper.",)


def _emailed(mail: MailFolder, campaign: Campaign, dated: date, written: Written) -> ProofEmail:
    letter, client = letter_of(campaign, dated, written), written.client
    words = without_pictures(words_of_letter(letter, mail.settings))
    name = client.contact or client.name
    return ProofEmail(name, written.email, letter.subject, words, is_letter=True)


def _strangers(texts: Letters, written: Written) -> tuple[str, ...]:
    """Dates and amounts in one letter that are neither facts of the campaign nor the client's rates."""
    facts = texts.facts(written.change)
    amounts = (
        people(amount)
        for line in written.change.lines
        for amount in (line.old, line.new, abs(line.new - line.old))
    )
    return strangers([*(fact.words for fact in facts), *amounts], written.composed.text)


def _issue(
    mail: MailFolder, issue: Campaign, letterhead: Letterhead, out: Path, only: Client | None
) -> tuple[list[tuple[str, str]], tuple[Flaw, ...], dict[bool, int], tuple[str, ...], ProofEmail | None]:
    issues.examine(mail, issue)
    rendered = issues.render_issue(mail, issue, letterhead)
    findings = (
        *(Flaw(1, remark) for remark in rendered.remarks),
        *preflight(rendered.pdf, PdfKind.NEWSLETTER, letterhead),
    )
    readers = [
        wanted
        for wanted in issues.wanted_newsletters(mail, issue, "")
        if only is None or only.id in wanted.clients
    ]
    reader = max(readers, key=lambda wanted: len(wanted.recipient[0]), default=None)
    if reader is None:
        raise _gets_none(issue, only)
    pages = out.with_suffix(".pages")
    pages.write_bytes(rendered.pdf)
    first, last = rendered.pages[0]
    copy = PieceToPrint(pages, first, last, 1, reader.recipient, (), PANEL_ADDRESS, -1)
    assemble([copy], out, letterhead, total=1, backs=False)
    pages.unlink()
    shown = [(reader.recipient[0], "the longest name" if only is None else ASKED)]
    wired = next((one for one in readers if one.address.get("email")), None)
    email = None
    if wired is not None:
        to, subject = wired.address, title_of(mail.settings, issue)
        email = ProofEmail(
            to["name"] or to["company"], to["email"], subject, text_of(rendered.pdf), is_letter=False
        )
    looks = (*rendered.looks, *_looks(mail, issue, only, email))
    return shown, findings, dict.fromkeys((True, False), last - first + 1), looks, email


def _gets_none(campaign: Campaign, only: Client | None) -> MailerError:
    who = only.name if only else "nobody"
    return MailerError(
        f"{who} would get {'no piece' if only else 'a piece'} of it.",
        where=campaign.path,
        todo=f"Look at [audience] and at `mailer plan {campaign.name}`.",
    )


_EDGES: Final[tuple[tuple[str, Callable[[Written], Any]], ...]] = (
    ("the longest name", lambda w: len(w.client.name)),
    ("the longest address", lambda w: (len(w.recipient), sum(map(len, w.recipient)))),
    (
        "the biggest change",
        lambda w: max((abs(line.rise or Decimal(0)) for line in w.change.lines), default=0),
    ),
    ("the highest amount", lambda w: max((line.new for line in w.change.lines), default=0)),
    ("the most services", lambda w: len(w.change.lines)),
    ("the longest text", lambda w: len(w.composed.text)),
    ("the shortest text", lambda w: -len(w.composed.text)),
    (
        "with the article, who gets no newsletter",
        lambda w: len(w.composed.text) if any(title == FROM_NEWSLETTER for title, _ in w.enclosed) else 0,
    ),
    ("the most unusual letters", lambda w: len({c for line in w.recipient for c in line if not c.isascii()})),
    ("signs that look like markup", lambda w: sum(c in "*_<>[]`{}" for line in w.recipient for c in line)),
)


class Edges:
    """For each edge the letter that goes furthest, of those that were looked at."""

    def __init__(self, only: Client | None = None) -> None:
        self._best: list[tuple[Any, Written] | None] = [None] * len(_EDGES)
        self._only = only
        self.emailed: Written | None = None  # the longest that goes by e-mail
        self.asked: list[tuple[Written, str]] = []  # the letter of the client that was named

    def look(self, written: Written) -> None:
        if self._only is not None and written.client.id == self._only.id:
            self.asked.append((written, ASKED))
        if written.email and (self._only is None or written.client.id == self._only.id):
            longest = self.emailed
            if longest is None or len(written.composed.text) > len(longest.composed.text):
                self.emailed = written
        for number, (_, measure) in enumerate(_EDGES):
            value, held = measure(written), self._best[number]
            if held is None or value > held[0]:
                self._best[number] = (value, written)

    def chosen(self) -> list[tuple[Written, str]]:
        """The letters with why they were chosen; each letter once."""
        found: dict[object, tuple[Written, list[str]]] = {}
        for (why, _), held in zip(_EDGES, self._best, strict=True):
            if held is not None and held[0]:
                found.setdefault(held[1].client.id, (held[1], []))[1].append(why)
        return [(written, ", ".join(reasons)) for written, reasons in found.values()]
