"""Recorded deviations from the firm's own policy for one client, as frozen records. `until` is the last day.

What is recorded in the ledger holds no personal data: `salt` and words stand in the exception's own row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, or_, select
from uuid_utils.compat import uuid7

from mailer.store.engine import Session
from mailer.store.inlist import among
from mailer.store.listed.care import listed_now
from mailer.store.tables import ClientRow, ExceptionRow


@dataclass(frozen=True, slots=True)
class PolicyException:
    """One exception. `until` is its last day, None for no end."""

    client_id: UUID
    policy: str
    reason: str
    by: str
    recorded_on: date
    until: date | None

    def holds_on(self, day: date) -> bool:
        return self.recorded_on <= day and (self.until is None or day <= self.until)


_SELECT: Final = select(
    ExceptionRow.client_id,
    ExceptionRow.policy,
    ExceptionRow.reason,
    ExceptionRow.recorded_by,
    ExceptionRow.recorded_on,
    ExceptionRow.until,
).order_by(ExceptionRow.recorded_on, ExceptionRow.id)


def keep_exception(session: Session, made: PolicyException, salt: str) -> None:
    """Put one in, in a writing session."""
    session.add(
        ExceptionRow(
            id=uuid7(),
            client_id=made.client_id,
            policy=made.policy,
            reason=made.reason,
            recorded_by=made.by,
            recorded_on=made.recorded_on,
            until=made.until,
            salt=salt,
        )
    )
    session.flush()


def exceptions(session: Session) -> list[PolicyException]:
    """Every exception, the oldest first."""
    return [PolicyException(*row) for row in session.execute(_SELECT)]


def active_exceptions(session: Session, ids: Sequence[UUID], on: date) -> dict[UUID, list[PolicyException]]:
    """The exceptions that hold on a day, of those of the clients who have any; the oldest first."""
    statement = _SELECT.where(among(session, ExceptionRow.client_id, ids), *_hold(on))
    found: dict[UUID, list[PolicyException]] = {}
    for row in session.execute(statement):
        one = PolicyException(*row)
        found.setdefault(one.client_id, []).append(one)
    return found


def policies(session: Session) -> list[str]:
    """The policies to which there was ever an exception."""
    return list(session.execute(select(ExceptionRow.policy).distinct()).scalars())


def sharers(session: Session, on: date, at_least: int) -> list[tuple[str, int]]:
    """The policies to which at least so many active clients have an exception that day, the most first."""
    statement = (
        select(ExceptionRow.policy, func.count(ExceptionRow.client_id.distinct()))
        .join(ClientRow, ClientRow.id == ExceptionRow.client_id)
        .where(listed_now(session), *_hold(on))
        .group_by(ExceptionRow.policy)
    )
    found = [(policy, clients) for policy, clients in session.execute(statement) if clients >= at_least]
    return sorted(found, key=lambda one: (-one[1], one[0]))


def _hold(on: date) -> tuple[Any, ...]:
    return ExceptionRow.recorded_on <= on, or_(ExceptionRow.until.is_(None), ExceptionRow.until >= on)
