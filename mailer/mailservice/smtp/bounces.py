"""What came back: delivery status notifications (RFC 3464), and readers who want no more. Pure; bytes in.

Anybody may have written these: at most LARGEST bytes are looked at, and nothing in them is run, shown as it
is, or believed beyond this: that a message with that Message-ID did not arrive. A notice that a forged bounce
undid is given anew; no bounce ever makes one.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import Compat32
from email.utils import parsedate_to_datetime
from typing import Final

from mailer.errors import NONSENSE, in_words

LARGEST: Final = 200_000  # bytes of a message that are looked at; what is returned comes last
_PARTS: Final = 50  # of a message
_NESTED: Final = 20  # parts that have parts, of a message: reading them takes the square of their number
_HOLDS: Final = re.compile(rb"multipart/", re.IGNORECASE)
_FIELD: Final = 2_000  # characters of a field: what splits it into parameters takes the square of its length
_WORDS: Final = 160  # characters of a server's reason
_OURS: Final = re.compile(rb"<((?:test\.)?[0-9a-f]{32}@[A-Za-z0-9.-]{1,255})>")
_ASKED: Final = re.compile(r"\bunsubscribe\s+([A-Za-z0-9._-]{1,80}-N-\d{4,9})\b", re.IGNORECASE)
_STATUS: Final = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})")
_FAULTS: Final = (MessageError, *NONSENSE)


@dataclass(frozen=True, slots=True)
class Bounce:
    """One message that did not arrive. `status` is the enhanced code, "5.1.1", "" where none is told;
    `failed`: for good, else it is only late; `to` and `why` are the servers' words, `at` when it was said.
    """

    message_id: str
    status: str
    failed: bool
    to: str
    why: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class WantsNoMore:
    """A reader's answer to the newsletter: of which piece, and from where it came."""

    label: str
    sender: str


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A message that tells of nothing that is known here, and why."""

    why: str


class _Short(Compat32):
    """Takes the beginning of each field."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_FIELD]


def read(content: bytes) -> Bounce | WantsNoMore | Unmatched | None:
    """What a message tells; None where it is none of ours: an answer, an advertisement."""
    part = content[:LARGEST]
    if len(_HOLDS.findall(part)) > _NESTED:
        return Unmatched("a message has more parts in parts than any mail program makes")
    try:
        message = email.message_from_bytes(part, policy=_Short())
        blocks = list(_status_blocks(message))
        if blocks:
            return _bounce(message, part, blocks)
        asked = _ASKED.search(_text(message, "Subject"))
        return WantsNoMore(asked[1], _short(_text(message, "From"))) if asked else None
    except _FAULTS as error:
        return Unmatched(f"a message can't be read ({in_words(error)})")


def _status_blocks(message: Message) -> Iterator[Message]:
    """The groups of fields of its message/delivery-status part."""
    for number, part in enumerate(message.walk()):
        if number > _PARTS:
            return
        if part.get_content_type() == "message/delivery-status":
            held = part.get_payload()
            yield from (one for one in held if isinstance(one, Message)) if isinstance(held, list) else ()


def _bounce(message: Message, content: bytes, blocks: list[Message]) -> Bounce | Unmatched:
    told = [one for one in blocks if one.get("Final-Recipient") or one.get("Action")]
    failed = [one for one in told if _text(one, "Action").lower() == "failed"]
    chosen = (failed or told or blocks)[0]
    to = _short(_text(chosen, "Final-Recipient").partition(";")[2] or _text(chosen, "Final-Recipient"))
    action = _text(chosen, "Action").lower()
    if action and action not in ("failed", "delayed"):
        return Unmatched(f"a notice tells that a message to {to} was {_short(action)}")
    found = _OURS.findall(content)
    if not found:
        return Unmatched(f"a message to {to or 'somebody'} came back that was not sent from here")
    status = _STATUS.search(_text(chosen, "Status"))
    why = _text(chosen, "Diagnostic-Code").partition(";")[2] or _text(chosen, "Diagnostic-Code")
    return Bounce(
        message_id=found[-1].decode(),
        status=status[0] if status else "",
        failed=bool(failed) or (not action and bool(status) and status is not None and status[1] == "5"),
        to=to,
        why=_short(why),
        at=_when(message),
    )


def _when(message: Message) -> datetime | None:
    try:
        at = parsedate_to_datetime(_text(message, "Date"))
    except _FAULTS:
        return None
    try:
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except _FAULTS:
        return None


def _text(message: Message, name: str) -> str:
    held = message.get(name)
    if held is None:
        return ""
    try:
        return str(make_header(decode_header(str(held))))
    except _FAULTS:
        return str(held)


def _short(text: str) -> str:
    """A stranger's words as one line that no terminal takes for a command."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return line if len(line) <= _WORDS else f"{line[:_WORDS]}…"
