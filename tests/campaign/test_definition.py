"""campaign.toml: what it may say, and what it is told when it is wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from mailer.agreement import ContractKind
from mailer.campaign.definition import Definition, RateChange, Rounding, Span
from mailer.errors import FileProblems
from mailer.money import Direction
from mailer.tomlfile import parse

HEAD = 'kind = "rate-notice"\ntitle = "Hourly rates from January 2027"\neffective = 2027-01-01\n'

# The example of DESIGN.md.
MANUAL = """\
kind = "rate-notice"
title = "Hourly rates from January 2027"
effective = 2027-01-01

[audience]
contract = ["none", "own-terms"]   # also tags, states, services, include, exclude

[notice]
house = "house-30-day"             # the firm's habit; statutes and contract terms are added per client
newsletter = "auto"                # the latest issue that still meets the rules, else a special edition

[[rates]]
service = "hourly-support"
to = "140.00"
[[rates]]
service = "after-hours"
raise = "8%"
round = "down to 5.00"

[limits]
raise = "0% to 10%"                # a client outside stops the plan and is named
"""


def definition(text: str) -> Definition:
    return parse(text, Definition, shown="campaign.toml")


def problems(text: str) -> list[str]:
    with pytest.raises(FileProblems) as found:
        definition(text)
    return [str(problem).removeprefix("campaign.toml:") for problem in found.value.problems]


def test_the_definition_of_the_manual() -> None:
    campaign = definition(MANUAL)
    assert campaign.kind == "rate-notice"
    assert campaign.effective == date(2027, 1, 1)
    assert campaign.audience.contract == {ContractKind.NONE, ContractKind.OWN_TERMS}
    assert (campaign.notice.house, campaign.notice.newsletter) == ("house-30-day", "auto")
    support, after_hours = campaign.rates
    assert (support.service, support.to, support.rise) == ("hourly-support", Decimal("140.00"), None)
    assert (after_hours.to, after_hours.rise) == (None, Decimal("0.08"))
    assert after_hours.round == Rounding(direction=Direction.DOWN, step=Decimal("5.00"))
    assert campaign.limits.rise == Span(least=Decimal(0), most=Decimal("0.10"))


def test_a_service_is_named_for_people() -> None:
    rates = definition(HEAD + '[[rates]]\nservice = "after-hours"\nto = 140\n').rates
    assert rates[0].words == "After hours"
    named = definition(HEAD + '[[rates]]\nservice = "after-hours"\nname = "Nights"\nto = 140\n').rates
    assert named[0].words == "Nights"


@pytest.mark.parametrize("written", ["140", "140.00", '"140"', '"$140.00"', '"USD 140"', "1.4e2"])
def test_an_amount_may_be_bare_or_quoted(written: str) -> None:
    (rate,) = definition(HEAD + f'[[rates]]\nservice = "support"\nto = {written}\n').rates
    assert rate.to == Decimal(140)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('to = "much"', "'much' is not an amount of money; write it like 140.00"),
        ("to = -5", "'-5' is negative"),
        ("to = 140.00001", "'140.00001' has more than four decimals"),
        ("to = 1e30", "'1000000000000000000000000000000' is larger than 99,999,999.9999"),
        ("to = nan", "'NaN' is not an amount of money; write it like 140.00"),
        ("to = true", "true is not an amount of money; write it like 140.00"),
        ("to = [140]", "[140] is not an amount of money; write it like 140.00"),
        ("raise = 8", '8 has no percent sign; write it like "8%"'),
        ("raise = 0.08", '0.08 has no percent sign; write it like "8%"'),
        ('raise = "8"', "'8' is not a percentage; write it like 8%"),
        ('raise = "-100%"', "'-100%' leaves nothing of the rate"),
        ('raise = "1001%"', "'1001%' is not a percentage between -1000% and 1000%"),
    ],
)
def test_what_is_not_an_amount_or_a_rise(line: str, problem: str) -> None:
    key = line.split(maxsplit=1)[0]
    assert problems(HEAD + f'[[rates]]\nservice = "support"\n{line}\n') == [f"6: rates.0.{key}: {problem}"]


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ('"5.00"', '\'5.00\' is not a rounding; write "down to 5.00", "up to 1.00" or "nearest to 0.50"'),
        ('"sideways to 5"', "'sideways to 5' is not a rounding; write"),
        ("{ direction = 'down', step = 0 }", "{direction = 'down', step = 0} is not a rounding; write"),
        ("9999-12-31", "9999-12-31 is not a rounding; write"),
        ('"down to 0"', "'down to 0' rounds to nothing; the step must be above 0"),
        ('"down to five"', "'five' is not an amount of money"),
    ],
)
def test_what_is_not_a_rounding(written: str, problem: str) -> None:
    (found,) = problems(HEAD + f'[[rates]]\nservice = "support"\nraise = "8%"\nround = {written}\n')
    assert found.startswith("7: rates.0.round: ")
    assert problem in found


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ('"10%"', "'10%' is not a span; write \"0% to 10%\""),
        ("10", '10 is not a span; write "0% to 10%"'),
        ('"10% to 0%"', "'10% to 0%' runs backward"),
        ('"0 to 10"', "'0' is not a percentage; write it like 8%"),
    ],
)
def test_what_is_not_a_span_of_rises(written: str, problem: str) -> None:
    assert problems(HEAD + f"[limits]\nraise = {written}\n") == [f"5: limits.raise: {problem}"]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (
            'service = "a"\n',
            "write either `to` (an amount for all) or `raise` (a percentage of each client's own)",
        ),
        ('service = "a"\nto = 1\nraise = "1%"\n', "write either `to` (an amount for all) or `raise`"),
        (
            'service = "a"\nto = 1\nround = "up to 1"\n',
            "`round` goes with `raise`; `to` is an amount already",
        ),
    ],
)
def test_a_rate_changes_one_way(lines: str, problem: str) -> None:
    (found,) = problems(HEAD + "[[rates]]\n" + lines)
    assert found.startswith(f"4: rates.0: {problem}")


def test_a_service_is_stated_once() -> None:
    twice = '[[rates]]\nservice = "support"\nto = 1\n' * 2
    assert problems(HEAD + twice) == ["4: rates: 'support' is stated twice"]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ('[audience]\nstates = ["ca"]\n', "5: audience.states.0: 'ca' is not two capital letters, like CA"),
        (
            '[audience]\nexclude = "CF-1089"\n',
            "5: audience.exclude: should be a list, in brackets, not 'CF-1089'",
        ),
        (
            '[audience]\ncontract = ["free"]\n',
            "5: audience.contract.0: input should be 'managed', 'none' or 'own-terms', not 'free'",
        ),
        (
            '[audience]\nservices = [\n  "ok",\n  "Not OK",\n]\n',
            "7: audience.services.1: 'Not OK' is not a name of",
        ),
        (
            '[audience]\ncontracts = ["none"]\n',
            "5: unknown key 'audience.contracts'; perhaps you meant 'contract'",
        ),
        (
            '[issue]\nmonth = "2026-13"\nnumber = 1\n',
            "5: issue.month: '2026-13' is not a month, like 2026-12",
        ),
        (
            '[issue]\nmonth = "2026-12"\nnumber = 0\n',
            "6: issue.number: input should be greater than or equal to 1",
        ),
        (
            '[issue]\nmonth = "2026-12"\nnumber = 1e400000\n',
            "6: issue.number: input should be less than or equal",
        ),
        ('[policy]\nname = " "\nchange = "x"\n', "5: policy.name: is empty"),
        (
            "[facts]\nreply_by = 2026-12-15\n",
            "5: facts.reply_by: should be a text, in quotes, not 2026-12-15",
        ),
        ('[letter]\ndate = "soon"\n', "5: letter.date: 'soon' is not a day; write it bare"),
        ('[hours]\nmonday = "8-17"\n', "4: hours: stands in mailer.toml alone: move it there as [[hours]]"),
        (
            '[[rates]]\nservice = "a"\nrise = "8%"\nto = 1\n',
            "6: unknown key 'rates.0.rise'; perhaps you meant 'raise'",
        ),
    ],
)
def test_a_wrong_line_is_named(lines: str, problem: str) -> None:
    (found,) = problems(HEAD + lines)
    assert found.startswith(problem)


def test_a_wrong_effective_date_does_not_hide_the_rest() -> None:
    assert problems('kind = "rate-notice"\neffective = "January"\ntitel = "x"\n') == [
        " 'title' is missing",
        "2: effective: 'January' is not a day; write it bare, without quotes: 2027-01-01",
        "3: unknown key 'titel'; perhaps you meant 'title'",
    ]


def test_the_date_of_a_letter_is_a_day() -> None:
    letter = definition(HEAD + '[letter]\ndate = 2026-11-24\nenclosures = ["Rate card"]\n').letter
    assert (letter.date, letter.enclosures) == (date(2026, 11, 24), ("Rate card",))


def test_a_record_is_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        RateChange(service="a", to=Decimal(1)).service = "b"
