"""What the documents of a campaign must state, beside what its kind knows of one client. Pure."""

from __future__ import annotations

from mailer.campaign.facts import Fact
from mailer.campaign.loading import Campaign
from mailer.campaign.policyfile import PolicyVersion
from mailer.campaign.rates import NO_CHANGE
from mailer.settings import Settings


def declared(campaign: Campaign) -> tuple[Fact, ...]:
    """The facts that its definition names under [facts]."""
    facts = campaign.definition.facts
    return tuple(Fact(name, words, name) for name, words in ((f"facts.{key}", facts[key]) for key in facts))


def fact_of(policy: PolicyVersion) -> Fact:
    """That a letter gives this version of a policy, word for word."""
    return Fact(f"policy {policy.label}", policy.digest)


def stated_to_all(settings: Settings, campaign: Campaign) -> tuple[Fact, ...]:
    """What every letter of a campaign states by today's files, whoever it goes to; of a policy its digest.

    An issue gives no notice, and a letter to one client is that client's matter: nothing.
    """
    kind = campaign.kind
    if kind.is_issue or kind.private:
        return ()
    stated = kind.letter_facts(campaign.definition, settings.on(campaign.effective), NO_CHANGE)
    return (*stated, *declared(campaign), *map(fact_of, campaign.policies))
