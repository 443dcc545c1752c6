"""The page put where it is to be, in a folder of this machine or by SFTP: whole or not at all.

It is written beside the old one, which then gets another name, the new one its name, and the old one goes.
Whoever kills it between these two namings leaves the old page whole beside its place: the next run puts it
back first.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import quote

from mailer.errors import MailerError
from mailer.givenfile import require_new
from mailer.mailservice.secrets import SITE, secret
from mailer.place import Directory, Place, said, sftp_address
from mailer.tomlfile import Table

OURS: Final = ".made-by-mailer"  # it names the page's files; a folder with no others may be written anew
PASSWORD: Final = "SITE_PASSWORD"  # noqa: S105 (the variable's name)
_SO: Final = "Write  --deploy sftp://user@host/path/of/it"
_WHOLE: Final = "The page that stood there is as it was. Mend it, and run this again."


class SiteSecrets(Table):
    """The password of the SFTP account, where it has no key."""

    password: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a page is to stand: `name` in `place`; `shown` is what people call it."""

    place: Place
    name: str
    shown: str


def spot(where: str, root: Path) -> Spot:
    """The folder that `where` names: a path, or sftp://user@host/path. Links to it are followed.

    Raises MailerError where it can't be one, is among the mail folder's own, or its server can't be reached.
    """
    if "://" in where:
        return _by_sftp(where, root)
    require_new(Path(where), "", root)
    return on_disk(Path(where))


def on_disk(folder: Path) -> Spot:
    """A folder of this machine; those above it are made."""
    real = folder.resolve()
    real.parent.mkdir(parents=True, exist_ok=True)
    return Spot(Directory(real.parent, public=True), real.name, str(folder))


def put(files: Mapping[str, bytes], at: Spot) -> None:
    """Write `files` there, by their paths, in place of the page before.

    Raises MailerError where something lies there that mailer did not make, or where it can't be written; the
    page before is whole then.
    """
    try:
        _put_back(at)
        if stranger := _stranger(at):
            raise MailerError(
                f"holds something that mailer did not make: {stranger}.",
                where=at.shown,
                todo="Move it away, or name an empty or a new folder.",
            )
        ours = (f".{at.name}-new-", f".{at.name}-old-")
        left = [one for one in at.place.names("") if one.startswith(ours)]
        _replace(files, at)
        for one in left:
            with suppress(OSError):
                at.place.remove(one)
    except OSError as error:
        raise MailerError(f"can't be written: {said(error)}.", where=at.shown, todo=_WHOLE) from error
    finally:
        at.place.close()


def _replace(files: Mapping[str, bytes], at: Spot) -> None:
    token = secrets.token_hex(4)
    fresh, before = (f".{at.name}-{word}-{token}" for word in ("new", "old"))
    try:
        _write({**files, OURS: "\n".join(files).encode()}, at.place, fresh)
        try:
            if at.name in at.place.names(""):
                at.place.move(at.name, before)
            at.place.move(fresh, at.name)
        except BaseException:
            with suppress(OSError):  # it is not there, or the new one has come to stand there all the same
                at.place.move(before, at.name)
            raise
    except TimeoutError:
        raise  # to ask once more would be as long a wait; the next run removes what is left
    except BaseException:
        with suppress(OSError):
            at.place.remove(fresh)
        raise
    with suppress(OSError):
        at.place.remove(before)


def _write(files: Mapping[str, bytes], place: Place, folder: str) -> None:
    made = set[PurePosixPath]()
    for name, content in files.items():
        path = PurePosixPath(folder, name)
        for above in reversed(path.parents[:-1]):
            if above not in made:
                place.make(str(above))
                made.add(above)
        place.write(str(path), content)


def _put_back(at: Spot) -> None:
    """The page that a run left beside its place when it was killed between the two namings."""
    names = at.place.names("")
    old = sorted(one for one in names if one.startswith(f".{at.name}-old-"))
    if old and at.name not in names:
        at.place.move(old[-1], at.name)


def _stranger(at: Spot) -> str:
    """A file in the folder that is none of the page's, "" where there is none."""
    try:
        found = at.place.files(at.name)
    except FileNotFoundError:
        return ""
    ours = set[str]()
    if OURS in found:
        ours = {OURS, *at.place.read(f"{at.name}/{OURS}").decode(errors="replace").split("\n")}
    if ours == {OURS, ""}:  # an older mailer named none
        return ""
    return next((one for one in sorted(found) if one not in ours), "")


def _by_sftp(where: str, root: Path) -> Spot:
    from mailer.sftp import Sftp  # noqa: PLC0415 (imports paramiko)

    try:
        address = sftp_address(where, PASSWORD)
    except ValueError as error:
        raise MailerError(f"it can't be put there: {error}.", where="--deploy", todo=_SO) from None
    if not address.path.strip("/"):
        raise MailerError("it can't be put there: no folder is named.", where=where, todo=_SO)
    password = secret(root, SITE, SiteSecrets, PASSWORD, "password")
    there = Sftp(address, password)
    try:
        real = PurePosixPath(there.real())
    except OSError as error:
        raise MailerError(
            f"can't be reached: {said(error)}.",
            where=where,
            todo=f"See that  sftp {address.netloc}  lets you in; a password goes into {PASSWORD}.",
        ) from error
    finally:
        there.close()
    return Spot(Sftp(address._replace(path=quote(f"{real.parent}/.")), password), real.name, where)
