"""A backup as one ZIP file: any unzip opens it, and `sha256sum -c SHA256SUMS` proves its content.

It begins with backup.json (what it is) and ends with SHA256SUMS (every other entry's hash). It is a mail
folder: unpacked by hand it opens too. What is read from one is not trusted: names stay within the folder,
nothing is a link, and no more is unpacked than the disk holds.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

from mailer.errors import NONSENSE, MailerError, Refused, in_words
from mailer.givenfile import DAMAGED_ZIP
from mailer.progress import Progress, silent

ABOUT: Final = "backup.json"
SUMS: Final = "SHA256SUMS"
FORMAT: Final = 1
_PIECE: Final = 1 << 20  # bytes that are in memory at once
_OLDEST: Final = (1980, 1, 1, 0, 0, 0)  # before which ZIP has no time
_NEVER: Final = frozenset({"ledger.head", "secrets.toml"})  # never of a backup: they stay where they are
_LONGEST: Final = 255  # bytes of a name
_DEEPEST: Final = 30  # folders in one another
_OURS: Final = stat.S_IFREG | 0o600


class Damaged(MailerError):
    """The archive is not what a backup wrote."""

    def __init__(self, what: str, path: Path) -> None:
        super().__init__(what, where=str(path), todo="Nothing was restored. Use another backup.")


class Writer:
    """The archive being written into `file`."""

    def __init__(self, file: IO[bytes], sums: IO[str], about: dict[str, Any]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._sums = sums
        self._put_text(ABOUT, json.dumps(about, indent=2) + "\n")

    def add(self, source: Path, name: str, *, packed: bool = True) -> tuple[str, int]:
        """One file; its SHA-256 and size. `packed`: it is worth compressing."""
        if re.search(r"[\x00-\x1f\x7f\\\ud800-\udfff]", name) or not _is_inside(name):
            raise MailerError(
                "has a name that other systems can't have.", where=str(source), todo="Rename it."
            )
        entry = zipfile.ZipInfo(name, _OLDEST)
        entry.external_attr = _OURS << 16
        entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        digest, size = hashlib.sha256(), 0
        with source.open("rb") as reading, self._zip.open(entry, "w", force_zip64=True) as writing:
            while part := reading.read(_PIECE):
                digest.update(part)
                size += len(part)
                writing.write(part)
        self._sums.write(f"{digest.hexdigest()}  {name}\n")
        return digest.hexdigest(), size

    def close(self) -> None:
        """The list of hashes, and the archive's end."""
        self._sums.flush()
        entry = zipfile.ZipInfo(SUMS, _OLDEST)
        entry.external_attr, entry.compress_type = _OURS << 16, zipfile.ZIP_DEFLATED
        with Path(self._sums.name).open("rb") as reading, self._zip.open(entry, "w") as writing:
            shutil.copyfileobj(reading, writing, _PIECE)
        self._zip.close()

    def abandon(self) -> None:
        """Let go of the file, which is to be removed."""
        with suppress(OSError, ValueError):
            self._zip.close()

    def _put_text(self, name: str, content: str) -> None:
        entry = zipfile.ZipInfo(name, _OLDEST)
        entry.external_attr, entry.compress_type = _OURS << 16, zipfile.ZIP_DEFLATED
        self._zip.writestr(entry, content)
        self._sums.write(f"{hashlib.sha256(content.encode()).hexdigest()}  {name}\n")


class Reader:
    """An archive that somebody names. Every method raises Damaged."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self._path = path
        self._zip = archive
        self.about = self._about()
        self._sums = self._listed()

    def verify(self, progress: Progress) -> None:
        """Read every entry to its end, and compare it with its hash."""
        for done, name in enumerate(self._sums, 1):
            for _ in self._content(name):
                pass
            progress("verifying", done, len(self._sums))

    def unpack(self, folder: Path, progress: Progress) -> None:
        """Write every entry below `folder`, comparing its hash. Raises Refused where it has no room."""
        need = sum(entry.file_size for entry in self._zip.infolist())
        free = shutil.disk_usage(folder).free
        if need > free:
            raise Refused(
                f"unpacks to {need:,} bytes, and {free:,} are free.",
                where=str(self._path),
                todo="Make room, or name a folder on another disk.",
            )
        for done, name in enumerate(self._sums, 1):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                for part in self._content(name):
                    file.write(part)
            progress("restoring", done, len(self._sums))

    def stored(self) -> set[str]:
        """The SHA-256 of each stored file that is there and is what its name says."""
        return {digest for name, digest in self._sums.items() if name == f"files/{digest[:2]}/{digest}"}

    def _content(self, name: str) -> Iterator[bytes]:
        digest = hashlib.sha256()
        try:
            with self._zip.open(name) as file:
                while part := file.read(_PIECE):
                    digest.update(part)
                    yield part
        except DAMAGED_ZIP as error:
            raise self._damaged(f"{name} can't be read: {in_words(error)}.") from None
        if digest.hexdigest() != self._sums[name]:
            raise self._damaged(f"{name} is not what was backed up: its hash differs.")

    def _about(self) -> dict[str, Any]:
        entries = self._zip.infolist()
        names = [entry.filename for entry in entries]
        if ABOUT not in names or SUMS not in names:
            raise self._damaged("is no backup of a mail folder.")
        if len({name.casefold() for name in names}) != len(names):
            raise self._damaged("names a file twice.")
        for entry in entries:
            kind = stat.S_IFMT(entry.external_attr >> 16)
            if not _is_inside(entry.filename) or kind not in (0, stat.S_IFREG):
                raise self._damaged(f"holds {entry.filename!r}, which is no file within a folder.")
            if entry.flag_bits & 1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise self._damaged(f"holds {entry.filename!r} as no backup writes it.")
        folders = {str(above).casefold() for name in names for above in PurePosixPath(name).parents}
        if both := folders & {name.casefold() for name in names}:
            raise self._damaged(f"holds {min(both)!r} as a file and as a folder.")
        if sum(entry.compress_size for entry in entries) > self._path.stat().st_size:
            raise self._damaged("holds more than it is long.")
        about = _told(self._small(ABOUT, 1 << 20))
        if about is None:
            raise self._damaged(f"has no {ABOUT} that can be read.")
        if about["format"] > FORMAT:
            raise MailerError(
                f"is a backup of format {about['format']}; this mailer knows {FORMAT}.",
                where=str(self._path),
                todo="Install the mailer that made it, or a later one.",
            )
        return about

    def _listed(self) -> dict[str, str]:
        """The hash of every entry but the list itself, by name; ZIP's list and ours are the same."""
        names = {entry.filename for entry in self._zip.infolist()} - {SUMS}
        found: dict[str, str] = {}
        for line in self._small(SUMS, 400 * (len(names) + 1)).decode(errors="replace").splitlines():
            match = re.fullmatch(r"([0-9a-f]{64})  (.+)", line)
            if match is None or match[2] in found:
                raise self._damaged(f"{SUMS} can't be read.")
            found[match[2]] = match[1]
        if set(found) != names:
            raise self._damaged(f"{SUMS} and the content differ: {min(set(found) ^ names)!r}.")
        if hashlib.sha256(self._small(ABOUT, 1 << 20)).hexdigest() != found[ABOUT]:
            raise self._damaged(f"{ABOUT} is not what was backed up: its hash differs.")
        return found

    def _small(self, name: str, limit: int) -> bytes:
        try:
            with self._zip.open(name) as file:
                content = file.read(limit + 1)
        except DAMAGED_ZIP as error:
            raise self._damaged(f"{name} can't be read: {in_words(error)}.") from None
        if len(content) > limit:
            raise self._damaged(f"{name} is too large.")
        return content

    def _damaged(self, what: str) -> Damaged:
        return Damaged(what, self._path)


def _told(content: bytes) -> dict[str, Any] | None:
    """What the archive says of itself; None where that can't be believed."""
    try:
        about: dict[str, Any] = json.loads(content)
        about["made_at"] = str(datetime.fromisoformat(about["made_at"]))
        return about if type(about["format"]) is int else None
    except NONSENSE:
        return None


@contextmanager
def opened_archive(path: Path) -> Iterator[Reader]:
    """The archive at `path`. Raises Damaged, and MailerError where there is none."""
    if path.exists() and not path.is_file():
        raise MailerError("is not a file.", where=str(path), todo="Name the backup's file.")
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise MailerError("is not there.", where=str(path), todo="Name the backup's file.") from None
    except (zipfile.BadZipFile, *NONSENSE) as error:
        raise Damaged(
            f"is not a whole ZIP file ({in_words(error)}): cut short, or no backup.", path
        ) from None
    except OSError as error:
        raise MailerError(f"can't be read: {error.strerror}.", where=str(path), todo="Look at it.") from None
    with archive:
        yield Reader(path, archive)


@contextmanager
def written_archive(path: Path, sums: Path, about: dict[str, Any]) -> Iterator[Writer]:
    """An archive for the owner alone that is at `path` once the block ends well: read again, and on the disk.
    `sums` is a file to work with.

    Raises Refused where something is there by then: nothing is overwritten.
    """
    beside = path.with_name(f".{path.name}.part")
    beside.unlink(missing_ok=True)  # of a command that was killed
    try:
        with (
            open(beside, "x+b", opener=partial(os.open, mode=0o600)) as file,
            sums.open("w", encoding="utf-8") as listing,
        ):
            archive = Writer(file, listing, about)
            try:
                yield archive
                archive.close()
            except BaseException:
                archive.abandon()
                raise
            file.flush()
            os.fsync(file.fileno())
        with opened_archive(beside) as written:
            written.verify(silent)
        require_free(path)
        beside.rename(path)
    finally:
        beside.unlink(missing_ok=True)


def make_private(folder: Path) -> None:
    """Make `folder`, empty and for the owner alone; what a killed command left there is removed."""
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise MailerError(
            f"can't be written in: {error.strerror}.", where=str(folder.parent), todo="Name another folder."
        ) from None


def require_free(path: Path) -> None:
    """Raises Refused where something is at `path`."""
    if path.exists() or path.is_symlink():
        raise Refused("is there already.", where=str(path), todo="Name another file, or move that one away.")


def _is_inside(name: str) -> bool:
    """Is it a plain relative path, which stays below the folder that it is joined to; nothing hidden."""
    parts = PurePosixPath(name).parts
    return (
        bool(parts)
        and not name.startswith("/")
        and "\\" not in name
        and ":" not in parts[0]
        and not any(part.startswith(".") or not part for part in name.split("/"))
        and all(len(part.encode(errors="replace")) <= _LONGEST for part in (*parts[:_DEEPEST], *parts[-1:]))
        and len(parts) <= _DEEPEST
        and name.casefold() not in _NEVER
        and not name.casefold().startswith("mailer.db-")  # what SQLite would take for its own journal
    )
