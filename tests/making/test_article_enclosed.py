"""Who opted out of the newsletter and is given notice has its article in the letter's envelope."""

from __future__ import annotations

import pytest

from tests.support.office import RATES, Office, page_texts


@pytest.mark.parametrize("how", ["list", "mark"])
def test_the_article_goes_with_the_letter_of_who_opted_out(office: Office, how: str) -> None:
    office.opts_out("N-2", how)
    office.does("approve", RATES)
    office.does("print", RATES)
    pages = page_texts(office.job() / "letters.pdf")
    (at,) = [number for number, text in enumerate(pages) if "Birch Lane Dental" in text]
    assert "From our newsletter" not in pages[at]  # no line for it: a full letter stays on its page
    assert "From our newsletter" in pages[at + 1]
    assert "your letter states yours" in pages[at + 1]  # campaigns/2027-rates/article.md
    others = [text for number, text in enumerate(pages) if number not in (at, at + 1)]
    assert not any("From our newsletter" in text for text in others)
    (row,) = [one for one in office.manifest() if one["name"] == "Birch Lane Dental"]
    assert (row["pages"], row["sheets"]) == ("2", "1")  # on the back of the letter
