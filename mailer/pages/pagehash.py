"""The hash of a piece: of what its own pages show, however the PDF that holds them is packed.

"pages-1:" and the SHA-256, in hexadecimal, of the text of its pages, a line each, in their order. The text of
a page is its boxes, its turn, the SHA-256 of what it draws (its content streams, inflated and joined), and
the hash of each resource that this names. The hash of an object is the SHA-256 of its text: numbers without
needless digits, keys sorted, a stream as its dictionary without /Length and Flate and the SHA-256 of its
inflated bytes, what it holds as hashes. So it is the same in a file of hundreds of pieces, where fonts and
forms are shared, in a single cut, and in one written anew with other object numbers. A link is no part of it,
since it shows nothing; any other annotation could cover what the page says, and is refused.

A piece that is a file of its own, a newsletter, and one of an older mailer has no "pages-1:" before its hash:
it is the SHA-256 of the bytes of its own PDF (mailer.pages.imposition.cut). Page numbers are 1-based and
inclusive.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pikepdf

from mailer.errors import NONSENSE, in_words
from mailer.pages.imposition import cuts, open_pdf

KIND: Final = "pages-1:"
LARGEST: Final = 1 << 28
"""Bytes that the streams of one file may have, inflated."""
_DEEPEST: Final = 40
_BOXES: Final = ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate", "/UserUnit")
_INHERITED: Final = frozenset(("/MediaBox", "/CropBox", "/Rotate", "/Resources"))
_NAME: Final = re.compile(rb"/([^\x00\t\n\f\r ()<>\[\]{}/%]+)")
_USED: Final = re.compile(
    _NAME.pattern + rb"(?=[\x00\s]+(?:[-+.0-9]+[\x00\s]+Tf|Do|gs|cs|CS|scn|SCN|sh|BDC|DP)\b)"
)
"""A resource's name before the operator that takes it (ISO 32000-1, table A.1)."""
_ALWAYS: Final = frozenset(("/DefaultGray", "/DefaultRGB", "/DefaultCMYK"))
"""Resources that take effect without being named (ISO 32000-1, 8.6.5.6)."""
_PLAIN: Final = frozenset(
    (
        *("/Type", "/Pages", "/Version", "/Extensions", "/Lang", "/Metadata", "/PieceInfo", "/Dests"),
        *("/MarkInfo", "/StructTreeRoot", "/OutputIntents", "/ViewerPreferences", "/PageMode", "/PageLayout"),
        "/Outlines",
    )
)
_BEGINS: Final = re.compile(rb"[(%]")
_IN_TEXT: Final = re.compile(rb"\\.|[()]", re.DOTALL)
_LINE_END: Final = re.compile(rb"[\r\n]")
_INLINE: Final = re.compile(rb"(?:\A|[\x00\s])BI(?:[\x00\s/]|\Z)")
_ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")


class PagesUnreadable(ValueError):
    """Pages that cannot be hashed: circular, nested without end, or larger than any that we write."""


def piece_hashes(pdf: Path | bytes, ranges: Sequence[tuple[int, int]]) -> Iterator[str]:
    """The hash of the pages of each of `ranges`. What pages share is read once.

    Raises PagesUnreadable, pikepdf.PdfError.
    """
    with open_pdf(pdf) as source:
        pages = _Pages(source)
        for first, last in ranges:
            yield pages.hash_of(first, last)


def whole_hash(pdf: bytes) -> str:
    """The hash of all pages of a file that anybody may have made. Raises PagesUnreadable."""
    try:
        with open_pdf(pdf) as source:
            _require_plain(source)
            return _Pages(source).hash_of(1, len(source.pages))
    except (pikepdf.PikepdfError, MemoryError, *NONSENSE) as error:
        raise PagesUnreadable(f"cannot be read: {in_words(error)}") from None


def _require_plain(source: pikepdf.Pdf) -> None:
    """Raises PagesUnreadable for a file that shows something else than its pages: another file that it opens
    with, attachments, layers, what a script makes (ISO 32000-1, table 28).
    """
    more = sorted(set(source.Root.keys()) - _PLAIN)
    if "/Names" in source.Root and set(source.Root.Names.keys()) <= {"/Dests"}:
        more.remove("/Names")
    if more or any("/AA" in page.obj for page in source.pages):
        raise PagesUnreadable(f"it holds {', '.join(more) or '/AA'}, which may show more than its pages")


def own_pages(pdf: Path | bytes, pieces: Sequence[tuple[int, int, str]]) -> Iterator[bytes | None]:
    """Each piece's own PDF, cut out of the file: (first page, last page, recorded hash). None where its pages
    are not those of the hash.
    """
    ranges = [(first, last) for first, last, _ in pieces]
    hashed = [recorded.startswith(KIND) for _, _, recorded in pieces]
    own = piece_hashes(pdf, [at for at, by in zip(ranges, hashed, strict=True) if by])
    for content, by, (_, _, recorded) in zip(cuts(pdf, ranges), hashed, pieces, strict=True):
        found = next(own) if by else hashlib.sha256(content).hexdigest()
        yield content if found == recorded else None


class _Pages:
    """The pages of one file, and the hashes of what was met in it so far."""

    def __init__(self, source: pikepdf.Pdf) -> None:
        self._pages = source.pages
        self._count = len(source.pages)  # pikepdf counts them anew each time it is asked
        self._known: dict[tuple[int, int], str] = {}
        self._boxes: dict[bytes, str] = {}
        self._resources: dict[object, str] = {}  # by what a page names of them
        self._left = LARGEST

    def hash_of(self, first: int, last: int) -> str:
        if not 1 <= first <= last <= self._count:
            raise PagesUnreadable(f"pages {first}-{last} of {self._count}")
        text = "".join(f"{self._page(self._pages[at].obj)}\n" for at in range(first - 1, last))
        return KIND + _sha(text)

    def _page(self, page: pikepdf.Object) -> str:
        _require_links_alone(page)
        boxes = [self._box(inherited(page, name)) for name in _BOXES]
        contents = page.get("/Contents")
        streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents] if contents else []
        drawn = b"\n".join(self._inflated(stream) for stream in streams)
        resources = self._used(inherited(page, "/Resources"), drawn, 0)
        return " ".join((*boxes, hashlib.sha256(drawn).hexdigest(), resources))

    def _box(self, held: Any) -> str:
        """The text of a box, of which a file has few."""
        if not isinstance(held, pikepdf.Array) or held.is_indirect:
            return self._object(held, 0)
        key = held.unparse()
        if key not in self._boxes:
            self._boxes[key] = self._object(held, 0)
        return self._boxes[key]

    def _used(self, resources: Any, drawn: bytes, deep: int) -> str:
        """The resources that what is drawn names, of those that all pages of a file may share.

        Raises PagesUnreadable where it names one in a way that one program could read and another not.
        """
        if not isinstance(resources, pikepdf.Dictionary):
            return ""
        # The bytes of a picture may look like anything: all names count.
        inline = b"BI" in drawn and _INLINE.search(drawn)
        used, operators = (_NAME, drawn) if inline else (_USED, _operators(drawn))
        named = frozenset(used.findall(operators)), frozenset(_NAME.findall(operators))
        if not resources.is_indirect:
            return self._taken(resources, *named, deep)
        key = (resources.objgen, *named)
        if key not in self._resources:
            self._resources[key] = self._taken(resources, *named, deep)
        return self._resources[key]

    def _taken(self, resources: Any, used: Collection[bytes], named: Collection[bytes], deep: int) -> str:
        """The text of those resources that are used, of all that are named."""
        names = _ALWAYS | {f"/{_plain(name)}" for name in used}
        doubtful = {f"/{_plain(name)}" for name in named} - names
        found = []
        for kind in sorted(resources.keys()):
            held = resources[kind]
            if isinstance(held, pikepdf.Dictionary):
                if unsure := [name for name in doubtful if name in held]:  # there may be many that are not
                    raise PagesUnreadable(f"it can't be known whether a page uses {min(unsure)}")
                inside = ((name, held[name]) for name in sorted(names) if name in held)
                found += [f"{quote(kind + name)} {self._object(one, deep)}" for name, one in inside]
        return " ".join(found)

    def _object(self, one: Any, deep: int) -> str:
        """What an object is in the text of another: a container's hash, computed once, or itself."""
        if not isinstance(one, pikepdf.Object) or isinstance(one, pikepdf.Name | pikepdf.String):
            return _written(one)
        if deep > _DEEPEST:
            raise PagesUnreadable("a page is nested too deep, or leads back to itself")
        key = one.objgen if one.is_indirect else (0, 0)
        if key == (0, 0):
            return _sha(self._text(one, deep))
        if key not in self._known:
            self._known[key] = _sha(self._text(one, deep))
        return self._known[key]

    def _text(self, one: Any, deep: int) -> str:
        match one:
            case pikepdf.Stream():
                return self._stream(one, deep)
            case pikepdf.Dictionary():
                return f"<{self._entries(one, deep)}>"
            case pikepdf.Array():
                return f"[{' '.join(self._object(each, deep + 1) for each in one)}]"
        raise PagesUnreadable(f"a page holds {one!r:.60}")

    def _entries(self, held: Any, deep: int, leave: Collection[str] = ()) -> str:
        keys = (key for key in sorted(held.keys()) if key not in leave)
        return " ".join(f"{quote(key)} {self._object(held[key], deep + 1)}" for key in keys)

    def _stream(self, stream: pikepdf.Object, deep: int) -> str:
        content = self._inflated(stream)
        leave = {"/Length", "/Filter"} if _is_flate(stream) else {"/Length"}
        resources = ""
        if stream.get("/Subtype") == "/Form":  # shares its resources as a page does
            leave |= {"/Resources"}
            resources = self._used(stream.get("/Resources"), content, deep + 1)
        said = self._entries(stream, deep, leave)
        return f"<{said} {resources}>{hashlib.sha256(content).hexdigest()}"

    def _inflated(self, stream: Any) -> bytes:
        """Without Flate; what has another filter as well stays as it is, its filters in its dictionary."""
        if not isinstance(stream, pikepdf.Stream):
            raise PagesUnreadable("what a page draws is no stream")
        raw: bytes = stream.read_raw_bytes()
        if _is_flate(stream) and "/Filter" in stream:
            inflating = zlib.decompressobj()
            try:
                raw = inflating.decompress(raw, self._left + 1)
            except zlib.error as error:
                raise PagesUnreadable(f"a stream is damaged: {in_words(error)}") from None
        self._left -= len(raw)
        if self._left < 0:
            raise PagesUnreadable("its pages are larger than any that this version writes")
        return raw


def _require_links_alone(page: Any) -> None:
    """Raise PagesUnreadable where something lies over the page."""
    notes = page.get("/Annots", ())
    for note in notes if isinstance(notes, pikepdf.Array) else ():
        if not isinstance(note, pikepdf.Dictionary) or note.get("/Subtype") != "/Link" or "/AP" in note:
            raise PagesUnreadable("something lies over the page: an annotation that is no link")


def _written(one: Any) -> str:
    """What holds nothing else, as text."""
    match one:
        case None | bool():
            return repr(one)
        case int() | float() | Decimal():
            return f"{Decimal(one).normalize():f}"
        case pikepdf.Name():
            return quote(str(one))
        case pikepdf.String():
            return f"({bytes(one).hex()})"
    raise PagesUnreadable(f"a page holds a {type(one).__name__}")


def _is_flate(stream: Any) -> bool:
    """Is it packed by nothing, or by Flate alone: how much it was pressed is no part of what it says."""
    filters = stream.get("/Filter")
    named = list(filters) if isinstance(filters, pikepdf.Array) else [filters] if filters is not None else []
    return [str(one) for one in named] in ([], ["/FlateDecode"])


def _operators(drawn: bytes) -> bytes:
    """Without the strings that it shows, which may say what an operator does, and without comments."""
    parts, at = [], 0
    while found := _BEGINS.search(drawn, at):
        parts.append(drawn[at : found.start()])
        at = _end_of_text(drawn, found.end()) if found[0] == b"(" else _line_end(drawn, found.end())
    return b" ".join((*parts, drawn[at:]))


def _line_end(drawn: bytes, start: int) -> int:
    found = _LINE_END.search(drawn, start)
    return found.end() if found else len(drawn)


def _end_of_text(drawn: bytes, start: int) -> int:
    open_ones = 1
    for found in _IN_TEXT.finditer(drawn, start):
        open_ones += {b"(": 1, b")": -1}.get(found[0], 0)
        if not open_ones:
            return found.end()
    raise PagesUnreadable("a text on a page has no end")


def _plain(name: bytes) -> str:
    """A name as it is written in a content stream, without its escapes."""
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), name).decode("utf-8", "surrogateescape")


def inherited(page: Any, name: str) -> Any:
    """What a page, or the node of the tree above it, says."""
    for _ in range(_DEEPEST):
        if name in page:
            return page[name]
        if name not in _INHERITED or "/Parent" not in page:
            return None
        page = page["/Parent"]
    raise PagesUnreadable("the tree of pages is too deep")


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
