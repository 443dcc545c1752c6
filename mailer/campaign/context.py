"""What a letter, an article and an issue may name: frozen values, never database objects.

A letter sees its client; an article sees only what is true for all, so `client` is unknown there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from mailer.campaign.closing import closing_on
from mailer.campaign.definition import Complaint, RateChange
from mailer.campaign.fields import LinesField, TableField
from mailer.campaign.loading import Campaign
from mailer.campaign.policyfile import PolicyVersion
from mailer.campaign.rates import ClientChange, RateLine
from mailer.campaign.wording import closed_words
from mailer.clients.record import Client
from mailer.money import people, people_percent
from mailer.profile import Profile, ResponseTime
from mailer.settings import Settings

_CLOSED_DAYS: Final = 6  # that a text lists


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
    closed_days: LinesField


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


@dataclass(frozen=True, slots=True)
class ComplaintFields:
    """`complaint.…`: whether it is true ("yes", "partly", "no"), and what was done."""

    true: str
    done: str


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
        closed_days=LinesField(
            tuple(closed_words(one.day, one.name) for one in profile.holidays[:_CLOSED_DAYS])
        ),
    )


def response_table(rows: tuple[ResponseTime, ...]) -> TableField:
    """What happened, and how soon the firm answers within its hours and outside of them."""
    if all(row.after_hours for row in rows):
        cells = tuple((row.what, row.within, row.after_hours) for row in rows)
        return TableField(("What happened", "In our hours", "Outside of them"), cells, (False,) * 3)
    return TableField(
        ("What happened", "We answer within"), tuple((row.what, row.within) for row in rows), (False,) * 2
    )


def common_fields(settings: Settings, campaign: Campaign, day: date) -> dict[str, object]:
    """The fields of the article of `campaign`, and those that all its letters have, dated `day`."""
    definition = campaign.definition
    return {
        "firm": firm_fields(settings.on(day)),
        "new": firm_fields(settings.on(campaign.effective)),
        "title": definition.title,
        "effective": campaign.effective,
        "rates": tuple(_rate(change) for change in definition.rates),
        "policy": _policy(campaign),
        "facts": dict(definition.facts),
        "closing": LinesField(
            tuple(closed_words(*one) for one in closing_on(settings.on(campaign.effective)))
        ),
        "complaint": _complaint(definition.complaint),
        "policies": LinesField(tuple(one.title for one in campaign.policies)),
    }


def client_fields(client: Client, change: ClientChange) -> ClientFields:
    """What the letter to `client` may name beside the common fields."""
    return ClientFields(
        name=client.name,
        company=client.company,
        contact=client.contact,
        salutation=client.salutation,
        number=client.number,
        contract=client.contract.kind.value,
        rates=change.lines,
        rates_table=rates_table(change.lines) if change.lines else None,
    )


def issue_fields(settings: Settings, campaign: Campaign, day: date) -> dict[str, object]:
    """The fields of an issue's own sections. `closed_days` are the firm's coming holidays."""
    firm = firm_fields(settings.on(day))
    return {"firm": firm, "title": campaign.definition.title, "closed_days": firm.closed_days}


def policy_fields(settings: Settings, policy: PolicyVersion, day: date) -> dict[str, object]:
    """The fields of a policy as it is read on `day`; before its first day, as of that."""
    return {
        "firm": firm_fields(settings.on(max(day, policy.effective))),
        "title": policy.title,
        "effective": policy.effective,
    }


@lru_cache(maxsize=4_096)
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


def _rate(change: RateChange) -> RateFields:
    return RateFields(change.service, change.words, change.to, change.rise)


def _complaint(complaint: Complaint | None) -> ComplaintFields | None:
    return ComplaintFields(complaint.true.value, complaint.done) if complaint else None


def _policy(campaign: Campaign) -> PolicyFields | None:
    """The policy that the definition describes, else the first one that the letter gives."""
    described = campaign.definition.policy
    if described is not None:
        return PolicyFields(described.name, described.change)
    return PolicyFields(campaign.policies[0].title, "") if campaign.policies else None
