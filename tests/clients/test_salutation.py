"""How a letter greets, and whose name is a company's."""

from __future__ import annotations

import pytest

from mailer.clients.salutation import greeting, turned, who


@pytest.mark.parametrize(
    ("given", "title", "company", "contact", "last", "expected"),
    [
        ("Dear Jim,", "", "Acme", "James Butt", "", "Dear Jim"),
        ("Hello Jim:", "", "Acme", "James Butt", "", "Hello Jim"),
        ("Jim", "", "Acme", "James Butt", "", "Dear Jim"),
        ("Ms.", "", "Acme", "Jane Butt", "", "Dear Ms. Butt"),
        ("", "", "Acme", "James Butt", "", "Dear James Butt"),
        ("", "Ms.", "Acme", "Jane Butt", "", "Dear Ms. Butt"),
        ("", "Dr", "Acme", "Jane van der Berg", "van der Berg", "Dear Dr van der Berg"),
        ("", "Office Manager", "Acme", "Jane Butt", "", "Dear Jane Butt"),
        ("", "", "Acme", "Ms. Jane Butt", "", "Dear Ms. Butt"),
        ("", "", "Acme", "Dr. Jane Butt, DDS", "", "Dear Dr. Butt"),
        ("", "", "Acme", "Mr. and Mrs. Butt", "", "Dear Mr. and Mrs. Butt"),
        ("", "", "Acme", "John & Mary Butt", "", "Dear John & Mary Butt"),
        ("", "", "Acme", "", "", "To the team at Acme"),
        ("", "", "Acme", "Accounts Payable", "", "To the team at Acme"),
        ("", "", "", "James Butt", "", "Dear James Butt"),
    ],
)
def test_greetings(given: str, title: str, company: str, contact: str, last: str, expected: str) -> None:
    assert greeting(given, title, company, contact, last)[0] == expected


def test_a_greeting_that_was_completed_is_noted() -> None:
    assert greeting("Jim", "", "Acme", "", "")[1] == "salutation “Jim” → “Dear Jim”"
    assert greeting("Dear Jim,", "", "Acme", "", "")[1] == ""


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ("Butt, James", "James Butt"),
        ("Butt, James A.", "James A. Butt"),
        ("James Butt, CPA", "James Butt, CPA"),
        ("James Butt, Ph.D.", "James Butt, Ph.D."),
        ("James Butt, Jr.", "James Butt, Jr."),
        ("Butt, James, CPA", "Butt, James, CPA"),
        ("James Butt", "James Butt"),
        ("Butt,", "Butt,"),
    ],
)
def test_last_name_first(contact: str, expected: str) -> None:
    assert turned(contact) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("Acme", "", "", "James", "Butt"), ("Acme", "James Butt")),
        (("Acme", "", "Jo Dee", "James", "Butt"), ("Acme", "Jo Dee")),
        (("Benton, John B Jr", "", "", "", ""), ("Benton, John B Jr", "")),
        (("", "Acme Inc.", "", "", ""), ("Acme Inc.", "")),
        (("", "James Butt", "", "", ""), ("", "James Butt")),
        (("", "James Butt", "", "James", "Butt"), ("", "James Butt")),
        (("", "Butt, James", "", "James", "Butt"), ("", "James Butt")),
        (("", "Acme", "James Butt", "", ""), ("Acme", "James Butt")),
        (("Acme", "Acme", "", "", ""), ("Acme", "")),
        (("Acme", "James Butt", "", "", ""), ("Acme", "James Butt")),
        (("Acme", "", "Attn: Jo Dee", "", ""), ("Acme", "Jo Dee")),
        (("Acme", "", "Atticus Dee", "", ""), ("Acme", "Atticus Dee")),
        (("", "", "", "", ""), ("", "")),
    ],
)
def test_who(cells: tuple[str, str, str, str, str], expected: tuple[str, str]) -> None:
    assert who(*cells)[:2] == expected
