"""Pages laid out once for a whole run: a press that keeps what WeasyPrint made, for all workers.

The same input gives the same bytes (tests/pages proves it), and most tests want the pages that another one
had made already. What is kept is plain: where a document's pages and anchors are, the bytes of a PDF, and
the flaws found in them.
Its key is a digest of every input: the HTML, the style sheet and all other files of the letterhead, those of
the campaign's folders, and the folders' paths where they show in the bytes. The programs are the same for
all of a run, and nothing is kept for another one. What raises an error is made each time.

tests/pages always renders (its conftest), and so does every test where MAILER_TEST_RENDER=1.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from jinja2 import Template

from mailer.errors import MailerError
from mailer.pages.firmtemplate import filled
from mailer.pages.letterhead import Letterhead
from mailer.pages.preflight import Flaw, preflight

VARIABLE = "MAILER_TEST_RENDER"
_ELSEWHERE = re.compile(r"""href\s*=\s*["']?(?!https?:|mailto:|tel:|#)""", re.IGNORECASE)
_RENDERING: list[bool] = [True] if os.environ.get(VARIABLE) else []
_NAMELESS = {".css", ".j2", ".md", ".otf", ".svg", ".ttf", ".txt"}  # a raster's address is its name in a PDF


@dataclass(frozen=True)
class Page:
    """What the renderers ask a page for: its anchors by name, (x, y) in CSS pixels, and its columns."""

    anchors: dict[str, tuple[float, float]]
    columns: list[tuple[str, float, list[float]]]


@dataclass
class Document:
    """Laid out by WeasyPrint when it has to be, once; `key` is the digest of all that it is made of."""

    key: str
    pages: Sequence[Any]
    make: Any = field(repr=False)
    _made: tuple[Any, str] | None = field(default=None, repr=False)

    def made(self) -> tuple[Any, str]:
        if self._made is None:
            self._made = self.make()
        return self._made


@dataclass
class Shelf:
    """The folder of what is kept. `found` and `made` count, for those who look whether it is of use."""

    folder: Path
    found: int = 0
    made: int = 0

    def get(self, name: str) -> bytes | None:
        try:
            content = (self.folder / name).read_bytes()
        except FileNotFoundError:
            self.made += 1
            return None
        self.found += 1
        return content

    def put(self, name: str, content: bytes) -> None:
        """Whole or not at all, whoever else writes the same."""
        part = self.folder / f"{name}.{uuid4().hex}.part"
        part.write_bytes(content)
        part.replace(self.folder / name)


class Press:
    """Stands for `mailer.pages.press.Press` of one letterhead and kind."""

    def __init__(
        self, letterhead: Letterhead, kind: str, template: Template, shelf: Shelf, real: Any
    ) -> None:
        self.letterhead = letterhead
        self.template = template
        self._shelf = shelf
        self._real = real  # makes the true press
        self._inputs = _digest(kind, *_named(letterhead.files.items()))
        self._placed = any(Path(name).suffix not in _NAMELESS for name in letterhead.files)

    def __getattr__(self, name: str) -> Any:
        """What merged letters ask of a press: it lays out a few letters of many, which nobody else wants."""
        return getattr(self._real(), name)

    def lay_out(
        self,
        values: Mapping[str, object],
        folders: Sequence[Path] = (),
        *,
        extra: str = "",
        images: dict[str, Any] | None = None,
    ) -> tuple[Document, str]:
        def make() -> tuple[Any, str]:
            made: tuple[Any, str] = self._real().lay_out(values, folders, extra=extra, images=images)
            return made

        try:
            html = filled(self.template, values, todo="")
        except MailerError:
            return self._real().lay_out(values, folders)  # type: ignore[no-any-return] # it says so
        place = str(self.letterhead.folder) if self._placed or _ELSEWHERE.search(html) else ""
        parts = [self._inputs, html, extra, place]
        for folder in folders:
            parts.append(os.path.relpath(folder, self.letterhead.folder))
            files = ((path.relative_to(folder).as_posix(), path.read_bytes()) for path in _files(folder))
            parts += _named(files)
        key = _digest(*parts)
        kept = self._shelf.get(f"{key}.json")
        if kept is not None:
            pages = [Page(**page) for page in json.loads(kept)]
            return Document(key, pages, make), html + extra
        document, source = make()
        found = [
            {
                "anchors": {name: place[:2] for name, place in page.anchors.items()},
                "columns": [(one.name, one.top, one.ends) for one in columns],
            }
            for page, columns in zip(document.pages, self._real().columns(document), strict=True)
        ]
        self._shelf.put(f"{key}.json", json.dumps(found).encode())
        return Document(key, document.pages, make, (document, source)), source

    def columns(self, document: Document) -> tuple[tuple[Any, ...], ...]:
        from mailer.pages.weasy import Columns  # noqa: PLC0415 (imports WeasyPrint)

        if not all(isinstance(page, Page) for page in document.pages):
            return self._real().columns(document)  # type: ignore[no-any-return] # as they were laid out just now
        return tuple(
            tuple(Columns(name, top, tuple(ends)) for name, top, ends in page.columns)
            for page in document.pages
        )

    def write(self, documents: Sequence[tuple[Document, str]], *, tagged: bool = False) -> Any:
        from mailer.pages.press import Rendered  # noqa: PLC0415 (imports WeasyPrint)

        key = _digest(self._inputs, str(tagged), *(document.key for document, _ in documents))
        kept, pages = self._shelf.get(f"{key}.pdf"), self._shelf.get(f"{key}.pages")
        if kept is not None and pages is not None:
            return Rendered(kept, tuple((first, last) for first, last in json.loads(pages)))
        rendered = self._real().write([document.made() for document, _ in documents], tagged=tagged)
        self._shelf.put(f"{key}.pdf", rendered.pdf)
        self._shelf.put(f"{key}.pages", json.dumps(rendered.pages).encode())
        return rendered


class Preflight:
    """Stands for `mailer.pages.preflight.preflight`, which finds the same in the same bytes."""

    def __init__(self, shelf: Shelf, real: Any) -> None:
        self._shelf = shelf
        self._real = real

    def __call__(self, pdf: Path | bytes, kind: str, letterhead: Letterhead, **asked: Any) -> tuple[Any, ...]:
        if _RENDERING:
            return self._real(pdf, kind, letterhead, **asked)  # type: ignore[no-any-return]
        content = pdf if isinstance(pdf, bytes) else pdf.read_bytes()
        said = [
            f"{name} {sorted(value) if isinstance(value, AbstractSet) else value}"
            for name, value in asked.items()
        ]
        faces = _named(letterhead.files.items())
        key = _digest(kind, hashlib.sha256(content).hexdigest(), *faces, *sorted(said))
        kept = self._shelf.get(f"{key}.flaws")
        if kept is not None:
            return tuple(Flaw(*one) for one in json.loads(kept))
        found: tuple[Flaw, ...] = self._real(pdf, kind, letterhead, **asked)
        self._shelf.put(f"{key}.flaws", json.dumps([astuple(one) for one in found]).encode())
        return found


@contextmanager
def keeping(shelf: Shelf) -> Iterator[None]:
    """Whatever is rendered is kept on the shelf with its flaws, and taken from it."""
    from mailer.making import issue, layout, proof  # noqa: PLC0415
    from mailer.pages import press  # noqa: PLC0415

    before = press.press
    patch = pytest.MonkeyPatch()

    def kept(letterhead: Letterhead, kind: str) -> Any:
        if _RENDERING:
            return before(letterhead, kind)
        return Press(
            letterhead, kind, press.template_of(letterhead, kind), shelf, lambda: before(letterhead, kind)
        )

    patch.setattr(press, "press", kept)
    for one in (issue, layout, proof):
        patch.setattr(one, "preflight", Preflight(shelf, preflight))
    try:
        yield
    finally:
        patch.undo()


@contextmanager
def rendering() -> Iterator[None]:
    """Nothing is kept or taken within it."""
    _RENDERING.append(True)
    try:
        yield
    finally:
        _RENDERING.pop()


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _named(files: Any) -> list[str]:
    return [part for name, content in sorted(files) for part in (name, hashlib.sha256(content).hexdigest())]


def _digest(*parts: str) -> str:
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode()
        whole.update(b"%d:" % len(data) + data)
    return whole.hexdigest()
