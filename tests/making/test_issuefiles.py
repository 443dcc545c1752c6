"""An issue for screens: tagged, with title and language, without the panel; the approved one once it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pikepdf

from tests.support.office import Office, page_texts

ISSUE = "2026-12"


def elements(parent: Any) -> Iterator[Any]:
    """All below an element of a PDF's structure, in the order of reading."""
    kids = parent.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def test_an_issue_is_exported_for_screens(office: Office) -> None:
    said = office.does("newsletter", "export", ISSUE).said
    assert "issues/2026-12/2026-12.pdf, 2026-12.txt, 4 page images" in said
    assert "A draft. Next: mailer approve 2026-12 --by NAME" in said
    folder = office.root / "issues/2026-12"
    text = (folder / "2026-12.txt").read_text(encoding="utf-8")
    assert "Restore one file before the year ends" in text
    with pikepdf.open(folder / "2026-12.pdf") as pdf:
        assert str(pdf.Root.Lang) == "en-US"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.docinfo.Title) == "The Finch Letter, December 2026"
        kinds = [str(one.S) for one in pdf.Root.StructTreeRoot.K[0].K]
        assert {"/Art", "/NonStruct"} <= set(kinds)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        tagged = list(elements(pdf.Root.StructTreeRoot))
        assert all(str(one.Alt) for one in tagged if one.S == "/Figure")
        for one in (one for one in tagged if one.S == "/Table"):
            assert any(inner.S == "/TH" for inner in elements(one))
        levels = [int(str(one.S)[2]) for one in tagged if re.fullmatch("/H[1-6]", str(one.S))]
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))  # none is left out
        with pdf.open_outline() as outline:
            (top,) = outline.root
            assert top.title == "The Finch Letter"
            assert "Restore one file before the year ends" in [
                one.title.replace("\u00a0", " ") for one in top.children
            ]
    words = " ".join(page_texts(folder / "2026-12.pdf"))
    assert "When we are here" in words
    assert "Address Service Requested" not in words


def test_what_was_approved_is_exported_whatever_its_files_say_now(office: Office) -> None:
    office.does("approve", ISSUE)
    office.edit("campaigns/2026-12/lead.md", "Restore one file", "Restore no file")
    office.does("newsletter", "export", ISSUE)
    text = (office.root / "issues/2026-12/2026-12.txt").read_text(encoding="utf-8")
    assert "Restore one file before the year ends" in text
    said = office.does("newsletter", "export", "2027-09", exits=2).said
    assert "2027-09" in said
