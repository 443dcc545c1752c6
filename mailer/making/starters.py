"""`mailer init`, `mailer new`, `mailer newsletter new`: files to begin with. What exists is not touched."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from mailer import shipped
from mailer.campaign.kind import Starter
from mailer.campaign.kinds import kind_named
from mailer.campaign.loading import FOLDER, campaign_names, check_name, load_campaign
from mailer.errors import FileProblems, MailerError, Problem, UsageProblem
from mailer.notice.strides import months_from
from mailer.planning.prices import FILE as PRICES
from mailer.settings import FILE, Settings
from mailer.store.files import write_whole

CLIENTS: Final = "clients.csv"


@dataclass(frozen=True, slots=True)
class Started:
    """What was written, and what was there already and was left alone (paths within the folder)."""

    folder: Path
    written: tuple[str, ...]
    kept: tuple[str, ...]


def init(folder: Path) -> Started:
    """Make a mail folder, or complete one: profile, prices, campaigns, sample clients, letterhead."""
    if folder.exists() and not folder.is_dir():
        raise MailerError("is a file.", where=str(folder), todo="Name a folder.")
    campaigns, letterhead = shipped.campaigns(), shipped.letterhead()
    sources = {Path(name): campaigns / name for name in (FILE, CLIENTS, PRICES)}
    for path in sorted(campaigns.rglob("*")):
        if path.is_file() and path.parent != campaigns:
            sources[Path(FOLDER) / path.relative_to(campaigns)] = path
    for path in sorted(letterhead.rglob("*")):
        if path.is_file():
            sources[Path("letterhead") / path.relative_to(letterhead)] = path
    written, kept = [], []
    for inside, source in sources.items():
        target = folder / inside
        if target.exists():
            kept.append(str(inside))
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.part")
        shutil.copyfile(source, beside)
        beside.rename(target)
        written.append(str(inside))
    return Started(folder, tuple(written), tuple(kept))


def new(
    root: Path, settings: Settings, kind: str, name: str, *, effective: date | None, today: date
) -> Started:
    """Write the first files of a campaign. Raises UsageProblem for a kind or name that can't be, FileProblems
    where mailer.toml does not say yet what the campaign is to announce.

    Without an effective date it takes the kind's own, else the first of a month that leaves time for it.
    """
    check_name(name)
    try:
        found = kind_named(kind)
    except ValueError as error:
        raise UsageProblem(f"{error}.") from None
    folder = root / FOLDER / name
    if folder.exists():
        raise MailerError(
            "exists already; nothing was changed.", where=f"{FOLDER}/{name}", todo="Choose another name."
        )
    number = _last_number(root) + 1 if found.is_issue else 1
    day = effective or found.begins(settings, today) or _unhurried(today)
    lacks = [Problem(FILE, 0, lack.what) for lack in found.lacks(day, settings)]
    if lacks:
        raise FileProblems(lacks, todo="Nothing was written. Complete mailer.toml, then run it again.")
    files = found.starter(Starter(name, day, today, number))
    for file, text in files.items():
        write_whole(folder / file, text.encode())
    return Started(folder, tuple(files), ())


def _last_number(root: Path) -> int:
    """The highest number of the issues that load; 0 where there is none."""
    highest = 0
    for name in campaign_names(root):
        try:
            issue = load_campaign(root, name).definition.issue
        except MailerError:
            continue  # its own commands say what is wrong with it
        highest = max(highest, issue.number if issue is not None else 0)
    return highest


def _unhurried(today: date) -> date:
    """The first of the third month from now: 30 days of notice and a month for the work."""
    return months_from(today.replace(day=1), 3)
