"""Recorded deviations from the firm's own policy for one client: who, why, until when (that day included).

An exception waives what the firm asks of itself. It never waives a statute or a contract's term, which are
not the firm's to waive. What is recorded in the ledger holds no personal data: the client and the reason are
salted hashes, whose salt and words stand in the exception's own row.
"""

from __future__ import annotations

import difflib
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from mailer.campaign.loading import loaded_campaigns
from mailer.campaign.policyfile import POLICIES, load_policies
from mailer.clients.record import Client
from mailer.errors import NoticeRefused, Refused, UsageProblem
from mailer.ledger.clientevents import ExceptionAdded
from mailer.ledger.salt import salted
from mailer.notice.problems import RuleProblem
from mailer.notice.rulebook import PRESETS
from mailer.notice.rules import Origin, Rule
from mailer.notice.spans import days_since
from mailer.notice.terms import contract_rule
from mailer.notice.words import spoken
from mailer.planning.mailfolder import MailFolder
from mailer.store.engine import Session
from mailer.store.listed.clients import by_ids, count_active, find, one_client
from mailer.store.listed.exceptions import (
    PolicyException,
    active_exceptions,
    exceptions,
    keep_exception,
    policies,
    sharers,
)
from mailer.store.record.events import Entry, record

SUBJECT: Final = "exceptions"
SHARED: Final = 5  # clients with an exception to one policy: then the policy is the question
LONGEST: Final = 120  # characters of a policy's name
NOT_OURS: Final = ("statute", "law", "contract", "contract term", "notice term")


@dataclass(frozen=True, slots=True)
class Listed:
    """An exception with its client, as a list shows it."""

    client: Client
    exception: PolicyException
    active: bool


@dataclass(frozen=True, slots=True)
class SharedPolicy:
    """A policy to which many clients have an exception: `clients` of `total` active ones."""

    policy: str
    clients: int
    total: int


@dataclass(frozen=True, slots=True)
class Added:
    """What was recorded. `shared` is the policy once many have an exception to it."""

    client: Client
    exception: PolicyException
    shared: SharedPolicy | None
    repeated: int  # this client's exceptions to it in the last REPEATED_IN days, this one among them

    @property
    def stage(self) -> str:
        """Which reminder of the policy to consider, "" for none."""
        if self.exception.policy in PRESETS:
            return ""
        return next((stage for least, stage in REMINDERS if self.repeated >= least), "")


REPEATED_IN: Final = 90
REMINDERS: Final = ((6, "review"), (5, "direct"), (3, "gentle"))
"""From so many exceptions on, which reminder is proposed. None is ever sent by itself."""


def add(mail: MailFolder, client: str, *, policy: str, reason: str, until: date | None, by: str) -> Added:
    """Record an exception. Records nothing, and raises NoticeRefused for a statute or a contract's term,
    UsageProblem where client, policy or day can't be meant, Refused where there is one already.
    """
    if until is not None and until < mail.today:
        raise UsageProblem(
            f"{spoken(until)} is in the past; today is {spoken(mail.today)}.",
            where="--until",
            todo="Name the last day on which the exception holds, or leave it out.",
        )
    named = _policy(mail, policy)
    with mail.store.write() as session:
        who = one_client(find(session, client), client)
        if not who.active:
            raise Refused("is not a client any more.", where=who.name, todo="Nothing was recorded.")
        _require_new(session, who, named, until, mail.today)
        salt = secrets.token_hex(16)
        made = PolicyException(who.id, named, reason, by, mail.today, until)
        keep_exception(session, made, salt)
        added = ExceptionAdded(salted(salt, str(who.id)), named, salted(salt, reason), until)
        record(session, [Entry(SUBJECT, added)], mail.stamp(by))
        repeated = sum(
            one.client_id == who.id
            and one.policy == named
            and days_since(one.recorded_on, mail.today) <= REPEATED_IN
            for one in exceptions(session)
        )
        shared = [one for one in shared_policies(session, mail.today) if one.policy == named]
    return Added(who, made, shared[0] if shared else None, repeated)


def waiver(exceptions: Sequence[PolicyException], rule: Rule) -> PolicyException | None:
    """The exception that sets this rule aside for its client: only ever one of the firm's own rules."""
    if rule.origin is not Origin.HOUSE:
        return None
    return next((one for one in exceptions if _folded(one.policy) == _folded(rule.id)), None)


def shared_policies(session: Session, on: date, at_least: int = SHARED) -> list[SharedPolicy]:
    """The policies to which at least so many active clients have an exception that day, the most first."""
    found = sharers(session, on, at_least)
    total = count_active(session) if found else 0
    return [SharedPolicy(policy, clients, total) for policy, clients in found]


def listed(mail: MailFolder, policy: str = "") -> tuple[list[Listed], list[SharedPolicy]]:
    """Every exception, those that hold first, then by policy and client; and the policies many share."""
    with mail.store.read() as session:
        rows = [one for one in exceptions(session) if not policy or _folded(one.policy) == _folded(policy)]
        clients = by_ids(session, [one.client_id for one in rows])
        shared = shared_policies(session, mail.today)
    found = [
        Listed(clients[one.client_id], one, one.holds_on(mail.today) and clients[one.client_id].active)
        for one in rows
    ]
    found.sort(
        key=lambda one: (not one.active, one.exception.policy, one.client.name, one.exception.recorded_on)
    )
    return found, [one for one in shared if not policy or _folded(one.policy) == _folded(policy)]


def _require_new(session: Session, who: Client, policy: str, until: date | None, today: date) -> None:
    """One that adds nothing is refused; a later end, or none, extends."""
    for one in active_exceptions(session, [who.id], today).get(who.id, ()):
        if one.policy != policy:
            continue
        if one.until is None or (until is not None and until <= one.until):
            ends = f"until {spoken(one.until)}" if one.until else "without an end"
            raise Refused(
                f"has an exception to “{policy}” already, {ends}, recorded {spoken(one.recorded_on)}.",
                where=who.name,
                todo="Nothing was recorded. See `mailer exception list`.",
            )


def _policy(mail: MailFolder, given: str) -> str:
    """The policy by the name it is known by. Raises UsageProblem where there is none."""
    named = " ".join(given.split())
    if not named or len(named) > LONGEST:
        raise UsageProblem(
            f"a policy's name has 1 to {LONGEST} characters.", where="--policy", todo='Like "house-30-day".'
        )
    _require_ours(named)
    known = {_folded(name): name for name in _known(mail)}
    if _folded(named) not in known:
        near = difflib.get_close_matches(_folded(named), known, 1)
        meant = f"; perhaps you meant {known[near[0]]!r}" if near else ""
        raise UsageProblem(
            f"there is no policy {named!r}{meant}.",
            where="--policy",
            todo=f"Known: {', '.join(known.values())}. One of your own is a file, {POLICIES}/NAME-1.md.",
        )
    return known[_folded(named)]


def _require_ours(named: str) -> None:
    """Raises NoticeRefused where the policy is a rule that is not the firm's own."""
    rule = PRESETS.get(_folded(named))
    if rule is None and _folded(named) not in NOT_OURS:
        try:
            rule = contract_rule(named)
        except RuleProblem:
            return
    if rule is None:
        raise _not_ours(f"a {_folded(named)} is not the firm's own policy")
    if rule.origin is not Origin.HOUSE:
        raise _not_ours(f"{rule.id} is a {rule.origin.value} rule ({rule.citation})")


def _not_ours(what: str) -> NoticeRefused:
    return NoticeRefused(
        f"{what}; an exception sets aside only what the firm asks of itself.",
        where="--policy",
        todo="Meet the rule, choose a later effective date, or have the contract changed in writing.",
    )


def _known(mail: MailFolder) -> Iterator[str]:
    """Policies that have a name: the house rules, those of campaigns, and those recorded before."""
    yield from (rule.id for rule in PRESETS.values() if rule.origin is Origin.HOUSE)
    yield from (one.name for one in load_policies(mail.root))
    found = (one.definition.policy for one in loaded_campaigns(mail.root))
    yield from (policy.name for policy in found if policy is not None)
    with mail.store.read() as session:
        known = policies(session)
    yield from known


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
