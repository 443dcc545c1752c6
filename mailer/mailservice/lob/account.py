"""The account at Lob of a mail folder: its key, its address, and the pace its limits allow."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from mailer.errors import MailerError
from mailer.mailservice.lob import events, limits
from mailer.mailservice.lob.settings import NAME, TITLE
from mailer.mailservice.provider import Hook
from mailer.mailservice.secrets import FILE, secret
from mailer.mailservice.transit import Report
from mailer.planning.mailfolder import MailFolder
from mailer.tomlfile import Table

if TYPE_CHECKING:
    from mailer.mailservice.lob.client import Lob

KEY, WEBHOOK_SECRET, ADDRESS = "LOB_API_KEY", "LOB_WEBHOOK_SECRET", "MAILER_LOB_URL"
RATE: Final = "MAILER_LOB_RATE"  # "off" where a bench asks a fake
PACE: Final = ".lob-pace.db"
PUBLISHED: Final = "https://api.lob.com/v1"


class LobSecrets(Table):
    """What Lob's dashboard shows: an API key, and the secret of each webhook."""

    api_key: str = ""
    webhook_secret: str = ""


def has_key(mail: MailFolder) -> bool:
    """Is there a key for Lob. Raises MailerError where others may read the file that may hold it."""
    return bool(_key(mail))


def lob_of(mail: MailFolder) -> Lob:
    """Lob as this folder uses it. Raises MailerError where there is no key, or one that is none."""
    from mailer.mailservice.lob.client import Lob  # noqa: PLC0415 (imports requests)
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
    calls = None if os.environ.get(RATE, "") == "off" else limits.CALLS
    return Lob(key, base, Pace(mail.root / PACE, calls, limits.CALLS_WITHIN))


def keyless() -> Lob:
    """Lob's published limits without an account: nothing can be sent by it."""
    from mailer.mailservice.lob.client import Lob  # noqa: PLC0415 (imports requests)

    return Lob("test_dry_run", "http://127.0.0.1:9")


def hook(mail: MailFolder) -> Hook:
    """What reads Lob's webhooks. Raises MailerError where there is no secret that they are signed with."""
    signed_with = secret(mail.root, NAME, LobSecrets, WEBHOOK_SECRET, "webhook_secret")
    if not signed_with or not signed_with.isascii():
        raise MailerError(
            "there is no secret for Lob's webhooks, or no plain one; an unsigned event is never believed.",
            where=WEBHOOK_SECRET,
            todo=f"Copy it from the webhook's page on Lob's dashboard into {WEBHOOK_SECRET} or {FILE}.",
        )
    return Hook(NAME, TITLE, events.LARGEST, partial(_read, signed_with))


def _read(signed_with: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Report:
    stamp, signature = (headers.get(f"Lob-Signature{part}") for part in ("-Timestamp", ""))
    events.verify(signed_with, stamp, signature, body, now)
    return events.parse(body)


def _key(mail: MailFolder) -> str:
    return secret(mail.root, NAME, LobSecrets, KEY, "api_key")
