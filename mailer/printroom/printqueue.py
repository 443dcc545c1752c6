"""`mailer print --to PRINTER`: a job's print files into a printer's queue, once.

A note beside the job's folder tells which jobs the printer had; then every file is queued on hold; one event
records the ids, the note goes, and the files are released. So an interruption before the event leaves only
held jobs, which the next run finds by the note; after it, the next run releases what is still held.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mailer.errors import Refused, ServiceTrouble
from mailer.ledger.events import JobQueued
from mailer.ledger.kinds import Status
from mailer.ledger.records import Mailing, PrintJob
from mailer.making.gate import require_in_time
from mailer.notice.words import spoken
from mailer.planning.lastday import is_courtesy
from mailer.planning.mailfolder import MailFolder
from mailer.printroom import cups
from mailer.printroom.cups import PrintOrder
from mailer.printroom.job import JobFolder, print_job, produced_job
from mailer.printroom.jobfiles import manifest_of, require_recorded
from mailer.printroom.jobsheet import LETTER, SPREAD, envelope_file, trays
from mailer.printroom.manifest import ManifestRow, files_of
from mailer.progress import Progress, silent
from mailer.settings import Paper
from mailer.store.commandlock import QUEUEING, alone
from mailer.store.engine import Session
from mailer.store.files import write_whole
from mailer.store.jobs import has_free_pieces, jobs, was_dropped
from mailer.store.mailings import mailing_named
from mailer.store.pieces import piece_numbers, pieces
from mailer.store.record.events import Entry, happened, record


@dataclass(frozen=True, slots=True)
class PrintWish:
    """What was asked for. `tray` is for all sheets; "" takes those of mailer.toml's [stationery]."""

    printer: str
    copies: int = 1
    tray: str = ""
    job: int | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Queued:
    """A job in a printer's queue: its folder, what was queued under which id, and what was not.

    `built` is what was made for it just now, None where the job was there already. `withdrawn` are the labels
    of pieces in its files that must not go: they were void when it was queued.
    """

    folder: Path
    printer: str
    documents: tuple[tuple[str, str], ...]
    by_hand: tuple[str, ...]
    built: JobFolder | None
    withdrawn: tuple[str, ...]


def queue_job(
    mail: MailFolder, name: str, wish: PrintWish, *, by: str, progress: Progress = silent
) -> Queued:
    """Queue the approved pieces as a new job, or the produced job of which nothing was dropped yet.

    Raises Refused where it was queued already, or may have been; ServiceTrouble (exit 4), naming the job's
    folder, where CUPS or the printer does not take all of it: nothing is printed then. NoticeRefused
    (exit 3) past the approval's `not_after`. Else as `print_job`.
    """
    mail.store.require_current()  # before a printer is asked
    built = None
    if wish.job is None and _has_free_pieces(mail, name):
        built = print_job(mail, name, by=by, progress=progress)
    with alone(mail.root, QUEUEING, "queueing a job"):
        with mail.store.read() as session:
            number = _number_of(session, name, built) if built else wish.job
            mailing, job = produced_job(session, name, number)
            _require_waiting(mail, session, mailing, job)
            earlier = _queued(session, mailing, job)
            withdrawn = _withdrawn(session, mailing, job)
        folder = mail.root / job.folder
        _require_not_queued(earlier, wish, name)
        with _or_by_hand(folder):
            documents = _queue(mail, mailing, job, wish, by)
        for _, id_ in documents:
            cups.release(id_)
    queued = {order.file.name for order, _ in documents}
    left = sorted(path.name for path in folder.glob("*.pdf") if path.name not in queued)
    names = tuple((order.title, id_) for order, id_ in documents)
    return Queued(folder, wish.printer, names, tuple(left), built, withdrawn)


@contextmanager
def _or_by_hand(folder: Path) -> Iterator[None]:
    """Name the job's folder where the printer fails: a person can print from it."""
    try:
        yield
    except ServiceTrouble as error:
        todo = f"{error.todo}\n  Or print the files of {folder} by hand, on both sides of the paper."
        raise ServiceTrouble(error.what, where=error.where, todo=todo.strip()) from error


def _has_free_pieces(mail: MailFolder, name: str) -> bool:
    """Whether approved pieces are in no finished job."""
    with mail.store.read() as session:
        mailing = mailing_named(session, name)
        return mailing is None or has_free_pieces(session, mailing)  # None: print_job says what is the matter


def _number_of(session: Session, name: str, built: JobFolder) -> int:
    mailing = mailing_named(session, name)
    made = jobs(session, mailing) if mailing else ()
    return next(job.number for job in made if job.folder == f"jobs/{built.name}")


def _require_waiting(mail: MailFolder, session: Session, mailing: Mailing, job: PrintJob) -> None:
    if was_dropped(session, job):
        raise Refused(
            f"pieces of job {job.number} were handed to the post already.",
            where=mailing.campaign,
            todo="One piece is made again with  mailer reprint PIECE --reason TEXT",
        )
    last = mailing.not_after
    if last is not None and mail.mails_on > last and _bound(session, mail, mailing, job):
        require_in_time(mailing.campaign, mailing.not_after, mail.today, mail.mails_on)


def _withdrawn(session: Session, mailing: Mailing, job: PrintJob) -> tuple[str, ...]:
    void = piece_numbers(session, mailing, statuses=[Status.VOID], job=job)
    return tuple(mailing.label(number) for number in void)


def _bound(session: Session, mail: MailFolder, mailing: Mailing, job: PrintJob) -> bool:
    """Does a day bind the job: not where all of it repeats what was mailed in time."""
    inside = list(pieces(session, mailing, job=job))
    return not all(is_courtesy(session, mail, mailing, piece) for piece in inside)


def _queued(session: Session, mailing: Mailing, job: PrintJob) -> list[tuple[date, JobQueued]]:
    """The records of that job's queueing, each with its day, oldest first."""
    told = happened(session, mailing.subject, JobQueued)
    return [(event.occurred_on, one) for event, one in told if one.job == job.number]


def _require_not_queued(earlier: Sequence[tuple[date, JobQueued]], wish: PrintWish, name: str) -> None:
    """Raises Refused where the job was queued; what an interrupted command left on hold is released."""
    if not earlier or wish.again:
        return
    day, last = earlier[-1]
    ids = last.ids.split(", ")
    released = sum(map(cups.release, ids))
    at = f"{last.printer} as {last.ids} on {spoken(day)}"
    still = f"; {released} of {len(ids)} documents are still waiting or printing" if released else ""
    raise Refused(
        f"job {last.job} was queued to {at}{still}. Nothing was queued again.",
        where=name,
        todo="To print every sheet a second time, add --again and destroy the first ones.",
    )


def _queue(
    mail: MailFolder, mailing: Mailing, job: PrintJob, wish: PrintWish, by: str
) -> list[tuple[PrintOrder, str]]:
    """Queue the job's files on hold and record it."""
    cups.require(wish.printer)
    folder = mail.root / job.folder
    orders = _orders(mail, mailing, folder, manifest_of(mail, job), wish)
    with mail.store.read() as session:
        require_recorded(session, mailing, job, list(dict.fromkeys(order.file for order in orders)))
    note = folder.with_name(f".{folder.name}.queueing")
    _require_no_trace(note, orders, wish, mailing.campaign)
    before = [one.id for one in cups.jobs_of(wish.printer)]
    write_whole(note, json.dumps({"printer": wish.printer, "before": before}).encode())
    ids: list[str] = []
    for order in orders:
        try:
            ids.append(cups.hold(wish.printer, order))
        except ServiceTrouble:
            if sum(map(cups.cancel, ids)) == len(ids):
                note.unlink()
            raise
    files = ", ".join(dict.fromkeys(order.file.name for order in orders))
    queued = JobQueued(job.number, wish.printer, files, ", ".join(ids), wish.copies)
    with mail.store.write() as session:
        record(session, [Entry(mailing.subject, queued)], mail.stamp(by))
    note.unlink()
    return list(zip(orders, ids, strict=True))


def _require_no_trace(note: Path, orders: Sequence[PrintOrder], wish: PrintWish, name: str) -> None:
    """Raises Refused where a command was killed before its record and may have left jobs in the queue."""
    if wish.again or not note.exists():
        return
    left = json.loads(note.read_bytes())
    sizes = {-(-order.file.stat().st_size // 1024) * 1024 for order in orders}
    known = [one.id for one in cups.jobs_of(left["printer"]) if one.size in sizes]
    new = [id_ for id_ in known if id_ not in left["before"]]
    if new:
        raise Refused(
            f"it may be in the queue of {left['printer']} already: a command was interrupted there and seems "
            f"to have left {', '.join(new)} on hold.",
            where=name,
            todo=f"Look with `lpstat -W all -o {left['printer']}`, take them out with "
            f"`cancel {' '.join(new)}`, and run this again with --again.",
        )


def _orders(
    mail: MailFolder, mailing: Mailing, folder: Path, listed: Sequence[ManifestRow], wish: PrintWish
) -> list[PrintOrder]:
    """What is to be printed: each print file, by tray where its sheets differ in paper, and envelopes
    where mailer.toml names their tray.
    """
    stock = mail.settings.stationery
    if mailing.is_newsletter:
        stock = stock.model_copy(update={"paper": Paper.PLAIN})
    orders: list[PrintOrder] = []
    for name in files_of(listed):
        file = folder / name
        inside = [row.sheets for row in listed if row.file == name]
        parts = trays(stock, len(inside), max(inside))
        size = SPREAD if any(row.is_booklet for row in listed if row.file == name) else LETTER
        paper, sides = size.cups, size.sides
        title = f"{folder.name} {name}"
        if wish.tray or len({part.tray for part in parts}) < 2:
            tray = wish.tray or (parts[0].tray if parts else "")
            orders.append(PrintOrder(file, title, wish.copies, tray=tray, paper=paper, sides=sides))
        else:
            orders += [
                PrintOrder(file, f"{title} ({part.stock})", wish.copies, part.pages, part.tray, paper, sides)
                for part in parts
            ]
        envelopes = folder / envelope_file(name)
        if stock.envelope_tray and envelopes != file and envelopes.is_file():
            orders.append(
                PrintOrder(
                    envelopes,
                    f"{folder.name} {envelopes.name}",
                    wish.copies,
                    tray=stock.envelope_tray,
                    paper="Env10",
                    sides="one-sided",
                )
            )
    return orders
