"""What the post charges. Literal postage is the Postal Service's Notice 123 of 13 July 2025."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailer import shipped
from mailer.errors import MailerError
from mailer.planning.prices import PriceList
from mailer.printroom.postagerates import HEAVIEST, PostageEntry, PricedShape, Tariff, load_postage
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
"""


@pytest.fixture
def listed(tmp_path: Path) -> Callable[..., Tariff]:
    def read(text: str = FILE, day: date = TUESDAY) -> Tariff:
        (tmp_path / "prices.toml").write_text(text)
        return Tariff(load_postage(tmp_path).on(day))

    return read


ENTRY = PostageEntry.model_validate({
    "from": date(2025, 7, 13), "letter_stamped": "0.78", "letter_metered": "0.74",
    "letter_extra_ounce": "0.29", "flat": "1.63", "flat_extra_ounce": "0.27",
})  # fmt: skip


def shipped_on(day: date) -> Tariff:
    return in_folder(shipped.campaigns() / "2027-rates", day)  # a folder without prices of its own


def in_folder(root: Path, day: date = TUESDAY) -> Tariff:
    return Tariff(load_postage(root, ["lob", "hotfolder"]).on(day))


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
    shape: PricedShape, ounces: str, metered: bool, dollars: str
) -> None:
    assert shipped_on(TUESDAY).postage(shape, D(ounces), metered=metered) == D(dollars)


@pytest.mark.parametrize("metered", [False, True])
def test_a_letter_abroad_has_a_price_of_its_own(listed: Callable[..., Tariff], metered: bool) -> None:
    assert listed().postage("letter", D(1), metered=metered, abroad=True) == D("1.25")
    for shape, ounces in (("letter", "1.01"), ("flat", "0.9"), ("card", "0.2")):
        with pytest.raises(MailerError, match=r"oz abroad is priced by its country"):
            listed().postage(shape, D(ounces), metered=metered, abroad=True)  # type: ignore[arg-type]


def test_the_shipped_file_asks_for_the_price_abroad() -> None:
    """It is not among our sources: Notice 123 was not at hand."""
    with pytest.raises(MailerError, match=r"\[\[postage\]\] from 2025-07-13 has no price 'letter_abroad'"):
        shipped_on(TUESDAY).postage("letter", D(1), metered=False, abroad=True)


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
def test_a_list_holds_from_its_day_until_the_next(
    listed: Callable[..., Tariff], day: date, dollars: str
) -> None:
    assert listed(day=day).postage("letter", D(1), metered=False) == D(dollars)


def test_a_price_that_is_missing_is_named_when_it_is_needed(listed: Callable[..., Tariff]) -> None:
    old = listed(day=date(2025, 7, 12))
    assert old.postage("letter", D(1), metered=False) == D("0.73")
    with pytest.raises(MailerError) as missing:
        old.postage("flat", D(1), metered=False)
    assert str(missing.value) == (
        "prices.toml: [[postage]] from 2024-07-14 has no price 'flat'.\n"
        "  Put in  flat = …  with the price in dollars."
    )


EVERY_USE: tuple[Callable[[Tariff], Decimal], ...] = (
    lambda found: found.postage("letter", D(2), metered=False),
    lambda found: found.postage("letter", D(2), metered=True),
    lambda found: found.postage("flat", D(2), metered=False),
    lambda found: found.postage("card", D(1), metered=False),
    lambda found: found.certified("card"),
    lambda found: found.certified("electronic"),
    lambda found: found.postage("letter", D(1), metered=False, abroad=True),
)


@pytest.mark.parametrize("line", FILE.split("2025-07-13\n")[1].splitlines())
def test_every_price_of_the_section_is_used(listed: Callable[..., Tariff], line: str) -> None:
    new = FILE.index("from = 2025")
    found, missing = listed(FILE[:new] + FILE[new:].replace(f"{line}\n", "")), []
    for use in EVERY_USE:
        try:
            use(found)
        except MailerError as error:
            missing.append(str(error))
    assert any(f"has no price '{line.partition(' = ')[0]}'" in message for message in missing)


@pytest.mark.parametrize(
    ("shape", "ounces", "todo"),
    [("letter", "3.51", "It goes as a flat."), ("flat", "13.1", "It goes as a parcel")],
)
def test_a_weight_beyond_the_class(
    listed: Callable[..., Tariff], shape: PricedShape, ounces: str, todo: str
) -> None:
    with pytest.raises(MailerError) as heavy:
        listed().postage(shape, D(ounces), metered=False)
    assert heavy.value.what == f"a {shape} weighs at most {HEAVIEST[shape]} oz; this one weighs {ounces} oz."
    assert heavy.value.todo.startswith(todo)


@pytest.mark.parametrize("ounces", ["0", "-1", "NaN", "Infinity"])
def test_what_is_no_weight(listed: Callable[..., Tariff], ounces: str) -> None:
    with pytest.raises(ValueError, match="is not a weight in ounces"):
        listed().postage("letter", D(ounces), metered=False)


@given(
    st.sampled_from(["letter", "flat"]),
    st.decimals("0.01", "13", places=2),
    st.decimals("0.01", "13", places=2),
    st.booleans(),
)
def test_more_weight_never_costs_less(
    shape: PricedShape, one: Decimal, other: Decimal, metered: bool
) -> None:
    light, heavy = sorted(min(ounces, HEAVIEST[shape]) for ounces in (one, other))
    found = Tariff(PriceList("", "postage", ENTRY))
    assert found.postage(shape, light, metered=metered) <= found.postage(shape, heavy, metered=metered)


def test_the_mail_folders_own_file_comes_first(tmp_path: Path) -> None:
    office = begin(tmp_path / "office")
    assert (office.root / "prices.toml").read_bytes() == (shipped.campaigns() / "prices.toml").read_bytes()
    office.edit("prices.toml", "letter_stamped = 0.78", "letter_stamped = 0.99")
    assert in_folder(office.root).postage("letter", D(1), metered=False) == D("0.99")
    (office.root / "prices.toml").unlink()
    assert in_folder(office.root).postage("letter", D(1), metered=False) == D("0.78")


def test_the_shipped_file_shows_every_key() -> None:
    text = (shipped.campaigns() / "prices.toml").read_text()
    keys = {info.alias or name for name, info in PostageEntry.model_fields.items()}
    assert not [key for key in sorted(keys) if f"{key} = " not in text]
