"""What a kind of campaign says of itself: which facts its documents must state, what its definition needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from mailer.campaign.definition import Definition
from mailer.campaign.facts import Fact
from mailer.campaign.rates import ClientChange


@dataclass(frozen=True, slots=True)
class Starter:
    """What `mailer new` knows when it writes the first files of a campaign. `number` is an issue's."""

    name: str
    effective: date
    today: date
    number: int = 1


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of campaign.

    `needs` and `takes` are keys of a definition: those it must have, and those it may have
    beside the ones every kind has. `common_facts` must be stated by letter and article alike,
    `letter_facts` by the letter to the client with that change. `starter` gives file name to text;
    `files` are the Markdown files it reads, and whether each must be there.
    """

    name: str
    title: str
    needs: tuple[str, ...]
    takes: tuple[str, ...]
    common_facts: Callable[[Definition], tuple[Fact, ...]]
    letter_facts: Callable[[Definition, ClientChange], tuple[Fact, ...]]
    starter: Callable[[Starter], dict[str, str]]
    files: tuple[tuple[str, bool], ...] = (("letter.md", True), ("article.md", True))
    is_issue: bool = False
