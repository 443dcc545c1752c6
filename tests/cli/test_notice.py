"""`mailer notice`: what is said of both readings, which law is named, and that no input ends in a trace."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailer.cli.main import run
from mailer.notice.rulebook import PRESETS
from mailer.notice.vectors import COLUMNS
from tests.support.office import CEDAR, FIRST, HEADINGS, RATES, Office

DEFINITION = "campaigns/2027-rates/campaign.toml"
HEADER = ",".join(COLUMNS)
GOOD = "OK,AT_LEAST,30,day,mailing,deposit,none,backward,2027-01-01,2026-12-02,s,high"


def said(*words: str) -> tuple[int, str]:
    """How `mailer notice …` ends and all that it says."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        code = run(["notice", *words])
    return code, out.getvalue()


def verified(tmp_path: Path, content: bytes) -> tuple[int, str]:
    path = tmp_path / "v.csv"
    path.write_bytes(content)
    return said("verify", str(path))


# --- two readings of a month


def test_from_when_it_may_apply_names_both_readings() -> None:
    """One month after 30 January is 28 February, the month's end; one before 1 March is 1 February."""
    code, text = said("date", "--rule", "1 month from deposit", "--mailed", "2027-01-30")
    assert code == 0
    assert "Plan for Mon 1 Mar 2027; by law it may apply from Sun 28 Feb 2027." in text
    assert "Mon 1 Mar 2027: the earliest by the stricter reading (1 month subtracted from it)" in text


def test_where_the_readings_agree_one_day_is_named() -> None:
    code, text = said("date", "--rule", "1 month from deposit", "--mailed", "2027-01-28")
    assert code == 0
    assert "It may apply from Sun 28 Feb 2027." in text
    assert "reading" not in text


# --- what a step rests on


@pytest.mark.parametrize(
    "rule", ["30 days +1bd", "30 days +2bd", "30 days +4bd", "30 days +7bd", "contract-30-plus-3bd"]
)
def test_a_contracts_clause_cites_no_law(rule: str) -> None:
    code, text = said("date", "--rule", rule, "--mailed", "2026-12-02")
    assert code == 0
    assert "[deemed-receipt clause of the client's contract]" in text
    assert "deemed served" not in text
    for law in ("CFR", "Insolvency", "Evidence Act", "CPR"):
        assert law not in text


def test_the_statutes_presumption_is_its_own() -> None:
    _, text = said("date", "--rule", "uk-payment-services-2-month", "--mailed", "2026-12-02")
    assert "Fri 4 Dec 2026: deemed received, 2 business days later [Interpretation Act 1978 s 7]" in text
    assert "Insolvency" not in text


# --- bad input


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (("--effective", "0001-01-15"), "45 days before Mon 15 Jan 1 lies outside the years 1 to 9999."),
        (("--effective", "9999-12-15"), "it covers 1971 to 2099"),
        (("--mailed", "0001-01-15"), "it covers 1971 to 2099"),
        (("--mailed", "9999-12-15"), "it covers 1971 to 2099"),
    ],
)
def test_a_day_that_no_calendar_has(question: tuple[str, str], says: str) -> None:
    code, text = said("date", "--rule", "45 days from deposit", *question)
    assert code == 1
    assert says in text
    assert "Check the year of the date" in text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "v.csv: The vectors lack the columns id, rule, "),
        (f"{HEADER}\n".encode(), "there are no test vectors below the first line."),
        (f"{HEADER}\nX,caf\xe9\n".encode("latin-1"), "v.csv: line 2 is not UTF-8 text."),
        (f"{HEADER}\n".encode("utf-16"), "v.csv: line 1 is not UTF-8 text."),
    ],
)
def test_a_file_that_holds_no_vectors(tmp_path: Path, content: bytes, says: str) -> None:
    code, text = verified(tmp_path, content)
    assert code == 1
    assert says in text
    assert "passed" not in text


def test_a_bad_row_fails_alone(tmp_path: Path) -> None:
    bad = GOOD.replace("OK", "X").replace("2027-01-01", "0001-01-05")
    code, text = verified(tmp_path, f"{HEADER}\n{bad}\n{GOOD}\n".encode())
    assert code == 1
    assert (
        "X: expected None, got line 2: 30 days before Fri 5 Jan 1 lies outside the years 1 to 9999." in text
    )
    assert text.endswith("1 passed, 1 failed\n")


_cells = st.sampled_from([
    "", "X", "AT_LEAST", "AT_LEAST_OPEN", "AT_LEAST_BD", "MONTH_CORR", "MONTH_SUB", "CA_12C", "OPEN_DAY", "0",
    "1", "30", "9999", "٣", "day", "month", "business_day", "court_day", "clear_day", "deposit", "received",
    "+3bd", "+30bd", "+5cal_ca", "none", "usps", "us_federal+usps", "firm", "forward", "backward",
    "0001-01-01", "9999-12-31", "2027-01-01", "20270101", "2027-W01-1", '"', "\x00", "\r", "é",
])  # fmt: skip
_row = st.lists(_cells, min_size=0, max_size=14).map(",".join)
_formed = st.tuples(*(
    st.sampled_from(choice)
    for choice in (
        ["X"], ["AT_LEAST", "AT_LEAST_OPEN", "MONTH_CORR", "MONTH_SUB", "CLEAR_DAYS", "DEEMED", "STB_1104_7"],
        ["0", "1", "45", "9999"], ["day", "month", "business_day"], ["m"], ["deposit", "+3bd", "+20cal_intl"],
        ["none", "firm", "us_federal", "usps+none"], ["forward", "backward"],
        ["0001-01-01", "0001-03-01", "2027-01-01", "9999-11-30", "9999-12-31"], ["2027-01-01"], ["s"], ["c"],
    )
)).map(",".join)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(_row, _formed), max_size=6))
def test_whatever_a_file_of_vectors_holds_it_ends_in_words(
    tmp_path_factory: pytest.TempPathFactory, rows: list[str]
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.csv"
    path.write_bytes("\n".join((HEADER, *rows)).encode())
    code, text = said("verify", str(path))
    assert code in {0, 1}
    assert text


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_whatever_bytes_a_file_holds_it_ends_in_words(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.csv"
    path.write_bytes(content)
    code, text = said("verify", str(path))
    assert code == 1
    assert text


_rules = st.one_of(
    st.sampled_from(sorted(PRESETS)),
    st.from_regex(
        r"[0-9]{1,3} (clear |business )?(day|month)s? (from (deposit|receipt)|\+[0-9]{1,2}bd)", fullmatch=True
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
)
_days = st.one_of(st.dates().map(str), st.sampled_from(["0001-01-01", "9999-12-31", "2027-02-30", "", "x"]))


@settings(max_examples=300, deadline=None)
@given(_rules, st.sampled_from(["--effective", "--mailed"]), _days)
def test_whatever_is_asked_of_a_date_it_ends_in_words(rule: str, question: str, day: str) -> None:
    code, text = said("date", f"--rule={rule}", f"{question}={day}")
    assert code in {0, 1, 2}
    assert text


# --- a receipt to be proved


def test_a_letter_that_waits_for_its_receipt_is_not_mailed_again(office: Office) -> None:
    """Thirty days before 1 January 2027 are 2 December; the letter went on 24 November."""
    office.imports(
        f"{HEADINGS}\n"
        "N-1,Ash Street Bakery,Ada Byrd,ada@ash.example,1 Ash Street,Sacramento,CA,95814,own-terms,"
        "30 days from receipt,130.00\n"
    )
    for command in ("approve", "print"):
        office.does(command, RATES)
    office.drops("2026-11-24 14:10")
    line = office.checked()["N-1"]
    assert (line["state"], line["safe"]) == ("receipt to be proved", False)
    assert line["reason"] == "mailed; receipt to be proved by Wed 2 Dec 2026"
    shown = office.does("check", RATES, exits=1).out
    assert "mailed, prove receipt by 2026-12-02" in " ".join(shown.split())
    assert "due by" not in " ".join(line for line in shown.splitlines() if "N-1" in line)
    (piece,) = [one["letter"]["piece"] for one in office.checked().values() if one.get("number") == "N-1"]
    office.on("2026-11-30").does("received", piece, "--on", "2026-11-28", "--proof", "green card")
    assert office.on("2026-11-30").checked()["N-1"]["state"] == "running"


def test_the_plan_counts_from_the_drop_on_record(mailed: Office) -> None:
    """Three business days after Tue 24 November, Thanksgiving left out, are Mon 30; the legal day stays."""
    steps = {step["key"]: step for step in mailed.does("plan", RATES, "--json").json["steps"]}
    assert steps["given"]["day"] == "2026-11-30"
    assert steps["given"]["reason"].endswith(", dropped on Tue 24 Nov 2026")
    assert (steps["legal-latest"]["day"], steps["legal-latest"]["done_on"]) == ("2026-11-29", "2026-11-24")
    assert not steps["legal-latest"]["overdue"]
    mailed.does("plan", RATES, "--svg", str(mailed.root / "strip.svg"))
    strip = (mailed.root / "strip.svg").read_text(encoding="utf-8")
    assert "Sun 29 Nov · handed over Tue 24 Nov" in strip


# --- a month has two readings, in a campaign


def by_the_month(office: Office) -> Office:
    """One client whose contract asks for a month from deposit, and rates from 28 February."""
    office.edit(DEFINITION, "effective = 2027-01-01", "effective = 2027-02-28")
    office.edit(DEFINITION, 'newsletter = "2026-12"', 'newsletter = "auto"')
    office.edit(DEFINITION, "[audience]", '[audience]\nonly = ["N-3"]')
    office.imports(f"{HEADINGS}\n{CEDAR.replace('contract-30-deposit', '1 month from deposit')}\n")
    return office


def test_a_month_in_time_by_one_reading_names_the_other(office: Office) -> None:
    """A month after 30 January is 28 February, the month's end; a month before that is 28 January."""
    in_time = by_the_month(office).on("2027-01-28")
    for command in ("approve", "print"):
        in_time.does(command, RATES)
    late = office.on("2027-01-30")
    late.drops("2027-01-30 14:10", *FIRST)
    checked = late.checked()
    assert (checked["N-3"]["state"], checked["N-3"]["safe"]) == ("running", True)
    assert checked["N-3"]["reason"].endswith(
        "stricter reading of a month it is late, earliest Mon 1 Mar 2027"
    )
    assert "running until 2027-02-28, arguable" in " ".join(late.does("check", RATES).out.split())


def test_what_the_stricter_reading_rules_out_is_not_approved(office: Office) -> None:
    """Plan and approve agree with print: 28 January is the last day, and 1 March the next date."""
    late = by_the_month(office).on("2027-01-29")
    assert late.on("2027-01-28").does("plan", RATES, "--json").json["possible"]
    assert late.does("plan", RATES, "--json", exits=3).json["earliest_effective"] == "2027-03-01"
    assert "The earliest date for all is 2027-03-01" in late.does("approve", RATES, exits=3).said


# --- the rules


def test_the_rules_are_a_line_each_and_v_tells_the_rest() -> None:
    code, short = said("rules")
    assert code == 0
    assert "credit-card-45-day               45 days          12 CFR 1026.9(c)(2)(i)\n" in short
    assert len(short.splitlines()) == 3 + len(PRESETS)
    _, whole = said("rules", "-v")
    words = " ".join(whole.split())
    assert "mailed within California (Cal. Civ. Code 827(b)(2); Code Civ. Proc. 1013(a))." in words
