"""`mailer approve --pdf`: letters that people finished in Word, as PDF, each known by its printed reference.

All letters of the campaign must be there, each once, and each must state its facts. The address that Word
printed in the window is covered in white, so that the route may print it: it is the same address, or the page
is refused for ink where none may be.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

import pypdfium2  # type: ignore[import-untyped]

from mailer.campaign.loading import LETTER, Campaign
from mailer.errors import FileProblems, MailerError, Problem, UsageProblem
from mailer.givenfile import read_given
from mailer.making.documents import MOST, Letters, Written
from mailer.making.enclosedfiles import going_with
from mailer.making.enclosures import enclosures_of
from mailer.making.letterpages import written_of
from mailer.making.letters import wanted_letters
from mailer.making.preparation import Sheet, Wanted
from mailer.making.printcheck import Printed, require_printable
from mailer.making.wordfiles import reference_of
from mailer.pages.enclosing import enclosing
from mailer.pages.everybody import KnownNames
from mailer.pages.foreignpages import upright
from mailer.pages.imposition import open_pdf
from mailer.pages.ink import drawings_of, ink_within, opened
from mailer.pages.letterhead import Letterhead
from mailer.pages.pagehash import piece_hashes
from mailer.pages.pdffile import saved
from mailer.pages.preflight import PdfKind, preflight
from mailer.pages.strangepdf import trouble
from mailer.pages.windowzones import ADDRESSES, HEIGHT
from mailer.planning.mailfolder import MailFolder
from mailer.store.files import LARGEST

LONGEST: Final = 20  # pages of a letter
_LIGATURE: Final = re.compile(f"[{''.join(chr(ord(sign) << 8) for sign in string.ascii_letters)}]{{2,}}")
"""A ligature as Ghostscript 10 tells it, the bytes of its letters swapped: U+6600 U+7400 for "ft"."""


@dataclass(frozen=True, slots=True)
class _Letter:
    """One letter in a file: its reference, its pages, its text, and the text in the address zones."""

    reference: str
    first: int
    last: int
    text: str
    addressed: str


def taken(
    mail: MailFolder,
    campaign: Campaign,
    texts: Letters,
    letterhead: Letterhead,
    source: Path,
    written: Iterable[Written],
) -> dict[UUID, Sheet]:
    """The pages of each client's letter, stored; `written` are those letters. Raises FileProblems with all
    that is wrong; then nothing was approved.
    """
    wanted = {
        reference_of(campaign, written_of(one).client): one
        for part in wanted_letters(mail, campaign, written)
        for one in part
        if not one.facts.second  # the same pages
    }
    problems: list[Problem] = []
    found: dict[Path, list[_Letter]] = {}
    known: set[str] = set()
    clients = [written_of(one).client for one in wanted.values()]
    names = KnownNames((one.company, one.contact, one.email, one.phone) for one in clients)
    for path in _files(source):
        content = read_given(path, LARGEST)
        if wrong := trouble(content, LONGEST * max(len(wanted), 1)):
            raise MailerError(wrong, where=path.name, todo="Nothing was approved.")
        found[path], strange = _letters(upright(content), path.name, campaign.name)
        problems += strange
        for letter in found[path]:
            at = f"{path.name}, page {letter.first}"
            if letter.reference not in wanted:
                problems.append(Problem(at, 0, f"no letter of {campaign.name} is {letter.reference}"))
            elif letter.reference in known:
                problems.append(
                    Problem(at, 0, f"{letter.reference} comes twice; it belongs on the first page alone")
                )
            else:
                try:
                    texts.require(written_of(wanted[letter.reference]), letter.text, path=at)
                except MailerError as error:
                    problems.append(Problem(error.where, 0, error.what))
                wrong_ones = _of_others(mail, campaign, letter, wanted, names)
                problems += [Problem(at, 0, what) for what in wrong_ones]
            known.add(letter.reference)
    absent = [reference for reference in wanted if reference not in known]
    problems += [Problem(source.name, 0, f"the letter {reference} is missing") for reference in absent]
    if problems:
        raise FileProblems(problems[:MOST], todo="Nothing was approved. Mend it in Word and export it again.")
    pages = {path: upright(read_given(path, LARGEST)) for path in found}
    if drawn := [one for path in found for one in _drawn(path.name, pages[path], found[path])]:
        raise FileProblems(drawn[:MOST], todo="Nothing was approved. Move it and export the letters again.")
    whole = {path: _whitened(mail, pages[path], found[path], wanted) for path in found}
    for path, content in whole.items():
        printed = [Printed(wanted[one.reference].recipient[0], one.first, one.last) for one in found[path]]
        starts = [one.first for one in found[path]]
        findings = preflight(content, PdfKind.LETTERS, letterhead, starts=starts, finished=True)
        require_printable(findings, printed, path=path.name)
    enclosed = enclosures_of(mail, campaign, letterhead)
    return dict(
        pair for path in found for pair in _kept(mail, whole[path], found[path], wanted, campaign, enclosed)
    )


def _of_others(
    mail: MailFolder, campaign: Campaign, letter: _Letter, wanted: dict[str, Wanted], names: KnownNames
) -> Iterator[str]:
    """What in a letter is another client's: a reference, and a name that its own text has not."""
    said = re.findall(rf"(Our\s+reference\s+)?({_reference(campaign.name)})", letter.text)
    for other in dict.fromkeys(one for labeled, one in said if labeled or one in wanted):
        if other != letter.reference:
            yield f"the letter {letter.reference} bears another reference too, {other}"
    written, profile = written_of(wanted[letter.reference]), mail.settings.on(mail.today)
    client = written.client
    parts = [campaign.definition.title, written.composed.text]
    parts += [f"{title}\n{one.text}" for title, one in written.enclosed]
    parts += [*profile.known_by, *profile.address.lines(), *written.recipient]
    parts += [client.company, client.contact, client.email, client.phone, client.salutation]
    ours = {name.casefold() for name in names.within("\n".join(parts))}
    for name in names.within(letter.text):
        if name.casefold() not in ours:
            yield (
                f"the letter {letter.reference} names another client, {name}; what belongs there "
                f"stands in {campaign.texts[LETTER].path} too"
            )


def _kept(
    mail: MailFolder,
    content: bytes,
    letters: list[_Letter],
    wanted: dict[str, Wanted],
    campaign: Campaign,
    enclosed: Sequence[bytes],
) -> Iterator[tuple[UUID, Sheet]]:
    """The file stored with what goes with each letter, and each client's pages of it."""
    goes = going_with(campaign, (written_of(wanted[one.reference]).client for one in letters))
    content, ranges = enclosing(content, [(one.first, one.last) for one in letters], enclosed, goes)
    file = mail.store.files.put(content)
    for one, (first, last), sha256 in zip(letters, ranges, piece_hashes(content, ranges), strict=True):
        yield wanted[one.reference].clients[0], Sheet(file, first, last, sha256)


def _files(source: Path) -> list[Path]:
    if source.is_dir():
        found = sorted(path for path in source.iterdir() if path.suffix.lower() == ".pdf")
        if found:
            return found
        raise UsageProblem(f"there is no PDF in {source}.")
    if not source.is_file():
        raise UsageProblem(f"there is no file {source}.")
    return [source]


def _letters(content: bytes, name: str, campaign: str) -> tuple[list[_Letter], list[Problem]]:
    """The letters of one file, and the pages before its first one."""
    reference = re.compile(rf"Our\s+reference\s+({_reference(campaign)})")
    made: list[_Letter] = []
    problems: list[Problem] = []
    with opened(content) as document:
        for number, (text, addressed) in enumerate(_texts(document), 1):
            if found := reference.search(text):
                made.append(_Letter(found[1], number, number, text, addressed))
            elif made:
                last = made.pop()
                whole = f"{last.text} {text}"
                made.append(_Letter(last.reference, last.first, number, whole, last.addressed))
            else:
                why = f"page {number}: no letter begins before it (Our reference {campaign}/…)"
                problems.append(Problem(name, 0, why))
    return made, problems


def _texts(document: pypdfium2.PdfDocument) -> Iterator[tuple[str, str]]:
    """Each page's text, and that in the address zones."""
    zone = ADDRESSES
    box = (zone.x * 72, (HEIGHT - zone.y - zone.h) * 72, (zone.x + zone.w) * 72, (HEIGHT - zone.y) * 72)
    for page in document:
        words = page.get_textpage()
        # pdfium writes a hyphen at a line's end as U+FFFE; the word goes on.
        text = words.get_text_range().replace("\ufffe\r\n", "").replace("\ufffe", "").replace("\u2011", "-")
        yield _LIGATURE.sub(_as_meant, text), _LIGATURE.sub(_as_meant, words.get_text_bounded(*box))
        words.close()
        page.close()


def _as_meant(swapped: re.Match[str]) -> str:
    return "".join(chr(ord(sign) >> 8) for sign in swapped[0])


def _drawn(name: str, content: bytes, letters: list[_Letter]) -> Iterator[Problem]:
    """Pictures and lines where the envelope's windows are: the addresses are printed over them."""
    with opened(content) as document:
        for letter in letters:
            ink = ink_within(drawings_of(document, letter.first), ADDRESSES)
            if ink is not None:
                where = f"{ink.x:.0f} mm from the left and {ink.y:.0f} mm from the top"
                why = (
                    f"page {letter.first}: a picture or a line lies where the envelope's windows are, {where}"
                )
                yield Problem(name, 0, why)


def _whitened(mail: MailFolder, content: bytes, letters: list[_Letter], wanted: dict[str, Wanted]) -> bytes:
    """The file without the addresses in the windows, where they are the letter's own."""
    firm = mail.settings.firm
    zone = ADDRESSES
    cover = (
        f"q 1 1 1 rg {zone.x * 72:.2f} {(HEIGHT - zone.y - zone.h) * 72:.2f} {zone.w * 72:.2f}"
        f" {zone.h * 72:.2f} re f Q"
    ).encode()
    with open_pdf(content) as made:
        for letter in letters:
            own = (*wanted[letter.reference].recipient, firm.name, *firm.address.lines())
            if _words(letter.addressed) <= {word for line in own for word in _words(line)}:
                made.pages[letter.first - 1].contents_add(cover)
        return saved(made)


def _reference(campaign: str) -> str:
    return rf"{re.escape(campaign)}/[A-Za-z0-9-]+"


def _words(text: str) -> set[str]:
    return set(text.casefold().split())
