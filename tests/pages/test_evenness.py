"""Columns that end together: where they end, and what is moved for it."""

from __future__ import annotations

import re

import pytest
from markupsafe import Markup

from mailer.pages.copyfit import AIRY, LOOSEST, TIGHT, Setting, Trial
from mailer.pages.evenness import apart
from mailer.pages.issuepages import Stories, TypesetSection
from mailer.pages.letterhead import Letterhead
from mailer.pages.press import press
from mailer.pages.weasy import Columns, columns_on

PICTURE = Markup('<p>Above.</p>\n<figure><img src="a.svg" alt="A"></figure>\n<p>Below.</p>\n<p>Last.</p>')


@pytest.mark.parametrize(
    ("text", "later", "order"),
    [
        (PICTURE, 1, ["Above.", "Below.", "A", "Last."]),
        (PICTURE, -1, ["A", "Above.", "Below.", "Last."]),
        # what ends with a colon and its picture belong together
        (PICTURE.replace("Above.", "Like this:"), 1, ["Like this:", "A", "Below.", "Last."]),
        (PICTURE.replace("Above.", "Like this:"), -1, ["Like this:", "A", "Below.", "Last."]),
    ],
)
def test_a_picture_moves_by_a_paragraph(text: Markup, later: int, order: list[str]) -> None:
    story = TypesetSection("lead", "", Markup("Head"), "", "", text)
    (moved,) = Stories((story,), {}).on((), [later])
    assert re.findall(r'(?<=<p>).*?(?=</p>)|(?<=alt=")\w+', moved.text) == order


@pytest.mark.parametrize(
    ("ends", "lines"),
    [
        ((1.0, 0.5), 3.0),  # half an inch, lines of a sixth
        ((1.0, 0.84), None),  # within a line
        ((0.5,), None),  # three lines stand in one column: too few to be parted
        ((0.67,), 4.0),  # four could have been
    ],
)
def test_columns_that_end_apart(ends: tuple[float, ...], lines: float | None) -> None:
    loose = (12 / 10.25 - TIGHT) / (AIRY - TIGHT)
    columns = (Columns("story-0", 0.0, ends),)
    trial = Trial(Setting(2, loose), None, "", (), (), (columns,))
    assert apart(trial) == ({} if lines is None else {0: pytest.approx(lines, abs=0.1)})


def test_the_last_item_of_a_list_does_not_stand_alone_atop_a_column(letterhead: Letterhead) -> None:
    setting = Setting(2, LOOSEST)
    text = '<div class="text"><p>Line</p><ul><li>1</li><li>2</li><li>3</li></ul></div>'
    four = setting.css() + ".text { height: 4lh; column-fill: auto }"  # room for all but the last
    (found,) = columns_on(press(letterhead, "newsletter").set(text, extra=four).pages[0])
    assert found.ends[1] - found.top > 1.9 * setting.line
