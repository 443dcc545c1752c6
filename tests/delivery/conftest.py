"""A fake Lob for each test that asks for one."""

from __future__ import annotations

from tests.fakes.fixture import fake_lob

__all__ = ["fake_lob"]
