"""An answer to a complaint that was made in public: a short reply there, and a private letter.

Both thank and own what is true; neither argues nor tells of the client's matters. The effective date is the day
for the call.
"""

from __future__ import annotations

from typing import Final

from mailer.campaign.definition import Definition
from mailer.campaign.facts import Fact, effective_fact
from mailer.campaign.kind import Kind, Starter, in_two_weeks
from mailer.campaign.rates import ClientChange
from mailer.ledger.kinds import Medium
from mailer.profile import Profile

REPLY: Final = "reply.md"


def common_facts(_definition: Definition, _profile: Profile) -> tuple[Fact, ...]:
    return ()


def letter_facts(definition: Definition, profile: Profile, _change: ClientChange) -> tuple[Fact, ...]:
    """The day for the call, the number, and what was done."""
    dated = (effective_fact(definition.effective),) if definition.effective else ()
    done = (Fact("what was done", definition.complaint.done),) if definition.complaint else ()
    return (*dated, Fact("telephone number", profile.phone, "new.phone"), *done)


def starter(new: Starter) -> dict[str, str]:
    """The first files. They load; what was said and done must be written."""
    return {
        "campaign.toml": f"""# An answer to a complaint: reply.md is for the place where it was made, letter.md for the client.
# Nothing is posted by itself. Approve it two hours after the complaint came, and with a second person.
kind = "complaint-response"
title = "What you wrote about us"
effective = {new.effective}      # the day on which we call the client

[audience]
only = ["{new.client or "…"}"]

[notice]
house = "house-by-the-day"       # a courtesy: no contract asks for it
newsletter = "none"              # article.md names nobody; an issue may carry it all the same

[approval]
second = true                    # two people approve it

[complaint]
received = {new.today}T09:00:00  # when we saw it, in our local time
url = "…"                        # where it stands
picture = ""                     # a picture of it in this folder: post.png
said = "…"                       # in the client's words
true = "partly"                  # "yes", "partly" or "no"
done = "…"                       # what was done about it, in half a sentence: a second technician is on call
refund = "0.00"                  # what the letter offers, if anything
# called = {new.effective}         # when you have called: until then `mailer` reminds you
""",
        "letter.md": """Thank you for writing what you think of us, even though I would rather have heard it from you first. I have read it more than once, and have spoken with everyone who had a part in it.

{% if complaint.true == "yes" %}You are right. It should not have happened, it is ours, and I am sorry.{% endif %}{% if complaint.true == "partly" %}Much of it is right, and for that part I am sorry. It is ours, and nobody at your office could have prevented it. On the rest I would like to hear more from you before I say anything.{% endif %}{% if complaint.true == "no" %}I do not yet understand how you came to be let down, and I would like to. Whatever I find, you were left with that impression, and that part is ours.{% endif %}


**What we have done:** {{ complaint.done }}.

**What I propose:** I call you on **{{ effective | date }}** and bring half an hour. I would like to hear it from you as it was, without defending anything, and to agree with you on what would put it right. If another day suits you better, or if you would rather not wait, call me at {{ new.phone }}; I am told at once when it is you.

You owe us nothing for this talk, and I ask you for nothing in return, least of all for other words than those you have found.
""",
        "article.md": """## Tell us when it goes wrong

A complaint is work that somebody does for us without being paid. If something goes wrong, call {{ new.phone }} and ask for {{ firm.signer }}. You will be heard out, you will be told what we found, and what we change.
""",
        REPLY: """Thank you for saying this openly. You should have had better from us, and I am sorry. I would like to hear the whole of it from you and put it right: please call me, {{ firm.signer }}, at {{ new.phone }}. I will try to reach you as well.
""",
    }


KIND: Final = Kind(
    name="complaint-response",
    title="Answer to a complaint",
    needs=("effective", "complaint"),
    takes=("gives",),
    common_facts=common_facts,
    letter_facts=letter_facts,
    starter=starter,
    files=(("letter.md", True), ("article.md", True), (REPLY, True)),
    is_notice=False,
    begins=in_two_weeks,
    private=True,
    media=(Medium.LETTER,),
)
