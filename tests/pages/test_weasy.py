"""What mailer.pages.weasy changes in WeasyPrint: to be seen again at each upgrade."""

from __future__ import annotations

import ctypes
import gc
import platform
from importlib.metadata import version

import pytest

from mailer.pages.weasy import CSS, HTML, FontConfiguration

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
