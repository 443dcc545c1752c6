"""The end of an engagement: the last day, by the contract's notice, and what is handed over until then."""

from __future__ import annotations

from datetime import date
from typing import Final

from mailer.campaign.definition import Definition
from mailer.campaign.facts import Fact, effective_fact
from mailer.campaign.kind import Kind, Starter
from mailer.campaign.rates import ClientChange
from mailer.campaign.wording import date_words
from mailer.ledger.kinds import Medium
from mailer.notice.strides import shifted
from mailer.profile import Profile


def common_facts(_definition: Definition, _profile: Profile) -> tuple[Fact, ...]:
    return ()


def letter_facts(definition: Definition, profile: Profile, _change: ClientChange) -> tuple[Fact, ...]:
    """The last day and whom to call; what is handed over stands in [facts]."""
    dated = (effective_fact(definition.effective),) if definition.effective else ()
    return (*dated, Fact("telephone number", profile.phone, "new.phone"))


def last_day_of(effective: date) -> str:
    """The last day of work: the day before."""
    return date_words(shifted(effective, -1))


def starter(new: Starter) -> dict[str, str]:
    """The first files. They load; whose they are and what is handed over must be written."""
    return {
        "campaign.toml": f"""# The end of an engagement. `mailer plan {new.name}` counts the contract's notice.
kind = "disengagement"
title = "The end of our engagement"
effective = {new.effective}      # the first day on which we no longer work for the client

[audience]
only = ["{new.client or "…"}"]

[notice]
house = "house-30-day"           # the firm's habit; the client's contract term takes its place
newsletter = "none"              # article.md names nobody; an issue may carry it all the same

[letter]
certified = true                 # with a number and a record of delivery

[approval]
second = true                    # two people approve it

[facts]                          # the letter states each, word for word
last_day = "{last_day_of(new.effective)}"   # the last day of work: the day before the effective date
hand_over_by = "…"               # the day on which all of it has been handed over
contact = "…"                    # who in our firm is asked about the handing over
""",
        "letter.md": """With this letter we end our engagement with {{ client.name }}. {{ facts.last_day }} is the last day on which we work for you; from **{{ effective | date }}** we no longer do. You have this letter now so that there is time. I would have liked another end; let us make this one orderly.

**Until {{ facts.last_day }} nothing changes.** We answer in the usual times, emergencies included, and go on with everything that has been begun. Work is billed at your present rates.

**What you have from us by {{ facts.hand_over_by }}:**

- whatever is yours and lies with us: documents, keys, access, handed over in person against a signature;
- a list of what is open, with the days on which it is due;
- a full copy of the data that we keep for you, read back to see that it is whole;
- what is still in our name and is yours, put in yours.

**What we ask of you:**

1. Name the person or the firm that takes over, as soon as you know. We speak with them.
2. Tell us where what we hand over should go, and who signs for it.
3. Pay what is open in the usual time. We hold nothing of yours back for it.

{{ facts.contact }} answers every question of the handing over, at {{ new.phone }}. I thank you for the time in which we worked together.
""",
        "article.md": """## What you would take with you

If a client leaves us, or we leave a client, everything that belongs to the client goes along: documents, lists, data, and a talk with whoever comes after us. We hold nothing back, not even for an open invoice. You may ask today what is on that list for your office. It is a good list to have in any case.
""",
    }


KIND: Final = Kind(
    name="disengagement",
    title="End of an engagement",
    needs=("effective",),
    takes=("gives",),
    common_facts=common_facts,
    letter_facts=letter_facts,
    starter=starter,
    private=True,
    media=(Medium.LETTER,),
)
