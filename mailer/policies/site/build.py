"""The client page made, looked through, and put where it is to be: whole or not at all."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from mailer.errors import FileProblems, MailerError, Problem
from mailer.givenfile import read_given, require_new
from mailer.pages.issuetext import words_of
from mailer.pages.readable import readable
from mailer.planning.mailfolder import MailFolder
from mailer.policies.site.content import SiteContent, content_on
from mailer.policies.site.lint import not_for_everybody
from mailer.policies.site.pages import rendered
from mailer.settings import FILE
from mailer.store.files import write_whole
from mailer.store.listed.clients import in_chunks

OURS: Final = ".made-by-mailer"  # it names the page's files; a folder with no others may be written anew
_LARGEST_MARK: Final = 1_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Coming:
    """What is on the page from `day` on, the day on which it counts as mailed."""

    day: date
    issues: int
    new_hours: bool
    policies: int


@dataclass(frozen=True, slots=True)
class Site:
    """What was made: how many files, and their bytes in all.

    `left_out` are issues that may not stand there, each with what it does: "states a price, $140.00".
    `coming` was handed over and does not count yet.
    """

    files: int
    size: int
    issues: int
    left_out: Mapping[str, str]
    coming: Coming | None


def build(mail: MailFolder, day: date, folders: Sequence[Path]) -> Site:
    """Make the page of `day` in each of `folders`. What stood there stays until the new one is whole.

    Raises FileProblems for a price or a client's name in today's files and for an issue whose pages are
    missing, MailerError where a folder holds something else or is among the mail folder's own.
    """
    for folder in folders:
        require_new(folder, "", mail.root)
    content, left_out = for_everybody(mail, content_on(mail, day))
    coming = None
    if content.changes:
        later, left_out = for_everybody(mail, content_on(mail, content.changes))
        coming = _coming(content, later)
    letterhead = mail.letterhead()
    files = rendered(mail.root, content, letterhead, mail.settings.site.url, mail.clock.now())
    for folder in folders:
        put(files, folder)
    return Site(len(files), sum(map(len, files.values())), len(content.issues), left_out, coming)


def for_everybody(mail: MailFolder, content: SiteContent) -> tuple[SiteContent, dict[str, str]]:
    """The content without the issues that may not stand there, and what each of these does.

    What was mailed can't be mended: such an issue is left out whole. Raises FileProblems for the rest.
    """
    issues = {one.name: f"{one.title}\n{words_of(one.pdf)}\n{readable(one.html)}" for one in content.issues}
    clients = (set(one) - _ours(content) for one in _known(mail))
    left_out: dict[str, str] = {}
    problems = []
    for where, what in not_for_everybody(_texts(content) | issues, clients):
        if where in issues:
            left_out.setdefault(where, what)
        else:
            problems.append(Problem(where, 0, f"{what}; the page is for everybody"))
    if problems:
        raise FileProblems(problems, todo="The page was not written. Take it out of there.")
    kept = tuple(one for one in content.issues if one.name not in left_out)
    return replace(content, issues=kept), left_out


def _coming(now: SiteContent, later: SiteContent) -> Coming:
    """What the page of a later day has that today's has not."""
    known = {one.label for one in now.policies}
    return Coming(
        later.day,
        len(later.issues) - len(now.issues),
        later.coming is not None and later.coming != now.coming,
        sum(one.effective > later.day and one.label not in known for one in later.policies),
    )


def put(files: Mapping[str, bytes], folder: Path) -> None:
    """Write `files` as `folder`, or as what it is a link to, whole or not at all."""
    folder = folder.resolve()
    if stranger := _stranger(folder):
        raise MailerError(
            f"holds something that mailer did not make: {stranger}.",
            where=str(folder),
            todo="Move it away, or name an empty or a new folder.",
        )
    token = secrets.token_hex(4)
    fresh, before = (folder.with_name(f".{folder.name}-{word}-{token}") for word in ("new", "old"))
    try:
        for name, content in {**files, OURS: "\n".join(files).encode()}.items():
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


def _stranger(folder: Path) -> str:
    """A file in the folder that is none of the page's, "" where there is none."""
    mark, ours = folder / OURS, set[str]()
    if mark.is_file():
        ours = {OURS, *read_given(mark, _LARGEST_MARK).decode(errors="replace").split("\n")}
    if ours == {OURS, ""}:  # an older mailer named none
        return ""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())
    return next((name for name in found if name not in ours), "")


def _texts(content: SiteContent) -> dict[str, str]:
    """What today's files say on the page, by file."""
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
    return {FILE: "\n".join(own), **{one.policy.path: readable(one.html) for one in content.policies}}


def _ours(content: SiteContent) -> set[str]:
    """What the firm itself is known by, which may be a client's too."""
    profile = content.profile
    return {
        profile.phone,
        profile.email,
        profile.name,
        profile.signer,
        *(one.number for one in profile.phones),
    }


def _known(mail: MailFolder) -> Iterator[tuple[str, ...]]:
    """What every client is known by."""
    with mail.store.read() as session:
        for clients in in_chunks(session):
            for one in clients:
                yield one.company, one.contact, one.email, one.phone
