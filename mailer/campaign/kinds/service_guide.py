"""The service guide: what is done for a client and how a request runs, sent whole with a letter that says why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from mailer.campaign.definition import Definition
from mailer.campaign.facts import Fact, effective_fact
from mailer.campaign.kind import Kind, Lack, OwnWords, Starter
from mailer.campaign.policyfile import POLICIES, policy_on
from mailer.campaign.rates import ClientChange
from mailer.profile import Profile

POLICY: Final = "service-guide"


def common_facts(definition: Definition, _profile: Profile) -> tuple[Fact, ...]:
    return (effective_fact(definition.effective),) if definition.effective else ()


def letter_facts(definition: Definition, profile: Profile, _change: ClientChange) -> tuple[Fact, ...]:
    return common_facts(definition, profile)


def lacks(effective: date, known: OwnWords) -> Iterator[Lack]:
    if policy_on(known.policies, POLICY, effective) is None:
        yield Lack(
            "", f"is missing: no service guide is in force on {effective}", f"{POLICIES}/{POLICY}-1.md"
        )


def starter(new: Starter) -> dict[str, str]:
    """The first files: they load, plan and proof as they stand."""
    return {
        "campaign.toml": f"""# The service guide. `mailer plan {new.name}` shows when it must be mailed.
kind = "service-guide"
title = "Our service guide"
effective = {new.effective}      # from when it is followed
gives = ["{POLICY}"]        # policies/{POLICY}-….md goes with the letter, on pages of its own

[audience]                       # who gets the letter: every active client
# contract = ["managed"]         # leave a list out to not restrict by it

[notice]
house = "house-30-day"           # the firm's habit; a client's contract term takes its place
newsletter = "auto"              # the issue that carries article.md, or name one: "2026-12"
""",
        "letter.md": """What do you get when you call us, and what do we need from you so that it goes well? New people in your office ask this, and long-standing clients ask it too. The enclosed “{{ policy.name }}” answers it on one page. We work by it from **{{ effective | date }}**.

It says how a request runs from your first call to its end; what we do and what we do not do; how we work together; and what happens when something goes wrong, the mistake being ours included.

Two things in it we ask of you now:

1. **Name two people**, one for daily matters, one for money and access. If we have names from you already, look whether they are still the right ones.
2. **Tell us beforehand** of what changes on your side: people who start or leave, an office that moves. It is the one thing that saves both of us the most time.

A call to {{ firm.phone }} or a line to {{ firm.email }} is enough for both. The guide changes nothing in your agreement and nothing in your rates; where the two differ, your agreement counts.

Please keep the guide with the page on how to reach us, and ask me about anything in it that you would like to have otherwise.
""",
        "article.md": """From **{{ effective | date }}**, we work by our “{{ policy.name }}”: how a request runs, what we do, what we need from you. Every client has it with a letter. **Two names, please:** tell us who in your office decides daily matters, and who decides money and access.
""",
    }


KIND: Final = Kind(
    name="service-guide",
    title="Service guide",
    needs=("effective", "gives"),
    takes=(),
    common_facts=common_facts,
    letter_facts=letter_facts,
    starter=starter,
    lacks=lacks,
)
