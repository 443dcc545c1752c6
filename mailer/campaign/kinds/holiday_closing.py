"""The days on which the firm is closed, announced ahead. They stand in mailer.toml as [[holidays]]."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from mailer.campaign.closing import closing_on
from mailer.campaign.definition import Definition
from mailer.campaign.facts import Fact
from mailer.campaign.kind import Kind, Lack, OwnWords, Starter
from mailer.campaign.rates import ClientChange
from mailer.campaign.wording import closed_words
from mailer.notice.strides import shifted
from mailer.profile import Profile


def common_facts(_definition: Definition, profile: Profile) -> tuple[Fact, ...]:
    """The days of this closing; the texts name them as {{ closing }}."""
    return tuple(Fact("closed day", closed_words(day, name)) for day, name in closing_on(profile))


def letter_facts(definition: Definition, profile: Profile, _change: ClientChange) -> tuple[Fact, ...]:
    return common_facts(definition, profile)


def lacks(effective: date, known: OwnWords) -> Iterator[Lack]:
    if all(one.day != effective for one in known.settings.holidays):
        yield Lack(
            "holidays", f"no [[holidays]] have day = {effective}, the first day of the closing; add it there"
        )


def begins(known: OwnWords, today: date) -> date | None:
    """The next day on which the firm is closed that leaves two weeks of notice, and a week for the work."""
    since = shifted(today, 21)
    return next((one.day for one in known.settings.on(today).holidays if one.day > since), None)


def starter(new: Starter) -> dict[str, str]:
    """The first files: they load, plan and proof as they stand."""
    return {
        "campaign.toml": f"""# Closed for the holidays. `mailer plan {new.name}` shows when it must be mailed.
# The days stand in mailer.toml, as [[holidays]].
kind = "holiday-closing"
title = "The days on which we are closed"
effective = {new.effective}      # the first of them

[audience]                       # who gets the letter: every active client
# contract = ["managed"]         # leave a list out to not restrict by it

[notice]
house = "house-14-day"           # the firm's habit; a courtesy, to which no contract's term applies
newsletter = "auto"              # the issue that carries article.md, or name one: "2026-12"
""",
        "letter.md": """Our office is closed on these days:

{{ closing }}

**If something happens while we are closed:** {{ new.emergency }} {{ new.after_hours }} All other requests are taken up in the order in which they came, on the first morning on which we are back.

Three things are worth doing before you close yourselves:

- **Tell us which days nobody will be in**, so that we do not wait for you, nor you for us.
- **Have done early what has to be done.** What falls due while we are closed is best begun now: a call this week is in time.
- **Say little in automatic replies.** “We answer from Monday” is enough. That the office stands empty is nobody's business.

Thank you for the months behind us. We wish you quiet days, and are here again after them.
""",
        "article.md": """Our office is closed on these days:

{{ closing }}

{{ new.emergency }}
""",
    }


KIND: Final = Kind(
    name="holiday-closing",
    title="Closed for the holidays",
    needs=("effective",),
    takes=("gives",),
    lasts=False,
    common_facts=common_facts,
    letter_facts=letter_facts,
    starter=starter,
    is_notice=False,
    lacks=lacks,
    begins=begins,
)
