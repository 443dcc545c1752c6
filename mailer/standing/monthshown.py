"""What `mailer month` showed: the digests of every campaign's pieces, so that `mailer go` makes these alone.

Kept beside the proofs as `proofs/2027-01.month.json`. It approves nothing and proves nothing: without it, or
with one that does not fit, `go` asks for the month again.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from mailer.campaign.loading import DEFINITION, FOLDER, Campaign
from mailer.errors import NONSENSE, Refused
from mailer.store.files import write_whole

FOLDER_OF_PROOFS: Final = "proofs"
SUFFIX: Final = ".month.json"


@dataclass(frozen=True, slots=True)
class ShownCampaign:
    """One campaign as it was shown. `files` are its texts by path with their SHA-256, `inputs` and `digest`
    as in `making.prospect`; `by` is the last day to hand it over, `cost` what it was to cost.
    """

    campaign: str
    pieces: int
    inputs: str
    digest: str
    files: dict[str, str]
    by: date | None
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class ShownMonth:
    """A month as it was shown on `day`: the campaigns that may go, and the names of those that something
    stopped.
    """

    month: str
    day: date
    campaigns: tuple[ShownCampaign, ...]
    stopped: tuple[str, ...]


def written(campaign: Campaign) -> dict[str, str]:
    """The campaign's own files by their paths, each with its SHA-256."""
    texts = {f"{FOLDER}/{campaign.name}/{DEFINITION}": campaign.definition_text}
    texts |= {source.path: source.text for source in campaign.texts.values()}
    return {path: hashlib.sha256(text.encode()).hexdigest() for path, text in texts.items()}


def remember(root: Path, shown: ShownMonth) -> None:
    """Keep what was shown, in the place of what was shown of the month before."""
    kept = {
        "day": shown.day.isoformat(),
        "stopped": shown.stopped,
        "campaigns": {
            one.campaign: {
                "pieces": one.pieces,
                "inputs": one.inputs,
                "digest": one.digest,
                "files": one.files,
                "by": one.by.isoformat() if one.by else None,
                "cost": str(one.cost) if one.cost is not None else None,
            }
            for one in shown.campaigns
        },
    }
    write_whole(_path(root, shown.month), f"{json.dumps(kept, indent=2)}\n".encode())


def recall(root: Path, month: str) -> ShownMonth | None:
    """What was shown of the month; None where nothing was. Raises Refused where the file can't be read."""
    path = _path(root, month)
    if not path.exists():
        return None
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        campaigns = tuple(_campaign(name, one) for name, one in kept["campaigns"].items())
        stopped = tuple(str(name) for name in kept["stopped"])
        return ShownMonth(month, date.fromisoformat(kept["day"]), campaigns, stopped)
    except (OSError, *NONSENSE):
        raise Refused(
            "what was shown of the month can't be read.",
            where=str(path.relative_to(root)),
            todo=f"Show it again:  mailer month {month}",
        ) from None


def months_shown(root: Path) -> list[str]:
    """The months of which something was shown, in their order."""
    return sorted(path.name.removesuffix(SUFFIX) for path in (root / FOLDER_OF_PROOFS).glob(f"*{SUFFIX}"))


def _campaign(name: str, kept: dict[str, Any]) -> ShownCampaign:
    return ShownCampaign(
        name,
        int(kept["pieces"]),
        str(kept["inputs"]),
        str(kept["digest"]),
        {str(path): str(digest) for path, digest in kept["files"].items()},
        date.fromisoformat(kept["by"]) if kept["by"] else None,
        Decimal(kept["cost"]) if kept["cost"] is not None else None,
    )


def _path(root: Path, month: str) -> Path:
    return root / FOLDER_OF_PROOFS / f"{month}{SUFFIX}"
