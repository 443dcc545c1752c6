"""Draws an SVG once in a process of its own, bounded in memory and time; mailer.pages.drawing runs it.

    python -m mailer.pages.drawn < FILE

Exit 0: it can be drawn. A marker on each of a thousand corners, a gradient that repeats itself, ten thousand
rules of style: what a picture takes can't be read off it.
"""

from __future__ import annotations

import sys
import time
from typing import Any, Final

MEMORY: Final = 3 << 29  # bytes of address space, of which the libraries take a third
SECONDS: Final = 5  # to draw it; a picture of a page takes a tenth of one
WHERE: Final = "file:///picture.svg"
DEPTH: Final = 700  # calls within each other: fewer than where it is drawn later


def bound(memory: int = MEMORY, seconds: int = SECONDS) -> None:
    """This process takes no more than that from now on, or than the shell's own limit; Windows knows no such
    limits.
    """
    try:
        import resource  # noqa: PLC0415 (not on Windows)
    except ImportError:
        return
    until = int(time.process_time()) + seconds
    for limit, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, until),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(limit)[1]
        resource.setrlimit(limit, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def main() -> int:
    from mailer.pages.weasy import HTML, URLFetcher, URLFetcherResponse  # noqa: PLC0415 (before the bounds)

    svg = sys.stdin.buffer.read()

    class Fetcher(URLFetcher):  # type: ignore[misc] # weasyprint has no types
        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:  # noqa: ARG002
            return URLFetcherResponse(url, svg if url == WHERE else b"", {"Content-Type": "image/svg+xml"})

    sys.setrecursionlimit(DEPTH)
    bound()
    HTML(string=f'<img src="{WHERE}">', url_fetcher=Fetcher()).write_pdf()
    return 0


if __name__ == "__main__":
    sys.exit(main())
