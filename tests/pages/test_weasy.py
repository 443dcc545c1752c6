"""What mailer.pages.weasy changes in WeasyPrint: to be seen again at each upgrade."""

from __future__ import annotations

import ctypes
import gc
import platform
from importlib.metadata import version
from pathlib import Path

import pytest

from mailer.pages.bounded import roomy
from mailer.pages.weasy import CSS, HTML, FontConfiguration
from tests.support.office import page_texts

GLIBC = platform.libc_ver()
ALLOCATED_BY_C = GLIBC[0] == "glibc" and tuple(map(int, GLIBC[1].split("."))) >= (2, 33)

FEATURES = CSS(
    string="""
    p { font-variant-numeric: lining-nums }
    em { font-variant-numeric: tabular-nums; letter-spacing: 1pt }
    """
)
PAGE = HTML(string="<p>100 <em>200</em> 300" * 100)


class Allocated(ctypes.Structure):
    """struct mallinfo2 of malloc.h: the eighth of its sizes is `uordblks`, the bytes in use."""

    _fields_ = [("sizes", ctypes.c_size_t * 10)]


def in_use() -> int:
    """Bytes that C code has allocated and not given back."""
    gc.collect()
    asked = ctypes.CDLL(None).mallinfo2
    asked.restype = Allocated
    return int(asked().sizes[7])


def test_the_changes_were_proved_on_this_version() -> None:
    assert version("weasyprint") == "70.0"


@pytest.mark.skipif(not ALLOCATED_BY_C, reason="only glibc from 2.33 says how much is allocated")
def test_lines_with_font_features_leave_nothing_behind() -> None:
    fonts = FontConfiguration()
    for _ in range(3):
        PAGE.render(stylesheets=[FEATURES], font_config=fonts)
    before = in_use()
    for _ in range(5):
        PAGE.render(stylesheets=[FEATURES], font_config=fonts)
    assert in_use() - before < 20_000


@pytest.mark.parametrize(
    ("html", "says"),
    [
        ('<table><tr><td colspan="99999999" rowspan="9999999">x</td></tr></table>', "x"),
        ('<table><col span="99999999"><colgroup span="99999999"></colgroup><tr><td>x</td></tr></table>', "x"),
        (
            '<style>@counter-style x{pad:999999999 "a";symbols:"a"} ol{list-style:x}</style><ol><li>y</ol>',
            "1",
        ),
        (
            (
                '<style>@counter-style x{system:symbolic;symbols:"a"}'
                "ol{list-style:x;counter-reset:list-item 999999998}</style>"
                "<ol><li>y</ol>"
            ),
            "999999999",
        ),
        (
            (
                '<style>@counter-style x{system:additive;additive-symbols:2 "b",1 "a"}'
                "ol{list-style:x;counter-reset:list-item 999999998}</style>"
                "<ol><li>y</ol>"
            ),
            "999999999",
        ),
        (
            "<style>ol{list-style:upper-roman;counter-reset:list-item 387}</style><ol><li>y</ol>",
            "CCCLXXXVIII",
        ),
        ('<style>@counter-style x{pad:3 "0";symbols:"a"} ol{list-style:x}</style><ol><li>y</ol>', "00a"),
        ("<style>ol{list-style:lower-alpha;counter-reset:list-item 27}</style><ol><li>y</ol>", "ab"),
    ],
)
def test_what_html_and_css_ask_for_in_a_number_is_bounded(html: str, says: str, tmp_path: Path) -> None:
    """HTML, forming a table: 1,000 at most; CSS Counter Styles 3, 2: a longer number is in figures."""
    with roomy():
        HTML(string=html).write_pdf(tmp_path / "page.pdf")
    assert says in page_texts(tmp_path / "page.pdf")[0]
