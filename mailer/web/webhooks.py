"""What a mail service tells by webhook: a signed POST, answered with 200 once it is committed.

Any other answer makes the service tell it again, so trouble of ours is 503 and nothing is lost. The raw body
is verified before a byte of it is read as JSON. Events that arrive together are committed together.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime
from pathlib import Path
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from mailer.errors import MailerError
from mailer.mailservice.provider import Garbled, Hook, Unsigned
from mailer.mailservice.reports import Heard, tell
from mailer.mailservice.transit import Report
from mailer.outside import outside
from mailer.planning.mailfolder import MailFolder

Opener = Callable[[], AbstractContextManager[MailFolder]]

PATIENCE: Final = 20.0  # seconds for a body to arrive
AT_ONCE: Final = 200  # events of one transaction


class TooLarge(Exception):
    """The body is larger than any event."""


class Desk:
    """The mail folder, kept open by one thread at a time.

    It is opened anew where its profile was edited, where its database file is another one (a backup that was
    restored), and after any trouble. Its clock goes on by itself.
    """

    def __init__(self, opener: Opener) -> None:
        self._opener = opener
        self._open = ExitStack()
        self._mail: MailFolder | None = None
        self._marks: tuple[int, ...] = ()

    def tell(self, told: Sequence[Report]) -> list[Heard]:
        """Record them. Raises whatever went wrong; then nothing is recorded."""
        try:
            mail = self._folder()
            return tell(mail, told, by="webhook", now=mail.clock.now())
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._mail = None
        self._open.close()

    def _folder(self) -> MailFolder:
        if self._mail is not None and _marks(self._mail) != self._marks:
            self.close()
        if self._mail is None:
            self._mail = self._open.enter_context(self._opener())
            self._marks = _marks(self._mail)
        return self._mail


def _marks(mail: MailFolder) -> tuple[int, ...]:
    """What differs once the profile, or the file that is the database, is another."""
    profile = (mail.root / "mailer.toml").stat()
    url = mail.store.engine.url
    database = (
        (Path(url.database).stat().st_ino,) if url.database and url.get_backend_name() == "sqlite" else ()
    )
    return (profile.st_mtime_ns, profile.st_size, profile.st_ino, *database)


class Intake:
    """Takes events in, one transaction at a time: whoever comes while one runs goes with the next."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._turn = asyncio.Lock()
        self._waiting: list[tuple[Report, asyncio.Future[Heard]]] = []

    async def take(self, told: Report) -> Heard:
        """What came of it, once it is committed. Raises whatever went wrong; then nothing is recorded."""
        heard: asyncio.Future[Heard] = asyncio.get_running_loop().create_future()
        self._waiting.append((told, heard))
        async with self._turn:
            if not heard.done():
                batch, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
                await self._commit(batch)
        return await heard

    async def _commit(self, batch: Sequence[tuple[Report, asyncio.Future[Heard]]]) -> None:
        try:
            found = await run_in_threadpool(self._desk.tell, [told for told, _ in batch])
        except Exception as error:  # noqa: BLE001 (each of those who wait is told)
            if len(batch) == 1:
                batch[0][1].set_exception(error)
                return
            for one in batch:  # it may be one event's alone
                await self._commit([one])
            return
        for (_, future), heard in zip(batch, found, strict=True):
            future.set_result(heard)


class Webhook:
    """The endpoint. `log` takes one line an event, and never raises: what is committed is to be answered."""

    def __init__(
        self, desk: Desk, hook: Hook, now: Callable[[], datetime], log: Callable[[str], None]
    ) -> None:
        self._intake = Intake(desk)
        self._hook = hook
        self._now = now
        self._log = log

    async def __call__(self, request: Request) -> Response:
        try:
            async with asyncio.timeout(PATIENCE):
                body = await _body(request, self._hook.largest)
        except TooLarge:
            return self._refuse(413, "too large")
        except (TimeoutError, ClientDisconnect):
            return self._refuse(408, "the body did not arrive")
        try:
            told = self._hook.read(request.headers, body, self._now())
        except Unsigned as error:
            return self._refuse(401, error.what)
        except Garbled as error:
            return self._refuse(400, error.what)
        try:
            heard = await self._intake.take(told)
        except Exception as error:  # noqa: BLE001 (whatever it is, it is to be told again, and learns no more)
            return self._refuse(503, f"not recorded ({_why(error)})", "try again")
        moved = f", {heard.before} → {heard.after}" if heard.before != heard.after else ""
        again = "" if heard.new else ", told before"
        self._log(f"{heard.piece or told.provider_id}: {told.provider_kind}{moved}{again}")
        return PlainTextResponse("recorded\n")

    def _refuse(self, status: int, why: str, said: str = "") -> Response:
        self._log(f"{status}: {why}")
        return PlainTextResponse(f"{said or why}\n", status)


def _why(error: Exception) -> str:
    """Never an error's own words, which may hold what was told: the database repeats its statement."""
    if isinstance(error, MailerError):
        return "`mailer status` says why"
    known = outside(error)
    return known.what.rstrip(".") if known else type(error).__name__


async def _body(request: Request, largest: int) -> bytes:
    """The raw body. Raises TooLarge without keeping more than an event's size."""
    length = request.headers.get("Content-Length", "0")
    if not length.isdecimal() or int(length) > largest:
        raise TooLarge
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            raise TooLarge
    return bytes(body)
