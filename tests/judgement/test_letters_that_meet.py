"""Letters of two campaigns on one service, through the real commands: which may leave, and what is billed.

Today is Tuesday 24 November 2026 (tests/support/office.py). 2027-rates raises hourly support by 6% to whole
dollars on 1 January 2027: of N-1 and N-4 from $130.00 to $138.00, of N-2 from $125.00 to $133.00, of N-3 from
$150.00 to $159.00. Thirty days' notice from deposit ends on 2 December for it, on 2 January for 1 February.
"""

from __future__ import annotations

import shutil

import pytest

from tests.fakes.lob import Handle
from tests.support.office import ASH, BIRCH, FIRST, FOUR, HEADINGS, RATES, Office, Ran

MORE = "2027-more"
DEFINITION = f"campaigns/{MORE}/campaign.toml"
LETTER = """Beginning **{{ effective | date }}**, the following rates apply to work we do for you:

{{ client.rates_table }}

Call {{ firm.phone }} with questions.
"""
ARTICLE = (
    "On **{{ effective | date }}** rates change: {% for rate in rates %}{{ rate.name }}, {% endfor %}.\n"
)


def campaign(
    office: Office, effective: str, change: str, *, name: str = MORE, head: str = "", only: str = ""
) -> Office:
    """Another notice of new rates; `change` is a line such as `raise = "8%"`."""
    office.write(
        f"campaigns/{name}/campaign.toml",
        f'kind = "rate-notice"\ntitle = "Other rates"\neffective = {effective}\n{head}\n[audience]\n'
        f'services = ["hourly-support"]\n{only}\n[[rates]]\nservice = "hourly-support"\n'
        f'name = "Hourly support"\n{change}\n',
    )
    office.write(f"campaigns/{name}/letter.md", LETTER)
    office.write(f"campaigns/{name}/article.md", ARTICLE)
    return office


def goes(office: Office, at: str, name: str = MORE) -> Ran:
    """Approved, printed and handed over."""
    office.does("approve", name)
    office.does("print", name)
    return office.drops(at, *FIRST, name=name)


def assert_contradicts(ran: Ran) -> None:
    """It names the other campaign and the two ways out."""
    assert RATES in ran.said
    assert f'Write supersedes = "{RATES}" in {DEFINITION}' in ran.said
    assert "take one of the two back (mailer cancel, mailer destroy)" in ran.said


def test_a_receipt_that_may_yet_be_proved_is_enough(office: Office) -> None:
    office.imports(f"{HEADINGS}\n{BIRCH.replace('contract-30-plus-3bd', '30 days from receipt')}\n")
    office.does("move", RATES, "--effective", "2027-02-01", "--yes")
    goes(office, "2026-11-24 14:10", RATES)
    assert office.checked()["N-2"]["state"] == "receipt to be proved"
    assert_contradicts(
        campaign(office, "2027-02-01", 'raise = "2%"', only='only = ["N-2"]').does("plan", MORE, exits=3)
    )


def test_a_second_rise_for_one_day_is_neither_planned_nor_approved(mailed: Office) -> None:
    campaign(mailed, "2027-01-01", 'raise = "2%"')
    planned = mailed.does("plan", MORE, exits=3)
    assert_contradicts(planned)
    assert "REFUSED: its letters contradict those of 2027-rates." in planned.said
    assert "2027-rates states Hourly support for Fri 1 Jan 2027 too: $138.00" in planned.said
    assert mailed.does("plan", MORE, "--json", exits=3).json["contradicts"] == [RATES]
    refused = mailed.does("approve", MORE, exits=3)
    assert_contradicts(refused)
    assert "for Dogwood Press, Ash Street Bakery, Birch Lane Dental, Cedar Hill Law" in refused.said
    assert mailed.pieces(MORE) == []


def test_one_that_was_approved_alone_is_enough(approved: Office) -> None:
    assert_contradicts(campaign(approved, "2027-01-01", 'raise = "2%"').does("approve", MORE, exits=3))


@pytest.fixture
def put_off(printed: Office) -> Office:
    """The first letters are in time for 1 January, and others for 1 February are approved, 2% over $138.00;
    then somebody put the first ones off to that day too, by hand in their definition.
    """
    printed.drops("2026-11-24 14:10", *FIRST)
    later = printed.on("2026-12-10")
    campaign(later, "2027-02-01", 'raise = "2%"').does("approve", MORE)
    return later


def by_hand(office: Office) -> None:
    office.edit(f"campaigns/{RATES}/campaign.toml", "effective = 2027-01-01", "effective = 2027-02-01")


def test_it_is_not_printed(put_off: Office) -> None:
    by_hand(put_off)
    assert_contradicts(put_off.does("print", MORE, exits=3))


def test_it_is_not_sent(put_off: Office, fake_lob: Handle) -> None:
    fake_lob.tell(now="2026-12-10T10:00-08:00")
    by_hand(put_off)
    assert_contradicts(put_off.by_lob(fake_lob.base).does("send", MORE, "--yes", exits=3))


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("2027-rate", "supersedes: there is no campaign '2027-rate'; perhaps you meant '2027-rates'"),
        (MORE, "supersedes: names this campaign itself"),
        ("2026-12", "supersedes: '2026-12' is a newsletter, whose letters state no rates"),
        ("2027-hours", "supersedes: '2027-hours' is a business-hours, whose letters state no rates"),
    ],
)
def test_what_can_be_superseded(office: Office, named: str, said: str) -> None:
    campaign(office, "2027-01-01", 'raise = "8%"', head=f'supersedes = "{named}"')
    assert f"{DEFINITION}:4: {said}" in office.does("plan", MORE, exits=1).said


def test_a_policy_supersedes_nothing(office: Office) -> None:
    office.edit(
        "campaigns/2027-remote-access/campaign.toml", "effective =", 'supersedes = "2027-rates"\neffective ='
    )
    said = office.does("plan", "2027-remote-access", exits=1).said
    assert "'supersedes' does not belong in a policy-change" in said


def test_what_supersedes_counts_once_its_own_notice_holds(mailed: Office) -> None:
    """8% of $130.00, which would be in force without the superseded letter, is $140.40."""
    later = campaign(mailed, "2027-01-01", 'raise = "8%"', head=f'supersedes = "{RATES}"').on("2026-11-25")
    assert later.rate("N-1", "2027-01-01") == "138.00"
    later.does("plan", MORE)
    goes(later, "2026-11-25 14:10")
    assert later.rate("N-1", "2027-01-01") == "140.40"
    assert later.rate("N-1", "2026-12-31") == "130.00"


def test_until_then_the_earlier_one_stands(mailed: Office) -> None:
    """Mailed on 3 December, a day late."""
    campaign(mailed, "2027-01-01", 'raise = "8%"', head=f'supersedes = "{RATES}"').does("approve", MORE)
    mailed.does("print", MORE)
    late = mailed.on("2026-12-03")
    late.drops("2026-12-03 14:10", *FIRST, name=MORE)
    assert late.rate("N-1", "2027-01-01") == "138.00"


def test_a_lower_rate_counts_at_once(mailed: Office) -> None:
    """3% of $130.00 is $133.90: mailed late it is no notice, and no more than it says is billed."""
    campaign(mailed, "2027-01-01", 'raise = "3%"', head=f'supersedes = "{RATES}"').does("approve", MORE)
    mailed.does("print", MORE)
    late = mailed.on("2026-12-03")
    late.drops("2026-12-03 14:10", *FIRST, name=MORE)
    assert late.rate("N-1", "2027-01-01") == "133.90"
    limited = late.checked()["N-1"]
    assert limited["rates"] == [{"service": "hourly-support", "old": "130.00", "new": "133.90"}]
    assert "2027-more-L-0002 says no more than $133.90, so that no more is billed" in limited["reason"]
    proof = late.does("evidence", RATES, "--client", "N-1").said
    assert "says no more than $133.90" in proof


def test_a_lower_rate_that_came_back_is_not_written_again(office: Office) -> None:
    """It counts whatever becomes of its letter; a second one would say ten per cent less once more."""
    office.imports(FOUR)
    campaign(office, "2026-12-10", 'raise = "-10%"')
    said = "Hand over by Thu 10 Dec 2026."
    assert said in office.does("approve", MORE).said
    assert said in office.does("print", MORE).said
    assert "LATE" not in office.drops("2026-11-24 14:20", *FIRST, name=MORE).said
    later = office.on("2026-12-12")
    later.does("returned", "2027-more-L-0002", "--on", "2026-12-12", "--reason", "address wrong")
    assert later.rate("N-1", "2026-12-12") == "117.00"
    assert "Nothing to remedy." in later.does("remedy", MORE).said


def test_what_is_superseded_before_its_day_never_counts(mailed: Office) -> None:
    """The later letter says "from $130.00": so nobody pays $138.00 in January."""
    later = campaign(mailed, "2027-02-01", 'raise = "8%"', head=f'supersedes = "{RATES}"').on("2026-11-25")
    goes(later, "2026-11-25 14:10")
    found = [later.rate("N-1", day) for day in ("2026-12-31", "2027-01-01", "2027-01-31", "2027-02-01")]
    assert found == ["130.00", "130.00", "130.00", "140.40"]


def test_a_chain_in_order(mailed: Office) -> None:
    """5% of $138.00 is $144.90."""
    campaign(mailed, "2027-02-01", 'raise = "5%"')
    goes(mailed, "2026-11-24 14:20")
    assert [mailed.rate("N-1", day) for day in ("2027-01-31", "2027-02-01")] == ["138.00", "144.90"]


def test_an_earlier_day_after_a_later_one(approved: Office) -> None:
    """The later one says "from $130.00": 6% in January would make that untrue."""
    office = approved
    office.does("move", RATES, "--effective", "2027-02-01", "--yes")
    goes(office, "2026-11-24 14:10", RATES)
    refused = campaign(office, "2027-01-01", 'raise = "5%"').does("approve", MORE, exits=3)
    assert_contradicts(refused)
    assert (
        "2027-rates states Hourly support from $130.00 on Mon 1 Feb 2027; after this letter it "
        "would be $136.50" in refused.said
    )
    assert_contradicts(office.does("plan", MORE, exits=3))


def test_a_mailed_campaign_is_not_moved_past_a_later_one(mailed: Office) -> None:
    campaign(mailed, "2027-02-01", 'raise = "5%"')
    goes(mailed, "2026-11-24 14:20")
    before = mailed.recorded()
    refused = mailed.does("move", RATES, "--effective", "2027-03-01", "--yes", exits=3)
    assert MORE in refused.said
    assert "Nothing was changed." in refused.said
    assert mailed.recorded() == before
    assert [mailed.rate("N-1", day) for day in ("2027-01-31", "2027-03-01")] == ["138.00", "144.90"]


def test_a_follow_up_needs_no_supersedes(printed: Office) -> None:
    """Birch Lane's letter, received three business days after Monday 30 November, is late for 1 January."""
    printed.on("2026-11-30").drops("2026-11-30 14:10", *FIRST)
    later = printed.on("2026-12-01")
    later.does("remedy", RATES)
    again = "2027-rates-2"
    assert "supersedes" not in (later.root / f"campaigns/{again}/campaign.toml").read_text(encoding="utf-8")
    later.does("plan", again)
    goes(later, "2026-12-01 14:10", again)
    assert (later.rate("N-2", "2027-01-06"), later.rate("N-2", "2027-01-07")) == ("125.00", "133.00")
    assert later.rate("N-1", "2027-01-07") == "138.00"


@pytest.fixture
def told_february(office: Office) -> Office:
    """All four were told of 1 February on 24 November. The issue need not carry it."""
    office.edit(f"campaigns/{RATES}/campaign.toml", 'newsletter = "2026-12"', 'newsletter = "auto"')
    office.does("move", RATES, "--effective", "2027-02-01", "--yes")
    goes(office, "2026-11-24 14:10", RATES)
    return office


EARLIER = ("move", RATES, "--effective", "2027-01-04", "--yes")


def test_moved_to_an_earlier_day_a_follow_up_is_made(told_february: Office) -> None:
    office = told_february
    dry = office.does(*EARLIER[:-1], "--dry-run").said
    assert "A follow-up campaign would be made for the 4 that state a later date." in dry
    said = office.does(*EARLIER).said
    assert (
        "2027-rates-2 is made: a follow-up for 4 clients whose letters state a later date, effective "
        "Mon 4 Jan 2027." in said
    )
    assert "mailer remedy" not in said
    assert "4 are in 2027-rates-2 already" in (again := office.does("remedy", RATES).said)
    assert "mailer approve" not in again
    assert "9999" not in (approved := office.does("approve", RATES).said)
    assert "Hand over by" not in approved
    assert "9999" not in office.does("status", RATES).said
    goes(office, "2026-11-24 14:30", "2027-rates-2")
    days = ("2027-01-03", "2027-01-04", "2027-01-31", "2027-02-01")
    assert [office.rate("N-1", day) for day in days] == ["130.00", "138.00", "138.00", "138.00"]
    office.does("ledger", "verify")


def test_run_again_the_move_makes_what_is_missing(told_february: Office) -> None:
    """Killed after the date was written and before the follow-up."""
    office = told_february
    assert office.does(*EARLIER, "--json").json["follow_up"] == "2027-rates-2"
    shutil.rmtree(office.root / "campaigns/2027-rates-2")
    found = office.does(*EARLIER, "--json").json
    assert (found["moved"], found["follow_up"], found["no_follow_up"]) == (False, "2027-rates-2", "")
    assert office.does(*EARLIER, "--json").json["follow_up"] is None


def test_a_follow_up_that_cannot_be_made_is_said_so_in_one_line(told_february: Office) -> None:
    office = told_february
    office.edit("campaigns/2027-hours/campaign.toml", "kind =", "kinds =")
    said = office.does(*EARLIER, exits=1).said
    assert "No follow-up was made for those whose letter states a later date: campaigns/2027-hours" in said
    assert "can't be read, and may be a follow-up already" in said
    office.edit("campaigns/2027-hours/campaign.toml", "kinds =", "kind =")
    assert office.does(*EARLIER, "--json").json["follow_up"] == "2027-rates-2"


def test_one_that_would_be_late_again_is_refused(told_february: Office) -> None:
    """On 8 December thirty days end on 7 January, and the next mailing day is that of 8 December itself."""
    refused = told_february.on("2026-12-08").does(*EARLIER, exits=3).said
    assert "is too near" in refused
    assert "Nothing was changed" in refused


def test_a_hand_over_that_contradicts_is_recorded(put_off: Office) -> None:
    """It was printed before somebody put the first campaign off to its day. $138.00 and $140.76 are stated
    for 1 February: the lower one is billed.
    """
    put_off.does("print", MORE)
    by_hand(put_off)
    said = put_off.drops("2026-12-10 14:30", *FIRST, name=MORE).said
    assert "CONTRADICTS: 4 of these letters contradict those of 2027-rates." in said
    assert "Ash Street Bakery: 2027-rates states Hourly support for Mon 1 Feb 2027 too: $138.00" in said
    assert 'supersedes = "2027-rates"' in said
    groups = put_off.does("status", MORE, "--json").json["attention"]
    assert ("contradicts", 4) in [(group["why"], len(group["pieces"])) for group in groups]
    assert (
        "though contradicting 2027-rates: of two rates for one day the lower is billed"
        in put_off.does("status", MORE).said
    )
    assert put_off.rate("N-1", "2027-02-01") == "138.00"
    checked = put_off.does("check", MORE, "--json", exits=1).json["clients"]
    assert {one["state"] for one in checked} == {"contradicts another letter"}
    put_off.does("ledger", "verify")


def test_a_hand_over_is_recorded_though_a_definition_is_faulty(printed: Office) -> None:
    printed.edit("campaigns/2027-hours/campaign.toml", "kind =", "kinds =")
    printed.on("2026-11-30").drops("2026-11-30 14:10", *FIRST)
    assert {status for _, status in printed.pieces()} == {"mailed"}


def test_a_cut_is_never_too_near_and_never_late(mailed: Office) -> None:
    """Made on 4 January for the 8th: 4 days. Rates, check, evidence and status say the same of it."""
    cut = campaign(mailed.on("2027-01-04"), "2027-01-08", 'raise = "-10%"')
    said = cut.does("plan", MORE).said
    assert "REFUSED" not in said
    goes(cut, "2027-01-04 14:10")
    assert [cut.rate("N-2", day) for day in ("2027-01-07", "2027-01-08")] == ["133.00", "119.70"]
    later = cut.on("2027-01-08")
    checked = later.checked(name=MORE)
    assert {checked[number]["state"] for number in ("N-1", "N-2", "N-3", "N-4")} == {"compliant"}
    assert checked["N-2"]["reason"] == "a lower rate needs no notice; it counts from Fri 8 Jan 2027"
    assert checked[""]["exit"] == 0
    assert "Notice is proved for 4 of 4 clients." in later.does("evidence", MORE).said
    assert "Notice holds" in later.does("evidence", MORE, "--client", "N-2").said
    assert "Nothing needs attention" in later.does("status", MORE).said


def test_a_cut_that_went_after_its_day_counts_from_it(mailed: Office) -> None:
    cut = campaign(mailed.on("2027-01-04"), "2027-01-08", 'raise = "-10%"')
    cut.does("approve", MORE)
    cut.does("print", MORE)
    late = cut.on("2027-01-11")
    assert "its last day was" not in late.drops("2027-01-11 14:10", *FIRST, name=MORE).said
    assert late.rate("N-2", "2027-01-08") == "119.70"
    assert late.checked(name=MORE)["N-2"]["safe"] is True


def test_one_in_place_of_one_that_took_anothers_place(mailed: Office) -> None:
    """The third letter states its rise from $130.00, as it is judged: neither first nor second counts."""
    second = campaign(mailed, "2027-02-01", 'raise = "8%"', head=f'supersedes = "{RATES}"').on("2026-11-25")
    goes(second, "2026-11-25 14:10")
    third = second.on("2026-11-27")
    campaign(third, "2027-03-01", 'raise = "10%"', name="2027-third", head=f'supersedes = "{MORE}"')
    goes(third, "2026-11-27 14:10", "2027-third")
    days = ("2027-01-01", "2027-02-01", "2027-02-28", "2027-03-01")
    assert [third.rate("N-1", day) for day in days] == ["130.00", "130.00", "130.00", "143.00"]
    checked = third.checked(name="2027-third")
    assert checked["N-1"]["safe"] is True
    assert checked["N-1"]["rates"] == [{"service": "hourly-support", "old": "130.00", "new": "143.00"}]


def test_moved_a_letter_with_a_rise_and_a_cut_keeps_the_day_of_the_cut(office: Office) -> None:
    office.imports(f"{HEADINGS},After Hours Rate\n{ASH},200.00\n")
    cut = '\n[[rates]]\nservice = "after-hours"\nname = "After hours"\nraise = "-10%"'
    campaign(office, "2027-01-01", f'raise = "6%"{cut}', only='only = ["N-1"]')
    goes(office, "2026-11-24 14:10")
    later = office.on("2026-12-10")
    later.does("move", MORE, "--effective", "2027-03-01", "--yes")
    assert [later.rate("N-1", day) for day in ("2027-01-01", "2027-03-01")] == ["130.00", "137.80"]
    after_hours = [later.rate("N-1", day, "after-hours") for day in ("2026-12-31", "2027-01-01")]
    assert after_hours == ["200.00", "180.00"]
    checked = later.checked(name=MORE)["N-1"]
    assert (checked["state"], checked["safe"]) == ("running", True)
