"""New business hours, stated day by day in both texts."""

from __future__ import annotations

from typing import Final

from mailer.campaign.definition import Definition
from mailer.campaign.facts import Fact, effective_fact
from mailer.campaign.kind import Kind, Starter
from mailer.campaign.rates import ClientChange


def common_facts(definition: Definition) -> tuple[Fact, ...]:
    dated = (effective_fact(definition.effective),) if definition.effective else ()
    lines = definition.hours.lines() if definition.hours else ()
    return dated + tuple(Fact("business hours", line) for line in lines)


def letter_facts(definition: Definition, _change: ClientChange) -> tuple[Fact, ...]:
    return common_facts(definition)


def starter(new: Starter) -> dict[str, str]:
    """The first files: they load, plan and proof as they stand."""
    return {
        "campaign.toml": f"""# New business hours. `mailer plan {new.name}` shows when it must be mailed.
# Enter them in mailer.toml too, as [[hours]] with from = {new.effective}.
kind = "business-hours"
title = "New business hours"
effective = {new.effective}

[audience]                       # who gets the letter; leave a list out to not restrict by it
# contract = ["managed"]         # also: "none", "own-terms"

[notice]
house = "house-30-day"           # the firm's habit; a client's contract term takes its place
newsletter = "auto"              # the issue that carries article.md, or name one: "2026-12"

[hours]                          # a day not named is closed
monday = "8:00-18:00"
tuesday = "8:00-18:00"
wednesday = "8:00-18:00"
thursday = "8:00-18:00"
friday = "8:00-17:00"
""",
        "letter.md": """Beginning **{{ effective | date }}**, our business hours are:

{{ hours }}

Outside these hours, call {{ firm.phone }} as before.
""",
        "article.md": """Beginning **{{ effective | date }}**, our business hours are:

{{ hours }}
""",
    }


KIND: Final = Kind(
    name="business-hours",
    title="New business hours",
    needs=("effective", "hours"),
    takes=(),
    common_facts=common_facts,
    letter_facts=letter_facts,
    starter=starter,
)
