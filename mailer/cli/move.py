"""`mailer move`: another effective date for a campaign."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mailer.cli.tables import paragraph
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
    sure,
)
from mailer.errors import MailerError, UsageProblem
from mailer.ledger.kinds import Status
from mailer.ledger.numbers import numbers
from mailer.notice.words import plural, spoken

if TYPE_CHECKING:
    from mailer.planning.mailfolder import MailFolder
    from mailer.planning.move import Move
    from mailer.progress import Progress
    from mailer.standing.remedy import Remedy

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
    says which mailed letters still serve the new date, and what is left to do by hand (exit 1 where
    mailer.toml lacks something, such as the new hours). For clients whose letter states a later
    date it makes the follow-up campaign. Refuses (exit 3) a date that is too near, and one past
    another campaign's letters on the same rates.

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
            sure("\nMove it?")
        if made.changed and not dry_run:
            made = make(mail, name, effective, by=by or actor())
        follow_up, trouble = (None, None) if dry_run else _follow_up(mail, made, show)
    if as_json:
        name_of_it = follow_up.name if follow_up else None
        show_json(
            _move_json(made, done=made.changed and not dry_run)
            | {"follow_up": name_of_it, "no_follow_up": str(trouble.what if trouble else "")}
        )
    else:
        _show_done(made, follow_up, trouble, asked=asks, dry_run=dry_run)
    return 1 if trouble or made.profile else 0


def _follow_up(
    mail: MailFolder, made: Move, show: Progress
) -> tuple[Remedy, None] | tuple[None, MailerError | None]:
    """The follow-up for those whose letter states a later date, or why it can't be made. The move stands."""
    from mailer.standing.remedy import after_move

    try:
        found = after_move(mail, made.campaign, made.after, show)
    except MailerError as error:
        return None, error
    return (found, None) if found else (None, None)


def _show_done(
    made: Move, follow_up: Remedy | None, trouble: MailerError | None, *, asked: bool, dry_run: bool
) -> None:
    later = sum(1 for one in made.unserved if one.later)
    if not made.changed:
        nothing = "" if trouble or follow_up else "; nothing was changed"
        click.echo(f"{made.campaign} takes effect on {made.after} already{nothing}.")
    elif asked:
        click.echo("Moved.")
    else:
        _show_move(made)
    if trouble:
        click.echo(f"No follow-up was made for those whose letter states a later date: {trouble}")
        note(f"Then:  mailer remedy {made.campaign}")
    elif follow_up:
        count = plural(len(follow_up.clients), "client whose letter states", "clients whose letters state")
        day = spoken(made.after)
        click.echo(f"{follow_up.name} is made: a follow-up for {count} a later date, effective {day}.")
        if follow_up.stale:
            click.echo(f"Correct what has the old date: {'; '.join(follow_up.stale)}.")
        note(f"Next:  mailer plan {follow_up.name}")
    elif dry_run:
        if later:
            click.echo(f"A follow-up campaign would be made for the {later:,} that state a later date.")
        note("Nothing was changed.")
    elif made.changed:
        first = "Do that by hand, then" if made.profile else "Next"
        note(f"{first}:  mailer plan {made.campaign}")


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
    _show_unserved(made)
    for job in made.destroy:
        click.echo(f"{job.pieces:>7,}  printed letters state another date. Destroy {job.name}:")
        click.echo(f'         mailer destroy {made.campaign} --job {job.number} --reason "moved"')
    if made.at_service:
        click.echo(f"         The mail service has letters with {made.before}: pieces {made.at_service}")
        click.echo(f'         mailer cancel {made.campaign} --reason "moved"')
    for issue in made.issues:
        click.echo(f"         {_issue(made, issue.issue, issue.stage)}")
    by_hand = [*map(str, made.profile), *(f"campaigns/{made.campaign}: {one}" for one in made.stale)]
    if by_hand:
        click.echo("Not done by the move; to be done by hand:")
        for line in by_hand:
            paragraph(line, "         ")


def _show_unserved(made: Move) -> None:
    """Those whose mailed letter gives no notice of the new date."""
    if made.unserved:
        click.echo(f"{len(made.unserved):>7,}  mailed letters do not:")
        for one in made.unserved[:SHOWN]:
            click.echo(f"         {one.piece} {one.name}: {one.why}")
        if not all(one.later for one in made.unserved):
            click.echo(f"         Write to them again:  mailer remedy {made.campaign}")


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
