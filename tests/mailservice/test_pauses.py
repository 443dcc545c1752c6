"""The pauses between two tries, which all other tests do without (tests/conftest.py)."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
import stamina

from tests.fakes.lob import Handle
from tests.support.office import RATES, Office


@pytest.fixture
def _pauses() -> Iterator[None]:
    stamina.set_testing(False)
    yield
    stamina.set_testing(True, attempts=1_000, cap=True)


@pytest.mark.usefixtures("_pauses")
def test_as_long_as_the_service_says(lobbed: Office, fake_lob: Handle) -> None:
    """One of the four is told to come back in a second, twice."""
    fake_lob.tell(faults=[{"kind": "429", "times": 2, "label": "2027-rates-L-0001", "seconds": 1}])
    began = time.monotonic()
    lobbed.does("send", RATES)
    assert time.monotonic() - began >= 2
    assert [status for _, status in lobbed.pieces()] == ["accepted"] * 4


@pytest.mark.usefixtures("_pauses")
def test_a_moment_where_it_says_nothing(lobbed: Office, fake_lob: Handle) -> None:
    """A quarter of a second at least before the second try, and half of one before the third."""
    fake_lob.tell(faults=[{"kind": "500", "times": 2, "label": "2027-rates-L-0001"}])
    began = time.monotonic()
    lobbed.does("send", RATES)
    assert time.monotonic() - began >= 0.75
    assert [status for _, status in lobbed.pieces()] == ["accepted"] * 4
