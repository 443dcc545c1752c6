"""`campaign.toml`: what a definition may say. Pure records; `loading` reads them.

Dates are the firm's local days; amounts are Decimal dollars, percentages fractions.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from mailer.campaign.wording import month_words, service_words
from mailer.ledger.kinds import Medium
from mailer.money import Direction, parse_amount, parse_percent
from mailer.notice.governing import check_statute
from mailer.notice.problems import RuleProblem
from mailer.segment import Segment, Slug
from mailer.tomlfile import Day, OneLine, Table, shaped, short

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Month = Annotated[str, shaped("(19|20)[0-9]{2}-(0[1-9]|1[0-2])", "a month, like 2026-12")]


def _amount(value: object) -> Decimal:
    """140.00 bare or quoted; a number passes the same checks as a text."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValueError(f"{short(value)} is not an amount of money; write it like 140.00")  # noqa: TRY004 (pydantic's)
    return parse_amount(value if isinstance(value, str) else format(Decimal(value), "f"))


def _percent(value: object) -> Decimal:
    """A quoted percentage only: bare, 8 and 0.08 could both be meant for 8%."""
    if not isinstance(value, str):
        raise ValueError(f'{short(value)} has no percent sign; write it like "8%"')  # noqa: TRY004 (pydantic's)
    rise = parse_percent(value)
    if rise <= -1:
        raise ValueError(f"{short(value)} leaves nothing of the rate")
    return rise


Amount = Annotated[Decimal, BeforeValidator(_amount)]
Percent = Annotated[Decimal, BeforeValidator(_percent)]


class Rounding(Table):
    """`round = "down to 5.00"`: which way, to multiples of what."""

    direction: Direction
    step: Decimal


def _rounding(value: object) -> object:
    if isinstance(value, Rounding):
        return value
    words = value.split() if isinstance(value, str) else []
    if len(words) != 3 or words[1] != "to" or words[0] not in set(Direction):
        raise ValueError(
            f'{short(value)} is not a rounding; write "down to 5.00", "up to 1.00" or "nearest to 0.50"'
        )
    step = parse_amount(words[2])
    if step <= 0:
        raise ValueError(f"{short(value)} rounds to nothing; the step must be above 0")
    return Rounding(direction=Direction(words[0]), step=step)


class RateChange(Table):
    """What one service is to cost: an amount for all (`to`) or a rise on each client's own (`raise`)."""

    service: Slug
    name: str = ""  # as people read it; made from the service where absent
    to: Amount | None = None
    rise: Percent | None = Field(default=None, alias="raise")
    round: Annotated[Rounding | None, BeforeValidator(_rounding)] = None

    @property
    def words(self) -> str:
        """What people call the service."""
        return self.name or service_words(self.service)

    @model_validator(mode="after")
    def _one_way(self) -> RateChange:
        if (self.to is None) == (self.rise is None):
            raise ValueError(
                "write either `to` (an amount for all) or `raise` (a percentage of each client's own)"
            )
        if self.round is not None and self.rise is None:
            raise ValueError("`round` goes with `raise`; `to` is an amount already")
        return self


class Span(Table):
    """`raise = "0% to 10%"`: both ends allowed."""

    least: Decimal
    most: Decimal


def _span(value: object) -> object:
    if isinstance(value, Span):
        return value
    low, between, high = value.partition(" to ") if isinstance(value, str) else ("", "", "")
    if not between:
        raise ValueError(f'{short(value)} is not a span; write "0% to 10%"')
    least, most = parse_percent(low), parse_percent(high)
    if least > most:
        raise ValueError(f"{short(value)} runs backward")
    return Span(least=least, most=most)


class Limits(Table):
    """What a rise may be; a client outside stops the plan and is named."""

    rise: Annotated[Span | None, BeforeValidator(_span)] = Field(default=None, alias="raise")


class AudienceTable(Segment):
    """Who is addressed; `segments` are those of mailer.toml, of which the client is in any."""

    segments: frozenset[Slug] = frozenset()


def _statute(name: str) -> str:
    try:
        check_statute(name)
    except RuleProblem as problem:
        raise ValueError(f"{problem.what} {problem.todo}") from None
    return name


Statute = Annotated[str, AfterValidator(_statute)]


AUTO: Final = "auto"
NONE: Final = "none"


def _with_letter(media: tuple[Medium, ...] | None) -> tuple[Medium, ...] | None:
    if media is not None and Medium.LETTER not in media:
        raise ValueError('must name "letter": notice rests on it, and every campaign writes one')
    return media


class NoticeTable(Table):
    """The firm's habit for this campaign; statutes and contract terms are added client by client."""

    house: str = ""  # a preset; mailer.toml's [house] notice where absent
    media: Annotated[tuple[Medium, ...] | None, AfterValidator(_with_letter)] = None  # else the kind's
    statutes: tuple[Statute, ...] = ()  # those that bind the firm: `mailer notice rules`
    newsletter: str = AUTO  # "auto", the issue that must carry the article, or "none" where none is to

    @model_validator(mode="after")
    def _carried(self) -> NoticeTable:
        if self.newsletter == NONE and Medium.NEWSLETTER in (self.media or ()):
            raise ValueError('`media` asks for the newsletter, and `newsletter = "none"` for none; mend one')
        return self


class Enclosure(Table):
    """What is printed with each letter, and what it is called below it: a PDF of the campaign's folder, or an
    issue of the newsletter.
    """

    title: Text | None = None
    file: Annotated[str, shaped(r"[^/\\]+\.(pdf|PDF)", "a PDF of the campaign's folder, like rates.pdf")] = ""
    issue: Month | None = None

    @model_validator(mode="after")
    def _one(self) -> Enclosure:
        if bool(self.file) == bool(self.issue):
            raise ValueError('is either a PDF, file = "rates.pdf", or an issue, issue = "2027-01"')
        if self.file and not self.title:
            raise ValueError("needs a title, which stands below the signature")
        return self

    @property
    def words(self) -> str:
        """What it is called below the letter."""
        month = f", {month_words(date.fromisoformat(f'{self.issue}-01'))}" if self.issue else ""
        return self.title or f"Our newsletter{month}"


class LetterTable(Table):
    """What is said about the letter beside its text."""

    date: Day | None = None  # printed at its head; the day of approval where absent
    enclosures: Annotated[tuple[Text | Enclosure, ...], Field(max_length=10)] = ()  # a text: put in by hand
    certified: bool = False  # by certified mail, with a number and a record of delivery


class Policy(Table):
    """A policy change: which policy, and what is different in one sentence for both texts."""

    name: Text
    change: Text


def _in_profile(_value: object) -> None:
    raise ValueError("stands in mailer.toml alone: move it there as [[hours]] with `from` the effective date")


class ApprovalTable(Table):
    """`second`: a second person must approve as well."""

    second: bool = False


def _local_time(value: object) -> object:
    if not isinstance(value, datetime) or value.tzinfo is not None:
        raise ValueError(f"{value} is not a local time; write it bare: 2026-11-24T09:30:00")
    return value


class Truth(StrEnum):
    """Whether what was complained of is so."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


_PICTURE: Final = r"([^/\\]+\.(?i:png|jpe?g|svg|gif|webp))?"  # what an approval takes in with its hash


class Complaint(Table):
    """A complaint that was made in public. `picture` is a file in the campaign's folder; `called` the day on
    which the client was spoken with, once that was done.
    """

    received: Annotated[datetime, BeforeValidator(_local_time)]
    url: Text
    picture: Annotated[str, shaped(_PICTURE, "a picture of the campaign's folder, like post.png")] = ""
    said: Text
    true: Truth
    done: Text
    refund: Amount = Decimal(0)
    called: Day | None = None


class IssueTable(Table):
    """One month's newsletter."""

    month: Month
    number: int = Field(ge=1, le=100_000)
    carries: tuple[Slug, ...] = ()


PRINT_ROOM: Final = "print-room"
MAIL_SERVICE: Final = "mail-service"  # the firm's usual one


class Definition(Table):
    """One campaign.toml."""

    kind: str
    title: Annotated[Text, OneLine]  # the letter's subject
    effective: Day | None = None
    route: Slug | None = None  # how its pieces leave: mailer.planning.route says what it may be
    follows: tuple[Slug, ...] = ()  # the campaigns whose notices this one makes good: `mailer remedy`
    supersedes: Slug | Literal[""] = ""  # the campaign whose letters on the same rates this one's replace
    gives: tuple[Slug, ...] = ()  # the policies that go with the letter, as in force on the effective date
    approval: ApprovalTable = ApprovalTable()
    audience: AudienceTable = AudienceTable()
    notice: NoticeTable = NoticeTable()
    letter: LetterTable = LetterTable()
    rates: tuple[RateChange, ...] = ()
    limits: Limits = Limits()
    policy: Policy | None = None
    hours: Annotated[None, BeforeValidator(_in_profile)] = None
    complaint: Complaint | None = None
    issue: IssueTable | None = None
    facts: dict[str, Text] = Field(default_factory=dict)  # further facts: both texts must state each value

    @field_validator("rates")
    @classmethod
    def _services_once(cls, rates: tuple[RateChange, ...]) -> tuple[RateChange, ...]:
        services = [change.service for change in rates]
        for service in services:
            if services.count(service) > 1:
                raise ValueError(f"{service!r} is stated twice")
        return rates
