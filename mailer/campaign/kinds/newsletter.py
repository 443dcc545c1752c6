"""An issue of the monthly newsletter: its sections, and the articles of the campaigns it carries."""

from __future__ import annotations

from typing import Final

from mailer.campaign.definition import Definition
from mailer.campaign.facts import Fact
from mailer.campaign.kind import Kind, Starter
from mailer.campaign.rates import ClientChange
from mailer.campaign.wording import month_words
from mailer.profile import Profile


def no_facts(_definition: Definition, _profile: Profile) -> tuple[Fact, ...]:
    return ()


def no_letter_facts(_definition: Definition, _profile: Profile, _change: ClientChange) -> tuple[Fact, ...]:
    return ()


def starter(new: Starter) -> dict[str, str]:
    """The first files: they load and proof as they stand."""
    return {
        "campaign.toml": f"""# One month's newsletter. `mailer proof {new.name}` shows its pages.
kind = "newsletter"
title = "{month_words(new.effective)}"

[audience]                       # who gets it; clients who opted out of marketing mail do not
# contract = ["managed"]         # leave a list out to not restrict by it

[issue]
month = "{new.effective:%Y-%m}"
number = {new.number}
carries = []                     # campaigns whose article.md this issue prints: ["2027-rates"]
""",
        "memo.md": """---
byline: Your name, owner
---
## What is on your mind this month

Some 120 words in your own voice: one thing that happened, what you made of it, what you wish for. Your clients read this first.
""",
        "ahead.md": """{{ closed_days }}
""",
    }


KIND: Final = Kind(
    name="newsletter",
    title="Newsletter",
    needs=("issue",),
    takes=(),
    common_facts=no_facts,
    letter_facts=no_letter_facts,
    starter=starter,
    files=(),  # those of the firm's sections: newsletter/sections.py
    is_issue=True,
)
