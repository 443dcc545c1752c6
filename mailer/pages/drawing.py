"""Whether an SVG can be drawn at all: what its parts repeat is counted, and one that is not plain is tried.

A plain one, as all that are shipped, costs nothing. What another takes can't be read off it, and it is drawn
once in a process of its own (mailer.pages.drawn).
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from math import inf
from typing import Final
from xml.etree import ElementTree as ET

from mailer.pages import drawn

MOST_DRAWN: Final = 100_000  # elements
WAIT: Final = 60.0  # seconds, of a machine that is busy
_PLAIN: Final = 20_000  # bytes
_PLAIN_DEPTH: Final = 50
_REMARK: Final = re.compile(rb"<!--[^<>]*-->")
_PLAIN_TEXT: Final = re.compile(rb">[^<]{1000}")
_TOO_MUCH: Final = "takes more time or memory to draw than any picture; save it as a PNG"
_DEAR: Final = re.compile(rb"marker|spreadMethod|<style|pattern|mask|clip|filter|<!|image", re.IGNORECASE)


@lru_cache(maxsize=64)
def trouble(svg: bytes) -> str:
    """Why it is not drawn, "" where it is. What is no XML the renderer itself says."""
    count = drawn_elements(svg)
    if count > MOST_DRAWN:
        return f"draws more than {MOST_DRAWN:,} elements" if count < inf else "repeats itself without end"
    if _is_plain(svg):
        return ""
    return "" if _can_be_drawn(svg) or _can_be_drawn(svg) else _TOO_MUCH  # the first may have been killed


def _can_be_drawn(svg: bytes) -> bool:
    command = [sys.executable, "-P", "-m", drawn.__name__]
    try:
        ran = subprocess.run(command, input=svg, capture_output=True, check=False, timeout=WAIT)  # noqa: S603
    except subprocess.TimeoutExpired:
        return False
    return not ran.returncode


def _is_plain(svg: bytes) -> bool:
    """Is it so small and simple that drawing it takes no time."""
    if len(svg) > _PLAIN or _DEAR.search(_REMARK.sub(b"", svg)) or _PLAIN_TEXT.search(svg):
        return False
    return _depth(svg) <= _PLAIN_DEPTH


def _depth(svg: bytes) -> int:
    depth = most = 0
    try:
        for event, _ in ET.iterparse(BytesIO(svg), events=("start", "end")):  # noqa: S314 (no entities)
            depth += 1 if event == "start" else -1
            most = max(most, depth)
    except ET.ParseError:
        return 0
    return most


def drawn_elements(svg: bytes) -> float:
    """How many elements are drawn, those that `use` repeats as often as it does; infinite for a circle.

    What is no XML is 0: the renderer says so itself.
    """
    try:
        tree = ET.fromstring(svg)  # noqa: S314 (expat bounds what entities come to)
    except ET.ParseError:
        return 0
    named = {one.get("id"): one for one in tree.iter() if one.get("id")}

    def parts(one: ET.Element) -> Iterator[ET.Element]:
        yield from one
        if one.tag.rpartition("}")[2] == "use":
            target = next((text for key, text in one.attrib.items() if key.endswith("href")), "")[1:]
            if target in named:
                yield named[target]

    known: dict[ET.Element, float] = {}
    within: set[ET.Element] = set()  # the way down to where it counts
    waiting = [(tree, False)]
    while waiting:
        one, counted = waiting.pop()
        if counted:
            within.remove(one)
            known[one] = 1.0 + sum(known[part] for part in parts(one))
        elif one in within:
            return inf
        elif one not in known:
            within.add(one)
            waiting += [(one, True), *((part, False) for part in parts(one))]
    return known[tree]
