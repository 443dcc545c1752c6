"""The line that makes the post tell new addresses, below the firm's own address (DMM 507.1.5, 202.4.1).

On a letter it stands in the upper window of a double-window envelope where there is room for it, and on a
printed envelope; any other envelope carries it already, or the checklist asks for it.
"""

from __future__ import annotations

from typing import Final

from mailer.pages.drawnaddress import carries_endorsement
from mailer.pages.imposition import sender_block
from mailer.pages.letterhead import Letterhead
from mailer.settings import Envelope, Settings

ENDORSEMENT: Final = "Address Service Requested"  # forwarded, and the new address told
_WITH_SUITE: Final = 4  # lines: name, street, suite, city


def is_endorsed(settings: Settings, letterhead: Letterhead) -> bool:
    """Whether letters have it where the envelope is to show it: with a double window, if there is room."""
    sender = window_sender(settings, letterhead)
    return not sender or fits_window(sender, letterhead)


def window_sender(settings: Settings, letterhead: Letterhead) -> tuple[str, ...]:
    """The firm's lines that are printed into a letter's upper window; () where the envelope has none."""
    if settings.stationery.envelope is not Envelope.DOUBLE_WINDOW:
        return ()
    return in_window((settings.firm.name, *settings.firm.address.lines()), letterhead)


def in_window(sender: tuple[str, ...], letterhead: Letterhead) -> tuple[str, ...]:
    """The firm's lines as they stand in the upper window. Four leave no room for the endorsement: the suite
    then goes on the street's line, where the post prefers it (Publication 28, 213), if that isn't too long.
    """
    if len(sender) == _WITH_SUITE and not fits_window(sender, letterhead):
        name, street, suite, city = sender
        joined = (name, f"{street}, {suite}", city)
        return joined if fits_window(joined, letterhead) else sender
    return sender


def fits_window(sender: tuple[str, ...], letterhead: Letterhead) -> bool:
    """Whether there is room for it below the firm's lines in the upper window."""
    return carries_endorsement(sender_block(sender, ENDORSEMENT), letterhead)
