"""A definition file's problems: all at once, each at its line, each with what to write instead."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from textwrap import dedent
from typing import Annotated

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import Field

from mailer.errors import FileProblems, MailerError
from mailer.tomlfile import LARGEST, Day, Location, Table, key_lines, line_of, parse, read, read_text, shaped


class Room(Table):
    name: Annotated[str, Field(min_length=1)]
    beds: int = Field(default=1, ge=1)
    opened: Day | None = None


class Owner(Table):
    name: str
    code: Annotated[str, shaped("[A-Z]{3}", "three capital letters")] = "ABC"


class Hotel(Table):
    owner: Owner
    rooms: tuple[Room, ...] = Field(min_length=1)
    price: Decimal = Decimal(0)
    notes: dict[str, str] = Field(default_factory=dict)


def problems(text: str) -> list[str]:
    with pytest.raises(FileProblems) as found:
        parse(dedent(text).lstrip("\n"), Hotel, shown="hotel.toml")
    return [str(problem) for problem in found.value.problems]


def test_a_good_file_becomes_a_record() -> None:
    text = """
        price = 140.10
        [owner]
        name = "Ada"
        [[rooms]]
        name = "Blue"
        opened = 2027-01-01
    """
    hotel = parse(dedent(text), Hotel, shown="hotel.toml")
    assert hotel.price == Decimal("140.10")
    assert hotel.rooms == (Room(name="Blue", opened=date(2027, 1, 1)),)


def test_all_problems_come_at_once_with_their_lines() -> None:
    text = """
        # a hotel
        price = "much"

        [owner]
        name = 5
        code = "abc"

        [[rooms]]
        name = "Blue"

        [[rooms]]
        name = ""
        beds = 0
    """
    assert problems(text) == [
        "hotel.toml:2: price: should be a number, not 'much'",
        "hotel.toml:5: owner.name: should be a text, in quotes, not 5",
        "hotel.toml:6: owner.code: 'abc' is not three capital letters",
        "hotel.toml:12: rooms.1.name: is empty",
        "hotel.toml:13: rooms.1.beds: input should be greater than or equal to 1, not 0",
    ]


def test_a_list_with_a_faulty_entry_is_not_called_short_too() -> None:
    assert problems("""
        owner = { name = "Ada" }
        [[rooms]]
        name = 7
    """) == ["hotel.toml:3: rooms.0.name: should be a text, in quotes, not 7"]


def test_an_empty_list_is_called_short() -> None:
    assert problems('rooms = []\nowner = { name = "Ada" }') == [
        "hotel.toml:1: rooms: has 0; at least 1 must be there"
    ]


def test_what_is_missing_is_named_where_its_table_begins() -> None:
    assert problems("""
        [[rooms]]
        beds = 2
    """) == ["hotel.toml: 'owner' is missing", "hotel.toml:1: 'rooms.0.name' is missing"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ('[{name = "a", since = 2027-03-01}]', "[{name = 'a', since = 2027-03-01}]"),
        ("[true, -inf, 1.50]", "[true, -inf, 1.50]"),
    ],
)
def test_a_value_is_shown_as_it_is_written(written: str, shown: str) -> None:
    assert problems(f"owner = {written}\n[[rooms]]\nname = 'Blue'") == [
        f"hotel.toml:1: owner: should be a table, not {shown}"
    ]


def test_a_table_that_is_something_else() -> None:
    assert problems('owner = "Ada"\n[[rooms]]\nname = "Blue"') == [
        "hotel.toml:1: owner: should be a table, not 'Ada'"
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            'ownr = 1\nowner = { name = "A" }\n[[rooms]]\nname = "B"',
            "1: unknown key 'ownr'; perhaps you meant 'owner'",
        ),
        (
            '[owner]\nname = "A"\n\n# who\ncod = "ABC"\n[[rooms]]\nname = "B"',
            "5: unknown key 'owner.cod'; perhaps you meant 'code'",
        ),
        (
            'owner = { name = "A", cod = "ABC" }\n[[rooms]]\nname = "B"',
            "1: unknown key 'owner.cod'; perhaps you meant 'code'",
        ),
        (
            'owner.name = "A"\nowner.cod = "ABC"\n[[rooms]]\nname = "B"',
            "2: unknown key 'owner.cod'; perhaps you meant 'code'",
        ),
        (
            '[owner]\nname = "A"\n[[rooms]]\nname = "B"\n[[rooms]]\nname = "C"\nbed = 2',
            "7: unknown key 'rooms.1.bed'; perhaps you meant 'beds'",
        ),
        (
            'owner = { name = "A" }\nrooms = [\n  { name = "B" },\n  # two\n  { name = "C", bed = 2 },\n]',
            "5: unknown key 'rooms.1.bed'; perhaps you meant 'beds'",
        ),
        (
            '[owner]\nname = "A"\nshoes = 2\n[[rooms]]\nname = "B"',
            "3: unknown key 'owner.shoes'; known here: code, name",
        ),
        (
            '"a[b" = 1\nowner = { name = "A" }\n[[rooms]]\nname = "B"',
            "1: unknown key 'a[b'; known here: notes, owner, price, rooms",
        ),
        (
            "function-x.y = 1\nowner = { name = 'A' }\n[[rooms]]\nname = 'B'",
            "1: unknown key 'function-x'; known here: notes, owner, price, rooms",
        ),
    ],
)
def test_an_unknown_key_has_its_line_and_a_suggestion(text: str, line: str) -> None:
    assert problems(text) == [f"hotel.toml:{line}"]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ('"2027-01-01"', "'2027-01-01' is not a day"),
        ("20270101", "20270101 is not a day"),
        ("2027-01-01T10:00:00", "2027-01-01 10:00:00 is not a day"),
        ("true", "true is not a day"),
    ],
)
def test_a_day_is_written_bare(written: str, reason: str) -> None:
    assert problems(f'owner.name = "A"\n[[rooms]]\nname = "B"\nopened = {written}') == [
        f"hotel.toml:4: rooms.0.opened: {reason}; write it bare, without quotes: 2027-01-01"
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("price = 1\nprice = 2\n", "hotel.toml:2: not valid TOML: Cannot overwrite a value"),
        ("[owner]\nname = Ada\n", "hotel.toml:2: not valid TOML: Invalid value"),
        (
            "[owner\nname = 'Ada'\n",
            "hotel.toml:1: not valid TOML: Expected ']' at the end of a table declaration",
        ),
        ("a = 1\nb = 2\nc = '", 'hotel.toml:3: not valid TOML: Expected "\'"'),
        ("day = 2027-02-30\n", "hotel.toml:1: not valid TOML: Invalid date or datetime"),
        ("a = 1\n\x00", "hotel.toml:2: not valid TOML: Invalid statement"),
        ("a = " + "[" * 5000, "hotel.toml: not valid TOML: brackets are nested too deeply"),
        ("a = " + "1" * 5000, "hotel.toml: not valid TOML: a number is out of all bounds"),
        ("a = 1e99999999999999999999", "hotel.toml: not valid TOML: a number is out of all bounds"),
    ],
)
def test_what_is_not_toml(text: str, problem: str) -> None:
    assert problems(text) == [problem]


def test_a_message_does_not_repeat_a_novel() -> None:
    text = (
        "price = 0x"
        + "f" * 6000
        + '\nowner = { name = "A", code = "'
        + "x" * 9000
        + '" }\n[[rooms]]\nname = "B"\nbeds = -1e400000'
    )
    found = problems(text)
    assert [line[:40] for line in found] == [
        "hotel.toml:2: owner.code: 'xxxxxxxxxxxxx",
        "hotel.toml:5: rooms.0.beds: input should",
    ]
    assert max(len(line) for line in found) < 150


LINES = '''\
# comment
a = 1
b.c = """
a = 7
[t]
"""
d = [
  1,   # [x]
  [2,
   3],
]
"e.f" = 'x' # g = 1
'''

TABLES = """\
[t]
k = { i = 1, j.k = [ "}" ] }

[[list]]
x = 1
[[list]]
x = 2
[list.sub]
y = "# ["
[[list.deep]]
z = 1
[[list.deep]]
z = 2
[ "q u" . 'o"t' ]
w = \'\'\'''x''\'\'\'
v = "\\"" # "
u = 1
"""


@pytest.mark.parametrize(
    ("text", "location", "line"),
    [
        (LINES, ("a",), 2),
        (LINES, ("b",), 3),
        (LINES, ("b", "c"), 3),
        (LINES, ("d",), 7),
        (LINES, ("d", 0), 8),
        (LINES, ("d", 1), 9),
        (LINES, ("d", 1, 1), 10),
        (LINES, ("d", 1, 5), 9),
        (LINES, ("e.f",), 12),
        (LINES, ("t",), 0),
        (LINES, (), 0),
        (TABLES, ("t",), 1),
        (TABLES, ("t", "k", "i"), 2),
        (TABLES, ("t", "k", "j", "k", 0), 2),
        (TABLES, ("t", "missing"), 1),
        (TABLES, ("list",), 4),
        (TABLES, ("list", 0, "x"), 5),
        (TABLES, ("list", 1), 6),
        (TABLES, ("list", 1, "x"), 7),
        (TABLES, ("list", 1, "sub", "y"), 9),
        (TABLES, ("list", 1, "deep", 0), 10),
        (TABLES, ("list", 1, "deep", 1, "z"), 13),
        (TABLES, ("q u", 'o"t', "w"), 15),
        (TABLES, ("q u", 'o"t', "v"), 16),
        (TABLES, ("q u", 'o"t', "u"), 17),
        ("a = 1\r\nb = 2\r\n", ("b",), 2),
        ("a = '\u2028\x85'\nb = 2\n", ("b",), 2),  # an editor counts line feeds only
    ],
)
def test_the_line_of_a_key(text: str, location: Location, line: int) -> None:
    assert line_of(text, location) == line


def test_a_huge_file_with_a_problem_is_answered_at_once(tmp_path: Path) -> None:
    path = tmp_path / "hotel.toml"
    path.write_text("[notes]\n" + "".join(f"key-{n} = 'x'\n" for n in range(55_000)) + "last = 5\n")
    with pytest.raises(FileProblems) as found:
        read(path, Hotel, shown="hotel.toml")
    assert "hotel.toml:55002: notes.last: should be a text, in quotes, not 5" in str(found.value)


def test_a_larger_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "hotel.toml"
    path.write_bytes(b"#" * (LARGEST + 1))
    with pytest.raises(MailerError, match="is larger than 1,000,000 bytes; a definition is a page of text"):
        read_text(path)


def test_a_byte_order_mark_is_not_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "hotel.toml"
    path.write_bytes(b'\xef\xbb\xbfowner = { name = "Ada" }\r\n[[rooms]]\r\nname = "Blue"\r\n')
    assert read(path, Hotel).owner == Owner(name="Ada")


def test_a_latin_1_file_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "hotel.toml"
    path.write_bytes('name = "Café"'.encode("latin-1"))
    with pytest.raises(MailerError) as refused:
        read_text(path)
    assert str(refused.value) == f"{path}: is not UTF-8 text (byte 11).\n  Save it as UTF-8."


def test_no_file_a_folder_and_an_unreadable_one(tmp_path: Path) -> None:
    with pytest.raises(MailerError, match="does not exist"):
        read_text(tmp_path / "none.toml")
    with pytest.raises(MailerError, match="is a folder, not a file"):
        read_text(tmp_path)
    (tmp_path / "loop.toml").symlink_to(tmp_path / "loop.toml")
    with pytest.raises(MailerError, match=r"cannot be read: Too many levels of symbolic links\."):
        read_text(tmp_path / "loop.toml")


KEYS = st.sampled_from(["owner", "rooms", "name", "beds", "opened", "notes"])
SIGNS = st.sampled_from("[]{}=.,'\"#\\\r\n \u2028é1")
PARTS = st.sampled_from(["[[", "]]", '"""', "'''", "-1e9", "nan", "2027-01-01", "true", " = ", "'x'", "\n"])


@given(st.text() | st.lists(KEYS | SIGNS | PARTS, max_size=40).map("".join))
@example('owner = 5\n"function-[x" = 1')
@settings(max_examples=400)
def test_random_text_is_a_record_or_a_problem_of_the_file(text: str) -> None:
    lines = [0]
    try:
        parse(text, Hotel, shown="hotel.toml")
    except FileProblems as found:
        lines += [problem.line for problem in found.problems]
    assert 0 <= min(lines) <= max(lines) <= text.count("\n") + 1


STRINGS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\x7f"), max_size=8)


def _quoted(text: str) -> str:
    return (
        '"'
        + "".join(
            f"\\U{ord(char):08x}" if char in '"\\' or ord(char) < 32 or char == "\x7f" else char
            for char in text
        )
        + '"'
    )


SCALARS = st.one_of(
    st.integers(-9, 9).map(str),
    STRINGS.map(_quoted),
    st.just("'#['"),
    st.just('"""\n[x]\ny = 1\n"""'),
    st.just("2027-01-01 10:00:00"),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3).map(
        lambda items: "[ # ]\n" + " , # ,\n".join([*items, ""]) + "]"
    ),
)


@given(
    st.lists(
        st.tuples(st.text("abcdé ]#=.\"'", min_size=1, max_size=5), VALUES), unique_by=lambda pair: pair[0]
    )
)
def test_every_key_is_found_on_the_line_where_it_was_written(pairs: list[tuple[str, str]]) -> None:
    text, expected = "", {}
    for key, value in pairs:
        expected[(key,)] = text.count("\n") + 1
        text += f"{_quoted(key)} = {value}\n"
    found = key_lines(text)
    assert {place: line for place, line in found.items() if len(place) == 1} == expected
