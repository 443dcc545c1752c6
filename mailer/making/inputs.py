"""What decides all that is printed but the clients: an approval is bound to it, and stale once it changes.

No page is made here, and nothing that makes one is loaded: the day's list asks it too.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from mailer.campaign.loading import Campaign
from mailer.errors import MailerError
from mailer.givenfile import LARGEST_PICTURE, read_given
from mailer.making.enclosedfiles import enclosed_issues, enclosures_digest
from mailer.pages.letter import says_sender_once
from mailer.pages.letterhead import Letterhead
from mailer.planning.issuedates import carried
from mailer.profile import PROFILE_TABLES
from mailer.settings import Envelope, Settings

PICTURES: Final = (".png", ".jpg", ".jpeg", ".svg", ".gif", ".webp")
_MARKS: Final = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)
_FIRM_NAMED: Final = re.compile(r"\bfirm\b(?:\.(\w+))?")
_PAPER: Final[dict[str, Any]] = {"stationery": {"paper": True}}  # trays and envelopes are the print room's
_FIRM: Final[dict[str, Any]] = {"firm": True, "signature": True, **_PAPER}
_PRINTED: Final[dict[bool, dict[str, Any]]] = {  # what a letter states of the profile is in its own digest
    False: _FIRM,
    True: {**_FIRM, **dict.fromkeys(PROFILE_TABLES, True), "newsletter": True},
}


def inputs_digest(settings: Settings, campaign: Campaign, letterhead: Letterhead) -> str:
    """SHA-256 of everything but the clients that decides what is printed.

    The definition, texts, pictures and enclosures, those of the campaigns an issue carries, all that an
    enclosed issue comes from, the letterhead, the values of the profile, and the versions of the programs
    that make the pages; of a notice also the closings, which it freezes.
    """
    printed = _PRINTED[campaign.kind.is_issue] | dict.fromkeys(_tables_of(letterhead), True)
    profile = settings.model_dump(mode="json", include=printed)
    others = carried(campaign) if campaign.kind.is_issue else ()
    inputs = [
        campaign.digest(),
        *(other.article_digest() for other in others),
        *(_picture(path) for one in (campaign, *others) for path in _pictures(one)),
        *enclosures_digest(campaign),
        *(inputs_digest(settings, issue, letterhead) for issue in enclosed_issues(campaign)),
        letterhead.digest,
        *(["the window shows the sender"] if _in_window(settings, campaign, letterhead) else []),
        json.dumps(profile, sort_keys=True),
        *(f"{name} {version(name)}" for name in ("mailer", "weasyprint", "pikepdf")),
        *(str(row) for row in settings.closings if not campaign.kind.is_issue),
        *(_segment(settings, name) for name in sorted(campaign.definition.audience.segments)),
    ]
    return digest_of(inputs)


def _tables_of(letterhead: Letterhead) -> list[str]:
    """The tables of the profile that the letter's template prints: it is given all of them as `firm`."""
    marks = " ".join(_MARKS.findall(letterhead.text("letter.html.j2")))
    named = {found[1] or "" for found in _FIRM_NAMED.finditer(marks)}
    return [table for table in PROFILE_TABLES if table in named or "" in named]


def digest_of(parts: Iterable[str]) -> str:
    """SHA-256 of texts, each told from the next."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(f"{len(part)}:{part}".encode())
    return whole.hexdigest()


def _pictures(campaign: Campaign) -> list[Path]:
    """Every picture in a campaign's folder, whether a text shows it or not. Raises MailerError."""
    found = sorted(path for path in campaign.folder.rglob("*") if path.suffix.lower() in PICTURES)
    root = campaign.folder.resolve()
    for path in found:
        if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(root):
            raise MailerError(
                "leads out of the campaign's folder.", where=str(path), todo="Copy the picture."
            )
    return found


def _picture(path: Path) -> str:
    """A picture by its content: one that was exchanged makes another letter."""
    return hashlib.sha256(read_given(path, LARGEST_PICTURE)).hexdigest()


def _in_window(settings: Settings, campaign: Campaign, letterhead: Letterhead) -> bool:
    """Whether the envelope decides what the letterhead prints."""
    windows = settings.stationery.envelope is Envelope.DOUBLE_WINDOW
    return windows and not campaign.kind.is_issue and says_sender_once(letterhead)


def _segment(settings: Settings, name: str) -> str:
    """A segment as it is named and written; what it does not say may come to be said by a later mailer."""
    table = settings.segments.get(name)
    said = table.model_dump(mode="json", exclude_defaults=True) if table else {}
    ordered = {key: sorted(value) if isinstance(value, list) else value for key, value in said.items()}
    return f"segment {name} {json.dumps(ordered, sort_keys=True)}"
