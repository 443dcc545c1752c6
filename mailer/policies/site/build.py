"""The client page made and looked through; mailer.policies.site.deploy puts it where it is to be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import unescape
from typing import Final
from urllib.parse import unquote

from mailer.errors import FileProblems, Problem
from mailer.ledger.events import CampaignPublished
from mailer.making.ownprofile import blanks
from mailer.pages.everybody import not_for_everybody
from mailer.pages.issuetext import words_of
from mailer.pages.readable import readable
from mailer.planning.mailfolder import MailFolder
from mailer.policies.site.content import SiteContent, content_on
from mailer.policies.site.deploy import put, spot
from mailer.policies.site.pages import INDEX, rendered
from mailer.settings import FILE
from mailer.store.commandlock import making_alone
from mailer.store.engine import Session
from mailer.store.listed.clients import in_chunks
from mailer.store.listed.forgetting import is_forgotten
from mailer.store.record.events import Entry, happened, record, require_recordable
from mailer.tomlfile import read_text

_BEHIND: Final = re.compile(r"""\b(?:href|title|alt)=(["'])(.*?)\1""", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Coming:
    """What is on the page from `day` on, the day on which it counts as mailed."""

    day: date
    issues: int
    new_hours: bool
    policies: int


@dataclass(frozen=True, slots=True)
class Site:
    """What was made: how many files, their bytes in all, and of what content.

    `left_out` are issues that may not stand there, each with what it does: "states a price, $140.00".
    `coming` was handed over and does not count yet. `published` are campaigns that it announces to everybody
    for the first time.
    """

    files: int
    size: int
    content: SiteContent
    left_out: Mapping[str, str]
    coming: Coming | None
    published: tuple[str, ...]


def build(mail: MailFolder, day: date, places: Sequence[str], *, by: str = "") -> Site:
    """Make the page of `day` in each of `places`, paths or addresses of SFTP. What stood there stays until
    the new one is whole. `by` puts it before everybody: the ledger keeps what today's announces.

    Raises FileProblems for a price or a client's name in today's files and for an issue whose pages are
    missing, MailerError where a place holds something else, is among the mail folder's own or out of reach.
    """
    if unfilled := list(blanks(mail.settings, read_text(mail.root / FILE))):
        raise FileProblems(unfilled, todo="The page was not written.")
    spots = [spot(place, mail.root) for place in places]
    content, left_out = for_everybody(mail, content_on(mail, day))
    coming = None
    if content.changes:
        later, left_out = for_everybody(mail, content_on(mail, content.changes))
        coming = _coming(content, later)
    letterhead = mail.letterhead
    files = rendered(mail.root, content, letterhead, mail.settings.site.url, mail.clock.now())
    stamp = mail.stamp(by)
    with mail.store.read() as session:
        new = _new(session, content) if by and day == mail.today else ()
        require_recordable(session, [Entry(one, CampaignPublished("")) for one in new], stamp)
    with making_alone(mail.root):
        for one in spots:
            put(files, one)
    if new:
        page = mail.store.files.put(files[INDEX])
        with mail.store.write() as session:
            record(session, [Entry(one, CampaignPublished(page)) for one in _new(session, content)], stamp)
    size = sum(map(len, files.values()))
    return Site(len(files), size, content, left_out, coming, new)


def _new(session: Session, content: SiteContent) -> tuple[str, ...]:
    """The campaigns that the page announces and none announced before."""
    return tuple(one for one in content.announced if not happened(session, one, CampaignPublished))


def for_everybody(mail: MailFolder, content: SiteContent) -> tuple[SiteContent, dict[str, str]]:
    """The content without the issues that may not stand there, and what each of these does.

    What was mailed can't be mended: such an issue is left out whole. Raises FileProblems for the rest.
    """
    issues = {one.name: f"{one.title}\n{words_of(one.pdf)}\n{_said(one.html)}" for one in content.issues}
    clients = (set(one) - content.profile.known_by for one in _known(mail))
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
        later.coming != now.coming,
        sum(one.effective > later.day and one.label not in known for one in later.policies),
    )


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
    return {FILE: "\n".join(own), **{one.policy.path: _said(one.html) for one in content.policies}}


def _said(html: str) -> str:
    """Its text, and what its links and their titles say."""
    behind = (unquote(unescape(found)) for _, found in _BEHIND.findall(html))
    return "\n".join((readable(html), *behind))


def _known(mail: MailFolder) -> Iterator[tuple[str, ...]]:
    """What every client is known by."""
    with mail.store.read() as session:
        for clients in in_chunks(session):
            for one in clients:
                if is_forgotten(one.key):
                    continue  # a word of ours stands in place of the name
                yield one.company, one.contact, one.email, one.phone
