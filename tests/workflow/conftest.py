"""The office at each stage of the rate notice: tests.support.fixtures and tests.support.evidence."""

from __future__ import annotations

from tests.fakes.fixture import fake_lob
from tests.support.evidence import _posted, made, pack, posted, unposted
from tests.support.fixtures import _stages, approved, issued, mailed, office, printed

__all__ = [
    "_posted", "_stages", "approved", "fake_lob", "issued", "made", "mailed", "office", "pack", "posted",
    "printed", "unposted",
]  # fmt: skip
