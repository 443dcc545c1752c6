"""Tries a PDF that somebody made, once in a process of its own, bounded in memory and time.

    python -m mailer.pages.strangepdf < FILE

Exit 0: its pages can be drawn, put into another file and hashed. Forms that draw each other ten times over, a
picture of 100,000 dots a side: what a page takes can't be read off it, and nothing ends a library that is
drawing but the end of its process.
"""

from __future__ import annotations

import subprocess
import sys
from functools import lru_cache
from typing import Final

from mailer.pages.drawn import bound

MEMORY: Final = 2 << 30  # bytes of address space
SECONDS: Final = 30  # of the processor; a page takes a twentieth of one
MOST_PAGES: Final = 100
WAIT: Final = 120.0  # seconds, of a machine that is busy
_WORDS: Final = 120  # characters of what a library says


@lru_cache(maxsize=64)
def trouble(pdf: bytes) -> str:
    """Why its pages can't be taken, "" where they can."""
    too_much = "takes more time or memory to draw than any page; print it to a new PDF."
    command = [sys.executable, "-P", "-m", "mailer.pages.strangepdf"]
    try:
        ran = subprocess.run(command, input=pdf, capture_output=True, check=False, timeout=WAIT)  # noqa: S603
    except subprocess.TimeoutExpired:
        return too_much
    if ran.returncode == 1 and ran.stdout:
        return ran.stdout.decode(errors="replace")
    return too_much if ran.returncode else ""


def main() -> int:
    import pikepdf  # noqa: PLC0415 (before the bounds)
    import pypdfium2  # type: ignore[import-untyped] # noqa: PLC0415

    from mailer.pages.imposition import open_pdf  # noqa: PLC0415
    from mailer.pages.ink import image_of, opened  # noqa: PLC0415
    from mailer.pages.pagehash import PagesUnreadable, whole_hash  # noqa: PLC0415
    from mailer.pages.pdffile import saved  # noqa: PLC0415

    pdf = sys.stdin.buffer.read()
    bound(MEMORY, SECONDS)
    try:
        with open_pdf(pdf) as given, pikepdf.Pdf.new() as made:
            if (count := len(given.pages)) > MOST_PAGES:
                sys.stdout.write(f"has {count:,} pages; at most {MOST_PAGES} go with a letter.")
                return 1
            for page in given.pages:
                form = made.copy_foreign(page.as_form_xobject())
                new = made.add_blank_page(page_size=(612, 792))
                new.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Page=form))
                new.obj.Contents = made.make_stream(b"/Page Do")
            whole_hash(saved(made))
        with opened(pdf) as document:
            for number in range(1, len(document) + 1):
                image_of(document, number)
    except pikepdf.PasswordError:
        sys.stdout.write("asks for a password; print it to a new PDF.")
        return 1
    except PagesUnreadable as error:
        sys.stdout.write(f"can't be taken over: {str(error)[:_WORDS]}; print it to a new PDF.")
        return 1
    except (pikepdf.PdfError, pypdfium2.PdfiumError, ValueError, RuntimeError):
        sys.stdout.write("is no PDF that can be read.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
