"""What is printed of an issue, as the template takes it: notices, and sections with their headlines. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from markupsafe import Markup, escape


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
            parts.append(_part(headline, [kicker, one.byline], one.standfirst, rest))
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class TypesetSection:
    """A section as the template sets it: `kicker` is its standing head, or "" where that is its headline."""

    key: str
    kicker: str
    headline: Markup
    byline: str
    standfirst: str
    text: Markup


_HEADING: Final = re.compile(r"<h[123]>(.*?)</h[123]>", re.DOTALL)
_EXACT: Final = re.compile(
    r"<[^>]*>|((?:https?://|www\.)[^\s<]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}\b)"
)
"""A tag, or an address of the web or of mail, or a telephone number, none of which may be divided."""
_LINES: Final = re.compile(r'<p class="lines">(.*?)</p>', re.DOTALL)


def story_of(section: SectionBlock) -> TypesetSection:
    """A section that begins with a heading has that for its headline; others stand in its columns."""
    headline, kicker, rest = _headed(section)
    return TypesetSection(section.key, kicker, headline, section.byline, section.standfirst, set_text(rest))


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
    """Composed HTML with its lists of lines set for narrow columns: "date: what" as a table."""
    return Markup(_EXACT.sub(_undivided, _LINES.sub(_lines, html)))  # noqa: S704 - composed


def _undivided(found: re.Match[str]) -> str:
    return f'<span class="exact">{found[1]}</span>' if found[1] else found[0]


def _lines(found: re.Match[str]) -> str:
    lines = found[1].split("<br>")
    if all(": " in line for line in lines):
        cells = (line.partition(": ")[::2] for line in lines)
        rows = "".join(f"<tr><td>{name}</td><td>{what}</td></tr>" for name, what in cells)
        return f'<table class="pairs">{rows}</table>'
    return f'<div class="lines">{"".join(f"<p>{line}</p>" for line in lines)}</div>'
