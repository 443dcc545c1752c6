"""The web application: Starlette, without middleware, templates or sessions."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from mailer.mailservice.provider import Hook
from mailer.web.webhooks import Desk, Opener, Webhook


def path_of(hook: Hook) -> str:
    """Where the service's webhooks are taken."""
    return f"/webhooks/{hook.name}"


def app(opener: Opener, hook: Hook, now: Callable[[], datetime], log: Callable[[str], None]) -> Starlette:
    """POST to the service's path takes its events; GET /health says that the process answers.

    `opener` opens the mail folder, `hook` reads the service's webhooks, `now` is the real time, `log` takes
    one line an event.
    """
    desk = Desk(opener)
    webhook = Webhook(desk, hook, now, log)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        desk.close()

    async def told(request: Request) -> Response:
        return await webhook(request)

    async def health(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    return Starlette(
        routes=[
            Route(path_of(hook), told, methods=["POST"]),
            Route(f"{path_of(hook)}/", told, methods=["POST"]),  # a redirect would lose the body
            Route("/health", health, methods=["GET"]),
        ],
        lifespan=lifespan,
    )
