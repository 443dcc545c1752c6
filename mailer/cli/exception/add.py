"""`mailer exception add`: record a deviation from the firm's own policy."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from mailer.cli.sharedpolicy import proposal
from mailer.cli.terminal import SAID, actor, day_option, folder_option, note, opened


@click.command("add")
@click.argument("client")
@click.option(
    "--policy", required=True, type=SAID, metavar="TEXT", help="Which policy: communication, house-30-day, …"
)
@click.option("--reason", required=True, type=SAID, metavar="TEXT", help="Why, for the record.")
@day_option("--until", "The last day on which it holds. Default: no end.")
@click.option("--by", type=SAID, metavar="NAME", help="Who decides it. Default: you.")
@folder_option
def add(client: str, policy: str, reason: str, until: date | None, by: str | None, folder: Path) -> None:
    """Record an exception to the firm's own policy.

    What happened once ends on its day, with --until that day. CLIENT is its number, e-mail or name. A
    statute, or a contract's term, is not the firm's to set aside (exit 3).

    \b
    Example: mailer exception add CF-1004 --policy house-30-day \\
               --reason "asked for 14 days in writing" --until 2027-06-30
    """
    from mailer.standing.exceptions import add as record

    with opened(folder) as mail:
        made = record(mail, client, policy=policy, reason=reason, until=until, by=by or actor())
    ends = f"until {until}" if until else "without an end"
    click.echo(
        f"{made.client.number or made.client.email} {made.client.name}: "
        f"an exception to “{made.exception.policy}”, {ends}."
    )
    if made.stage:
        who = made.client.number or made.client.email
        click.echo(
            f"{made.repeated} exceptions to it in 90 days. Consider:  "
            f"mailer new reminder NAME --client {who} --stage {made.stage}"
        )
    if made.shared:
        click.echo(proposal(made.shared))
    note("Next:  mailer exception list")
