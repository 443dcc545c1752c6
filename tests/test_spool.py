"""A list in a temporary file is the list that was put in."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date
from uuid import UUID, SafeUUID

import pytest

from mailer.ledger.fold import PieceState
from mailer.ledger.kinds import Medium, ReturnReason, Status
from mailer.spool import Spool


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 1_700])
def test_it_gives_back_what_was_put_in_as_often_as_it_is_read(count: int) -> None:
    things = [(UUID(int=n), f"2027-rates-L-{n:04}", date(2027, 1, 1)) for n in range(count)]
    spool = Spool(things)
    assert len(spool) == count
    assert list(spool) == list(spool) == things


def test_records_come_out_equal_and_whole() -> None:
    letter = PieceState(Status.MAILED, job=1, counts_on=date(2026, 11, 24), return_reason=ReturnReason.MOVED)
    things = [(letter, UUID(int=n, is_safe=SafeUUID.unknown), Medium.LETTER) for n in range(600)]
    found = list(Spool(things))
    assert found == things
    assert len({id(one) for one, _, _ in found[:500]}) == 1  # one object to many is one object
    assert found[0][1].is_safe is SafeUUID.unknown
    with pytest.raises(FrozenInstanceError):
        found[0][0].job = 2  # type: ignore[misc]


def test_it_may_be_read_twice_at_once() -> None:
    spool = Spool(range(1_200))
    assert list(zip(spool, spool, strict=True)) == [(n, n) for n in range(1_200)]


def test_it_grows_after_it_was_read() -> None:
    spool = Spool(range(600))
    assert list(spool)[-1] == 599
    spool.append(600)
    assert list(spool) == list(range(601))
