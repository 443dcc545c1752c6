from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from mailer.pages.copyfit import FULL, LOOSEST, Setting, bounded, looseness
from mailer.pages.issuepages import NewsletterPages
from mailer.pages.letterhead import Letterhead
from mailer.pages.newsletter import render_newsletter
from mailer.pages.press import Press
from mailer.settings import Settings

Make = Callable[[int], NewsletterPages]


def test_a_looser_setting_takes_more_room() -> None:
    areas = [Setting(4, step / 10).area for step in range(11)]
    assert areas == sorted(set(areas))
    assert [Setting(4, 0).height(page) for page in range(4)] == [9.75, 9.3, 9.3, pytest.approx(4.55)]
    assert [Setting(2, 0).height(page) for page in range(2)] == [9.75, pytest.approx(4.55)]


def test_how_loosely_a_text_is_to_be_set() -> None:
    free = 9.75 + 9.3 + 9.3 + 4.55 - 3 - FULL / 2
    found = looseness(Setting(4, 0), 3, free / Setting(4, 0.5).area)
    assert found == pytest.approx(0.5, abs=0.01)
    assert bounded(looseness(Setting(4, 0), 3, 100)) == 0
    assert bounded(looseness(Setting(4, 0), 3, 0.01)) == LOOSEST


@pytest.mark.parametrize("paragraphs", [1, 4, 7])
def test_few_layouts_are_needed(
    paragraphs: int,
    issue: Make,
    letterhead: Letterhead,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sizes = []
    lay_out = Press.lay_out

    def counted(self: Press, *given: object, **named: str) -> object:
        sizes.append(re.findall(r"font-size: ([0-9.]+)pt", named["extra"])[0])
        return lay_out(self, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Press, "lay_out", counted)
    render_newsletter(issue(paragraphs), letterhead, settings)
    assert len(sizes) <= 8
