"""`mailer move`: another effective date, in the definition and in the record.

The open pieces are voided and the move is recorded in one transaction; then the definition is exchanged
for the one with the new date. Killed in between, the same command finds its own record and does the rest.
A letter that states an earlier date, or the same, gives notice of the new one if its period holds for it;
one that states a later date does not (as `mailer check` has it).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from mailer.campaign.editing import with_effective
from mailer.campaign.loading import DEFINITION, Campaign, load_campaign
from mailer.errors import MailerError, NoticeRefused, Refused
from mailer.judgement.rules import TermUnknown, house_rule, rules_of_piece
from mailer.judgement.verdict import NoticeState, judge
from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.events import CampaignMoved, PiecesVoided, said
from mailer.ledger.kinds import AT_SERVICE, OPEN, Medium, Status
from mailer.ledger.numbers import ranges
from mailer.notice.rules import Origin, Rule
from mailer.notice.steps import spoken
from mailer.planning.audience import Planned, Standing, planned
from mailer.planning.mailfolder import MailFolder
from mailer.progress import Progress, silent
from mailer.store.alone import PRINTING, alone
from mailer.store.events import Entry, events_of, record
from mailer.store.files import write_whole
from mailer.store.mailings import carriers
from mailer.store.pieces import mailing_of, sent_to
from mailer.store.tables import JobRow, MailingRow, PieceRow


@dataclass(frozen=True, slots=True)
class Unserved:
    """A client whose mailed letter gives no notice of the new date, and why."""

    piece: str
    number: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Printed:
    """A job that lies printed with another date and was not handed over: it must be destroyed."""

    number: int
    name: str
    pieces: int


@dataclass(frozen=True, slots=True)
class CarriedAs:
    """An issue that was approved with the article as it was; `stage` is its furthest piece's status."""

    issue: str
    stage: Status


@dataclass(slots=True)
class Move:
    """What a move does. `voided`, `serving` and `at_service` are ranges of piece numbers. `changed` is False
    where the definition has that date already.
    """

    campaign: str
    before: date
    after: date
    changed: bool = True
    voided: str = ""
    serving: str = ""
    unserved: list[Unserved] = field(default_factory=list)
    destroy: tuple[Printed, ...] = ()
    at_service: str = ""  # pieces that a mail service has, or may have, with another date
    issues: tuple[CarriedAs, ...] = ()
    hours_from: bool = False  # mailer.toml's [[hours]] begin on the old date
    began: bool = False  # the old date is past and mailed letters held for it: work may have been billed


def look(mail: MailFolder, name: str, effective: date, progress: Progress = silent) -> Move:
    """What moving would do. Nothing is written.

    Raises MailerError for an issue, Refused for a date in the past, NoticeRefused with the earliest
    date where clients who need a letter can't be given notice in time.
    """
    campaign = _movable(mail, name, effective)
    made = Move(name, campaign.effective, effective)
    if campaign.effective == effective:
        made.changed = False
        return made
    with mail.store.read() as session:
        _judge_clients(mail, session, campaign, made, progress)
        mailing = mailing_of(session, name)
        if mailing is not None:
            made.voided = ranges(_open(session, mailing))
            made.destroy = tuple(_printed(session, mailing, effective))
            made.at_service = ranges(_at_service(session, mailing, effective))
        made.issues = tuple(_issues(session, name))
    starts = [entry.since for entry in mail.settings.hours]
    made.hours_from = campaign.definition.hours is not None and campaign.effective in starts
    return made


def move(mail: MailFolder, name: str, effective: date, *, by: str, progress: Progress = silent) -> Move:
    """Move the campaign; run again after an interruption, it completes. Raises as `look` does."""
    with alone(mail.root, PRINTING, "printing or moving"):
        made = look(mail, name, effective, progress)
        if not made.changed:
            return made
        path = (mail.root / "campaigns" / name / DEFINITION).resolve()
        text, mode = path.read_bytes().decode(), path.stat().st_mode
        changed = with_effective(text, effective, shown=f"campaigns/{name}/{DEFINITION}")
        _record(mail, made, by)
        write_whole(path, changed.encode())
        path.chmod(mode)
    return made


def _movable(mail: MailFolder, name: str, effective: date) -> Campaign:
    campaign = load_campaign(mail.root, name)
    if campaign.kind.is_issue:
        raise MailerError(
            "is an issue of the newsletter, which takes effect on no day.",
            where=campaign.path,
            todo="Move a campaign that it carries, or change [issue] month.",
        )
    if effective < mail.today:
        raise Refused(
            f"{spoken(effective)} is in the past; today is {spoken(mail.today)}.",
            where="--effective",
            todo=f"No notice can be given of it. See `mailer plan {name}` for the earliest date.",
        )
    return campaign


def _judge_clients(
    mail: MailFolder, session: Session, campaign: Campaign, made: Move, progress: Progress
) -> None:
    house = house_rule(mail.settings, campaign.definition)
    serving: list[int] = []
    late: list[str] = []
    earliest, done = date.min, 0
    for chunk in planned(session, mail, campaign, made.after):
        letters = _mailed(session, mail, campaign, [one.member.id for one in chunk])
        for one in chunk:
            verdicts = [
                (sent, _wrong(mail, house, one, sent, made)) for sent in letters.get(one.member.id, ())
            ]
            good = [sent.number for sent, why in verdicts if not why]
            serving += good
            if good:
                continue
            made.unserved += [
                Unserved(sent.label, one.member.number or one.member.email, one.member.name, why)
                for sent, why in verdicts[:1]
            ]
            if one.found.standing is not Standing.WRITE:
                continue  # gets no letter: `mailer plan` says why
            verdict = judge(one.found.rules, made.after, mail.today, mailed=None, closings=mail.closings)
            if verdict.state is NoticeState.LATE:
                late.append(one.member.name)
                earliest = max(earliest, verdict.earliest or date.min)
        done += len(chunk)
        progress("looking at letters", done, 0)
        made.began = made.began or (
            bool(campaign.definition.rates)
            and campaign.effective <= min(mail.today, made.after)
            and any(letters.values())
        )
    if late:
        raise _too_near(campaign, made.after, late, earliest)
    made.serving = ranges(serving)


def _mailed(
    session: Session, mail: MailFolder, campaign: Campaign, ids: Sequence[UUID]
) -> dict[UUID, list[ClientPiece]]:
    """The letters that were really handed over; in a rehearsal, those of rehearsals too."""
    own = sent_to(
        session,
        ids,
        MailingRow.campaign == campaign.name,
        MailingRow.medium == Medium.LETTER,
        PieceRow.counts_on.is_not(None),
    )
    if mail.clock.rehearsal:
        return own
    return {client: [sent for sent in pieces if not sent.rehearsed] for client, pieces in own.items()}


def _wrong(mail: MailFolder, house: Rule, one: Planned, sent: ClientPiece, made: Move) -> str:
    """Why a mailed letter gives no notice of the new date; "" where it does."""
    stated = date.fromisoformat(sent.facts["effective"])
    if stated > made.after:
        return f"it states {spoken(stated)}, a later date"
    try:
        now = tuple(rule for rule in one.found.rules if rule.origin is Origin.STATUTE)
        rules = rules_of_piece(one.member.contract, house, sent, now)
    except TermUnknown as unknown:
        return f"the client {unknown.what}"
    verdict = judge(
        rules,
        made.after,
        mail.today,
        mailed=sent.counts_on,
        received_on=sent.received_on,
        returned_on=sent.returned_on,
        closings=mail.closings,
    )
    return "" if verdict.holds else verdict.reason


def _too_near(campaign: Campaign, day: date, late: Sequence[str], earliest: date) -> NoticeRefused:
    names = ", ".join(late[:5]) + (f" and {len(late) - 5} more" if len(late) > 5 else "")
    return NoticeRefused(
        f"{spoken(day)} is too near: notice mailed now is late for {names}. Nothing was changed.",
        where=campaign.path,
        todo=f"The earliest date for all is {earliest}: mailer move {campaign.name} --effective {earliest}",
    )


def _open(session: Session, mailing: MailingRow) -> list[int]:
    statement = select(PieceRow.number).where(
        PieceRow.mailing_id == mailing.id, PieceRow.status.in_([status.value for status in OPEN])
    )
    return list(session.execute(statement).scalars())


def _printed(session: Session, mailing: MailingRow, after: date) -> Iterator[Printed]:
    """Jobs with undropped pieces that state another date."""
    statement = (
        select(JobRow.number, JobRow.folder, PieceRow.facts)
        .join(PieceRow, PieceRow.job_id == JobRow.id)
        .where(JobRow.mailing_id == mailing.id, PieceRow.status == Status.PRODUCED.value)
        .order_by(JobRow.number)
    )
    waiting: dict[tuple[int, str], int] = {}
    for number, folder, facts in session.execute(statement):
        if facts.get("effective") != after.isoformat():
            waiting[number, folder] = waiting.get((number, folder), 0) + 1
    for (number, folder), pieces in waiting.items():
        yield Printed(number, Path(folder).name, pieces)


def _at_service(session: Session, mailing: MailingRow, after: date) -> list[int]:
    """Pieces with another date that a mail service will send unless they are cancelled."""
    statement = select(PieceRow.number, PieceRow.facts).where(
        PieceRow.mailing_id == mailing.id, PieceRow.status.in_([status.value for status in AT_SERVICE])
    )
    return [
        number for number, facts in session.execute(statement) if facts.get("effective") != after.isoformat()
    ]


_FURTHEST = (
    Status.RETURNED,
    Status.DELIVERED,
    Status.MAILED,
    Status.ACCEPTED,
    Status.UNKNOWN,
    Status.SUBMITTING,
    Status.PRODUCED,
    Status.APPROVED,
    Status.PREPARED,
)


def _issues(session: Session, name: str) -> Iterator[CarriedAs]:
    """The issues that were approved with the article that states the old date."""
    for issue in carriers(session, name):
        mailing = mailing_of(session, issue)
        if mailing is None:
            continue
        statement = select(PieceRow.status).where(PieceRow.mailing_id == mailing.id).distinct()
        found = set(session.execute(statement).scalars())
        stage = next((status for status in _FURTHEST if status.value in found), None)
        if stage is not None:
            yield CarriedAs(issue, stage)


def _record(mail: MailFolder, made: Move, by: str) -> None:
    """Void what is open and record the move, in one transaction; the second time, only what is new."""
    move = CampaignMoved(made.before, made.after)
    with mail.store.write() as session:
        entries = []
        mailing = mailing_of(session, made.campaign)
        numbers = _open(session, mailing) if mailing else []
        if mailing and numbers:
            reason = f"the effective date was moved to {made.after}"
            entries.append(Entry(mailing.subject, PiecesVoided(ranges(numbers), reason)))
        known = [said(event) for event in events_of(session, made.campaign)]
        if numbers or not known or known[-1] != move:
            entries.append(Entry(made.campaign, move))
        if mailing:
            mailing.inputs_digest = None  # even moved back, it must be approved again
        record(session, entries, mail.stamp(by))
    made.voided = made.voided or ranges(numbers)
