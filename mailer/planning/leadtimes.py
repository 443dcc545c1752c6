"""A campaign's timeline with the firm's own lead times, holidays and collection, and what of it is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from mailer.campaign.definition import PRINT_ROOM
from mailer.campaign.loading import Campaign
from mailer.ledger.kinds import EventKind, Status
from mailer.notice.rules import Rule
from mailer.notice.timeline import LeadTimes, Milestone, Timeline, plan_timeline
from mailer.planning.mailfolder import MailFolder
from mailer.planning.route import route_of
from mailer.settings import Settings
from mailer.store.engine import Session
from mailer.store.mailings import mailing_named
from mailer.store.pieces import any_piece, first_mailed
from mailer.store.record.events import last_day

_TO_MAKE = (Status.PREPARED, Status.APPROVED, Status.SUBMITTING, Status.UNKNOWN)


def timeline_of(
    mail: MailFolder,
    campaign: Campaign,
    effective: date,
    rules: Iterable[Rule],
    *,
    newsletter: Rule | None = None,
    done: Mapping[Milestone, date] = MappingProxyType({}),
    billable: bool = True,
) -> Timeline:
    """The campaign's timeline as of today for that day, by `rules` in any order; `billable` where it changes
    rates. Raises as `route_of`.
    """
    return plan_timeline(
        effective,
        sorted(rules, key=lambda rule: rule.id),
        mail.today,
        newsletter=newsletter,
        lead_times=lead_times_of(mail.settings, campaign),
        done=done,
        closings=mail.closings,
        billable=billable,
    )


def lead_times_of(settings: Settings, campaign: Campaign) -> LeadTimes:
    """mailer.toml's [lead_times]. A mail service's counts where the pieces leave by it; e-mail takes none."""
    lead, route = settings.lead_times, route_of(settings, campaign)
    service = None if route == PRINT_ROOM else lead.service if settings.on_paper(route) else 0
    return LeadTimes(lead.approval, lead.printing, 0, service, settings.mailroom.cut_off)


def done_of(session: Session, name: str) -> dict[Milestone, date]:
    """What has happened already to the campaign's letters, by their own record. Pieces that were printed
    need no mail service, and those that one accepted no printing.
    """
    mailing = mailing_named(session, name)
    if mailing is None or mailing.approved_on is None:
        return {}
    done = {Milestone.PROOF: mailing.approved_on, Milestone.APPROVE: mailing.approved_on}
    made_on = last_day(session, mailing.subject, (EventKind.PRODUCED, EventKind.ACCEPTED))
    if made_on is not None and not any_piece(session, mailing, _TO_MAKE):
        done[Milestone.PRINT] = done[Milestone.SEND] = made_on
    dropped = first_mailed(session, name)
    if dropped is not None:
        done |= {Milestone.PRINT: min(made_on or dropped, dropped), Milestone.DROP: dropped}
        done[Milestone.SEND] = done[Milestone.PRINT]
    return done
