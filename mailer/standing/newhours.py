"""Changes of the firm's hours: those that mailed letters announce, and those that nothing announces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from mailer.campaign.facts import BUSINESS_HOURS
from mailer.campaign.loading import Campaign
from mailer.campaign.stated import stated_to_all
from mailer.hours import DAYS, WeeklyHours
from mailer.notice.strides import months_from, shifted
from mailer.planning.mailfolder import MailFolder
from mailer.profile import DatedHours, in_force
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
) -> Iterator[NewHours]:
    """The hours that begin after `day` by letters mailed until then, which say what the files say now."""
    for hours in mail.settings.hours:
        for one in _naming(mail, campaigns, hours.since) if hours.since > day else ():
            mailed = first_mailed(session, one.name)
            if mailed and mailed <= day and not said_otherwise(session, mail, one):
                yield NewHours(hours, one.name, mailed)
                break


def unannounced(mail: MailFolder, campaigns: Sequence[Campaign]) -> date | None:
    """The first day, of those to come and of the last month, on which the hours change and no campaign says
    so: other ones begin, or those that hold end.
    """
    hours, since = mail.settings.hours, months_from(mail.today, -1)
    days = {one.since for one in hours} | {shifted(one.until, 1) for one in hours if one.until}
    for day in sorted(day for day in days if day > since):
        before, now = in_force(hours, shifted(day, -1)), in_force(hours, day)
        if before and now and _week(before) != _week(now) and not any(_naming(mail, campaigns, day)):
            return day
    return None


def _week(hours: WeeklyHours) -> tuple[str, ...]:
    return tuple(getattr(hours, day) for day in DAYS)


def _naming(mail: MailFolder, campaigns: Iterable[Campaign], day: date) -> Iterator[Campaign]:
    """The campaigns of that day whose letters name the hours."""
    for one in campaigns:
        if one.definition.effective == day and any(
            fact.name == BUSINESS_HOURS for fact in stated_to_all(mail.settings, one)
        ):
            yield one
