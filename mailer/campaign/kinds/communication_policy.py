"""How the firm is reached and when it answers: announced by letter and article, the policy itself enclosed.

What a client could still ask after reading it is a gap, and refused: hours, accepted ways, response times,
emergencies, unaccepted ways, presence on line, account questions.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from mailer.campaign.definition import Definition
from mailer.campaign.facts import BUSINESS_HOURS, Fact, effective_fact
from mailer.campaign.kind import Kind, Lack, OwnWords, Starter
from mailer.campaign.policyfile import POLICIES, policy_on
from mailer.campaign.rates import ClientChange
from mailer.profile import Profile

POLICY: Final = "communication"


def common_facts(definition: Definition, _profile: Profile) -> tuple[Fact, ...]:
    return (effective_fact(definition.effective),) if definition.effective else ()


def letter_facts(definition: Definition, profile: Profile, _change: ClientChange) -> tuple[Fact, ...]:
    """All of the profile, in the letter or in the policy that it encloses."""
    rows = profile.response_times
    named = (
        (BUSINESS_HOURS, "hours", profile.hours.lines()),
        ("after-hours rule", "after_hours", (profile.after_hours,)),
        ("accepted way", "ways", tuple(way.name for way in profile.accepted)),
        ("emergency", "emergency", (profile.emergency,)),
        (
            "response time",
            "response_times",
            tuple(words for row in rows for words in (row.what, row.within, row.after_hours)),
        ),
        ("unaccepted way", "unaccepted", tuple(way.name for way in profile.unaccepted)),
        ("presence on line", "online", tuple(one.address for one in profile.online)),
        ("account questions", "accounts", (profile.accounts,)),
    )
    stated = tuple(
        Fact(name, words, f"new.{field}") for name, field, each in named for words in each if words
    )
    return common_facts(definition, profile) + stated


def lacks(effective: date, known: OwnWords) -> Iterator[Lack]:
    for table, what in known.settings.on(effective).gaps:
        yield Lack(table, f"on {effective} the profile has a gap; add {what}")
    found = policy_on(known.policies, POLICY, effective)
    if found is None or found.effective != effective:
        latest = max((one.version for one in known.policies if one.name == POLICY), default=0)
        told = (
            f"begins on no {effective}; copy the last version, write effective = {effective} and what changes"
        )
        yield Lack("", told, f"{POLICIES}/{POLICY}-{latest + 1}.md")


def begins(known: OwnWords, today: date) -> date | None:
    """The first day of the next version of the policy that no campaign announces yet."""
    days = (one.effective for one in known.policies if one.name == POLICY and one.effective > today)
    return next((day for day in days if day not in known.announced), None)


def starter(new: Starter) -> dict[str, str]:
    """The first files: they load, plan and proof as they stand."""
    return {
        "campaign.toml": f"""# How to reach us, in a new version. `mailer plan {new.name}` shows when it must be mailed.
kind = "communication-policy"
title = "How to reach us, and when we answer"
effective = {new.effective}      # the first day of the policy's new version
gives = ["{POLICY}"]         # policies/{POLICY}-….md goes with the letter, on a page of its own

[audience]                       # who gets the letter: every active client
# contract = ["managed"]         # leave a list out to not restrict by it

[notice]
house = "house-30-day"           # the firm's habit; a client's contract term takes its place
newsletter = "auto"              # the issue that carries article.md, or name one: "2026-12"
""",
        "letter.md": """Much of what goes wrong between a firm and its clients goes wrong before the work begins: a message to a telephone in a drawer, a call that should have been made at once. We have therefore written down how you reach us, when we are here, and how soon we answer. It is enclosed, it is called “{{ policy.name }}”, and it applies from **{{ effective | date }}**.

Four points matter most:

- {{ new.emergency }}
- **Everything else has a way** on which it is not lost when one of us is away. The enclosure lists these ways, the best one first.
- **In some ways nothing counts as said.** The enclosure names them. If you have been writing to one of us there, please stop on that day; it is not that we mind, it is that nobody else can see it.
- **You can hold us to a time.** The table says how soon you have an answer, within our hours and outside of them.

Please put it where your people will look for it. If one of these points does not fit how you work, call me at {{ firm.phone }} before {{ effective | date }}, and we find a way. Nothing in this letter changes your rates or your agreement. Thank you for working with us.
""",
        "article.md": """From **{{ effective | date }}**, a new page called “{{ policy.name }}” says how to reach us, when we are here and how soon we answer. {{ new.emergency }} For all else these ways count, the best one first:

{{ new.ways }}

Every client has the page with a letter. If yours has not come, call {{ firm.phone }}.
""",
    }


KIND: Final = Kind(
    name="communication-policy",
    title="How to reach the firm",
    needs=("effective", "gives"),
    takes=(),
    common_facts=common_facts,
    letter_facts=letter_facts,
    starter=starter,
    lacks=lacks,
    begins=begins,
)
