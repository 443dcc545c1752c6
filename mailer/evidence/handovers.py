"""What the ledger says of a mailing's jobs and hand-overs. Times of a hand-over are in the zone that was the
firm's when it was recorded.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final

from mailer.errors import MailerError
from mailer.evidence.case import Deposit, Production
from mailer.ledger.chain import Event
from mailer.ledger.events import DropReceiptAdded, JobDropped, JobProduced, said
from mailer.ledger.numbers import spans
from mailer.ledger.records import Mailing
from mailer.notice.mailingday import counts_as_mailed_on
from mailer.notice.words import spoken
from mailer.planning.mailfolder import MailFolder
from mailer.printroom.jobsheet import MANIFEST
from mailer.settings import Settings
from mailer.store.engine import Session
from mailer.store.jobs import hand_overs, jobs

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that goes into the pack as it is: its name there and its content."""

    name: str
    content: bytes


def count_of(pieces: str) -> int:
    """How many numbers "1-16,18" holds."""
    return sum(last - first + 1 for first, last in spans(pieces))


def drops_of(session: Session, mail: MailFolder, mailing: Mailing, events: Sequence[Event]) -> list[Deposit]:
    """The hand-overs of a mailing in the order in which they were recorded."""
    numbers = {job.id: job.number for job in jobs(session, mailing)}
    names = {
        (numbers[one.job_id], one.pieces): one.receipt_name or "" for one in hand_overs(session, mailing)
    }
    added, found = dict[int, tuple[Event, DropReceiptAdded]](), list[Deposit]()
    for event in events:
        if isinstance(later := said(event), DropReceiptAdded):
            added[later.drop] = (event, later)
    for event in events:
        if isinstance(dropped := said(event), JobDropped):
            number, name = len(found) + 1, names.get((dropped.job, dropped.pieces), "") or "receipt"
            found.append(_deposit(mail, mailing.campaign, number, (event, dropped), name, added.get(number)))
    return found


def _deposit(
    mail: MailFolder,
    campaign: str,
    number: int,
    recorded: tuple[Event, JobDropped],
    receipt_name: str,
    added: tuple[Event, DropReceiptAdded] | None,
) -> Deposit:
    event, dropped = recorded
    zone = _zone_then(dropped.at, mail.settings.firm.time_zone)
    at, counts_on = dropped.at.astimezone(zone), dropped.counts_on
    counted = counts_as_mailed_on(at, mail.settings.mailroom.cut_off, "usps", mail.closings)
    recorded_on = event.recorded_at.astimezone(zone).date()
    why = counted.step.why
    remarks = []
    if counted.day != counts_on:
        why = "as it was recorded then"
        remarks.append(
            f"By the collections and closings in mailer.toml now it would count as {spoken(counted.day)}: "
            "they were changed after the hand-over."
        )
    if not event.rehearsal and recorded_on != at.date():
        remarks.append(
            f"It was recorded on {spoken(recorded_on)}, not on the day of the hand-over: whoever recorded "
            "it relied on memory or notes."
        )
    receipt = dropped.receipt or (added[1].receipt if added else "")
    if added is not None:
        remarks.append(
            f"The receipt was added on {spoken(added[0].recorded_at.astimezone(zone).date())} (event "
            f"{added[0].seq}), after the hand-over had been recorded."
        )
    if not receipt:
        remarks.append(
            "No receipt of the post was recorded: the deposit rests on the declarant’s word and on the "
            "ledger."
        )
    return Deposit(
        number=number,
        job=dropped.job,
        pieces=dropped.pieces,
        count=count_of(dropped.pieces),
        at=at,
        counts_on=counts_on,
        why=why,
        by=dropped.by,
        place=dropped.place,
        mail_class=dropped.mail_class,
        left_out=dropped.left_out,
        reason=dropped.reason,
        receipt=receipt,
        receipt_name=receipt_name if receipt else "",
        receipt_file=f"receipts/{campaign}-{number}-{safe_name(receipt_name)}" if receipt else "",
        event=event,
        recorded_on=recorded_on,
        receipt_added=added[0] if added else None,
        party=party(dropped.by, mail.settings),
        remarks=tuple(remarks),
    )


def _zone_then(at: datetime, now: tzinfo) -> tzinfo:
    """The firm's zone of today, where the recorded hour is one of it; else the recorded offset from UTC."""
    known = at.tzinfo or now
    return now if at.utcoffset() == at.astimezone(now).utcoffset() else known


def party(name: str, settings: Settings) -> str:
    """Why the person who handed the mail over may count as a party, or ""."""
    person, firm = _plain(name), _plain(settings.firm.name)
    if person == firm:
        return f"The record names the firm itself, {name}; a person must declare."
    if person == _plain(settings.signature.name):
        title = settings.signature.title
        return f"{name}, {title}, signs the firm’s letters and so may count as a party to the matter."
    return ""


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace(".", " ").replace(",", " ").split())


def safe_name(name: str) -> str:
    """A file name that every system takes, its suffix kept."""
    safe = _UNSAFE.sub("-", name).strip("-.") or "receipt"
    stem, dot, suffix = safe.rpartition(".")
    return f"{stem[:60]}{dot}{suffix[:8]}" if stem else safe[:60]


def receipts(mail: MailFolder, drops: Sequence[Deposit]) -> Iterator[Kept]:
    """The receipts as they were stored. Raises MailerError naming one that is missing or was changed."""
    for drop in drops:
        if not drop.receipt:
            continue
        try:
            content = mail.store.files.get(drop.receipt)
        except MailerError as error:
            raise MailerError(
                f"the receipt {drop.receipt_name} of the hand-over on {spoken(drop.at.date())} is missing "
                f"or was changed: {error.what}",
                where=error.where,
                todo="Restore that file from a backup of files/; the hand-over is not proved without it.",
            ) from None
        yield Kept(drop.receipt_file, content)


def papers(mail: MailFolder, jobs: Sequence[Production]) -> Iterator[Kept]:
    """The pages that the pre-printed paper of the jobs carried, each once. Raises as `paper`."""
    for sha256, job in {job.paper: job for job in jobs if job.paper}.items():
        yield Kept(f"paper/{sha256[:12]}.pdf", paper(mail, job))


def paper(mail: MailFolder, job: Production) -> bytes:
    """The page that the job's pre-printed paper carried. Raises MailerError where it is missing or was
    changed.
    """
    try:
        return mail.store.files.get(job.paper)
    except MailerError as error:
        raise MailerError(
            f"the page of the pre-printed paper of job {job.number} is missing or was changed: {error.what}",
            where=error.where,
            todo="Restore that file from a backup of files/.",
        ) from None


def jobs_of(
    session: Session, root: Path, mailing: Mailing, events: Sequence[Event]
) -> tuple[list[Production], list[Kept]]:
    """The jobs, and their manifest.csv where it is still as it was recorded."""
    folders = {job.number: job.folder for job in jobs(session, mailing)}
    found, kept = [], []
    for event in events:
        if not isinstance(produced := said(event), JobProduced):
            continue
        number, folder = produced.job, folders.get(produced.job, "")
        content, missing = _listing(root / folder / MANIFEST if folder else None, produced.manifest)
        file = f"jobs/{mailing.campaign}-job-{number}-{MANIFEST}" if content is not None else ""
        if content is not None:
            kept.append(Kept(file, content))
        found.append(
            Production(
                number,
                produced.pieces,
                count_of(produced.pieces),
                produced.manifest,
                event,
                file,
                missing,
                produced.paper or "",
            )
        )
    return found, kept


def _listing(path: Path | None, sha256: str) -> tuple[bytes | None, str]:
    if path is None or not path.is_file():
        return None, "its folder is gone, so its manifest is not in this pack"
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        return None, "its manifest.csv was changed after it was recorded, so it is not in this pack"
    return content, ""
