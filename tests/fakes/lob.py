"""A complete small Lob on a real socket: letters and US verifications, as its OpenAPI document says.

    python -m tests.fakes.lob --port 8080 [--state FILE] [--rate off|N] [--fault '{"kind": "drop-after"}' ...]

Give `http://127.0.0.1:8080/v1` as the base address and any key that begins with test_ or live_ (but
test_wrong, unknown to it). It judges requests by the published limits (`lob_rules`), keeps what it took
(`lob_letters`), and is steered over the same socket:

    GET  /_control            counts: letters, by send key, by label, requests, answers, duplicates
    GET  /_control/letters    every letter with its SHA-256, size and pages
    POST /_control            a JSON object with any of
        faults   [{"kind": …}]   added to those that wait (`lob_faults`); null forgets them
        now      an ISO moment   sets its clock, which then stands still; null gives it the real one again
        advance  seconds         moves its clock on
        rate     N or null       requests per 5 seconds
        events   [{"type": "mailed", "label" or "letter" or "send_key": …, "time": …}]  (`lob_events`)
        webhook  {"url": …, "secret": …}   where signed webhooks of those events, and of "created" and
                 "deleted", go from now on; the answer tells their statuses
        forget   true            forgets every letter and count
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import urllib.request
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from tests.fakes import lob_events, lob_rules, lob_verifications
from tests.fakes.lob_faults import WORDS, Fault, Traffic
from tests.fakes.lob_letters import Letter, Letters
from tests.fakes.lob_rules import Refused, invalid
from tests.fakes.wire import Request, Response, Running, run_forever


class FakeLob:
    """Its `answer` takes every request. Its clock stands at `now`; with None it is the real one."""

    def __init__(
        self, rate: int | None = 150, state: Path | None = None, now: datetime | None = None
    ) -> None:
        self.letters = Letters(state)
        self.traffic = Traffic(rate)
        self.faults: list[Fault] = []
        self.set = now
        self.offset = timedelta()
        self.in_flight: set[tuple[str, str]] = set()
        self.webhook: dict[str, str] | None = None

    def now(self) -> datetime:
        return (self.set or datetime.now(UTC)) + self.offset

    async def answer(self, request: Request) -> Response:
        if request.path.startswith("/_control"):
            return await self._control(request)
        response = await self._served(request)
        self.traffic.answers[str(response.status)] += 1
        return response

    async def _served(self, request: Request) -> Response:
        parts = request.path.strip("/").split("/")
        endpoint = f"{request.method} /{'/'.join(parts[:2])}" + ("/{id}" if len(parts) == 3 else "")
        headers: dict[str, str] = {}
        try:
            mode, key = _authorised(request)
            headers, full = self.traffic.arrive(key, endpoint, self.now())
            if full is not None:
                return full
            response = await self._with_faults(request, endpoint, mode, parts)
        except Refused as refused:
            response = Response.of(refused.status, refused.body())
        headers["Date"] = format_datetime(self.now(), usegmt=True)
        return Response(response.status, response.body, headers | response.headers)

    async def _with_faults(self, request: Request, endpoint: str, mode: str, parts: list[str]) -> Response:
        label = ""
        if any(fault.label for fault in self.faults) and endpoint == "POST /v1/letters":
            fields = lob_rules.form(request.headers.get("content-type", ""), request.body)
            label = fields.get("metadata", {}).get("mailer_piece", "")
        striking = [fault for fault in self.faults if fault.strikes(endpoint, label)]
        fault = striking[0] if striking else None
        if fault is None or fault.kind == "slow":
            return await self._handled(request, endpoint, mode, parts, fault.seconds if fault else 0.0)
        if fault.kind == "another":
            return Response.of(200, next(iter(self.letters.kept.values())).object)
        return fault.answer(
            await self._handled(request, endpoint, mode, parts, fault.seconds) if fault.afterwards else None
        )

    async def _handled(
        self, request: Request, endpoint: str, mode: str, parts: list[str], pause: float
    ) -> Response:
        if endpoint == "POST /v1/letters":
            return await self._create(request, mode, pause)
        if pause:
            await asyncio.sleep(pause)
        if endpoint == "POST /v1/us_verifications":
            fields = lob_rules.form(request.headers.get("content-type", ""), request.body)
            return Response.of(200, lob_verifications.verify(mode, fields))
        if endpoint == "GET /v1/letters":
            return self._listed(request, mode)
        if endpoint in ("GET /v1/letters/{id}", "DELETE /v1/letters/{id}"):
            letter = self.letters.kept.get(parts[2])
            if letter is None or letter.mode != mode:
                raise Refused(404, "not_found", "letter not found")
            return Response.of(200, letter.object if request.method == "GET" else await self._cancel(letter))
        raise Refused(404, "unrecognized_endpoint", "The requested endpoint doesn't exist.")

    async def _create(self, request: Request, mode: str, pause: float) -> Response:
        key = request.headers.get("idempotency-key", "")
        if key and "idempotency_key" in request.query:
            raise invalid("multiple idempotency keys were provided", "bad_request")
        key = key or request.query.get("idempotency_key", "")
        if len(key) > 256:
            raise invalid("idempotency key must be at most 256 characters")
        if (mode, key) in self.in_flight:
            raise Refused(409, *WORDS[409])
        same = self.letters.same(mode, key, self.now())
        if same is not None:
            return Response.of(200, same.object)
        if key:
            self.in_flight.add((mode, key))
        try:
            if pause:
                await asyncio.sleep(pause)
            fields = lob_rules.form(request.headers.get("content-type", ""), request.body)
            letter = self.letters.create(mode, key, lob_rules.judge(fields, self.now()), self.now())
        finally:
            self.in_flight.discard((mode, key))
        await self._tell(lob_events.happen(letter, "created", self.now()))
        return Response.of(200, letter.object)

    async def _cancel(self, letter: Letter) -> dict[str, Any]:
        if not self.letters.cancellable(letter, self.now()):
            raise invalid("letter is past its cancellation window and cannot be deleted", "not_deletable")
        letter.deleted = True
        letter.object["deleted"] = True
        self.letters.save(letter)
        await self._tell(lob_events.happen(letter, "deleted", self.now()))
        return {"id": letter.id, "deleted": True, "object": "letter"}

    def _listed(self, request: Request, mode: str) -> Response:
        query = request.query
        wanted = {key[9:-1]: value for key, value in query.items() if key.startswith("metadata[")}
        limit = query.get("limit", "10")
        if not limit.isdigit() or not 1 <= int(limit) <= 100:
            raise invalid("limit must be between 1 and 100")
        if "before" in query and "after" in query:
            raise invalid("before and after cannot be used together")
        try:
            return Response.of(200, self.letters.listing(mode, wanted, query, int(limit)))
        except (LookupError, ValueError):
            raise invalid("before or after is not valid") from None

    async def _tell(self, event: dict[str, Any]) -> int | None:
        if self.webhook is None:
            return None
        webhook = self.webhook
        return await asyncio.to_thread(
            lob_events.deliver, webhook["url"], webhook["secret"], event, self.now()
        )

    async def _control(self, request: Request) -> Response:
        if request.path == "/_control/letters":
            return Response.of(200, [_told(letter) for letter in self.letters.kept.values()])
        statuses: list[int | None] = []
        if request.method == "POST":
            orders = json.loads(request.body)
            try:
                statuses = await self._obey(orders)
            except (LookupError, TypeError, ValueError) as error:
                return Response.of(400, {"error": f"{type(error).__name__}: {error}"})
        return Response.of(200, self._report() | {"webhooks": statuses})

    async def _obey(self, orders: dict[str, Any]) -> list[int | None]:
        known = {"faults", "advance", "now", "rate", "events", "webhook", "forget"}
        if unknown := set(orders) - known:
            raise ValueError(f"unknown orders {sorted(unknown)}")
        if orders.get("forget"):
            self.letters.forget()
            self.traffic = Traffic(self.traffic.rate)
        if "faults" in orders:
            self.faults = [] if orders["faults"] is None else [*self.faults, *_faults(orders["faults"])]
        if "now" in orders:
            self.set = datetime.fromisoformat(orders["now"]).astimezone(UTC) if orders["now"] else None
            self.offset = timedelta()
        self.offset += timedelta(seconds=orders.get("advance", 0))
        if "rate" in orders:
            self.traffic.rate = orders["rate"]
        self.webhook = orders.get("webhook", self.webhook)
        return [await self._happens(event) for event in orders.get("events", [])]

    async def _happens(self, order: dict[str, Any]) -> int | None:
        (letter,) = [
            one
            for one in self.letters.kept.values()
            if one.id == order.get("letter", one.id)
            and one.label == order.get("label", one.label)
            and one.send_key == order.get("send_key", one.send_key)
        ]
        when = datetime.fromisoformat(order["time"]) if "time" in order else self.now()
        event = lob_events.happen(letter, order["type"], when)
        self.letters.save(letter)
        return await self._tell(event)

    def _report(self) -> dict[str, Any]:
        letters = self.letters.kept.values()
        keys = Counter(letter.send_key for letter in letters)
        return {
            "letters": len(letters),
            "cancelled": sum(letter.deleted for letter in letters),
            "by_send_key": keys,
            "by_label": Counter(letter.label for letter in letters),
            "duplicates": sorted(key for key, count in keys.items() if count > 1),
            "requests": self.traffic.report(),
            "answers": self.traffic.answers,
            "now": self.now().isoformat(),
        }


def _faults(given: Iterable[dict[str, Any]]) -> list[Fault]:
    return [Fault(**one) for one in given]


def _told(letter: Letter) -> dict[str, Any]:
    return {
        "id": letter.id, "mode": letter.mode, "key": letter.key, "send_key": letter.send_key,
        "label": letter.label, "sha256": letter.sha256, "size": letter.size, "pages": letter.pages,
        "deleted": letter.deleted, "object": letter.object,
    }  # fmt: skip


def _authorised(request: Request) -> tuple[str, str]:
    """Mode and key. Raises Refused."""
    wrong = Refused(
        401, "invalid_api_key", "Your API key is not valid. Please sign up on lob.com to get one."
    )
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    try:
        key, _, password = base64.b64decode(text).decode().partition(":")
    except ValueError:
        raise wrong from None
    mode, _, rest = key.partition("_")
    if kind != "Basic" or password or mode not in ("test", "live") or not rest or rest == "wrong":
        raise wrong
    if rest.startswith("pub_"):
        raise Refused(403, "publishable_key_not_allowed", "The requested operation needs a secret key.")
    return mode, key


@dataclass(frozen=True, slots=True)
class Handle:
    """A fake that runs somewhere, steered over its socket."""

    port: int

    @property
    def base(self) -> str:
        """What `mailer` is given as Lob's address."""
        return f"http://127.0.0.1:{self.port}/v1"

    def tell(self, **orders: Any) -> dict[str, Any]:
        """Give orders; its report. See this module's docstring."""
        found: dict[str, Any] = self._asked("/_control", json.dumps(orders).encode())
        return found

    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = self._asked("/_control")
        return found

    def letters(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._asked("/_control/letters")
        return found

    def copies(self) -> dict[str, int]:
        """How many letters it has of each piece, by label; those cancelled are left out."""
        return dict(Counter(letter["label"] for letter in self.letters() if not letter["deleted"]))

    def _asked(self, path: str, body: bytes | None = None) -> Any:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", body, timeout=30) as answer:
            return json.loads(answer.read())


@contextmanager
def running(
    rate: int | None = None, state: Path | None = None, port: int = 0, now: datetime | None = None
) -> Iterator[Handle]:
    """A fake in a thread of this process. Its rate is off and its clock is the real one, unless told."""
    fake = FakeLob(rate, state, now)
    try:
        with Running(fake.answer, port) as server:
            yield Handle(server.port)
    finally:
        fake.letters.close()


def main() -> None:
    words = argparse.ArgumentParser(prog="python -m tests.fakes.lob")
    words.add_argument("--port", type=int, default=0)
    words.add_argument("--state", type=Path)
    words.add_argument("--rate", default="150")
    words.add_argument("--fault", action="append", default=[], type=json.loads)
    given = words.parse_args()
    fake = FakeLob(None if given.rate == "off" else int(given.rate), given.state)
    fake.faults = _faults(given.fault)
    run_forever(fake.answer, given.port, lambda port: print(f"http://127.0.0.1:{port}/v1", flush=True))  # noqa: T201


if __name__ == "__main__":
    main()
