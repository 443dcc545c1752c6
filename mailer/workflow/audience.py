"""Who a campaign is for and what changes for each: the plan client by client, in ZIP order and in chunks.

Every command that asks this question asks it here, so that plan, proof, approval and check agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

from sqlalchemy.orm import Session

from mailer.campaign.loading import Campaign
from mailer.campaign.rates import NO_CHANGE, ClientChange, planner
from mailer.clients.record import Client
from mailer.clients.segments import Audience, member_of, predicate
from mailer.notice.rules import Rule
from mailer.store.clients import in_chunks
from mailer.store.tables import ClientRow
from mailer.workflow.billing import Account, Question, accounts
from mailer.workflow.folder import MailFolder
from mailer.workflow.rules import TermUnknown, closings_of, house_rule, rise_allowed, rules_of


class Standing(Enum):
    """What the plan says of a client in the audience."""

    WRITE = "gets a letter"
    BLOCKED = "blocked by contract"  # a lock, a cap, months between rises, renewal
    OUTSIDE = "outside the limits"  # the definition's own limits: stops the plan
    UNKNOWN = "term unknown"  # a contract without a notice term: stops the plan


@dataclass(frozen=True, slots=True)
class Planned:
    """One client of the audience. `rules` are empty where the term is unknown; `why` says what stands
    in the way; `allowed_from` is the day from which the contract lets the rate rise.
    """

    client: Client
    change: ClientChange
    rules: tuple[Rule, ...]
    standing: Standing
    why: str = ""
    allowed_from: date | None = None


def audience_of(campaign: Campaign) -> Audience:
    """The definition's audience as the client list understands it."""
    table = campaign.definition.audience
    return Audience(
        contract=table.contract,
        tags=table.tags,
        states=table.states,
        services=table.services,
        include=table.include,
        exclude=table.exclude,
    )


def planned(
    session: Session, mail: MailFolder, campaign: Campaign, effective: date | None = None
) -> Iterator[list[Planned]]:
    """The audience of a notice, a chunk at a time. `effective` asks "what if" of another date."""
    day = effective or campaign.effective
    house = house_rule(mail.settings, campaign.definition)
    question = Question(day, mail.today, house, closings_of(mail.settings))
    change_of = planner(campaign.definition.rates, campaign.definition.limits)
    is_in = predicate(audience_of(campaign))
    raises = bool(campaign.definition.rates)
    for clients in in_chunks(session, ClientRow.active.is_(True)):
        found = accounts(session, clients, question, without=campaign.name)
        chunk: list[Planned] = []
        for client in clients:
            account = found[client.id]
            if not is_in(member_of(client, account.services)):
                continue
            current = tuple(sorted((name, billed.amount) for name, billed in account.services.items()))
            change = change_of(current, client.contract.max_raise) if raises else NO_CHANGE
            if raises and not change.lines:
                continue
            chunk.append(_standing(client, change, account, day, house))
        if chunk:
            yield chunk


def _standing(client: Client, change: ClientChange, account: Account, day: date, house: Rule) -> Planned:
    try:
        rules = rules_of(client.contract, house)
        rises = any(line.new > line.old for line in change.lines)
        allowed = rise_allowed(client.contract, day, account.last_rise) if rises else None
    except TermUnknown as unknown:
        return Planned(client, change, (), Standing.UNKNOWN, unknown.what)
    if change.outside:
        return Planned(client, change, rules, Standing.OUTSIDE, "; ".join(change.outside))
    if change.over_cap:
        return Planned(client, change, rules, Standing.BLOCKED, "; ".join(change.over_cap))
    if allowed is not None and not allowed.as_asked:
        why = f"the contract allows a rise from {allowed.steps[-1].text}"
        return Planned(client, change, rules, Standing.BLOCKED, why, allowed.day)
    return Planned(client, change, rules, Standing.WRITE)
