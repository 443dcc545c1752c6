"""Piece numbers as they stand in events, options and on paper."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailer.ledger.numbers import label, numbers, ranges, recorded, spans


@pytest.mark.parametrize(
    ("given_", "written"),
    [
        ([], ""),
        ([7], "7"),
        ([1, 2], "1-2"),
        ([18, *range(1, 17)], "1-16,18"),
        ([3, 1, 1, 2, 9, 8], "1-3,8-9"),
    ],
)
def test_numbers_are_written_as_ranges(given_: list[int], written: str) -> None:
    assert ranges(given_) == written


@pytest.mark.parametrize(
    ("written", "read"),
    [("", []), (" ", []), ("7", [7]), ("1-3", [1, 2, 3]), ("5-5", [5]), (" 9, 1-2 ", [9, 1, 2])],
)
def test_ranges_are_read(written: str, read: list[int]) -> None:
    assert list(numbers(written)) == read


@pytest.mark.parametrize(
    "written", ["0", "0-3", "3-1", "-1", "1-", "a", "1,,2", "1,", "1 2", "1-2-3", "1.5", "٢", "1" * 10]
)
def test_what_is_not_a_range_is_refused(written: str) -> None:
    with pytest.raises(
        ValueError, match='is not a range of piece numbers; write it like "1-60" or "1-16,18"'
    ):
        list(numbers(written))


@pytest.mark.parametrize("written", ["1-3,2-4", "1-1000,1-1000", "2,1", "7,7"])
def test_an_event_names_each_piece_once_and_in_order(written: str) -> None:
    with pytest.raises(ValueError, match="names a piece twice, or not in their order"):
        list(recorded(written))


@given(st.sets(st.integers(1, 300)))
def test_ranges_survive_writing(given_: set[int]) -> None:
    assert list(numbers(ranges(given_))) == list(recorded(ranges(given_))) == sorted(given_)


@given(st.sets(st.integers(1, 300)))
def test_spans_are_apart_and_ascending(given_: set[int]) -> None:
    found = list(spans(ranges(given_)))
    assert sum(last - first + 1 for first, last in found) == len(given_)
    assert all(one[1] + 1 < two[0] for one, two in pairwise(found))


@given(st.text("0123456789-, x"))
def test_any_text_is_read_or_refused(written: str) -> None:
    try:
        found = list(spans(written))
    except ValueError:
        return
    assert all(1 <= first <= last for first, last in found)


@pytest.mark.parametrize(
    ("campaign", "letter", "number", "shown"),
    [
        ("2027-rates", "L", 42, "2027-rates-L-0042"),
        ("2026-12", "N", 1, "2026-12-N-0001"),
        ("2027-rates", "L", 123456, "2027-rates-L-123456"),
    ],
)
def test_the_label_for_people(campaign: str, letter: str, number: int, shown: str) -> None:
    assert label(campaign, letter, number) == shown
