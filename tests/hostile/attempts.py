"""What somebody does to an office before a command, or instead of it: the rows of test_hostile.py."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mailer import shipped
from mailer.cli.main import run
from tests.hostile.inputs import (
    cell,
    far,
    fifo,
    huge,
    loop,
    nested,
    nested_svg,
    workbook,
)
from tests.support.office import LETTERS, RATES, Office, Ran

HANDED_OVER = ("drop", RATES, "--at", "2026-11-24 14:10", "--by", "D", "--place", "P", "--class", "first")
LONG = "x" * 300
PACK = Path(__file__).parents[1] / "data/pack-1"
CAMPAIGN, HEAD = f"campaigns/{RATES}", "letterhead/letter.html.j2"


def head_of_a_pipe(office: Office) -> Ran:
    (office.root / "ledger.head").unlink()
    fifo(office.root / "ledger.head")
    return office.mailer("status")


def listed(cells: str, sheet: str = "worksheets/sheet1.xml") -> Callable[[Office], Ran]:
    return lambda office: office.mailer(
        "clients", "import", str(workbook(office.root / "list.xlsx", cells, sheet))
    )


def many_sheets(office: Office) -> Ran:
    return office.mailer(
        "clients", "import", str(workbook(office.root / "list.xlsx", far(cell("A2")), sheets=51))
    )


def imported(path: Path) -> Callable[[Office], Ran]:
    return said("clients", "import", str(path))


def exported(name: str) -> Callable[[Office], Ran]:
    return lambda office: office.mailer("clients", "export", str(office.root / name))


def planned(office: Office, option: str, name: str) -> Ran:
    return office.mailer("plan", RATES, option, str(office.root / name))


def received(make: Callable[[Path], object]) -> Callable[[Office], Ran]:
    def run(office: Office) -> Ran:
        made = make(office.root / "receipt.pdf")
        return office.mailer(*HANDED_OVER, "--receipt", str(made))

    return run


def letter(text: str, picture: Callable[[Path], object] | None = None) -> Callable[[Office], Ran]:
    """The letter with that text at its end, proofed; `picture` makes p.png or p.svg before."""

    def run(office: Office) -> Ran:
        if picture is not None:
            picture(office.root / CAMPAIGN / text.partition("(")[2].rstrip(")"))
        office.write(LETTERS, (office.root / LETTERS).read_text() + f"\n{text}\n")
        return office.mailer("proof", RATES)

    return run


LAST = f"{HEAD}:{(shipped.letterhead() / 'letter.html.j2').read_text(encoding='utf-8').count(chr(10)) + 1}"
"""The line after the template's own, where `letterhead` writes."""


def letterhead(text: str) -> Callable[[Office], Ran]:
    def run(office: Office) -> Ran:
        office.write(HEAD, (office.root / HEAD).read_text() + text)
        return office.mailer("proof", RATES)

    return run


def definition(text: str) -> Callable[[Office], Ran]:
    def run(office: Office) -> Ran:
        office.write(f"{CAMPAIGN}/campaign.toml", text)
        return office.mailer("plan", RATES)

    return run


def dated(day: str) -> Callable[[Office], Ran]:
    def run(office: Office) -> Ran:
        office.edit(f"{CAMPAIGN}/campaign.toml", "effective = 2027-01-01", f"effective = {day}")
        return office.mailer("plan", RATES)

    return run


def hour(text: str) -> Callable[[Office], Ran]:
    def run(office: Office) -> Ran:
        office.edit("mailer.toml", '= 2020-01-01\nmonday = "8:00-17:30"', f'= 2020-01-01\nmonday = "{text}"')
        ran = office.mailer("profile", "texts")
        assert len(ran.err) < 1_000
        return ran

    return run


def enclosed(content: bytes) -> Callable[[Office], Ran]:
    def run(office: Office) -> Ran:
        (office.root / CAMPAIGN / "e.pdf").write_bytes(content)
        table = '[letter]\nenclosures = [{ title = "Sheet", file = "e.pdf" }]\n\n[limits]'
        office.edit(f"{CAMPAIGN}/campaign.toml", "[limits]", table)
        return office.mailer("proof", RATES)

    return run


def finished(content: bytes) -> Callable[[Office], Ran]:
    def run(office: Office) -> Ran:
        (office.root / "back.pdf").write_bytes(content)
        return office.mailer("approve", RATES, "--pdf", str(office.root / "back.pdf"))

    return run


def circular(name: str, *words: str) -> Callable[[Office], Ran]:
    def run(office: Office) -> Ran:
        shutil.rmtree(office.root / name)
        loop(office.root / name)
        return office.mailer(*(words or ("proof", RATES)))

    return run


def zone(name: str) -> Callable[[Office], Ran]:
    def run(office: Office) -> Ran:
        office.edit("mailer.toml", "America/Los_Angeles", name)
        return office.mailer("status")

    return run


def database(url: str) -> Callable[[Office], Ran]:
    return lambda office: replace(office, database=url).mailer("status")


def backed_up(office: Office) -> Ran:
    return office.mailer("backup", str(office.root.with_name("all.zip")))


def deep(name: str, then: Callable[[Office], Ran]) -> Callable[[Office], Ran]:
    """With folders in folders, more than a program looks into."""

    def run(office: Office) -> Ran:
        made = nested(office.root / name)
        try:
            return then(office)
        finally:
            for path in reversed(made):  # what removes all of a test's does not get so deep
                path.rmdir()

    return run


def style(office: Office) -> Ran:
    huge(office.root / "page/page.css")
    return office.mailer("site", "build")


def stored(make: Callable[[Path], object], then: Callable[[Office], Ran]) -> Callable[[Office], Ran]:
    """`make` has made the stored file that holds the letters."""

    def run(office: Office) -> Ran:
        (file,) = office.stored()
        file.unlink()
        make(file)
        return then(office)

    return run


def anew(*words: str) -> Callable[[Office], Ran]:
    """The command, once nothing of the letters is printed any more."""

    def run(office: Office) -> Ran:
        office.does("destroy", RATES, "--reason", "spoiled")
        return office.by_lob("http://127.0.0.1:9/v1").mailer(*words)

    return run


def proved(office: Office) -> Ran:
    office.does(*HANDED_OVER)
    return office.mailer("evidence", RATES)


def said(*words: str) -> Callable[[Office], Ran]:
    return lambda office: office.mailer(*words)


def typed(*words: str) -> Ran:
    """A command outside of any mail folder."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run([*words])
    return Ran(code, out.getvalue(), err.getvalue())


def zero(path: Path) -> Path:
    """A link to a device that is read on for ever."""
    path.symlink_to("/dev/zero")
    return path


def null(path: Path) -> Path:
    """A link to a device that would be replaced."""
    path.symlink_to("/dev/null")
    return path


def cards(text: str) -> Callable[[Office], Ran]:
    def run(office: Office) -> Ran:
        office.write("a.vcf", text)
        return office.mailer("clients", "import", str(office.root / "a.vcf"))

    return run


def page(line: str) -> Callable[[Office], Ran]:
    def run(office: Office) -> Ran:
        office.write("page/index.html.j2", line)
        return office.mailer("site", "build")

    return run


def odd_name(office: Office) -> Ran:
    (office.root / CAMPAIGN / os.fsdecode(b"\xff.png")).write_bytes(b"x")
    return backed_up(office)


def damaged(office: Office) -> Ran:
    """A name's first letter is no UTF-8 any more."""
    import sqlite3  # noqa: PLC0415

    with sqlite3.connect(office.root / "mailer.db") as file:
        file.execute("UPDATE client SET number = CAST(X'FF41' AS TEXT)")
    file.close()
    return office.mailer("clients", "list")


def read_only(office: Office) -> Ran:
    """Its file says that only a newer SQLite may write to it."""
    with (office.root / "mailer.db").open("r+b") as file:
        file.seek(18)
        file.write(b"\3")
    return office.mailer(*HANDED_OVER)


def svg(depth: int) -> Callable[[Path], object]:
    return lambda path: path.write_text(nested_svg(depth))
