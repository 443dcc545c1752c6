"""Days and names in words."""

from __future__ import annotations

from mailer.notice.words import by_reason, some, together


def test_some_of_many() -> None:
    assert some(["a", "b"]) == "a, b"
    assert some([*"abcdefg"]) == "a, b, c, d, e and 2 more"


def test_names_of_one_reason_stand_together() -> None:
    found = [("L-1", "no address"), ("L-2", "too large"), ("L-3", "no address")]
    assert list(by_reason(found)) == [("L-1, L-3", "no address"), ("L-2", "too large")]


def test_names_in_a_sentence() -> None:
    assert [together(["letter", "newsletter", "page"][:n]) for n in range(4)] == [
        "", "letter", "letter and newsletter", "letter, newsletter and page",
    ]  # fmt: skip
