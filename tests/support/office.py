"""A mail folder and the commands that a person types in it, run in this process as `mailer` runs them.

The day is 24 November 2026, a Tuesday, unless a test says otherwise: 30 days of notice for 1 January 2027
then end on 2 December from deposit, and on 28 November where a letter counts as received three business
days later (docs/notice.md, worked example).
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import os
import pty
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
from sqlalchemy import text

from mailer.cli.main import run
from mailer.store.engine import make_engine
from mailer.store.tables import Base
from tests.support.forked import Forked

TUESDAY = "2026-11-24"
RATES, LETTERS = "2027-rates", "campaigns/2027-rates/letter.md"
HEADINGS = "Client ID,Company,Contact,Email,Address,City,State,Zip,Contract,Notice Term,Hourly Support Rate"
ASH = "N-1,Ash Street Bakery,Ada Byrd,ada@ash.example,1 Ash Street,Sacramento,CA,95814,none,,130.00"
BIRCH = (
    "N-2,Birch Lane Dental,Bo Dent,bo@birch.example,2 Birch Lane,Sacramento,CA,95815,"
    "managed,contract-30-plus-3bd,125.00"
)
CEDAR = (
    "N-3,Cedar Hill Law,Cy Lex,cy@cedar.example,3 Cedar Hill,Sacramento,CA,95816,"
    "own-terms,contract-30-deposit,150.00"
)
FOUR = f"{HEADINGS}\n{ASH}\n{BIRCH}\n{CEDAR}\nN-4,Dogwood Press,Di Ink,di@dogwood.example,4 Dogwood Way,"
FOUR += "Davis,CA,95616,none,,130.00\n"
"""Four clients, one under each kind of contract and a second without. Every rise is 6%, to whole dollars."""

MORE = (
    HEADINGS
    + ",Rate Locked Until,Max Raise,Only At Renewal,Renewal,Min Months Between,Client Since,Newsletter"
)


def with_terms(row: str, terms: str = ",,,,,,") -> str:
    """A list of one client with those cells below the columns that MORE adds."""
    return f"{MORE}\n{row},{terms}\n"


DROP = ("--by", "Dana Whitcomb", "--place", "Main Post Office, Sacramento")
FIRST = (*DROP, "--class", "first")


@dataclass(frozen=True)
class Ran:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """Both streams with every run of blanks as one, since a table wraps its cells."""
        return " ".join(f"{self.out}\n{self.err}".split())

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Office:
    """A mail folder. `database` is "" for SQLite in it, `today` is MAILER_TODAY, "" for the real day."""

    root: Path
    today: str = TUESDAY
    database: str = ""
    environ: Mapping[str, str] = field(default_factory=dict)

    def by_lob(self, base: str, key: str = "test_key", **more: str) -> Office:
        """The same office with a key of Lob's, whose Lob is the one at `base`; its pace is off."""
        environ = {"LOB_API_KEY": key, "MAILER_LOB_URL": base, "MAILER_LOB_RATE": "off", **more}
        return replace(self, environ=environ)

    def narrow(self) -> Office:
        """The same office at a terminal of 80 columns; else a sentence is one line."""
        return replace(self, environ={**self.environ, "COLUMNS": "80"})

    def on(self, day: str) -> Office:
        """The same office on another day."""
        return replace(self, today=day)

    def mailer(self, *words: str) -> Ran:
        """Run one command in the folder, whatever its exit code."""
        out, err = io.StringIO(), io.StringIO()
        with (
            _environment(self.variables()),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            code = run([*words, "-C", str(self.root)])
        return Ran(code, out.getvalue(), err.getvalue())

    def does(self, *words: str, exits: int = 0) -> Ran:
        """Run one command that must end with that exit code."""
        ran = self.mailer(*words)
        assert ran.code == exits, f"{words} ended with {ran.code}:\n{ran.out}\n{ran.err}"
        return ran

    def brief(self) -> Office:
        """With an issue of a page, which is set in a tenth of the time."""
        folder = self.root / "campaigns/2026-12"
        for section in ("ahead", "client", "how-to", "question"):
            (folder / f"{section}.md").unlink()
        lead = folder / "lead.md"
        lead.write_text("\n\n".join(lead.read_text(encoding="utf-8").split("\n\n")[:4]), encoding="utf-8")
        return self

    def variables(self) -> dict[str, str]:
        given = {"MAILER_TODAY": self.today, "MAILER_DATABASE_URL": self.database, "MAILER_ACTOR": "Ada"}
        return given | {"COLUMNS": "400"} | dict(self.environ)

    def start(self, *words: str, stderr: int = subprocess.PIPE) -> subprocess.Popen[str]:
        """The real command as a child process."""
        return Forked("mailer", [*words, "-C", str(self.root)], os.environ | self.variables(), stderr)

    def on_screen(self, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
        """The real command, with what it said so far on a terminal, again and again until it ends."""
        ours, its = pty.openpty()
        said = ""
        with self.start(*words, stderr=its) as process:
            os.close(its)
            try:
                while part := os.read(ours, 4096):
                    said += part.decode(errors="replace")
                    yield process, said
            except OSError:  # EIO: nobody has the other end any more
                pass
            finally:
                os.close(ours)

    def imports(self, listed: str, *options: str, name: str = "list.csv", exits: int = 0) -> Ran:
        """Import a client list with that text."""
        path = self.write(name, listed)
        return self.does("clients", "import", str(path), *options, exits=exits)

    def counts(self, listed: str, *options: str, exits: int = 0) -> str:
        """The last line of an import's report."""
        return self.imports(listed, *options, exits=exits).out.strip().splitlines()[-1]

    def opts_out(self, number: str, how: str) -> None:
        """One of the four wants no newsletter: by the "list", or a "mark" that a person made."""
        if how == "mark":
            self.does("clients", "mark", number, "opted-out", "--reason", "told us so")
            return
        first, *rest = FOUR.splitlines()
        rows = [f"{row},{'No' if row.startswith(f'{number},') else 'Yes'}" for row in rest]
        self.imports("\n".join([f"{first},Newsletter", *rows]) + "\n")

    def write(self, name: str, content: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        return path

    def edit(self, name: str, old: str, new: str) -> None:
        """Change a file as with an editor; `old` must be in it."""
        path = self.root / name
        before = path.read_text(encoding="utf-8")
        assert old in before, f"{name} does not say {old!r}"
        path.write_text(before.replace(old, new), encoding="utf-8")

    def drops(self, at: str, *options: str, name: str = RATES, exits: int = 0) -> Ran:
        return self.does("drop", name, "--at", at, *(options or FIRST), exits=exits)

    def checked(self, *options: str, name: str = RATES) -> dict[str, Any]:
        """The check by client number, and under "" the whole answer with its exit code."""
        ran = self.mailer("check", name, "--json", *options)
        found: dict[str, Any] = {one["number"]: one for one in ran.json["clients"]}
        return found | {"": ran.json | {"exit": ran.code}}

    def rate(self, number: str, worked_on: str, service: str = "hourly-support") -> str:
        """What that client's work of a day may be billed at."""
        found = self.does("rates", "--worked-on", worked_on, "--client", number, "--json").json
        (amount,) = [s["rate"] for s in found["clients"][0]["services"] if s["service"] == service]
        return str(amount)

    def copy(self, to: Path) -> Office:
        """The whole folder with its database, somewhere else."""
        shutil.copytree(self.root, to)
        return replace(self, root=to)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What a database browser shows."""
        engine = make_engine(self.database or "sqlite:///mailer.db", self.root)
        try:
            with engine.connect() as connection:
                return [tuple(row) for row in connection.execute(text(sql))]
        finally:
            engine.dispose()

    def recorded(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, to see that nothing was recorded."""
        sql = "SELECT * FROM {} ORDER BY 1, 2"
        return {name: self.rows(sql.format(name)) for name in Base.metadata.tables}

    def pieces(self, name: str = RATES) -> list[tuple[int, str]]:
        """(number, status) of every piece of a campaign."""
        sql = "SELECT number, status FROM piece JOIN mailing ON mailing.id = piece.mailing_id"
        return [
            (int(number), str(status))
            for number, status in self.rows(f"{sql} WHERE campaign = '{name}' ORDER BY number")
        ]

    def live(self) -> list[int]:
        """How many live letters of the rate notice each client has, in the order of the clients' numbers."""
        sql = """SELECT client.number, count(piece.id) FROM client
            LEFT JOIN piece_client ON piece_client.client_id = client.id
            LEFT JOIN (SELECT piece.* FROM piece JOIN mailing ON mailing.id = piece.mailing_id
                       WHERE campaign = '2027-rates' AND status <> 'void') AS piece
              ON piece.id = piece_client.piece_id
            GROUP BY client.number ORDER BY client.number"""
        return [int(count) for _, count in self.rows(sql)]

    def job(self, name: str = f"{RATES}-job-1") -> Path:
        return self.root / "jobs" / name

    def manifest(self, name: str = f"{RATES}-job-1") -> list[dict[str, str]]:
        listed = (self.job(name) / "manifest.csv").read_text(encoding="utf-8-sig")
        return list(csv.DictReader(io.StringIO(listed)))

    def stored(self) -> list[Path]:
        """The content-addressed files under their final names."""
        files = (self.root / "files").rglob("*")
        return sorted(path for path in files if path.is_file() and not path.name.endswith(".part"))


@contextlib.contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def begin(root: Path, *, today: str = TUESDAY, database: str = "") -> Office:
    """A mail folder as `mailer init --sample` leaves it."""
    with contextlib.redirect_stdout(io.StringIO()):
        assert run(["init", str(root), "--sample"]) == 0
    return Office(root, today, database)


def unlisted(folder: Path, database: str) -> Office:
    """A mail folder whose database has its tables and no client."""
    empty = begin(folder / "office", database=database)
    empty.does("clients", "list")  # makes the tables
    return empty


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def page_texts(path: Path) -> list[str]:
    """The text of each page, its lines joined by single blanks."""
    document = pypdfium2.PdfDocument(path)
    try:
        texts = []
        for page in document:
            words = page.get_textpage()
            texts.append(" ".join(words.get_text_bounded().split()))
            words.close()
            page.close()
        return texts
    finally:
        document.close()
