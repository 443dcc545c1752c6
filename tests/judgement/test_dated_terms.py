"""Terms with their days, through the real commands: nothing signed later undoes a rise, what was signed
before its day binds it.

N-1 pays $100 and N-2 $200. A letter of 6% for 1 January 2027 went to both on 24 November 2026, 38 days.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.office import DROP, HEADINGS, RATES, Office, begin

pytestmark = pytest.mark.long

DEFINITION = "campaigns/2027-rates/campaign.toml"
PLACE = "1 Ash Street,Sacramento,CA,95814"
HEADS = f"{HEADINGS},Rate Locked Until,Max Raise"
LOCK, CAP, LONGER = ("none,", "2028-12-31,"), ("none,", ",3%"), ("own-terms,90 days from deposit", ",")
DAYS = ("2027-01-01", "2027-06-15", "2027-12-31", "2028-02-29", "2028-03-01", "2028-12-31", "2029-06-01")


def listed(terms: tuple[str, str] = ("none,", ","), rate: str = "100.00", other: str = "200.00") -> str:
    """The client list: N-1 with (contract and notice term, lock and cap) and its rate, N-2 as ever."""
    contract, limits = terms
    return (
        f"{HEADS}\nN-1,Ash,Ada Byrd,ada@ash.example,{PLACE},{contract},{rate},{limits}\n"
        f"N-2,Birch,Bo Dent,bo@birch.example,2 Birch Lane,Davis,CA,95616,none,,{other},,\n"
    )


def mail_letters(root: Path, first: str) -> Office:
    """A folder whose letters went on Tuesday 24 November 2026."""
    office = begin(root)
    office.edit(DEFINITION, 'exclude = ["CF-1089"]', "exclude = []")
    office.imports(first)
    office.does("approve", RATES, "--by", "Dana Whitcomb")
    office.does("print", RATES)
    office.drops("2026-11-24 14:10", *DROP, "--class", "first")
    return office


@pytest.fixture(scope="module")
def _mailed(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return mail_letters(tmp_path_factory.mktemp("dated") / "office", listed())


@pytest.fixture
def hundred(_mailed: Office, tmp_path: Path) -> Office:
    return _mailed.copy(tmp_path / "office")


def proof(office: Office) -> str:
    """What the proof for N-1 says."""
    ran = office.mailer("evidence", RATES, "--client", "N-1")
    assert ran.code == (0 if "Notice holds" in ran.said else 1)
    return ran.said


@pytest.mark.parametrize("terms", [LOCK, CAP, LONGER], ids=["lock", "cap", "longer term"])
@pytest.mark.parametrize("told", [True, False], ids=["with a day", "without one"])
def test_what_a_list_brings_in_2028_undoes_no_rise_of_2027(
    hundred: Office, terms: tuple[str, str], told: bool
) -> None:
    later = hundred.on("2028-03-01")
    brought = listed(terms, "106.00", "212.00")
    if told:
        later.imports(brought, "--terms-from", "2028-02-15")
    else:
        ran = later.imports(brought, exits=1)
        assert "Terms that wait for their day (1):" in ran.said
        assert "import again with --terms-from DATE" in ran.said
    assert later.rate("N-1", "2026-12-31") == "100.00"
    assert [later.rate("N-1", day) for day in DAYS] == ["106.00"] * 7
    checked = later.checked()
    assert (checked["N-1"]["safe"], checked["N-1"]["state"], checked[""]["exit"]) == (True, "compliant", 0)
    if terms == CAP:  # the pack asks the same judge
        assert "Notice holds" in proof(later)
        assert "Notice is proved for 2 of 2 clients." in later.does("evidence", RATES).said


@pytest.mark.parametrize(
    ("terms", "state"),
    [(LOCK, "blocked by contract"), (CAP, "blocked by contract"), (LONGER, "late")],
    ids=["lock", "cap", "longer term"],
)
@pytest.mark.parametrize("imported", ["2026-12-12", "2027-01-15"])
def test_what_was_signed_between_mailing_and_effective_day_blocks(
    hundred: Office, terms: tuple[str, str], state: str, imported: str
) -> None:
    """Signed on 10 December, whenever the list brings it."""
    later = hundred.on(imported)
    later.imports(listed(terms), "--terms-from", "2026-12-10")
    assert [later.rate("N-1", day) for day in ("2026-12-31", *DAYS)] == ["100.00"] * 8
    assert [later.rate("N-2", day) for day in DAYS] == ["212.00"] * 7
    checked = later.checked()
    assert (checked["N-1"]["state"], checked["N-2"]["safe"], checked[""]["exit"]) == (state, True, 1)
    if imported == "2026-12-12":  # the pack asks the same judge
        assert "Notice is NOT proved" in proof(later)
        assert "Notice is proved for 1 of 2 clients." in later.does("evidence", RATES).said


def test_a_lock_signed_in_december_may_not_count_from_an_import_in_january(hundred: Office) -> None:
    later = hundred.on("2027-01-15")
    moved = listed(LOCK, "106.00", "212.00").replace("1 Ash Street", "9 Ash Street")
    ran = later.imports(moved, exits=1)
    assert "a letter of new rates was mailed (for 2027-01-01)" in ran.said
    assert ran.out.strip().endswith("0 added, 1 updated, 1 unchanged, 0 rejected.")
    assert "9 Ash Street" in later.does("clients", "show", "N-1").said
    assert later.rows("SELECT count(*) FROM former_terms") == [(0,)]
    assert later.rate("N-1", "2027-01-04") == "106.00"
    later.imports(moved, "--terms-from", "2026-12-10")
    assert later.rate("N-1", "2027-01-04") == "100.00"
    assert later.checked()["N-1"]["state"] == "blocked by contract"
    assert later.rows("SELECT valid_from, rate_locked_until FROM former_terms") == [(None, None)]
    assert later.rows("SELECT terms_from FROM client WHERE number = 'N-1'") == [("2026-12-10",)]


def test_a_lock_from_the_day_after_the_rise_on_does_not_touch_it(hundred: Office) -> None:
    later = hundred.on("2027-01-15")
    later.imports(listed(LOCK), "--terms-from", "2027-01-02")
    assert later.rate("N-1", "2027-01-04") == "106.00"
    assert later.checked()["N-1"]["safe"] is True


def test_terms_before_which_every_letter_took_effect_need_no_day(hundred: Office) -> None:
    """The agreement of February 2027 is stored; that of 2028 can't be older than it."""
    hundred.on("2027-02-20").imports(listed(CAP, "106.00", "212.00"), "--terms-from", "2027-02-01")
    later = hundred.on("2028-03-01")
    later.imports(listed(LOCK, "106.00", "212.00"))
    assert later.rows("SELECT terms_from FROM client WHERE number = 'N-1'") == [("2028-03-01",)]
    assert [later.rate("N-1", day) for day in DAYS] == ["106.00"] * 7


def test_a_list_rate_lowered_under_a_letter_makes_its_rise_one_over_the_cap(tmp_path: Path) -> None:
    """$95 to $106 is 11.6%: over the cap of 10%, though $100 to $106 was not."""
    capped = ("none,", ",10%")
    office = mail_letters(tmp_path / "office", listed(capped)).on("2026-12-05")
    assert office.rate("N-1", "2027-01-04") == "106.00"
    office.imports(listed(capped, "95.00"))
    for today in ("2026-12-05", "2027-01-04"):
        now = office.on(today)
        assert (now.rate("N-1", "2026-12-31"), now.rate("N-1", "2027-01-04")) == ("95.00", "95.00")
        checked = now.checked()["N-1"]
        assert (checked["state"], checked["safe"]) == ("blocked by contract", False)
        assert "$95.00 to $106.00 is over the contract's cap of 10%" in checked["reason"]
        assert "Notice is NOT proved" in proof(now)
        assert "over the contract's cap" in proof(now)
        (blocked,) = now.does("status", RATES, "--json").json["attention"]
        assert (blocked["why"], len(blocked["pieces"])) == ("blocked", 1)
        assert "1 blocked by contract since" in now.mailer("status").said


def test_the_list_names_the_rise_itself_as_the_last_one(tmp_path: Path) -> None:
    """The billing program puts 1 January 2027 into its column: that needs no day, and bars nothing."""
    heads = f"{HEADINGS},Min Months Between,Last Rate Increase"
    row = f"N-1,Ash,Ada Byrd,ada@ash.example,{PLACE},none,,{{}},12,{{}}"
    office = mail_letters(tmp_path / "office", f"{heads}\n{row.format('100.00', '2025-12-31')}\n")
    later = office.on("2027-02-01")
    told = f"{heads}\n{row.format('106.00', '2026-03-01')}\n"
    assert "Terms that wait for their day (1):" in later.imports(told, exits=1).said
    assert later.rate("N-1", "2027-01-04") == "106.00"
    later.imports(f"{heads}\n{row.format('106.00', '2027-01-01')}\n")
    assert later.rate("N-1", "2027-01-04") == "106.00"
    found = later.on("2027-02-02").imports(told, "--terms-from", "2026-03-02")
    assert "the agreement of 2026-03-02 holds until that of 2027-02-01, which is stored" in found.said
    assert later.rate("N-1", "2027-01-04") == "100.00"  # the rise of 1 March 2026 was not known before


def test_a_last_rise_of_before_the_letter_blocks_once_its_day_is_known(hundred: Office) -> None:
    """Twelve months between rises, agreed on when the client came; the last rise was on 1 March 2026."""
    heads = f"{HEADINGS},Min Months Between"
    spaced = f"{heads}\nN-1,Ash,Ada Byrd,ada@ash.example,{PLACE},none,,100.00,12\n"
    since = ("--terms-from", "2020-01-01", "--last-raised", "2026-03-01")
    hundred.on("2026-12-12").imports(spaced, *since)
    checked = hundred.on("2027-01-04").checked()["N-1"]
    assert checked["state"] == "blocked by contract"
    assert "Mon 1 Mar 2027: 12 months after the last rise on Sun 1 Mar 2026" in checked["reason"]
    assert hundred.rate("N-1", "2027-01-04") == "100.00"
