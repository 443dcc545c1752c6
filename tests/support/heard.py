"""What Lob tells of four letters that it accepted, and where a piece stands then. Import in a conftest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest

from mailer.mailservice.lob.events import kind_of
from mailer.mailservice.registry import tables
from mailer.mailservice.reports import Heard, tell
from mailer.mailservice.transit import Report
from mailer.planning.mailfolder import MailFolder, open_folder
from tests.fakes.lob import running
from tests.support.office import RATES, Office

MORNING = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)  # ten in Sacramento
NOW = datetime(2026, 12, 10, 20, 0, tzinfo=UTC)
PIECE = "SELECT number, status, dropped_on, counts_on, delivered_on, received_on, returned_on FROM piece"


@pytest.fixture
def accepted(lobbed: Office) -> Office:
    """All four letters were accepted by the fake."""
    lobbed.does("send", RATES)
    return lobbed.on("2026-12-10")


@pytest.fixture(scope="module")
def sent(_stages: dict[str, Office], tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The same, made once, with its Lob gone; for events that a test makes itself. Copy it."""
    office = _stages["approved"].copy(tmp_path_factory.mktemp("sent") / "office")
    with running(now=MORNING) as fake:
        office.by_lob(fake.base).does("send", RATES)
    return office.on("2026-12-10")


@contextmanager
def folder(office: Office) -> Iterator[MailFolder]:
    with open_folder(
        office.root, fixed=date.fromisoformat(office.today), database=office.database, services=tables()
    ) as mail:
        yield mail


def letter_of(office: Office, number: int = 1) -> str:
    rows = office.rows("SELECT number, provider_id FROM submission JOIN piece ON piece.id = piece_id")
    return str(dict(rows)[number])


def said(letter: str, name: str, at: str = "2026-11-25T20:00", number: str = "", **more: Any) -> Report:
    when = datetime.fromisoformat(at).replace(tzinfo=UTC)
    return Report(
        number or f"evnt_{name}_{at}",
        letter,
        more.get("key", ""),
        name,
        kind_of(name),
        when,
        more.get("made"),
    )


def hears(office: Office, *told: Report) -> list[Heard]:
    with folder(office) as mail:
        return tell(mail, told, by="webhook", now=NOW)


def piece(office: Office, number: int = 1) -> tuple[Any, ...]:
    """Status, dropped_on, counts_on, delivered_on, received_on, returned_on."""
    (found,) = office.rows(f"{PIECE} WHERE number = {number}")
    return tuple(str(one) if one else None for one in found[1:])
