"""New business hours, stated day by day in both texts. They stand in mailer.toml, from their first day on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from mailer.campaign.definition import Definition
from mailer.campaign.facts import BUSINESS_HOURS, Fact, effective_fact
from mailer.campaign.kind import Kind, Lack, OwnWords, Starter
from mailer.campaign.rates import ClientChange
from mailer.profile import Profile


def common_facts(definition: Definition, profile: Profile) -> tuple[Fact, ...]:
    dated = (effective_fact(definition.effective),) if definition.effective else ()
    return dated + tuple(Fact(BUSINESS_HOURS, line, "new.hours") for line in profile.hours.lines())


def letter_facts(definition: Definition, profile: Profile, _change: ClientChange) -> tuple[Fact, ...]:
    return common_facts(definition, profile)


def lacks(effective: date, known: OwnWords) -> Iterator[Lack]:
    if all(entry.since != effective for entry in known.settings.hours):
        yield Lack(
            "hours",
            f"no [[hours]] begin on {effective}, the effective date; give the new ones from = {effective}",
        )


def begins(known: OwnWords, today: date) -> date | None:
    """The first day of the next hours of mailer.toml that no campaign announces yet."""
    days = (entry.since for entry in known.settings.hours if entry.since > today)
    return next((day for day in days if day not in known.announced), None)


def starter(new: Starter) -> dict[str, str]:
    """The first files: they load, plan and proof as they stand."""
    return {
        "campaign.toml": f"""# New business hours. `mailer plan {new.name}` shows when it must be mailed.
# The hours stand in mailer.toml alone, as [[hours]] with from = the effective date.
kind = "business-hours"
title = "New business hours"
effective = {new.effective}

[audience]                       # who gets the letter; leave a list out to not restrict by it
# contract = ["managed"]         # also: "none", "own-terms"

[notice]
house = "house-30-day"           # the firm's habit; a client's contract term takes its place
newsletter = "auto"              # the issue that carries article.md, or name one: "2026-12"
""",
        "letter.md": """Beginning **{{ effective | date }}**, our business hours are:

{{ new.hours }}

If you have a question, call {{ firm.phone }}.
""",
        "article.md": """Beginning **{{ effective | date }}**, our business hours are:

{{ new.hours }}
""",
    }


KIND: Final = Kind(
    name="business-hours",
    title="New business hours",
    needs=("effective",),
    takes=("gives",),
    common_facts=common_facts,
    letter_facts=letter_facts,
    starter=starter,
    lacks=lacks,
    begins=begins,
)
