"""The letterhead alone, as pre-printed paper carries it: laid under the letters to show what a client sees.

It is the letter's own template with its text hidden, so that it cannot differ from what plain paper gets.
"""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Final

from mailer.pages.letterhead import Letterhead
from mailer.settings import Settings

SAID: Final = "As seen on pre-printed paper"
_CSS: Final = f"""
main {{ visibility: hidden }}
@page :first {{ @bottom-center {{ content: "{SAID}"; font: 7.5pt "Letter Sans"; color: #6b716d }} }}
"""


def letterhead_page(letterhead: Letterhead, settings: Settings, day: date) -> bytes:
    """One page with what `pre_printed` leaves out of a letter of `day`, and a line that says so."""
    from mailer.pages.press import press  # noqa: PLC0415 (imports WeasyPrint)

    machine = press(letterhead, "letter")
    letter = SimpleNamespace(
        reference="",
        date=date.min,
        subject="",
        salutation="",
        body_html="",
        enclosures=(),
        delivery="",
        in_window=False,
    )
    values = {
        "letter": letter,
        "body": "",
        "enclosed": (),
        "firm": settings.on(day),
        "signature": settings.signature,
        "signature_image": "",
        "pre_printed": False,
    }
    return machine.write([machine.lay_out(values, extra=_CSS)]).pdf
