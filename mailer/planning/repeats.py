"""What comes again, by the rules of mailer.toml's [[repeats]]. A month is its first day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Final

from mailer.campaign.kind import Kind
from mailer.campaign.kinds import kind_named
from mailer.campaign.loading import campaign_names
from mailer.errors import FileProblems, Problem
from mailer.notice.strides import months_from
from mailer.planning.mailfolder import MailFolder
from mailer.profile import Interval, Recurrence
from mailer.settings import FILE
from mailer.tomlfile import line_of, read_text

_STEP: Final = {Interval.MONTH: 1, Interval.QUARTER: 3, Interval.HALF_YEAR: 6, Interval.YEAR: 12}
_BEGUN: Final = 2  # months before its day a campaign is begun: 30 days of notice, and a month for the work
_SAID: Final = 3  # from so many months before on it is said


@dataclass(frozen=True, slots=True)
class Occasion:
    """One time that a rule comes to: the campaign that it asks for, which is to be begun `by` a day."""

    name: str
    kind: Kind
    effective: date
    by: date


def issues_repeat(mail: MailFolder) -> bool:
    """Does a rule say when an issue of the newsletter is due."""
    return any(kind.is_issue for _, kind in _rules(mail))


def issue_after(mail: MailFolder, month: date) -> date:
    """The month of the next issue after that one, by the rule; the month after it where there is none."""
    months = (
        (day.replace(day=1) for day in _days(rule, month)) for rule, kind in _rules(mail) if kind.is_issue
    )
    found = [next(one for one in each if one > month) for each in months]
    return min(found, default=months_from(month, 1))


def occasions(mail: MailFolder) -> Iterator[Occasion]:
    """The campaigns other than issues that it is time to begin, and that nobody has begun.

    Raises FileProblems for a rule of a kind that there is none of.
    """
    begun = campaign_names(mail.root)
    for rule, kind in _rules(mail):
        if kind.is_issue:
            continue
        day = next(day for day in _days(rule, mail.today) if day > mail.today)
        when = f"{day:%Y}" if rule.every is Interval.YEAR else f"{day:%Y-%m}"
        name = f"{when}-{rule.name or rule.kind}"
        if name not in begun and months_from(day, -_SAID) <= mail.today:
            yield Occasion(name, kind, day, months_from(day, -_BEGUN))


def _days(rule: Recurrence, since: date) -> Iterator[date]:
    """The days of a rule in order, those of an issue its months. Without a first one it keeps to the calendar
    year, from that of `since` on.
    """
    first = rule.first or date(since.year, 1, 1)
    return (months_from(first, times * _STEP[rule.every]) for times in count())


def _rules(mail: MailFolder) -> Iterator[tuple[Recurrence, Kind]]:
    for number, rule in enumerate(mail.settings.repeats):
        try:
            kind = kind_named(rule.kind)
        except ValueError as error:
            line = line_of(read_text(mail.root / FILE), ("repeats", number, "kind"))
            raise FileProblems([Problem(FILE, line, f"{error}.")]) from None
        yield rule, kind
