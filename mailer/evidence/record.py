"""Everything an evidence pack is made from, read at one state of the ledger and put into frozen records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mailer import __version__
from mailer.campaign.loading import Campaign, load_campaign
from mailer.clients.record import Client
from mailer.errors import MailerError, Refused
from mailer.evidence.case import (
    Addressee,
    ByService,
    CarryingIssue,
    Case,
    Deposit,
    Frame,
    Production,
    ReturnedPiece,
    Subject,
)
from mailer.evidence.corrections import ProvedCorrection, proved_corrections
from mailer.evidence.ended import ended
from mailer.evidence.handovers import Kept, drops_of, jobs_of, papers, receipts
from mailer.evidence.issues import AS_NOW, issues_of
from mailer.evidence.pieces import ProvedPiece, Survey, ended_of, name_lines, pieces_of, survey, with_lead
from mailer.evidence.remarks import Doubts, remarks
from mailer.evidence.returns import returns_of
from mailer.evidence.services import services_of
from mailer.evidence.verdicts import Verdicts, verdicts
from mailer.ledger.chain import Event
from mailer.ledger.claims import rehearsed
from mailer.ledger.kinds import EventKind, Medium, Status
from mailer.ledger.numbers import holds
from mailer.ledger.records import Mailing
from mailer.making.documents import recipient_of
from mailer.making.inputs import inputs_digest
from mailer.pages.timelinestrip import strip
from mailer.planning.carrier import carrying
from mailer.planning.mailfolder import MailFolder
from mailer.planning.plan import Governing, timeline_by
from mailer.printroom.certifiednumber import grouped
from mailer.progress import Progress, silent
from mailer.spool import Spool
from mailer.store.engine import Session
from mailer.store.listed.corrections import corrected_clients
from mailer.store.mailings import mailing_named
from mailer.store.record.events import all_events, head


@dataclass(frozen=True, slots=True)
class Record:
    """A mailing as the ledger and the database have it. `bodies` are those of the issues, by file name."""

    campaign: Campaign
    mailing: Mailing
    last: Event
    frame: Frame
    pieces: Spool[ProvedPiece]
    survey: Survey  # of the pieces
    names: Sequence[int]  # for each piece, how many address lines name people
    moved: Sequence[str]
    gone: Spool[ProvedPiece]  # never mailed: refused, cancelled, void
    events: Sequence[Event]
    drops: Sequence[Deposit]
    services: Sequence[ByService]
    corrections: Sequence[ProvedCorrection]
    returned: Sequence[ReturnedPiece]
    jobs: Sequence[Production]
    manifests: Sequence[Kept]
    issues: Sequence[CarryingIssue]
    bodies: Sequence[tuple[str, ProvedPiece]]
    stale: bool

    @property
    def subjects(self) -> tuple[str, ...]:
        issues = (f"{issue.campaign}/{Medium.NEWSLETTER.value}" for issue in self.issues)
        return (self.mailing.subject, *issues)

    def kept(self, mail: MailFolder) -> list[Kept]:
        """Receipts, pre-printed papers, job manifests. Raises MailerError where one is missing or was
        changed.
        """
        drops = [*self.drops, *(drop for issue in self.issues for drop in issue.drops)]
        return [*receipts(mail, drops), *papers(mail, self.jobs), *self.manifests]


def read_record(mail: MailFolder, name: str, now: datetime) -> Record:
    """The mailing of a campaign. Raises Refused where nothing was prepared or nothing was mailed."""
    campaign = load_campaign(mail.root, name)
    with mail.store.read() as session:
        mailing, last = mailing_named(session, name), head(session)
        if mailing is None or last is None:
            raise Refused(
                "no mailing was prepared; there is nothing to prove.",
                where=name,
                todo=f"Begin with `mailer plan {name}`; evidence comes after `mailer handed-over`.",
            )
        pieces = Spool(pieces_of(session, mailing))
        if not any(piece.mailed for piece in pieces):
            raise Refused(
                "nothing was mailed yet: no hand-over to the post, and no custody of the post, is on record.",
                where=name,
                todo=f"Hand it over and record that with `mailer handed-over`; for what a mail service has, "
                f"ask with `mailer track {name}`.",
            )
        events = _events(session, mailing)
        issues, bodies, others = issues_of(session, mail, campaign)
        rehearsal = mail.clock.rehearsal or bool(rehearsed((*events, *others)))
        moved, names, seen = [], [], Survey()
        gone = Spool(ended_of(session, mailing))
        corrected = corrected_clients(session)
        covered = {client for piece in gone for client in piece.clients if client in corrected}
        for piece, client in with_lead(session, pieces):
            covered.update(client for client in piece.clients if client in corrected)
            names.append(name_lines(piece, client))
            seen.add(piece)
            if client and piece.lines and not campaign.kind.is_issue and _now(client, piece) != piece.lines:
                moved.append(piece.label)
        stale = _is_stale(mail, campaign, mailing)
        jobs, manifests = jobs_of(session, mail.root, mailing, events)
        corrections = proved_corrections(session, covered)
        return Record(
            campaign,
            mailing,
            last,
            _frame(mail, campaign, mailing, last, now, rehearsal=rehearsal, stale=stale),
            pieces,
            seen,
            names,
            moved,
            gone,
            events,
            drops_of(session, mail, mailing, events),
            services_of(session, mailing, events, pieces),
            corrections,
            returns_of(session, mail, name, seen.wanting, events, corrections),
            jobs,
            manifests,
            issues,
            bodies,
            stale,
        )


def _frame(
    mail: MailFolder,
    campaign: Campaign,
    mailing: Mailing,
    last: Event,
    now: datetime,
    *,
    rehearsal: bool,
    stale: bool,
) -> Frame:
    subject = Subject(
        mailing.subject,
        campaign.name,
        campaign.definition.title,
        mailing.medium.value,
        campaign.definition.effective,
        mailing.dated,
    )
    return Frame(mail.settings, subject, now, mail.today, last.seq, last.hash, rehearsal, __version__, stale)


def _events(session: Session, mailing: Mailing) -> list[Event]:
    """The mailing's own events, and those that moved the campaign's date."""
    own = [*all_events(session, mailing.subject), *all_events(session, mailing.campaign)]
    return sorted(own, key=lambda event: event.seq)


def _now(client: Client, piece: ProvedPiece) -> tuple[str, ...]:
    """The address block of that letter today."""
    return recipient_of(client, second=piece.facts.second)


def _is_stale(mail: MailFolder, campaign: Campaign, mailing: Mailing) -> bool:
    try:
        now = inputs_digest(mail.settings, campaign, mail.letterhead)
    except MailerError:  # a campaign that it carries, or the letterhead, is not what it was
        return True
    return now != mailing.inputs_digest


def case_of(mail: MailFolder, record: Record, progress: Progress = silent) -> tuple[Case, Verdicts | None]:
    """The record with its verdicts. An issue has none."""
    found = None
    if not record.campaign.kind.is_issue:
        found = verdicts(mail, record.campaign.name, record.pieces, progress)
    case = Case(
        frame=record.frame,
        pieces=Spool(addressees(record, found)),
        mailed=sorted(record.survey.deposits),
        statuses=sorted(record.survey.statuses.items()),
        ended=Spool(ended(record.gone, record.pieces, record.events, record.mailing.subject)),
        clients=found.listed if found else 0,
        safe=found.safe if found else 0,
        not_owed=found.not_owed if found else 0,
        states=found.words.most_common() if found else (),
        house=found.house.most_common() if found else (),
        rules=found.rules if found else (),
        workings=found.workings if found else (),
        unproved=found.unproved if found else (),
        approvals=[event for event in record.events if event.kind == EventKind.APPROVED],
        jobs=record.jobs,
        drops=record.drops,
        services=record.services,
        returned=record.returned,
        issues=record.issues,
        events=record.events,
        remarks=remarks(doubts_of(mail, record, found)),
        timeline=_timeline(mail, record, found.governing) if found else "",
    )
    return case, found


def _timeline(mail: MailFolder, record: Record, governing: Governing) -> str:
    """The timeline as a picture, as it stands on the day of the pack; "" where no rule asks for one."""
    campaign = record.campaign
    day = campaign.effective
    made = timeline_by(mail, campaign, day, governing, carrying(mail, campaign, day))
    if made is None:
        return ""
    return strip(made, campaign.definition.title, mail.today, mail.closings, rehearsal=record.frame.rehearsal)


def addressees(record: Record, found: Verdicts | None) -> Iterator[Addressee]:
    served = {piece.number: by.name for by in record.services for piece in by.pieces}
    return (
        Addressee(
            piece.number,
            piece.label,
            piece.lines,
            names,
            piece.zip,
            piece.pages,
            piece.sha256,
            piece.status.value,
            piece.counts_on,
            piece.returned_on,
            found.said_of(piece) if found else "",
            grouped(piece.certified) if piece.certified else "",
            served.get(piece.number, ""),
            piece.email,
        )
        for piece, names in zip(record.pieces, record.names, strict=True)
    )


def doubts_of(
    mail: MailFolder, record: Record, found: Verdicts | None, only: Sequence[ProvedPiece] = ()
) -> Doubts:
    """What is doubtful of the whole mailing, or of some pieces of it alone."""
    seen = survey(only) if only else record.survey
    labels = {piece.label for piece in only}
    numbers = {piece.number for piece in only}
    drops = [
        drop for drop in record.drops if not only or any(holds(drop.pieces, number) for number in numbers)
    ]
    services = [
        replace(by, pieces=[one for one in by.pieces if not only or one.number in numbers])
        for by in record.services
    ]
    return Doubts(
        rehearsed=len(rehearsed(record.events)),
        fixed_today=mail.clock.rehearsal,
        drops=drops,
        services=[by for by in services if by.pieces],
        jobs=() if only else record.jobs,
        unmailed=[piece.label for piece in seen.wanting if not piece.mailed],
        returned=[piece.label for piece in seen.wanting if piece.status is Status.RETURNED],
        misaddressed=[
            piece.label for piece in seen.wanting if piece.misaddressed_on and piece.received_on is None
        ],
        moved=[label for label in record.moved if not only or label in labels],
        departed=found.departed if found and not only else 0,
        forgotten=sum(not piece.salt for piece in seen.wanting),
        unproved=len(found.unproved) if found and not only else 0,
        arguable=found.arguable if found and not only else 0,
        stale=record.stale,
        effective=record.campaign.definition.effective,
        stated=sorted(seen.stated),
        articles=[issue.campaign for issue in record.issues if not issue.article.startswith(AS_NOW)],
    )
