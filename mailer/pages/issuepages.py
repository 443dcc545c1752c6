"""What is printed of an issue, as the template takes it: notices, and sections with their headlines. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import zip_longest
from typing import Final

from markupsafe import Markup, escape

from mailer.pages.lastline import tied
from mailer.pages.markdown import JUMP_MARK
from mailer.pages.valuemarks import plain


@dataclass(frozen=True, slots=True)
class SectionBlock:
    """One section. `key` is its CSS class; `html` is a `Composed.html`, the rest plain text."""

    key: str
    title: str
    html: str
    byline: str = ""
    standfirst: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A carried article, set apart on page 1. `effective` is words: "Effective January 1, 2027"."""

    title: str
    html: str
    effective: str


@dataclass(frozen=True, slots=True)
class NewsletterPages:
    """What is printed of an issue. `number` is words: "Number 12"; `date` is a day of its month."""

    name: str
    tagline: str
    date: date
    number: str
    sections: tuple[SectionBlock, ...]
    notices: tuple[Notice, ...] = ()

    @property
    def html(self) -> str:
        """All that the issue says, as one text: the notices, then the sections."""
        parts = [_part(escape(one.title), [one.effective], "", one.html) for one in self.notices]
        for one in self.sections:
            headline, kicker, rest = _headed(one)
            rest = rest.replace(JUMP_MARK, "")
            parts.append(_part(headline, [kicker, one.byline], one.standfirst, rest))
        return "".join(parts)

    @property
    def on_paper(self) -> str:
        """What its pages must show, whatever the firm's template adds or leaves out, as HTML: its texts, and
        each notice's title and day.
        """
        notices = (
            f"<h3>{escape(one.title)}</h3><p>{escape(one.effective)}</p>{one.html}" for one in self.notices
        )
        return "\n".join((*notices, *(one.html for one in self.sections))).replace(JUMP_MARK, "")


@dataclass(frozen=True, slots=True)
class TypesetSection:
    """A section as the template sets it: `kicker` is its standing head, or "" where that is its headline.

    Below its text `onward` says where it goes on. What goes on from another is a `rest`.
    """

    key: str
    kicker: str
    headline: Markup
    byline: str
    standfirst: str
    text: Markup
    onward: str = ""
    is_rest: bool = False


_HEADING: Final = re.compile(r"<h[123]>(.*?)</h[123]>", re.DOTALL)
_EXACT: Final = re.compile(
    r"<[^>]*>|((?:https?://|www\.)[^\s<]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}\b)"
)
"""A tag, or an address of the web or of mail, or a telephone number, none of which may be divided."""
_LETTER: Final = re.compile(r"<[^>]*>|(?<![\w-])([A-Za-z]-[A-Za-z]+)(?![\w-])")
"""A tag, or a word like e-mail, which no line ends within."""
_INNER: Final = re.compile(r"<(/?)h[12456]>")  # under a headline there is one kind of heading
_TABLE: Final = re.compile(r'<table class="data">(.*?</table>)', re.DOTALL)
WHOLE_ROWS: Final = 8  # of a table that no column's end divides
HEADLINE_END: Final = 12  # characters on a headline's last line, at least
_PARAGRAPH: Final = r"<p>(?:(?!</?p>).)*(?<!:)</p>"  # none that says: as this picture shows:
_FIGURE: Final = r"<figure>.*?</figure>"
_AFTER: Final = re.compile(rf"(?<!:</p>\n)({_FIGURE})\s*({_PARAGRAPH})", re.DOTALL)
_BEFORE: Final = re.compile(rf"({_PARAGRAPH})\s*({_FIGURE})", re.DOTALL)
LAST_LINE: Final = 12  # characters on a paragraph's last line, at least
_TIED: Final = re.compile(r"(?:([^\s<>]+) )?([^\s<>]+\u00a0[^\s<>]+)(?=</p>|</li>)")
"""Words that `tied` put together, and the one before them."""
_LINES: Final = re.compile(r'<p class="lines">(.*?)</p>', re.DOTALL)


def stories_of(sections: Sequence[SectionBlock], whole: Collection[int]) -> Stories:
    """The sections as they are set. Those numbered in `whole` (from 0) have no use for their jump."""
    stories, rests, jumps = list[TypesetSection](), list[TypesetSection](), dict[int, int]()
    for number, section in enumerate(sections):
        headline, kicker, text = _headed(section)
        headline = _tied_end(headline)
        begins, mark, goes_on = text.partition(JUMP_MARK)
        if not mark or number in whole or not plain(begins).strip() or not plain(goes_on).strip():
            begins, goes_on = text.replace(JUMP_MARK, ""), ""
        one = TypesetSection(
            section.key, kicker, headline, section.byline, section.standfirst, set_text(begins)
        )
        stories.append(one)
        if goes_on:
            jumps[number] = len(sections) + len(rests)
            text = goes_on.replace(JUMP_MARK, "")
            rests.append(TypesetSection(section.key, "", headline, "", "", set_text(text), is_rest=True))
    return Stories((*stories, *rests), jumps)


@dataclass(frozen=True, slots=True)
class Stories:
    """The stories in the order of their pages. `jumps` says where a story goes on: its number, the rest's."""

    all: tuple[TypesetSection, ...]
    jumps: Mapping[int, int]

    def on(self, pages: Sequence[int], later: Sequence[int] = ()) -> list[TypesetSection]:
        """The stories with the words of their jumps; `pages` are those on which each begins, or (); `later`
        says by how many paragraphs the first picture of each is moved: 1, 0, -1.
        """
        said = [_moved(one, by) if by else one for one, by in zip_longest(self.all, later)]
        for begins, goes_on in self.jumps.items():
            to, back = (f"page {pages[goes_on]}", f"page {pages[begins]}") if pages else ("a later page", "")
            said[begins] = replace(said[begins], onward=f"Continued on {to}")
            said[goes_on] = replace(said[goes_on], kicker=f"Continued from {back}" if back else "Continued")
        return said


def _headed(section: SectionBlock) -> tuple[Markup, str, str]:
    """Its headline, its standing head where that is another, and its text below."""
    html = section.html.lstrip()
    if found := _HEADING.match(html):
        return Markup(found[1]), section.title, html[found.end() :]  # noqa: S704 - composed
    return escape(section.title), "", html


def _part(headline: Markup, small: Sequence[str], standfirst: str, html: str) -> str:
    """A part of an issue as it is read on a screen."""
    lines = [f"<h2>{headline}</h2>"]
    if any(small):
        lines.append(f'<p class="small">{escape(" · ".join(filter(None, small)))}</p>')
    if standfirst:
        lines.append(f"<p><em>{escape(standfirst)}</em></p>")
    return "\n".join((*lines, html))


def set_text(html: str) -> Markup:
    """Composed HTML with its lists of lines set for narrow columns: "date: what" as a table; no paragraph
    ends with a line of one short word or two, or of half a word, a second headline is a sub-heading, a short
    table stays whole.
    """
    text = _LINES.sub(_lines, _INNER.sub(r"<\1h3>", tied(html)))
    exact = _EXACT.sub(_undivided, _TIED.sub(_undivided_end, text))
    return Markup(_TABLE.sub(_whole, _LETTER.sub(_together, exact)))  # noqa: S704 - composed


def _moved(story: TypesetSection, by: int) -> TypesetSection:
    text = (_AFTER if by > 0 else _BEFORE).sub(r"\2\n\1", str(story.text), count=1)
    return replace(story, text=Markup(text))  # noqa: S704 - composed


def untied(story: TypesetSection) -> TypesetSection:
    """As a list of contents has it, in narrow columns."""
    return replace(story, headline=Markup(story.headline.replace("\u00a0", " ")))  # noqa: S704 - composed


def _tied_end(headline: Markup) -> Markup:
    """The headline with its last words tied, so that its last line is not one short word or two."""
    words = headline.split(" ")
    at = len(words) - 1
    while at > 1 and len(" ".join(words[at:])) < HEADLINE_END:
        at -= 1
    return Markup(" ".join((*words[:at], "\u00a0".join(words[at:]))))  # noqa: S704 - composed


def _undivided_end(found: re.Match[str]) -> str:
    before, end = found[1] or "", found[2]
    held = f"{before}\u00a0{end}" if before and len(end) < LAST_LINE else end
    return f'{"" if held != end or not before else before + " "}<span class="together">{held}</span>'


def _undivided(found: re.Match[str]) -> str:
    return f'<span class="exact">{found[1]}</span>' if found[1] else found[0]


def _together(found: re.Match[str]) -> str:
    return f'<span class="together">{found[1]}</span>' if found[1] else found[0]


def _whole(found: re.Match[str]) -> str:
    return f'<table class="data whole">{found[1]}' if found[1].count("<tr") <= WHOLE_ROWS else found[0]


def _lines(found: re.Match[str]) -> str:
    lines = found[1].split("<br>")
    if all(": " in line for line in lines):
        cells = (line.partition(": ")[::2] for line in lines)
        rows = "".join(f'<tr><th scope="row">{name}</th><td>{what}</td></tr>' for name, what in cells)
        return f'<table class="pairs">{rows}</table>'
    return f'<div class="lines">{"".join(f"<p>{line}</p>" for line in lines)}</div>'
