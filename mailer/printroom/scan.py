"""`mailer scan`: what the marks on a job's sheets say, compared with its manifest. It records nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mailer.errors import Refused
from mailer.planning.mailfolder import MailFolder
from mailer.printroom.job import produced_job
from mailer.printroom.jobfiles import manifest_of
from mailer.printroom.sheetmarks import Scan, compare, read_marks
from mailer.store.jobs import withdrawn


@dataclass(frozen=True, slots=True)
class Scanned:
    """A job's name, and what was found in it."""

    job: str
    found: Scan


def scan(mail: MailFolder, name: str, lines: Iterable[str], *, number: int | None) -> Scanned:
    """Compare marks, one a line, with the produced job of that number, or the only one that is waiting.

    Raises Refused where there is no such job or nothing was read, MailerError where its manifest can't be
    trusted.
    """
    with mail.store.read() as session:
        mailing, job = produced_job(session, name, number)
        gone = frozenset(mailing.label(number) for number in withdrawn(session, mailing, job))
    listed = manifest_of(mail, job)
    read = list(read_marks(lines))
    if not read:
        raise Refused(
            "no mark was read.",
            where=name,
            todo="Type or scan one mark a line, like  12 1/2  or  0012/0052 1of2",
        )
    return Scanned(Path(job.folder).name, compare(read, listed, gone))
