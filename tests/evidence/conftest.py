"""The mailing by two routes, made once a worker: no test changes it or its pack but in a copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.fakes.lob import running
from tests.support.office import Office, begin
from tests.support.served import in_december, served


@pytest.fixture(scope="session")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = begin(tmp_path_factory.mktemp("served") / "office")
    with running() as fake:
        served(office, fake)
    return office


@pytest.fixture(scope="session")
def served_pack(mixed: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made, and copied elsewhere."""
    folder = in_december(mixed, out=tmp_path_factory.mktemp("made") / "pack").folder
    return shutil.copytree(folder, tmp_path_factory.mktemp("elsewhere") / "pack")
