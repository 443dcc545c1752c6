"""What is said of a policy that many clients have an exception to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailer.notice.words import plural

if TYPE_CHECKING:
    from mailer.standing.exceptions import SharedPolicy


def proposal(shared: SharedPolicy) -> str:
    """What to say where so many clients have an exception that the policy is the question."""
    return (
        f"{shared.clients:,} of {plural(shared.total, 'client')} have an exception to “{shared.policy}”. "
        "Consider changing the policy:  mailer new policy-change NAME"
    )
