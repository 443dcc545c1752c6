"""Reading a job's manifest.csv back: which piece lies where. `mailer.printroom.jobsheet` writes it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from mailer.errors import NONSENSE, MailerError, in_words


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """One row: the piece at `place` (from 1) of the job, its pages, its sheets of paper, its print file."""

    place: int
    label: str
    pages: int
    sheets: int
    file: str

    @property
    def is_booklet(self) -> bool:
        """Folded sheets have four pages each."""
        return self.pages > 2 * self.sheets


def read_manifest(content: bytes, *, shown: str) -> tuple[ManifestRow, ...]:
    """The rows in the order of the job. `shown` is how a message names the file.

    Raises MailerError where it is no manifest.
    """
    try:
        rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        listed = tuple(
            ManifestRow(
                int(row["place"]),
                row["piece"].removeprefix("'"),
                int(row["pages"]),
                int(row["sheets"]),
                row["file"].removeprefix("'"),
            )
            for row in rows
        )
    except (csv.Error, *NONSENSE) as error:
        raise MailerError(
            f"is not a job's manifest ({in_words(error)}).",
            where=shown,
            todo="Restore the job folder from a backup.",
        ) from None
    return listed


def files_of(listed: Iterable[ManifestRow]) -> tuple[str, ...]:
    """The print files, in the order of the job."""
    return tuple(dict.fromkeys(row.file for row in listed))
