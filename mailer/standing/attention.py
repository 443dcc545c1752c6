"""`mailer status NAME`: where the pieces of a mailing stand, its deadlines, and what somebody must look at.

Read from the pieces and the outbox, so that it comes at once for a mailing of any size; whether any notice
holds at all is judged (mailer.standing.missed).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from mailer.campaign.loading import load_campaign
from mailer.errors import MailerError, Refused
from mailer.ledger.events import JobDropped
from mailer.ledger.kinds import ENDED, IN_POST, JobState, Medium, Status
from mailer.ledger.numbers import numbers
from mailer.ledger.records import Mailing
from mailer.notice.calendars import calendar_named
from mailer.planning.mailedletters import blocked_letters, contradicting_letters
from mailer.planning.mailfolder import MailFolder
from mailer.planning.route import departing
from mailer.standing.missed import missed
from mailer.standing.printedotherwise import printed_otherwise
from mailer.standing.saidotherwise import said_otherwise
from mailer.standing.stale import is_printed_stale, is_stale
from mailer.store.engine import Session
from mailer.store.jobs import jobs
from mailer.store.mailings import mailing_named
from mailer.store.pieces import IN_DOUBT, counts
from mailer.store.record.events import happened
from mailer.store.submissions import (
    PieceInTrouble,
    cancellable,
    count_in,
    expected,
    in_trouble,
    went_in_part,
)

_ARRIVED: Final = (Status.MAILED, Status.DELIVERED)  # as far as is known


@dataclass(frozen=True, slots=True)
class Noticed:
    """A piece that somebody must look at: to whom it goes, and why where the record says it."""

    label: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Group:
    """Pieces with one trouble. `says` completes "4 …"; `next_step` is a command; with `named` False the
    pieces are too ordinary to be listed.
    """

    key: str
    says: str
    pieces: tuple[Noticed, ...]
    next_step: str
    named: bool = True


@dataclass(frozen=True, slots=True)
class Overview:
    """A mailing at one look. `cancel` is how many pieces may still be taken back and until when the first
    of them; `expected` the first and last day on which the service expects to deliver. `otherwise` names the
    facts that its mailed letters state and the files by now state otherwise.
    """

    campaign: str
    medium: Medium
    pieces: dict[Status, int]
    approved_by: str
    approved_on: date | None
    not_after: date | None
    cancel: tuple[int, datetime] | None
    expected: tuple[date, date] | None
    attention: tuple[Group, ...]
    otherwise: tuple[str, ...]


def mailing_for(mail: MailFolder, name: str) -> Mailing:
    """The mailing of a campaign. Raises MailerError where there is no such campaign, or no piece of it."""
    with mail.store.read() as session:
        mailing = mailing_named(session, name)
    if mailing is None:
        load_campaign(mail.root, name)  # a mistyped name is an error of its own
        raise Refused("nothing was made for it yet.", where=name, todo=f"Begin with `mailer plan {name}`.")
    return mailing


def overview(mail: MailFolder, mailing: Mailing) -> Overview:
    """The mailing as it stands now."""
    with mail.store.read() as session:
        return Overview(
            mailing.campaign,
            mailing.medium,
            counts(session, mailing),
            mailing.approved_by or "",
            mailing.approved_on,
            mailing.not_after,
            cancellable(session, mailing, mail.clock.now()),
            expected(session, mailing),
            tuple(group for group in _groups(mail, session, mailing) if group.pieces),
            _otherwise(mail, session, mailing),
        )


def _otherwise(mail: MailFolder, session: Session, mailing: Mailing) -> tuple[str, ...]:
    try:
        return said_otherwise(session, mail, load_campaign(mail.root, mailing.campaign))
    except MailerError:
        return ()  # a definition that can't be read is reported as faulty


def troubles(mail: MailFolder, session: Session, mailing: Mailing) -> tuple[tuple[int, str], ...]:
    """How many pieces are in the worst of troubles, and which."""
    return (
        (count_in(session, mailing, [Status.REJECTED], unserved=True), "refused by the service"),
        (count_in(session, mailing, [Status.SUBMITTING, Status.UNKNOWN]), "with no answer from the service"),
        (len(_doubted(session, mailing)), "told as mailed and since otherwise"),
        (len(printed_otherwise(session, mail, mailing)), "printed, and the client was changed since"),
    )


def _groups(mail: MailFolder, session: Session, mailing: Mailing) -> Iterator[Group]:
    name = mailing.campaign
    yield from _unnoticed(mail, mailing)
    yield from _contradicting(mail, session, mailing)
    yield from _blocked(mail, session, mailing)
    yield Group(
        "unknown",
        "with no answer from the service: it may have them. Never print them",
        _noticed(mailing, in_trouble(session, mailing, [Status.SUBMITTING, Status.UNKNOWN])),
        f"mailer send {name}",
    )
    yield Group(
        "in-doubt",
        "told as mailed and since otherwise, so that no notice rests on them. Ask the service which is "
        "true, let it answer anew, then `mailer track`; a receipt is recorded with `mailer received`. What "
        "never went, print anew",
        _noticed(mailing, _doubted(session, mailing)),
        "mailer reprint PIECE --reason TEXT",
    )
    ended = {each: in_trouble(session, mailing, [each], unserved=True) for each in ENDED - {Status.VOID}}
    yield Group(
        "rejected",
        "refused by the service, and nothing else serves the client",
        _noticed(mailing, [one for one in ended[Status.REJECTED] if not one.copy]),
        f"mailer print {name} --remaining",
    )
    yield Group(
        "cancelled",
        "cancelled at the service, and nothing else serves the client",
        _noticed(mailing, [one for one in ended[Status.CANCELLED] if not one.copy]),
        f"mailer print {name} --remaining",
    )
    returned = in_trouble(session, mailing, [Status.RETURNED], unrepeated=True)
    bounced = [one for one in returned if _by_email(mail, one)]
    yield Group(
        "returned",
        "came back, not repeated yet. Correct the address, then",
        _noticed(mailing, [one for one in returned if one not in bounced]),
        "mailer reprint PIECE --reason TEXT",
    )
    yield Group(
        "bounced",
        "by e-mail came back or was not taken. Mend the e-mail address in the list and import it, then",
        _noticed(mailing, [*bounced, *(one for found in ended.values() for one in found if one.copy)]),
        f"mailer send {name} --only PIECE --reason TEXT",
    )
    yield Group(
        "misaddressed",
        "went to an address that was wrong by our mistake, not repeated yet. Once it is corrected",
        _noticed(mailing, in_trouble(session, mailing, _ARRIVED, unrepeated=True, misaddressed=True)),
        "mailer reprint PIECE --reason TEXT",
    )
    yield Group(
        "doubled",
        "of which the service says something is wrong",
        _noticed(mailing, in_trouble(session, mailing, [Status.ACCEPTED, *IN_POST], twice=True)),
        f"mailer track {name}",
    )
    yield Group(
        "late",
        "accepted, and not in the post though they should be",
        _late(mail, session, mailing),
        f"mailer track {name}",
    )
    yield Group(
        "test",
        "accepted under a test key, so nothing is printed. With a live one",
        _noticed(mailing, in_trouble(session, mailing, [Status.ACCEPTED], live=False)),
        f"mailer send {name}",
        named=False,
    )
    yield from _undropped(mail, session, mailing)
    yield from _waiting(mail, session, mailing)


def _by_email(mail: MailFolder, one: PieceInTrouble) -> bool:
    return one.service in mail.settings.services and not mail.settings.on_paper(one.service)


def _doubted(session: Session, mailing: Mailing) -> list[PieceInTrouble]:
    """Those of which nobody knows whether they went, and no later piece went in their place."""
    return in_trouble(session, mailing, [Status.MAILED], unrepeated=True, doubted=True)


def _unnoticed(mail: MailFolder, mailing: Mailing) -> Iterator[Group]:
    """The letters whose client has no notice by them."""
    lost = missed(mail, mailing.campaign, each=True) if mailing.medium is Medium.LETTER else None
    if lost is not None:
        pieces = tuple(
            Noticed(
                line.letter.label if line.letter else line.client.number,
                line.client.name,
                line.notice.reason if line.notice else line.problem,
            )
            for line in lost.lines
        )
        yield Group("no-notice", lost.says, pieces, lost.next_step)


def _blocked(mail: MailFolder, session: Session, mailing: Mailing) -> Iterator[Group]:
    """Those whose rise the contract blocks by what the client list brought since they were mailed."""
    try:
        found = blocked_letters(session, mail, mailing) if mailing.medium is Medium.LETTER else ()
    except MailerError:
        return  # a definition that can't be read is reported as faulty
    yield Group(
        "blocked",
        "whose rise the contract blocks, by what the client list brought since; the old rate is billed",
        tuple(
            Noticed(one.letter.label, name, one.notice.reason if one.notice else "") for one, name in found
        ),
        f"mailer check {mailing.campaign}",
    )


def _contradicting(mail: MailFolder, session: Session, mailing: Mailing) -> Iterator[Group]:
    """Those that were handed over though they contradict another campaign's letters, and still do."""
    dropped = [one.contradicts for _, one in happened(session, mailing.subject, JobDropped)]
    wanted = sorted({number for span in dropped for number in numbers(span)})
    try:
        found = contradicting_letters(session, mail, mailing, wanted) if wanted else ()
    except MailerError:
        return  # a definition that can't be read is reported as faulty
    pieces = tuple(Noticed(one.label, one.name, one.why) for one in found)
    against = ", ".join(sorted({one.against for one in found}))
    yield Group(
        "contradicts",
        f"handed over though contradicting {against}: of two rates for one day the lower is billed, else "
        "each from its own day once its notice holds",
        pieces,
        f"mailer check {mailing.campaign}",
    )


def _waiting(mail: MailFolder, session: Session, mailing: Mailing) -> Iterator[Group]:
    """Approved, and changed since; or neither printed nor sent, though others went: a later one is easily
    missed.
    """
    found = counts(session, mailing)
    if is_printed_stale(session, mail, mailing):
        yield Group(
            "stale",
            "printed before definition, texts, letterhead or profile changed. Where they no longer say what "
            "is true, destroy them and approve again",
            _noticed(mailing, in_trouble(session, mailing, [Status.PRODUCED])),
            f"mailer destroy {mailing.campaign} --reason TEXT",
            named=False,
        )
    if not found.get(Status.APPROVED):
        return
    try:
        campaign = load_campaign(mail.root, mailing.campaign)
        command, stale = departing(mail.settings, campaign), is_stale(mail, campaign, mailing)
    except MailerError:
        return  # a definition that can't be read is reported as faulty
    if stale:
        yield Group(
            "stale",
            "approved before definition, texts, letterhead or profile changed. Look at them, then",
            _noticed(mailing, in_trouble(session, mailing, [Status.APPROVED])),
            f"mailer approve {mailing.campaign} --by NAME",
            named=False,
        )
    if stale or not any(found.get(status) for status in IN_POST):
        return
    yield Group(
        "waiting",
        "approved and neither printed nor sent, though others went",
        _noticed(mailing, in_trouble(session, mailing, [Status.APPROVED])),
        command,
    )


def _noticed(mailing: Mailing, found: list[PieceInTrouble]) -> tuple[Noticed, ...]:
    return tuple(
        Noticed(
            mailing.label(one.number),
            one.name,
            one.problem.removeprefix(IN_DOUBT)
            if one.problem
            else (one.return_reason.value if one.return_reason else ""),
        )
        for one in found
    )


def _late(mail: MailFolder, session: Session, mailing: Mailing) -> tuple[Noticed, ...]:
    """Past the service's turnaround ([lead_times] service), in days on which the post works."""
    post, zone = calendar_named("usps", mail.closings), mail.settings.firm.time_zone
    found = []
    for one in in_trouble(session, mailing, [Status.ACCEPTED], live=True):
        accepted = one.accepted_at
        begun = one.send_date or (accepted.astimezone(zone).date() if accepted else mail.today)
        due = post.nth_after(begun, mail.settings.lead_times.service)
        if due < mail.today:
            found.append(Noticed(mailing.label(one.number), one.name, f"should be in the post since {due}"))
    return tuple(found)


def _undropped(mail: MailFolder, session: Session, mailing: Mailing) -> Iterator[Group]:
    """Printed and not handed over, job by job; named where the others of the job went, and where the client
    was changed since: it is the last moment to take them out.
    """
    by_now = {one.number: one for one in printed_otherwise(session, mail, mailing)}
    for job in jobs(session, mailing):
        if job.state is not JobState.PRODUCED:
            continue
        partly, name = went_in_part(session, job), mailing.campaign
        waiting = in_trouble(session, mailing, [Status.PRODUCED], job=job)
        gone = [one for one in waiting if one.number in by_now and by_now[one.number].gone]
        yield Group(
            "gone",
            f"printed, and the client gets none any more. {'Destroy them' if partly else 'Leave them out'}",
            _noticed(mailing, gone),
            f"mailer destroy {name} --job {job.number} --reason TEXT"
            if partly
            else f"mailer drop {name} --except PIECE --reason TEXT",
        )
        yield Group(
            "changed",
            "printed before the client was changed. With another rate or text: destroy the job and approve "
            "again; with another address alone",
            _noticed(mailing, [one for one in waiting if one.number in by_now and one not in gone]),
            "mailer reprint PIECE --reason TEXT",
        )
        others = ", though others of the job went" if partly else ""
        yield Group(
            "undropped",
            f"printed in job {job.number} and not handed over to the post{others}",
            _noticed(mailing, [one for one in waiting if not (partly and one in gone)]),
            f"mailer handed-over --job {name}-job-{job.number}",
            named=partly,
        )
