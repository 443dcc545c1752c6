"""What binds a piece: the documented bytes, and every fact in them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from mailer.ledger.leaves import facts_leaf, salted_leaf
from mailer.ledger.stated import KnownClosing, NoticedRate, Stated

CLIENT = UUID("0192f0c0-0000-7000-8000-000000000001")
FILE, CUT, DIGEST = "1" * 64, "2" * 64, "3" * 64
PAGES = (FILE, 3, 4, CUT, DIGEST)
RISE = Stated(
    date(2027, 1, 1),
    (NoticedRate("support", "Support", Decimal(130), Decimal("138.5")),),
    house="house-30-day",
)


def test_the_facts_hash_the_documented_bytes() -> None:
    stated = (
        '{"certified":null,"country":"","effective":"2027-01-01","follows":[],"house":"house-30-day",'
        '"mail_country":"","mail_state":"","mailed_from":"",'
        '"rates":[["support","Support","130.00","138.50"]],"state":"","statutes":[],"supersedes":"","term":""}'
    )
    text = f'[{stated},"{FILE}",3,4,"{CUT}","{DIGEST}",["0192f0c0-0000-7000-8000-000000000001"]]'
    assert facts_leaf(RISE, PAGES, [CLIENT]) == hashlib.sha256(text.encode()).hexdigest()


def test_a_person_is_hashed_with_the_salt() -> None:
    said = 'a1\0["Ash","1 Ash Street","95814",null]'
    leaf = salted_leaf("a1", ["Ash", "1 Ash Street", "95814", None])
    assert leaf == hashlib.sha256(said.encode()).hexdigest()


@pytest.mark.parametrize(
    "changed",
    [
        {"effective": date(2027, 1, 2)},
        {"rates": (NoticedRate("support", "Support", Decimal(130), Decimal(139)),)},
        {"term": "45 days"},
        {"house": "house-60-day"},
        {"certified": False},
        {"statutes": ("ca-rent",)},
        {"state": "CA"},
        {"country": "US"},
        {"mail_state": "CA"},
        {"mail_country": "US"},
        {"mailed_from": "CA"},
        {"supersedes": "2026-rates"},
        {"follows": ("2026-rates",)},
        {"closings": ()},  # that none was known is not the same as that nobody said
        {"closings": (KnownClosing("office", date(2026, 11, 27), "closed"),)},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_every_fact_is_bound(changed: dict[str, Any]) -> None:
    assert facts_leaf(replace(RISE, **changed), PAGES, [CLIENT]) != facts_leaf(RISE, PAGES, [CLIENT])


@pytest.mark.parametrize("pages", [("9" * 64, *PAGES[1:]), (FILE, 2, *PAGES[2:]), (FILE, 3, 5, *PAGES[3:])])
def test_every_page_is_bound(pages: tuple[str, int, int, str, str]) -> None:
    assert facts_leaf(RISE, pages, [CLIENT]) != facts_leaf(RISE, PAGES, [CLIENT])


def test_its_client_is_bound() -> None:
    assert facts_leaf(RISE, PAGES, [UUID(int=7)]) != facts_leaf(RISE, PAGES, [CLIENT])


def test_what_an_older_mailer_stored_is_bound_as_it_is_read() -> None:
    older = Stated.read({"effective": "2027-01-01", "rates": [["support", "Support", "130.00", "138.50"]],
                         "house": "house-30-day"})  # fmt: skip
    assert facts_leaf(older, PAGES, [CLIENT]) == facts_leaf(RISE, PAGES, [CLIENT])
