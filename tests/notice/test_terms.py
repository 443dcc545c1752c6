"""A contract's notice term as it stands in a client list."""

from __future__ import annotations

from datetime import date

import pytest

from mailer.notice.counting import latest_mailing
from mailer.notice.problems import RuleProblem
from mailer.notice.rulebook import preset
from mailer.notice.rules import OnReturn, Origin
from mailer.notice.terms import contract_rule

pytestmark = pytest.mark.days

NEW_YEAR = date(2027, 1, 1)


@pytest.mark.parametrize(
    ("text", "title", "latest"),
    [
        ("45 days from deposit", "45 days from deposit", date(2026, 11, 17)),
        ("30 days' notice from mailing", None, None),
        (
            "30 days from deposit to both addresses",
            "30 days from deposit, to both addresses",
            date(2026, 12, 2),
        ),
        (
            "30 days from deposit, with a copy by email",
            "30 days from deposit, with a copy by e-mail",
            date(2026, 12, 2),
        ),
        ("30 days notice from mailing", "30 days from deposit", date(2026, 12, 2)),
        ("  30  Days from Receipt. ", "30 days from receipt", date(2026, 12, 2)),
        (
            "60 days, received 3 business days after deposit",
            "60 days, received 3 business days after deposit",
            # 60 days before is Mon 2 November; three business days before it Wed 28 October.
            date(2026, 10, 28),
        ),
        ("30 days +3bd", "30 days, received 3 business days after deposit", date(2026, 11, 29)),
        ("30 days, deemed received 1 business day after mailing", None, date(2026, 12, 1)),
        ("2 months from deposit", "2 months from deposit", date(2026, 11, 1)),
        ("1 month from deposit", "1 month from deposit", date(2026, 12, 1)),
        ("30 clear days from deposit", "30 clear days from deposit", date(2026, 12, 1)),
        # After Wed 16: 17, 18, 21, 22, 23, 24, 28, 29, 30, 31 December. From Thu 17 the tenth
        # business day would be 4 January, although ten lie before New Year: both must hold.
        ("10 business days from deposit", "10 business days from deposit", date(2026, 12, 16)),
    ],
)
def test_a_term_becomes_a_rule(text: str, title: str | None, latest: date | None) -> None:
    if latest is None:
        with pytest.raises(RuleProblem, match="cannot be read"):
            contract_rule(text)
        return
    rule = contract_rule(text)
    assert rule.origin is Origin.CONTRACT
    assert title is None or rule.title == title
    assert latest_mailing(NEW_YEAR, rule).legal == latest


def test_a_shipped_contract_rule_is_named_by_its_id() -> None:
    assert contract_rule("contract-30-plus-3bd") is preset("contract-30-plus-3bd")


def test_the_same_words_give_the_same_rule() -> None:
    assert contract_rule("45 days from deposit") is contract_rule("45 days from deposit")
    assert contract_rule("45 days from mailing") == contract_rule("45 days from deposit")


def test_a_receipt_term_is_undone_by_a_returned_piece() -> None:
    assert contract_rule("30 days from receipt").on_return is OnReturn.REBUTTED
    assert contract_rule("30 days from deposit").on_return is OnReturn.STANDS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "30 days",  # from when?
        "thirty days from deposit",
        "30 weeks from deposit",
        "0 days from deposit",
        "30 days +0bd",
        "-5 days from deposit",
        "30 days from deposit or receipt",
        "30 days from e-mail, with a copy by e-mail",
        "30 days from receipt, with a copy by e-mail",
        "30 days from deposit to both addresses, with a copy by e-mail",  # three pieces
        "30 days from deposit or e-mail to both addresses",  # a second piece of paper, or a second e-mail?
        "house-30-day",
        "credit-card-45-day",
        "30 days +31bd",
    ],
)
def test_anything_else_is_refused_and_says_what_is_accepted(text: str) -> None:
    with pytest.raises(RuleProblem) as caught:
        contract_rule(text)
    assert caught.value.todo


@pytest.mark.parametrize(
    ("text", "title", "alone"),
    [
        ("30 days from e-mail", "30 days from e-mail", True),
        ("30 days from email", "30 days from e-mail", True),
        ("45 days after deposit or e-mail", "45 days from deposit or e-mail", False),
        (
            "30 days, received 1 business day after e-mail",
            "30 days, received 1 business day after e-mail",
            True,
        ),
    ],
)
def test_a_contract_that_takes_e_mail(text: str, title: str, alone: bool) -> None:
    rule = contract_rule(text)
    assert (rule.title, rule.by_email) == (title, True)
    assert rule.on_return is OnReturn.REBUTTED  # what bounced did not arrive
    assert (rule.mailing_calendar == "none") is alone  # e-mail goes on any day


@pytest.mark.parametrize("text", ["30 days from deposit", "30 days from receipt", "contract-30-plus-3bd"])
def test_any_other_takes_paper(text: str) -> None:
    assert not contract_rule(text).by_email
