"""A reminder of a policy to one client: gentle, then direct, then a review of the relationship.

It cites the policy and the day on which this client was given it, which `mailer new` takes from the ledger.
"""

from __future__ import annotations

from typing import Final

from mailer.campaign.definition import Definition
from mailer.campaign.facts import Fact, effective_fact
from mailer.campaign.kind import Kind, Starter, in_two_weeks
from mailer.campaign.rates import ClientChange
from mailer.campaign.wording import date_words
from mailer.ledger.kinds import Medium
from mailer.profile import Profile

STAGES: Final = ("gentle", "direct", "review")


def common_facts(_definition: Definition, _profile: Profile) -> tuple[Fact, ...]:
    return ()


def letter_facts(definition: Definition, _profile: Profile, _change: ClientChange) -> tuple[Fact, ...]:
    """The policy and the day it was given; [facts] holds both. The review's day is the effective date."""
    return (effective_fact(definition.effective),) if definition.effective else ()


_LETTERS: Final = {
    "gentle": """In the past weeks, requests have come to us in ways that we cannot look after: {{ facts.what_happened }}. Each time one of us saw it and helped, so no harm was done. I am writing because next time nobody may see it.

On {{ facts.given }} we sent you “{{ facts.policy }}”, which says how to reach us so that somebody always does. A copy is enclosed, in case the first one has gone astray or new people have joined you. Could you put it where they look, and ask them to begin with it by **{{ effective | date }}**?

- {{ new.emergency }}
- For everything else, use one of the ways at the top of the page. You then have an answer within the time that we promise, and can see what becomes of it.

If the page does not fit the way in which your office works, tell me. It is easier to change one of our habits than to have you wait for an answer.
""",
    "direct": """I wrote to you about how requests reach us, and it has not become better: {{ facts.what_happened }}. I would like to settle this with you by **{{ effective | date }}**.

“{{ facts.policy }}”, which you have had since {{ facts.given }} and which is enclosed again, is not there for our convenience. When a request reaches one person in the evening, that person answers it tired, without the notes, and nobody else knows of it. Sooner or later something of yours is lost that way, and I do not want to explain to you how.

So this is what we do from {{ effective | date }}:

1. A request that comes in one of the ways that the page excludes is answered with a single sentence, which asks you to make it again in one of the others.
2. The time in which we answer begins when it has arrived there.
3. In an emergency nothing changes. {{ new.emergency }}

If there is a reason why your people do not use these ways, I would like to know it. Call me at {{ firm.phone }}; ten minutes should do.
""",
    "review": """Twice I have written to you about “{{ facts.policy }}”, which you have had since {{ facts.given }}. Since then: {{ facts.what_happened }}. We have reached the point at which another letter helps neither of us, and I would like to talk.

Please let us meet on **{{ effective | date }}**, at your office or at ours, for half an hour. I suggest three questions:

1. **What do you need from us that the policy does not give you?** An hour in the evening, a named person, a faster answer: all of these can be agreed on and priced.
2. **What can we not go on doing?** I will say plainly what the present way costs us, and what it puts at risk for you.
3. **Do we suit each other?** If we find that another firm would serve you better, we hand over in good order and in good time, and nobody need feel bad about it.

I hope for an answer to the first question, and I am prepared for each of the three. Please call me at {{ firm.phone }} to tell me whether the day suits you.
""",
}


def starter(new: Starter) -> dict[str, str]:
    """The first files. They load; whose they are and what happened must be written."""
    given = date_words(new.given) if new.given else "…"
    return {
        "campaign.toml": f"""# A reminder to one client. It goes when a person approves it, never by itself.
kind = "reminder"
title = "How to reach us"
effective = {new.effective}      # from when, or by when, as the letter says
gives = ["communication"]        # a copy of the policy goes with it

[audience]
only = ["{new.client or "…"}"]

[notice]
house = "house-by-the-day"       # a courtesy: no contract asks for it
newsletter = "none"              # article.md names nobody; an issue may carry it all the same

[facts]                          # the letter states each, word for word
policy = "How to reach us"
given = "{given}"                # the day on which this client was given it: `mailer policy who communication`
what_happened = "…"              # plainly, with days: two text messages to one of us on November 5 and 9
""",
        "letter.md": _LETTERS[new.stage],
        "article.md": """## The quickest way to an answer

A message to one person's telephone feels quick, and it is the slowest way that there is: when that person is under a desk, on the road or asleep, nobody knows of it. {{ new.emergency }} For all else, the page “How to reach us” names the ways that several of us see.
""",
    }


KIND: Final = Kind(
    name="reminder",
    title="Reminder of a policy",
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
