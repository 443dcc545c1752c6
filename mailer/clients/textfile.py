"""Client lists as delimited text: .csv, .txt, .tsv. Read as a stream, never as a whole.

The encoding is a byte order mark's (UTF-8, UTF-16), else UTF-8 where every byte of the file is, else
Windows-1252, which is what Excel's plain "CSV" writes in the United States; unless the user names it. The
delimiter is a comma, semicolon, tab or bar: the one the csv module's sniffer names is tried first, then the
others by how often the first lines hold them, and the reader takes the first under which the header is
recognised.

Quoting is strict: a quotation mark left open would silently swallow the clients after it.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final, TextIO

from mailer.clients.encodings import ENCODINGS, NAMES
from mailer.clients.source import LONGEST_LINE, NAME_IT, SAVE_AGAIN, ListProblem, Source
from mailer.errors import UsageProblem

DELIMITERS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_MARKS: Final = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_CHUNK: Final = 1 << 16
_SAMPLE: Final = 8_192


def sources(path: Path, named: str = "") -> Iterator[Source]:
    """The file under each delimiter, the likeliest first. `named` is what `--encoding` says."""
    encoding = encoding_of(path, named)
    doubtful = encoding == "cp1252" and not named
    for delimiter in _likely_delimiters(_sample(path, encoding)):
        form = f"text in {NAMES[encoding]}, separated by {DELIMITERS[delimiter]}"
        yield Source(path, form, partial(_rows, path, encoding, delimiter), doubtful)


def encoding_of(path: Path, named: str = "") -> str:
    """The encoding under which the whole file decodes, found in one pass over its bytes.

    Raises ListProblem for binary content, an unknown encoding, and a line longer than LONGEST_LINE,
    the last without reading to its end; UsageProblem where the file's mark says another than `named`.
    """
    with path.open("rb") as stream:
        head = stream.read(4)
        marked = next((name for mark, name in _MARKS.items() if head.startswith(mark)), "")
        names = [marked] if marked else [ENCODINGS[named]] if named else ["utf-8", "cp1252"]
        if marked and named and marked != ENCODINGS[named]:
            raise UsageProblem(
                f"the file begins with the mark of {NAMES[marked]}.",
                where=f"--encoding {named}",
                todo="Leave the option out.",
            )
        decoders = {name: codecs.getincrementaldecoder(name)() for name in names}
        stream.seek(0)
        line, run = 1, 0
        while True:
            chunk = stream.read(_CHUNK)
            if marked != "utf-16" and b"\x00" in chunk:
                raise ListProblem(
                    "it holds NUL bytes, so it is not a text file.", where=f"{path}", todo=SAVE_AGAIN
                )
            for name, decoder in list(decoders.items()):
                try:
                    decoder.decode(chunk, final=not chunk)
                except UnicodeDecodeError:
                    del decoders[name]
            if not decoders:
                known = " or ".join(NAMES[name] for name in names)
                raise ListProblem(
                    f"its characters are not {known} text.",
                    where=f"{path}, near line {line}",
                    todo=SAVE_AGAIN if marked else NAME_IT,
                )
            if not chunk:
                return next(iter(decoders))
            line += chunk.count(b"\n")
            end = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
            run = len(chunk) - end - 1 if end >= 0 else run + len(chunk)
            if run > LONGEST_LINE * (2 if marked == "utf-16" else 1):
                raise _too_long(path, line)


def _too_long(path: Path, line: int) -> ListProblem:
    return ListProblem(
        f"the line is longer than {LONGEST_LINE:,} characters, so this is not a list of rows.",
        where=f"{path}, line {line}",
        todo=SAVE_AGAIN,
    )


def _sample(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, newline="") as stream:
        return stream.read(_SAMPLE)


def _likely_delimiters(sample: str) -> list[str]:
    """All, the most frequent first: whether one is right, the headings tell. (What csv.Sniffer reckons with
    takes hours for some hundred quotation marks.)
    """
    lines = "\n".join(sample.splitlines()[:10])
    return sorted(DELIMITERS, key=lambda delimiter: -lines.count(delimiter))


def bounded_lines(stream: TextIO, path: Path) -> Iterator[str]:
    """The lines of a list. Raises ListProblem for one that is too long to be a line."""
    for number, line in enumerate(iter(partial(stream.readline, LONGEST_LINE + 1), ""), start=1):
        if len(line) > LONGEST_LINE:
            raise _too_long(path, number)
        yield line


def _rows(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    with path.open(encoding=encoding, newline="") as stream:
        reader = csv.reader(bounded_lines(stream, path), delimiter=delimiter, strict=True)
        try:
            yield from enumerate(reader, start=1)
        except csv.Error as error:
            wrong = "a quotation mark is not closed, or not doubled inside a quoted cell"
            if "field limit" in str(error):
                wrong = "a cell has more characters than any, or a quotation mark before it is not closed"
            raise ListProblem(
                f"{wrong} ({error}).",
                where=f"{path}, line {reader.line_num}",
                todo="Mend that line, or save the list as .xlsx and import that.",
            ) from None
        except UnicodeDecodeError as error:
            raise ListProblem(f"it changed while it was read ({error.reason}).", where=f"{path}") from None
