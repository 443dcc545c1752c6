"""What a kind of campaign says of itself: which facts its documents must state, what its definition needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from mailer.campaign.definition import Definition
from mailer.campaign.facts import Fact
from mailer.campaign.policyfile import PolicyVersion
from mailer.campaign.rates import ClientChange
from mailer.ledger.kinds import Medium
from mailer.notice.strides import shifted
from mailer.profile import Profile
from mailer.settings import FILE, Settings


@dataclass(frozen=True, slots=True)
class Starter:
    """What `mailer new` knows when it writes the first files of a campaign. `number` is an issue's."""

    name: str
    effective: date
    today: date
    number: int = 1
    client: str = ""  # whom a letter to one client is for
    joined_from: date | None = None
    given: date | None = None  # when that client was given the policy that it is reminded of
    stage: str = "gentle"


@dataclass(frozen=True, slots=True)
class Lack:
    """What the firm has not written down yet: in a `table` of mailer.toml or another `file`, and what."""

    table: str
    what: str
    file: str = FILE


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What the firm has said of itself: mailer.toml, and its policies."""

    settings: Settings
    policies: tuple[PolicyVersion, ...] = ()
    announced: frozenset[date | None] = frozenset()  # the effective days of the campaigns of this kind


def nothing_lacks(_effective: date, _known: OwnWords) -> tuple[Lack, ...]:
    return ()


def in_two_weeks(_known: OwnWords, today: date) -> date:
    return shifted(today, 14)


def no_day(_known: OwnWords, _today: date) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of campaign.

    `needs` and `takes` are keys of a definition: those it must have, and those it may have
    beside the ones every kind has. `common_facts` must be stated by letter and article alike,
    `letter_facts` by the letter to the client with that change. `starter` gives file name to text;
    `is_notice` is False for a courtesy, to which contracts and statutes say nothing; `private` letters go to
    one client, named in `only`, and what they state is not for the article. `media` are those that the firm's
    own habit asks for, where the definition names none. `lasts` is False for what is over with its day.
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
    lasts: bool = True
    is_notice: bool = True
    private: bool = False
    lacks: Callable[[date, OwnWords], Iterable[Lack]] = nothing_lacks
    begins: Callable[[OwnWords, date], date | None] = no_day
    media: tuple[Medium, ...] = (Medium.LETTER, Medium.NEWSLETTER)
