"""What a print shop writes into its answers, and what is made of it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from mailer.mailservice.hotfolder.answers import (
    BadAnswer,
    decoded,
    events_of,
    is_unfinished,
    meaning_of,
    read_answer,
)
from mailer.mailservice.transit import Meaning

LABELS = ("2027-rates-L-0001", "2027-rates-L-0002")
MADE = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
TODAY = date(2026, 12, 10)


def told(*texts: str, label: str = LABELS[0]) -> list[tuple[str, str]]:
    """(kind, day) of each event of the piece."""
    day = MADE.date()
    read = [read_answer(one, shown="answers/J.csv", labels=LABELS, since=day, today=TODAY) for one in texts]
    return [(one.provider_type, f"{one.occurred_at:%Y-%m-%d}") for one in events_of(read, label, MADE)]


def test_a_day_before_all_others_is_none_of_a_test_job() -> None:
    """Of a job made with `test = true` any day is told; midnight of the first one is in no zone of ours."""
    text = "piece,status,day,reason\nall,mailed,0001-01-01,\nend\n"
    with pytest.raises(BadAnswer, match=r"answers/J\.csv:2: 0001-01-01 is before the job was made"):
        read_answer(text, shown="answers/J.csv", labels=LABELS, since=date.min, today=TODAY)


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("piece,status,day,reason\nall,mailed,2026-11-30,\nend\n", [("mailed", "2026-11-30")]),
        # as Excel saves it, with other columns, other capitals and no day where none is needed
        (
            "Status,Piece,Day,By\r\nAccepted,ALL,,Jo\r\nMailed,2027-rates-L-0001,2026-11-30,\r\nend,,,\n",
            [("accepted", "2026-11-24"), ("mailed", "2026-11-30")],
        ),
        # a line on the piece outweighs one on all
        (
            f"piece,status,day,reason\n{LABELS[0]},rejected,,no  such\tstreet\nall,mailed,2026-11-30,\nend",
            [("rejected: no such street", "2026-11-24")],
        ),
        ("piece,status,day,reason\n2027-rates-L-0002,mailed,2026-11-30,\nend\n", []),
        # as Excel saves it where the comma is the decimal sign, and as "Unicode text"
        ("piece;status;day;reason\nall;mailed;2026-11-30;\nend;;;\n", [("mailed", "2026-11-30")]),
        ("piece\tstatus\tday\treason\nall\tmailed\t2026-11-30\t\nend\t\t\t\n", [("mailed", "2026-11-30")]),
    ],
)
def test_what_is_told_of_a_piece(text: str, events: list[tuple[str, str]]) -> None:
    assert told(text) == events
    assert told(text, text) == events  # told twice is told once


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_its_encoding(encoding: str) -> None:
    text = "piece,status,day,reason\nall,rejected,,zu spät\nend\n"
    assert decoded(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "piece,status,day,reason\nall,mailed,2026-11-3",
        "piece,stat",
        # the word alone is not the line: the letters below it may be refused yet
        "piece,status,day,reason\nall,mailed,2026-11-30,\nL,rejected,,the street is a dead end",
        "piece,status,day,reason\nall,mailed,2026-11-30,\nL,rejected,,North End\n",
    ],
)
def test_without_its_last_line_it_is_still_being_written(text: str) -> None:
    assert is_unfinished(text)


@pytest.mark.parametrize("last", ["end", "END\r\n", "end,,,\n\n", "end;;;"])
def test_the_last_line(last: str) -> None:
    assert not is_unfinished(f"piece,status,day,reason\n{last}")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("all,mailed,,", "answers/J.csv:2: mailed on which day? write it like 2027-01-04"),
        ("all,mailed,11/30/2026,", "answers/J.csv:2: the day '11/30/2026' is none; write it like 2027-01-04"),
        ("all,mailed,2026-12-11,", "answers/J.csv:2: 2026-12-11 is still to come"),
        ("all,mailed,2025-11-30,", "answers/J.csv:2: 2025-11-30 is before the job was made"),
        (f"{'x' * 100_000},mailed,,", f"answers/J.csv:2: '{'x' * 80}…' is no piece of this job"),
        (
            "".join(f"all,rejected,,{number}\n" for number in range(21)),
            "answers/J.csv:22: more than 20 things are said of all",
        ),
        ("all,posted,2026-11-30,", "answers/J.csv:2: the status is 'posted'"),
        ("2027-rates-L-0099,accepted,,", "answers/J.csv:2: '2027-rates-L-0099' is no piece of this job"),
        (
            "all,mailed,2026-11-30,\nall,mailed,2026-12-01,",
            "it is said to be mailed on 2026-11-30 and on 2026-12-01; the shop must say which",
        ),
        # the next rejection stood within this one's reason, and its letter was mailed
        (
            f'all,mailed,2026-11-30,\n{LABELS[0]},rejected,,"no such street\n{LABELS[1]},rejected,,"moved',
            "answers/J.csv: line 3: a quotation mark is not closed",
        ),
        (f'{LABELS[0]},rejected,,"two\nlines"', "answers/J.csv: line 2: a quotation mark is not closed"),
        ("all,rejected,,paper jam\nall,mailed,2026-11-30,", "it is said to be rejected, and to be mailed on"),
    ],
)
def test_what_cannot_be_believed_is_named(rows: str, said: str) -> None:
    with pytest.raises(BadAnswer) as caught:
        told(f"piece,status,day,reason\n{rows}\nend\n")
    assert str(caught.value).startswith(said)


def test_a_heading_that_is_missing() -> None:
    with pytest.raises(BadAnswer, match="there is no column 'piece'"):
        told("2027-rates-L-0001,mailed,2026-11-30,\nend\n")


def test_what_its_words_mean() -> None:
    words = ("accepted", "mailed", "rejected: no such street", "delivered by hand")
    assert [meaning_of(word) for word in words] == [
        Meaning.NOTED,
        Meaning.POSTED,
        Meaning.REJECTED,
        Meaning.UNKNOWN,
    ]
