"""A change of policy: what it is called and what is different, in the same words in both texts."""

from __future__ import annotations

from typing import Final

from mailer.campaign.definition import Definition
from mailer.campaign.facts import Fact, effective_fact
from mailer.campaign.kind import Kind, Starter
from mailer.campaign.rates import ClientChange
from mailer.profile import Profile


def common_facts(definition: Definition, _profile: Profile) -> tuple[Fact, ...]:
    dated = (effective_fact(definition.effective),) if definition.effective else ()
    policy = definition.policy
    if policy is None:
        return dated
    return (
        *dated,
        Fact("policy name", policy.name, "policy.name"),
        Fact("policy change", policy.change, "policy.change"),
    )


def letter_facts(definition: Definition, profile: Profile, _change: ClientChange) -> tuple[Fact, ...]:
    return common_facts(definition, profile)


def starter(new: Starter) -> dict[str, str]:
    """The first files: they load, plan and proof as they stand."""
    return {
        "campaign.toml": f"""# A change of policy. `mailer plan {new.name}` shows when it must be mailed.
kind = "policy-change"
title = "Our policy on remote access"
effective = {new.effective}      # the first day on which the new policy binds

[audience]                       # who gets the letter; leave a list out to not restrict by it
# contract = ["managed"]         # also: "none", "own-terms"
# tags = ["retail"]

[notice]
house = "house-30-day"           # the firm's habit; a client's contract term takes its place
newsletter = "auto"              # the issue that carries article.md, or name one: "2026-12"

[policy]                         # both texts must state these words
name = "Remote Access Policy"
change = "every remote session needs a second factor"

# [facts]                        # anything else that both texts must state, word for word
# reply_by = "December 15, 2026"
""",
        "letter.md": """We are changing our **{{ policy.name }}**. Beginning **{{ effective | date }}**,
{{ policy.change }}.

If you have a question, call us at {{ firm.phone }} or write to {{ firm.email }}.
""",
        "article.md": """Our **{{ policy.name }}** changes on **{{ effective | date }}**: {{ policy.change }}.

Clients whom it concerns have a letter as well.
""",
    }


KIND: Final = Kind(
    name="policy-change",
    title="Change of policy",
    needs=("effective", "policy"),
    takes=("gives",),
    common_facts=common_facts,
    letter_facts=letter_facts,
    starter=starter,
)
