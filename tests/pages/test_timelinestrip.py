"""The strip: what stands on it, and that its texts don't meet. The days: tests/notice/test_timeline.py."""

from __future__ import annotations

import re
from datetime import date
from typing import Final
from xml.etree import ElementTree as ET

import pytest

from mailer.notice.rulebook import preset
from mailer.notice.timeline import LeadTimes, Milestone, Timeline, plan_timeline
from mailer.pages.timelinestrip import WIDTH, strip

NEW_YEAR: Final = date(2027, 1, 1)
HOUSE: Final = preset("house-30-day")
RULES: Final = (HOUSE, preset("contract-30-plus-3bd"))
TUESDAY: Final = date(2026, 11, 24)
SVG: Final = "{http://www.w3.org/2000/svg}"
NO_MAIL: Final = "#f1f3f5"
ALL_DONE: Final = {
    Milestone.PROOF: date(2026, 11, 20),
    Milestone.APPROVE: date(2026, 11, 24),
    Milestone.PRINT: date(2026, 11, 25),
    Milestone.DROP: date(2026, 11, 25),
    Milestone.NEWSLETTER: date(2026, 12, 1),
}


def timeline(today: date, effective: date = NEW_YEAR, **changes: object) -> Timeline:
    return plan_timeline(effective, RULES, today, newsletter=HOUSE, lead_times=LeadTimes(2, 1, 1), **changes)  # type: ignore[arg-type]


def drawn(today: date, effective: date = NEW_YEAR, **changes: object) -> ET.Element:
    drawing = strip(timeline(today, effective, **changes), "2027-rates: <new> & rates", today)
    return ET.fromstring(drawing)  # noqa: S314 (our own text)


def texts(root: ET.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def test_every_step_with_its_day_and_the_time_left() -> None:
    said = texts(drawn(TUESDAY))
    for words in (
        "2027-rates: <new> & rates",
        "as of Tue 24 Nov 2026",
        "today",
        "Proofed",
        "Mon 23 Nov · OVERDUE 1 day",
        "Wed 25 Nov · 1 day left",
        "Fri 27 Nov · 3 days left",
        "Sat 28 Nov · 4 days left",
        "Sun 29 Nov · 5 days left",
        "Wed 2 Dec · 8 days left",
        "Counts as given",
        "Fri 1 Jan",
    ):
        assert words in said
    assert "First day billable" not in said, "it is the day on which the change takes effect"


def test_what_is_done_says_when() -> None:
    said = texts(drawn(date(2026, 12, 20), done=ALL_DONE))
    assert said.count("done Wed 25 Nov") == 2  # printed; handed over
    assert "Sun 29 Nov · handed over Wed 25 Nov" in said, "the last legal day stays a day of its own"
    assert "Tue 1 Dec" in said, "when it counts as given follows from the drop of the 25th"
    assert "done Tue 1 Dec" in said
    assert not any("OVERDUE" in words for words in said)


def test_the_picture_says_it_in_words_too() -> None:
    root = drawn(TUESDAY)
    assert root.findtext(f"{SVG}title") == "2027-rates: <new> & rates"
    described = root.findtext(f"{SVG}desc") or ""
    assert described.startswith("definition ready and proofed: Mon 23 Nov 2026, OVERDUE by 1 day; approved: ")
    assert "the change takes effect: Fri 1 Jan 2027" in described


def test_days_without_mail_are_shaded() -> None:
    """From 23 November to 1 January: five Sundays, Thanksgiving, Christmas and New Year's Day."""
    shaded = [
        rect for rect in drawn(TUESDAY).iter(f"{SVG}rect")
        if rect.get("fill") == NO_MAIL and float(rect.get("height", "0")) > 20
    ]  # fmt: skip
    assert len(shaded) == 5 + 3
    lefts = [float(rect.get("x", "0")) for rect in shaded]
    assert lefts == sorted(lefts)


def test_it_stands_alone_on_white() -> None:
    drawing = strip(timeline(TUESDAY), "t", TUESDAY)
    root = ET.fromstring(drawing)  # noqa: S314
    ground = next(root.iter(f"{SVG}rect"))
    assert (ground.get("fill"), ground.get("width")) == ("#ffffff", str(WIDTH))
    assert "href" not in drawing
    assert "url(" not in drawing
    assert 'font-family="Helvetica, Arial,' in drawing
    assert drawing == strip(timeline(TUESDAY), "t", TUESDAY)


def test_a_rehearsal_says_so() -> None:
    assert "as of Tue 24 Nov 2026 (rehearsal)" in strip(timeline(TUESDAY), "t", TUESDAY, rehearsal=True)


@pytest.mark.parametrize(
    ("today", "effective", "done"),
    [
        (TUESDAY, NEW_YEAR, {}),
        (date(2026, 11, 2), NEW_YEAR, {}),
        (date(2026, 12, 31), NEW_YEAR, {}),
        (date(2027, 2, 1), NEW_YEAR, {}),
        (date(2026, 3, 1), NEW_YEAR, {}),
        (date(2024, 12, 28), NEW_YEAR, {}),
        (date(2016, 1, 1), NEW_YEAR, {}),
        (date(2027, 1, 1), NEW_YEAR, ALL_DONE),
        (date(2026, 11, 25), date(2026, 12, 1), {}),
    ],
)
def test_no_two_texts_meet_and_none_leaves_the_picture(
    today: date, effective: date, done: dict[Milestone, date]
) -> None:
    root = drawn(today, effective, done=done)
    boxes = []
    for element in root.iter(f"{SVG}text"):
        size = float(element.get("font-size", "11"))
        wide = len(element.text or "") * size * 0.55
        x, y = float(element.get("x", "0")), float(element.get("y", "0"))
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[element.get("text-anchor", "start")]
        boxes.append((left, left + wide, y - size * 0.8, y + size * 0.2, element.text))
    height = float(root.get("height", "0"))
    for number, (left, right, top, bottom, words) in enumerate(boxes):
        assert left >= 0, words
        assert right <= WIDTH, words
        assert 0 <= top < bottom <= height, words
        for other in boxes[number + 1 :]:
            apart = right <= other[0] or other[1] <= left or bottom <= other[2] or other[3] <= top
            assert apart, (words, other[4])


def test_numbers_are_plain() -> None:
    """No exponent, no nan, no negative size: a browser would draw nothing."""
    for day in (date(2016, 1, 1), TUESDAY, date(2027, 6, 1)):
        drawing = strip(timeline(day), "t", day)
        assert not re.search(r'"[^"]*\b(?:nan|inf|\d+e[-+]?\d+)\b[^"]*"', drawing.partition("<desc>")[0])
        assert 'width="-' not in drawing


def test_a_legal_day_that_was_missed_says_so() -> None:
    """Dropped on Mon 30 November: after Sunday the 29th, and received on Thursday, 3 December."""
    root = drawn(date(2026, 12, 20), done=ALL_DONE | {Milestone.DROP: date(2026, 11, 30)})
    assert "Sun 29 Nov · handed over Mon 30 Nov, LATE" in texts(root)
    assert "Thu 3 Dec" in texts(root)
    described = root.findtext(f"{SVG}desc") or ""
    assert "last legal day of deposit: Sun 29 Nov 2026, handed over Mon 30 Nov, LATE;" in described
