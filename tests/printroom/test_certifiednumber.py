"""The post's numbers for certified mail: shape and check digit.

The numbers are published examples: USPS Publication 91 (9101 1234 5678 9000 0000 13), and the test numbers of
github.com/jkeen/tracking_number_data, couriers/usps.json.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailer.printroom.certifiednumber import NoNumber, check_digit, grouped, read_number

PUBLISHED = [
    "9101 1234 5678 9000 0000 13",
    "9505 5110 6960 5048 6006 24",
    "9400 1112 0108 0805 4830 16",
    "9361 2898 7870 0317 6337 95",
    "9405803699300124287899",
    "92748931507708513018050063",
    "7112 3456 7891 2345 6787",  # its check digit is of the digits alone
    "7196 9010 7560 0307 7385",  # and this one's of the digits with 91 in front
]


@pytest.mark.parametrize("number", PUBLISHED)
def test_published_numbers_are_right(number: str) -> None:
    assert read_number(number) == number.replace(" ", "")


@pytest.mark.parametrize("number", PUBLISHED)
def test_the_next_number_is_mistyped(number: str) -> None:
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    with pytest.raises(NoNumber, match="its check digit is wrong"):
        read_number(wrong)


def test_a_label_of_the_post_office_is_read_by_its_shape_alone() -> None:
    assert read_number("7019 2280 0001 2345 6789") == "70192280000123456789"
    assert read_number("70192280000123456780") == "70192280000123456780"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is not a number"),
        ("seven", "is not a number"),
        ("7019 2280 0001 2345 678", "has 19 digits and begins with 70"),
        ("8019 2280 0001 2345 6789", "has 20 digits and begins with 80"),
        ("9900 1112 0108 0805 4830 16", "has 22 digits and begins with 99"),
        ("9400 1112 0108 0805 4830 1", "has 21 digits"),
        ("7.01923E+19", "was shortened by a spreadsheet"),
        ("7019  2280 0001 2345 6789", "is not a number"),
        ("٧٠١٩ ٢٢٨٠ ٠٠٠١ ٢٣٤٥ ٦٧٨٩", "is not a number"),
        ("EA 123 456 789 US", "is not a number"),
    ],
)
def test_what_is_no_number_is_refused(text: str, says: str) -> None:
    with pytest.raises(NoNumber, match=says.replace("+", r"\+")):
        read_number(text)


def test_it_is_printed_in_groups_of_four() -> None:
    assert grouped("9400111201080805483016") == "9400 1112 0108 0805 4830 16"
    assert grouped("70192280000123456789") == "7019 2280 0001 2345 6789"


@given(st.text("0123456789", min_size=1, max_size=30), st.data())
def test_a_single_wrong_digit_is_always_found(body: str, data: st.DataObject) -> None:
    """Weights 3 and 1 have no factor in common with 10, so no other digit in one place gives the same sum."""
    place = data.draw(st.integers(0, len(body) - 1))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != body[place]]))
    assert check_digit(body[:place] + other + body[place + 1 :]) != check_digit(body)


@given(st.from_regex("9[1-5][0-9]{19}", fullmatch=True))
def test_exactly_one_check_digit_is_right(body: str) -> None:
    right = []
    for last in "0123456789":
        try:
            right.append(read_number(body + last))
        except NoNumber:
            continue
    assert right == [body + check_digit(body)]
