"""Faults on demand, and the count of requests in Lob's window.

A fault is a dict: `kind` (below), and optionally `nth` (of the requests it fits, counted from when it was
given, from 1), `times` (how many in a row, 0 for all that follow), `on` (the endpoint, "POST /v1/letters"),
`label` (only the piece with that label) and `seconds` (of "slow", or of a 429's Retry-After).

A kind is a status ("500", "503", "429", "422", "401", "403", "409", …), "html-502", "html-429", "drop", "cut"
(the first bytes of an answer, then nothing), "202", "nonsense" (200 without a letter), "another" (200 with
the letter that was made first, and none of its own) or "slow". With
"-after" behind it the request is carried out first, as "202", "cut" and "nonsense" always are; "slow" waits,
then carries it out. "drop-before" is "drop".
"""

from __future__ import annotations

import bisect
import time
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.fakes.lob_rules import Refused
from tests.fakes.wire import Drop, Response

WINDOW = 5.0
HTML = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
WORDS = {
    401: ("unauthorized", "The request isn't authorized."),
    402: ("payment_required", "Payment is required."),
    403: ("billing_address_required", "In order to create a live mail piece, set up a billing address."),
    404: ("not_found", "The requested resource was not found."),
    408: ("request_timeout", "The request took too long. Please try again."),
    409: ("conflict", "A request with this idempotency key is in progress."),
    422: ("invalid", "An invalid request was made."),
    429: ("rate_limit_exceeded", "Rate limit exceeded. Please wait 5 seconds and try your request again."),
    500: ("internal_server_error", "An error has occured on Lob's servers. Please try request again."),
    503: ("service_unavailable", "The Lob servers are temporarily unavailable. Please try again."),
}

UNLISTED: dict[str, Any] = {"kind": "503", "on": "GET /v1/letters", "times": 0}
"""A fault beside another: what was taken without an answer can't be looked up either, so it stays unknown."""


@dataclass
class Fault:
    kind: str
    nth: int = 1
    times: int = 1
    on: str = "POST /v1/letters"
    label: str = ""
    seconds: float = 0.0
    met: int = 0

    def __post_init__(self) -> None:
        first = self.kind.removesuffix("-after").removesuffix("-before")
        known = {"drop", "cut", "202", "nonsense", "another", "slow", "html-502", "html-429"}
        if first not in known and not (first.isdigit() and int(first) in WORDS):
            raise ValueError(f"no fault is called {self.kind}")

    def strikes(self, endpoint: str, label: str) -> bool:
        """Whether it strikes this request, which it counts."""
        if endpoint != self.on or (self.label and label != self.label):
            return False
        self.met += 1
        return self.met >= self.nth and (self.times == 0 or self.met < self.nth + self.times)

    @property
    def afterwards(self) -> bool:
        """The request is carried out first."""
        return self.kind.endswith("-after") or self.kind in ("202", "cut", "nonsense")

    def answer(self, good: Response | None) -> Response:
        """Instead of the good answer. Raises Drop."""
        kind = self.kind.removesuffix("-after").removesuffix("-before")
        if kind == "drop":
            raise Drop
        if kind == "cut":
            body = good.body if good else b""
            head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            raise Drop(head.encode() + body[: len(body) // 2])
        if kind == "202":
            return Response.of(202, {"id": "queued"})
        if kind == "nonsense":
            return Response.of(200, ["accepted"])
        if kind.startswith("html-"):
            return Response(int(kind[5:]), HTML, {"Content-Type": "text/html"})
        status = int(kind)
        headers = {"Retry-After": f"{self.seconds:g}"} if status == 429 and self.seconds else {}
        return Response.of(status, Refused(status, *WORDS[status]).body(), headers)


@dataclass
class Traffic:
    """Requests in any 5 seconds, by key and endpoint. `rate` None counts, but never refuses."""

    rate: int | None = 150
    arrivals: dict[tuple[str, str], deque[float]] = field(default_factory=lambda: defaultdict(deque))
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    answers: Counter[str] = field(default_factory=Counter)

    def arrive(self, key: str, endpoint: str, at: datetime) -> tuple[dict[str, str], Response | None]:
        """The rate headers, and the 429 if this request is one too many.

        `at` is the fake's own time; the window is counted in real seconds.
        """
        now = time.monotonic()
        self.times[endpoint].append(now)
        if self.rate is None:
            return {}, None
        limit = self.rate * (2 if endpoint == "POST /v1/us_verifications" else 1)
        window = self.arrivals[key, endpoint]
        while window and window[0] <= now - WINDOW:
            window.popleft()
        full = len(window) >= limit
        if not full:
            window.append(now)
        wait = max(0.0, window[0] + WINDOW - now) if window else WINDOW
        reset = str(int(at.timestamp() + wait) + 1)
        left = str(limit - len(window))
        headers = {
            "X-Rate-Limit-Limit": str(limit), "X-Rate-Limit-Remaining": left, "X-Rate-Limit-Reset": reset,
            "ratelimit-limit": str(limit), "ratelimit-remaining": left, "ratelimit-reset": reset,
        }  # fmt: skip
        if not full:
            return headers, None
        refused = Refused(429, *WORDS[429])
        return headers, Response.of(429, refused.body(), headers | {"Retry-After": f"{wait:.3f}"})

    def report(self) -> dict[str, Any]:
        """By endpoint: how many, over how many seconds, and the most in any 5 seconds."""
        return {
            endpoint: {
                "count": len(times),
                "seconds": times[-1] - times[0],
                "most_in_window": max(
                    place + 1 - bisect.bisect_right(times, at - WINDOW) for place, at in enumerate(times)
                ),
            }
            for endpoint, times in self.times.items()
        }
