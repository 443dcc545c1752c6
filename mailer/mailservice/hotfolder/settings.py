"""The print shop's table in mailer.toml, and its secrets."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field

from mailer.money import LARGEST
from mailer.settings import ServiceTable
from mailer.tomlfile import Table

NAME: Final = "hotfolder"
TITLE: Final = "the print shop"


class HotFolderSettings(ServiceTable):
    """How pieces go to a print shop: through `folder`, a path or sftp://user@host/path.

    `test`: the shop is told to print nothing, and what is recorded is a rehearsal's. `monthly_cap` is in US
    dollars, for all sends of a calendar month.
    """

    folder: str = ""
    test: bool = False
    color: bool = False
    monthly_cap: Annotated[Decimal, Field(ge=0, le=LARGEST, decimal_places=2)] | None = None


class HotFolderSecrets(Table):
    """The password of the SFTP account, where it has no key."""

    password: str = ""
