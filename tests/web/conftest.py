"""The office at each stage of the rate notice, a fake Lob, and databases."""

from __future__ import annotations

from tests.fakes.fixture import fake_lob
from tests.support.fixtures import _stages, approved, issued, mailed, office, printed

__all__ = ["_stages", "approved", "fake_lob", "issued", "mailed", "office", "printed"]
