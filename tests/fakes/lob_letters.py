"""The fake Lob's letters: kept in memory, and in a SQLite file where it was given one."""

from __future__ import annotations

import base64
import json
import secrets
import sqlite3
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

KEY_LIFE = timedelta(hours=24)  # "keys expire after 24 hours"
CANCEL_WINDOW = timedelta(minutes=5)
TRANSIT = 6  # business days of first class


@dataclass
class Letter:
    """One letter. `object` is what a GET answers; the rest is for those who ask the fake itself."""

    id: str
    mode: str  # "test" or "live"
    key: str  # its Idempotency-Key, or ""
    created: float
    send_at: float | None
    object: dict[str, Any]
    sha256: str
    size: int
    pages: int
    deleted: bool = False

    @property
    def send_key(self) -> str:
        return str(self.object["metadata"].get("mailer_send_key", ""))

    @property
    def label(self) -> str:
        return str(self.object["metadata"].get("mailer_piece", ""))


@dataclass
class Letters:
    """All letters, oldest first."""

    path: Path | None = None
    kept: dict[str, Letter] = field(default_factory=dict)
    keys: dict[tuple[str, str], Letter] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._database: sqlite3.Connection | None = None
        if self.path is None:
            return
        self._database = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute("CREATE TABLE IF NOT EXISTS letter (id TEXT PRIMARY KEY, kept TEXT NOT NULL)")
        for (text,) in self._database.execute("SELECT kept FROM letter ORDER BY rowid"):
            self._remember(Letter(**json.loads(text)))

    def close(self) -> None:
        if self._database is not None:
            self._database.close()

    def forget(self) -> None:
        self.kept.clear()
        self.keys.clear()
        if self._database is not None:
            self._database.execute("DELETE FROM letter")

    def save(self, letter: Letter) -> None:
        self._remember(letter)
        if self._database is not None:
            self._database.execute(
                "INSERT INTO letter VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET kept = excluded.kept",
                (letter.id, json.dumps(asdict(letter))),
            )

    def _remember(self, letter: Letter) -> None:
        self.kept[letter.id] = letter
        if letter.key:
            self.keys[letter.mode, letter.key] = letter

    def same(self, mode: str, key: str, now: datetime) -> Letter | None:
        """The letter that this Idempotency-Key made, while the key lives."""
        letter = self.keys.get((mode, key)) if key else None
        alive = letter is not None and now.timestamp() - letter.created < KEY_LIFE.total_seconds()
        return letter if alive else None

    def create(self, mode: str, key: str, judged: dict[str, Any], now: datetime) -> Letter:
        id_ = f"ltr_{secrets.token_hex(8)}"
        send: datetime | None = judged["send_date"]
        letter = Letter(
            id=id_, mode=mode, key=key, created=now.timestamp(),
            send_at=send.timestamp() if send else None, object=_object(id_, judged, now),
            sha256=judged["sha256"], size=judged["size"], pages=judged["pages"],
        )  # fmt: skip
        self.save(letter)
        return letter

    def cancellable(self, letter: Letter, now: datetime) -> bool:
        until = letter.send_at or letter.created + CANCEL_WINDOW.total_seconds()
        return not letter.deleted and now.timestamp() < until

    def listing(self, mode: str, wanted: dict[str, str], query: dict[str, str], limit: int) -> dict[str, Any]:
        """Newest first, a page of `limit`; `before` or `after` is a cursor of ours."""
        found = [
            letter
            for letter in reversed(self.kept.values())
            if letter.mode == mode
            and letter.object["date_created"] >= query.get("date_created[gte]", "")
            and all(letter.object["metadata"].get(key) == value for key, value in wanted.items())
        ]
        places = {letter.id: place for place, letter in enumerate(found)}
        start = 0
        if "after" in query:
            start = places[_id(query["after"])] + 1
        elif "before" in query:
            start = max(0, places[_id(query["before"])] - limit)
        page = found[start : start + limit]
        following = start + limit < len(found)
        return {
            "object": "list",
            "data": [letter.object for letter in page],
            "count": len(page),
            "next_url": _url(limit, "after", page[-1], wanted, query) if following else None,
            "previous_url": _url(limit, "before", page[0], wanted, query) if start and page else None,
        }


def moment(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _url(limit: int, name: str, letter: Letter, wanted: dict[str, str], asked: dict[str, str]) -> str:
    cursor = base64.urlsafe_b64encode(letter.id.encode()).decode()
    dates = {key: value for key, value in asked.items() if key.startswith("date_created[")}
    query = (
        {"limit": limit, name: cursor} | dates | {f"metadata[{key}]": value for key, value in wanted.items()}
    )
    return f"https://api.lob.com/v1/letters?{urlencode(query)}"


def _id(cursor: str) -> str:
    return base64.urlsafe_b64decode(cursor).decode()


def _object(id_: str, judged: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The letter object, schema `letter`: regular or certified."""
    send: datetime = judged["send_date"] or now
    certified = judged["extra_service"] is not None
    return {
        "id": id_,
        "description": judged["description"],
        "metadata": judged["metadata"],
        "to": _address(judged["to"], now),
        "from": _address(judged["from"], now),
        "color": judged["color"],
        "double_sided": judged["double_sided"],
        "address_placement": judged["address_placement"],
        "return_envelope": False,
        "perforated_page": None,
        "custom_envelope": None,
        "extra_service": judged["extra_service"],
        "mail_type": judged["mail_type"],
        "use_type": judged["use_type"],
        "url": f"https://lob-assets.com/letters/{id_}.pdf?version=v1",
        "merge_variables": None,
        "cards": None,
        "carrier": "USPS",
        "tracking_number": f"9207190{secrets.randbelow(10**19):019}" if certified else None,
        "tracking_events": [],
        "thumbnails": [],
        "expected_delivery_date": _business_days_after(send.date(), TRANSIT).isoformat(),
        "date_created": moment(now),
        "date_modified": moment(now),
        "send_date": moment(send),
        "status": "rendered",
        "fsc": False,
        "object": "letter",
    }


def _address(given: dict[str, str], now: datetime) -> dict[str, Any]:
    names = (
        "name",
        "company",
        "phone",
        "email",
        "description",
        "address_line2",
        "address_state",
        "address_zip",
    )
    country = {"US": "UNITED STATES"}.get(given["address_country"], given["address_country"])
    return {
        "id": f"adr_{secrets.token_hex(8)}",
        **dict.fromkeys(names),
        **{name: text.upper() if name.startswith(("address", "name", "company")) else text
           for name, text in given.items()},
        "address_country": country,
        "metadata": {},
        "date_created": moment(now),
        "date_modified": moment(now),
        "object": "address",
    }  # fmt: skip


def _business_days_after(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day
