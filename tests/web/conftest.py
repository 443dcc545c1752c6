"""An office whose letters a mail service accepted: it tells of them by webhook."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.office import Office
from tests.web.receiver import sent_by


@pytest.fixture(scope="module")
def sent(_stages: dict[str, Office], tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Four letters were accepted; the day is 10 December."""
    folder = tmp_path_factory.mktemp("sent") / "office"
    return sent_by(_stages["approved"].copy(folder)).on("2026-12-10")


@pytest.fixture
def office_of(sent: Office, tmp_path: Path) -> Office:
    return sent.copy(tmp_path / "office")
