"""The top of an article written in Word: its one headline, and the subtitle and byline below it.

Works on the HTML that mammoth makes of a document, and changes it.
"""

from __future__ import annotations

import re
from typing import Final

from lxml.html import HtmlElement

HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
LONGEST: Final = 300  # characters of a subtitle; a longer one is a paragraph
HEADING_LONGEST: Final = 90  # of a bold line that is a heading
_BYLINE: Final = re.compile(r"[Bb]y:? (?=[A-Z\u00c0-\u017f])(.{2,80}[^.!?:;])")


def section_front(root: HtmlElement) -> str:
    """The words before the text, or ""; `root` is left with one headline and without them."""
    _bold_headings(root)
    headings = [element for element in root if element.tag in HEADINGS]
    for number, heading in enumerate(headings):
        heading.tag = "h2" if number else "h1"
    front: dict[str, str] = {}
    if headings and headings[0] is root[0]:
        for element in list(root)[1:3]:
            words = " ".join(element.text_content().split())
            byline = _BYLINE.fullmatch(words)
            if element.tag != "p" or element.find(".//img") is not None:
                break
            if byline and "byline" not in front:
                front["byline"] = byline[1]
            elif element.get("class") == "standfirst" and len(words) <= LONGEST and "standfirst" not in front:
                front["standfirst"] = words
            else:
                break
            element.drop_tree()
    return (
        "\n".join(("---", *(f"{key}: {words}" for key, words in front.items()), "---", "")) if front else ""
    )


def _bold_headings(root: HtmlElement) -> None:
    """Without styles a heading is set in bold: a short line of its own, where there is no other heading."""
    if any(element.tag in HEADINGS for element in root):
        return
    for element in root:
        bold = "".join(strong.text_content() for strong in element.iterchildren("strong"))
        words = element.text_content()
        if element.tag == "p" and words.strip() and bold == words and len(words) <= HEADING_LONGEST:
            if words.strip()[-1] in ".:;,!":
                continue
            for strong in list(element.iterchildren("strong")):
                strong.drop_tag()
            element.tag = "h1"
