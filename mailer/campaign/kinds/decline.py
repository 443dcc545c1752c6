"""A request of one client that the firm declines: what was asked, why not, and two ways that would do."""

from __future__ import annotations

from typing import Final

from mailer.campaign.definition import Definition
from mailer.campaign.facts import Fact
from mailer.campaign.kind import Kind, Starter, in_two_weeks
from mailer.campaign.rates import ClientChange
from mailer.ledger.kinds import Medium
from mailer.profile import Profile


def common_facts(_definition: Definition, _profile: Profile) -> tuple[Fact, ...]:
    return ()


def letter_facts(_definition: Definition, profile: Profile, _change: ClientChange) -> tuple[Fact, ...]:
    """Whom to call; what was asked and what would do stand in [facts]."""
    return (Fact("telephone number", profile.phone, "new.phone"),)


def starter(new: Starter) -> dict[str, str]:
    """The first files. They load; whose they are and what is declined must be written."""
    return {
        "campaign.toml": f"""# A request that we decline. `mailer proof {new.name}` shows the letter.
kind = "decline"
title = "Your request"
effective = {new.effective}      # by when the client should have it

[audience]
only = ["{new.client or "…"}"]

[notice]
house = "house-by-the-day"       # a courtesy: no contract asks for it
newsletter = "none"              # article.md names nobody; an issue may carry it all the same

[facts]                          # the letter states each, word for word
request = "…"                    # as the client would say it: to open the mailbox of a former employee to you
because = "…"                    # the true reason, in half a sentence: it holds private mail of that person
first_way = "…"                  # what would do: we forward new mail to a person you name, from tomorrow on
second_way = "…"                 # and another: your attorney asks for it in writing, and we do what the law asks
""",
        "letter.md": """You asked us {{ facts.request }}. Thank you for asking first. We cannot do it, and I would like to tell you why myself: {{ facts.because }}.

I know that this leaves you with the question for which you came. Two ways would do:

1. **One way:** {{ facts.first_way }}.
2. **Another:** {{ facts.second_way }}.

Tell us which of the two you prefer, or that it should rest, and we begin on the same day. Call {{ new.phone }} and ask for me; I have the matter on my desk until I hear from you.

If I have misunderstood what you need, please say so. It would not be the first time that a better question had an easy answer.
""",
        "article.md": """## When we say no

Now and then we decline a request: because the law forbids it, because it would put another client at risk, or because we would do it badly. When that happens you hear it from us soon, in writing, with the reason, and with two ways that would do instead. An easy yes that cannot be kept helps nobody.
""",
    }


KIND: Final = Kind(
    name="decline",
    title="A request declined",
    needs=("effective",),
    takes=("gives",),
    common_facts=common_facts,
    letter_facts=letter_facts,
    starter=starter,
    is_notice=False,
    begins=in_two_weeks,
    private=True,
    media=(Medium.LETTER,),
)
