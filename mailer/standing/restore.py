"""`mailer restore`: a mail folder again from a backup, as a whole or not at all.

The archive is unpacked and verified beside the folder and renamed into its place. A folder that was there is
kept beside, and its `ledger.head`, keys and journals of what went go into the restored one: they know how far
it came. The restored database is an older copy until `mailer settle` (mailer.store.copies.ledgerhead).
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mailer.errors import MailerError, Refused
from mailer.givenfile import read_given
from mailer.mailservice.registry import journals, tables
from mailer.mailservice.secrets import FILE as SECRETS
from mailer.mailservice.sidefile import copy_side_file
from mailer.place import address_of
from mailer.planning.mailfolder import open_folder
from mailer.progress import Progress, silent
from mailer.settings import FILE
from mailer.standing.audit import verify
from mailer.store.commandlock import alone
from mailer.store.copies.archive import ABOUT, Damaged, make_private, opened_archive
from mailer.store.copies.databasecopy import NAME, copy_in, files_named, require_whole
from mailer.store.copies.ledgerhead import FILE as HEAD


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored. `missing` are files that the record names and the archive has not, by their hash, or
    has otherwise; `before` is where the folder that was there is now.
    """

    folder: Path
    made_at: str
    events: int
    pieces: int
    missing: tuple[str, ...]
    before: Path | None


KEPT: Final = (HEAD, SECRETS)
_LARGEST: Final = 1_000_000  # bytes of one of these


def restore(
    archive: Path, folder: Path, *, over: bool, database: str, progress: Progress = silent
) -> Restored:
    """Make `folder` from the archive. `database` is "" for SQLite in it, or an empty PostgreSQL database.

    Raises Refused where the folder holds anything, unless `over`, or another restore is making it; Damaged
    where the archive is not what a backup wrote. Killed anywhere it is run again.
    """
    folder = folder.resolve()
    if not folder.name:
        raise MailerError("is no folder of its own.", where=str(folder), todo="Name a new one.")
    if not folder.parent.is_dir():
        raise MailerError("is not there.", where=str(folder.parent), todo="Make that folder first.")
    lock = folder.with_name(f".{folder.name}.restoring.lock")
    with alone(lock.parent, lock.name, f"restoring {folder.name}"):
        try:
            return _made(archive, folder, over=over, database=database, progress=progress)
        finally:
            with suppress(OSError):  # Windows takes no file away that is held
                lock.unlink()  # filelock sees that a lock's file is gone


def _made(archive: Path, folder: Path, *, over: bool, database: str, progress: Progress) -> Restored:
    staging, before = (
        folder.with_name(f".{folder.name}.restoring"),
        folder.with_name(f"{folder.name}.before-restore"),
    )
    if over and before.exists() and not folder.exists():
        before.rename(folder)  # killed between the two renames
    _require_place(folder, before, over=over)
    _require_database(database)
    with opened_archive(archive) as reader:
        make_private(staging)
        try:
            reader.unpack(staging, progress)
            about = reader.about
            events, pieces, named = _verified(archive, staging, str(about.get("head", "")), progress)
            missing = tuple(sorted(named - reader.stored()))
            (staging / ABOUT).unlink()
            kept = folder if over and folder.exists() else None
            for name in KEPT:
                if kept and (kept / name).exists():
                    (staging / name).write_bytes(read_given(kept / name, _LARGEST))
            for name in journals().values():
                if kept and (kept / name).exists():
                    copy_side_file(kept / name, staging / name)
            if database:
                copy_in(staging, database)
                (staging / NAME).unlink()
            os.sync()
            if kept:
                kept.rename(before)
            staging.rename(folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return Restored(folder, str(about.get("made_at", "")), events, pieces, missing, before if kept else None)


def _require_place(folder: Path, before: Path, *, over: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise MailerError("is a file.", where=str(folder), todo="Name a new folder.")
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not over:
        raise Refused(
            "is not empty; nothing was changed.",
            where=str(folder),
            todo="Name a new folder. In place of this one, which is then kept beside it: --over",
        )
    if before.exists():
        raise Refused(
            "is there from an earlier restore; nothing was changed.",
            where=str(before),
            todo="Move it away, or remove it.",
        )


def _require_database(database: str) -> None:
    if database and address_of(database).scheme.partition("+")[0] not in ("postgresql", "postgres"):
        raise Refused(
            "names a SQLite file, and a backup is restored into the folder's own.",
            where="MAILER_DATABASE_URL",
            todo="Unset it for the restore, then move mailer.db to where it is to be.",
        )


def _verified(archive: Path, staging: Path, head: str, progress: Progress) -> tuple[int, int, set[str]]:
    """How many events and pieces the unpacked database holds, and which stored files it names.

    Raises Damaged, ChainBroken and its like.
    """
    for name in (FILE, NAME):
        if not (staging / name).is_file():
            raise Damaged(f"holds no {name}.", archive)
    require_whole(staging)
    with open_folder(staging, fixed=None, database="", services=tables()) as mail:
        with suppress(ValueError, LookupError, TypeError):  # a row of no mailer's: `verify` says it
            if mail.store.older_copy() is None:
                raise Damaged("holds a database that is no copy of a backup.", archive)
        found = verify(mail, head=head, progress=progress)
        with mail.store.read() as session:
            return found.events, found.pieces, files_named(session)
