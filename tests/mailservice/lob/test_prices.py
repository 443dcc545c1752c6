"""What Lob charges. The figures are examples: Lob publishes no price that holds for everyone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailer import shipped
from mailer.errors import MailerError
from mailer.mailservice.lob.prices import LobEntry, letter_price, load_lob_prices, remarks
from mailer.planning.prices import PriceList

TUESDAY = date(2026, 11, 24)
D = Decimal

PRICES = {
    "letter_black": "0.80", "letter_color": "1.00", "extra_page_black": "0.10", "extra_page_color": "0.20",
    "address_page": "0.05", "flat": "1.50", "abroad": "0.90", "certified": "6.00", "return_receipt": "3.00",
}  # fmt: skip


def listed(**changes: Any) -> PriceList[LobEntry]:
    entry = LobEntry.model_validate({"from": date(2026, 1, 1)} | PRICES | changes)
    return PriceList("prices.toml", "lob", entry)


def shipped_on(day: date) -> PriceList[LobEntry]:
    return load_lob_prices(shipped.campaigns() / "2027-rates", ("hotfolder",)).on(day)


def test_the_shipped_file_asks_for_the_price_abroad() -> None:
    found = shipped_on(TUESDAY)
    with pytest.raises(MailerError, match=r"\[\[lob\]\] from 2025-07-13 has no price 'abroad'"):
        letter_price(found, pages=1, sheets=1, color=False, abroad=True)
    assert letter_price(found, pages=1, sheets=1, color=False) == D("0.90")


@pytest.mark.parametrize(
    ("asked", "dollars"),
    [
        ({"pages": 1, "sheets": 1, "color": False}, "0.80"),
        ({"pages": 1, "sheets": 1, "color": True}, "1.00"),
        ({"pages": 3, "sheets": 2, "color": False}, "1.00"),
        ({"pages": 3, "sheets": 2, "color": True}, "1.40"),
        ({"pages": 1, "sheets": 1, "color": False, "address_page": True}, "0.85"),
        ({"pages": 12, "sheets": 6, "color": False}, "1.90"),
        ({"pages": 13, "sheets": 7, "color": False}, "3.50"),  # 0.80 + 12 x 0.10 + 1.50
        ({"pages": 12, "sheets": 6, "color": False, "address_page": True}, "3.45"),  # the seventh sheet
        ({"pages": 1, "sheets": 1, "color": False, "abroad": True}, "1.70"),
        ({"pages": 13, "sheets": 7, "color": False, "abroad": True}, "4.40"),
        ({"pages": 1, "sheets": 1, "color": False, "certified": True}, "6.80"),
        ({"pages": 1, "sheets": 1, "color": False, "return_receipt": True}, "9.80"),
    ],
)
def test_a_letter(asked: dict[str, Any], dollars: str) -> None:
    assert letter_price(listed(), **asked) == D(dollars)


def test_example_prices_say_so() -> None:
    (remark,) = remarks(shipped_on(TUESDAY))
    assert "examples" in remark
    assert remarks(listed()) == ()
    assert remarks(listed(example=True)) != ()


def test_before_the_first_list_there_is_no_price(tmp_path: Path) -> None:
    (tmp_path / "prices.toml").write_text("[[lob]]\nfrom = 2026-01-01\n[[postage]]\nfrom = 2025-07-13\n")
    with pytest.raises(MailerError, match=r"prices\.toml: no \[\[lob\]\] holds on 2025-12-31\."):
        load_lob_prices(tmp_path).on(date(2025, 12, 31))


@pytest.mark.parametrize("key", PRICES)
def test_every_price_of_the_section_is_used(key: str) -> None:
    without = listed(**{key: None})
    with pytest.raises(MailerError, match=f"has no price '{key}'"):  # noqa: PT012 (either letter asks for it)
        letter_price(without, pages=15, sheets=8, color=False, address_page=True, return_receipt=True)
        letter_price(without, pages=15, sheets=8, color=True, abroad=True)


@given(st.integers(1, 60), st.integers(1, 60), st.booleans(), st.booleans(), st.booleans())
def test_more_pages_or_a_service_never_cost_less(
    one: int, other: int, color: bool, address_page: bool, certified: bool
) -> None:
    few, many = sorted((one, other))
    plain = letter_price(listed(), pages=few, sheets=(few + 1) // 2, color=color)
    more = letter_price(
        listed(),
        pages=many,
        sheets=(many + 1) // 2,
        color=color,
        address_page=address_page,
        certified=certified,
    )
    assert D(0) < plain <= more


@pytest.mark.parametrize(("pages", "sheets"), [(0, 0), (1, 0), (1, 2)])
def test_pages_that_cannot_lie_on_so_many_sheets(pages: int, sheets: int) -> None:
    with pytest.raises(ValueError, match="cannot lie on"):
        letter_price(listed(), pages=pages, sheets=sheets, color=False)


def test_the_shipped_file_shows_every_key() -> None:
    text = (shipped.campaigns() / "prices.toml").read_text()
    keys = {info.alias or name for name, info in LobEntry.model_fields.items()}
    assert not [key for key in sorted(keys) if f"{key} = " not in text]
