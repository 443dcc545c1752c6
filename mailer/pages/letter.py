"""A letter on the firm's letterhead: what the caller states, and the chunk of pages made of many.

US Letter, 8.5 x 11 in. Page 1 leaves the zones of `zones.LETTER` empty.
"""

from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup, escape

from mailer.errors import FileProblems, MailerError, Problem
from mailer.pages.letterhead import Letterhead
from mailer.pages.typeface import FontProblem, check_characters
from mailer.pages.valuemarks import plain, unmarked
from mailer.profile import Profile
from mailer.settings import Settings

if TYPE_CHECKING:
    from mailer.pages.press import Rendered

MOST: Final = 200  # letters of one call: each page is held until the file is written
NAMED: Final = 20  # letters named in one refusal
MANY: Final = 20  # letters whose pages are worth the 0.1 s that it takes to look for them


COMMON: Final = ("date", "subject", "enclosures", "enclosed", "delivery", "in_window")
"""What a letter says that most letters of a mailing say alike."""

OWN: Final = ("reference", "salutation")
"""What each letter says of its own, besides what its body does."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter. All is plain text but `body_html`, which is a `Composed.html`.

    `salutation` is the whole line without its punctuation, "Dear Ms. Ortega". `delivery` is a line
    such as "By certified mail", or "". `enclosed` are texts that follow on their own pages, each its title
    and its `Composed.html`. `client` is how errors name whom it is to. `marked` is the body with marks for
    the recipient's own texts, and these (`Composed.marked`). `in_window`: the envelope's window shows the
    firm's address, which the letterhead then leaves out.
    """

    reference: str
    date: date
    subject: str
    salutation: str
    body_html: str
    enclosures: tuple[str, ...] = ()
    enclosed: tuple[tuple[str, str], ...] = ()
    delivery: str = ""
    client: str = ""
    marked: tuple[str, tuple[str, ...]] = ("", ())
    in_window: bool = False


def render_letters(
    letters: Sequence[Letter],
    letterhead: Letterhead,
    settings: Settings,
    *,
    folders: Sequence[Path] = (),
    pre_printed: bool = False,
) -> Rendered:
    """The letters as one PDF with each one's page range.

    `folders` are those that pictures may come from besides the letterhead; `pre_printed` leaves
    out the ink that the paper carries already. Raises MailerError; FontProblem, or FileProblems for
    several, naming each letter with characters that no font of the letterhead has.
    """
    from mailer.pages.press import press  # noqa: PLC0415 (imports WeasyPrint)

    if not 1 <= len(letters) <= MOST:
        raise ValueError(f"{len(letters)} letters; one call takes 1 to {MOST}")
    if len(letters) > MANY:
        gc.collect()  # pages refer to each other: those of earlier calls would stay for many calls
    machine = press(letterhead, "letter")
    images: dict[str, Any] = {}
    check(letters, letterhead)
    values = LetterValues(letterhead, settings, pre_printed=pre_printed)
    return machine.write([machine.lay_out(values.of(letter), folders, images=images) for letter in letters])


def says_sender_once(letterhead: Letterhead) -> bool:
    """Whether the firm's template leaves out the address that the window shows; one of before does not."""
    return "letter.in_window" in letterhead.text("letter.html.j2")


class LetterValues:
    """What the template is given. Raises MailerError where the signature's picture is missing."""

    def __init__(self, letterhead: Letterhead, settings: Settings, *, pre_printed: bool) -> None:
        self._settings = settings
        self._firm: dict[date, Profile] = {}
        self._common = {
            "signature": settings.signature,
            "signature_image": signature_image(letterhead, settings),
            "pre_printed": pre_printed,
        }

    def of(self, letter: Letter) -> dict[str, object]:
        if letter.date not in self._firm:
            self._firm[letter.date] = self._settings.on(letter.date)
        return {
            "letter": letter,
            "body": Markup(letter.body_html),  # noqa: S704 - composed from escaped values
            "enclosed": [(title, Markup(html)) for title, html in letter.enclosed],  # noqa: S704 - likewise
            "firm": self._firm[letter.date],
            **self._common,
        }


def words_of_letter(letter: Letter, settings: Settings) -> str:
    """The letter's words as HTML for where there is no page, salutation, signature and policies with them."""
    signature = settings.signature
    lines = [signature.name, ", ".join(filter(None, (signature.title, settings.firm.name)))]
    closing = Markup("<br>").join(escape(line) for line in lines if line)
    parts = [
        Markup("<p>{},</p>").format(letter.salutation),
        Markup(letter.body_html),  # noqa: S704 - composed from escaped values
        Markup("<p>Sincerely,</p><p>{}</p>").format(closing),
    ]
    for title, html in letter.enclosed:
        parts += [Markup("<h2>{}</h2>").format(title), Markup(html)]  # noqa: S704 - likewise
    return "\n".join(parts)


def said_on_paper(letter: Letter) -> str:
    """What its pages must show, whatever the firm's template adds or leaves out: its texts as HTML."""
    return "\n".join((letter.body_html, *(html for _, html in letter.enclosed)))


def signature_image(letterhead: Letterhead, settings: Settings) -> str:
    """The signature's picture within the letterhead, or "". Raises MailerError where it is missing."""
    name = settings.signature.image
    if name and name not in letterhead.files:
        raise MailerError(
            f"the signature's picture {name!r} is not in the letterhead.",
            where=str(letterhead.folder),
            todo="Put it there, or empty `image` under [signature] in mailer.toml.",
        )
    return name


def _require_room_for_enclosed(letters: Sequence[Letter], letterhead: Letterhead) -> None:
    """Raises MailerError where the firm's own template would leave out what goes with a letter."""
    if any(letter.enclosed for letter in letters) and "enclosed" not in letterhead.text("letter.html.j2"):
        raise MailerError(
            "does not print what is enclosed.",
            where=str(letterhead.folder / "letter.html.j2"),
            todo="Take the lines on `enclosed` over from the letterhead that `mailer init` writes.",
        )


@lru_cache(maxsize=64)
def _common_words(html: str) -> str:
    """The words of HTML that many letters have, without those in the place of its marks."""
    return plain(unmarked(html))


def check(letters: Sequence[Letter], letterhead: Letterhead) -> None:
    """Raises MailerError where a letter can't be printed whole: FontProblem, or FileProblems for several,
    naming each letter with characters that no font of the letterhead has.
    """
    _require_room_for_enclosed(letters, letterhead)
    found: list[FontProblem] = []
    for number, letter in enumerate(letters, 1):
        words = (letter.reference, letter.subject, letter.salutation, letter.delivery, *letter.enclosures)
        words += tuple(word for title, html in letter.enclosed for word in (title, _common_words(html)))
        html, own = letter.marked
        text = " ".join((*words, *((_common_words(html), *own) if html else (plain(letter.body_html),))))
        where = letter.client or f"letter {number} ({letter.salutation})"
        try:
            check_characters(text, letterhead.characters, where=where)
        except FontProblem as problem:
            found.append(problem)
    if len(found) == 1:
        raise found[0]
    if found:
        raise FileProblems([Problem(one.where, 0, one.what) for one in found[:NAMED]], todo=found[0].todo)
