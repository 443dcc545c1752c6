"""Lob behind `mailer.mailservice.service.Service`, through its package `lob` 4.5.4 and nothing else.

The package's traps are met here: truth values go out as 'true' and 'false' (it would send "True"), the pages
as a file object opened anew for each try (a second upload of the same one sends 0 bytes) whose name ends in
.pdf (anything else becomes a text field), and no exception of its own gets out (`lob_answers`). No call is
tried again here: the outbox does that, since it must record what happened first.

Shapes and limits are those of Lob's OpenAPI document 1.22.0 (`lob_limits`).
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import parse_qs

import lob

from mailer.errors import MailerError
from mailer.mailservice.lob import answers, wire
from mailer.mailservice.lob import events as lob_events
from mailer.mailservice.lob import limits as lob_limits
from mailer.mailservice.lob.letter import LETTER_ID, SEND_KEY, letter_fields
from mailer.mailservice.lob.settings import NAME
from mailer.mailservice.pace import Pace
from mailer.mailservice.service import (
    Absent,
    Accepted,
    Cancelled,
    CancelOutcome,
    Consignment,
    FindOutcome,
    Found,
    ListOutcome,
    Outcome,
    PostalAddress,
    Rejected,
    ServiceLetter,
    Throttled,
    TooLate,
    Tracking,
    TrackingOutcome,
    Trouble,
    Unknown,
    VerifyOutcome,
)
from mailer.mailservice.transit import Report
from mailer.place import address_of

T = TypeVar("T")

BASE: Final = "https://api.lob.com/v1"
TIMEOUT: Final = (10.0, 60.0)  # seconds to connect, and between two packets of the answer

_KEY: Final = re.compile(r"(live|test)_(?!pub_)[0-9A-Za-z_-]+")
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_PAGE: Final = 100  # "limit" is at most 100
_PAGES: Final = 3  # of a listing by one send key, which one letter has; more is not Lob
_ALL_PAGES: Final = 5_000  # of a listing since a day
_ENDLESS: Final = Unknown("the list of letters did not end: what lists them is not Lob", again=False)
_TRIES: Final = 5  # of one page, when Lob says that it is too much
_NOT_DELETABLE: Final = "not_deletable"
_NOT_FOUND: Final = "not_found"


def key_kind(key: str) -> str:
    """Either "live" (prints, mails and charges) or "test".

    Raises MailerError for anything else, and never shows the key.
    """
    found = _KEY.fullmatch(key)
    if found is None:
        what = "a publishable key" if re.match(r"(live|test)_pub_", key) else "not a Lob key"
        raise MailerError(
            f"The key for Lob is {what}; a secret key begins with test_ or live_.",
            todo="Copy the secret key from Lob's dashboard, under Settings, API Keys.",
        )
    return found[1]


def checked_base(base: str) -> str:
    """Lob's base address without a slash at its end. Raises MailerError where no call could go there, or
    where the key and the letters would go there for everybody to read.
    """
    parts = address_of(base)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise MailerError(
            f"Lob's address {base!r} is not a web address.",
            todo=f"Write it as {BASE}, or leave it out.",
        )
    if parts.scheme == "http" and parts.hostname not in _HERE:
        raise MailerError(
            f"Lob's address {base!r} is not encrypted: the key and the letters would be read on the way.",
            todo="Write https://.",
        )
    return base.rstrip("/")


class Lob:
    """One account at Lob. `pace` holds back every call to what the account may send; None does not.

    Raises MailerError for a key or a base address that cannot be right.
    """

    def __init__(self, key: str, base: str = BASE, pace: Pace | None = None) -> None:
        self._live = key_kind(key) == "live"
        self._base = checked_base(base)
        self._key = key
        self._pace = pace or Pace(None, rate=None)
        self._account = hashlib.sha256(key.encode()).hexdigest()[:12]  # the pace's file holds no key
        self._transport = wire.install()

    def __repr__(self) -> str:
        return f"Lob({'live' if self._live else 'test'}, {self._base!r})"

    @property
    def name(self) -> str:
        return NAME

    @property
    def live(self) -> bool:
        return self._live

    @property
    def account(self) -> str:
        """Of the key and the base address: Lob tells no number of the account."""
        return hashlib.sha256(f"{self._base} {self._key}".encode()).hexdigest()[:12]

    def close(self) -> None:
        """Close the kept connections."""
        self._transport.close()

    def problems(self, piece: Consignment, today: date) -> tuple[str, ...]:
        return lob_limits.problems(piece, today)

    @property
    def at_once(self) -> int:
        return 1

    def hand_over(self, pieces: Sequence[Consignment]) -> Sequence[Outcome]:
        return [self.post(piece) for piece in pieces]

    def post(self, piece: Consignment) -> Outcome:
        pages = _pages(piece)
        return self._call(
            "POST /letters",
            lambda: answers.accepted(
                lob.Letter.create(
                    api_key=self._key,
                    timeout=TIMEOUT,
                    headers={"Idempotency-Key": piece.send_key},
                    file=_Upload(pages, f"{piece.label}.pdf"),
                    **letter_fields(piece),
                )
            ),
        )

    def find(self, send_key: str) -> FindOutcome:
        letters: list[Mapping[str, Any]] = []
        after = ""
        for _ in range(_PAGES):
            page = self._call("GET /letters", partial(self._page, after, metadata={SEND_KEY: send_key}))
            if not isinstance(page, _Page):
                return page
            # whether or not Lob heeded the filter
            letters += [one for one in page.letters if answers.told_by(one).get(SEND_KEY) == send_key]
            if not page.after:
                return _found(letters)
            after = page.after
        return _ENDLESS

    def settle(self, send_key: str, by: str, *, taken: bool) -> bool:  # noqa: ARG002
        """Lob lists what it has."""
        return False

    def findings(self) -> tuple[str, ...]:
        return ()

    def listed(self, since: datetime | None) -> ListOutcome:
        letters: list[ServiceLetter] = []
        seen: set[str] = set()
        after = ""
        filters = {"date_created": {"gte": answers.moment_text(since)}} if since else {}
        while after not in seen and len(seen) < _ALL_PAGES:
            seen.add(after)
            for _ in range(_TRIES):
                page = self._call("GET /letters", partial(self._page, after, **filters))
                if not isinstance(page, Throttled):
                    break  # else its pace is held already
            if not isinstance(page, _Page):
                return page
            for letter in page.letters:
                if not answers.told_by(letter).get(SEND_KEY):
                    continue  # not ours
                read = answers.listed(letter)
                if not isinstance(read, ServiceLetter):
                    return read
                if since is None or read.created >= since:
                    letters.append(read)
            if not page.after:
                return tuple(letters)
            after = page.after
        return _ENDLESS

    def cancel(self, provider_id: str) -> CancelOutcome:
        answer = self._call(
            "DELETE /letters/{id}",
            lambda: answers.cancelled(
                lob.Letter.delete(_safe(provider_id), api_key=self._key, timeout=TIMEOUT)
            ),
        )
        if not isinstance(answer, Rejected):
            return answer
        # A letter that was cancelled before is refused too, so ask what became of it.
        now = self.events(provider_id)
        if isinstance(now, Tracking) and now.cancelled:
            return Cancelled()
        if isinstance(now, Absent):
            return now
        return TooLate(answer.message) if answer.code == _NOT_DELETABLE else answer

    def events(self, provider_id: str) -> TrackingOutcome:
        answer = self._call(
            "GET /letters/{id}",
            lambda: answers.tracking(
                lob.Letter.retrieve(_safe(provider_id), api_key=self._key, timeout=TIMEOUT), provider_id
            ),
        )
        return Absent() if isinstance(answer, Rejected) and answer.code == _NOT_FOUND else answer

    def reports(self, provider_id: str, tracking: Tracking, now: datetime) -> tuple[Report, ...]:
        return lob_events.polled(provider_id, tracking, now)

    def verify(self, address: PostalAddress) -> VerifyOutcome:
        """With a test key Lob verifies nothing: the values are empty ("US Verifications Test Env")."""
        fields = {
            "primary_line": address.line1,
            "secondary_line": address.line2,
            "city": address.city,
            "state": address.state,
            "zip_code": address.zip,
        }
        given = {name: text for name, text in fields.items() if text}
        return self._call(
            "POST /us_verifications",
            lambda: answers.verification(
                lob.USVerification.create(api_key=self._key, timeout=TIMEOUT, **given)
            ),
            times=2,  # 300 in 5 seconds, twice the rate of the others ("Rate Limiting")
        )

    def _page(self, after: str, **filters: Mapping[str, str]) -> _Page:
        """One page of a list of letters."""
        more = {"after": after} if after else {}
        answer = lob.Letter.list(api_key=self._key, timeout=TIMEOUT, limit=_PAGE, **filters, **more)
        letters, more_at = answer["data"], answer.get("next_url")
        if not isinstance(letters, list):
            raise TypeError("the list of letters is none")
        for letter in letters:
            answers.told_by(letter)
        if more_at in (None, ""):
            return _Page(letters, "")
        return _Page(letters, parse_qs(address_of(more_at).query)["after"][0])

    def _call(self, endpoint: str, call: Callable[[], T], *, times: int = 1) -> T | Trouble:
        """What `call` gives, or the trouble it had; paced, and with this account's base address."""
        place = f"{self._account} {endpoint}"
        self._pace.wait(place, times=times)
        try:
            with self._transport.at(self._base):
                return call()
        except answers.TROUBLES as error:
            outcome = answers.trouble(error)
            if isinstance(outcome, Throttled):
                self._pace.hold(place, outcome.retry_after, times=times)
            return outcome


@dataclass(frozen=True, slots=True)
class _Page:
    """One page of a list of letters, and the cursor of the next, "" after the last. What is no such page must
    not pass for an empty one: nothing would be known of a letter that is there, and it would go again.
    """

    letters: list[Mapping[str, Any]]
    after: str


def _found(letters: list[Mapping[str, Any]]) -> Found | Absent | Unknown:
    """One letter of those with the send key: one that will be mailed, where there is any."""
    if not letters:
        return Absent()
    letters = sorted(letters, key=lambda letter: letter.get("deleted") is True)
    first, *others = letters
    answer = answers.accepted(first)
    if not isinstance(answer, Accepted):
        return answer
    return Found(answer, first.get("deleted") is True, tuple(str(letter.get("id")) for letter in others))


def _safe(provider_id: str) -> str:
    """The id, which becomes part of an address."""
    if not LETTER_ID.fullmatch(provider_id):
        raise MailerError(f"{provider_id!r} is not the id of a letter at Lob.")
    return provider_id


def _pages(piece: Consignment) -> bytes:
    if isinstance(piece.pdf, bytes):
        return piece.pdf
    try:
        return Path(piece.pdf).read_bytes()
    except OSError as error:
        raise MailerError(
            f"The pages of {piece.label} cannot be read ({error.strerror}); it was not sent.",
            where=str(piece.pdf),
            todo="Restore files/ from a backup, or approve the campaign anew.",
        ) from error


class _Upload(io.BytesIO):
    """Pages as an open file. Its name is what makes the package upload them, and Lob take them for a PDF."""

    def __init__(self, pages: bytes, name: str) -> None:
        super().__init__(pages)
        self.name = name
