"""Opening a client list: its format, its header, what its columns are, who is who in it.

`open_list` reads the whole file once without keeping it, so that an unreadable one fails before anything
is imported, and to learn which identities are shared. `ClientList.rows` then reads it again and yields
row by row. A list that changes between the two is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Final, cast

from mailer.clients import columns as headings
from mailer.clients import encodings
from mailer.clients.cells import Unusable, clean
from mailer.clients.columns import Column
from mailer.clients.identity import Census
from mailer.clients.layout import ListLayout
from mailer.clients.postal import AddressLimits
from mailer.clients.row import ListRow, Refusal, RowParser
from mailer.clients.rowdigest import RowDigests, UnreadRow
from mailer.clients.source import NAME_IT, SAVE_AGAIN, ListProblem, Source
from mailer.errors import UsageProblem, in_words

FORMATS: Final = {
    ".csv": "mailer.clients.textfile:sources",
    ".txt": "mailer.clients.textfile:sources",
    ".tsv": "mailer.clients.textfile:sources",
    ".vcf": "mailer.clients.vcardfile:sources",
    ".xlsx": "mailer.clients.workbook:sources",
    ".xlsm": "mailer.clients.workbook:sources",
}
_HEADER_WITHIN: Final = 40  # rows: titles, dates and filters that exports put above the header
_WORKBOOKS: Final = (".xlsx", ".xlsm")


@dataclass(frozen=True, slots=True)
class ClientList:
    """A list that has been opened.

    `form` says how it is read ("workbook, sheet “Clients”"), `header_row` where the headings stand,
    `columns` what each is taken as, `sets` what `--set` gave. `total` is the number of rows below the
    header that are not blank. `given` names the targets the list speaks about: what it does not speak
    about says nothing about a client who is already known.
    """

    path: Path
    form: str
    header_row: int
    columns: tuple[Column, ...]
    sets: tuple[tuple[str, str], ...]
    total: int
    _source: Source
    _plan: ListLayout
    _census: Census
    _parser: RowParser
    _digests: RowDigests
    _stamp: tuple[int, int]

    @property
    def given(self) -> frozenset[str]:
        return frozenset(column.target for column in self.columns if column.target) | {
            name for name, _ in self.sets
        }

    def rows(self) -> Iterator[ListRow | Refusal]:
        """Each row that is not blank, in the file's order. Raises ListProblem where the file changed."""
        return (read for row in self.unread() if (read := self.read(row)) is not None)

    def unread(self) -> Iterator[UnreadRow]:
        """Each row, blank ones too, in the file's order. Raises ListProblem where the file changed."""
        _unchanged(self.path, self._stamp)
        for number, cells in _below(self._source, self.header_row):
            yield self._digests.unread(number, cells)
        _unchanged(self.path, self._stamp)

    def read(self, row: UnreadRow) -> ListRow | Refusal | None:
        """What the row says; None where it is blank."""
        try:
            picked = self._plan.pick(row.cells)
            return picked and self._parser.parse(row.number, picked, self._census, row.digest)
        except Unusable as finding:
            text = " · ".join(filter(None, row.cells))[:80]
            return Refusal(row.number, finding.reason, finding.todo, text)


def open_list(
    path: Path,
    *,
    today: date,
    check_term: Callable[[str], None],
    limits: Iterable[AddressLimits] = (),
    maps: Iterable[str] = (),
    sets: Iterable[str] = (),
    encoding: str = "",
) -> ClientList:
    """Open the list at `path`.

    `today` decides whether a client whose end is dated has ended. `check_term` raises ValueError for an
    unknown notice term; who passes one of `limits` is remarked on. `maps`, `sets` and `encoding` are the
    words of `--map`, `--set` and `--encoding`. Raises ListProblem where the file cannot be used, UsageProblem
    where the options are wrong.
    """
    wanted, defaults = headings.parse_maps(maps), headings.parse_sets(sets)
    make_sources = _format_of(path, encoding)
    try:
        stamp = _stamp(path)
        source, row, heading_cells = _find_header(path, make_sources(path), {name for name, _ in wanted})
        columns = headings.choose(heading_cells, wanted)
        _check_columns(path, row, columns, defaults)
        plan = ListLayout.of(columns, defaults)
        limits = tuple(limits)
        parser = RowParser(plan.services, today, check_term, limits)
        _try_sets(plan, parser, defaults)
        if source.doubtful:
            _check_encoding(source, row, columns)
        census, total = Census(), 0
        for number, cells in _below(source, row):
            total += plan.enter(number, cells, census)
    except OSError as error:
        raise _unreadable(path, error) from None
    if not total:
        raise ListProblem(
            "there are no rows below the headings.", where=f"{path}", todo="Export the list again."
        )
    digests = RowDigests(columns, defaults, limits, census)
    return ClientList(
        path, source.form, row, columns, defaults, total, source, plan, census, parser, digests, stamp
    )


def _below(source: Source, header_row: int) -> Iterator[tuple[int, list[str]]]:
    return islice(source.passes(), header_row, None)


def _check_encoding(source: Source, header_row: int, columns: tuple[Column, ...]) -> None:
    printed = [column.index for column in columns if column.target in encodings.PRINTED]
    found = encodings.doubt(
        (number, [cells[at] for at in printed if at < len(cells)])
        for number, cells in _below(source, header_row)
    )
    if found:
        number, cell = found
        raise ListProblem(
            "the file does not say in which encoding its letters are, and the one that was guessed makes no "
            f"name: {encodings.readings(cell)}.",
            where=f"{source.path}, row {number}",
            todo=f"{NAME_IT[:-1]}, ms-dos, or windows-1252 where that is right.",
        )


def _format_of(path: Path, encoding: str) -> Callable[[Path], Iterator[Source]]:
    """The reader for a file, by its extension, once its first bytes agree."""
    try:
        if path.is_dir():
            raise ListProblem("it is a folder.", where=f"{path}", todo="Name the list inside it.")
        if not path.exists():
            raise ListProblem(
                "there is no such file.", where=f"{path}", todo="Check the name and the folder."
            )
        if not path.is_file():
            raise ListProblem("it is not a regular file.", where=f"{path}", todo=SAVE_AGAIN)
        with path.open("rb") as stream:
            head = stream.read(512)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    suffix = path.suffix.casefold()
    if suffix not in FORMATS:
        named = f"“{suffix}” files are not read" if suffix else "the name has no extension"
        known = "a list is .csv, .txt, .tsv, .xlsx or .vcf"
        raise ListProblem(f"{named}; {known}.", where=f"{path}", todo=SAVE_AGAIN)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise ListProblem("the file is empty.", where=f"{path}", todo="Export the list again.")
    content = _content(head)
    if suffix in _WORKBOOKS and content != "a workbook":
        raise ListProblem(
            f"it is called {suffix} but holds {content}.",
            where=f"{path}",
            todo="Rename it to .csv if it is text, else save it from the spreadsheet program as .xlsx.",
        )
    if suffix not in _WORKBOOKS and content != "text":
        todo = "Rename it to .xlsx." if content == "a workbook" else SAVE_AGAIN
        raise ListProblem(f"it is called {suffix} but holds {content}.", where=f"{path}", todo=todo)
    module, attribute = FORMATS[suffix].split(":")
    sources = getattr(import_module(module), attribute)
    if not encoding:
        return cast("Callable[[Path], Iterator[Source]]", sources)
    _require_encoding(encoding, workbook=suffix in _WORKBOOKS)
    return cast("Callable[[Path], Iterator[Source]]", partial(sources, named=encoding))


def _require_encoding(encoding: str, *, workbook: bool) -> None:
    """Raises UsageProblem for one that there is not, and for any of a workbook."""
    if encoding not in encodings.ENCODINGS:
        raise UsageProblem(
            f"“{encoding}” is not an encoding of a list.",
            where="--encoding",
            todo=f"Write {', '.join(encodings.ENCODINGS)}.",
        )
    if workbook:
        raise UsageProblem(
            "a workbook says its encoding itself.",
            where=f"--encoding {encoding}",
            todo="Leave the option out.",
        )


def _content(head: bytes) -> str:
    """What a file holds by its first bytes, for people."""
    for mark, name in (
        (b"PK\x03\x04", "a workbook"),
        (b"PK\x05\x06", "an empty archive"),
        (b"\xd0\xcf\x11\xe0", "an old Excel file (.xls) or one protected by a password"),
        (b"%PDF", "a PDF"),
        (b"{\\rtf", "an RTF document"),
        (b"\x1f\x8b", "a compressed file"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"SQLite format 3", "a database"),
    ):
        if head.startswith(mark):
            return name
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return "a web page" if start.startswith((b"<html", b"<!doctype", b"<?xml", b"<table")) else "text"


def _find_header(path: Path, sources: Iterator[Source], mapped: set[str]) -> tuple[Source, int, list[str]]:
    """The source and row whose cells are headings: the first that names a client and an address,
    else the one where most are known.
    """
    best: tuple[int, Source, int, list[str]] | None = None
    trouble: ListProblem | None = None
    for source in sources:
        try:
            for number, cells in islice(source.passes(), _HEADER_WITHIN):
                heading_cells = _headings(cells)
                whole, known = headings.score([cell for cell in heading_cells if cell not in mapped])
                known += len(mapped.intersection(heading_cells))
                if whole:
                    return source, number, heading_cells
                if known > (best[0] if best else 1):
                    best = known, source, number, heading_cells
        except ListProblem as problem:
            # Under a wrong delimiter quotation marks look misplaced: that counts only if no other reads.
            trouble = trouble or problem
    if best:
        return best[1:]
    raise trouble or ListProblem(
        f"no row within the first {_HEADER_WITHIN} has headings that are known, such as Company, "
        "Address, City, State, Zip.",
        where=f"{path}",
        todo="Put headings above the columns, or name them with --map 'COLUMN=FIELD'.",
    )


def _headings(cells: list[str]) -> list[str]:
    try:
        return [clean(cell)[0] for cell in cells]
    except Unusable:
        return []


def _check_columns(
    path: Path, row: int, columns: tuple[Column, ...], sets: tuple[tuple[str, str], ...]
) -> None:
    if twice := headings.repeated(columns):
        raise ListProblem(
            f"the heading “{twice[0]}” stands more than once.",
            where=f"{path}, row {row}",
            todo="Rename or delete one of the columns.",
        )
    targets = {column.target for column in columns} | {name for name, _ in sets}
    for needed, what in ((headings.NAMES, "a company or contact"), ({"line1"}, "an address")):
        if targets.isdisjoint(needed):
            named = ", ".join(f"“{column.heading}”" for column in columns if column.heading)
            example = "company" if needed is headings.NAMES else "line1"
            raise ListProblem(
                f"no column was recognised as {what}; the headings are {named}.",
                where=f"{path}, row {row}",
                todo=f"Name it, for example --map 'COLUMN={example}'.",
            )


def _try_sets(plan: ListLayout, parser: RowParser, sets: tuple[tuple[str, str], ...]) -> None:
    for target, value in sets:
        try:
            parser.check(target, value, plan)
        except Unusable as finding:
            raise UsageProblem(
                f"{finding.reason}.", where=f"--set “{target}={value}”", todo=finding.todo
            ) from None


def _stamp(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def _unchanged(path: Path, stamp: tuple[int, int]) -> None:
    try:
        now = _stamp(path)
    except OSError as error:
        raise _unreadable(path, error) from None
    if now != stamp:
        raise ListProblem("it changed while it was read.", where=f"{path}", todo="Import it again.")


def _unreadable(path: Path, error: Exception) -> ListProblem:
    why = in_words(error)
    return ListProblem(
        f"it cannot be read: {why}.", where=f"{path}", todo="Check the file and its permissions."
    )
