"""`mailer move`: another effective date, in the definition and in the record.

The open pieces are voided and the move is recorded in one transaction; then the definition is exchanged
for the one with the new date. Killed in between, the same command finds its own record and does the rest.
A letter that states an earlier date, or the same, gives notice of the new one if its period holds for it;
one that states a later date does not (as `mailer check` has it): `standing.remedy` makes a follow-up
for its client.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from mailer.campaign.editing import with_effective
from mailer.campaign.loading import DEFINITION, Campaign, load_campaign
from mailer.campaign.olddates import old_dates, old_title
from mailer.errors import MailerError, NoticeRefused, Problem, Refused
from mailer.judgement.chain import broken
from mailer.judgement.course import judged_letters
from mailer.judgement.history import History, Question
from mailer.judgement.judged import JudgedLetter
from mailer.judgement.rules import house_rule
from mailer.judgement.verdict import NoticeState, judge
from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.events import CampaignMoved, MailingBegun, PiecesVoided
from mailer.ledger.kinds import AT_SERVICE, OPEN, Status
from mailer.ledger.numbers import ranges
from mailer.ledger.records import Mailing, Piece
from mailer.notice.words import spoken
from mailer.planning.audience import Standing, planned, too_near
from mailer.planning.mailfolder import MailFolder
from mailer.planning.profileneeds import lacking
from mailer.planning.question import question_on
from mailer.planning.route import mails_on
from mailer.progress import Progress, silent
from mailer.store.commandlock import PRINTING, alone
from mailer.store.engine import Session
from mailer.store.files import write_whole
from mailer.store.jobs import jobs
from mailer.store.mailings import carriers, mailing_named
from mailer.store.pieces import counts, piece_numbers, pieces
from mailer.store.record.events import Entry, happened, record


@dataclass(frozen=True, slots=True)
class Unserved:
    """A client whose mailed letter gives no notice of the new date, and why; `later` if it states a later."""

    piece: str
    number: str
    name: str
    why: str
    later: bool = False


@dataclass(frozen=True, slots=True)
class PrintedJob:
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
    destroy: tuple[PrintedJob, ...] = ()
    at_service: str = ""  # pieces that a mail service has, or may have, with another date
    issues: tuple[CarriedAs, ...] = ()
    profile: tuple[Problem, ...] = ()  # what mailer.toml then lacks
    stale: tuple[str, ...] = ()  # what the campaign says with the old date written out
    began: bool = False  # the old date is past and mailed letters held for it: work may have been billed


def look(mail: MailFolder, name: str, effective: date, progress: Progress = silent) -> Move:
    """What moving would do. Nothing is written.

    Raises MailerError for an issue, Refused for a date in the past, NoticeRefused with the earliest
    date where clients who need a letter can't be given notice in time, and where a mailed letter would
    contradict another campaign's.
    """
    campaign = _movable(mail, name, effective)
    made = Move(name, campaign.effective, effective)
    if campaign.effective == effective:
        made.changed = False
        return made
    with mail.store.read() as session:
        _judge_clients(mail, session, campaign, made, progress)
        mailing = mailing_named(session, name)
        if mailing is not None:
            made.voided = ranges(piece_numbers(session, mailing, statuses=OPEN))
            made.destroy = tuple(_printed(session, mailing, effective))
            at_service = _stating_otherwise(session, mailing, AT_SERVICE, effective)
            made.at_service = ranges(piece.number for piece in at_service)
        made.issues = tuple(_issues(session, name))
    made.profile = tuple(lacking(mail, campaign, effective))
    made.stale = (*old_title(campaign), *old_dates(campaign))
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
    serving: list[int] = []
    late: list[str] = []
    earliest, done = date.min, 0
    question = replace(
        question_on(mail, made.after, house_rule(mail.settings, campaign.definition)),
        instead=((campaign.name, made.after),),
    )
    for chunk in planned(session, mail, campaign, made.after):
        began = False
        for one in chunk:
            mailed = list(_mailed(one.history, campaign.name, question))
            began = began or bool(mailed)
            verdicts = [(judged.letter, _wrong(judged, made)) for judged in mailed]
            good = [sent for sent, why in verdicts if not why]
            serving += [sent.number for sent in good]
            if good:
                _require_chain(one.history, good[0], made, question)
                continue
            for sent, why in verdicts[:1]:
                number, later = one.member.number or one.member.email, _states_later(sent, made.after)
                made.unserved.append(Unserved(sent.label, number, one.member.name, why, later))
            if one.found.standing is not Standing.WRITE:
                continue  # gets no letter: `mailer plan` says why
            soonest = mails_on(mail, campaign, one.found.rules)
            verdict = judge(one.found.rules, made.after, soonest, mailed=None, closings=mail.closings)
            if verdict.state is NoticeState.LATE:
                late.append(one.member.name)
                earliest = max(earliest, verdict.earliest or date.min)
        done += len(chunk)
        progress("looking at letters", done, 0)
        made.began = made.began or (
            bool(campaign.definition.rates) and campaign.effective <= min(mail.today, made.after) and began
        )
    if late:
        todo = f"The earliest date for all is {earliest}: mailer move {campaign.name} --effective {earliest}"
        raise too_near(campaign, made.after, late, todo, remark=" Nothing was changed.")
    made.serving = ranges(serving)


def _mailed(history: History, campaign: str, question: Question) -> Iterator[JudgedLetter]:
    """The letters that were really handed over, judged for the new date; in a rehearsal, those of rehearsals
    too.
    """
    for judged in judged_letters(history, question):
        letter = judged.letter
        real = question.rehearsal or not letter.rehearsed
        if letter.campaign == campaign and letter.counts_on is not None and real:
            yield judged


def _wrong(judged: JudgedLetter, made: Move) -> str:
    """Why a mailed letter gives no notice of the new date; "" where it does."""
    stated = judged.letter.facts.effective
    if stated is not None and _states_later(judged.letter, made.after):
        return f"it states {spoken(stated)}, a later date"
    if judged.notice is None:
        return f"the client {judged.problem}"
    return "" if judged.holds else judged.notice.reason


def _states_later(letter: ClientPiece, day: date) -> bool:
    return letter.facts.effective is not None and letter.facts.effective > day


def _require_chain(history: History, letter: ClientPiece, made: Move, question: Question) -> None:
    """Raises NoticeRefused where the letter would contradict another campaign's on the new date."""
    rises = tuple(rate for rate in letter.facts.rates if rate.new >= rate.old)  # a lower rate keeps its day
    stated = replace(letter.facts, effective=made.after, rates=rises)
    found = broken(history, made.campaign, stated, question)
    if found is not None:
        raise NoticeRefused(
            f"can't be moved to {spoken(made.after)}: for {history.member.name}, {found.why}. "
            "Nothing was changed.",
            where=made.campaign,
            todo=f"Move {found.campaign} first, or give notice anew with a campaign that supersedes it."
            if found.campaign
            else "Give notice anew.",
        )


def _stating_otherwise(
    session: Session, mailing: Mailing, statuses: Collection[Status], after: date
) -> Iterator[Piece]:
    """The pieces in these statuses that state another date."""
    found = pieces(session, mailing, statuses=statuses)
    return (piece for piece in found if piece.facts.effective != after)


def _printed(session: Session, mailing: Mailing, after: date) -> Iterator[PrintedJob]:
    """Jobs with undropped pieces that state another date."""
    undropped = _stating_otherwise(session, mailing, {Status.PRODUCED}, after)
    waiting = Counter(piece.job_id for piece in undropped)
    for job in jobs(session, mailing):
        if waiting[job.id]:
            yield PrintedJob(job.number, Path(job.folder).name, waiting[job.id])


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
        mailing = mailing_named(session, issue)
        found = counts(session, mailing) if mailing else {}
        stage = next((status for status in _FURTHEST if status in found), None)
        if stage is not None:
            yield CarriedAs(issue, stage)


def _record(mail: MailFolder, made: Move, by: str) -> None:
    """Void what is open and record the move, in one transaction; the second time, only what is new."""
    move = CampaignMoved(made.before, made.after)
    with mail.store.write() as session:
        entries = []
        mailing = mailing_named(session, made.campaign)
        numbers = piece_numbers(session, mailing, statuses=OPEN) if mailing else []
        if mailing and numbers:
            reason = f"the effective date was moved to {made.after}"
            entries.append(Entry(mailing.subject, PiecesVoided(ranges(numbers), reason)))
        known = happened(session, made.campaign, CampaignMoved)
        if numbers or not known or known[-1][1] != move:
            entries.append(Entry(made.campaign, move))
        if mailing and mailing.inputs_digest is not None:  # even moved back, it must be approved again
            entries.append(Entry(mailing.subject, MailingBegun(None, mailing.dated)))
        record(session, entries, mail.stamp(by))
    made.voided = made.voided or ranges(numbers)
