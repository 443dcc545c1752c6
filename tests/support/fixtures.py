"""Offices at each stage of the rate notice, made once and copied for each test. Import them in a conftest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.fakes.lob import Handle
from tests.support.office import FIRST, FOUR, RATES, TUESDAY, Office, begin


@pytest.fixture(scope="session")
def _stages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Office]:
    folder = tmp_path_factory.mktemp("offices")
    office = begin(folder / "imported")
    office.edit("campaigns/2027-rates/campaign.toml", 'exclude = ["CF-1089"]', "exclude = []")
    office.imports(FOUR)
    approved = office.copy(folder / "approved")
    approved.does("approve", RATES, "--by", "Dana Whitcomb")
    printed = approved.copy(folder / "printed")
    printed.does("print", RATES)
    mailed = printed.copy(folder / "mailed")
    mailed.drops("2026-11-24 14:10", *FIRST)
    return {"imported": office, "approved": approved, "printed": printed, "mailed": mailed}


@pytest.fixture(scope="session")
def _issued(_stages: dict[str, Office], tmp_path_factory: pytest.TempPathFactory) -> Office:
    """For itself: an issue takes a quarter of a minute, which two workers need not spend at once."""
    office = _stages["imported"].copy(tmp_path_factory.mktemp("offices") / "issued")
    for command in ("approve", "print"):
        office.does(command, "2026-12")
    return office


@pytest.fixture
def office(_stages: dict[str, Office], tmp_path: Path) -> Office:
    """The sample folder with four clients, none of whom is blocked."""
    return _stages["imported"].copy(tmp_path / "office")


@pytest.fixture
def approved(_stages: dict[str, Office], tmp_path: Path) -> Office:
    return _stages["approved"].copy(tmp_path / "office")


@pytest.fixture
def printed(_stages: dict[str, Office], tmp_path: Path) -> Office:
    return _stages["printed"].copy(tmp_path / "office")


@pytest.fixture
def both(tmp_path: Path, database: str) -> Office:
    """The four letters printed, on SQLite and on PostgreSQL."""
    office = begin(tmp_path / "both", database=database)
    office.edit("campaigns/2027-rates/campaign.toml", 'exclude = ["CF-1089"]', "exclude = []")
    office.imports(FOUR)
    office.does("approve", RATES, "--by", "Dana Whitcomb")
    office.does("print", RATES)
    return office


@pytest.fixture
def mailed(_stages: dict[str, Office], tmp_path: Path) -> Office:
    """All four letters went on Tuesday 24 November 2026 at 14:10."""
    return _stages["mailed"].copy(tmp_path / "office")


@pytest.fixture
def issued(_issued: Office, tmp_path: Path) -> Office:
    """The newsletter of December is printed; of the letters nothing is."""
    return _issued.copy(tmp_path / "office")


@pytest.fixture
def lobbed(approved: Office, fake_lob: Handle) -> Office:
    """The approved office with a test key, whose Lob is the fake; it is ten in the morning there too."""
    fake_lob.tell(now=f"{TUESDAY}T10:00-08:00")
    return approved.by_lob(fake_lob.base)


@pytest.fixture
def real(office: Office) -> Office:
    """The letters approved on whatever day it is, for a date far enough ahead: a live key sends them."""
    definition, day = f"campaigns/{RATES}/campaign.toml", datetime.now(UTC).date() + timedelta(days=90)
    office = replace(office, today="")
    office.edit(definition, "effective = 2027-01-01", f"effective = {day}")
    office.edit(definition, 'newsletter = "2026-12"', 'newsletter = "auto"')
    office.does("approve", RATES)
    return office
