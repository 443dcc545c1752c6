"""Requests as any client of Lob makes them, for tests of the fake itself."""

from __future__ import annotations

from typing import Any

import requests

from tests.fakes.lob import Handle
from tests.fakes.pieces import pdf

TEST, LIVE = ("test_abc", ""), ("live_abc", "")
GOOD = {
    "to[name]": "Harry Zhang",
    "to[address_line1]": "210 King Street",
    "to[address_city]": "San Francisco",
    "to[address_state]": "CA",
    "to[address_zip]": "94107",
    "from[company]": "Leore Avidar",
    "from[address_line1]": "210 King Street",
    "from[address_city]": "San Francisco",
    "from[address_state]": "CA",
    "from[address_zip]": "94107",
    "color": "true",
    "use_type": "operational",
}
ONE_PAGE = pdf()


def post(
    lob: Handle,
    fields: dict[str, str | None] | None = None,
    *,
    content: bytes | None = ONE_PAGE,
    key: str = "",
    auth: tuple[str, str] = TEST,
) -> requests.Response:
    """POST a good letter with those fields changed; None leaves one out."""
    data = {name: text for name, text in (GOOD | (fields or {})).items() if text is not None}
    files = {"file": ("letter.pdf", content)} if content is not None else None
    headers = {"Idempotency-Key": key} if key else {}
    return requests.post(
        f"{lob.base}/letters", data=data, files=files, headers=headers, auth=auth, timeout=30
    )


def get(lob: Handle, path: str, auth: Any = TEST, **query: str) -> requests.Response:
    return requests.get(f"{lob.base}{path}", params=query, auth=auth, timeout=30)


def code(answer: requests.Response) -> tuple[int, str]:
    """Status and code of an error, whose object must have Lob's shape."""
    error = answer.json()["error"]
    assert set(error) == {"message", "status_code", "code"}
    assert error["status_code"] == answer.status_code
    return answer.status_code, error["code"]
