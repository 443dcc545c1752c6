"""The packet at the start: a letter to each client who joined, with the policies that are in force."""

from __future__ import annotations

from typing import Final

from mailer.campaign.definition import Definition
from mailer.campaign.facts import Fact
from mailer.campaign.kind import Kind, Starter, in_two_weeks
from mailer.campaign.rates import ClientChange
from mailer.profile import Profile


def common_facts(_definition: Definition, _profile: Profile) -> tuple[Fact, ...]:
    return ()


def letter_facts(_definition: Definition, profile: Profile, _change: ClientChange) -> tuple[Fact, ...]:
    return (
        Fact("telephone number", profile.phone, "new.phone"),
        *(Fact("hours", line, "new.hours") for line in profile.hours.lines()),
    )


def starter(new: Starter) -> dict[str, str]:
    """The first files: they load, plan and proof as they stand."""
    joined = new.joined_from or new.today.replace(month=1, day=1)
    return {
        "campaign.toml": f"""# The welcome packet. `mailer plan {new.name}` shows who gets it.
kind = "welcome"
title = "Welcome, and how we work together"
effective = {new.effective}      # by when it is to be in the post
gives = ["communication", "service-guide"]

[audience]                       # clients whose engagement began on that day or later
joined_from = {joined}

[notice]
house = "house-by-the-day"       # a courtesy: no contract asks for it
newsletter = "none"              # or "auto", to welcome new clients in the newsletter too
""",
        "letter.md": """Welcome, and thank you for choosing us. Please keep this packet where your people look first.

**How to reach us.** Call {{ new.phone }}. Our hours are:

{{ new.hours }}

{{ new.emergency }} All other ways, and how soon we answer, are on the enclosed page; how we work is in the service guide.

**What happens next:**

1. I call you within a week and ask who in your office decides daily matters, and who decides money and access. Please have two names ready.
2. We go through what we are to do for you and what we need from you, and you get it as a list.
3. After a month we sit down for half an hour and look at what is done, what can wait, and what should not.

What matters we say on paper: new rates, a change of policy, new hours, and our newsletter. If anything in the first weeks is not as you expected, call me. I would rather hear it from you early.
""",
        "article.md": """A warm welcome to the clients who joined us lately. A packet with our policies is in the mail to each of them; whoever has been with us for long and would like to have it too needs only to call {{ firm.phone }}.
""",
    }


KIND: Final = Kind(
    name="welcome",
    title="Welcome packet",
    needs=("effective", "gives"),
    takes=(),
    common_facts=common_facts,
    letter_facts=letter_facts,
    starter=starter,
    is_notice=False,
    begins=in_two_weeks,
)
