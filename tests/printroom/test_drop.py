"""The hand-over to the post: what it may say, what is refused, and on which day it counts.

Post offices: open on Saturdays, closed on Sundays and on Thanksgiving, 26 November 2026. The last collection
is at 17:00.
"""

from __future__ import annotations

import pytest

from tests.support.office import DROP, FIRST, RATES, Office, sha256

pytestmark = pytest.mark.days

AT = "2026-11-24 14:10"


@pytest.mark.parametrize(
    ("at", "counts_on"),
    [
        ("2026-11-24 14:10", "2026-11-24"),
        ("2026-11-24 17:00", "2026-11-24"),
        ("2026-11-24 17:01", "2026-11-25"),
        ("2026-11-25 18:30", "2026-11-27"),  # Thursday is Thanksgiving
        ("2026-11-26 10:00", "2026-11-27"),
        ("2026-11-28 10:00", "2026-11-28"),
        ("2026-11-28 17:30", "2026-11-30"),
        ("2026-11-29 09:00", "2026-11-30"),
    ],
    ids=[
        "Tuesday", "at the cut-off", "after it", "before the holiday", "on the holiday", "Saturday",
        "Saturday evening", "Sunday",
    ],
)  # fmt: skip
def test_the_day_it_counts_on(printed: Office, at: str, counts_on: str) -> None:
    printed.on("2026-11-30").drops(at)
    assert printed.rows("SELECT DISTINCT counts_on FROM piece") == [(counts_on,)]
    assert printed.rows("SELECT counts_on FROM mail_drop") == [(counts_on,)]


def test_a_drop_that_comes_too_late_is_recorded_and_said(printed: Office) -> None:
    """On Monday the 30th Birch Lane's letter counts as received on 3 December: 29 days; 2 January holds."""
    said = printed.on("2026-11-30").drops("2026-11-30 09:00")
    assert "LATE for 1 of 4 clients: the approval was good until Sat 28 Nov 2026" in said.said
    checked = printed.on("2026-11-30").checked()
    assert checked["N-2"]["state"] == "late"
    assert checked["N-2"]["earliest_effective"] == "2027-01-02"
    assert checked["N-1"]["state"] == "running"
    after = printed.on("2026-11-30")
    assert (after.rate("N-2", "2027-01-04"), after.rate("N-1", "2027-01-04")) == ("125.00", "138.00")


def test_a_closing_entered_between_print_and_hand_over_binds_the_letter(printed: Office) -> None:
    """Three business days after Saturday the 28th are Wednesday 2 December, 30 days before 1 January; with
    Monday closed they are the 3rd, and those after Friday too: Thursday is Thanksgiving, so that Wednesday
    was the last day. It stays so when the closing leaves the profile again.
    """
    profile = printed.root / "mailer.toml"
    before = profile.read_text(encoding="utf-8")
    storm = '\n[[closings]]\ncalendar = "us_federal"\nday = 2026-11-30\nreason = "Day of Mourning"\n'
    profile.write_text(before + storm, encoding="utf-8")
    said = printed.on("2026-11-28").drops("2026-11-28 09:00").said
    assert (
        "LATE for 1 of 4 clients: the approval did not know of a closing, a contract, or where it was" in said
    )
    assert "its last day was Wed 25 Nov 2026" in said
    profile.write_text(before, encoding="utf-8")
    after = printed.on("2026-12-01")
    assert {number: after.checked()[number]["state"] for number in ("N-1", "N-2")} == {
        "N-1": "running",
        "N-2": "late",
    }
    for words in (("status",), ("status", RATES)):
        assert "1 mailed, and the client has no notice in time" in after.does(*words).said
    after.does("ledger", "verify")


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (("--at", "2026-11-25 09:00"), 1, "is in the future"),
        (("--at", "2026-03-08 02:30"), 1, "was on no clock: that hour is left out in spring"),
        (("--at", "2026-11-23 16:00"), 1, "2026-11-23 16:00 is before it was printed ("),
        (("--at", AT, "--range", "4-5"), 1, "1 of these pieces are not in the job (2027-rates-L-0005)"),
        (("--at", AT, "--except", "2027-rates-L-0017", "--reason", "x"), 1, "not in the job"),
        (("--at", AT, "--except", "2026-12-N-0001", "--reason", "x"), 2, "is not a piece of this mailing"),
        (("--at", AT, "--except", "²", "--reason", "x"), 2, "is not a piece of this mailing"),
        (("--at", AT, "--except", "2027-rates-L-0001"), 2, "--except needs a --reason"),
        (("--at", AT, "--range", "four"), 2, "is not a range of piece numbers"),
        (("--at", AT, "--range", "4-1"), 2, "is not a range of piece numbers"),
        (("--at", AT, "--class", "marketing"), 1, "a notice does not go by marketing mail"),
        (("--at", AT, "--class", "pigeon"), 2, "'pigeon' is not one of"),
        (("--at", AT, "--job", "2"), 1, "there is no printed job number 2"),
        (("--at", AT, "--receipt", "no-such.pdf"), 1, "can't be read: No such file"),
        (("--at", "this morning"), 2, "is not a day and an hour"),
        (("--at", AT, "--by", " "), 2, "--by"),
        (("--at", AT, "--place", ""), 2, "--place"),
    ],
)
def test_what_is_refused_and_leaves_no_trace(
    printed: Office, options: tuple[str, ...], code: int, says: str
) -> None:
    before = printed.recorded()
    ran = printed.does("drop", RATES, *FIRST, *options, exits=code)
    assert says in ran.said
    assert printed.recorded() == before
    printed.does("ledger", "verify")


def test_where_it_is_handed_over_may_make_it_late(office: Office) -> None:
    """Civ. Code 827(b) and CCP 1013(a): 30 days and 5 within California, which is until 27 November for the
    1st of January; and 10 from Nevada, which was until the 22nd. It was recorded without a word.
    """
    definition = "campaigns/2027-rates/campaign.toml"
    by_law = ('newsletter = "2026-12" ', 'statutes = ["california-rent"]\nnewsletter = "2026-12" ')
    office.edit(definition, *by_law)
    office.edit(definition, "exclude = []", 'exclude = ["N-2"]')
    assert "Hand over by Fri 27 Nov 2026." in office.does("approve", RATES).said
    office.does("print", RATES)
    reno = ("--at", AT, "--by", "Dana Whitcomb", "--place", "Reno NV", "--class", "first")
    said = office.does("drop", RATES, *reno).said
    assert (
        "LATE for 3 of 3 clients: the approval did not know of a closing, a contract, or where it was" in said
    )


NEWCOMER = "N-5,Elder Garage,Ed Gear,ed@elder.example,5 Elder Way,Davis,CA,95616,none,,130.00\n"


def test_a_hand_over_is_not_before_its_own_printing(approved: Office) -> None:
    """Approved on the 24th and printed on the 28th, it can't have been in the post on the 25th."""
    late = approved.on("2026-11-28")
    late.does("print", RATES)
    refused = late.does("drop", RATES, "--at", "2026-11-25 10:00", *FIRST, exits=1).said
    assert "2026-11-25 10:00 is before it was printed" in refused
    late.does("drop", RATES, "--at", "2026-11-28 10:00", *FIRST)


def test_a_hand_over_may_be_before_a_later_approval(printed: Office) -> None:
    """It went on the 25th and is recorded on the 27th, when another client's letter was approved too."""
    more = (printed.root / "list.csv").read_text(encoding="utf-8") + NEWCOMER
    later = printed.on("2026-11-27")
    later.does("clients", "import", str(printed.write("more.csv", more)))
    assert "Approved 1 piece" in later.does("approve", RATES).said
    later.does("drop", RATES, "--job", "1", "--at", "2026-11-25 10:00", *FIRST)
    assert later.checked()["N-1"]["state"] == "running"


def test_ranges_that_meet_name_each_piece_once(printed: Office) -> None:
    """It said 5 of 4."""
    ran = printed.does("drop", RATES, "--at", AT, *FIRST, "--range", "1-2,2-4")
    assert "4 pieces handed over" in ran.said


def test_a_range_of_a_thousand_million_is_refused_at_once(printed: Office) -> None:
    with printed.start("drop", RATES, "--at", AT, *FIRST, "--range", "1-999999999") as process:
        try:
            _, said = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 1
    assert "not in the job" in said


def test_a_drop_before_the_job_is_printed_is_refused(approved: Office) -> None:
    before = approved.recorded()
    refused = approved.drops(AT, exits=1)
    assert "there is no printed job" in refused.said
    assert "mailer print 2027-rates" in refused.said
    assert approved.recorded() == before


def test_a_drop_before_the_approval_is_refused(office: Office) -> None:
    before = office.recorded()
    office.drops(AT, exits=1)
    assert office.recorded() == before


def test_twice_is_refused(mailed: Office) -> None:
    before = mailed.recorded()
    refused = mailed.drops("2026-11-24 15:00", exits=1)
    assert "nothing is left to drop" in refused.said
    again = mailed.drops("2026-11-24 15:00", *FIRST, "--range", "2", exits=1)
    assert "1 of these pieces were dropped before (2027-rates-L-0002)" in again.said
    assert mailed.recorded() == before
    mailed.on("2026-12-04").does("returned", "2027-rates-L-0002", "--on", "2026-12-03")
    came_back = mailed.drops("2026-11-24 15:00", *FIRST, "--range", "2", exits=1)
    assert "1 of these pieces were dropped before (2027-rates-L-0002)" in came_back.said


def test_some_went_and_the_rest_wait(printed: Office) -> None:
    said = printed.drops(AT, *FIRST, "--range", "1-2,4")
    assert "3 pieces handed over." in said.said
    assert "1 piece of the job is still waiting." in said.said
    assert printed.pieces() == [(1, "mailed"), (2, "mailed"), (3, "produced"), (4, "mailed")]
    printed.drops("2026-11-24 16:00")
    assert printed.rows("SELECT pieces FROM mail_drop ORDER BY dropped_at") == [("1-2,4",), ("3",)]
    printed.does("ledger", "verify")


def test_a_leftover_that_is_destroyed_leaves_the_job_printed(printed: Office) -> None:
    """Three of job 1 went: it was mailed, whatever became of the fourth."""
    printed.drops(AT, *FIRST, "--range", "1-2,4")
    done = printed.does("destroy", RATES, "--reason", "torn in the folder")
    assert "2027-rates-job-1: 1 piece is approved again." in done.said
    assert printed.rows("SELECT number, state FROM job") == [(1, "produced")]
    assert "nothing is left to drop" in printed.drops("2026-11-24 16:00", exits=1).said
    again = printed.does("destroy", RATES, "--reason", "twice", exits=1)
    assert "every piece of job 1 was dropped, or destroyed before." in again.said
    printed.does("print", RATES)
    assert printed.rows("SELECT number, state FROM job ORDER BY number") == [(1, "produced"), (2, "produced")]
    printed.drops("2026-11-24 16:30")
    assert printed.pieces() == [(number, "mailed") for number in (1, 2, 3, 4)]
    printed.does("ledger", "verify")


def test_a_whole_job_that_is_destroyed_is_none(printed: Office) -> None:
    printed.does("destroy", RATES, "--reason", "wrong paper")
    assert printed.rows("SELECT number, state FROM job") == [(1, "destroyed")]
    assert "there is no printed job" in printed.drops(AT, exits=1).said


def test_places_are_those_of_the_marks_in_the_job(printed: Office) -> None:
    """Job 2 holds piece 3 and 4 alone: its places 1 and 2."""
    printed.drops(AT, *FIRST, "--range", "1-2")
    printed.does("destroy", RATES, "--reason", "torn")
    printed.does("print", RATES)
    assert [row["place"] for row in printed.manifest("2027-rates-job-2")] == ["1", "2"]
    for places, exits, says in (
        ("3", 1, "the job has the places 1 to 2"),
        ("two", 2, "'two' is not a range of places"),
        ("0", 2, "'0' is not a range of places"),
    ):
        assert says in printed.drops(AT, *FIRST, "--job", "2", "--places", places, exits=exits).said
    both = printed.drops(AT, *FIRST, "--places", "1", "--range", "3", exits=2)
    assert "give --range or --places, not both" in both.said
    printed.drops("2026-11-24 16:30", *FIRST, "--places", "2")
    assert printed.pieces() == [(1, "mailed"), (2, "mailed"), (3, "produced"), (4, "mailed")]


def test_places_need_the_manifest_as_it_was_recorded(printed: Office) -> None:
    with (printed.job() / "manifest.csv").open("a", encoding="utf-8") as manifest:
        manifest.write("\n")
    before = printed.recorded()
    assert "was changed after it was recorded" in printed.drops(AT, *FIRST, "--places", "1", exits=1).said
    assert printed.recorded() == before


@pytest.mark.parametrize("option", ["--range", "--places"])
def test_a_piece_that_was_reprinted_does_not_go_with_its_job(printed: Office, option: str) -> None:
    """Its sheets lie among the others of job 1; piece 5 of job 2 goes in its stead."""
    printed.does("reprint", "2027-rates-L-0003", "--reason", "torn in the folder")
    before = printed.recorded()
    refused = printed.drops(AT, *FIRST, "--job", "1", option, "1-4", exits=1)
    assert (
        "1 of these pieces is not waiting to be mailed: 2027-rates-L-0003 is void, "
        "and was made again as 2027-rates-L-0005." in refused.said
    )
    assert "Another command" not in refused.said
    assert "Destroy their sheets, and leave them out: --except 2027-rates-L-0003 --reason" in refused.said
    assert printed.recorded() == before
    spared = ("--except", "2027-rates-L-0003", "--reason", "torn in the folder")
    printed.drops(AT, *FIRST, "--job", "1", option, "1-4", *spared)
    assert printed.pieces() == [(1, "mailed"), (2, "mailed"), (3, "void"), (4, "mailed"), (5, "produced")]


@pytest.mark.parametrize("named", ["2027-rates-L-0003", "3"])
def test_a_spoiled_letter_stays_and_is_printed_again(printed: Office, named: str) -> None:
    printed.drops(AT, *FIRST, "--except", named, "--reason", "torn in the folder")
    assert printed.pieces() == [(1, "mailed"), (2, "mailed"), (3, "produced"), (4, "mailed")]
    assert printed.rows("SELECT payload FROM event WHERE kind = 'job.dropped'")[0][0].count("torn") == 1
    printed.does("destroy", RATES, "--reason", "torn in the folder")
    printed.does("print", RATES)
    assert [row["piece"] for row in printed.manifest("2027-rates-job-2")] == ["2027-rates-L-0003"]
    printed.drops("2026-11-24 16:30")
    assert {status for _, status in printed.pieces()} == {"mailed"}


def certified(office: Office) -> Office:
    """The definition wants certified mail; the four letters are printed."""
    definition = "campaigns/2027-rates/campaign.toml"
    text = (office.root / definition).read_text()
    office.write(definition, f"{text}\n[letter]\ncertified = true\n")
    office.does("approve", RATES)
    office.does("print", RATES)
    return office


def test_certified_mail_that_went_as_plain_mail_is_recorded_and_said(office: Office) -> None:
    said = certified(office).drops(AT, *FIRST, "--range", "1-3").said
    assert "3 pieces handed over." in said
    assert (
        "NOT CERTIFIED: 3 of these pieces were to go by certified mail, and went without: 2027-rates-L-0001, "
        "2027-rates-L-0002, 2027-rates-L-0003. A rule that counts a proved receipt may not be met" in said
    )
    assert "mailer certified" not in said
    assert office.rows("SELECT pieces, mail_class FROM mail_drop") == [("1-3", "first")]


def test_certified_mail_asks_for_its_numbers_next(office: Office) -> None:
    said = certified(office).drops(AT, *DROP, "--class", "certified").said
    assert "NOT CERTIFIED" not in said
    assert "Enter the labels' numbers: mailer certified 2027-rates-L-0001 NUMBER" in said


def test_plain_mail_is_not_asked_for_a_number(printed: Office) -> None:
    said = printed.drops(AT).said
    assert "CERTIFIED" not in said
    assert "mailer certified" not in said


def test_what_an_older_mailer_approved_goes_by_the_definition(office: Office) -> None:
    """Its pieces' facts do not say; a definition that can't be read any more stops no drop."""
    import sqlite3  # noqa: PLC0415

    certified(office)
    with sqlite3.connect(office.root / "mailer.db") as database:
        database.execute("UPDATE piece SET facts = json_remove(facts, '$.certified')")
    database.close()
    assert "NOT CERTIFIED: 2 of these pieces" in office.drops(AT, *FIRST, "--range", "1-2").said
    office.write("campaigns/2027-rates/campaign.toml", "kind = ")
    assert "NOT CERTIFIED" not in office.drops(AT, *FIRST, "--range", "3-4").said


def test_the_receipt_is_kept_by_its_hash(printed: Office) -> None:
    receipt = printed.write("r.pdf", "%PDF-1.4 a scan")
    printed.drops(AT, *FIRST, "--receipt", str(receipt))
    assert printed.rows("SELECT receipt, receipt_name FROM mail_drop") == [(sha256(receipt), "r.pdf")]
    assert sha256(receipt) in [path.name for path in printed.stored()]


@pytest.mark.parametrize("content", [None, ""], ids=["a folder", "an empty file"])
def test_a_receipt_that_is_none(printed: Office, content: str | None) -> None:
    path = printed.root if content is None else printed.write("r.pdf", content)
    before = printed.recorded()
    refused = printed.drops(AT, *FIRST, "--receipt", str(path), exits=1)
    assert "Name the scan of the receipt." in refused.said
    assert printed.recorded() == before


def test_a_newsletter_may_go_by_marketing_mail(issued: Office) -> None:
    issued.drops(AT, *DROP, "--class", "marketing", name="2026-12")
    assert {status for _, status in issued.pieces("2026-12")} == {"mailed"}


def test_names_that_are_no_text(printed: Office) -> None:
    """A terminal in Latin-1 sends é as one byte, which is no UTF-8."""
    with printed.start(
        "drop", RATES, "--at", AT, *FIRST, "--place", b"Caf\xe9".decode("utf-8", "surrogateescape")
    ) as process:
        _, said = process.communicate(timeout=20)
    assert "Traceback" not in said
    assert process.returncode == 2
    assert printed.rows("SELECT count(*) FROM mail_drop") == [(0,)]
