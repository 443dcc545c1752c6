"""Reading a TOML file into a checked, frozen record, with all its problems at once.

A problem is `path:line: message`. tomllib tells no line for a value, so a key is located by
walking over the text again (it is valid TOML by then), and only once something is wrong. Numbers
with a point become Decimal; a day is bare (2027-01-01), since a number, a text or a time would be
turned into one silently. A key nobody reads is refused with "perhaps you meant".
"""

from __future__ import annotations

import difflib
import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from types import EllipsisType, NoneType, UnionType
from typing import Annotated, Any, Final, TypeVar, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError, create_model

from mailer.errors import FileProblems, MailerError, Problem

LARGEST: Final = 1_000_000  # bytes; a definition is a page of text
_MOST_DOTS: Final = 100  # of a key or a table's name; tomllib takes the square of their number
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
YEARS: Final = range(1900, 2100)
"""Of a day that somebody writes down: no calendar knows later ones, and a slip must not spoil others."""
_LONGEST_SAID: Final = 500  # of what a check says of a value
_KINDS: Final = {  # by the first word of pydantic's type of an error
    "string": "a text, in quotes",
    "tuple": "a list, in brackets",
    "list": "a list, in brackets",
    "frozen": "a list, in brackets",
    "int": "a whole number",
    "decimal": "a number",
    "bool": "true or false",
}
_OTHER_KIND: Final = ("_type", "_parsing", "_from_float")
_LONGEST_SHOWN: Final = 60  # characters of a wrong value that a message repeats


class Table(BaseModel):
    """A table of a definition file: frozen, and closed to unknown keys."""

    # A table within another is built with it: by itself it would be built twice, which `mailer` waits for.
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True)


Read = TypeVar("Read", bound=Table)
Location = tuple[str | int, ...]


def _day(value: object) -> object:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError(  # noqa: TRY004 (pydantic lets a TypeError through)
            f"{short(value)} is not a day; write it bare, without quotes: 2027-01-01"
        )
    if value.year not in YEARS:
        raise ValueError(f"{value} is outside the years {YEARS[0]} to {YEARS[-1]}")
    return value


Day = Annotated[date, BeforeValidator(_day)]


def _one_line(value: str) -> str:
    """A second line would be another one of an address, or another field of an e-mail's head."""
    if _CONTROL.search(value):
        raise ValueError(
            f"{short(value)} has a line break or another control character; write it on one line"
        )
    return value


OneLine = AfterValidator(_one_line)


def shaped(expression: str, what: str) -> AfterValidator:
    """A text that must match `expression` as a whole; `what` it should be, for the message."""
    pattern = re.compile(expression)

    def check(value: str) -> str:
        if not pattern.fullmatch(value):
            raise ValueError(f"{short(value)} is not {what}")
        return value

    return AfterValidator(check)


def read_text(path: Path) -> str:
    """The UTF-8 text of a definition file. Raises MailerError where there is none."""
    try:
        if not (path.is_file() or path.is_dir()) and path.exists():
            raise MailerError("is not a file.", where=str(path))
        if path.stat().st_size > LARGEST:
            raise MailerError(
                f"is larger than {LARGEST:,} bytes; a definition is a page of text.", where=str(path)
            )
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise MailerError("does not exist.", where=str(path)) from None
    except IsADirectoryError:
        raise MailerError("is a folder, not a file.", where=str(path)) from None
    except UnicodeDecodeError as error:
        raise MailerError(
            f"is not UTF-8 text (byte {error.start}).", where=str(path), todo="Save it as UTF-8."
        ) from None
    except OSError as error:
        raise MailerError(f"cannot be read: {error.strerror}.", where=str(path)) from None


def read(path: Path, model: type[Read], *, shown: str = "") -> Read:
    """The file as `model`. `shown` is how messages name the file (its path by default).

    Raises FileProblems with every problem of the file, MailerError where it cannot be read.
    """
    return parse(read_text(path), model, shown=shown or str(path))


def parse(text: str, model: type[Read], *, shown: str) -> Read:
    """`text` as `model`; see `read`."""
    data = parse_data(text, shown=shown)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise FileProblems(list(_problems(error, text, model, shown))) from None


def read_section(
    path: Path, section: str, shape: Any, empty: Any, *, others: Iterable[str], shown: str = ""
) -> Any:
    """One section of a file that several rooms share, as `shape`; `empty` where it is not there. `others` are
    known to whoever reads them, and not looked at. Raises as `read`.
    """
    return getattr(read(path, _section(section, shape, empty, tuple(others)), shown=shown), section)


@lru_cache(maxsize=32)
def _section(section: str, shape: Any, empty: Any, others: tuple[str, ...]) -> type[Table]:
    fields: dict[str, Any] = dict.fromkeys(others, (Any, None)) | {section: (shape, empty)}
    return create_model("Section", __base__=Table, **fields)


def parse_data(text: str, *, shown: str) -> dict[str, Any]:
    """`text` as tomllib gives it. Raises FileProblems where it is not TOML."""
    for at, written in enumerate(text.splitlines(), 1):
        if written.count(".") > _MOST_DOTS and written.partition("=")[0].count(".") > _MOST_DOTS:
            raise FileProblems([Problem(shown, at, "a key of so many parts is none of ours")])
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        message, line = _syntax(error, text)
    except (ValueError, ArithmeticError):  # over 4,300 digits; an exponent that Decimal cannot hold
        message, line = "not valid TOML: a number is out of all bounds", 0
    except RecursionError:
        message, line = "not valid TOML: brackets are nested too deeply", 0
    raise FileProblems([Problem(shown, line, message)])


def _syntax(error: tomllib.TOMLDecodeError, text: str) -> tuple[str, int]:
    """tomllib's message without its place, and the line (Python 3.11 has them in the message only)."""
    head, _, place = str(error).rpartition(" (at ")
    digits = re.match(r"line (\d+)", place)
    return f"not valid TOML: {head}", int(digits[1]) if digits else text.count("\n") + 1


def _problems(error: ValidationError, text: str, model: type[Table], shown: str) -> Iterator[Problem]:
    data, lines = tomllib.loads(text, parse_float=Decimal), key_lines(text)
    details = [(detail, _written(detail["loc"], data)) for detail in error.errors(include_url=False)]
    for detail, location in details:
        if detail["type"] == "too_short" and any(_is_below(other, location) for _, other in details):
            continue  # the tuple is short only because an entry of it was refused, which is said
        yield Problem(shown, _nearest(lines, location), _message(detail, location, model))


def _is_below(location: Location, above: Location) -> bool:
    return len(location) > len(above) and location[: len(above)] == above


def _written(location: Location, data: object) -> Location:
    """`location` as the file has it: pydantic puts the branch of a union in ("function-…") as well."""
    parts: list[str | int] = []
    for number, part in enumerate(location):
        inside = _inside_data(data, part)
        if inside is not None:
            data = inside[0]
        elif number < len(location) - 1 or _is_tag(part):
            continue
        parts.append(part)
    return tuple(parts)


def _is_tag(part: str | int) -> bool:
    return isinstance(part, str) and (
        part.startswith(("function-", "constrained-", "is-instance")) or "[" in part
    )


def _inside_data(data: object, part: str | int) -> tuple[object] | None:
    if isinstance(data, Mapping) and part in data:
        return (data[part],)
    if isinstance(data, list) and isinstance(part, int) and part < len(data):
        return (data[part],)
    return None


def _message(detail: Any, location: Location, model: type[Table]) -> str:  # noqa: PLR0911 (one a fault)
    key = ".".join(str(part) for part in location) or "the file"
    match detail["type"]:
        case "extra_forbidden":
            known = _known_keys(model, location[:-1])
            close = difflib.get_close_matches(str(location[-1]), known, n=1)
            hint = (
                f"; perhaps you meant {close[0]!r}" if close else f"; known here: {', '.join(sorted(known))}"
            )
            return f"unknown key {short(key)}{hint}"
        case "missing":
            return f"{key!r} is missing"
        case "value_error":
            said = str(detail["ctx"]["error"])  # which may quote the value, whatever its length
            return f"{key}: {said if len(said) <= _LONGEST_SAID else f'{said[:200]}…{said[-200:]}'}"
        case "string_too_short":
            return f"{key}: is empty"
        case "too_short":
            count, least = detail["ctx"]["actual_length"], detail["ctx"]["min_length"]
            return f"{key}: has {count}; at least {least} must be there"
        case "too_long":
            count, most = detail["ctx"]["actual_length"], detail["ctx"]["max_length"]
            return f"{key}: has {count}; at most {most} are allowed"
        case "model_type" | "dict_type":
            return f"{key}: should be a table, not {short(detail['input'])}"
        case _:
            given = detail["input"]
            kind, said = _KINDS.get(detail["type"].partition("_")[0]), detail["msg"]
            if kind and detail["type"].endswith(_OTHER_KIND):
                return f"{key}: should be {kind}, not {short(given)}"
            shown = f", not {short(given)}" if isinstance(given, str | int | Decimal | date) else ""
            return f"{key}: {said[0].lower()}{said[1:]}{shown}"


def short(value: object) -> str:
    """A value as a message repeats it: quoted if a text, and never longer than a line."""
    if isinstance(value, int) and abs(value) > 10**_LONGEST_SHOWN:
        return "so large a number"
    text = _as_toml(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _as_toml(value: object) -> str:
    """The value as a person writes it there."""
    match value:
        case str():
            return repr(value)
        case list():
            return f"[{', '.join(map(_as_toml, value))}]"
        case dict():
            return f"{{{', '.join(f'{key} = {_as_toml(one)}' for key, one in value.items())}}}"
    return str(value).lower().replace("infinity", "inf")


def _known_keys(model: type[Table], location: Location) -> list[str]:
    here: Any = model
    for part in location:
        here = _inside(here, part)
    found = next((found for found in _models(here)), None)
    if found is None:
        return []
    return [info.alias or name for name, info in found.model_fields.items()]


def _inside(annotation: Any, part: str | int) -> Any:
    for found in _models(annotation):
        for name, info in found.model_fields.items():
            if part in (name, info.alias):
                return info.annotation
    arguments = [part for part in get_args(annotation) if part not in (NoneType, Ellipsis, EllipsisType)]
    return arguments[-1] if arguments else None


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (Union, UnionType, Annotated):
        for argument in get_args(annotation):
            yield from _models(argument)


def line_of(text: str, location: Location) -> int:
    """The 1-based line where the key at `location` is written, or where the nearest table
    above it begins; 0 where the file does not mention either. `text` is valid TOML.
    """
    return _nearest(key_lines(text), location)


def _nearest(lines: Mapping[Location, int], location: Location) -> int:
    return next((lines[location[:n]] for n in range(len(location), 0, -1) if location[:n] in lines), 0)


def key_lines(text: str) -> dict[Location, int]:
    """The line of every key, table and array item of a valid TOML text, in one walk over it."""
    return _Walk(text).lines


_BLANK: Final = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_KEY: Final = re.compile(r"""[ \t]*("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+)[ \t]*""")
_STRING: Final = re.compile(
    r'''"""(?:[^\\]|\\.)*?"{3,5}(?!")|\'\'\'.*?'{3,5}(?!')|"(?:[^"\\\n]|\\.)*"|'[^'\n]*\'''', re.DOTALL
)
_PLAIN: Final = re.compile(r"[^,\]}\n#]+")


class _Walk:
    """One pass over a TOML text that tomllib has accepted, noting where each key stands."""

    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n")
        self.at = 0
        self.lines: dict[Location, int] = {}
        self.entries: dict[Location, int] = {}  # of an array of tables, how many so far
        self.starts = [0, *(match.end() for match in re.finditer("\n", self.text))]
        table: Location = ()
        while self._skip_blank():
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._assignment(table)

    def _skip_blank(self) -> bool:
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at < len(self.text)

    def _note(self, location: Location, at: int) -> None:
        self.lines.setdefault(location, bisect_right(self.starts, at))

    def _key(self) -> list[str]:
        parts = []
        while match := _KEY.match(self.text, self.at):
            self.at = match.end()
            quoted = match[1][0] in "\"'"
            parts.append(str(tomllib.loads(f"k={match[1]}")["k"]) if quoted else match[1])
            if self.text[self.at] != ".":
                break
            self.at += 1
        return parts

    def _header(self) -> Location:
        begin, many = self.at, self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        parts, location = self._key(), ()
        self.at += 2 if many else 1
        here: Location = location
        for number, part in enumerate(parts):
            here = (*here, part)
            self._note(here, begin)
            if many and number == len(parts) - 1:
                self.entries[here] = self.entries.get(here, 0) + 1
            if here in self.entries:
                here = (*here, self.entries[here] - 1)
                self._note(here, begin)
        return here

    def _assignment(self, table: Location) -> None:
        begin, here = self.at, table
        for part in self._key():
            here = (*here, part)
            self._note(here, begin)
        self.at += 1  # the sign "="
        self._value(here)

    def _value(self, here: Location) -> None:
        self._skip_blank()
        match self.text[self.at]:
            case "[":
                self._items(here, "]")
            case "{":
                self._items(here, "}")
            case quote:
                match_ = (_STRING if quote in "\"'" else _PLAIN).match(self.text, self.at)
                self.at = match_.end() if match_ else len(self.text)

    def _items(self, here: Location, closing: str) -> None:
        self.at += 1
        number = 0
        while self._skip_blank() and self.text[self.at] != closing:
            if self.text[self.at] == ",":
                self.at += 1
            elif closing == "}":
                self._assignment(here)
            else:
                self._note((*here, number), self.at)
                self._value((*here, number))
                number += 1
        self.at += 1
