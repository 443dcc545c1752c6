"""Tries a PDF that somebody made, once in a process of its own, bounded in memory and time.

    python -m mailer.pages.strangepdf MOST < FILE

MOST is how many pages it may have. Exit 0: its pages can be put into another file as they are shown, hashed,
drawn, and looked at as before the printing. Forms that draw each other ten times over, a picture of 100,000
dots a side: what a page takes can't be read off it, and nothing ends a library that is drawing but the end of
its process.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Final

from mailer.pages.drawn import bound

MEMORY: Final = 2 << 30  # bytes of address space
SECONDS: Final = 10  # of the processor
A_PAGE: Final = 0.5  # seconds more for each; one takes a fifth of it
WAIT: Final = 4  # times as long, of a machine that is busy
_WORDS: Final = 120  # characters of what a library says


def trouble(pdf: bytes, most: int) -> str:
    """Why its pages can't be taken, "" where they can; it may have `most` of them."""
    too_much = "takes more time or memory to draw than any page; print it to a new PDF."
    command = [sys.executable, "-P", "-m", "mailer.pages.strangepdf", str(most)]
    wait = WAIT * _seconds(most)
    try:
        ran = subprocess.run(command, input=pdf, capture_output=True, check=False, timeout=wait)  # noqa: S603
    except subprocess.TimeoutExpired:
        return too_much
    if ran.returncode == 1 and ran.stdout:
        return ran.stdout.decode(errors="replace")
    return too_much if ran.returncode else ""


def _seconds(pages: int) -> int:
    return SECONDS + round(A_PAGE * pages)


def main() -> int:
    import pikepdf  # noqa: PLC0415 (before the bounds)

    from mailer.pages.foreignpages import left_out, upright  # noqa: PLC0415
    from mailer.pages.imposition import open_pdf  # noqa: PLC0415
    from mailer.pages.pagehash import PagesUnreadable, whole_hash  # noqa: PLC0415

    most, pdf = int(sys.argv[1]), sys.stdin.buffer.read()
    memory = MEMORY + 4 * len(pdf)
    bound(memory, SECONDS)
    try:
        with open_pdf(pdf) as given:
            if (count := len(given.pages)) > most:
                sys.stdout.write(f"has {count:,} pages; at most {most:,} are taken.")
                return 1
            bound(memory, _seconds(count))
            if wrong := left_out(given):
                sys.stdout.write(wrong)
                return 1
        pages = upright(pdf)
        whole_hash(pages)
        _look_at(pdf, pages)
    except pikepdf.PasswordError:
        sys.stdout.write("asks for a password; print it to a new PDF.")
        return 1
    except PagesUnreadable as error:
        sys.stdout.write(f"can't be taken over: {str(error)[:_WORDS]}; print it to a new PDF.")
        return 1
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 (whatever the libraries raise here, they would raise later)
        sys.stdout.write("is no PDF that can be read.")
        return 1
    return 0


def _look_at(pdf: bytes, pages: bytes) -> None:
    """Each page of it as taken over, and its fonts. Raises ValueError where it has not so many: one library
    mends what another refuses; PagesUnreadable where one is too large to be drawn.
    """
    from mailer.pages.ink import drawings_of, image_of, is_poster, letters_of, opened, resolutions  # noqa: PLC0415
    from mailer.pages.pagehash import PagesUnreadable  # noqa: PLC0415
    from mailer.pages.seen import words_on  # noqa: PLC0415 (before the bounds)
    from mailer.pages.typeface import check_fonts  # noqa: PLC0415

    check_fonts(pages, None)
    with opened(pdf) as given, opened(pages) as document:
        if len(given) != len(document):
            raise ValueError(f"{len(given)} and {len(document)} pages")
        for number in range(1, len(document) + 1):
            if is_poster(document, number):
                raise PagesUnreadable("a page is larger than any paper")
            for look in (image_of, letters_of, drawings_of, resolutions, words_on):
                look(document, number)


if __name__ == "__main__":
    sys.exit(main())
