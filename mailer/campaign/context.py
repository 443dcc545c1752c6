"""What a letter, an article and an issue may name: frozen values, never database objects.

A letter sees its client; an article sees only what is true for all, so `client` is unknown there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mailer.campaign.definition import Policy, RateChange
from mailer.campaign.fields import LinesField, TableField
from mailer.campaign.loading import Campaign
from mailer.campaign.rates import ClientChange, RateLine
from mailer.campaign.wording import date_words
from mailer.clients.record import Client
from mailer.money import people, people_percent
from mailer.profile import Profile, ResponseTime
from mailer.settings import Settings


@dataclass(frozen=True, slots=True)
class FirmFields:
    """`firm.…`: the profile of the day of the document; `new.…`: that of the effective date."""

    name: str
    phone: str
    email: str
    web: str
    hours: LinesField
    signer: str
    after_hours: str
    emergency: str
    tickets: str
    accounts: str
    phones: LinesField
    ways: LinesField
    unaccepted: LinesField
    online: LinesField
    response_times: TableField | None


@dataclass(frozen=True, slots=True)
class ClientFields:
    """`client.…`: one client, in that client's own letter."""

    name: str
    company: str
    contact: str
    salutation: str
    number: str
    contract: str
    rates: tuple[RateLine, ...]
    rates_table: TableField | None


@dataclass(frozen=True, slots=True)
class RateFields:
    """`rates` in an article: the amount (`to`) or the rise, the same for all."""

    service: str
    name: str
    to: Decimal | None
    rise: Decimal | None


@dataclass(frozen=True, slots=True)
class PolicyFields:
    name: str
    change: str


def firm_fields(profile: Profile) -> FirmFields:
    return FirmFields(
        name=profile.name,
        phone=profile.phone,
        email=profile.email,
        web=profile.web,
        hours=LinesField(profile.hours.lines()),
        signer=profile.signer,
        after_hours=profile.after_hours,
        emergency=profile.emergency,
        tickets=profile.tickets,
        accounts=profile.accounts,
        phones=LinesField(tuple(one.words for one in profile.phones)),
        ways=LinesField(tuple(one.words for one in profile.accepted)),
        unaccepted=LinesField(tuple(one.words for one in profile.unaccepted)),
        online=LinesField(tuple(one.words for one in profile.online)),
        response_times=response_table(profile.response_times) if profile.response_times else None,
    )


def response_table(rows: tuple[ResponseTime, ...]) -> TableField:
    """What happened, and how soon the firm answers within its hours and outside of them."""
    if all(row.after_hours for row in rows):
        cells = tuple((row.what, row.within, row.after_hours) for row in rows)
        return TableField(("What happened", "In our hours", "Outside of them"), cells, (False,) * 3)
    return TableField(
        ("What happened", "We answer within"), tuple((row.what, row.within) for row in rows), (False,) * 2
    )


def letter_fields(
    settings: Settings, campaign: Campaign, client: Client, change: ClientChange, day: date
) -> dict[str, object]:
    """The fields of the letter to `client`, dated `day`."""
    return {
        **_common(settings, campaign, day),
        "client": ClientFields(
            name=client.name,
            company=client.company,
            contact=client.contact,
            salutation=client.salutation,
            number=client.number,
            contract=client.contract.kind.value,
            rates=change.lines,
            rates_table=rates_table(change.lines) if change.lines else None,
        ),
    }


def article_fields(settings: Settings, campaign: Campaign, day: date) -> dict[str, object]:
    """The fields of the article of `campaign` in an issue dated `day`."""
    return _common(settings, campaign, day)


def issue_fields(settings: Settings, campaign: Campaign, day: date) -> dict[str, object]:
    """The fields of an issue's own sections."""
    return _profile(settings.on(day)) | {"title": campaign.definition.title}


def _profile(profile: Profile) -> dict[str, object]:
    """What every text may name of the profile. `closed_days` are the firm's coming holidays."""
    coming = tuple(f"{date_words(one.day)}: {one.name}" for one in profile.holidays)
    return {
        "firm": firm_fields(profile),
        "closed_days": LinesField(coming[:6]) if coming else None,
    }


def rates_table(lines: tuple[RateLine, ...]) -> TableField:
    """Service, present rate, new rate, and the difference in money and per cent."""
    rises = [people_percent(abs(line.rise)) for line in lines if line.rise is not None]
    decimals = max((len(rise.partition(".")[2]) - 1 for rise in rises if "." in rise), default=0)
    rows = tuple(
        (line.name, people(line.old), people(line.new), _difference(line, decimals)) for line in lines
    )
    return TableField(("Service", "Present rate", "New rate", "Change"), rows, (False, True, True, True))


def _difference(line: RateLine, decimals: int) -> str:
    """The percentages of a table have equally many decimals, so that they stand in line."""
    sign = "+" if line.new >= line.old else "\N{MINUS SIGN}"
    amount = f"{sign}{people(abs(line.new - line.old))}"
    return amount if line.rise is None else f"{amount} ({people_percent(abs(line.rise), decimals)})"


def _common(settings: Settings, campaign: Campaign, day: date) -> dict[str, object]:
    definition = campaign.definition
    return _profile(settings.on(day)) | {
        "new": firm_fields(settings.on(campaign.effective)),
        "title": definition.title,
        "effective": campaign.effective,
        "rates": tuple(_rate(change) for change in definition.rates),
        "policy": _policy(definition.policy),
        "facts": dict(definition.facts),
    }


def _rate(change: RateChange) -> RateFields:
    return RateFields(change.service, change.words, change.to, change.rise)


def _policy(policy: Policy | None) -> PolicyFields | None:
    return PolicyFields(policy.name, policy.change) if policy else None
