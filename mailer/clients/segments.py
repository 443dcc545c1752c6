"""Which clients a campaign is for. Pure.

An `Audience` names restrictions; an empty set is no restriction, several sets must all be met, and within
one set any is enough. `only` restricts to clients named, `include` adds clients who would not be
in, `exclude` removes and wins. They name clients by key, number, name or e-mail address. A client who has
ended is never in. Words are compared
without regard to case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from mailer.agreement import ContractKind
from mailer.clients.member import Member


@dataclass(frozen=True, slots=True)
class Audience:
    """`states` are two letters, `services` slugs, of which the client has a rate for any."""

    contract: frozenset[ContractKind] = frozenset()
    tags: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()
    include: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()
    joined_from: date | None = None  # the first day of the engagement, or later
    segments: tuple[Audience, ...] = ()  # of which the client is in any

    @property
    def named(self) -> frozenset[str]:
        """Every client that is named, in a segment too."""
        return (self.only | self.include | self.exclude).union(*(one.named for one in self.segments))

    @property
    def by_service(self) -> bool:
        """Whether it must be known which services a client has."""
        return bool(self.services) or any(one.by_service for one in self.segments)


def predicate(audience: Audience) -> Callable[[Member], bool]:
    """Whether a client is in the audience, prepared for many calls."""
    kinds, services = audience.contract, audience.services
    tags = frozenset(tag.casefold() for tag in audience.tags)
    states = frozenset(state.upper() for state in audience.states)
    only, include, exclude = _folded(audience.only), _folded(audience.include), _folded(audience.exclude)
    named, joined = bool(only or include or exclude), audience.joined_from
    segments = [predicate(one) for one in audience.segments]

    def is_in(member: Member) -> bool:
        if not member.active:
            return False
        if named:
            names = _names(member)
            if not exclude.isdisjoint(names):
                return False
            if not include.isdisjoint(names):
                return True
            if only and only.isdisjoint(names):
                return False
        return (
            (not kinds or member.kind in kinds)
            and (not states or member.state in states)
            and (not tags or not tags.isdisjoint(member.tags))
            and (joined is None or (member.since is not None and member.since >= joined))
            and (not services or not services.isdisjoint(member.services))
            and (not segments or any(holds(member) for holds in segments))
        )

    return is_in


def unmatched(audience: Audience, members: Iterable[Member]) -> tuple[str, ...]:
    """What `only`, `include` and `exclude` name that is no client: a misspelling that would mail wrongly."""
    missing = {" ".join(text.split()).casefold(): text for text in sorted(audience.named)}
    for member in members:
        if not missing:
            break
        for name in _names(member):
            missing.pop(name, None)
    return tuple(missing.values())


def _names(member: Member) -> tuple[str, str, str, str]:
    return member.key, member.number.casefold(), member.name.casefold(), member.email.casefold() or member.key


def _folded(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(" ".join(text.split()).casefold() for text in texts if text.strip())
