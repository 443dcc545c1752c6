"""The months of a year as they arrive, with the owner's 120 words: each fits its pages, without a void.

Three of them, and all twelve in `make test-long`.
"""

from __future__ import annotations

import os
import re
from datetime import date

import pytest

from mailer.campaign.kind import Starter
from mailer.campaign.loading import load_campaign
from mailer.mailservice.registry import tables
from mailer.making.issue import render_issue
from mailer.making.starters import new
from mailer.planning.mailfolder import open_folder
from tests.support.office import Office

pytestmark = [pytest.mark.long]

MEMO = """---
byline: Dana Whitcomb, owner
---
## The call that took four minutes

On Tuesday a bookkeeper called us because a bank had called her. The man knew her name and the last invoice,
and he wanted one thing: the code that had just come by text message. She said that she would call back, hung
up, and dialed the number on the card. It was not the bank. She had lost four minutes and nothing else.

I have told this story to everybody whom I met this week, and each had one like it. What helped was never a
program. It was a person who took the time to be impolite for a moment. So if somebody hurries you this month,
be slow. Tell them that we said so. And if it was really us, we will not mind at all.
"""
TWO_PAGES = (1, 2)
MONTHS = range(1, 13) if os.environ.get("MAILER_LONG") else (1, 6, 11)


def test_the_months_fit_their_pages_and_their_columns_end_together(office: Office) -> None:
    apart = []
    with open_folder(office.root, fixed=date(2026, 11, 24), database="", services=tables()) as mail:
        for month in MONTHS:
            name = f"2027-{month:02}"
            new(
                mail.root,
                mail.settings,
                "newsletter",
                Starter(name, date(2027, month, 1), mail.today),
                dated=True,
            )
            office.write(f"campaigns/{name}/memo.md", MEMO)
            made = render_issue(mail, load_campaign(mail.root, name), mail.letterhead)
            assert made.pages == (TWO_PAGES,), name
            assert made.remarks == (), name  # no page that much of stays empty
            apart += [
                float(lines) for look in made.looks for lines in re.findall(r"end ([\d.]+) lines apart", look)
            ]
    assert apart == []
