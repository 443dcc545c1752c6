"""prices.toml. Literal postage is the Postal Service's Notice 123 of 13 July 2025."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailer import shipped
from mailer.errors import FileProblems, MailerError
from mailer.planning.prices import (
    HEAVIEST,
    LobEntry,
    PostageEntry,
    PriceFile,
    PriceList,
    Prices,
    Shape,
    load_prices,
)
from mailer.tomlfile import parse
from tests.support.office import begin

TUESDAY = date(2026, 11, 24)
D = Decimal

FILE = """\
[[postage]]
from = 2024-07-14
letter_stamped = 0.73
letter_metered = 0.69
letter_extra_ounce = 0.28
card = 0.56

[[postage]]
from = 2025-07-13
letter_stamped = 0.78
letter_metered = 0.74
letter_extra_ounce = 0.29
letter_abroad = 1.25
card = 0.61
flat = 1.63
flat_extra_ounce = 0.27
certified = 5.30
return_receipt = 4.40
return_receipt_electronic = 2.82

[[lob]]
from = 2026-01-01
letter_black = 0.80
letter_color = 1.00
extra_page_black = 0.10
extra_page_color = 0.20
address_page = 0.05
flat = 1.50
abroad = 0.90
certified = 6.00
return_receipt = 3.00
"""


def prices(text: str = FILE) -> Prices:
    return Prices("prices.toml", parse(text, PriceFile, shown="prices.toml"))


def listed(text: str = FILE, day: date = TUESDAY) -> PriceList:
    return prices(text).on(day)


def shipped_on(day: date) -> PriceList:
    return load_prices(shipped.campaigns() / "2027-rates").on(day)  # a folder without prices of its own


@pytest.mark.parametrize(
    ("shape", "ounces", "metered", "dollars"),
    [
        ("letter", "0.16", False, "0.78"),  # a sheet of 20 lb paper
        ("letter", "1", False, "0.78"),
        ("letter", "1.01", False, "1.07"),
        ("letter", "2", False, "1.07"),
        ("letter", "3", False, "1.36"),
        ("letter", "3.5", False, "1.65"),
        ("letter", "1", True, "0.74"),
        ("letter", "3.5", True, "1.61"),
        ("card", "0.2", False, "0.61"),
        ("flat", "1", False, "1.63"),
        ("flat", "1", True, "1.63"),
    ],
)
def test_the_shipped_postage_is_the_price_list_of_july_2025(
    shape: Shape, ounces: str, metered: bool, dollars: str
) -> None:
    assert shipped_on(TUESDAY).postage(shape, D(ounces), metered=metered) == D(dollars)


@pytest.mark.parametrize("metered", [False, True])
def test_a_letter_abroad_has_a_price_of_its_own(metered: bool) -> None:
    assert listed().postage("letter", D(1), metered=metered, abroad=True) == D("1.25")
    for shape, ounces in (("letter", "1.01"), ("flat", "0.9"), ("card", "0.2")):
        with pytest.raises(MailerError, match=r"oz abroad is priced by its country"):
            listed().postage(shape, D(ounces), metered=metered, abroad=True)  # type: ignore[arg-type]


def test_the_shipped_file_asks_for_the_prices_abroad() -> None:
    """Neither is among our sources: Notice 123 was not at hand, and Lob's is the contract's."""
    found = shipped_on(TUESDAY)
    with pytest.raises(MailerError, match=r"\[\[postage\]\] from 2025-07-13 has no price 'letter_abroad'"):
        found.postage("letter", D(1), metered=False, abroad=True)
    with pytest.raises(MailerError, match=r"\[\[lob\]\] from 2025-07-13 has no price 'abroad'"):
        found.lob(pages=1, sheets=1, color=False, abroad=True)
    assert found.lob(pages=1, sheets=1, color=False) == D("0.90")


def test_certified_mail_comes_on_top() -> None:
    assert shipped_on(TUESDAY).certified() == D("5.30")
    assert shipped_on(TUESDAY).certified("card") == D("9.70")
    assert shipped_on(TUESDAY).certified("electronic") == D("8.12")


@pytest.mark.parametrize(
    ("day", "dollars"),
    [
        (date(2024, 7, 14), "0.73"),
        (date(2025, 7, 12), "0.73"),
        (date(2025, 7, 13), "0.78"),
        (date(2030, 1, 1), "0.78"),
    ],
)
def test_a_list_holds_from_its_day_until_the_next(day: date, dollars: str) -> None:
    assert listed(day=day).postage("letter", D(1), metered=False) == D(dollars)


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
def test_a_letter_by_lob(asked: dict[str, int], dollars: str) -> None:
    assert listed().lob(**asked) == D(dollars)  # type: ignore[arg-type]


def test_example_prices_say_so() -> None:
    (remark,) = shipped_on(TUESDAY).remarks()
    assert "examples" in remark
    assert listed().remarks() == ()
    assert listed(FILE + "example = true\n").remarks() != ()


def test_before_the_first_list_there_is_no_price() -> None:
    with pytest.raises(MailerError) as early:
        listed(day=date(2024, 7, 13))
    assert str(early.value) == (
        "prices.toml: no [[postage]] holds on 2024-07-13.\n"
        "  Add an entry with  from = 2024-07-13  or an earlier day."
    )
    with pytest.raises(MailerError, match=r"prices\.toml: no \[\[lob\]\] holds on 2025-12-31\."):
        listed(day=date(2025, 12, 31)).lob(pages=1, sheets=1, color=False)


def test_a_price_that_is_missing_is_named_when_it_is_needed() -> None:
    old = listed(day=date(2025, 7, 12))
    assert old.postage("letter", D(1), metered=False) == D("0.73")
    with pytest.raises(MailerError) as missing:
        old.postage("flat", D(1), metered=False)
    assert str(missing.value) == (
        "prices.toml: [[postage]] from 2024-07-14 has no price 'flat'.\n"
        "  Put in  flat = …  with the price in dollars."
    )


EVERY_USE: tuple[Callable[[PriceList], Decimal], ...] = (
    lambda found: found.postage("letter", D(2), metered=False),
    lambda found: found.postage("letter", D(2), metered=True),
    lambda found: found.postage("flat", D(2), metered=False),
    lambda found: found.postage("card", D(1), metered=False),
    lambda found: found.certified("card"),
    lambda found: found.certified("electronic"),
    lambda found: found.lob(pages=15, sheets=8, color=False, address_page=True, return_receipt=True),
    lambda found: found.lob(pages=15, sheets=8, color=True, abroad=True),
    lambda found: found.postage("letter", D(1), metered=False, abroad=True),
)


@pytest.mark.parametrize(
    "line", [line for line in FILE.split("2025-07-13\n")[1].splitlines() if line and line[0] not in "[f#"]
)
def test_every_price_of_the_file_is_used(line: str) -> None:
    new = FILE.index("from = 2025")
    without = FILE[:new] + FILE[new:].replace(f"{line}\n", "")
    found, missing = listed(without), []
    for use in EVERY_USE:
        try:
            use(found)
        except MailerError as error:
            missing.append(str(error))
    key = line.partition(" = ")[0]
    assert any(f"has no price '{key}'" in message for message in missing)


@pytest.mark.parametrize(
    ("shape", "ounces", "todo"),
    [("letter", "3.51", "It goes as a flat."), ("flat", "13.1", "It goes as a parcel")],
)
def test_a_weight_beyond_the_class(shape: Shape, ounces: str, todo: str) -> None:
    with pytest.raises(MailerError) as heavy:
        listed().postage(shape, D(ounces), metered=False)
    assert heavy.value.what == f"a {shape} weighs at most {HEAVIEST[shape]} oz; this one weighs {ounces} oz."
    assert heavy.value.todo.startswith(todo)


@pytest.mark.parametrize("ounces", ["0", "-1", "NaN", "Infinity"])
def test_what_is_no_weight(ounces: str) -> None:
    with pytest.raises(ValueError, match="is not a weight in ounces"):
        listed().postage("letter", D(ounces), metered=False)


@given(
    st.sampled_from(["letter", "flat"]),
    st.decimals("0.01", "13", places=2),
    st.decimals("0.01", "13", places=2),
    st.booleans(),
)
def test_more_weight_never_costs_less(shape: Shape, one: Decimal, other: Decimal, metered: bool) -> None:
    light, heavy = sorted(min(ounces, HEAVIEST[shape]) for ounces in (one, other))
    found = listed()
    assert found.postage(shape, light, metered=metered) <= found.postage(shape, heavy, metered=metered)


@given(st.integers(1, 60), st.integers(1, 60), st.booleans(), st.booleans(), st.booleans())
def test_more_pages_or_a_service_never_cost_less(
    one: int, other: int, color: bool, address_page: bool, certified: bool
) -> None:
    few, many = sorted((one, other))
    found = listed()
    plain = found.lob(pages=few, sheets=(few + 1) // 2, color=color)
    more = found.lob(
        pages=many, sheets=(many + 1) // 2, color=color, address_page=address_page, certified=certified
    )
    assert D(0) < plain <= more


@pytest.mark.parametrize(("pages", "sheets"), [(0, 0), (1, 0), (1, 2)])
def test_pages_that_cannot_lie_on_so_many_sheets(pages: int, sheets: int) -> None:
    with pytest.raises(ValueError, match="cannot lie on"):
        listed().lob(pages=pages, sheets=sheets, color=False)


def test_all_problems_of_a_price_file_come_at_once() -> None:
    text = FILE.replace("card = 0.56", "crad = 0.56").replace("letter_metered = 0.69", "letter_metered = -1")
    text = text.replace("letter_black = 0.80", "letter_black = true").replace("2026-01-01", '"2026-01-01"')
    text = text.replace("certified = 5.30", 'certified = "five"').replace("flat = 1.63", "flat = 163000")
    with pytest.raises(FileProblems) as found:
        prices(text)
    assert [str(problem) for problem in found.value.problems] == [
        "prices.toml:4: postage.0.letter_metered: input should be greater than or equal to 0, not -1",
        "prices.toml:6: unknown key 'postage.0.crad'; perhaps you meant 'card'",
        "prices.toml:15: postage.1.flat: input should be less than or equal to 1000, not 163000",
        "prices.toml:17: postage.1.certified: input should be a valid decimal, not 'five'",
        "prices.toml:22: lob.0.from: '2026-01-01' is not a day; write it bare, without quotes: 2027-01-01",
        "prices.toml:23: lob.0.letter_black: true and false are no prices",
    ]


@pytest.mark.parametrize("again", ["2024-07-14", "2024-07-13"])
def test_lists_stand_in_order(again: str) -> None:
    with pytest.raises(FileProblems, match=r"in the order of their 'from' days, each day once"):
        prices(FILE.replace("2025-07-13", again))


def test_the_mail_folders_own_file_comes_first(tmp_path: Path) -> None:
    office = begin(tmp_path / "office")
    assert (office.root / "prices.toml").read_bytes() == (shipped.campaigns() / "prices.toml").read_bytes()
    office.edit("prices.toml", "letter_stamped = 0.78", "letter_stamped = 0.99")
    assert load_prices(office.root).on(TUESDAY).postage("letter", D(1), metered=False) == D("0.99")
    (office.root / "prices.toml").unlink()
    assert load_prices(office.root).on(TUESDAY).postage("letter", D(1), metered=False) == D("0.78")


def test_a_price_file_that_is_a_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "prices.toml").mkdir()
    with pytest.raises(MailerError, match="is a folder, not a file"):
        load_prices(tmp_path)


def test_no_entry_has_a_key_that_the_shipped_file_does_not_show() -> None:
    text = (shipped.campaigns() / "prices.toml").read_text()
    keys = {
        info.alias or name for table in (PostageEntry, LobEntry) for name, info in table.model_fields.items()
    }
    assert not [key for key in sorted(keys) if f"{key} = " not in text]
