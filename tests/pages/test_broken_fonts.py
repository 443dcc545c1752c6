"""Fonts of the letterhead's own that are broken: what reads them asserts, unpacks and looks up."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.office import RATES, Office

SANS = Path(__file__).parents[2] / "typefaces/source/SourceSans3-Regular.ttf"


def broken(table: bytes) -> bytes:
    """The font with another version of that table (OpenType: a tag, a sum, an offset and a length each)."""
    content = bytearray(SANS.read_bytes())
    entry = content.index(table)
    at = int.from_bytes(content[entry + 8 : entry + 12], "big")
    content[at : at + 4] = b"\0\0\x50\0"
    return bytes(content)


@pytest.mark.parametrize(
    ("table", "says"),
    [(b"maxp", "is not a font that can be read:"), (b"hhea", "is not a font that can be printed: ")],
)
def test_a_broken_table(office: Office, table: bytes, says: str) -> None:
    fonts = office.root / "letterhead/fonts"
    fonts.mkdir()
    (fonts / SANS.name).write_bytes(broken(table))
    said = office.does("proof", RATES, "--client", "N-1", exits=1).said
    assert f"fonts/{SANS.name}: {says}" in said
