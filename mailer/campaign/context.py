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
from mailer.settings import Settings


@dataclass(frozen=True, slots=True)
class FirmFields:
    """`firm.…`: the profile. `hours` are those in force on the day of the document."""

    name: str
    phone: str
    email: str
    web: str
    hours: LinesField
    signer: str


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


def firm_fields(settings: Settings, day: date) -> FirmFields:
    firm = settings.firm
    return FirmFields(
        name=firm.name,
        phone=firm.phone,
        email=firm.email,
        web=firm.web,
        hours=LinesField(settings.hours_on(day).lines()),
        signer=settings.signature.name,
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
    """The fields of an issue's own sections. `closed_days` are the firm's coming holidays."""
    coming = tuple(f"{date_words(h.day)}: {h.name}" for h in settings.holidays if h.day >= day)
    return {
        "firm": firm_fields(settings, day),
        "title": campaign.definition.title,
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
    return {
        "firm": firm_fields(settings, day),
        "title": definition.title,
        "effective": campaign.effective,
        "rates": tuple(_rate(change) for change in definition.rates),
        "policy": _policy(definition.policy),
        "hours": LinesField(definition.hours.lines()) if definition.hours else None,
        "facts": dict(definition.facts),
    }


def _rate(change: RateChange) -> RateFields:
    return RateFields(change.service, change.words, change.to, change.rise)


def _policy(policy: Policy | None) -> PolicyFields | None:
    return PolicyFields(policy.name, policy.change) if policy else None
