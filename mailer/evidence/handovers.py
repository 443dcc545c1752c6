"""What the ledger says of a mailing's jobs and hand-overs. Times of a hand-over are in the firm's zone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mailer.errors import MailerError
from mailer.evidence.case import Drop, Job
from mailer.ledger.chain import Event
from mailer.ledger.kinds import EventKind
from mailer.ledger.numbers import spans
from mailer.notice.mailingday import counts_as_mailed_on
from mailer.notice.steps import spoken
from mailer.planning.mailfolder import MailFolder
from mailer.printroom.jobsheet import MANIFEST
from mailer.settings import Settings
from mailer.store.events import payload_of
from mailer.store.tables import DropRow, JobRow, MailingRow

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that goes into the pack as it is: its name there and its content."""

    name: str
    content: bytes


def count_of(pieces: str) -> int:
    """How many numbers "1-16,18" holds."""
    return sum(last - first + 1 for first, last in spans(pieces))


def drops_of(session: Session, mail: MailFolder, mailing: MailingRow, events: Sequence[Event]) -> list[Drop]:
    """The hand-overs of a mailing in the order in which they were recorded."""
    rows = select(DropRow.pieces, DropRow.receipt_name, JobRow.number).join(
        JobRow, JobRow.id == DropRow.job_id
    )
    names = {
        (job, pieces): name or ""
        for pieces, name, job in session.execute(rows.where(DropRow.mailing_id == mailing.id))
    }
    dropped = [event for event in events if event.kind == EventKind.DROPPED]
    added = {payload_of(event)["drop"]: event for event in events if event.kind == EventKind.RECEIPT_ADDED}
    found = []
    for number, event in enumerate(dropped, 1):
        said: dict[str, Any] = dict(payload_of(event))
        name = names.get((said["job"], said["pieces"]), "") or "receipt"
        found.append(_drop(mail, mailing.campaign, number, event, name, added.get(number)))
    return found


def _drop(
    mail: MailFolder, campaign: str, number: int, event: Event, receipt_name: str, added: Event | None
) -> Drop:
    said: dict[str, Any] = dict(payload_of(event))
    zone = mail.settings.firm.time_zone
    at, counts_on = datetime.fromisoformat(said["at"]).astimezone(zone), date.fromisoformat(said["counts_on"])
    counted = counts_as_mailed_on(at, mail.settings.mailroom.cut_off, "usps", mail.closings)
    recorded_on = event.recorded_at.astimezone(zone).date()
    why = counted.step.text.partition(": ")[2]
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
    receipt = said["receipt"] or (str(payload_of(added)["receipt"]) if added else "")
    if added is not None:
        remarks.append(
            f"The receipt was added on {spoken(added.recorded_at.astimezone(zone).date())} (event "
            f"{added.seq}), after the hand-over had been recorded."
        )
    if not receipt:
        remarks.append(
            "No receipt of the post was recorded: the deposit rests on the declarant’s word and on the "
            "ledger."
        )
    return Drop(
        number=number,
        job=said["job"],
        pieces=said["pieces"],
        count=count_of(said["pieces"]),
        at=at,
        counts_on=counts_on,
        why=why,
        by=said["by"],
        place=said["place"],
        mail_class=said["class"],
        left_out=said["left_out"],
        reason=said["reason"],
        receipt=receipt,
        receipt_name=receipt_name if receipt else "",
        receipt_file=f"receipts/{campaign}-{number}-{safe_name(receipt_name)}" if receipt else "",
        event=event,
        recorded_on=recorded_on,
        receipt_added=added,
        party=party(said["by"], mail.settings),
        remarks=tuple(remarks),
    )


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


def receipts(mail: MailFolder, drops: Sequence[Drop]) -> Iterator[Kept]:
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


def papers(mail: MailFolder, jobs: Sequence[Job]) -> Iterator[Kept]:
    """The pages that the pre-printed paper of the jobs carried, each once. Raises as `paper`."""
    for sha256, job in {job.paper: job for job in jobs if job.paper}.items():
        yield Kept(f"paper/{sha256[:12]}.pdf", paper(mail, job))


def paper(mail: MailFolder, job: Job) -> bytes:
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
    session: Session, root: Path, mailing: MailingRow, events: Sequence[Event]
) -> tuple[list[Job], list[Kept]]:
    """The jobs, and their manifest.csv where it is still as it was recorded."""
    statement = select(JobRow.number, JobRow.folder).where(JobRow.mailing_id == mailing.id)
    folders = {row.number: row.folder for row in session.execute(statement)}
    jobs, kept = [], []
    for event in events:
        if event.kind != EventKind.PRODUCED:
            continue
        said: dict[str, Any] = dict(payload_of(event))
        folder = folders.get(said["job"], "")
        content, missing = _listing(root / folder / MANIFEST if folder else None, said["manifest"])
        file = f"jobs/{mailing.campaign}-job-{said['job']}-{MANIFEST}" if content is not None else ""
        if content is not None:
            kept.append(Kept(file, content))
        jobs.append(
            Job(
                said["job"],
                said["pieces"],
                count_of(said["pieces"]),
                said["manifest"],
                event,
                file,
                missing,
                said.get("paper") or "",
            )
        )
    return jobs, kept


def _listing(path: Path | None, sha256: str) -> tuple[bytes | None, str]:
    if path is None or not path.is_file():
        return None, "its folder is gone, so its manifest is not in this pack"
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        return None, "its manifest.csv was changed after it was recorded, so it is not in this pack"
    return content, ""
