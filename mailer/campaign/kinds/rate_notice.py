"""A notice of new rates. Each client's letter states that client's own; the article what is true for all."""

from __future__ import annotations

from typing import Final

from mailer.campaign.definition import Definition
from mailer.campaign.facts import Fact, effective_fact
from mailer.campaign.kind import Kind, Starter
from mailer.campaign.rates import ClientChange
from mailer.campaign.wording import month_words
from mailer.money import people
from mailer.profile import Profile


def common_facts(definition: Definition, _profile: Profile) -> tuple[Fact, ...]:
    """The date, every service whose rate changes, and the amounts that are the same for all."""
    dated = (effective_fact(definition.effective),) if definition.effective else ()
    services = tuple(Fact(f"service {change.service}", change.words) for change in definition.rates)
    amounts = tuple(
        Fact(f"new rate of {change.service}", people(change.to))
        for change in definition.rates
        if change.to is not None
    )
    return dated + services + amounts


def letter_facts(definition: Definition, _profile: Profile, change: ClientChange) -> tuple[Fact, ...]:
    """The date, and each of this client's services with its new amount."""
    dated = (effective_fact(definition.effective),) if definition.effective else ()
    lines = tuple(
        fact
        for line in change.lines
        for fact in (
            Fact(f"service {line.service}", line.name),
            Fact(f"new rate of {line.service}", people(line.new)),
        )
    )
    return dated + lines


def starter(new: Starter) -> dict[str, str]:
    """The first files: they load, plan and proof as they stand."""
    return {
        "campaign.toml": f"""# A notice of new rates. `mailer plan {new.name}` shows when it must be mailed.
kind = "rate-notice"
title = "Hourly rates from {month_words(new.effective)}"
effective = {new.effective}      # the first day that may be billed at the new rates
# supersedes = "2026-rates"      # its letters replace that campaign's, which state the same services

[audience]                       # who gets the letter; leave a list out to not restrict by it
# contract = ["none", "own-terms"]   # also: "managed"
# tags = ["retail"]
# states = ["CA"]
# services = ["hourly-support"]
# segments = ["dental"]          # of mailer.toml, [segments.dental]: `mailer clients count`
# exclude = ["C-1042"]           # client number, e-mail or name

[notice]
house = "house-30-day"           # the firm's habit; a client's contract term takes its place
newsletter = "auto"              # the issue that carries article.md, or name one: "2026-12"

[[rates]]
service = "hourly-support"       # as in the client list: `mailer clients show NAME`
name = "Hourly support"          # as people read it
to = "140.00"                    # an amount for all, or: raise = "8%" with round = "down to 5.00"

[limits]
raise = "0% to 10%"              # a client outside stops the plan and is named

# [facts]                        # anything else that both texts must state, word for word
# reply_by = "December 15, 2026"
""",
        "letter.md": """Beginning **{{ effective | date }}**, the following rates apply to work we do for you:

{{ client.rates_table }}

Work done before {{ effective | date }} is billed at your present rates, whenever the invoice is sent.
Nothing else in our arrangement changes.

If you have a question, call us at {{ firm.phone }} or write to {{ firm.email }}.

Thank you for your business.
""",
        "article.md": """Beginning **{{ effective | date }}**, these rates change:

{% for rate in rates %}
- {{ rate.name }}{% if rate.to %}: {{ rate.to | money }}{% endif %}

{% endfor %}

Your letter states your own rates. Work done before that day is billed at present rates.
""",
    }


KIND: Final = Kind(
    name="rate-notice",
    title="Notice of new rates",
    needs=("effective", "rates"),
    takes=("limits", "supersedes", "gives"),
    common_facts=common_facts,
    letter_facts=letter_facts,
    starter=starter,
)
