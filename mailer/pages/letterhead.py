"""The firm's letterhead: a folder of templates, style sheets and pictures, read once, in the firm's brand.

The brand adds `brand.css` (its colours, its typefaces), the font files it names, and a logo's pixels where
that is a PDF; a file of the folder by the same name stands before them. Everything is served from what was
read, so that `digest` covers exactly what was printed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from mailer import shipped
from mailer.errors import MailerError
from mailer.givenfile import read_given
from mailer.pages.brand import PAIRS, SHEET, Palette, TypePair, brand_sheet, palette
from mailer.pages.logo import Logo, read_logo
from mailer.pages.typeface import SUFFIXES, Typeface, common, read_typeface
from mailer.settings import Brand

FOLDER: Final = "letterhead"  # of a mail folder
REQUIRED: Final = ("letter.html.j2", "letter.css", "newsletter.html.j2", "newsletter.css")
LARGEST: Final = 50_000_000  # bytes of all files together


@dataclass(frozen=True, slots=True)
class Letterhead:
    """All files of the folder by their relative path. `characters` are those every font has."""

    folder: Path
    digest: str
    palette: Palette
    pair: TypePair
    logo: Logo | None
    files: Mapping[str, bytes] = field(repr=False, compare=False, hash=False)
    typefaces: tuple[Typeface, ...] = field(repr=False, compare=False, hash=False)
    characters: frozenset[int] = field(repr=False, compare=False, hash=False)

    def text(self, name: str) -> str:
        """A text file of the letterhead. Raises MailerError."""
        try:
            return self.files[name].decode("utf-8-sig")
        except KeyError:
            raise MailerError(f"{name} is missing.", where=str(self.folder)) from None
        except UnicodeDecodeError:
            raise MailerError(
                "is not UTF-8 text.", where=str(self.folder / name), todo="Save it as UTF-8."
            ) from None

    def typeface(self, role: str) -> Typeface:
        """The brand's typeface for a role: "sans-Regular", "serif-Semibold". Raises MailerError."""
        path = self.pair.path(role)
        for face in self.typefaces:
            if face.path == path:
                return face
        raise MailerError("is missing.", where=str(self.folder / path))


def load_letterhead(folder: Path, brand: Brand) -> Letterhead:
    """The letterhead in `folder`, in that brand. Raises MailerError, FontProblem."""
    root = folder.resolve()
    if not root.is_dir():
        raise MailerError(
            "does not exist.", where=str(folder), todo="`mailer init` makes a letterhead to start from."
        )
    files: dict[str, bytes] = {}
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if any(part.startswith(".") for part in relative.parts) or not path.is_file():
            continue
        if not path.resolve().is_relative_to(root):
            raise MailerError("leads out of the letterhead's folder.", where=str(folder / relative))
        files[relative.as_posix()] = read_given(path, LARGEST)
        if sum(map(len, files.values())) > LARGEST:
            raise MailerError(f"holds more than {LARGEST:,} bytes.", where=str(folder))
    if absent := [name for name in REQUIRED if name not in files]:
        raise MailerError(f"{', '.join(absent)} is missing.", where=str(folder))
    for name, data in _of_the_brand(brand):
        files.setdefault(name, data)
    logo = _logo(brand, files, folder)
    faces = tuple(
        read_typeface(name, data) for name, data in files.items() if Path(name).suffix.lower() in SUFFIXES
    )
    return Letterhead(
        root,
        _digest(files, brand.logo),
        palette(brand),
        PAIRS[brand.typefaces],
        logo,
        files,
        faces,
        common(faces),
    )


def _of_the_brand(brand: Brand) -> Iterator[tuple[str, bytes]]:
    yield SHEET, brand_sheet(brand).encode()
    fonts = shipped.typefaces(brand.typefaces)
    for path in PAIRS[brand.typefaces].files:
        yield path, (fonts / Path(path).name).read_bytes()


def _logo(brand: Brand, files: dict[str, bytes], folder: Path) -> Logo | None:
    if not brand.logo:
        return None
    if brand.logo not in files:
        raise MailerError(
            f"the logo {brand.logo!r} is not in the letterhead.",
            where=str(folder),
            todo='Put it there, or write `logo = ""` under [brand] in mailer.toml.',
        )
    logo = read_logo(brand.logo, files[brand.logo])
    files.setdefault(logo.name, logo.content)
    return logo


def _digest(files: Mapping[str, bytes], logo: str) -> str:
    """SHA-256 over every path and content of what is mailed, so not of an evidence pack's look and words."""
    whole = hashlib.sha256(logo.encode())
    for name, data in sorted(files.items()):
        if name.startswith(("evidence.", "evidence/")):
            continue
        whole.update(f"{name}\0{hashlib.sha256(data).hexdigest()}\n".encode())
    return whole.hexdigest()
