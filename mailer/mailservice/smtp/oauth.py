"""A token for XOAUTH2: asked for once it is needed, kept until shortly before it ends, never written down.

Microsoft gives one to an application (client credentials) or for a refresh token, Google for a refresh token
(RFC 6749, 4.4 and 6).
"""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from typing import Any, Final

from mailer.errors import NONSENSE, MailerError, ServiceTrouble
from mailer.mailservice.smtp.settings import TITLE, SignIn
from mailer.mailservice.smtp.wire import masked

MICROSOFT: Final = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
GOOGLE: Final = "https://oauth2.googleapis.com/token"
_SCOPE: Final = "https://outlook.office365.com/.default"  # what the application was granted
_OUTLOOK: Final = "https://outlook.office365.com"
_DELEGATED: Final = f"{_OUTLOOK}/SMTP.Send {_OUTLOOK}/IMAP.AccessAsUser.All offline_access"
_PATIENCE: Final = 30.0  # s
_LARGEST: Final = 100_000  # bytes of an answer
_SPARE: Final = 120.0  # s before its end at which another is asked for


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token is asked for with."""

    sign_in: SignIn
    tenant: str
    client_id: str
    client_secret: str
    refresh_token: str

    @property
    def url(self) -> str:
        return GOOGLE if self.sign_in is SignIn.GOOGLE else MICROSOFT.format(tenant=self.tenant or "common")

    @property
    def missing(self) -> str:
        """What is not said yet, in words; "" where all is."""
        if not self.client_id:
            return "client_id under [smtp] in mailer.toml"
        if self.sign_in is SignIn.GOOGLE and not (self.refresh_token and self.client_secret):
            return "SMTP_REFRESH_TOKEN and SMTP_CLIENT_SECRET"
        if not self.refresh_token and not self.client_secret:
            return "SMTP_CLIENT_SECRET, or SMTP_REFRESH_TOKEN"
        if not self.refresh_token and not self.tenant:
            return "tenant under [smtp] in mailer.toml"
        return ""

    @property
    def fields(self) -> dict[str, str]:
        asked = {"client_id": self.client_id}
        if self.client_secret:
            asked["client_secret"] = self.client_secret
        if self.refresh_token:
            asked |= {"grant_type": "refresh_token", "refresh_token": self.refresh_token}
            return asked | ({} if self.sign_in is SignIn.GOOGLE else {"scope": _DELEGATED})
        return asked | {"grant_type": "client_credentials", "scope": _SCOPE}


class Tokens:
    """Gives a token that is good for a while. `url` is where it is asked for, the grant's own where ""."""

    def __init__(self, grant: Grant, url: str = "") -> None:
        self._grant = grant
        self._url = url or grant.url
        self._lock = threading.Lock()
        self._token, self._until = "", 0.0

    def __call__(self) -> str:
        """Raises MailerError, which names no secret, where there is none to be had."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._token, lasts = self._asked()
                self._until = time.monotonic() + max(lasts - _SPARE, 0.0)
            return self._token

    def _asked(self) -> tuple[str, float]:
        told = self._answer()
        try:
            return str(told["access_token"]), float(told.get("expires_in", 0))
        except NONSENSE:
            words = told.get("error_description") or told.get("error") or "the answer holds no token"
            raise MailerError(
                f"no token is to be had for {TITLE}: {masked(str(words), self._hidden).rstrip('.')}.",
                where=self._url,
                todo="Look at the application's id and secret, and whether it may send mail.",
            ) from None

    def _answer(self) -> dict[str, Any]:
        import requests  # noqa: PLC0415 (slow, and for tokens alone)

        from mailer.mailservice import boundedhttp  # noqa: PLC0415 (as above)

        try:
            with (
                boundedhttp.session() as session,
                session.post(
                    self._url, data=self._grant.fields, timeout=_PATIENCE, allow_redirects=False, stream=True
                ) as answer,
            ):
                told = json.loads(boundedhttp.read(answer, _LARGEST))
        except (requests.RequestException, OSError) as error:
            words = masked(boundedhttp.in_words(error), self._hidden).rstrip(".")
            raise ServiceTrouble(f"no token is to be had for {TITLE}: {words}.", where=self._url) from None
        except NONSENSE:
            told = None
        return told if isinstance(told, dict) else {}

    @property
    def _hidden(self) -> tuple[str, ...]:
        return (self._grant.client_secret, self._grant.refresh_token)
