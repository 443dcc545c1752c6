"""The published vectors, each through the same engine as a campaign."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mailer.notice.problems import RuleProblem
from mailer.notice.vectors import COLUMNS, VectorResult, verify

pytestmark = pytest.mark.days

FILE = Path(__file__).parent / "data" / "notice-vectors.csv"
RESULTS = tuple(verify(FILE.read_text(encoding="utf-8").splitlines()))


def run(*rows: str) -> list[VectorResult]:
    return list(verify([",".join(COLUMNS), *rows]))


def test_the_file_has_all_its_rows() -> None:
    assert len(RESULTS) == 62


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: result.id)
def test_a_published_vector(result: VectorResult) -> None:
    assert not result.error
    assert result.got == result.expected
    assert result.ok
    assert result.steps


@pytest.mark.parametrize(
    "row",
    [
        # Rows in the format of the file, worked out by hand for codes and directions it lacks.
        "A1,FRCP_6A,14,day,hearing,none,us_federal,backward,2026-12-10,2026-11-25,to Wednesday,high",
        "A2,FRCP_6A_6D,21,day,service,+3cal_6d,us_federal,forward,2026-12-04,2026-12-31,Mon 28 Dec + 3,high",
        "A3,CA_12_12A,30,day,mail,+5cal_ca,ca_court,forward,2027-01-13,2027-02-17,35 days,high",
        "A4,CA_12C,16,court_day,hearing,+10cal_us,ca_court,backward,2027-03-01,2027-01-24,V100 +10,high",
        "A5,CA_12C,16,court_day,hearing,none,ca_court,backward,2027-03-01,2027-02-03,V100 in person,high",
        "A6,NY_GCL,20,day,mail,+6cal_ny,ny,forward,2026-11-02,2026-11-30,28 Nov is Saturday,high",
        "A7,STB_1104_7,10,day,event,none,us_federal,forward,2007-08-22,2007-09-04,as V001,high",
        "A8,AT_LEAST,30,day,receipt,+3bd,us_federal,backward,2027-01-01,2026-11-29,Sunday,high",
        "A9,CLEAR_DAYS,30,day,notice,deposit,none,backward,2027-01-02,2026-12-02,as V078,high",
        "A10,CPR_2_8,3,day,service,none,uk_ew,forward,2025-10-14,2025-10-18,three clear days 15 to 17,high",
        "A11,CPR_2_8,14,day,service,none,uk_ew,backward,2025-10-20,2025-10-05,14 clear calendar days,high",
        "A12,CPR_2_8_WITHIN,3,day,service,none,uk_ew,forward,2026-04-02,2026-04-09,Easter is left out,high",
        "A13,AT_LEAST_BD,5,business_day,delivered,received,au,backward,2026-11-09,2026-11-02,NERR r 46,high",
        "A14,AT_LEAST_BD,5,business_day,delivered,received,au,forward,2026-11-02,2026-11-09,the same,high",
        "A15,MONTH_CORR,1,month,notice,deposit,none,backward,2027-02-28,2027-01-31,as V092,high",
        "A16,MONTH_SCAN,1,month,notice,deposit,none,forward,2027-01-31,2027-02-28,as V083,high",
        "A17,MONTH_SUB,1,month,notice,deposit,none,forward,2027-01-28,2027-02-28,the other way,high",
        "A18,DEEMED,3,business_day,mailing,+3bd,us_federal,backward,2026-12-02,2026-11-29,Sunday still,high",
        "A19,DEEMED,4,business_day,posting,+4bd,uk_ew,forward,2026-12-23,2026-12-31,24 29 30 31,high",
        "A20,OPEN_DAY,0,day,mailing,deposit,usps,forward,2025-01-09,2025-01-10,Day of Mourning,high",
        "A21,OPEN_DAY,0,day,mailing,deposit,usps,backward,2028-11-11,2028-11-10,Saturday holiday,high",
        "A22,OPEN_DAY,0,day,mailing,deposit,usps,forward,2027-07-04,2027-07-06,Sunday and Monday,high",
        "A23,AT_LEAST_OPEN,30,day,,deposit,us_federal+usps,backward,2026-08-03,2026-07-02,both closed,high",
        "A24,AT_LEAST_OPEN,30,day,,deposit,usps,forward,2026-11-01,2026-12-02,Sunday is Monday,high",
        "A25,AT_LEAST,30,day,mailing,+20cal_intl,none,forward,2026-12-01,2027-01-20,30+20,high",
        "A26,AIA_36_WINDOW_START,7,day,start,none,none,forward,2027-05-01,2027-05-08,the other way,high",
        "A27,AT_LEAST,2,month,notice,+2bd,uk_ew,forward,2026-11-06,2027-01-10,received Tue 10 Nov,high",
    ],
    ids=lambda row: row.split(",", 1)[0],
)  # fmt: skip
def test_a_vector_of_our_own(row: str) -> None:
    (result,) = run(row)
    assert not result.error
    assert result.got == result.expected


def test_a_wrong_expectation_is_reported_with_the_working() -> None:
    (result,) = run("X1,AT_LEAST,30,day,mailing,deposit,none,backward,2027-01-01,2026-12-03,wrong,high")
    assert not result.ok
    assert result.got == date(2026, 12, 2)
    assert result.steps


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("X,AT_LEST,30,day,m,deposit,none,backward,2027-01-01,2026-12-02,s,c", "you meant 'AT_LEAST'"),
        ("X,AT_LEAST,30,dya,m,deposit,none,backward,2027-01-01,2026-12-02,s,c", "Perhaps you meant 'day'"),
        ("X,AT_LEAST,30,day,m,deposit,nune,backward,2027-01-01,2026-12-02,s,c", "Perhaps you meant 'none'"),
        ("X,AT_LEAST,-1,day,m,deposit,none,backward,2027-01-01,2026-12-02,s,c", "not a whole number"),
        ("X,AT_LEAST,30,day,m,deposit,none,sideways,2027-01-01,2026-12-02,s,c", "forward or backward"),
        ("X,AT_LEAST,30,day,m,deposit,none,backward,1 Jan 2027,2026-12-02,s,c", "is not a date"),
        ("X,AT_LEAST,30,day", "line 2"),
        ("X,AT_LEAST,45,day,m,deposit,none,backward,0001-01-05,2026-12-02,s,c", "outside the years 1"),
        ("X,AT_LEAST,45,day,m,deposit,none,forward,9999-12-20,2026-12-02,s,c", "outside the years 1"),
        ("X,MONTH_SUB,2,month,m,deposit,none,backward,0001-02-15,2026-12-02,s,c", "outside the years 1"),
        ("X,AT_LEAST,99999999999,day,m,deposit,none,backward,2027-01-01,2026-12-02,s,c", "is too long"),
        ("X,OPEN_DAY,0,day,m,deposit,usps,backward,2150-01-01,2150-01-01,s,c", "it covers 1971 to 2099"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_run_is_a_failed_result(row: str, message: str) -> None:
    good = "OK,AT_LEAST,30,day,mailing,deposit,none,backward,2027-01-01,2026-12-02,s,high"
    bad, following = run(row, good)
    assert not bad.ok
    assert bad.got is None
    assert message in bad.error
    assert following.ok


def test_another_files_header_is_refused() -> None:
    with pytest.raises(RuleProblem, match="lack the columns"):
        list(verify(["name,zip", "a,b"]))


def test_a_field_that_no_csv_holds_fails_its_row_alone() -> None:
    good = "OK,AT_LEAST,30,day,mailing,deposit,none,backward,2027-01-01,2026-12-02,s,high"
    bad, following = run(f"X,{'9' * 140_000}", good)
    assert "field larger" in bad.error
    assert following.ok
