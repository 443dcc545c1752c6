"""Every limit that Lob publishes for a letter (OpenAPI document 1.22.0), at its edge; the fake judges too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mailer.mailservice.lob.client import Lob
from mailer.mailservice.service import Accepted, Rejected
from tests.fakes.lob import Handle
from tests.fakes.pieces import ADA, FIRM, TORONTO, a_piece, pdf

TODAY = date(2026, 11, 24)
LOB = Lob("test_abc")


def to(**changes: str) -> dict[str, Any]:
    return {"to": replace(ADA, **changes)}


def abroad(**changes: Any) -> dict[str, Any]:
    return {"to": TORONTO, **changes}


def pages(count: int, **changes: Any) -> dict[str, Any]:
    return {"pdf": pdf(count), "pages": count, **changes}


WITHIN = {
    "name of 40": to(name="n" * 40),
    "company of 40": to(company="c" * 40),
    "company alone": to(name=""),
    "lines of 50": to(line1="1" * 25, line2="2" * 25),
    "sender's lines of 64": {"sender": replace(FIRM, line1="1" * 64, line2="2" * 64)},
    "city of 200": to(city="c" * 200),
    "ZIP+4": to(zip="95814-1234"),
    "60 pages": pages(60, double_sided=False),
    "120 pages on both sides": pages(120),
    "6 pages abroad": pages(6, double_sided=False, to=TORONTO),
    "12 pages abroad on both sides": pages(12, to=TORONTO),
    "abroad without a postal code": {"to": replace(TORONTO, zip="")},
    "abroad without a city": {"to": replace(TORONTO, city="", state="")},
    "tomorrow": {"send_date": date(2026, 11, 25)},
    "in 179 days": {"send_date": date(2027, 5, 22)},
    "subject of 255": {"subject": "s" * 255},
    "send key of 256": {"send_key": "k" * 256},
    "certified": {"certified": True},
}
PAST = {
    "name of 41": (to(name="n" * 41), "recipient's name has 41 characters: Lob takes 40"),
    "company of 41": (to(company="c" * 41), "recipient's company has 41 characters: Lob takes 40"),
    "neither": (to(name="", company=""), "recipient has neither a name nor a company"),
    "lines of 51": (to(line1="1" * 25, line2="2" * 26), "51 characters: Lob takes 50 in all"),
    "sender's line 1": (
        {"sender": replace(FIRM, line1="1" * 65)},
        "sender's address line 1 has 65 characters",
    ),
    "sender's line 2": (
        {"sender": replace(FIRM, line2="1" * 65)},
        "sender's address line 2 has 65 characters",
    ),
    "no street": (to(line1=""), "recipient has no street line"),
    "no city": (to(city=""), "recipient has no city"),
    "city of 201": (to(city="c" * 201), "recipient's city has 201 characters"),
    "state in full": (to(state="California"), "state is 'California': Lob takes two letters"),
    "ZIP of 4": (to(zip="5814"), "ZIP code is '5814'"),
    "ZIP of 9": (to(zip="958141234"), "ZIP code is '958141234'"),
    "sender abroad": ({"sender": TORONTO}, "sender is in CA: Lob takes a US return address only"),
    "61 pages": (pages(61, double_sided=False), "61 pages: Lob takes 60 on one side"),
    "121 pages": (pages(121), "121 pages: Lob takes 120 on both sides"),
    "7 pages abroad": (
        pages(7, double_sided=False, to=TORONTO),
        "7 pages: Lob takes 6 on one side for mail to CA",
    ),
    "13 pages abroad": (pages(13, to=TORONTO), "13 pages: Lob takes 12 on both sides for mail to CA"),
    "postal code abroad": ({"to": replace(TORONTO, zip="9" * 41)}, "postal code has 41 characters"),
    "neither abroad": ({"to": replace(TORONTO, zip="", city="")}, "needs both a city and a state"),
    "certified abroad": (abroad(certified=True), "Certified mail is for US addresses only"),
    "today": ({"send_date": TODAY}, "send date 2026-11-24 is not in the future"),
    "in 181 days": ({"send_date": date(2027, 5, 24)}, "is 181 days ahead"),
    "subject of 256": ({"subject": "s" * 256}, "subject has 256 characters: Lob takes 255"),
    "send key of 257": ({"send_key": "k" * 257}, "send key must have 1 to 256 plain characters"),
    "quotation mark": ({"campaign": 'a"b'}, 'holds a " or a \\'),
    "backslash": ({"label": "a\\b"}, 'holds a " or a \\'),
    "label of 501": ({"label": "l" * 501}, "label has 501 characters: Lob takes 500"),
}


@pytest.mark.parametrize("changes", WITHIN.values(), ids=WITHIN)
def test_within_every_limit(fake_lob: Handle, changes: dict[str, Any]) -> None:
    fake_lob.tell(now="2026-11-24T22:10:00+00:00")
    piece = a_piece(**changes)
    assert LOB.problems(piece, TODAY) == ()
    assert isinstance(Lob("test_abc", fake_lob.base).post(piece), Accepted)


@pytest.mark.parametrize(("changes", "said"), PAST.values(), ids=PAST)
def test_past_a_limit_is_said_before_the_call_and_refused_by_lob(
    fake_lob: Handle, changes: dict[str, Any], said: str
) -> None:
    """The fake is written from the document alone: it must refuse whatever we hold back."""
    fake_lob.tell(now="2026-11-24T22:10:00+00:00")
    piece = a_piece(**changes)
    assert any(said in problem for problem in LOB.problems(piece, TODAY)), LOB.problems(piece, TODAY)
    assert isinstance(Lob("test_abc", fake_lob.base).post(piece), Rejected)
    assert fake_lob.report()["letters"] == 0


def test_a_pdf_of_five_megabytes_and_not_of_six(fake_lob: Handle) -> None:
    """ "Remote URLs have a 5 MB file size limit", and code file_size_exceeds_limit."""
    five, six = pdf(padding=4_900_000), pdf(padding=5_990_000)
    service = Lob("test_abc", fake_lob.base)
    fits, large = a_piece(1, pdf=five, size=len(five)), a_piece(2, pdf=six, size=len(six))
    assert service.problems(fits, TODAY) == ()
    assert service.problems(large, TODAY) == (
        "The piece's PDF has 6.0 MB: Lob takes 5 MB. Use smaller pictures.",
    )
    assert isinstance(service.post(fits), Accepted)
    refused = service.post(large)
    assert isinstance(refused, Rejected)
    assert refused.code == "file_size_exceeds_limit"


def test_all_that_is_wrong_is_said_at_once() -> None:
    piece = a_piece(**to(name="n" * 41, zip="5814"), send_date=TODAY, certified=True)
    assert len(LOB.problems(piece, TODAY)) == 3


def test_pages_that_would_fit_on_both_sides_say_so() -> None:
    (said,) = LOB.problems(a_piece(pages=61, double_sided=False), TODAY)
    assert "Print it on both sides." in said
