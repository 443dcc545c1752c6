"""A produced job's files, trusted only while they are those that were recorded."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from mailer.errors import MailerError
from mailer.ledger.kinds import EventKind
from mailer.planning.mailfolder import MailFolder
from mailer.printroom.jobsheet import MANIFEST
from mailer.printroom.manifest import Listed, read_manifest
from mailer.store.events import events_of, payload_of
from mailer.store.tables import JobRow, MailingRow


def manifest_of(mail: MailFolder, job: JobRow) -> tuple[Listed, ...]:
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


def require_recorded(session: Session, mailing: MailingRow, job: JobRow, files: Sequence[Path]) -> None:
    """Raises MailerError where a print file is missing, or is not the one that was recorded."""
    said = next(
        payload_of(event)
        for event in reversed(list(events_of(session, mailing.subject)))
        if event.kind == EventKind.PRODUCED and payload_of(event)["job"] == job.number
    )
    known = dict(line.split(" ") for line in str(said.get("files", "")).splitlines())
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
