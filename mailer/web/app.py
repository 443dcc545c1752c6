"""The web application: Starlette, without middleware, templates or sessions."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from mailer.web.webhooks import Desk, Opener, Webhook


def app(opener: Opener, secret: str, now: Callable[[], datetime], log: Callable[[str], None]) -> Starlette:
    """POST /webhooks/lob takes Lob's events; GET /health says that the process answers.

    `opener` opens the mail folder, `secret` is the webhook's, `now` is the real time, `log` takes one line an
    event.
    """
    desk = Desk(opener)
    webhook = Webhook(desk, secret, now, log)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        desk.close()

    async def lob(request: Request) -> Response:
        return await webhook(request)

    async def health(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    return Starlette(
        routes=[
            Route("/webhooks/lob", lob, methods=["POST"]),
            Route("/health", health, methods=["GET"]),
        ],
        lifespan=lifespan,
    )
