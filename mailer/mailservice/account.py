"""The mail service of a folder: its key, its address, and the pace its limits allow.

Keys come from the environment, else from `secrets.toml` in the mail folder, which only its owner may read.
They are never printed, logged or recorded.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mailer.errors import MailerError
from mailer.planning.mailfolder import MailFolder
from mailer.tomlfile import Table, read

if TYPE_CHECKING:
    from mailer.mailservice.lob.client import Lob

LOB: Final = "lob"
FILE: Final = "secrets.toml"
KEY, WEBHOOK_SECRET, ADDRESS = "LOB_API_KEY", "LOB_WEBHOOK_SECRET", "MAILER_LOB_URL"
RATE: Final = "MAILER_LOB_RATE"  # "off" where a bench asks a fake
PACE: Final = ".lob-pace.db"
PUBLISHED: Final = "https://api.lob.com/v1"


class LobSecrets(Table):
    """What Lob's dashboard shows: an API key, and the secret of each webhook."""

    api_key: str = ""
    webhook_secret: str = ""


class Secrets(Table):
    """All of secrets.toml."""

    lob: LobSecrets = LobSecrets()


def has_key(mail: MailFolder) -> bool:
    """Is there a key for Lob. Raises MailerError where others may read the file that may hold it."""
    return bool(_key(mail))


def _key(mail: MailFolder) -> str:
    return os.environ.get(KEY, "").strip() or _secrets(mail.root).lob.api_key.strip()


def lob_of(mail: MailFolder) -> Lob:
    """Lob as this folder uses it. Raises MailerError where there is no key, or one that is none."""
    from mailer.mailservice.lob.client import Lob  # noqa: PLC0415 (imports requests)
    from mailer.mailservice.pace import RATE as PER_WINDOW  # noqa: PLC0415
    from mailer.mailservice.pace import Pace  # noqa: PLC0415

    key = _key(mail)
    if not key:
        raise MailerError(
            "there is no key for Lob.",
            where=KEY,
            todo=f'Set {KEY}, or write it into {FILE}: [lob] api_key = "live_…". '
            f"Or print here: mailer print NAME",
        )
    base = os.environ.get(ADDRESS, "").strip() or PUBLISHED
    return Lob(key, base, Pace(mail.root / PACE, None if os.environ.get(RATE, "") == "off" else PER_WINDOW))


def webhook_secret(mail: MailFolder) -> str:
    """The secret that Lob signs its webhooks with. Raises MailerError where there is none."""
    secret = os.environ.get(WEBHOOK_SECRET, "").strip() or _secrets(mail.root).lob.webhook_secret.strip()
    if not secret:
        raise MailerError(
            "there is no secret for Lob's webhooks; an unsigned event is never believed.",
            where=WEBHOOK_SECRET,
            todo=f"Copy it from the webhook's page on Lob's dashboard into {WEBHOOK_SECRET} or {FILE}.",
        )
    return secret


def _secrets(root: Path) -> Secrets:
    """Raises MailerError where others may read the file, FileProblems where it is faulty."""
    path = root / FILE
    if not path.exists():
        return Secrets()
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise MailerError("may be read by others.", where=str(path), todo=f"Run: chmod 600 {FILE}")
    return read(path, Secrets, shown=FILE)


def checker() -> Lob:
    """Lob's published limits without an account: nothing can be sent by it."""
    from mailer.mailservice.lob.client import Lob  # noqa: PLC0415 (imports requests)

    return Lob("test_dry_run", "http://127.0.0.1:9")
