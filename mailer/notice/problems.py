"""The two errors of this package: a calendar that cannot answer, a rule that cannot be right."""

from __future__ import annotations

from mailer.errors import MailerError


class CalendarProblem(MailerError):
    """An unknown calendar, a year it has no data for, or entries that contradict each other."""


class RuleProblem(MailerError):
    """A notice rule or contract term that cannot be right, or is used where it does not apply."""
