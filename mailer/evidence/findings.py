"""What an evidence pack is to its verifier, and what verifying it comes to. Sizes are bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

LONGEST: Final = 1 << 26
"""Bytes of a line: more than what binds a hundred thousand pieces of one event."""


class Pack(Protocol):
    """The files of a pack by their names below its folder ("pieces/2027-rates-L-0001.pdf")."""

    def sizes(self) -> Mapping[str, int]:
        """Every file and its size."""
        ...

    def read(self, name: str) -> bytes:
        """The content of one of them."""
        ...

    def lines(self, name: str) -> Iterator[bytes]:
        """The same by line, each with its end; one longer than LONGEST in parts."""
        ...

    def sha256(self, name: str) -> str:
        """The SHA-256 of one of them, however large."""
        ...


@dataclass(slots=True)
class Findings:
    """What verifying came to. The pack proves what it says only where `problems` is empty."""

    problems: list[str] = field(default_factory=list)
    campaign: str = ""
    title: str = ""
    only: str = ""  # the one piece that it is of
    besides: tuple[str, ...] = ()  # and that to the client's other address
    made_at: str = ""
    head: str = ""
    head_at: int = 0  # the event that a signed paper's head is of
    manifest: str = ""  # SHA-256 of manifest.json
    by_manifest: list[str] = field(default_factory=list)  # files and folders that rest on it alone
    rehearsal: bool = False
    files: int = 0
    events: int = 0
    pieces: int = 0
    adopted: int = 0  # bound when an older folder was upgraded, not when they were made
    at_service: int = 0  # pieces that a mail service took
    documents: int = 0  # pieces whose PDF is in the pack
    left_out: int = 0  # pieces that were approved and not refused since, whose PDF is not
    drops: int = 0
    receipts: int = 0
    forgotten: int = 0  # pieces whose salt was dropped: their address can't be recomputed
