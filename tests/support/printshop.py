"""A print shop in a folder, and two letters for it. Import the fixtures in a conftest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mailer.mailservice.hotfolder.printorder import PrintShopJob, order
from mailer.mailservice.hotfolder.shop import PrintShop, known_as
from mailer.mailservice.registry import tables
from mailer.mailservice.service import (
    Consignment,
    Tracking,
)
from mailer.pages.letterhead import load_letterhead
from mailer.place import Directory, Place
from mailer.settings import load_settings
from mailer.shipped import campaigns, letterhead
from tests.fakes.pieces import a_piece

MADE = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
TODAY = date(2026, 12, 10)
TWO = [replace(a_piece(number), lines=("Ash Street Bakery", "1 Ash Street")) for number in (1, 2)]
LABELS = [piece.label for piece in TWO]
Made = Callable[[bool], Callable[[Sequence[Consignment]], tuple[PrintShopJob, dict[str, bytes]]]]
Opened = Callable[..., PrintShop]
JOB = "2027-rates-1ea916c6ad"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("jobs", "answers", "sent"):
        (tmp_path / "shop" / name).mkdir(parents=True)
    return tmp_path / "shop"


@pytest.fixture(scope="module")
def made() -> Made:
    """What makes a job of pieces, live or as a test."""
    settings = load_settings(campaigns(), tables())
    paper, firm = load_letterhead(letterhead(), settings.brand), settings.on(TODAY)
    return lambda test: lambda given: order(given, paper, firm, test=test, now=MADE)


@pytest.fixture
def shop(made: Made) -> Callable[..., PrintShop]:
    """The shop as a new command opens it."""

    def opened(place: Place | Path, *, test: bool = False) -> PrintShop:
        at = Directory(place) if isinstance(place, Path) else place
        return PrintShop(at, made(test), known_as(at), TODAY, test=test)

    return opened


def where(folder: Path) -> list[str]:
    """What lies in `jobs` and `sent`, without the job's own hash and the account."""
    found = [path for part in ("jobs", "sent") for path in (folder / part).iterdir()]
    return sorted(str(path.relative_to(folder)) for path in found if "account-" not in path.name)


def tracking(here: PrintShop) -> Tracking:
    found = here.events(f"{JOB}/{LABELS[0]}")
    assert isinstance(found, Tracking)
    return found


def answered(folder: Path, *rows: str, name: str = f"{JOB}.csv") -> None:
    text = "\n".join(("piece,status,day,reason", *rows, "end", ""))
    (folder / "answers" / name).write_text(text)
