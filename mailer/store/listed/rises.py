"""The rises that a client list brings, and what a client's contract says of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mailer.campaign.rates import RateLine
from mailer.judgement.history import DatedTerms


@dataclass(frozen=True, slots=True)
class Rising:
    """The rates of one client that are to rise, and the agreements that the list brings with them."""

    lines: Sequence[RateLine]
    terms: Sequence[DatedTerms]


@dataclass(frozen=True, slots=True)
class Permitted:
    """What a client's contract says of rises: why it bars them ("" where it does not), and the term of notice
    that it asks for ("" where there is none). `on_record` is the day of a rate that is on record from a later
    day, and would end them; None where there is none.
    """

    barred: str
    term: str
    on_record: date | None = None
