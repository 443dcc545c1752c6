"""What is no notice, though nobody is wronged by it: an exception of the firm's own, and a client owed none.

From Thursday 10 December 2026 to Friday 1 January 2027 there are 22 days; the firm's own policy asks for 30.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.evidence import text_of
from tests.support.office import FIRST, FOUR, HEADINGS, RATES, Office

NO_NOTICE = "excepted by the firm: no notice"


@pytest.fixture
def excepted(printed: Office) -> Office:
    """Handed over too late; one client agreed on the telephone that this does no harm."""
    late = printed.on("2026-12-10")
    late.drops("2026-12-10 14:10", *FIRST)
    late.does(
        *("exception", "add", "N-1", "--policy", "house-30-day", "--reason", "agreed by telephone"),
        *("--until", "2027-01-31", "--by", "Dana Whitcomb"),
    )
    return late


def test_the_pack_agrees_with_check_and_rates(excepted: Office) -> None:
    assert (excepted.checked()["N-1"]["safe"], excepted.rate("N-1", "2027-01-04")) == (False, "130.00")
    ran = excepted.does("evidence", RATES, "--out", str(excepted.root / "pack"))
    assert "Notice is proved for 0 of 4 clients." in ran.said
    pack = excepted.root / "pack"
    said = text_of(pack / "evidence.pdf")
    assert f"holds for 0 of 4 clients of the campaign (3 late, 1 {NO_NOTICE})" in said
    assert f"1 client, {NO_NOTICE}" in said
    assert "Notice is not proved for 4 clients" in said
    clients = json.loads((pack / "check.json").read_text())["clients"]
    assert [one["holds"] for one in clients if one["state"] == "excepted"] == [False]


def test_the_proof_for_the_client_says_that_there_is_none(excepted: Office) -> None:
    ran = excepted.does("evidence", RATES, "--client", "N-1", exits=1)
    assert f"Notice is NOT proved ({NO_NOTICE}): exception to house-30-day until Sun 31 Jan 2027" in ran.said
    (pdf,) = Path(excepted.root / "evidence").glob("*.pdf")
    assert f"Notice to Ash Street Bakery is NOT proved ({NO_NOTICE}): Exception to house-30-day" in text_of(
        pdf
    )


def test_a_client_who_is_owed_none_is_not_counted_as_proved(mailed: Office) -> None:
    """The engagement of 8 December has the rate."""
    since = {line: f"{line},{'Client Since' if line == HEADINGS else ''}" for line in FOUR.splitlines()}
    elm = "N-5,Elm Court Title,El Mar,el@elm.example,5 Elm Court,Davis,CA,95616,none,,138.00,2026-12-08"
    later = mailed.on("2026-12-10")
    later.imports("\n".join((*since.values(), elm)) + "\n")
    ran = later.does("evidence", RATES, "--out", str(mailed.root / "pack"))
    assert "Notice is proved for 4 of 5 clients." in ran.said
    assert "It is not owed to 1 of the others." in ran.said
    said = text_of(mailed.root / "pack" / "evidence.pdf")
    assert "holds for 4 of 5 clients of the campaign; 1 is owed none (4 running, 1 not owed)" in said
    assert "notice holds for every client of the campaign to whom it is owed" in said
