"""The client page made, looked through, and put where it is to be: whole or not at all."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from mailer.errors import FileProblems, MailerError, Problem
from mailer.planning.mailfolder import MailFolder
from mailer.policies.site.content import SiteContent, content_on
from mailer.policies.site.lint import not_for_everybody
from mailer.policies.site.pages import rendered
from mailer.settings import FILE
from mailer.store.files import write_whole
from mailer.store.listed.clients import in_chunks

OURS: Final = ".made-by-mailer"  # a folder with this file may be written anew


@dataclass(frozen=True, slots=True)
class Site:
    """What was made: where, how many files, and their bytes in all."""

    folder: Path
    files: int
    size: int
    issues: int


def build(mail: MailFolder, day: date, folder: Path) -> Site:
    """Make the page of `day` in `folder`. What stood there stays until the new one is whole.

    Raises FileProblems for a price, a client's name or an issue without pages, MailerError where the folder
    holds something else.
    """
    content = content_on(mail, day)
    problems = list(_problems(mail, content))
    if problems:
        raise FileProblems(problems, todo="The page was not written.")
    letterhead = mail.letterhead()
    files = rendered(mail.root, content, letterhead, mail.settings.site.url, mail.clock.now())
    put(files, folder)
    return Site(folder, len(files), sum(map(len, files.values())), len(content.issues))


def put(files: Mapping[str, bytes], folder: Path) -> None:
    """Write `files` as `folder`, whole or not at all."""
    if folder.exists() and not _may_replace(folder):
        raise MailerError(
            "holds something that mailer did not make.",
            where=str(folder),
            todo="Name an empty or a new folder.",
        )
    token = secrets.token_hex(4)
    fresh, before = (folder.with_name(f".{folder.name}-{word}-{token}") for word in ("new", "old"))
    try:
        for name, content in {**files, OURS: b""}.items():
            write_whole(fresh / name, content)
        for path in (fresh, *fresh.rglob("*")):  # for a web server of another user
            path.chmod(0o755 if path.is_dir() else 0o644)
        if folder.exists():
            folder.rename(before)
        try:
            fresh.rename(folder)
        except OSError:
            with suppress(OSError):
                before.rename(folder)
            raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(before, ignore_errors=True)


def _may_replace(folder: Path) -> bool:
    return folder.is_dir() and ((folder / OURS).is_file() or not any(folder.iterdir()))


def _problems(mail: MailFolder, content: SiteContent) -> Iterator[Problem]:
    profile = content.profile
    own = (
        *(way.note for way in profile.ways),
        *(one.what for one in profile.response_times),
        *(one.name for one in content.closings),
        profile.after_hours,
        profile.emergency,
        profile.accounts,
        profile.tagline,
    )
    texts = {FILE: "\n".join(f"<p>{text}</p>" for text in own)}
    texts |= {one.policy.path: one.html for one in content.policies}
    texts |= {f"campaigns/{one.name}": one.html for one in content.issues}
    ours = {
        profile.phone,
        profile.email,
        profile.name,
        profile.signer,
        *(one.number for one in profile.phones),
    }
    clients = (set(one) - ours for one in _known(mail))
    for where, what in not_for_everybody(texts, clients):
        yield Problem(where, 0, f"{what}; the page is for everybody")


def _known(mail: MailFolder) -> Iterator[tuple[str, ...]]:
    """What every client is known by."""
    with mail.store.read() as session:
        for clients in in_chunks(session):
            for one in clients:
                yield one.company, one.contact, one.email, one.phone
