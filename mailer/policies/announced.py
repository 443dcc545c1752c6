"""The next change of hours, as page and greetings name it: the first that mailed letters announce."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mailer.campaign.facts import BUSINESS_HOURS
from mailer.campaign.loading import Campaign
from mailer.campaign.stated import stated_to_all
from mailer.planning.mailfolder import MailFolder
from mailer.profile import DatedHours
from mailer.standing.saidotherwise import said_otherwise
from mailer.store.engine import Session
from mailer.store.pieces import first_mailed


@dataclass(frozen=True, slots=True)
class NewHours:
    """Hours to come, and the campaign and the mailing day of the first letters that name them."""

    hours: DatedHours
    campaign: str
    announced: date


def hours_to_come(
    session: Session, mail: MailFolder, campaigns: Sequence[Campaign], day: date
) -> NewHours | None:
    """The hours that come next after `day` by letters mailed until then, which say what the files say now."""
    for hours in mail.settings.hours:
        for one in campaigns if hours.since > day else ():
            if not (one.definition.effective == hours.since and _names_hours(mail, one)):
                continue
            mailed = first_mailed(session, one.name)
            if mailed and mailed <= day and not said_otherwise(session, mail, one):
                return NewHours(hours, one.name, mailed)
    return None


def _names_hours(mail: MailFolder, campaign: Campaign) -> bool:
    return any(fact.name == BUSINESS_HOURS for fact in stated_to_all(mail.settings, campaign))
