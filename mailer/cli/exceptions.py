"""`mailer exception add`, `list`: recorded deviations from the firm's own policy."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mailer.cli.terminal import (
    SAID,
    actor,
    day_option,
    folder_option,
    json_option,
    note,
    opened,
    records,
    show_json,
)
from mailer.notice.steps import counted

if TYPE_CHECKING:
    from mailer.standing.exceptions import Listed, SharedPolicy


@click.group()
def exception() -> None:
    """Record a deviation from the firm's own policy for one client."""


@exception.command("add")
@click.argument("client")
@click.option("--policy", required=True, type=SAID, metavar="TEXT", help="Which policy: house-30-day, …")
@click.option("--reason", required=True, type=SAID, metavar="TEXT", help="Why, for the record.")
@day_option("--until", "The last day on which it holds. Default: no end.")
@click.option("--by", type=SAID, metavar="NAME", help="Who decides it. Default: you.")
@folder_option
def add(client: str, policy: str, reason: str, until: date | None, by: str | None, folder: Path) -> None:
    """Record an exception to the firm's own policy.

    CLIENT is its number, e-mail or name. A statute, or a contract's term, is not the firm's to set
    aside (exit 3).

    \b
    Example: mailer exception add CF-1004 --policy house-30-day \\
               --reason "asked for 14 days in writing" --until 2027-06-30
    """
    from mailer.standing.exceptions import add as record  # noqa: PLC0415

    with opened(folder) as mail:
        made = record(mail, client, policy=policy, reason=reason, until=until, by=by or actor())
    ends = f"until {until}" if until else "without an end"
    click.echo(
        f"{made.client.number or made.client.email} {made.client.name}: "
        f"an exception to “{made.exception.policy}”, {ends}."
    )
    if made.like:
        note(f"It is the first to “{made.exception.policy}”. There is also: {', '.join(made.like)}.")
    if made.shared:
        click.echo(proposal(made.shared))
    note("Next:  mailer exception list")


@exception.command("list")
@click.option("--policy", default="", metavar="TEXT", help="Only exceptions to this one.")
@json_option
@folder_option
def list_(policy: str, folder: Path, *, as_json: bool) -> None:
    """List the exceptions, and the policies that many clients have one to.

    \b
    Example: mailer exception list
             mailer exception list --policy house-30-day --json
    """
    from mailer.standing.exceptions import listed  # noqa: PLC0415

    with opened(folder) as mail:
        found, shared = listed(mail, policy)
    if as_json:
        show_json(_json(found, shared))
        return
    if not found:
        note("No exceptions are recorded.")
        return
    rows = [
        (
            (
                one.client.number or one.client.email,
                one.client.name,
                one.exception.policy,
                str(one.exception.until or "no end"),
                "" if one.active else "ended",
            ),
            (f"{one.exception.reason} ({one.exception.by}, {one.exception.recorded_on})",),
        )
        for one in found
    ]
    records(("Client", "Name", "Policy", "Until", ""), rows)
    for one in shared:
        click.echo(f"\n{proposal(one)}")


def proposal(shared: SharedPolicy) -> str:
    """What to say where so many clients have an exception that the policy is the question."""
    return (
        f"{shared.clients:,} of {counted(shared.total, 'client')} have an exception to “{shared.policy}”. "
        "Consider changing the policy:  mailer new policy-change NAME"
    )


def _json(found: list[Listed], shared: list[SharedPolicy]) -> dict[str, Any]:
    return {
        "exceptions": [
            {
                "id": str(one.client.id),
                "number": one.client.number,
                "name": one.client.name,
                "policy": one.exception.policy,
                "reason": one.exception.reason,
                "by": one.exception.by,
                "recorded_on": one.exception.recorded_on,
                "until": one.exception.until,
                "active": one.active,
            }
            for one in found
        ],
        "shared": [{"policy": one.policy, "clients": one.clients, "of": one.total} for one in shared],
    }
