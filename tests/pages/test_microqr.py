"""The code of a sheet's mark against an encoder and a reader that others wrote."""

from __future__ import annotations

import pytest
import segno
import zxingcpp
from PIL import Image

from mailer.pages.microqr import SIDE, rows


@pytest.mark.parametrize("content", ["9 1/1", "12 1/2", "1204 1/2", "10000 3/3", "100000 12/12"])
def test_another_encoder_gives_the_same(content: str) -> None:
    symbol = segno.make_micro(content, version="M4", error="M", boost_error=False)
    assert list(rows(content)) == [
        sum(1 << at for at, dark in enumerate(row) if dark) for row in symbol.matrix
    ]


@pytest.mark.parametrize("content", ["123 1/1", "999999 1/2", "10000000 1/1", "123456789012 12/12"])
def test_a_reader_reads_it(content: str) -> None:
    """Some of them segno packs otherwise: it adds a codeword of zeros where the bits end with one."""
    image = Image.new("L", (SIDE + 8, SIDE + 8), 255)
    for row, bits in enumerate(rows(content)):
        for column in range(SIDE):
            image.putpixel((4 + column, 4 + row), 0 if bits >> column & 1 else 255)
    (found,) = zxingcpp.read_barcodes(image.resize((200, 200), Image.Resampling.NEAREST))
    assert found.text == content


def test_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        rows("1234567890123 12/12")
