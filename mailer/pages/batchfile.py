"""One PDF of many pages, written as it grows: forms for what they share, fonts once, and small pages.

The same pages in the same order give the same bytes. Only numbers are held of what is written already. A
page is its own content stream, over a form or over nothing, or another file's as it is; pages and the nodes
of their tree lie in object streams of NODE.
"""

from __future__ import annotations

import hashlib
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import IO, Any, Final

import pikepdf

FORM: Final = "S"  # the name of what lies under a page
NODE: Final = 200
LONG: Final = 20_000  # bytes: longer than what a page writes of its own
_BOXES: Final = ("MediaBox", "TrimBox", "BleedBox")


@dataclass(frozen=True, slots=True)
class Ground:
    """What lies under a page: its resources' number, and its boxes as a page dictionary has them."""

    resources: int
    boxes: bytes


class BatchFile:
    """A PDF being written to `target`."""

    def __init__(self, target: IO[bytes]) -> None:
        self.count = 0
        self._target = target
        self._digest = hashlib.sha256()
        self._at = 0
        self._offsets = array("Q", [0])
        self._kinds = array("B", [0])  # of the cross-reference: 1 in the file, 2 in an object stream
        self._places = array("H", [0])
        self._known: dict[bytes, int] = {}
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        self._fonts = self._new()
        self._root = self._new()
        self._nodes: list[tuple[int, int]] = []
        self._node = 0
        self._pending: list[tuple[int, bytes]] = []

    def grounds(self, pdf: bytes) -> list[Ground]:
        """The pages of one of WeasyPrint's PDFs without fonts, as forms to lay under others."""
        found = []
        with pikepdf.open(BytesIO(pdf)) as document:
            numbers: dict[tuple[int, int], int] = {}
            for page in document.pages:
                resources = self._once(self._direct(page.obj.Resources, numbers))
                boxes = b"".join(
                    b"/%b %b" % (name.encode(), self._value(page.obj["/" + name], numbers))
                    for name in _BOXES
                    if "/" + name in page.obj
                )
                head = b"/Type/XObject/Subtype/Form/BBox %b/Resources %d 0 R" % (
                    self._value(page.obj.MediaBox, numbers),
                    resources,
                )
                form = self._once_stream(head, content_of(page))
                used = self._once(
                    b"<</Font %d 0 R/XObject<</%b %d 0 R>>>>" % (self._fonts, FORM.encode(), form)
                )
                found.append(Ground(used, boxes))
        return found

    def empty(self, width: float, height: float) -> Ground:
        """Nothing under a page of that size in points."""
        used = self._once(b"<</Font %d 0 R>>" % self._fonts)
        return Ground(used, f"/MediaBox[0 0 {width:g} {height:g}]".encode())

    def page(self, ground: Ground, content: str) -> None:
        stream = self._new()
        self._stream(stream, b"", content.encode("latin-1"))
        self._add(b"/Contents %d 0 R/Resources %d 0 R%b" % (stream, ground.resources, ground.boxes))

    def take(self, pdf: bytes) -> None:
        """The pages of one of WeasyPrint's PDFs as they are, but for their fonts (see `close`)."""
        with pikepdf.open(BytesIO(pdf)) as document:
            numbers: dict[tuple[int, int], int] = {}
            for page in document.pages:
                self._add(self._entries(page.obj, numbers, {"/Type", "/Parent"}))

    def close(self, fonts: bytes, title: str = "") -> None:
        """End the file. `fonts` is a PDF with the fonts of all pages in its catalog under F."""
        self._flush()
        with pikepdf.open(BytesIO(fonts)) as document:
            self._object(self._fonts, self._direct(document.Root.F, {}))
        kids = b" ".join(b"%d 0 R" % node for node, _ in self._nodes)
        self._object(self._root, b"<</Type/Pages/Count %d/Kids[%b]>>" % (self.count, kids))
        catalog = self._new()
        self._object(catalog, b"<</Type/Catalog/Pages %d 0 R>>" % self._root)
        named = b"<</Title %b>>" % pikepdf.String(title).unparse()
        info = b"/Info %d 0 R" % self._once(named) if title else b""
        table = self._new()
        self._offsets[table], self._kinds[table], start = self._at, 1, self._at
        rows = b"".join(
            bytes((kind,)) + offset.to_bytes(5, "big") + place.to_bytes(2, "big")
            for kind, offset, place in zip(self._kinds, self._offsets, self._places, strict=True)
        )
        name = self._digest.hexdigest()[:32].encode()
        head = b"/Type/XRef/Size %d/W[1 5 2]/Root %d 0 R%b/ID[<%b><%b>]" % (
            len(self._offsets), catalog, info, name, name,
        )  # fmt: skip
        self._stream(table, head, rows)
        self._write(b"startxref\n%d\n%%%%EOF\n" % start)

    def _add(self, entries: bytes) -> None:
        if not self._pending:
            self._node = self._new()
        page = self._new()
        self._pending.append((page, b"<</Type/Page/Parent %d 0 R%b>>" % (self._node, entries)))
        self.count += 1
        if len(self._pending) == NODE:
            self._flush()

    def _flush(self) -> None:
        if not self._pending:
            return
        kids = b" ".join(b"%d 0 R" % page for page, _ in self._pending)
        node = b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[%b]>>" % (self._root, len(self._pending), kids)
        self._nodes.append((self._node, len(self._pending)))
        self._together([*self._pending, (self._node, node)])
        self._pending = []

    def _together(self, objects: Sequence[tuple[int, bytes]]) -> None:
        """An object stream."""
        stream, heads, length = self._new(), [], 0
        for place, (number, body) in enumerate(objects):
            heads.append(b"%d %d" % (number, length))
            length += len(body) + 1
            self._offsets[number], self._kinds[number], self._places[number] = stream, 2, place
        head = b" ".join(heads) + b"\n"
        body = head + b"\n".join(body for _, body in objects)
        self._stream(stream, b"/Type/ObjStm/N %d/First %d" % (len(objects), len(head)), body)

    def _new(self) -> int:
        for column in (self._offsets, self._kinds, self._places):
            column.append(0)
        return len(self._offsets) - 1

    def _write(self, content: bytes) -> None:
        self._target.write(content)
        self._digest.update(content)
        self._at += len(content)

    def _object(self, number: int, body: bytes) -> None:
        self._offsets[number], self._kinds[number] = self._at, 1
        self._write(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def _stream(self, number: int, head: bytes, content: bytes) -> None:
        self._packed(number, head + b"/Filter/FlateDecode", _pressed(content))

    def _packed(self, number: int, head: bytes, content: bytes) -> None:
        self._object(number, b"<<%b/Length %d>>\nstream\n%b\nendstream" % (head, len(content), content))

    # Objects of WeasyPrint's, each distinct one once: a logo is the same in all variants.

    def _once(self, body: bytes) -> int:
        key = hashlib.sha256(body).digest()
        if key not in self._known:
            self._known[key] = number = self._new()
            self._object(number, body)
        return self._known[key]

    def _once_stream(self, head: bytes, content: bytes) -> int:
        key = hashlib.sha256(b"%d:%b%b" % (len(head), head, content)).digest()
        if key not in self._known:
            self._known[key] = number = self._new()
            self._packed(number, head + b"/Filter/FlateDecode", _pressed_once(content))
        return self._known[key]

    def _value(self, value: Any, numbers: dict[tuple[int, int], int]) -> bytes:
        if not isinstance(value, pikepdf.Object):
            return str(value).lower().encode() if isinstance(value, bool) else str(value).encode()
        if value.is_indirect:
            if value.objgen not in numbers:
                numbers[value.objgen] = self._taken(value, numbers)
            return b"%d 0 R" % numbers[value.objgen]
        return self._direct(value, numbers)

    def _taken(self, value: Any, numbers: dict[tuple[int, int], int]) -> int:
        if not isinstance(value, pikepdf.Stream):
            return self._once(self._direct(value, numbers))
        try:
            content = value.read_bytes(pikepdf.StreamDecodeLevel.generalized)
            return self._once_stream(self._entries(value, numbers, {"/Filter", "/DecodeParms"}), content)
        except pikepdf.PdfError:  # a photograph: it stays packed as it is
            head, content = self._entries(value, numbers, set()), value.read_raw_bytes()
            key = hashlib.sha256(head + content).digest()
            if key not in self._known:
                self._known[key] = number = self._new()
                self._packed(number, head, content)
            return self._known[key]

    def _direct(self, value: Any, numbers: dict[tuple[int, int], int]) -> bytes:
        if isinstance(value, pikepdf.Dictionary):
            return b"<<%b>>" % self._entries(value, numbers, set())
        if isinstance(value, pikepdf.Array):
            return b"[%b]" % b" ".join(self._value(item, numbers) for item in value)
        body: bytes = value.unparse() if isinstance(value, pikepdf.Object) else self._value(value, numbers)
        return body

    def _entries(self, value: Any, numbers: dict[tuple[int, int], int], without: set[str]) -> bytes:
        return b"".join(
            b"%b %b"
            % (key.encode(), b"%d 0 R" % self._fonts if key == "/Font" else self._value(item, numbers))
            for key, item in value.items()
            if key not in without and key != "/Length"
        )


def _pressed(content: bytes) -> bytes:
    if len(content) > LONG:
        return zlib.compress(content, 9)
    press = zlib.compressobj(5, wbits=13, memLevel=5)  # a page: to set up more takes as long as to press it
    return press.compress(content) + press.flush()


_pressed_once: Final = lru_cache(maxsize=256)(_pressed)  # what lies under pages comes again in each file


def content_of(page: pikepdf.Page) -> bytes:
    """What a page draws."""
    held = page.obj.Contents
    streams = list(held) if isinstance(held, pikepdf.Array) else [held]
    return b"\n".join(stream.read_bytes() for stream in streams)
