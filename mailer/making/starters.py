"""`mailer init`, `mailer new`, `mailer newsletter new`: files to begin with. What exists is not touched."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from mailer import shipped
from mailer.campaign.kind import Kind, OwnWords, Starter
from mailer.campaign.kinds import kind_named
from mailer.campaign.loading import FOLDER, check_name, loaded_campaigns
from mailer.campaign.policyfile import POLICIES, load_policies
from mailer.errors import FileProblems, MailerError, Problem, UsageProblem
from mailer.making.ownprofile import OwnFirm, own_profile
from mailer.newsletter import bank
from mailer.newsletter.messages import FIRST, MESSAGES, SECOND, due_messages, load_messages, section_text
from mailer.newsletter.sections import sections_of
from mailer.notice.strides import months_from
from mailer.planning.prices import FILE as PRICES
from mailer.planning.saidbefore import said_before
from mailer.settings import FILE, Settings, ThemeName
from mailer.store.files import write_whole
from mailer.tomlfile import YEARS

PAGE: Final = "page"  # the client page's templates
CLIENTS: Final = "clients.csv"


@dataclass(frozen=True, slots=True)
class Started:
    """What was written, and what was there already and was left alone (paths within the folder)."""

    folder: Path
    written: tuple[str, ...]
    kept: tuple[str, ...]


def init(folder: Path, own: OwnFirm | None) -> Started:
    """Make a mail folder, or complete one: profile, prices, letterhead, standing messages, an empty list.

    Without a firm of one's `own` it is the sample: its profile, clients, campaigns.
    """
    if folder.exists() and not folder.is_dir():
        raise MailerError("is a file.", where=str(folder), todo="Name a folder.")
    campaigns, letterhead = shipped.campaigns(), shipped.letterhead()
    files = {Path(name): (campaigns / name).read_bytes() for name in (FILE, CLIENTS, PRICES)}
    for path in sorted(letterhead.rglob("*")):
        if path.is_file():
            files[Path("letterhead") / path.relative_to(letterhead)] = path.read_bytes()
    if own is not None:
        files[Path(FILE)] = own_profile(files[Path(FILE)].decode(), own).encode()
        files[Path(CLIENTS)] = files[Path(CLIENTS)].partition(b"\n")[0] + b"\n"
        for name in ("logo.svg", "signature.svg"):
            del files[Path("letterhead") / name]
    for path in sorted(campaigns.rglob("*")):
        inside = path.relative_to(campaigns)
        if path.is_file() and path.parent.name in {PAGE, MESSAGES}:
            files[inside] = path.read_bytes()
        elif path.is_file() and own is None and path.parent != campaigns:
            files[inside if path.parent.name == POLICIES else Path(FOLDER) / inside] = path.read_bytes()
    kept = tuple(str(inside) for inside in files if (folder / inside).exists())
    written = tuple(str(inside) for inside in files if str(inside) not in kept)
    for name in written:
        write_whole(folder / name, files[Path(name)])
    return Started(folder, written, kept)


def new(root: Path, settings: Settings, kind: str, new: Starter, *, dated: bool) -> Started:
    """Write the first files of a campaign. Raises UsageProblem for a kind or name that can't be, FileProblems
    where the firm has not written down yet what the campaign is to announce.

    Without a date of its own (`dated`) it takes the kind's, else the first of a month that leaves time.
    """
    check_name(new.name)
    try:
        found = kind_named(kind)
    except ValueError as error:
        raise UsageProblem(f"{error}.") from None
    folder = root / FOLDER / new.name
    if folder.exists():
        raise MailerError(
            "exists already; nothing was changed.", where=f"{FOLDER}/{new.name}", todo="Choose another name."
        )
    announced = frozenset(one.definition.effective for one in loaded_campaigns(root) if one.kind is found)
    known = OwnWords(settings, load_policies(root), announced)
    if new.effective.year not in YEARS:
        raise UsageProblem(f"{new.effective} is outside the years {YEARS[0]} to {YEARS[-1]}.")
    day = new.effective if dated else found.begins(known, new.today) or _unhurried(new.today)
    lacks = [Problem(lack.file, 0, lack.what) for lack in found.lacks(day, known)]
    if lacks:
        raise FileProblems(lacks, todo="Nothing was written. Complete these, then run it again.")
    number = _last_number(root) + 1 if found.is_issue else 1
    joined = new.joined_from or _last_packet(root, found) or months_from(new.today, -3)
    files = found.starter(replace(new, effective=day, number=number, joined_from=joined))
    written = {file: text.encode() for file, text in files.items()}
    if found.is_issue:
        if not settings.on(day).holidays:
            written.pop("ahead.md", None)  # it names the days on which the firm is closed: there are none
        written |= _shipped(root, settings, day)
    for file, content in written.items():
        write_whole(folder / file, content)
    return Started(folder, tuple(written), ())


def _shipped(root: Path, settings: Settings, month: date) -> dict[str, bytes]:
    """What an issue need not be written: pieces of the bank, and the standing messages that are due."""
    profile, said = settings.newsletter, said_before(root)
    tips = profile.theme is not ThemeName.ONE_PAGE  # which has no room for one
    pieces = bank.due(month, said.pieces, tips=tips) if profile.bank else ()
    found = {file: content for one in pieces for file, content in bank.files_of(one, settings.brand).items()}
    has_tip = any(one.kind is bank.PieceKind.TIP for one in pieces)
    second = not has_tip and any(section.name == SECOND for section in sections_of(profile))
    due = due_messages(load_messages(root), month, said.messages)[: 2 if second else 1]
    for name, message in zip((FIRST, SECOND), due, strict=False):
        found[f"{name}.md"] = section_text(message).encode()
    return found


def _last_packet(root: Path, kind: Kind) -> date | None:
    """The day by which the last campaign of this kind was to go; None before the first."""
    found = (one.definition.effective for one in loaded_campaigns(root) if one.kind is kind)
    return max((day for day in found if day is not None), default=None)


def _last_number(root: Path) -> int:
    """The highest number of the issues that load; 0 where there is none."""
    issues = (one.definition.issue for one in loaded_campaigns(root))
    return max((issue.number for issue in issues if issue is not None), default=0)


def _unhurried(today: date) -> date:
    """The first of the third month from now: 30 days of notice and a month for the work."""
    return months_from(today.replace(day=1), 3)
