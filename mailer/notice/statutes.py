"""Statutes on notice, as rows with their citations: a new law is a new row here.

`valid_from` is the first effective date for which the row states the law as it was read; an
earlier one is refused rather than guessed. Where a statute's words leave two readings open,
the row takes the stricter and its `note` says so. Which client a statute governs is said in
`mailer.notice.governing`. Confirm with counsel.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from mailer.notice.rules import Anchor, CountingStyle, MailedWithin, OnReturn, Rule, Unit

# First-Class Mail takes 4 to 6 business days (Lob's help pages, usps_first_class); it moves on Saturdays too.
TRANSIT: Final = 6

# 12 CFR 1005, 1026 and 1030 replaced the Federal Reserve's parts 205, 226 and 230 that day.
_CFPB: Final = dt.date(2011, 12, 30)
_CFR: Final = "https://www.ecfr.gov/current/title-"

_ORDINARY_POST: Final = "Interpretation Act 1978 s 7"

_CA_RENT_NOTE: Final = "Civ. Code 827 imports CCP 1013, so the days for mailing lengthen the sender's notice."


def _california_rent(days: int, share: str, place: str, delivery: str, named: str) -> Rule:
    family = f"california-rent-{days}"
    return Rule(
        id=f"{family}-{place}",
        title=f"California rent rise {share}, mailed {named}",
        n=days,
        delivery=delivery,
        citation=f"Cal. Civ. Code 827(b)({3 if days == 90 else 2}); Code Civ. Proc. 1013(a)",
        jurisdiction="US-CA",
        valid_from=dt.date(2020, 1, 1),  # Stats. 2019, ch. 595 (AB 1110) made it 90 days above 10%
        note=_CA_RENT_NOTE,
        mailed_within=MailedWithin("CA", f"{family}-other-state") if place == "in-state" else None,
    )


STATUTES: Final = (
    Rule(
        id="credit-card-45-day",
        title="45 days before a change in credit card terms",
        n=45,
        citation="12 CFR 1026.9(c)(2)(i)",
        url=_CFR + "12/section-1026.9",
        jurisdiction="US",
        valid_from=_CFPB,
        note="'Provided' is read as mailing.",
    ),
    Rule(
        id="eft-21-day",
        title="21 days before a change in electronic fund transfer terms",
        n=21,
        citation="12 CFR 1005.8(a)(1)",
        url=_CFR + "12/section-1005.8",
        jurisdiction="US",
        valid_from=_CFPB,
    ),
    Rule(
        id="deposit-account-30-day",
        title="30 calendar days before a change in deposit account terms",
        n=30,
        citation="12 CFR 1030.5(a)(1)",
        url=_CFR + "12/section-1030.5",
        jurisdiction="US",
        valid_from=_CFPB,
    ),
    _california_rent(30, "of 10% or less", "in-state", "+5cal_ca", "within California"),
    _california_rent(30, "of 10% or less", "other-state", "+10cal_us", "to or from another state"),
    _california_rent(30, "of 10% or less", "abroad", "+20cal_intl", "to or from abroad"),
    _california_rent(90, "above 10%", "in-state", "+5cal_ca", "within California"),
    _california_rent(90, "above 10%", "other-state", "+10cal_us", "to or from another state"),
    _california_rent(90, "above 10%", "abroad", "+20cal_intl", "to or from abroad"),
    Rule(
        id="warn-60-day",
        title="60 days from receipt before a plant closing or mass layoff",
        n=60,
        delivery="received",
        on_return=OnReturn.REBUTTED,
        citation="29 USC 2102; 20 CFR 639.8",
        url=_CFR + "20/section-639.8",
        jurisdiction="US",
        valid_from=dt.date(1989, 2, 4),
        transit=TRANSIT,
    ),
    Rule(
        id="cable-rates-30-day",
        title="30 days before a change in cable rates or services",
        n=30,
        citation="47 CFR 76.1603 (as amended 2020)",
        url=_CFR + "47/section-76.1603",
        jurisdiction="US",
        valid_from=dt.date(2021, 1, 1),
        note="'Given' is read as deposit.",
        any_change=True,
    ),
    Rule(
        id="virginia-utility-30-day",
        title="30 days before a Virginia utility's rate change",
        n=30,
        citation="Va. Code 56-237.1(B)",
        url="https://law.lis.virginia.gov/vacode/title56/chapter10/section56-237.1/",
        jurisdiction="US-VA",
        any_change=True,
    ),
    Rule(
        id="eu-telecom-1-month",
        title="1 month before a change in a telecom contract",
        n=1,
        unit=Unit.MONTH,
        counting=CountingStyle.MONTH_CORR,
        delivery="received",
        on_return=OnReturn.REBUTTED,
        citation="Directive (EU) 2018/1972 art 105(4); Regulation 1182/71 art 3(2)(c)",
        url="https://eur-lex.europa.eu/eli/dir/2018/1972/oj",
        jurisdiction="EU",
        valid_from=dt.date(2020, 12, 21),  # the day from which member states had to apply it
        transit=TRANSIT,
        note="'Notified' is read as received, the stricter: no rule of the Union deems post delivered.",
    ),
    Rule(
        id="uk-energy-30-day",
        title="30 days before a change in a UK energy tariff",
        n=30,
        delivery="+2bd",
        calendar="uk_ew",
        mailing_calendar="uk_ew",
        on_return=OnReturn.REBUTTED,
        citation="Ofgem standard licence condition 23; Interpretation Act 1978 s 7",
        jurisdiction="GB",
        note="'Notified' is read as arrival in the ordinary course of post: first class, 2 working days.",
        delivery_citation=_ORDINARY_POST,
    ),
    Rule(
        id="uk-payment-services-2-month",
        title="2 months before a change in a UK payment services contract",
        n=2,
        unit=Unit.MONTH,
        counting=CountingStyle.MONTH_CORR,
        delivery="+2bd",
        calendar="uk_ew",
        mailing_calendar="uk_ew",
        on_return=OnReturn.REBUTTED,
        citation="Payment Services Regulations 2017 reg 50; Interpretation Act 1978 s 7",
        url="https://www.legislation.gov.uk/uksi/2017/752/regulation/50",
        jurisdiction="GB",
        valid_from=dt.date(2018, 1, 13),
        note="'Provided' is read as arrival in the ordinary course of post: first class, 2 working days.",
        delivery_citation=_ORDINARY_POST,
        any_change=True,
    ),
    Rule(
        id="australia-energy-5-business-day",
        title="5 business days before a change in an Australian energy tariff",
        n=5,
        unit=Unit.BUSINESS_DAY,
        counting=CountingStyle.AT_LEAST_BD,
        delivery="received",
        calendar="au",
        mailing_calendar="au",
        on_return=OnReturn.REBUTTED,
        citation="National Energy Retail Rules r 46",
        jurisdiction="AU",
        anchor=Anchor.BOTH,
        transit=TRANSIT,
        note="Counted back from the change and forward from delivery; both readings must hold.",
        any_change=True,
    ),
)
