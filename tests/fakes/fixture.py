"""A fake Lob for one test. Import it in a conftest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.lob import Handle, running


@pytest.fixture
def fake_lob() -> Iterator[Handle]:
    """Runs in a thread, with its rate off; `fake_lob.base` is its address."""
    with running() as handle:
        yield handle
