"""Weight, shape and payment, by the figures of the Domestic Mail Manual and of the paper trade.

500 sheets of 17 x 22 in of 20 lb bond weigh 20 lb, and are cut into 2,000 letter sheets: 20 x 16 / 2000 =
0.16 oz each. 24 lb: 0.192 oz.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailer.errors import Refused
from mailer.printroom.postage import indicia, posting, require_minimum
from mailer.settings import MailingClass, Postage, PrintStock

D = Decimal
OUNCE = D("0.38")
LOOSE = PrintStock.LOOSE


@pytest.mark.parametrize(
    ("sheets", "pounds", "ounces"),
    [
        (1, 20, "0.38"),  # 0.16 and an envelope of 0.22
        (3, 20, "0.70"),  # the usual advice: three sheets for one stamp
        (4, 20, "0.86"),
        (5, 20, "1.02"),
        (1, 24, "0.41"),
        (6, 28, "1.56"),
    ],
)
def test_the_weight_of_a_letter(sheets: int, pounds: int, ounces: str) -> None:
    found = posting(sheets, paper_weight=pounds)
    assert (found.shape, found.ounces) == ("letter", D(ounces))


def test_over_six_sheets_go_flat() -> None:
    found = posting(7, paper_weight=20)
    assert (found.shape, found.ounces) == ("flat", D("1.73"))  # 1.12 and a 9 x 12 envelope of 0.61
    assert posting(6, paper_weight=20).shape == "letter"


def test_a_newsletter_has_no_envelope() -> None:
    light = posting(2, paper_weight=20, self_mailer=LOOSE)
    assert (light.ounces, light.machinable) == (D("0.33"), False)
    assert posting(2, paper_weight=28, self_mailer=LOOSE).machinable
    with pytest.raises(Refused, match=r"at most 3 oz; this one weighs 3\.05 oz"):  # DMM 201.3.14
        posting(19, paper_weight=20, self_mailer=LOOSE)


def test_a_booklet_folded_once_is_a_flat_and_folded_again_a_letter() -> None:
    """Eight pages: two sheets of 11 x 17, which weigh what four letter sheets of 28 lb do: 4 x 0.224 oz."""
    once = posting(2, paper_weight=28, self_mailer=PrintStock.BOOKLET)
    assert (once.shape, once.ounces) == ("flat", D("0.90"))
    again = posting(2, paper_weight=28, self_mailer=PrintStock.BOOKLET_IN_THREE)
    assert (again.shape, again.ounces, again.machinable) == ("letter", D("0.91"), True)
    assert again.thick == 3 * once.thick


@given(st.integers(1, 40), st.integers(16, 40))
def test_a_letter_keeps_to_the_limits(sheets: int, pounds: int) -> None:
    """DMM 101.1: at most 3.5 oz and 1/4 in."""
    found = posting(sheets, paper_weight=pounds)
    if found.shape == "letter":
        assert found.ounces <= D("3.5")
        assert found.thick <= D("0.25")
    more = posting(sheets + 1, paper_weight=pounds)
    assert more.ounces > found.ounces


@pytest.mark.parametrize(
    ("pieces", "words"), [(1, "1 letter of about 0.38 oz"), (1_200, "1,200 letters of about 0.38 oz")]
)
def test_for_people(pieces: int, words: str) -> None:
    assert posting(1, paper_weight=20).words(pieces) == words


def test_stamps_and_meters_have_no_minimum() -> None:
    for postage in (Postage.STAMP, Postage.METER):
        require_minimum(postage, MailingClass.FIRST, Counter({OUNCE: 1}), notice=True)


def test_a_permit_needs_two_hundred_pieces() -> None:
    """DMM 604.5.1.2: 200 pieces or 50 lb."""
    require_minimum(Postage.PERMIT, MailingClass.FIRST, Counter({OUNCE: 200}), notice=True)
    with pytest.raises(Refused, match=r"at least 200 pieces or 50 lb of one weight; this job has 199 pieces"):
        require_minimum(Postage.PERMIT, MailingClass.FIRST, Counter({OUNCE: 199}), notice=True)


def test_or_fifty_pounds() -> None:
    require_minimum(Postage.PERMIT, MailingClass.FIRST, Counter({D(10): 80}), notice=True)
    with pytest.raises(Refused, match=r"79 pieces \(49\.4 lb\) at 10 oz each"):
        require_minimum(Postage.PERMIT, MailingClass.FIRST, Counter({D(10): 79}), notice=True)


def test_a_permit_needs_them_of_one_weight() -> None:
    with pytest.raises(Refused) as refused:
        require_minimum(Postage.PERMIT, MailingClass.FIRST, Counter({OUNCE: 300, D("0.54"): 1}), notice=True)
    assert "this job has 1 piece (0.0 lb) at 0.54 oz each" in refused.value.what
    assert refused.value.todo.startswith('Write postage = "stamp" or "meter"')


def test_marketing_mail_needs_as_many_however_paid() -> None:
    """DMM 243.3: 200 pieces or 50 lb; they need not weigh the same."""
    require_minimum(Postage.METER, MailingClass.MARKETING, Counter({OUNCE: 100, D(1): 100}), notice=False)
    with pytest.raises(
        Refused, match="Marketing Mail needs at least 200 pieces or 50 lb; this job has 4 pie"
    ):
        require_minimum(Postage.STAMP, MailingClass.MARKETING, Counter({OUNCE: 4}), notice=False)


def test_a_notice_never_goes_by_marketing_mail() -> None:
    with pytest.raises(Refused, match="a notice does not go by Marketing Mail"):
        require_minimum(Postage.STAMP, MailingClass.MARKETING, Counter({OUNCE: 5_000}), notice=True)


def test_the_permit_imprint() -> None:
    """DMM 604.5.3: the class, "U.S. Postage Paid", city and state, the permit number."""
    assert indicia("1234", "Sacramento CA", MailingClass.FIRST) == (
        "FIRST-CLASS MAIL",
        "U.S. POSTAGE PAID",
        "SACRAMENTO CA",
        "PERMIT NO. 1234",
    )
    assert indicia("1234", "Sacramento CA", MailingClass.MARKETING)[0] == "PRSRT STD"
