"""`mailer exception list`: the exceptions, and policies that many clients have one to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mailer.cli.sharedpolicy import proposal
from mailer.cli.tables import records
from mailer.cli.terminal import answer, folder_option, json_option, note, opened, show_json

if TYPE_CHECKING:
    from mailer.standing.exceptions import Listed, SharedPolicy


@click.command("list")
@click.option("--policy", default="", metavar="TEXT", help="Only exceptions to this one.")
@json_option
@folder_option
def list_(policy: str, folder: Path, *, as_json: bool) -> None:
    """List the exceptions, and the policies that many clients have one to.

    \b
    Example: mailer exception list
             mailer exception list --policy house-30-day --json
    """
    from mailer.standing.exceptions import listed

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
                one.client.number,
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


def _json(found: list[Listed], shared: list[SharedPolicy]) -> dict[str, Any]:
    return {
        "exceptions": [
            answer(one.client, "id", "number", "name")
            | answer(one.exception, "policy", "reason", "by", "recorded_on", "until")
            | {"active": one.active}
            for one in found
        ],
        "shared": [answer(one, "policy", "clients", "of=total") for one in shared],
    }
