"""`mailer plan --ics --svg`: the files, read back as a calendar reads them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest

from mailer.campaign.loading import load_campaign
from mailer.notice.rulebook import preset
from mailer.notice.timeline import plan_timeline
from mailer.planning.calendarfile import MadeAt, timeline_calendar
from mailer.settings import load_settings
from tests.support.office import RATES, Office

pytestmark = pytest.mark.days

ICS = "dates.ics"
NINE_A_WEEK_BEFORE = timedelta(days=-7, hours=9)
NINE_THE_DAY_BEFORE = timedelta(days=-1, hours=9)
EIGHT_ON_THE_DAY = timedelta(hours=8)


def exported(office: Office, name: str = RATES, *options: str, exits: int = 0) -> dict[str, Any]:
    """The events by UID."""
    path = office.root / ICS
    office.does("plan", name, "--ics", str(path), *options, exits=exits)
    return read(path.read_bytes())


def read(content: bytes) -> dict[str, Any]:
    calendar = icalendar.Calendar.from_ical(content)
    return {str(event["uid"]): event for event in calendar.walk("VEVENT")}


def alarms(event: Any) -> list[timedelta]:
    return [alarm["trigger"].dt for alarm in event.walk("VALARM")]


def test_every_step_is_an_all_day_event(office: Office) -> None:
    """The worked example: 30 days and three business days to 1 January, with the lead times."""
    events = exported(office)
    days = {uid.partition("@")[0]: event["dtstart"].dt for uid, event in events.items()}
    assert days == {
        "2027-rates.proof": date(2026, 11, 24),
        "2027-rates.approve": date(2026, 11, 25),  # the post runs on Friday the 27th; the firm is closed
        "2027-rates.print": date(2026, 11, 28),
        "2027-rates.drop": date(2026, 11, 28),
        "2027-rates.legal-latest": date(2026, 11, 29),
        "2027-rates.newsletter": date(2026, 12, 2),
        "2027-rates.given": date(2026, 12, 2),
        "2027-rates.effective": date(2027, 1, 1),
        "2027-rates.billable": date(2027, 1, 1),
    }
    assert {uid.partition("@")[2] for uid in events} == {"cedarfinch.example"}
    drop = events["2027-rates.drop@cedarfinch.example"]
    assert str(drop["summary"]) == "2027-rates: letters handed to the post"
    assert str(drop["description"]).splitlines() == [
        "New rates for hourly work: letters handed to the post by Sat 28 Nov 2026.",
        (
            "the last mailing day that meets 30 days, received 3 business days after deposit; "
            "at or before the last collection, 17:00"
        ),
        "the client's contract",
        "mailer drop 2027-rates",
        "Confirm with counsel; this is a calculation, not legal advice.",
    ]
    assert "dtend" not in drop


def test_reminders_come_a_week_and_a_day_before_and_for_the_drop_in_the_morning(office: Office) -> None:
    events = exported(office.on("2026-11-02"))
    usual = [NINE_A_WEEK_BEFORE, NINE_THE_DAY_BEFORE]
    assert alarms(events["2027-rates.approve@cedarfinch.example"]) == usual
    assert alarms(events["2027-rates.drop@cedarfinch.example"]) == [*usual, EIGHT_ON_THE_DAY]
    assert alarms(events["2027-rates.effective@cedarfinch.example"]) == []


def test_no_reminder_rings_for_what_is_past_or_done(approved: Office) -> None:
    """On 24 November the drop of the 28th is four days off."""
    events = exported(approved)
    assert alarms(events["2027-rates.drop@cedarfinch.example"]) == [NINE_THE_DAY_BEFORE, EIGHT_ON_THE_DAY]
    done = events["2027-rates.approve@cedarfinch.example"]
    assert str(done["summary"]) == "done: 2027-rates: approved"
    assert alarms(done) == []


def test_a_refused_plan_shows_what_is_overdue(office: Office) -> None:
    events = exported(office.on("2026-12-03"), exits=3)
    assert str(events["2027-rates.drop@cedarfinch.example"]["summary"]).startswith("OVERDUE: ")


def test_taken_again_it_moves_the_events(office: Office) -> None:
    first = exported(office)
    office.does("move", RATES, "--effective", "2027-02-01", "--yes")
    second = exported(office)
    assert set(first) == set(second)
    drop = "2027-rates.drop@cedarfinch.example"
    # 30 days before 1 February is Saturday 2 January; the last business day by then is Thursday 31 December,
    # three after Monday the 28th.
    assert second[drop]["dtstart"].dt == date(2026, 12, 28)
    assert int(second[drop]["sequence"]) >= int(first[drop]["sequence"])
    assert second[drop]["dtstamp"].dt >= first[drop]["dtstamp"].dt


def test_the_same_stamp_makes_the_same_file(office: Office) -> None:
    campaign = load_campaign(office.root, RATES)
    firm = load_settings(office.root, {}).firm
    today = date(2026, 11, 24)
    timeline = plan_timeline(date(2027, 1, 1), (preset("house-30-day"),), today)

    def made(stamp: datetime) -> bytes:
        return timeline_calendar(campaign, timeline, MadeAt(firm, stamp, today, rehearsal=False))

    morning = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
    one = made(morning)
    assert one == made(morning)
    assert one != made(morning + timedelta(minutes=1))
    later = read(made(morning + timedelta(minutes=1)))
    assert all(int(later[uid]["sequence"]) == int(event["sequence"]) + 1 for uid, event in read(one).items())
    assert all(len(line) <= 75 for line in one.split(b"\r\n")), "RFC 5545, 3.1"
    calendar = icalendar.Calendar.from_ical(one)
    assert str(calendar["x-wr-calname"]) == "Cedar & Finch IT: mail"


def test_an_issue_has_a_deadline_for_each_campaign_it_carries(office: Office) -> None:
    events = exported(office, "2026-12")
    assert {uid: event["dtstart"].dt for uid, event in events.items()} == {
        "2026-12.newsletter-2027-rates@cedarfinch.example": date(2026, 12, 2),
        "2026-12.newsletter-2027-hours@cedarfinch.example": date(2026, 12, 12),
        "2026-12.newsletter-2027-remote-access@cedarfinch.example": date(2027, 1, 2),
    }
    first = events["2026-12.newsletter-2027-rates@cedarfinch.example"]
    assert str(first["summary"]) == "2026-12: newsletter handed to the post for 2027-rates"
    assert alarms(first) == [NINE_A_WEEK_BEFORE, NINE_THE_DAY_BEFORE, EIGHT_ON_THE_DAY]


def test_the_picture_is_written_beside_it(office: Office) -> None:
    picture = office.root / "plan" / "rates.svg"
    ran = office.does("plan", RATES, "--svg", str(picture), "--json")
    assert ran.json["campaign"] == RATES, "and nothing but JSON is on stdout"
    assert "New rates for hourly work, effective Fri 1 Jan 2027" in picture.read_text(encoding="utf-8")
    assert "(rehearsal)" in picture.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "exits", "says"),
    [
        (("2026-12", "--svg", "x.svg"), 2, "an issue has no picture"),
        ((RATES, "--ics", "."), 1, "does not end in .ics"),
    ],
)
def test_what_can_not_be_written_is_said(
    office: Office, words: tuple[str, ...], exits: int, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(office.root)
    assert says in office.does("plan", *words, exits=exits).said
    assert not Path("x.svg").exists()


def test_a_campaign_for_nobody_has_no_timeline(office: Office) -> None:
    office.edit(
        "campaigns/2027-rates/campaign.toml", "exclude = []", 'exclude = ["N-1", "N-2", "N-3", "N-4"]'
    )
    assert "has no timeline" in office.does("plan", RATES, "--ics", str(office.root / ICS), exits=1).said


def test_a_mail_service_has_a_step_with_reminders(office: Office) -> None:
    """Two mailing days before Saturday the 28th: Friday, and Wednesday, since Thursday is Thanksgiving."""
    office.edit("mailer.toml", "# [lob] ", "[lob] ")
    events = exported(office.on("2026-11-02"))
    send = events["2027-rates.send@cedarfinch.example"]
    assert send["dtstart"].dt == date(2026, 11, 25)
    assert str(send["summary"]) == "2027-rates: or sent to the mail service"
    assert alarms(send) == [NINE_A_WEEK_BEFORE, NINE_THE_DAY_BEFORE, EIGHT_ON_THE_DAY]
    steps = office.does("plan", RATES, "--json").json["steps"]
    assert [step["day"] for step in steps if step["key"] == "send"] == ["2026-11-25"]
    svg = office.root / "plan.svg"
    assert "or sent to the mail service" in office.does("plan", RATES, "--svg", str(svg)).said
    assert "Or to the service" in svg.read_text(encoding="utf-8")


def test_what_is_printed_needs_no_service_any_more(printed: Office) -> None:
    printed.edit("mailer.toml", "# [lob] ", "[lob] ")
    steps = {one["key"]: one for one in printed.does("plan", RATES, "--json").json["steps"]}
    assert [steps[key]["done_on"] for key in ("print", "send", "drop")] == ["2026-11-24", "2026-11-24", None]


def test_a_closing_of_an_unknown_calendar_is_named_with_its_line(office: Office) -> None:
    path = office.root / "mailer.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text(
        "\n".join([*lines, "[[closings]]", 'calendar = "usp"', "day = 2026-12-01", 'reason = "storm"', ""]),
        encoding="utf-8",
    )
    said = office.does("plan", RATES, exits=1).err
    assert f"mailer.toml:{len(lines) + 2}: There is no calendar 'usp'. Perhaps you meant 'usps'." in said
