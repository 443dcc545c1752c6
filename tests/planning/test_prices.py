"""A section of prices.toml: dated entries, whose shape a room above gives."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mailer import shipped
from mailer.errors import FileProblems, MailerError
from mailer.planning.prices import DatedEntry, Price, Prices, load_prices
from tests.support.office import begin

FILE = """\
[[postage]]
from = 2024-07-14
letter = 0.73

[[postage]]
from = 2025-07-13
letter = 0.78
card = 0.61

[[pigeon]]
flown = true
"""


class Entry(DatedEntry):
    letter: Price | None = None
    card: Price | None = None


def prices(folder: Path, text: str = FILE) -> Prices[Entry]:
    (folder / "prices.toml").write_text(text)
    return load_prices(folder, "postage", Entry, others=["pigeon"])


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(FileProblems) as found:
        prices(folder, text)
    return [str(problem) for problem in found.value.problems]


def test_before_the_first_list_there_is_no_price(tmp_path: Path) -> None:
    with pytest.raises(MailerError) as early:
        prices(tmp_path).on(date(2024, 7, 13))
    assert str(early.value) == (
        "prices.toml: no [[postage]] holds on 2024-07-13.\n"
        "  Add an entry with  from = 2024-07-13  or an earlier day."
    )
    assert not prices(tmp_path).known_on(date(2024, 7, 13))
    assert prices(tmp_path).known_on(date(2024, 7, 14))


def test_all_problems_of_a_section_come_at_once(tmp_path: Path) -> None:
    text = FILE.replace("letter = 0.73", "lettre = 0.73\nletter = -1\ncard = true")
    text = text.replace("2025-07-13", '"2025-07-13"').replace("letter = 0.78", 'letter = "five"')
    text = text.replace("card = 0.61", "card = 163000")
    assert problems(tmp_path, text) == [
        "prices.toml:3: unknown key 'postage.0.lettre'; perhaps you meant 'letter'",
        "prices.toml:4: postage.0.letter: input should be greater than or equal to 0, not -1",
        "prices.toml:5: postage.0.card: true and false are no prices",
        "prices.toml:8: postage.1.from: '2025-07-13' is not a day; write it bare, without quotes: 2027-01-01",
        "prices.toml:9: postage.1.letter: should be a number, not 'five'",
        "prices.toml:10: postage.1.card: input should be less than or equal to 1000, not 163000",
    ]


def test_a_section_that_nobody_reads_is_refused(tmp_path: Path) -> None:
    assert problems(tmp_path, FILE.replace("[[pigeon]]", "[[pidgeon]]")) == [
        "prices.toml:10: unknown key 'pidgeon'; perhaps you meant 'pigeon'"
    ]


@pytest.mark.parametrize("again", ["2024-07-14", "2024-07-13"])
def test_lists_stand_in_order(tmp_path: Path, again: str) -> None:
    (problem,) = problems(tmp_path, FILE.replace("2025-07-13", again))
    assert "in the order of their 'from' days, each day once" in problem


def test_a_folder_has_the_shipped_prices(tmp_path: Path) -> None:
    office = begin(tmp_path / "office")
    assert (office.root / "prices.toml").read_bytes() == (shipped.campaigns() / "prices.toml").read_bytes()


def test_a_price_file_that_is_a_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "prices.toml").mkdir()
    with pytest.raises(MailerError, match="is a folder, not a file"):
        load_prices(tmp_path, "postage", Entry)
