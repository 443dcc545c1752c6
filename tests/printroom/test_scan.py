"""`mailer scan` on the four printed letters of the office: what it says, how it ends, and what it leaves."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.support.office import RATES, Office, Ran

ALL = "0001/0004 1of1\n2 1/1\n3\n4 1/1\n"


@contextlib.contextmanager
def typed(text: str) -> Iterator[None]:
    """What a person, or a hand scanner that stands in for the keyboard, types."""
    before, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8")
    try:
        yield
    finally:
        sys.stdin = before


def scans(office: Office, text: str, *options: str, exits: int = 0) -> Ran:
    with typed(text):
        return office.does("scan", RATES, *options, exits=exits)


def test_a_whole_job_is_all_there(printed: Office) -> None:
    done = scans(printed, ALL)
    assert done.out == "2027-rates-job-1: 4 of 4 pieces are there with every sheet.\n"
    assert "All there, each once. Nothing was recorded." in done.err


def test_the_marks_may_come_from_a_file(printed: Office) -> None:
    path = printed.write("marks.txt", ALL)
    assert "4 of 4" in printed.does("scan", RATES, str(path), "--job", "1").said


def test_a_pipe_without_a_writer_is_no_file_of_marks(printed: Office) -> None:
    """It waited for ever."""
    os.mkfifo(printed.root / "marks")
    assert "marks: is not a file." in printed.does("scan", RATES, str(printed.root / "marks"), exits=1).said


def test_what_is_wrong_is_named_with_what_to_do(printed: Office) -> None:
    done = scans(printed, "1 1/1\n2 1/1\n2 1/1\n0009/0060 1of1\nsmudge\n3\n", exits=1)
    assert done.out == (
        "2027-rates-job-1: 3 of 4 pieces are there with every sheet.\n"
        "Finding     Piece              Line\n"
        "───────────────────────────────────\n"
        "foreign     -                  4\n"
        "    the mark counts 60 pieces; this job has 4\n"
        "doubled     2027-rates-L-0002  2, 3\n"
        "    sheet 1 was read 2 times\n"
        "missing     2027-rates-L-0004  -\n"
        "    was not read (number 0004, 1 sheet)\n"
        "unreadable  -                  5\n"
        "    'smudge' is no mark\n"
    )
    assert 'mailer reprint 2027-rates-L-0004 --reason "missing at the count"' in done.err
    assert "Nothing was recorded." in done.err


def test_it_answers_a_script(printed: Office) -> None:
    assert scans(printed, "1\n2\n3\n", "--json", exits=1).json == {
        "job": "2027-rates-job-1",
        "pieces": 4,
        "complete": 3,
        "findings": [
            {
                "kind": "missing",
                "piece": "2027-rates-L-0004",
                "sheets": [1],
                "lines": [],
                "why": "was not read (number 0004, 1 sheet)",
            }
        ],
    }
    assert scans(printed, ALL, "--json").json["findings"] == []


def test_a_piece_that_is_printed_anew_is_looked_for_in_its_new_job(printed: Office) -> None:
    printed.does("reprint", "2027-rates-L-0004", "--reason", "spoiled")
    assert "3 of 3" in scans(printed, "1\n2\n3\n", "--job", "1").said
    done = scans(printed, ALL, "--job", "1", exits=1)
    assert "withdrawn 2027-rates-L-0004 4 was voided or made again elsewhere" in done.said
    assert "1 of 1" in scans(printed, "0001/0001 1of1\n", "--job", "2").said


def test_it_records_nothing(printed: Office) -> None:
    before = printed.recorded()
    scans(printed, "1\n", exits=1)
    assert printed.recorded() == before


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_nothing_that_was_read_is_no_count(printed: Office, text: str) -> None:
    assert "no mark was read" in scans(printed, text, exits=1).said


def test_bytes_that_are_no_text_are_unreadable_marks(printed: Office) -> None:
    path = printed.root / "marks.txt"
    path.write_bytes(b"\xff\xfe\x00\n1\n2\n3\n4\n")
    assert "is no mark" in printed.does("scan", RATES, str(path), exits=1).said


def test_a_job_must_be_printed(approved: Office) -> None:
    assert "there is no printed job" in scans(approved, "1\n", exits=1).said


def test_a_manifest_that_was_changed_is_not_believed(printed: Office) -> None:
    manifest = printed.job() / "manifest.csv"
    manifest.write_bytes(manifest.read_bytes().replace(b"2027-rates-L-0004", b"2027-rates-L-0005"))
    assert "manifest.csv: was changed after it was recorded." in scans(printed, ALL, exits=1).said
    manifest.unlink()
    assert "manifest.csv: cannot be read: No such file or directory." in scans(printed, ALL, exits=1).said


def test_through_a_pipe_it_asks_for_nothing(printed: Office) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mailer", "scan", RATES, "-C", str(printed.root)],
        env=os.environ | printed.variables(), input=ALL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "4 of 4" in done.stdout
    assert "Type or scan" not in done.stderr
