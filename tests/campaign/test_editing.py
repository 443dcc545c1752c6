"""A moved date takes the place of the old one and nothing else changes; a follow-up keeps the rest."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailer.campaign.definition import Definition
from mailer.campaign.editing import OnlyClient, follow_up, with_effective
from mailer.errors import MailerError
from mailer.tomlfile import parse

MANUAL: Final = """\
# New rates. `mailer plan 2027-rates`
kind = "rate-notice"
title = "Hourly rates from January 2027"
effective = 2027-01-01      # the first day, not 2026-12-31

[audience]
contract = ["none"]         # also: "managed"

[notice]
newsletter = "2026-12"

[[rates]]
service = "hourly-support"  # as in the list
to = "140.00"

[facts]
reply_by = "December 15, 2026"
"""

BEFORE: Final = (
    "# a remark: effective = 2020-02-02",
    "",
    'title = "effective = 2021-03-03"',
    'note = """\neffective = 2022-04-04\n"""',
    "list = [\n  2023-05-05,  # effective = 2023-05-05\n]",
    "inline = {effective = 2024-06-06}",
    '"é" = "ü"',
)
BEFORE_QUOTED: Final = ('"quoted = key" = 1', "dotted.effective = 2025-07-07", "\t # tab")
AFTER: Final = (
    "[facts]\neffective = 2025-08-08  # another",
    "[[rates]]\nservice = 'a'",
    "[[dates]]\neffective = 2027-01-01",
    "[x]\n[[more]]\n[y]\n[[more]]",
    "# the end",
)


@given(
    before=st.lists(st.sampled_from(BEFORE + BEFORE_QUOTED), unique=True),
    key=st.sampled_from(("effective", '"effective"', "'effective'", r'"\u0065ffective"')),
    spaces=st.tuples(*(st.sampled_from(("", " ", "\t", "   ")) for _ in range(4))),
    remark=st.sampled_from(("", "# a Friday", "#=2027-01-01", "# “é” = 1")),
    after=st.lists(st.sampled_from(AFTER), unique=True),
    newline=st.sampled_from(("\n", "\r\n")),
    mark=st.sampled_from(("", "\ufeff")),
    last=st.booleans(),
    old=st.dates(),
    new=st.dates(),
)
def test_only_the_date_changes(
    before: list[str],
    key: str,
    spaces: tuple[str, ...],
    remark: str,
    after: list[str],
    newline: str,
    mark: str,
    *,
    last: bool,
    old: date,
    new: date,
) -> None:
    head = f"{spaces[0]}{key}{spaces[1]}={spaces[2]}"

    def written(day: date) -> str:
        lines = [*before, f"{head}{day.isoformat()}{spaces[3]}{remark}", *after]
        return mark + ("\n".join(lines) + "\n" * last).replace("\n", newline)

    assert with_effective(written(old), new, shown="campaign.toml") == written(new)


@pytest.mark.parametrize(
    "text", ["kind = 'newsletter'\n", "[facts]\neffective = 2027-01-01\n", 'effective = "2027-01-01"\n']
)
def test_what_can_not_be_changed_in_place_is_said(text: str) -> None:
    with pytest.raises(MailerError) as refused:
        with_effective(text, date(2027, 2, 1), shown="campaigns/x/campaign.toml")
    assert "campaigns/x/campaign.toml" in str(refused.value)
    assert "Write `effective = 2027-02-01` by hand" in str(refused.value)


def derived(text: str = MANUAL) -> str:
    return follow_up(
        text,
        head="Made by `mailer remedy`",
        title="Hourly rates from February 2027",
        effective=date(2027, 2, 1),
        follows=("2027-rates",),
        only=[OnlyClient("N-2", "Birch Lane: late"), OnlyClient("cy@cedar.example", "Cedar\nHill: new")],
    )


def test_a_follow_up_of_the_manual() -> None:
    assert (
        derived()
        == """\
# Made by `mailer remedy`
# New rates. `mailer plan 2027-rates`
kind = "rate-notice"
title = "Hourly rates from February 2027"
effective = 2027-02-01      # the first day, not 2026-12-31
follows = ["2027-rates"]

[audience]
only = [
    "N-2", # Birch Lane: late
    "cy@cedar.example", # Cedar Hill: new
]

[notice]

[[rates]]
service = "hourly-support"  # as in the list
to = "140.00"

[facts]
reply_by = "December 15, 2026"
"""
    )
    definition = parse(derived(), Definition, shown="campaign.toml")
    assert definition.follows == ("2027-rates",)
    assert definition.audience.only == {"N-2", "cy@cedar.example"}
    assert definition.notice.newsletter == "auto"


@pytest.mark.parametrize(
    "audience",
    [
        "",
        'audience = {contract = ["none"], tags = []}\n',
        'audience.contract = ["none"]\naudience.tags = []\n',
    ],
    ids=["none", "inline", "dotted"],
)
def test_the_keys_after_an_audience_stay_where_they_are(audience: str) -> None:
    text = f'kind = "x"\n{audience}title = "y"\neffective = 2027-01-01\nletter.date = 2026-12-01\n'
    text += "[[rates]]\na = 1\n[z]\n[[rates]]\na = 2\n"
    made = tomllib.loads(derived(text))
    assert made["title"] == "Hourly rates from February 2027"
    assert set(made["audience"]) == {"only"}
    assert made["rates"] == [{"a": 1}, {"a": 2}]
    assert "letter" not in made or made["letter"] == {}


def test_a_follow_up_of_a_follow_up_names_both() -> None:
    again = follow_up(
        derived(),
        head="h",
        title="t",
        effective=date(2027, 3, 1),
        follows=("a", "b"),
        only=[OnlyClient("N-2", "")],
    )
    assert tomllib.loads(again)["follows"] == ["a", "b"]
    assert tomllib.loads(again)["audience"] == {"only": ["N-2"]}
