"""The register of policies: the versions there are, and who was given which of them, when and how.

What a client was given is what its letter states and the ledger binds (`mailer.ledger.stated`), and it counts
from the day on which the letter went to the post. Days are local ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from mailer.campaign.policyfile import POLICIES, PolicyVersion, load_policies, policy_on
from mailer.clients.member import Member
from mailer.errors import UsageProblem
from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.kinds import Medium
from mailer.notice.strides import shifted
from mailer.notice.words import spoken
from mailer.planning.mailfolder import MailFolder
from mailer.store.listed.members import in_chunks
from mailer.store.pieces import sent_to


@dataclass(frozen=True, slots=True)
class Registered:
    """A version and the days on which it is in force; `until` is None where nothing follows. `superseded` is
    the label of the one whose place it took.
    """

    policy: PolicyVersion
    until: date | None
    superseded: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class Holder:
    """A client, and the last version that it was given; None of all where it was given none. `before` are the
    earlier ones, the oldest first.
    """

    member: Member
    version: int | None = None
    digest: str = ""
    on: date | None = None
    piece: str = ""
    before: tuple[Holder, ...] = ()


def registered(mail: MailFolder) -> list[Registered]:
    """Every version, by name."""
    versions = load_policies(mail.root)
    follows = {b.label: a for a, b in pairwise(versions) if a.name == b.name}
    followed = {a.label: b for a, b in pairwise(versions) if a.name == b.name}
    return [
        Registered(
            one,
            shifted(followed[one.label].effective, -1) if one.label in followed else one.until,
            follows[one.label].label if one.label in follows else "",
            policy_on(versions, one.name, mail.today) == one,
        )
        for one in versions
    ]


def version_on(mail: MailFolder, name: str, day: date) -> PolicyVersion:
    """The version in force on `day`. Raises UsageProblem where there is none."""
    versions = _versions(mail, name)
    found = policy_on(versions, name, day)
    if found is None:
        first, last = versions[0], versions[-1]
        when, near = "first begins", first.effective
        if day > near:
            when, near = "last ended", last.until or near
        raise UsageProblem(
            f"no version of {name!r} is in force on {spoken(day)}; the {when} on {spoken(near)}.",
            todo=f"Read it:  mailer policy show {name} --on {near}",
        )
    return found


def version_to_hold(mail: MailFolder, name: str) -> PolicyVersion:
    """The version that a client should have: the one in force, else the next to begin, else the last."""
    versions = _versions(mail, name)
    ahead = (one for one in versions if one.effective > mail.today)
    return policy_on(versions, name, mail.today) or next(ahead, versions[-1])


def _versions(mail: MailFolder, name: str) -> list[PolicyVersion]:
    """The policy's versions, in their order. Raises UsageProblem where there is no such policy."""
    versions = load_policies(mail.root)
    known = sorted({one.name for one in versions})
    if name not in known:
        raise UsageProblem(
            f"there is no policy {name!r}.",
            todo=f"Known: {', '.join(known)}." if known else f"Write one as {POLICIES}/{name}-1.md.",
        )
    return [one for one in versions if one.name == name]


def holders(mail: MailFolder, name: str) -> Iterator[Holder]:
    """Every active client in ZIP order, with the last version of the policy that it was given."""
    with mail.store.read() as session:
        for members in in_chunks(session, active=True):
            sent = sent_to(session, [one.id for one in members], medium=Medium.LETTER, mailed=True)
            for member in members:
                yield _holder(member, name, sent.get(member.id, ()))


def _holder(member: Member, name: str, sent: Sequence[ClientPiece]) -> Holder:
    found = [
        Holder(member, given.version, given.digest, piece.counts_on, piece.label)
        for piece in sent
        for given in piece.facts.policies
        if given.name == name
    ]
    found.sort(key=lambda one: (one.on or date.min, one.version or 0))
    return replace(found[-1], before=tuple(found[:-1])) if found else Holder(member)
