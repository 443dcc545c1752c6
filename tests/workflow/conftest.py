"""The office at each stage of the rate notice: tests.support.fixtures and tests.support.evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import stamina

from mailer.workflow.posting import ATTEMPTS
from tests.fakes.fixture import fake_lob
from tests.fakes.lob import Handle
from tests.support.evidence import _posted, made, pack, posted, unposted
from tests.support.fixtures import _stages, approved, issued, mailed, office, printed
from tests.support.heard import accepted, sent
from tests.support.office import RATES, TUESDAY, Office

__all__ = [
    "_posted", "_stages", "accepted", "approved", "fake_lob", "issued", "made", "mailed", "office", "pack",
    "posted", "printed", "sent", "unposted",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _no_backoff() -> Iterator[None]:
    """What is asked for again is asked at once, as often as ever; a child process waits as it does really."""
    with stamina.set_testing(True, attempts=ATTEMPTS, cap=True):
        yield


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
