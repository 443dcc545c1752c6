"""The press: a letterhead's template laid out as documents, written as one PDF.

Lengths are what the style sheet says. The same input gives the same bytes: the PDF's identifier is
a digest of what was laid out and there are no dates. Every document is laid out alone, so nothing
can run from one recipient's pages to another's; their pages are then written to one file, which
shares the fonts.
"""

from __future__ import annotations

import hashlib
import logging
import re
import shutil
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

from jinja2 import Template

from mailer.errors import NONSENSE, MailerError, in_words
from mailer.pages.bounded import bounded
from mailer.pages.firmtemplate import filled, firm_template
from mailer.pages.letterhead import Letterhead
from mailer.pages.sandbox import long_date
from mailer.pages.supply import Stop, Supply
from mailer.pages.typeface import FontProblem, check_fonts
from mailer.pages.weasy import CSS, HTML, Columns, Document, FontConfiguration, Page, columns_on

_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_USED: Final = re.compile(r"var\(\s*(--[\w-]+)\s*\)")  # one with a fallback needs no value
_DEFINED: Final = re.compile(r"(--[\w-]+)\s*:([^;}]*)")
_NAMED: Final = re.compile(r"var\(\s*(--[\w-]+)")
_SAID: Final = 200  # characters of what WeasyPrint says
_LARGEST: Final = 100_000  # characters of a variable, those that it names put in their place
_LOGGER: Final = logging.getLogger("weasyprint")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A PDF and, for each document in it, its first and last page (1-based, both included).

    `alike` are the documents, by number from 0, that stand in the same places as one that was looked at;
    `remarks` what its author should mend, `looks` what is only less beautiful.
    """

    pdf: bytes = field(repr=False)
    pages: tuple[tuple[int, int], ...]
    alike: frozenset[int] = frozenset()
    remarks: tuple[str, ...] = ()
    looks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Press:
    """One template of one letterhead, its fonts and style sheet read and kept."""

    letterhead: Letterhead
    template: Template
    sheet: CSS
    fonts: FontConfiguration

    def lay_out(
        self,
        values: Mapping[str, object],
        folders: Sequence[Path] = (),
        *,
        extra: str = "",
        images: dict[str, Any] | None = None,
    ) -> tuple[Document, str]:
        """One document, and the HTML it was made from.

        `extra` is CSS for this document alone; `images` keeps pictures between documents of one call.
        """
        html = self.filled(values)
        return self.set(html, folders, extra=extra, images=images), html + extra

    def set(
        self,
        html: str,
        folders: Sequence[Path] = (),
        *,
        extra: str = "",
        images: dict[str, Any] | None = None,
    ) -> Document:
        """The HTML laid out."""
        supply = Supply(self.letterhead, folders)
        base = self.letterhead.folder.as_uri() + "/"
        with _complaints([supply]):
            sheets = [self.sheet]
            if extra:
                sheets.append(CSS(string=extra, font_config=self.fonts, url_fetcher=supply, base_url=base))
            page = HTML(string=html, base_url=base, url_fetcher=supply)
            return page.render(stylesheets=sheets, font_config=self.fonts, cache=images)

    def filled(self, values: Mapping[str, object]) -> str:
        """The template's HTML. Raises MailerError."""
        todo = "Mend the template, or take the shipped one from a new mail folder."
        return filled(self.template, values, todo=todo)

    def columns(self, document: Document) -> tuple[tuple[Columns, ...], ...]:
        """The columns on each of its pages."""
        return tuple(tuple(columns_on(page)) for page in document.pages)

    def write(self, documents: Sequence[tuple[Document, str]], *, tagged: bool = False) -> Rendered:
        """The documents, one after the other, as one PDF; `tagged` for readers and screens (PDF/UA-1).

        Raises FontProblem.
        """
        digest = hashlib.sha256(self.letterhead.digest.encode())
        pages: list[Page] = []
        ranges: list[tuple[int, int]] = []
        for document, source in documents:
            digest.update(source.encode())
            ranges.append((len(pages) + 1, len(pages) + len(document.pages)))
            pages += document.pages
        with _complaints([document.url_fetcher for document, _ in documents]):
            whole, identifier = documents[0][0].copy(pages), digest.hexdigest()[:32].encode()
            pdf = whole.write_pdf(pdf_identifier=identifier, pdf_variant="pdf/ua-1" if tagged else None)
        if problems := check_fonts(pdf, self.letterhead.typefaces):
            raise FontProblem(
                f"{'; '.join(problems)}.",
                where=str(self.letterhead.folder),
                todo="Name only fonts of letterhead/fonts in the style sheet.",
            )
        return Rendered(pdf, tuple(ranges))


@lru_cache(maxsize=8)
def template_of(letterhead: Letterhead, kind: str) -> Template:
    """The letterhead's template for `kind` ("letter", "newsletter"). Raises MailerError."""
    source, known = letterhead.text(f"{kind}.html.j2"), {"logo": letterhead.logo}
    return firm_template(source, _path(letterhead, kind), {"date": long_date}, known, autoescape=True)


def _path(letterhead: Letterhead, kind: str) -> str:
    return str(letterhead.folder / f"{kind}.html.j2")


@lru_cache(maxsize=4)
def press(letterhead: Letterhead, kind: str) -> Press:
    """The press for `kind`: its template and style sheet."""
    template = template_of(letterhead, kind)
    _require_variables(letterhead, kind)
    fonts = _fonts()
    supply = Supply(letterhead)
    with _complaints([supply]):
        sheet = CSS(
            string=letterhead.text(f"{kind}.css"),
            base_url=(letterhead.folder / f"{kind}.css").as_uri(),
            url_fetcher=supply,
            font_config=fonts,
        )
    return Press(letterhead, template, sheet, fonts)


def _require_variables(letterhead: Letterhead, kind: str) -> None:
    """Raises MailerError where a style sheet of the letterhead uses a variable that none of them defines: the
    renderer would leave the rule out without a word; and where variables multiply each other, in the
    template's own style too.
    """
    name = f"{kind}.css"
    sheets = {
        path: _COMMENT.sub("", letterhead.text(path)) for path in letterhead.files if path.endswith(".css")
    }
    defined = {found for text in sheets.values() for found, _ in _DEFINED.findall(text)}
    if _size_of((*sheets.values(), letterhead.text(f"{kind}.html.j2"))) > _LARGEST:
        raise MailerError(
            "has variables that name each other so often that no machine has room for their values.",
            where=str(letterhead.folder / name),
            todo="Write the value where it is used.",
        )
    for path in (name, *(one for one in sheets if one in sheets[name])):  # itself, and those that it imports
        if lacking := sorted({*_USED.findall(sheets[path])} - defined):
            raise MailerError(
                f"uses {', '.join(lacking)}, which is defined nowhere.",
                where=str(letterhead.folder / path),
                todo="docs/make-it-yours.md lists the variables; or give it a value under :root.",
            )


def _said(error: Exception) -> str:
    """What WeasyPrint says of it, where it does in words of its own."""
    own = isinstance(error, TypeError | AssertionError) and str(error)
    return own[:_SAID].rstrip(".") if own else in_words(error)


def _size_of(texts: Iterable[str]) -> int:
    """The characters of the texts' variables, each with all of its values and those that these name."""
    variables: dict[str, str] = {}
    for name, value in (found for text in texts for found in _DEFINED.findall(text)):
        variables[name] = f"{variables.get(name, '')} {value}"
    sizes: dict[str, int] = {}

    def size(name: str) -> int:
        if name not in sizes:
            sizes[name] = 0  # a circle has no value
            value = variables.get(name, "")
            sizes[name] = len(value) + sum(size(one) for one in _NAMED.findall(value))
        return sizes[name]

    try:
        return sum(map(size, variables))
    except RecursionError:
        return _LARGEST + 1


def _fonts() -> FontConfiguration:
    """A configuration whose folder of fonts goes with it, or with the interpreter where that ends first.

    WeasyPrint's own clearing comes too late then. Nothing else may hold the configuration: its font maps
    are 10 to 20 MB.
    """
    fonts = FontConfiguration()
    fonts._folder = Path(mkdtemp(prefix="weasyprint-"))  # noqa: SLF001 (it has no other name)
    weakref.finalize(fonts, shutil.rmtree, fonts._folder, ignore_errors=True)  # noqa: SLF001
    return fonts


class _Complaints(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if record.levelno >= logging.ERROR or message.startswith("Font-face"):
            self.messages.append(message)


@contextmanager
def _complaints(supplies: Sequence[Supply]) -> Iterator[None]:
    """What WeasyPrint merely logs (a picture it cannot read) is an error here, and what it never ends."""
    handler = _Complaints()
    _LOGGER.addHandler(handler)
    try:
        with bounded(len(supplies)):
            yield
    except Stop as stop:
        raise stop.problem from None
    except ArithmeticError:  # text of a size so near nothing that what is divided by it is beyond all numbers
        raise MailerError(
            "a style sheet has a size that nothing can be drawn in.",
            where="letterhead",
            todo="Look for a font-size, width or scale of nothing, or of more than any page.",
        ) from None
    except NONSENSE as error:  # cssselect2 has Python compile a selector, too
        raise MailerError(
            f"can't be laid out: {_said(error)}.",
            where="letterhead or document",
            todo="Look at what was changed last in the style sheet or the template.",
        ) from error
    finally:
        _LOGGER.removeHandler(handler)
    for supply in supplies:
        if supply.refused:
            raise supply.refused[0]
    if handler.messages:
        raise MailerError(f"{'; '.join(handler.messages)}.", where="letterhead or document")
