"""`mailer move` and `mailer remedy`: another date, and a second notice for some."""

from __future__ import annotations

import sys
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
    progress,
    records,
    show_json,
)
from mailer.errors import UsageProblem

if TYPE_CHECKING:
    from mailer.planning.move import Move
    from mailer.standing.remedy import Remedy

SHOWN = 20  # names on a screen; --json has them all


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
    from mailer.planning.move import look  # noqa: PLC0415
    from mailer.planning.move import move as make  # noqa: PLC0415

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
    from mailer.ledger.numbers import numbers  # noqa: PLC0415
    from mailer.notice.steps import spoken  # noqa: PLC0415

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
        click.echo(f"         {_issue(made, issue.issue, issue.stage.value)}")
    if made.hours_from:
        click.echo(f"         mailer.toml has the new hours from {made.before}: change that day too.")


def _issue(made: Move, issue: str, stage: str) -> str:
    if stage in ("mailed", "delivered", "returned"):
        return f"Issue {issue} went out with {made.before}: print the new date in another."
    if stage == "produced":
        return f"Issue {issue} is printed with {made.before}: destroy it and approve it again."
    return f"Issue {issue} was approved with {made.before}: approve it again."


def _move_json(made: Move, *, done: bool) -> dict[str, Any]:
    return {
        "campaign": made.campaign,
        "before": made.before,
        "after": made.after,
        "moved": done,
        "voided": made.voided,
        "serving": made.serving,
        "not_serving": [
            {"piece": one.piece, "number": one.number, "name": one.name, "why": one.why}
            for one in made.unserved
        ],
        "destroy": [{"job": job.number, "folder": job.name, "pieces": job.pieces} for job in made.destroy],
        "at_service": made.at_service,
        "began": made.began,
        "issues": [{"issue": issue.issue, "stage": issue.stage.value} for issue in made.issues],
    }


@click.command()
@click.argument("name")
@click.option("--as", "new_name", default="", metavar="NEWNAME", help="Its name. Default: NAME-2, -3, …")
@day_option("--effective", "Its effective date. Default: the earliest that leaves the lead times.")
@click.option("--dry-run", is_flag=True, help="Say for whom and when, and write nothing.")
@json_option
@folder_option
def remedy(
    name: str, new_name: str, effective: date | None, folder: Path, *, dry_run: bool, as_json: bool
) -> None:
    """Make the follow-up campaign for those whom the mailing did not serve.

    They are the late, the returned, the corrected (their address changed while the notice runs) and
    the new (who joined after the mailing). Nobody who is in a follow-up already is in another.

    \b
    Example: mailer remedy 2027-rates
             mailer remedy 2027-rates --as spring-rates --effective 2027-03-01
    """
    from mailer.standing.remedy import remedy as make  # noqa: PLC0415

    with opened(folder) as mail, progress() as show:
        made = make(mail, name, new_name=new_name, effective=effective, dry_run=dry_run, progress=show)
    if as_json:
        show_json(_remedy_json(made))
        return
    _show_remedy(made)
    if made.name:
        note("Nothing was written." if dry_run else f"Next:  mailer plan {made.name}")


def _show_remedy(made: Remedy) -> None:
    from mailer.notice.steps import spoken  # noqa: PLC0415

    for follow_up, count in made.already.items():
        click.echo(f"{count:,} are in {follow_up} already; what that misses:  mailer remedy {follow_up}")
    if made.due:
        click.echo(f"{made.due:,} can still be written to in time:  mailer approve {made.original}")
    if made.unknown:
        click.echo(
            f"{made.unknown:,} have a contract whose notice term is not known:  mailer plan {made.original}"
        )
    if not made.name or made.effective is None:
        click.echo(f"{made.original}: nobody else is late, returned, corrected or new. Nothing to remedy.")
        return
    click.echo(
        f"{made.name}: makes {made.original} good for {len(made.clients):,} of its clients, "
        f"effective {spoken(made.effective)}\n"
    )
    rows = [
        (
            (
                one.client.number or one.client.email,
                one.client.name,
                one.why.value,
                str(one.earliest or ""),
            ),
            (f"{one.because}; {one.caution}" if one.caution else one.because,),
        )
        for one in made.clients
    ]
    records(("Client", "Name", "Why", "Earliest"), rows)
    if made.stale:
        click.echo(f"\nCorrect what has the old date: {'; '.join(made.stale)}.")
    click.echo("\nConfirm with counsel; this is a calculation, not legal advice.")


def _remedy_json(made: Remedy) -> dict[str, Any]:
    return {
        "campaign": made.original,
        "follow_up": made.name or None,
        "written": made.written,
        "effective": made.effective,
        "clients": [
            {
                "id": str(one.client.id),
                "number": one.client.number,
                "name": one.client.name,
                "why": one.why.value,
                "because": one.because,
                "caution": one.caution,
                "earliest_effective": one.earliest,
            }
            for one in made.clients
        ],
        "already": made.already,
        "due": made.due,
        "term_unknown": made.unknown,
        "look_at": list(made.stale),
    }
