"""Lob's table in mailer.toml."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field

from mailer.money import LARGEST
from mailer.settings import ServiceTable

NAME: Final = "lob"
TITLE: Final = "Lob"


class LobSettings(ServiceTable):
    """How pieces go out by Lob. `monthly_cap` is in US dollars, for all sends of a calendar month."""

    color: bool = False
    double_sided: bool = True
    monthly_cap: Annotated[Decimal, Field(ge=0, le=LARGEST, decimal_places=2)] | None = None
