"""The short way's second command, `mailer go`: what `mailer month` showed is approved and leaves.

Each campaign is approved and printed or sent by the verbs, which go on where an interrupted run stopped; what
left before is passed over. So the same command again goes on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mailer.campaign.definition import PRINT_ROOM
from mailer.campaign.loading import load_campaign
from mailer.errors import MailerError, NoticeRefused, Refused
from mailer.mailservice import send as sending
from mailer.mailservice.forecast import order_of
from mailer.mailservice.registry import provider
from mailer.mailservice.service import Service
from mailer.making.approval import approve
from mailer.making.prospect import prospect
from mailer.money import people
from mailer.notice.words import plural, spoken
from mailer.planning.mailfolder import MailFolder
from mailer.planning.route import route_of
from mailer.printroom.job import print_job
from mailer.printroom.waiting import waiting_jobs
from mailer.progress import Progress, silent
from mailer.standing.duemonth import OPEN, month_due, name_of
from mailer.standing.monthshown import ShownCampaign, ShownMonth, months_shown, recall, written
from mailer.standing.status import stages


@dataclass(frozen=True, slots=True)
class Departure:
    """What of a month is still to leave: the campaigns as they were shown, those first that must leave first,
    and the services by which some of them go, by the campaign.
    """

    shown: ShownMonth
    campaigns: tuple[ShownCampaign, ...]
    services: Mapping[str, Service]


@dataclass(frozen=True, slots=True)
class Departed:
    """What became of one campaign. `where` it is; `printed`: it lies there, and waits for the post; `remarks`
    need somebody; `exit_code` is not 0 where it did not leave as a whole.
    """

    campaign: str
    pieces: int
    sheets: int | None
    by: date | None
    where: str
    printed: bool = False
    remarks: tuple[str, ...] = ()
    exit_code: int = 0


def departure(mail: MailFolder, month: str | None, progress: Progress = silent) -> Departure:
    """What of the month is to leave, the one that was shown last where none is named.

    Raises Refused where nothing of it was shown, NoticeRefused where it is not any more as it was shown.
    """
    name = month or _month_to_go(mail)
    shown = recall(mail.root, name)
    if shown is None:
        raise Refused(
            "nothing of it was shown, and only that goes.", where=name, todo=f"First:  mailer month {name}"
        )
    waiting = _waiting(mail, shown)
    changes = [change for one in waiting for change in _changes(mail, shown, one, progress)]
    if changes:
        listed = "".join(f"\n  {change}" for change in changes)
        raise NoticeRefused(
            f"it is not as it was shown on {spoken(shown.day)}.{listed}",
            where=name,
            todo=f"Nothing was approved. Look at it again:  mailer month {name}",
        )
    routes = {
        one.campaign: route_of(mail.settings, load_campaign(mail.root, one.campaign)) for one in waiting
    }
    services = {name: provider(name).connect(mail) for name in {*routes.values()} - {PRINT_ROOM}}
    return Departure(
        shown,
        tuple(sorted(waiting, key=lambda one: (one.by or date.max, one.campaign))),
        {campaign: services[name] for campaign, name in routes.items() if name in services},
    )


def depart(
    mail: MailFolder, what: Departure, one: ShownCampaign, *, by: str, actor: str, progress: Progress = silent
) -> Departed:
    """Approve one campaign in the name of `by`, then print or send it. What forbids it is in the answer."""
    try:
        remarks = _approve(mail, what.shown, one, by, progress)
        if one.campaign in what.services:
            return _send(mail, what.services[one.campaign], one, remarks, actor, progress)
        job = print_job(mail, one.campaign, by=actor, progress=progress)
    except MailerError as error:
        return Departed(
            one.campaign,
            one.pieces,
            None,
            one.by,
            "STOPPED",
            remarks=(str(error),),
            exit_code=error.exit_code,
        )
    return Departed(one.campaign, job.pieces, job.sheets, one.by, job.name, True, remarks)


def printed_before(mail: MailFolder, shown: ShownMonth) -> list[Departed]:
    """The jobs of what was shown that are printed and wait for the post."""
    known = {one.campaign: one.by for one in shown.campaigns}
    return [
        Departed(
            name,
            len(job.pieces),
            job.sheets,
            min(filter(None, (known[name], job.until)), default=None),
            job.name,
            True,
        )
        for job in waiting_jobs(mail)
        if (name := job.mailing.campaign) in known
    ]


def _month_to_go(mail: MailFolder) -> str:
    """The month that is due, if something of it may go, else another of which something was shown."""
    due = name_of(month_due(mail))
    for name in (due, *reversed(months_shown(mail.root))):
        shown = recall(mail.root, name)
        if shown is not None and _waiting(mail, shown):
            return name
    return due


def _waiting(mail: MailFolder, shown: ShownMonth) -> list[ShownCampaign]:
    """The campaigns that are still to be approved, or to leave."""
    known = stages(mail)
    return [one for one in shown.campaigns if known.get(one.campaign, OPEN[0]) in OPEN]


def _changes(mail: MailFolder, shown: ShownMonth, one: ShownCampaign, progress: Progress) -> list[str]:
    """What is not as it was shown, for people; nothing where all is."""
    try:
        campaign = load_campaign(mail.root, one.campaign)
        found = prospect(mail, campaign, shown.day, progress)
    except MailerError as error:
        return [f"{one.campaign}: {error}"]
    if found.digest == one.digest and found.pieces == one.pieces:
        return []
    now = written(campaign)
    files = [path for path in sorted({*now, *one.files}) if now.get(path) != one.files.get(path)]
    if files:
        return [f"{path} changed." for path in files]
    if found.inputs != one.inputs:
        return [f"{one.campaign}: mailer.toml, the letterhead, a picture or a carried article changed."]
    more = f": {plural(one.pieces, 'piece')} then, {found.pieces:,} now" if found.pieces != one.pieces else ""
    return [f"{one.campaign}: the client list changed{more}."]


def _approve(
    mail: MailFolder, shown: ShownMonth, one: ShownCampaign, by: str, progress: Progress
) -> tuple[str, ...]:
    """Approve it, and see that what was approved is what was shown; what the approval remarks."""
    made = approve(mail, one.campaign, by=by, progress=progress)
    changed = _changes(mail, shown, one, progress)
    if changed:
        raise NoticeRefused(
            f"it changed while it was approved. {' '.join(changed)}",
            where=one.campaign,
            todo=f"It is not printed or sent. Look at it again:  mailer month {shown.month}",
        )
    return tuple(
        f"{plural(len(group.labels), 'piece')} {group.where} before the client or the inputs changed. "
        f"{group.todo}"
        for group in made.outdated
    )


def _send(
    mail: MailFolder,
    service: Service,
    one: ShownCampaign,
    remarks: Sequence[str],
    actor: str,
    progress: Progress,
) -> Departed:
    name = one.campaign
    order = order_of(mail, name, live=service.live)
    known = sending.examined(mail, order, service, by=actor, progress=progress)
    shown = one.cost or Decimal(0)
    if known.live and known.cost > shown:
        raise Refused(
            f"sending it would cost {people(known.cost)}; {people(shown)} were shown.",
            where=name,
            todo=f"It is approved. If that is right:  mailer send {name}",
        )
    sent = sending.send(mail, order, known, service, by=actor, progress=progress)
    stopped = sending.trouble(sent, service)
    if stopped is not None:
        raise stopped
    unsure = len(sent.unknown) + len(sent.doubles)
    left = len(sent.rejected) + len(sent.released) + len(sent.outdated)
    found = [
        f"{plural(unsure, 'piece')} of which the outcome is not known:  mailer send {name}" if unsure else "",
        f"{plural(left, 'piece was', 'pieces were')} not taken:  mailer status {name}" if left else "",
        "" if known.live else "A test key: nothing is printed or charged.",
        f"Accepted is not mailed:  mailer track {name}",
    ]
    code = 4 if unsure else 1 if left else 0
    where = f"sent, {people(sent.cost)}"
    return Departed(name, sent.accepted, None, one.by, where, False, (*remarks, *filter(None, found)), code)
