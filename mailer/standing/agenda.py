"""What `mailer` alone says: what is due, overdue first, and the one command to go on with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from mailer.campaign.kinds.business_hours import KIND as HOURS
from mailer.campaign.kinds.newsletter import KIND as NEWSLETTER
from mailer.campaign.kinds.welcome import KIND as WELCOME
from mailer.campaign.loading import campaign_names, load_campaign
from mailer.notice.strides import months_from
from mailer.notice.timeline import Milestone
from mailer.notice.words import plural, spoken
from mailer.planning.mailfolder import MailFolder
from mailer.planning.outlook import issue_by
from mailer.planning.repeats import issues_repeat, occasions
from mailer.planning.route import departing
from mailer.standing.duemonth import home, loaded, month_due, name_of
from mailer.standing.monthshown import recall
from mailer.standing.newcomers import packet_due
from mailer.standing.newhours import unannounced
from mailer.standing.stale import AGAIN
from mailer.standing.status import Due, status
from mailer.store.listed.clients import count_active
from mailer.store.pieces import first_mailed

_GO_ON: Final = {
    "printed": "mailer handed-over",
    "sending": "mailer send {}",
    "sent": "mailer track {}",
    "stopped": "mailer print {} --remaining",
    "to call": "mailer status {}",
}
"""The command that a campaign of this stage goes on with."""


@dataclass(frozen=True, slots=True)
class Agenda:
    """The campaigns for which something is to be done, overdue first, and the command to go on with."""

    due: tuple[Due, ...]
    command: str


def agenda(mail: MailFolder) -> Agenda:
    """What is to be done in this folder as of today."""
    found = [
        one
        for one in status(mail)
        if one.by or one.overdue or one.problem or one.stage in ("approved", *_GO_ON)
    ]
    found += [*_unborn(mail), *_repeated(mail), *_calls(mail), *_unannounced(mail), *_unwelcomed(mail)]
    due = tuple(sorted(found, key=lambda one: (not one.overdue, one.by or date.max)))
    with mail.store.read() as session:
        if not count_active(session):
            return Agenda(due, "mailer clients import FILE")
    return Agenda(due, _command(mail, due[0]) if due else f"mailer month {name_of(month_due(mail))}")


def _unborn(mail: MailFolder) -> Iterator[Due]:
    """The issue of the month that is due, where it was not begun: a rule asks for it, or others were."""
    month = month_due(mail)
    wanted = issues_repeat(mail) or any(one.kind.is_issue for one in loaded(mail))
    if wanted and name_of(month) not in campaign_names(mail.root):
        by = issue_by(mail, Milestone.APPROVE, month, [])
        yield Due(name_of(month), NEWSLETTER.name, None, "draft", "begin its issue", by, by < mail.today, {})


def _repeated(mail: MailFolder) -> Iterator[Due]:
    """What a rule asks for and nobody has begun."""
    for one in occasions(mail):
        late = one.by < mail.today
        yield Due(one.name, one.kind.name, one.effective, "draft", "begin it", one.by, late, {})


def _unwelcomed(mail: MailFolder) -> Iterator[Due]:
    """The packet for clients who joined lately and are in none that was begun."""
    if packet := packet_due(mail):
        step = f"welcome {plural(packet.clients, 'client')} who joined"
        yield Due(packet.name, WELCOME.name, None, "to begin", step, None, False, {}, packet.command)


def _unannounced(mail: MailFolder) -> Iterator[Due]:
    """Hours of mailer.toml that no campaign announces: the page and the voice mail change with them."""
    if day := unannounced(mail, tuple(loaded(mail))):
        name, by = f"{day:%Y-%m-%d}-hours", months_from(day, -1)
        step = f"announce the hours of {spoken(day)}"
        command = f"mailer new {HOURS.name} {name} --effective {day}"
        yield Due(name, HOURS.name, day, "to begin", step, by, by < mail.today, {}, command)


def _calls(mail: MailFolder) -> Iterator[Due]:
    """The calls that answers to complaints promised and nobody has made, once the letter was mailed."""
    for one in loaded(mail):
        complaint = one.definition.complaint
        if complaint is None or complaint.called is not None:
            continue
        with mail.store.read() as session:
            if first_mailed(session, one.name) is None:
                continue
        day, note = one.effective, "Once you have, write `called = DATE` under [complaint]."
        yield Due(one.name, one.kind.name, day, "to call", "call the client", day, day < mail.today, {}, note)


def _command(mail: MailFolder, first: Due) -> str:
    """What goes on with the campaign that is due first."""
    if first.stage in ("draft", "approved"):
        month = _month_of(mail, first)
        shown = recall(mail.root, month)
        if shown and first.campaign in {one.campaign for one in shown.campaigns}:
            return f"mailer go {month} --by NAME"
        if first.campaign not in campaign_names(mail.root):
            return f"mailer month {month}"
        campaign = load_campaign(mail.root, first.campaign)
        if first.stage == "draft" or first.next_step == AGAIN:
            two = campaign.definition.approval.second
            return (
                f"mailer approve {campaign.name} --by NAME --second NAME" if two else f"mailer month {month}"
            )
        return departing(mail.settings, campaign)
    if first.stage == "to begin":
        return first.problem  # nothing of it is there but the command that begins it
    return _GO_ON.get(first.stage, "mailer status {}").format(first.campaign)


def _month_of(mail: MailFolder, due: Due) -> str:
    """The month that a campaign belongs to, begun or not."""
    if due.campaign in campaign_names(mail.root):
        return name_of(home(mail, load_campaign(mail.root, due.campaign), month_due(mail)))
    return due.campaign if due.kind == NEWSLETTER.name else name_of(month_due(mail))
