"""Four clients whose contracts take notice by e-mail, their letters approved, and a server for each test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.fakes.post import MailServer, mail_server
from tests.support.office import HEADINGS, RATES, Office, begin

FROM_EMAIL = "30 days from e-mail"
CLIENTS = [
    ("N-1,Ash Street Bakery,Ada Byrd,ada@ash.example,1 Ash Street,Sacramento,CA,95814", FROM_EMAIL),
    ("N-2,Birch Lane Dental,Bo Dent,bo@birch.example,2 Birch Lane,Sacramento,CA,95815", FROM_EMAIL),
    ("N-3,Cedar Hill Law,Cy Lex,cy@cedar.example,3 Cedar Hill,Sacramento,CA,95816", FROM_EMAIL),
    ("N-4,Dogwood Press,Di Ink,di@dogwood.example,4 Dogwood Way,Davis,CA,95616", FROM_EMAIL),
]
ROWS = [f"{client},own-terms,{term},130.00" for client, term in CLIENTS]
TABLE = '[smtp]\nhost = "127.0.0.1"\nport = 2525\nsign_in = "none"\nper_minute = 0\n'
"""No password and no pace: what a server of this machine needs."""


@pytest.fixture(scope="session")
def _lettered(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Approved on whatever day it is, for a date far enough ahead: these go for real."""
    office = replace(begin(tmp_path_factory.mktemp("wired") / "office"), today="")
    definition, day = f"campaigns/{RATES}/campaign.toml", datetime.now(UTC).date() + timedelta(days=90)
    office.edit(definition, "effective = 2027-01-01", f"effective = {day}")
    office.edit(definition, 'newsletter = "2026-12"', 'newsletter = "auto"')
    office.edit(definition, 'exclude = ["CF-1089"]', "exclude = []")
    office.edit("mailer.toml", "[lead_times]", f"{TABLE}\n[lead_times]")
    office.imports("\n".join([HEADINGS, *ROWS]) + "\n")
    office.does("approve", RATES)
    return office


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as made:
        yield made


@pytest.fixture
def wired(_lettered: Office, server: MailServer, tmp_path: Path) -> Office:
    office = _lettered.copy(tmp_path / "office")
    office.edit("mailer.toml", "port = 2525", f"port = {server.port}")
    return office
