"""A produced job's manifest.csv, trusted only while it is the one that was recorded."""

from __future__ import annotations

import hashlib

from mailer.delivery.manifest import Listed, read_manifest
from mailer.delivery.print_room import MANIFEST
from mailer.errors import MailerError
from mailer.store.tables import JobRow
from mailer.workflow.folder import MailFolder


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
