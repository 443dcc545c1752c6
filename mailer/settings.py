"""`mailer.toml`: the firm's profile and habits. Letter, newsletter and web page all read it here.

Lead times are business days of the mail's calendar; times are the firm's local ones; hours are dated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Self, TypeVar
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    create_model,
    field_validator,
    model_validator,
)

from mailer.errors import MailerError
from mailer.profile import (
    Contact,
    DatedHours,
    DatedText,
    FirmAddress,
    Holiday,
    NeededTexts,
    Phone,
    Presence,
    Profile,
    Recurrence,
    ResponseTime,
    Text,
    Texts,
    Way,
    hours_in_order,
    in_force,
    rows_in_order,
    rows_on,
    whole_table,
)
from mailer.segment import NamedSegment, Slug
from mailer.tomlfile import Day, OneLine, Table, read, shaped, short

FILE: Final = "mailer.toml"
Service = TypeVar("Service", bound=Table)


def _clock_time(value: object) -> object:
    """TOML has local times, but people write "16:30" as text too. A bare 1630 would be seconds."""
    parsed = value
    if isinstance(value, str):
        try:
            parsed = time.fromisoformat(value)
        except ValueError:
            parsed = None
    if not isinstance(parsed, time) or parsed.tzinfo is not None:
        raise ValueError(f'{short(value)} is not a time of day; write "16:30"')
    return parsed


TimeOfDay = Annotated[time, BeforeValidator(_clock_time)]


class Firm(Table):
    """The sender."""

    name: Text
    tagline: Annotated[str, OneLine] = ""
    phone: NeededTexts
    email: NeededTexts
    web: Texts = ()
    time_zone: ZoneInfo
    address: FirmAddress

    @field_validator("time_zone", mode="before")
    @classmethod
    def _zone(cls, value: object) -> object:
        try:
            return ZoneInfo(str(value))
        except (ValueError, OSError, KeyError):
            raise ValueError(
                f'{short(value)} is not an IANA time zone; write one like "America/Los_Angeles"'
            ) from None


class Signature(Table):
    """Who signs the letters."""

    name: Text
    title: Text
    image: str = ""  # a file in letterhead/, PNG or SVG


class Typefaces(StrEnum):
    """The pairs of typefaces that are shipped: pages/brand.py says which files."""

    SOURCE = "source"
    PLEX = "plex"
    LORA = "lora"


Colour = Annotated[str, shaped("#[0-9a-fA-F]{6}", 'a colour; write it like "#21473b"')]


class Brand(Table):
    """What makes a page the firm's: letter, newsletter, envelope, evidence all take it from here.

    `logo` is a file in letterhead/, SVG, PNG or PDF of any shape; "" has none.
    """

    logo: str = ""
    accent: Colour = "#21473b"
    second: Colour = "#a85a27"
    typefaces: Typefaces = Typefaces.SOURCE


class ClosedDay(Table):
    """A day on which a calendar is closed beyond its own rules: an ad hoc closing of the post."""

    calendar: Text
    day: Day
    reason: Text


class Paper(StrEnum):
    PLAIN = "plain"  # the letterhead is printed with the letter
    PRE_PRINTED = "pre-printed"  # the paper carries it already; the print room's PDF leaves it out


class Envelope(StrEnum):
    DOUBLE_WINDOW = "double-window"  # #10: return address and address show through
    SINGLE_WINDOW = "single-window"  # #10: the envelope carries the return address
    LABELS = "labels"  # plain envelopes with Avery labels
    PRINTED = "printed"  # #10 without a window: the envelope itself is printed


TrayName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]


class Stationery(Table):
    """What the print room prints on.

    Trays are named as the printer names them ("tray-1", "Tray1"); "" leaves the choice to it.
    `paper_weight` is the basis weight of bond paper in pounds (500 sheets of 17 x 22 in), of letters;
    `newsletter_weight` that of newsletters, which go without an envelope.
    """

    paper: Paper = Paper.PLAIN
    envelope: Envelope = Envelope.DOUBLE_WINDOW
    labels: str = "avery-5160"
    first_tray: TrayName = ""
    next_tray: TrayName = ""
    envelope_tray: TrayName = ""
    paper_weight: int = Field(default=20, ge=16, le=40)
    newsletter_weight: int = Field(default=28, ge=16, le=40)


class Render(StrEnum):
    """Whether letters of a large mailing that differ in little are merged, or WeasyPrint sets each."""

    MERGED = "merged"
    WEASYPRINT = "weasyprint"


class Postage(StrEnum):
    STAMP = "stamp"
    METER = "meter"
    PERMIT = "permit"  # a permit imprint, paid from an account with the post


class MailingClass(StrEnum):
    FIRST = "first"
    MARKETING = "marketing"


class Mailroom(Table):
    """How mail leaves the house. `cut_off` is the last collection: a later drop counts on the next day.

    `mailer_id` is the firm's Mailer ID: 6 digits, of which the first is not 9, or 9 digits that begin with
    9 (USPS-B-3200, 2.1.3.3). "" prints no Intelligent Mail barcode. `service_type` 700 is First-Class
    Mail, basic, without tracking, with the endorsement printed; 040 the same with tracking (USPS, STID
    Table of 21 January 2024).
    """

    postage: Postage = Postage.STAMP
    cut_off: TimeOfDay = time(17, 0)
    permit_number: Annotated[str, shaped("[0-9]{0,9}", "a permit number, which has only digits")] = ""
    permit_city: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    newsletter_class: MailingClass = MailingClass.FIRST
    mailer_id: Annotated[
        str, shaped("([0-8][0-9]{5}|9[0-9]{8})?", "a Mailer ID: 6 digits, or 9 that begin with 9")
    ] = ""
    service_type: Annotated[str, shaped("[0-9]{3}", "a service type of three digits")] = "700"

    @model_validator(mode="after")
    def _permitted(self) -> Self:
        if self.postage is Postage.PERMIT and not (self.permit_number and self.permit_city):
            raise ValueError('postage = "permit" needs permit_number and permit_city, as the post gave them')
        return self


class LeadTimeSettings(Table):
    """Business days that each step needs before the mail has it.

    `service` is a print-and-mail service's turnaround: from the upload until the post has the piece.
    """

    approval: int = Field(default=2, ge=0, le=60)
    printing: int = Field(default=1, ge=0, le=60)
    service: int = Field(default=2, ge=0, le=60)


class NewsletterSection(Table):
    """A section of the newsletter: its file is `name`.md, `head` stands above it in every issue."""

    name: Annotated[str, shaped("[a-z0-9]+(-[a-z0-9]+)*", "a name of lower-case letters, like news")]
    head: Text


class ThemeName(StrEnum):
    """How the newsletter's pages are set: pages/theme.py says what each is."""

    TWO_COLUMN = "two-column"
    ONE_PAGE = "one-page"


class PrintStock(StrEnum):
    """What the newsletter is printed on."""

    LOOSE = "loose"  # sheets of US Letter, folded in three
    BOOKLET = "booklet"  # sheets of 11 x 17 in, folded once: a flat
    BOOKLET_IN_THREE = "booklet-in-three"  # the same folded again in three: a letter

    @property
    def pages(self) -> int:
        """Of one sheet."""
        return 2 if self is PrintStock.LOOSE else 4


class Newsletter(Table):
    """What the monthly newsletter is called, how it looks, and its sections in order: the shipped ones where
    none are. `bank`: whether a new issue takes a shipped article.
    """

    name: Text = "Client Letter"
    tagline: str = ""
    theme: ThemeName = ThemeName.TWO_COLUMN
    sheets: PrintStock = PrintStock.LOOSE
    bank: bool = True
    sections: tuple[NewsletterSection, ...] = ()

    @model_validator(mode="after")
    def _bound(self) -> Self:
        if self.theme is ThemeName.ONE_PAGE and self.sheets is not PrintStock.LOOSE:
            raise ValueError('theme = "one-page" is one loose sheet; a booklet is "two-column"')
        return self


class SiteSettings(Table):
    """The client page. `url` is where it is published, "" for links beside each other."""

    url: Annotated[
        str, shaped("(https://.+/)?", 'an address that begins with https:// and ends with "/"')
    ] = ""


class House(Table):
    """The firm's own habits of notice, dated by the policy document that states them."""

    notice: Text = "house-30-day"
    require_all_media: bool = True


class ServiceTable(Table):
    """A mail service's own table. `on_paper`: what goes by it is printed; else it is an e-mail."""

    on_paper: ClassVar[bool] = True


class Settings(Table):
    """All of mailer.toml but the tables of mail services, which `load_settings` adds."""

    firm: Firm
    signature: Signature
    brand: Brand = Brand()
    hours: Annotated[tuple[DatedHours, ...], AfterValidator(hours_in_order)]
    holidays: tuple[Holiday, ...] = ()
    contact: Contact = Contact()
    phones: Annotated[tuple[Phone, ...], AfterValidator(rows_in_order)] = ()
    ways: Annotated[tuple[Way, ...], AfterValidator(rows_in_order)] = ()
    online: Annotated[tuple[Presence, ...], AfterValidator(rows_in_order)] = ()
    response_times: Annotated[tuple[ResponseTime, ...], AfterValidator(whole_table)] = ()
    closings: tuple[ClosedDay, ...] = ()
    stationery: Stationery = Stationery()
    mailroom: Mailroom = Mailroom()
    lead_times: LeadTimeSettings = LeadTimeSettings()
    house: House = House()
    newsletter: Newsletter = Newsletter()
    repeats: tuple[Recurrence, ...] = ()
    segments: dict[Slug, NamedSegment] = Field(default_factory=dict)
    render: Render = Render.MERGED
    site: SiteSettings = SiteSettings()

    @property
    def services(self) -> tuple[str, ...]:
        """The mail services that may have a table here."""
        return tuple(name for name in type(self).model_fields if name not in Settings.model_fields)

    @property
    def services_used(self) -> tuple[str, ...]:
        """Those of which the file has the table."""
        return tuple(name for name in self.services if name in self.model_fields_set)

    def on_paper(self, service: str) -> bool:
        """Does that mail service print what it mails."""
        return bool(getattr(self, service).on_paper)

    def table(self, service: str, model: type[Service]) -> Service:
        """The table of a mail service, with its defaults where it is not there."""
        found = getattr(self, service)
        if not isinstance(found, model):
            raise TypeError(f"[{service}] was read as a {type(found).__name__}")
        return found

    def on(self, day: date) -> Profile:
        """The profile as it is read on `day`; before the first known hours, with those."""
        firm, contact = self.firm, self.contact
        return Profile(
            day=day,
            name=firm.name,
            tagline=firm.tagline,
            phone=_text(firm.phone, day),
            email=_text(firm.email, day),
            web=_text(firm.web, day),
            address=firm.address,
            signer=self.signature.name,
            hours=in_force(self.hours, day) or self.hours[0],
            after_hours=_text(contact.after_hours, day),
            emergency=_text(contact.emergency, day),
            voice_mail=_text(contact.voice_mail, day),
            tickets=_text(contact.tickets, day),
            accounts=_text(contact.accounts, day),
            phones=rows_on(self.phones, day),
            ways=rows_on(self.ways, day),
            online=rows_on(self.online, day),
            response_times=rows_on(self.response_times, day),
            holidays=tuple(one for one in self.holidays if one.day >= day),
        )

    def hours_ahead(self, month: date) -> tuple[DatedHours, ...]:
        """The hours that begin in the month of that day, after its first, or in the next one: an issue lies
        on the desk until the next has come.
        """
        count = month.year * 12 + month.month
        return tuple(
            entry
            for entry in self.hours
            if entry.since > month.replace(day=1)
            and 0 <= entry.since.year * 12 + entry.since.month - count <= 1
        )


def _text(values: Sequence[DatedText], day: date) -> str:
    found = in_force(values, day)
    return found.value if found else ""


def find_root(start: Path) -> Path:
    """The mail folder: the nearest one at or above `start` with a mailer.toml."""
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder
    raise MailerError(
        f"is not in a mail folder: there is no {FILE} here or above.",
        where=str(start),
        todo="Go to your mail folder, name it with -C FOLDER, or make one with `mailer init FOLDER`.",
    )


def load_settings(root: Path, services: Mapping[str, type[ServiceTable]]) -> Settings:
    """The settings of the mail folder `root`. Raises FileProblems with every problem at once.

    `services` are the mail services' tables by name: each has keys of its own, which this room does not know.
    """
    return read(root / FILE, _settings_with(tuple(services.items())), shown=FILE)


@lru_cache(maxsize=8)  # the shape takes longer to make than the file to read
def _settings_with(services: tuple[tuple[str, type[ServiceTable]], ...]) -> type[Settings]:
    """The shape of the file with these services' tables in it."""
    fields: dict[str, Any] = {name: (table, table()) for name, table in services}
    return create_model("Settings", __base__=Settings, **fields)
