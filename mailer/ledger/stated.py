"""What a letter states and was made under, frozen as it was printed. Pure.

Days are local days, money `Decimal`; written as JSON, days are ISO 8601 and money is text. What an older
mailer did not freeze is empty: the places of client and sender, what it supersedes or follows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Self

from mailer.money import plain


@dataclass(frozen=True, slots=True)
class NoticedRate:
    """One service of the client: what it costs, and what it is to cost."""

    service: str
    name: str
    old: Decimal
    new: Decimal


@dataclass(frozen=True, slots=True)
class KnownClosing:
    """A day on which a calendar was known to be closed by the firm's own word (`mailer.toml`)."""

    calendar: str
    day: date
    reason: str


KnownClosings = tuple[KnownClosing, ...]


def closings_as_text(known: KnownClosings) -> str:
    """As they are recorded of a hand-over: canonical JSON, [calendar, day, reason] each."""
    return json.dumps(_rows(known), ensure_ascii=False, separators=(",", ":"))


def closings_of_text(raw: str) -> KnownClosings:
    """From that. Raises TypeError or ValueError."""
    return _known(json.loads(raw))


def _rows(known: KnownClosings) -> list[list[str]]:
    return [[one.calendar, one.day.isoformat(), one.reason] for one in known]


def _known(rows: Iterable[tuple[str, str, str]]) -> KnownClosings:
    return tuple(KnownClosing(calendar, date.fromisoformat(day), why) for calendar, day, why in rows)


@dataclass(frozen=True, slots=True)
class GivenPolicy:
    """A version of a policy that went with the letter; `digest` is the SHA-256 of its words."""

    name: str
    version: int
    digest: str


@dataclass(frozen=True, slots=True)
class Stated:
    """`house` and `statutes` are ids of rules, `term` the contract's term of notice in the list's words.

    `state` and `country` are where the client is served, `mail_state` and `mail_country` where the letter
    goes, `mailed_from` the sender's state. `certified` is None where an older mailer did not say, and so is
    `closings`: those known when it was made, and `media`.
    """

    effective: date | None = None
    rates: tuple[NoticedRate, ...] = ()
    term: str = ""
    house: str = ""
    certified: bool | None = None
    statutes: tuple[str, ...] = ()
    state: str = ""
    country: str = ""
    mail_state: str = ""
    mail_country: str = ""
    mailed_from: str = ""
    supersedes: str = ""
    follows: tuple[str, ...] = ()
    closings: KnownClosings | None = None
    policies: tuple[GivenPolicy, ...] = ()
    courtesy: bool = False  # it is no notice: only the firm's own habit says when it is due
    by_email: bool = False  # it was approved to go by e-mail
    second: bool = False  # of two letters that a term asks for: to the second address, or a copy by e-mail
    media: tuple[str, ...] | None = None  # those that the firm's own habit asked for then
    encloses: tuple[str, ...] = ()  # issues with its article that are in its envelope

    @property
    def is_copy(self) -> bool:
        """Is it the copy by e-mail of a letter on paper."""
        return self.second and self.by_email

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """From its JSON, of any version."""
        effective, closings = stored.get("effective"), stored.get("closings")
        return cls(
            effective=date.fromisoformat(effective) if effective else None,
            rates=tuple(
                NoticedRate(service, name, Decimal(old), Decimal(new))
                for service, name, old, new in stored.get("rates", ())
            ),
            term=stored.get("term") or "",
            house=stored.get("house") or "",
            certified=stored.get("certified"),
            statutes=tuple(stored.get("statutes", ())),
            follows=tuple(stored.get("follows", ())),
            closings=None if closings is None else _known(closings),
            policies=tuple(GivenPolicy(*row) for row in stored.get("policies", ())),
            courtesy=stored.get("courtesy", False),
            by_email=stored.get("by_email", False),
            second=stored.get("second", False),
            media=None if stored.get("media") is None else tuple(stored["media"]),
            encloses=tuple(stored.get("encloses", ())),
            **{name: stored.get(name, "") for name in _WORDS},
        )

    def written(self) -> dict[str, Any]:
        """As JSON; {} for a document that states nothing, such as a newsletter.

        This is what is hashed (mailer.ledger.leaves): a fact that comes later is left out of a letter that
        was made before it, as `closings` are.
        """
        if self.effective is None:
            return {}
        known: dict[str, Any] = {} if self.closings is None else {"closings": _rows(self.closings)}
        if self.policies:
            known["policies"] = [[one.name, one.version, one.digest] for one in self.policies]
        if self.courtesy:
            known["courtesy"] = True
        if self.by_email:
            known["by_email"] = True
        if self.second:
            known["second"] = True
        if self.media is not None:
            known["media"] = list(self.media)
        if self.encloses:
            known["encloses"] = list(self.encloses)
        return known | {
            "effective": self.effective.isoformat(),
            "rates": [[one.service, one.name, plain(one.old), plain(one.new)] for one in self.rates],
            "term": self.term,
            "house": self.house,
            "certified": self.certified,
            "statutes": list(self.statutes),
            "follows": list(self.follows),
            **{name: getattr(self, name) for name in _WORDS},
        }


_WORDS = ("state", "country", "mail_state", "mail_country", "mailed_from", "supersedes")
