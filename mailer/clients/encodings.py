"""Which encoding a text file without a mark is in, where its bytes fit several. Pure.

Windows-1252, Mac Roman (Excel for Mac's plain "CSV") and MS-DOS (Excel's "CSV (MS-DOS)") give nearly
every byte a character, so a file in one of them decodes as another and only reads wrong: “Müller” of a Mac is
“MŸller” in Windows. `doubt` looks for what no name has: a capital, a dagger or a quotation mark inside a
word. What a name rarely has (a dash between small letters, “Pe–a”) counts only where no cell shows an
accented letter where Windows-1252 has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Final

# What `--encoding` takes: the codec.
ENCODINGS: Final = {
    "utf-8": "utf-8-sig",
    "windows-1252": "cp1252",
    "mac-roman": "mac_roman",
    "ms-dos": "cp437",
}
NAMES: Final = {
    "utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252",
    "mac_roman": "Mac Roman", "cp437": "MS-DOS",
}  # fmt: skip
# The fields in which a wrong letter goes to print.
PRINTED: Final = frozenset(
    (
        *("company", "name", "contact", "title", "first-name", "last-name", "salutation"),
        *("line1", "line2", "city", "notice-line1", "notice-line2", "notice-city"),
    )
)

# Every character named here is a byte that is an accented letter in Mac Roman or MS-DOS; Õ is Mac's ’.
_LOWER: Final = "a-zß-öø-ÿšœž"
_LETTER: Final = f"A-ZÀ-ÖØ-Þ{_LOWER}"
_TAIL: Final = bytes(range(0x80, 0xC0)).decode("cp1252", "ignore")  # what UTF-8 ends a letter with
_NEVER: Final = re.compile(
    f"Ã[{re.escape(_TAIL)}]|"  # MÃ¼ller: some of the file is in UTF-8
    f"(?<=[{_LOWER}])[ŸŠŽŒÕ](?![A-ZÀ-ÖØ-Þ])"  # SchŸtz, CafŽ, DanÕs
    f"|(?<=[{_LETTER}])[ŸŠŽŒÕ](?=[{_LOWER}])"  # MŸller, PŽrez
    f"|(?<=[ODLdl])Õ(?=[A-Z][{_LOWER}])"  # OÕBrien
    f"|(?<=[{_LETTER}])[†‡ƒ‰ˆ˜‚„‹›•€“”¢£¤](?=[{_LOWER}])"  # noqa: RUF001 Guzm‡n, J”rg
)
_RARELY: Final = re.compile(
    f"(?<![^\\W_])[†‡ƒ‰ˆ˜€…Ÿ](?=[{_LOWER}])"  # noqa: RUF001 †nal, ƒlan
    f"|(?<=[{_LOWER}])[†‡ƒ‰ˆ˜‚](?![^\\W_])"  # noqa: RUF001 Bogot‡
    f"|(?<=[{_LETTER}])[–—…™](?=[{_LOWER}])"  # Pe–a, Le—n, H™tel
    # Panader’a of a Mac is Panadería; but Lee’s
    f"|(?<=[{_LOWER}]{{2}})’(?!(?:s|t|d|m|re|ll|ve)(?![^\\W_]))(?=[{_LOWER}])"
    # Solís of a Mac is Sol’s; the names that end so, as Dan’s is one of too many
    "|(?<![^\\W_])(?:Alan|As|Gen|Lu|Orfal|Par|Pa|Sol)’s(?![^\\W_])"
    "|(?<=[B-DF-HJ-NP-TV-Zb-df-hj-np-qs-tv-z])[šž](?=[b-df-hj-np-tv-z])"  # Kšhler, but not Krška
    "|(?<=[aeiouy])œ"  # Raœl: in French œ follows a consonant
)
_WINDOWS: Final = re.compile(f"[a-z][ß-öø-ÿ]|[A-Z][ß-öø-ÿ](?=[{_LOWER}])")  # Café, Núñez


def doubt(rows: Iterable[tuple[int, Sequence[str]]]) -> tuple[int, str] | None:
    """The row and the cell that show that a list is not in Windows-1252; None where nothing shows it.

    `rows` are numbers and the cells that are printed, decoded as Windows-1252.
    """
    rare: tuple[int, str] | None = None
    windows = False
    for number, cells in rows:
        for cell in cells:
            if cell.isascii():
                continue
            if _NEVER.search(cell):
                return number, cell
            if rare is None and _RARELY.search(cell):
                rare = number, cell
            windows = windows or bool(_WINDOWS.search(cell))
    return None if windows else rare


def readings(cell: str) -> str:
    """A cell decoded as Windows-1252, in that and the other encodings it may be in, for people."""
    raw = cell.encode("cp1252")
    codecs = ["cp1252", "mac_roman", "cp437"]
    with suppress(UnicodeDecodeError):
        raw.decode("utf-8")
        codecs.insert(0, "utf-8")
    return ", ".join(f"“{raw.decode(codec)}” in {NAMES[codec]}" for codec in codecs)
