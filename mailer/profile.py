"""What the firm tells its clients of itself, and the days on which each value holds. Pure.

Letter, newsletter, page and e-mail draw the value of the day they are read on: `mailer.settings.Settings.on`.
`from` and `until` are the first and the last day. Where several values hold on a day, the one that began last
counts; so the first one of a value that must always be there has no `until`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Final, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from mailer.hours import WeeklyHours
from mailer.tomlfile import Day, OneLine, Table, shaped

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), OneLine]


class Dated(Table):
    """A value of the profile and its days. A later one takes the place of an earlier one of its `key`."""

    since: Day | None = Field(default=None, alias="from")
    until: Day | None = None

    @model_validator(mode="after")
    def _runs_forward(self) -> Dated:
        if self.since and self.until and self.until < self.since:
            raise ValueError(f"until {self.until} is before from {self.since}")
        return self

    @property
    def key(self) -> str:
        return ""

    def holds_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


One = TypeVar("One", bound=Dated)


def in_force(values: Sequence[One], day: date) -> One | None:
    """The value of `day`, of values in the order of their days."""
    return next((one for one in reversed(values) if one.holds_on(day)), None)


def _in_order(values: tuple[One, ...], what: str = "values") -> tuple[One, ...]:
    days = [one.since or date.min for one in values]
    if days != sorted(set(days)):
        raise ValueError(f"{what} must be in the order of their 'from' days, each day once")
    return values


def always(values: tuple[One, ...], what: str = "values") -> tuple[One, ...]:
    """Values of which one holds on every day. Raises ValueError."""
    if not values:
        raise ValueError("is empty")
    if values[0].until is not None:
        raise ValueError("the first value has an 'until'; leave it out: the next one's 'from' ends it")
    return _in_order(values, what)


class DatedText(Dated):
    value: Text


def _texts(value: object) -> object:
    """A text that always holds, or a list of texts with their days."""
    if isinstance(value, str):
        return [{"value": value}] if value.strip() else []
    if isinstance(value, list | tuple):
        return value
    raise ValueError(f'{value} is not a text; write it in quotes, or [{{ value = "…", from = 2027-01-01 }}]')


Texts = Annotated[tuple[DatedText, ...], BeforeValidator(_texts), AfterValidator(_in_order)]
NeededTexts = Annotated[tuple[DatedText, ...], BeforeValidator(_texts), AfterValidator(always)]


class FirmAddress(Table):
    """Where the firm is and where its mail comes back to. A US address."""

    line1: Text
    line2: Annotated[str, OneLine] = ""
    city: Text
    state: Annotated[str, shaped("[A-Z]{2}", "two capital letters, like CA")]
    zip: Annotated[str, shaped("[0-9]{5}(-[0-9]{4})?", 'a ZIP code; write it in quotes, like "95814"')]
    county: str = ""

    def lines(self) -> tuple[str, ...]:
        return tuple(
            line for line in (self.line1, self.line2, f"{self.city} {self.state} {self.zip}") if line
        )


class DatedHours(WeeklyHours, Dated):
    """Business hours from a day on."""

    since: Day = Field(alias="from")


def hours_in_order(hours: tuple[DatedHours, ...]) -> tuple[DatedHours, ...]:
    return always(hours, "[[hours]] entries")


class Holiday(Table):
    """A day on which the firm itself is closed."""

    day: Day
    name: Text


class Contact(Table):
    """What is said once of reaching the firm; each a text, or a list of texts with their days."""

    after_hours: Texts = ()  # what happens to a call outside of the hours
    emergency: Texts = ()  # how a client marks an emergency
    voice_mail: Texts = ()  # the same two for who called our number and reached its voice mail
    tickets: Texts = ()  # the address of the page for requests
    accounts: Texts = ()  # where questions of invoices and the account go


class NamedRow(Dated):
    """A row of a list of the profile."""

    name: Text

    @property
    def key(self) -> str:
        return self.name


class Phone(NamedRow):
    """A further telephone line, beside the firm's own number."""

    number: Text
    extension: str = ""

    @property
    def words(self) -> str:
        return f"{self.name}: {self.number}{f', extension {self.extension}' if self.extension else ''}"


class Way(NamedRow):
    """A way to reach the firm: accepted, or one on which nothing counts as said. `note` says why or how."""

    accepted: bool
    note: str = ""

    @property
    def words(self) -> str:
        return f"{self.name}: {self.note}" if self.note else self.name


class Presence(NamedRow):
    """Where the firm can be followed on line. Nothing official is said there."""

    address: Text

    @property
    def words(self) -> str:
        return f"{self.name}: {self.address}"


class Priority(StrEnum):
    EMERGENCY = "emergency"
    URGENT = "urgent"
    NORMAL = "normal"


class ResponseTime(Dated):
    """What a client may expect: "Critical outage" within "30 minutes", and outside of the hours."""

    what: Text
    within: Text
    priority: Priority | None = None
    after_hours: str = ""

    @property
    def key(self) -> str:
        return self.priority or self.what


def whole_table(rows: tuple[ResponseTime, ...]) -> tuple[ResponseTime, ...]:
    """The table of response times: whole by priority, or without priorities. Raises ValueError."""
    if not any(row.priority for row in rows):
        return rows
    for row in rows:
        if row.priority is None or not row.after_hours:
            missing = "after_hours" if row.priority else "priority"
            raise ValueError(f"{row.what!r} has no {missing}; every row needs one, or none has a priority")
    for priority in Priority:
        own = tuple(row for row in rows if row.priority is priority)
        if not own:
            raise ValueError(f'nothing is said of priority = "{priority}"; add a row')
        try:
            always(own, f"rows of {priority}")
        except ValueError as error:
            raise ValueError(f"{priority}: {error}") from None
    return rows


def rows_in_order(rows: tuple[One, ...]) -> tuple[One, ...]:
    """Rows of a list, those of one key in the order of their days. Raises ValueError."""
    for key, own in _by_key(rows).items():
        _in_order(tuple(own), f"entries of {key!r}")
    return rows


def rows_on(rows: tuple[One, ...], day: date) -> tuple[One, ...]:
    """The row of each key that holds on `day`, in the order in which the keys first stand."""
    found = (in_force(own, day) for own in _by_key(rows).values())
    return tuple(row for row in found if row is not None)


def _by_key(rows: Sequence[One]) -> dict[str, list[One]]:
    found: dict[str, list[One]] = {}
    for row in rows:
        found.setdefault(row.key, []).append(row)
    return found


@dataclass(frozen=True, slots=True)
class Profile:
    """The profile of one day: what is read on it. Texts that are not stated are ""."""

    day: date
    name: str
    tagline: str
    phone: str
    email: str
    web: str
    address: FirmAddress
    signer: str
    hours: WeeklyHours
    after_hours: str
    emergency: str
    voice_mail: str
    tickets: str
    accounts: str
    phones: tuple[Phone, ...]
    ways: tuple[Way, ...]
    online: tuple[Presence, ...]
    response_times: tuple[ResponseTime, ...]
    holidays: tuple[Holiday, ...]  # those to come, the day itself among them

    @property
    def known_by(self) -> frozenset[str]:
        """What the firm itself is known by, which may be a client's too."""
        lines = (one.number for one in self.phones)
        return frozenset((self.phone, self.email, self.name, self.signer, *lines))

    @property
    def accepted(self) -> tuple[Way, ...]:
        return tuple(way for way in self.ways if way.accepted)

    @property
    def unaccepted(self) -> tuple[Way, ...]:
        return tuple(way for way in self.ways if not way.accepted)

    @property
    def gaps(self) -> tuple[tuple[str, str], ...]:
        """What a client could still ask: (table of mailer.toml, what to add there)."""
        by_priority = any(row.priority for row in self.response_times)
        asked = (
            (self.after_hours, "contact", "after_hours: what happens to a call outside of the hours"),
            (self.emergency, "contact", "emergency: how a client marks an emergency"),
            (self.accounts, "contact", "accounts: where questions of an invoice or the account go"),
            (self.accepted, "ways", "ways with accepted = true"),
            (self.unaccepted, "ways", "ways with accepted = false: those on which nothing counts as said"),
            (self.online, "online", "where the firm can be followed on line"),
            (by_priority, "response_times", "rows with a priority: emergency, urgent, normal"),
        )
        return tuple((table, what) for there, table, what in asked if not there)


PROFILE_TABLES: Final = ("hours", "holidays", "contact", "phones", "ways", "online", "response_times")
"""The tables of mailer.toml that the profile is read from, beside [firm] and [signature]."""


class Interval(StrEnum):
    """How often something is sent."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    YEAR = "year"


class Recurrence(Table):
    """What is sent again and again: campaigns of a kind, the first effective on the day `first`, or issues of
    the newsletter, the first in its month. A campaign is called by its time and `name`, else its kind.
    """

    kind: Text
    every: Interval
    first: Day | None = None
    name: Annotated[str, shaped("([a-z0-9]+(-[a-z0-9]+)*)?", "a name of lower-case letters, like rates")] = ""
