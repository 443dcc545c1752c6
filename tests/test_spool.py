"""A list in a temporary file is the list that was put in."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from mailer.spool import Spool


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 1_700])
def test_it_gives_back_what_was_put_in_as_often_as_it_is_read(count: int) -> None:
    things = [(UUID(int=n), f"2027-rates-L-{n:04}", date(2027, 1, 1)) for n in range(count)]
    spool = Spool(things)
    assert len(spool) == count
    assert list(spool) == list(spool) == things


def test_it_may_be_read_twice_at_once() -> None:
    spool = Spool(range(1_200))
    assert list(zip(spool, spool, strict=True)) == [(n, n) for n in range(1_200)]


def test_it_grows_after_it_was_read() -> None:
    spool = Spool(range(600))
    assert list(spool)[-1] == 599
    spool.append(600)
    assert list(spool) == list(range(601))
