"""Where the shipped campaigns, the letterhead and the typefaces lie: in the wheel, else in the checkout.

Only this module knows.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from mailer.errors import MailerError

_PACKAGE: Final = Path(__file__).parent


def campaigns() -> Path:
    """The folder with mailer.toml, prices.toml, clients.csv and one folder per shipped campaign."""
    return _shipped("campaigns")


def letterhead() -> Path:
    """The shipped letterhead: templates, style sheets, logo, signature."""
    return _shipped("letterhead")


def bank() -> Path:
    """The folder of shipped articles and tips for the newsletter, with their drawings."""
    return _shipped("bank")


def typefaces(pair: str) -> Path:
    """The folder with the font files of a shipped pair of typefaces."""
    return _shipped("typefaces") / pair


def _shipped(name: str) -> Path:
    for folder in (_PACKAGE / "shipped_files" / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise MailerError(
        f"the shipped folder {name!r} is missing from this installation.",
        where=str(_PACKAGE),
        todo="Install mailer again.",
    )
