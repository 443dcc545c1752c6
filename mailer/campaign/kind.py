"""What a kind of campaign says of itself: which facts its documents must state, what its definition needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from mailer.campaign.definition import Definition
from mailer.campaign.facts import Fact
from mailer.campaign.rates import ClientChange
from mailer.profile import Profile
from mailer.settings import Settings


@dataclass(frozen=True, slots=True)
class Starter:
    """What `mailer new` knows when it writes the first files of a campaign. `number` is an issue's."""

    name: str
    effective: date
    today: date
    number: int = 1


@dataclass(frozen=True, slots=True)
class Lack:
    """What mailer.toml does not say yet: in which of its tables, and what to write there."""

    table: str
    what: str


def nothing_lacks(_effective: date, _settings: Settings) -> tuple[Lack, ...]:
    return ()


def no_day(_settings: Settings, _today: date) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of campaign.

    `needs` and `takes` are keys of a definition: those it must have, and those it may have
    beside the ones every kind has. `common_facts` must be stated by letter and article alike,
    `letter_facts` by the letter to the client with that change. `starter` gives file name to text;
    `files` are the Markdown files it reads, and whether each must be there. The profile that facts come from
    is that of the effective date; `lacks` is what mailer.toml must say first for a change on that date, and
    `begins` the effective date that it proposes, today given.
    """

    name: str
    title: str
    needs: tuple[str, ...]
    takes: tuple[str, ...]
    common_facts: Callable[[Definition, Profile], tuple[Fact, ...]]
    letter_facts: Callable[[Definition, Profile, ClientChange], tuple[Fact, ...]]
    starter: Callable[[Starter], dict[str, str]]
    files: tuple[tuple[str, bool], ...] = (("letter.md", True), ("article.md", True))
    is_issue: bool = False
    lacks: Callable[[date, Settings], Iterable[Lack]] = nothing_lacks
    begins: Callable[[Settings, date], date | None] = no_day
