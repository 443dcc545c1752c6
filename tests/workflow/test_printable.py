"""Preflight before approval: what a printer would send back is named, and nothing is approved."""

from __future__ import annotations

from tests.support.office import RATES, Office


def test_ink_in_the_window_stops_the_approval(office: Office) -> None:
    office.edit("letterhead/letter.css", "@page", "body::before { content: 'SALE'; position: absolute;"
                " top: -0.4in; left: 0; }\n@page")  # fmt: skip
    ran = office.does("approve", RATES, exits=1)
    assert "campaigns/2027-rates/campaign.toml: Dogwood Press, page 1: Ink in the address area:" in ran.said
    assert "the text “" in ran.said
    assert "Nothing was approved." in ran.said
    assert [status for _, status in office.pieces()] in ([], ["prepared"] * 4)
    assert "is not approved" in office.does("print", RATES, exits=1).said
