"""`mailer move`: another effective date for a campaign."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mailer.cli.terminal import (
    SAID,
    actor,
    answer,
    day_option,
    folder_option,
    json_option,
    note,
    opened,
    progress,
    show_json,
)
from mailer.errors import UsageProblem
from mailer.ledger.kinds import Status
from mailer.ledger.numbers import numbers
from mailer.notice.words import spoken

if TYPE_CHECKING:
    from mailer.planning.move import Move

SHOWN: Final = 20  # names on a screen; --json has them all


@click.command()
@click.argument("name")
@day_option("--effective", "The new effective date.", required=True)
@click.option("--by", type=SAID, metavar="NAME", help="Who decides it, for the record. Default: you.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@json_option
@folder_option
def move(
    name: str, effective: date, by: str | None, folder: Path, *, yes: bool, dry_run: bool, as_json: bool
) -> int:
    """Move a campaign to another effective date.

    Changes the date in campaign.toml and nothing else there, voids what was approved and not printed,
    and says which mailed letters still serve the new date. Refuses (exit 3) a date that is too near.

    \b
    Example: mailer move 2027-rates --effective 2027-02-01
             mailer move 2027-rates --effective 2027-02-01 --dry-run
    """
    from mailer.planning.move import look
    from mailer.planning.move import move as make

    with opened(folder) as mail, progress() as show:
        made = look(mail, name, effective, show)
        asks = made.changed and not (yes or dry_run)
        if asks and not sys.stdin.isatty():
            raise UsageProblem("moving a campaign asks first.", todo="Say --yes, or look with --dry-run.")
        if asks:
            _show_move(made)
            if not click.confirm("\nMove it?"):
                note("Nothing was changed.")
                return 1
        if made.changed and not dry_run:
            made = make(mail, name, effective, by=by or actor())
    if as_json:
        show_json(_move_json(made, done=made.changed and not dry_run))
        return 0
    if not made.changed:
        click.echo(f"{name} takes effect on {made.after} already; nothing was changed.")
        return 0
    if asks:
        click.echo("Moved.")
    else:
        _show_move(made)
    note("Nothing was changed." if dry_run else f"Next:  mailer plan {name}")
    return 0


def _show_move(made: Move) -> None:
    click.echo(f"{made.campaign}: from {spoken(made.before)} to {spoken(made.after)}")
    if made.began:
        click.echo(
            f"         Its date is past: work since {spoken(made.before)} may have been billed at the new "
            f"rates.\n         After the move it counts at the old ones; `mailer rates` shows it as at risk."
        )
    voided, serving = sum(1 for _ in numbers(made.voided)), sum(1 for _ in numbers(made.serving))
    if voided:
        click.echo(f"{voided:>7,}  open letters are voided: pieces {made.voided}")
    if serving:
        click.echo(f"{serving:>7,}  mailed letters still serve the new date: pieces {made.serving}")
    if made.unserved:
        click.echo(f"{len(made.unserved):>7,}  mailed letters do not:")
        for one in made.unserved[:SHOWN]:
            click.echo(f"         {one.piece} {one.name}: {one.why}")
        click.echo(f"         Write to them again:  mailer remedy {made.campaign}")
    for job in made.destroy:
        click.echo(f"{job.pieces:>7,}  printed letters state another date. Destroy {job.name}:")
        click.echo(f'         mailer destroy {made.campaign} --job {job.number} --reason "moved"')
    if made.at_service:
        click.echo(f"         The mail service has letters with {made.before}: pieces {made.at_service}")
        click.echo(f'         mailer cancel {made.campaign} --reason "moved"')
    for issue in made.issues:
        click.echo(f"         {_issue(made, issue.issue, issue.stage)}")
    if made.hours_from:
        click.echo(f"         mailer.toml has the new hours from {made.before}: change that day too.")


def _issue(made: Move, issue: str, stage: Status) -> str:
    if stage in (Status.MAILED, Status.DELIVERED, Status.RETURNED):
        return f"Issue {issue} went out with {made.before}: print the new date in another."
    if stage is Status.PRODUCED:
        return f"Issue {issue} is printed with {made.before}: destroy it and approve it again."
    return f"Issue {issue} was approved with {made.before}: approve it again."


def _move_json(made: Move, *, done: bool) -> dict[str, Any]:
    return {
        **answer(made, "campaign", "before", "after"),
        "moved": done,
        **answer(made, "voided", "serving"),
        "not_serving": [answer(one, "piece", "number", "name", "why") for one in made.unserved],
        "destroy": [answer(job, "job=number", "folder=name", "pieces") for job in made.destroy],
        **answer(made, "at_service", "began"),
        "issues": [answer(issue, "issue", "stage") for issue in made.issues],
    }
