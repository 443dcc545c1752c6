"""`check` and `rates`: was notice given in time, and what may be billed.

Two verdicts that are never mixed: `notice` (law and contract) decides what may be billed, `house` is the
firm's habit of sending letter and newsletter.
"""

from __future__ import annotations

import pytest

from tests.support.office import CEDAR, FOUR, RATES, Office, begin, with_terms

pytestmark = pytest.mark.days

DEFINITION = "campaigns/2027-rates/campaign.toml"


# --- the states of a notice


def test_before_anything_is_mailed_it_is_due(office: Office) -> None:
    checked = office.checked()
    assert checked[""]["exit"] == 1
    assert checked[""]["all_safe"] is False
    assert {number: (one["state"], one["mail_by"]) for number, one in checked.items() if number} == {
        "N-1": ("due", "2026-12-02"),
        "N-2": ("due", "2026-11-28"),
        "N-3": ("due", "2026-12-02"),
        "N-4": ("due", "2026-12-02"),
    }
    assert checked["N-2"]["mail_by_law"] == "2026-11-29"  # a Sunday is no mailing day, yet counts


@pytest.mark.parametrize("command", ["approve", "print"])
def test_approved_and_printed_are_not_mailed(office: Office, command: str) -> None:
    office.does("approve", RATES)
    if command == "print":
        office.does("print", RATES)
    checked = office.checked()
    assert checked[""]["states"] == {"due": 4}
    assert checked["N-1"]["letter"]["counts_on"] is None
    assert office.rate("N-1", "2027-01-04") == "130.00"


def test_a_client_left_out_after_the_mailing_is_still_judged(mailed: Office) -> None:
    mailed.edit(DEFINITION, "exclude = []", 'exclude = ["N-1"]')
    assert mailed.checked()["N-1"]["state"] == "running"


def test_a_statute_named_after_the_mailing_is_said_to_reach_nobody(mailed: Office) -> None:
    mailed.edit(DEFINITION, "[notice]\n", '[notice]\nstatutes = ["california-rent"]\n')
    said = mailed.does("check", RATES).said
    assert "california-rent" in said
    assert "reaches none of those" in said


def test_mailed_in_time_it_runs_and_then_holds(mailed: Office) -> None:
    checked = mailed.checked()
    assert checked[""]["exit"] == 0
    assert checked[""]["states"] == {"running": 4}
    assert (checked["N-1"]["deposited"], checked["N-1"]["deemed_given"]) == ("2026-11-24", "2026-11-24")
    assert (checked["N-2"]["deposited"], checked["N-2"]["deemed_given"]) == ("2026-11-24", "2026-11-30")
    assert checked["N-1"]["earliest_effective"] == "2026-12-24"
    assert checked["N-2"]["earliest_effective"] == "2026-12-30"
    on_the_day = mailed.on("2027-01-01").checked()
    assert on_the_day[""]["states"] == {"compliant": 4}


def test_as_of_a_day_before_the_drop_it_was_not_mailed(mailed: Office) -> None:
    checked = mailed.on("2027-01-04").checked("--on", "2026-11-20")
    assert checked[""]["states"] == {"due": 4}
    assert checked[""]["exit"] == 1
    assert mailed.on("2027-01-04").checked("--on", "2026-11-24")[""]["states"] == {"running": 4}


def test_an_evening_drop_is_mailed_on_the_same_evening(printed: Office) -> None:
    printed.drops("2026-11-24 18:00")
    checked = printed.checked()
    assert checked["N-1"]["deposited"] == "2026-11-25"
    assert checked[""]["states"] == {"running": 4}


@pytest.mark.parametrize(
    ("effective", "states", "code"),
    [
        ("2026-12-31", {"late": 4}, 1),  # the letters state 1 January: no notice of an earlier day
        ("2027-01-01", {"running": 4}, 0),
        ("2027-02-01", {"running": 4}, 0),  # a later day than stated hurts nobody
    ],
)
def test_what_if_it_took_effect_on_another_day(
    mailed: Office, effective: str, states: dict[str, int], code: int
) -> None:
    checked = mailed.on("2026-12-05").checked("--effective", effective)
    assert checked[""]["states"] == states
    assert checked[""]["exit"] == code
    assert checked[""]["effective"] == effective


def test_a_letter_that_states_a_later_date_does_not_serve_an_earlier_one(mailed: Office) -> None:
    mailed.edit(DEFINITION, "effective = 2027-01-01", "effective = 2026-12-30")
    checked = mailed.on("2026-12-30").checked()
    assert checked[""]["states"] == {"late": 4}
    assert mailed.rate("N-1", "2026-12-30") == "130.00"
    assert mailed.rate("N-1", "2027-01-01") == "138.00"  # as the letter said


# --- what a contract stands in the way of


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        ("2027-06-30,,,,,,", "the price lock, which runs to Wed 30 Jun 2027"),
        (",5%,,,,,", "is over the contract's cap of 5%"),
        (",,yes,2027-03-01,,,", "Mon 1 Mar 2027"),
    ],
    ids=["lock", "cap", "renewal"],
)
def test_a_contract_blocks_the_rise(office: Office, terms: str, why: str) -> None:
    office.imports(with_terms(CEDAR, terms))
    said = office.does("approve", RATES)
    assert "Approved 3 pieces" in said.said
    assert "1 client gets none: their contract blocks the rise" in said.said
    office.does("print", RATES)
    assert "Cedar Hill Law" not in [row["name"] for row in office.manifest()]
    office.drops("2026-11-24 14:10")
    checked = office.checked()
    assert checked["N-3"]["state"] == "blocked by contract"
    assert checked["N-3"]["safe"] is False
    assert why in checked["N-3"]["reason"]
    assert checked[""]["exit"] == 1
    assert checked[""]["states"] == {"running": 3, "blocked by contract": 1}
    assert office.rate("N-3", "2027-01-04") == "150.00"


def test_a_lock_that_ends_the_day_before_does_not_block(office: Office) -> None:
    office.imports(with_terms(CEDAR, "2026-12-31,,,,,,"))
    assert "Approved 4 pieces" in office.does("approve", RATES).said


def test_months_between_rises_count_from_the_last_one(office: Office) -> None:
    """A rise noticed elsewhere for 25 November 2026 and twelve months between rises: not before that day of
    2027.
    """
    office.imports(
        with_terms(CEDAR.replace("150.00", "155.00"), ",,,,12,,"),
        "--noticed-elsewhere", "N-3:hourly-support=letter of April 2026", "--rates-from", "2026-11-25",
    )  # fmt: skip
    checked = office.checked()
    assert checked["N-3"]["state"] == "blocked by contract"
    assert "Thu 25 Nov 2027" in checked["N-3"]["reason"]


def test_a_contract_without_a_known_notice_term_is_that_clients_error(office: Office) -> None:
    office.imports(FOUR.replace("contract-30-plus-3bd", ""))
    refused = office.does("approve", RATES, exits=1)
    assert "client N-2 Birch Lane Dental has a contract (managed)" in refused.said
    assert "“Notice Term”" in refused.said
    assert office.stored() == []
    plan = office.does("plan", RATES, "--json", exits=1).json
    assert plan["clients"] == {"write": 3, "unknown": 1}
    checked = office.checked()
    assert checked["N-2"]["state"] == "term unknown"
    assert checked["N-2"]["rules"] == []
    assert checked["N-1"]["state"] == "due"


def test_after_the_mailing_an_unknown_term_bills_no_new_rate(mailed: Office) -> None:
    mailed.imports(FOUR.replace("contract-30-plus-3bd", ""), "--terms-from", "2026-11-25")
    assert mailed.on("2027-01-04").checked()["N-2"]["state"] == "term unknown"
    assert mailed.rate("N-2", "2027-01-04") == "125.00"
    assert mailed.rate("N-1", "2027-01-04") == "138.00"


@pytest.mark.parametrize(
    ("term", "state", "earliest", "rate"),
    [
        ("45 days from deposit", "late", "2027-01-08", "150.00"),  # 24 November and 45 days
        ("20 days from deposit", "running", "2026-12-24", "159.00"),
        ("contract-30-plus-3bd", "running", "2026-12-30", "159.00"),
    ],
)
def test_a_contract_that_changed_after_the_mailing(
    mailed: Office, term: str, state: str, earliest: str, rate: str
) -> None:
    """The term of the day it was mailed and the present one must both be met: the stricter governs."""
    signed = FOUR.replace(CEDAR, CEDAR.replace("contract-30-deposit", term))
    mailed.imports(signed, "--terms-from", "2026-11-25")
    checked = mailed.checked()["N-3"]
    assert (checked["state"], checked["earliest_effective"]) == (state, earliest)
    assert len(checked["rules"]) == 2
    assert mailed.rate("N-3", "2027-01-04") == rate


def test_a_way_that_can_not_be_told_any_more_stops_no_check(mailed: Office) -> None:
    """Two services came into mailer.toml since, and the campaign names none."""
    elm = "N-5,Elm Court Title,El Mar,el@elm.example,5 Elm Court,Davis,CA,95616,none,,130.00"
    mailed.imports(with_terms(elm, ",,,,,2026-10-01,"))
    tables = '[smtp]\nhost = "127.0.0.1"\nsign_in = "none"\n\n[lob]\n\n[lead_times]'
    mailed.edit("mailer.toml", "[lead_times]", tables)
    checked = mailed.checked()
    assert (checked["N-1"]["state"], checked["N-5"]["state"]) == ("running", "due")


def test_who_joined_after_the_mailing_is_not_owed(mailed: Office) -> None:
    elm = "N-5,Elm Court Title,El Mar,el@elm.example,5 Elm Court,Davis,CA,95616,none,,138.00"
    mailed.on("2026-12-10").imports(with_terms(elm, ",,,,,2026-12-08,"))
    checked = mailed.on("2026-12-10").checked()
    assert checked["N-5"]["state"] == "not owed"
    assert "joined Tue 8 Dec 2026, after the mailing" in checked["N-5"]["reason"]
    assert checked["N-5"]["house"] == {"state": "kept", "reason": "no medium is asked for"}
    assert checked[""]["exit"] == 0
    assert mailed.rate("N-5", "2027-01-04") == "138.00"


def test_who_joined_before_the_mailing_is_owed_a_letter(mailed: Office) -> None:
    elm = "N-5,Elm Court Title,El Mar,el@elm.example,5 Elm Court,Davis,CA,95616,none,,130.00"
    mailed.imports(with_terms(elm, ",,,,,2026-10-01,"))
    checked = mailed.checked()
    assert (checked["N-5"]["state"], checked[""]["exit"]) == ("due", 1)


def test_who_was_on_the_list_before_the_mailing_is_owed_whenever_it_says_it_joined(mailed: Office) -> None:
    """Client Since is written by hand: of one that was left out of the mailing it proves nothing."""
    elm = "N-5,Elm Court Title,El Mar,el@elm.example,5 Elm Court,Davis,CA,95616,none,,130.00"
    mailed.imports(with_terms(elm, ",,,,,2026-10-01,"))
    later = mailed.on("2026-12-10")
    later.imports(with_terms(elm, ",,,,,2026-12-08,"))
    checked = later.checked()
    assert (checked["N-5"]["state"], checked["N-5"]["safe"], checked[""]["exit"]) == ("late", False, 1)


# --- what may be billed


@pytest.mark.parametrize(
    ("worked_on", "rates"),
    [
        ("2026-11-24", ("130.00", "125.00", "150.00")),
        ("2026-12-31", ("130.00", "125.00", "150.00")),
        ("2027-01-01", ("138.00", "133.00", "159.00")),
        ("2027-01-04", ("138.00", "133.00", "159.00")),
    ],
)
def test_a_new_rate_counts_from_its_effective_date(
    mailed: Office, worked_on: str, rates: tuple[str, str, str]
) -> None:
    """6% to whole dollars: 130 → 137.80 → 138, 125 → 132.50 → 133 (half up), 150 → 159."""
    assert tuple(mailed.rate(number, worked_on) for number in ("N-1", "N-2", "N-3")) == rates


def test_the_answer_says_on_what_it_rests(mailed: Office) -> None:
    found = mailed.does("rates", "--worked-on", "2027-01-04", "--client", "N-2", "--json").json
    (service,) = found["clients"][0]["services"]
    assert service["piece"].startswith("2027-rates-L-")
    assert service["since"] == "2027-01-01"
    assert "mailed Tue 24 Nov 2026 holds for Fri 1 Jan 2027" in service["because"]
    before = mailed.does("rates", "--worked-on", "2026-12-31", "--client", "N-2", "--json").json
    (service,) = before["clients"][0]["services"]
    assert service["piece"] is None
    assert service["pending"] == ["Hourly support: $133.00 counts from Fri 1 Jan 2027 (2027-rates-L-0003)"]


def test_work_before_the_first_rate_has_none(office: Office) -> None:
    found = office.does("rates", "--worked-on", "2026-11-01", "--json").json
    assert [client["services"] for client in found["clients"]] == [[]] * 4
    assert "no rate is on record for that day" in office.does("rates", "--worked-on", "2026-11-01").said


def test_a_client_who_has_no_such_name(office: Office) -> None:
    refused = office.does("rates", "--worked-on", "2027-01-04", "--client", "Nobody & Co", exits=2)
    assert "no client is called 'Nobody & Co'" in refused.said
    command = refused.err.partition("`mailer ")[2].partition("`")[0].replace("TEXT", "Ash").split()
    office.does(*command)  # what it advises works
    unclear = office.does("rates", "--worked-on", "2027-01-04", "--client", "e", exits=2)
    assert "could be 4 clients" in unclear.said


@pytest.mark.parametrize("command", ["check", "rates"])
def test_an_empty_list_is_not_safe(tmp_path_factory: pytest.TempPathFactory, command: str) -> None:
    office = begin(tmp_path_factory.mktemp("empty") / "office")
    if command == "check":
        assert office.mailer("check", RATES).code == 1
    else:
        assert office.does("rates", "--worked-on", "2027-01-04", "--json").json["clients"] == []


def test_an_issue_cannot_be_checked(office: Office) -> None:
    refused = office.does("check", "2026-12", exits=1)
    assert "notice is given by the campaigns it carries" in refused.said


def test_the_first_letter_counts_for_two_campaigns_in_a_row(mailed: Office) -> None:
    """A second rise in the same folder builds on the first: 138 becomes 146.28, to whole dollars 146."""
    text = (mailed.root / DEFINITION).read_text(encoding="utf-8")
    july = text.replace("2027-01-01", "2027-07-01").replace('newsletter = "2026-12"', 'newsletter = "auto"')
    mailed.write("campaigns/2027-july/campaign.toml", july)
    for file in ("letter.md", "article.md"):
        shown = (mailed.root / "campaigns/2027-rates" / file).read_text(encoding="utf-8")
        mailed.write(f"campaigns/2027-july/{file}", shown)
    in_may = mailed.on("2027-05-03")
    for command in ("approve", "print"):
        in_may.does(command, "2027-july")
    in_may.drops("2027-05-03 14:10", name="2027-july")
    rates = [in_may.rate("N-1", day) for day in ("2026-12-31", "2027-01-01", "2027-06-30", "2027-07-01")]
    assert rates == ["130.00", "138.00", "138.00", "146.00"]
    in_may.does("ledger", "verify")


# --- exceptions to the firm's own policy


def test_an_exception_is_shown_and_is_no_notice(office: Office) -> None:
    late = office.on("2026-12-10")  # 22 days before 1 January: the house's 30 can't be met
    late.does(
        *("exception", "add", "N-1", "--policy", "house-30-day", "--reason", "agreed by telephone"),
        *("--until", "2027-01-31", "--by", "Dana Whitcomb"),
    )
    checked = late.checked()
    assert (checked["N-1"]["state"], checked["N-1"]["safe"]) == ("excepted", False)
    assert checked["N-1"]["reason"] == (
        "exception to house-30-day until Sun 31 Jan 2027, by Dana Whitcomb: agreed by telephone"
    )
    assert checked["N-4"]["state"] == "late"
    assert late.rate("N-1", "2027-01-04") == "130.00"


def test_a_campaign_that_was_moved_bills_from_the_later_day(mailed: Office) -> None:
    mailed.does("move", RATES, "--effective", "2027-02-01", "--yes")
    assert mailed.rate("N-1", "2027-01-04") == "130.00"  # the letter says 1 January, the firm moved it
    assert mailed.rate("N-1", "2027-02-01") == "138.00"
