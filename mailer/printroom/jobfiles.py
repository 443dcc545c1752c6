"""A produced job's files, trusted only while they are those that were recorded."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from mailer.errors import MailerError
from mailer.ledger.events import JobProduced
from mailer.ledger.records import Mailing, PrintJob
from mailer.planning.mailfolder import MailFolder
from mailer.printroom.jobsheet import MANIFEST
from mailer.printroom.manifest import ManifestRow, read_manifest
from mailer.store.engine import Session
from mailer.store.record.events import happened


def manifest_of(mail: MailFolder, job: PrintJob) -> tuple[ManifestRow, ...]:
    """The pieces of the job in their order.

    Raises MailerError where the job's folder is gone, or its manifest was changed after it was recorded.
    """
    shown = f"{job.folder}/{MANIFEST}"
    try:
        content = (mail.root / job.folder / MANIFEST).read_bytes()
    except OSError as error:
        raise MailerError(
            f"cannot be read: {error.strerror}.",
            where=shown,
            todo="Restore the job's folder, or record that the job was destroyed and print it again.",
        ) from None
    if hashlib.sha256(content).hexdigest() != job.manifest:
        raise MailerError(
            "was changed after it was recorded.",
            where=shown,
            todo="Restore it from a backup; a copy is for working on.",
        )
    return read_manifest(content, shown=shown)


def require_recorded(session: Session, mailing: Mailing, job: PrintJob, files: Sequence[Path]) -> None:
    """Raises MailerError where a print file is missing, or is not the one that was recorded."""
    produced = happened(session, mailing.subject, JobProduced)
    *_, last = (one for _, one in produced if one.job == job.number)
    known = last.hashes
    for file in files:
        if not file.is_file():
            raise MailerError("is missing.", where=str(file), todo="Restore the job's folder from a backup.")
        if file.name in known and file_sha256(file) != known[file.name]:
            raise MailerError(
                "was changed after it was made: it is not what was recorded.",
                where=str(file),
                todo="Restore it from a backup, or record that the job was destroyed and print it again.",
            )


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
