"""Which clients a campaign is for. Pure.

`only`, `include` and `exclude` name clients by key, number, name or e-mail address. A client who has ended is
never in. Words are compared without regard to case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailer.clients.member import Member

if TYPE_CHECKING:
    from mailer.segment import Segment


@dataclass(frozen=True, slots=True)
class Audience:
    """A campaign's own keys, and the `segments` of which a client must be in any, if there are some."""

    own: Segment
    segments: tuple[Segment, ...] = ()

    @property
    def named(self) -> frozenset[str]:
        """Every client that is named, in a segment too."""
        parts = (self.own, *self.segments)
        return frozenset().union(*(one.only | one.include | one.exclude for one in parts))

    @property
    def by_service(self) -> bool:
        """Whether it must be known which services a client has."""
        return any(one.services for one in (self.own, *self.segments))


def predicate(audience: Audience) -> Callable[[Member], bool]:
    """Whether a client is in the audience, prepared for many calls."""
    return _predicate(audience.own, [_predicate(one, ()) for one in audience.segments])


def _predicate(segment: Segment, segments: Sequence[Callable[[Member], bool]]) -> Callable[[Member], bool]:
    kinds, services, states = segment.contract, segment.services, segment.states
    tags = frozenset(tag.casefold() for tag in segment.tags)
    only, include, exclude = _folded(segment.only), _folded(segment.include), _folded(segment.exclude)
    named, joined = bool(only or include or exclude), segment.joined_from

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
