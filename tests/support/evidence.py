"""A small real mailing for the tests of its evidence, made once and copied for each. Import in a conftest.

Five letters went on Tuesday 24 November 2026 at 14:10, with a receipt; Thursday is Thanksgiving. From
deposit it is 38 days to Friday 1 January 2027; three business days later is Monday the 30th, 32 days.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mailer.clock import Clock
from mailer.evidence.pack import PackMade, make
from mailer.mailservice.registry import tables
from mailer.making.approval import approve
from mailer.planning.mailfolder import MailFolder, open_folder
from mailer.printroom.drop import DropReport, MailClass, drop
from mailer.printroom.job import print_job
from mailer.standing.clientimport import Choices, import_clients
from tests.support.office import ASH, BIRCH, CEDAR, HEADINGS, RATES, Office, begin, page_texts, sha256

PACIFIC = ZoneInfo("America/Los_Angeles")
RENEE = 'N-5,Café Zoë,Renée Müller,renee@zoe.example,"5 Elm Street, Unit 2",Sacramento,CA,95819,none,,130.00'
LONG = (
    "N-6,The Very Reverend and Most Honorable Society of Sacramento Valley Booksellers,Bo Fig,"
    "bo@fig.example,6 Fig Road,Sacramento,CA,95820,managed,contract-30-plus-3bd,130.00"
)
FIVE = f"{HEADINGS}\n{ASH}\n{BIRCH}\n{CEDAR}\n{RENEE}\n{LONG}\n"
NAMES = {
    "N-1": ("Ash Street Bakery", "Ada Byrd", "1 Ash Street", "ada@ash.example"),
    "N-2": ("Birch Lane Dental", "Bo Dent", "2 Birch Lane", "bo@birch.example"),
    "N-3": ("Cedar Hill Law", "Cy Lex", "3 Cedar Hill", "cy@cedar.example"),
    "N-5": ("Café Zoë", "Renée Müller", "5 Elm Street", "renee@zoe.example"),
    "N-6": ("Booksellers", "Bo Fig", "6 Fig Road", "bo@fig.example"),
}
RECEIPT = b"%PDF-1.4 the post took five letters"
NOW = datetime(2026, 11, 30, 18, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class At(Clock):
    """A clock that stands at one moment, as a real one would have."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment


@contextmanager
def at(office: Office, when: str) -> Iterator[MailFolder]:
    """The office's folder at a moment of its local time; nothing is a rehearsal."""
    moment = datetime.fromisoformat(when).replace(tzinfo=PACIFIC).astimezone(UTC)
    with open_folder(office.root, fixed=None, database="", services=tables()) as mail:
        yield replace(mail, clock=At(PACIFIC, None, moment))


def really_imports(office: Office, listed: str, name: str) -> None:
    """The list with that text, imported on Tuesday afternoon; nothing is a rehearsal."""
    path = office.write(name, listed)
    with at(office, "2026-11-24 16:00") as mail:
        assert import_clients(mail, path, Choices(), actor="Ada").whole


def handed(receipt: Path | None, by: str = "Lee Ortiz", when: str = "2026-11-24 14:10") -> DropReport:
    return DropReport(
        datetime.fromisoformat(when), by, "Main Post Office, Sacramento", MailClass.FIRST, receipt
    )


def sealed(folder: Path) -> None:
    """Write manifest and sums that agree with every file, as whoever has the pack can."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name in manifest["files"]:
        content = (folder / name).read_bytes()
        manifest["files"][name] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    names = sorted([*manifest["files"], "manifest.json"])
    sums = "".join(f"{sha256(folder / name)}  {name}\n" for name in names)
    (folder / "SHA256SUMS").write_text(sums, encoding="utf-8")


def text_of(pdf: Path) -> str:
    return " ".join(page_texts(pdf))


def as_of_monday(office: Office, **options: object) -> PackMade:
    with at(office, "2026-11-30 10:00") as mail:
        return make(mail, RATES, now=NOW, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def _posted(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Letters and newsletter approved, printed, handed over and recorded on the same day."""
    office = begin(tmp_path_factory.mktemp("evidence") / "office")
    office.edit("campaigns/2027-rates/campaign.toml", 'exclude = ["CF-1089"]', "exclude = []")
    office.imports(FIVE)
    receipt = office.root / "scan of receipt #1.pdf"
    receipt.write_bytes(RECEIPT)
    with at(office, "2026-11-24 10:00") as mail:
        for name in (RATES, "2026-12"):
            approve(mail, name, by="Dana Whitcomb")
            print_job(mail, name, by="Ada")
    with at(office, "2026-11-24 15:00") as mail:
        drop(mail, RATES, handed(receipt), actor="Ada")
        drop(mail, "2026-12", handed(None), actor="Ada")
    return office


@pytest.fixture(scope="session")
def made(_posted: Office, tmp_path_factory: pytest.TempPathFactory) -> PackMade:
    with at(_posted, "2026-11-30 10:00") as mail:
        return make(mail, RATES, now=NOW, out=tmp_path_factory.mktemp("made") / "pack")


@pytest.fixture(scope="session")
def pack(made: PackMade, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack, copied elsewhere."""
    return shutil.copytree(made.folder, tmp_path_factory.mktemp("elsewhere") / "pack")


@pytest.fixture
def posted(_posted: Office, tmp_path: Path) -> Office:
    return _posted.copy(tmp_path / "office")


@pytest.fixture
def unposted(tmp_path: Path) -> Office:
    """The letters printed and not yet handed over."""
    office = begin(tmp_path / "unposted")
    office.edit("campaigns/2027-rates/campaign.toml", 'exclude = ["CF-1089"]', "exclude = []")
    office.imports(FIVE)
    with at(office, "2026-11-24 10:00") as mail:
        approve(mail, RATES, by="Dana Whitcomb")
        print_job(mail, RATES, by="Ada")
    return office
