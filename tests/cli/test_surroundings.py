"""The shell around a command: its limits, streams, encodings and folders, and nobody at the keyboard."""

from __future__ import annotations

import io
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile.inputs import cell, far, workbook
from tests.support.office import RATES, Office


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_leads_nowhere(office: Office, closed: str) -> None:
    """Without an output there was a traceback for every command."""
    words = shlex.join([sys.executable, "-m", "mailer", "status", "-C", str(office.root)])
    environ = os.environ | office.variables()
    ran = subprocess.run(  # noqa: S602
        f"{words} {closed}", shell=True, env=environ, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in ran.stderr
    assert ran.returncode == office.mailer("status").code


def test_a_screen_that_knows_few_letters(office: Office) -> None:
    """A pipe on Windows, or a terminal in Latin-1, has no line to draw a table with: a traceback."""
    ran = subprocess.run(
        [sys.executable, "-m", "mailer", "clients", "list", "-C", str(office.root)],
        env=os.environ | office.variables() | {"PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=False,
    )
    assert b"Ash Street Bakery" in ran.stdout
    assert b"\\u2500" in ran.stdout
    assert ran.returncode == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8:surrogateescape"])
def test_what_is_typed_in_another_encoding(printed: Office, encoding: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "mailer", "handed-over", "-C", str(printed.root)],
        env=os.environ | printed.variables() | {"PYTHONIOENCODING": encoding},
        input="2026-11-24 14:10\nJosé\n".encode("latin-1"),
        capture_output=True,
        check=False,
    )
    assert b"is not UTF-8 text. Set the terminal to UTF-8." in ran.stdout + ran.stderr
    assert b"Traceback" not in ran.stderr
    assert ran.returncode == 1, "asked again, and nobody answers"


def test_a_shell_with_limits_of_its_own(office: Office) -> None:
    """A host's `ulimit` is below ours, which can't be set then: every workbook was refused as too large."""
    book = workbook(office.root / "list.xlsx", far(cell("A2")))
    words = shlex.join(
        [sys.executable, "-m", "mailer", "clients", "import", str(book), "-C", str(office.root)]
    )
    environ = os.environ | office.variables()
    ran = subprocess.run(  # noqa: S602
        f"ulimit -t 100 && {words}", shell=True, env=environ, capture_output=True, text=True, check=False
    )
    assert "Put headings above the columns" in ran.stderr
    assert ran.returncode == 1


@pytest.mark.parametrize(
    "words",
    [
        ("clients", "forget", "N-1", "--reason", "asked for it"),
        ("clients", "export", "list.csv"),
        ("handed-over",),
    ],
    ids=" ".join,
)
def test_a_question_that_nobody_answers(
    approved: Office, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was called an interruption, and to run the same again was the advice."""
    approved.does("print", RATES)
    (approved.root / "list.csv").write_text("mine")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.chdir(approved.root)
    ran = approved.does(*words, exits=1)
    assert ran.err.splitlines()[-1] == (
        "Nothing was done: the question was not answered. Answer it at the keyboard, or say it in the "
        "command: with --help it names its options."
    )
    assert (approved.root / "list.csv").read_text() == "mine"


def test_a_folder_that_is_not_there_any_more(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    ran = subprocess.run(
        ["sh", "-c", f"cd {gone} && rmdir {gone} && exec {sys.executable} -P -m mailer status"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (
        1,
        "mailer: the folder that you are in is not there any more.\n  Go to your mail folder:  cd FOLDER\n",
    )


@pytest.mark.parametrize(("full", "code", "said"), [(False, 0, ""), (True, 1, "mailer: the disk is full.\n")])
def test_what_nobody_takes_any_more(full: bool, code: int, said: str) -> None:
    """`mailer … | head -1`: Python complained at its exit, in its own words, and the exit code was 120."""
    reading, writing = os.pipe()
    os.close(reading)
    with Path("/dev/full").open("w") if full else os.fdopen(writing, "w") as nowhere:
        ran = subprocess.run(
            [sys.executable, "-m", "mailer"], stdout=nowhere, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (ran.returncode, ran.stderr.partition("  ")[0]) == (code, said)


def test_a_build_machines_date_is_not_read() -> None:
    """reportlab and WeasyPrint read it as they make a page: "abc" was called what it was not made for."""
    shown = "main.cli.main = lambda *_, **__: print(*os.environ)"
    code = f"import os; from mailer.cli import main; {shown}; main.main([])"
    environ = os.environ | {"SOURCE_DATE_EPOCH": "abc"}
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environ
    )
    assert (ran.returncode, "SOURCE_DATE_EPOCH" in ran.stdout) == (0, False)


def test_what_a_library_notes_stays_off_the_screen() -> None:
    """fontTools noted "cmap subtable format 12: skipped unsorted or overlapping groups"."""
    noting = "main.cli.main = lambda *_, **__: logging.getLogger('fontTools').warning('cmap')"
    code = f"import logging; from mailer.cli import main; {noting}; main.main([])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("handed-over",), "mailer: an answer is over 10,000 signs."),
        (("scan", RATES), "mailer: what is piped in has more than 10,000,000 bytes."),
    ],
)
def test_what_is_typed_without_end(printed: Office, words: tuple[str, ...], says: str) -> None:
    """It was read until the memory was full, and the system ended the process: `mailer scan </dev/zero`."""
    with Path("/dev/zero").open() as endless:
        ran = subprocess.run(
            [sys.executable, "-m", "mailer", *words, "-C", str(printed.root)],
            stdin=endless, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert (ran.returncode, says in ran.stderr) == (2, True)


@pytest.mark.parametrize(("words", "code"), [(("status", "no-such"), 1), (("no-such",), 2)])
def test_complaints_that_nobody_takes(tmp_path: Path, words: tuple[str, ...], code: int) -> None:
    """What could not be said was itself called what it was not made for, with a file of details."""
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "mailer", *words, "-C", str(tmp_path)],
            stdout=full, stderr=full, check=False, env=os.environ | {"TMPDIR": str(tmp_path)},
        )  # fmt: skip
    assert (ran.returncode, list(tmp_path.iterdir())) == (code, [])


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ("-v 200000", "mailer: a program may take 204 MB of memory here, and it needs 500.\n"),
        ("-d 120000", "mailer: a program may take 122 MB of memory here, and it needs 500.\n"),
        ("-d 10000", "mailer: a program may take 10 MB of memory here, and it needs 500.\n"),
    ],
)
def test_a_shell_that_gives_little_memory(limit: str, said: str) -> None:
    """Pango ended the process, or MemoryError came as a traceback."""
    ran = subprocess.run(
        ["sh", "-c", f"ulimit {limit}; exec {sys.executable} -m mailer"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.stderr.startswith(said)
    assert ran.returncode == 1
