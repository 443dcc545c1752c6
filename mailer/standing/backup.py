"""`mailer backup`: the mail folder as one archive, verified, while other commands work.

The database is copied first and the files after it: a file is there before the row that names it, so that
nothing is named that the archive lacks. Keys of mail services stay out of it.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from mailer import __version__
from mailer.errors import MailerError
from mailer.ledger.chain import Event
from mailer.mailservice.secrets import FILE as SECRETS
from mailer.planning.mailfolder import MailFolder
from mailer.progress import Progress, silent
from mailer.standing.audit import verify
from mailer.store.commandlock import alone
from mailer.store.copies.archive import FORMAT, SUMS, make_private, require_free, written_archive
from mailer.store.copies.databasecopy import NAME, copy_out, files_named, opened_copy, require_whole
from mailer.store.files import LARGEST

LOCK: Final = ".backup.lock"
FOLDERS: Final = ("campaigns", "letterhead", "messages", "page", "policies", "jobs")
BESIDE: Final = (".toml", ".csv", ".xlsx")  # of the folder's own files
_STORED: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What an archive holds. `damaged` are files of the store that are missing, or not what they were: the
    archive has of them what there is.
    """

    path: Path
    size: int
    events: int
    pieces: int
    files: int
    head: str
    damaged: tuple[str, ...]


def back_up(mail: MailFolder, path: Path, *, by: str, progress: Progress = silent) -> BackedUp:
    """Write the mail folder as an archive at `path`, and read it again.

    Raises Refused where something is there already, or a backup is being made; ChainBroken and its like where
    the record does not hold, for such a backup would prove nothing.
    """
    require_free(path)
    if not path.parent.is_dir():
        raise MailerError("is not there.", where=str(path.parent), todo="Make that folder first.")
    with alone(mail.root, LOCK, "making a backup"), _workplace(path) as work:
        copied = copy_out(mail.store, work, mail.stamp(by))
        require_whole(work)
        with opened_copy(work) as copy:
            found = verify(replace(mail, store=copy), progress=progress)
            with copy.read() as session:
                named = files_named(session)
        with written_archive(path, work / SUMS, _about(copied)) as archive:
            archive.add(work / NAME, NAME)
            for source, name in _own_files(mail.root):
                archive.add(source, name)
            damaged, count = set(named), 0
            stored = list(_stored(mail.store.files.folder))
            for source in stored:
                digest, _ = archive.add(source, f"files/{source.parent.name}/{source.name}", packed=False)
                if digest == source.name:
                    damaged.discard(digest)
                else:
                    damaged.add(source.name)
                count += 1
                progress("files", count, len(stored))
    return BackedUp(
        path, path.stat().st_size, found.events, found.pieces, count, copied.hash, tuple(sorted(damaged))
    )


def _about(copied: Event) -> dict[str, object]:
    return {
        "format": FORMAT,
        "mailer": __version__,
        "made_at": copied.recorded_at.isoformat(),
        "events": copied.seq,
        "head": copied.hash,
        "restore": "mailer restore THIS-FILE NEW-FOLDER",
    }


def _own_files(root: Path) -> Iterator[tuple[Path, str]]:
    """What people wrote, and the print room's jobs; nothing hidden and nothing half written."""
    beside = [path for path in root.iterdir() if path.suffix in BESIDE and path.name != SECRETS]
    inside = [path for folder in FOLDERS for path in _below(root / folder)]
    for path in sorted([*beside, *inside]):
        within = path.relative_to(root)
        if path.is_file() and not any(part.startswith(".") for part in within.parts):
            yield path, within.as_posix()


def _below(folder: Path, above: tuple[os.stat_result, ...] = ()) -> Iterator[Path]:
    """What lies in it: a campaign's folder may be a link, for it works as one; one to itself is none."""
    if not folder.is_dir():
        return
    this = folder.stat()
    if not any(os.path.samestat(this, one) for one in above):
        for path in folder.iterdir():
            yield from _below(path, (*above, this)) if path.is_dir() else (path,)


def _stored(files: Path) -> Iterator[Path]:
    named = (path for path in sorted(files.glob("??/*")) if _STORED.fullmatch(path.name))
    return (path for path in named if path.is_file() and path.stat().st_size <= LARGEST)


@contextmanager
def _workplace(path: Path) -> Iterator[Path]:
    """A folder for the owner alone beside the archive; what a killed backup left there is removed."""
    work = path.with_name(f".{path.name}.work")
    make_private(work)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)
