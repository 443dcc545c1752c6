"""`mailer plan`: the timeline, each date with its reason."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mailer.cli.terminal import (
    day_option,
    folder_option,
    json_option,
    note,
    opened,
    progress,
    records,
    show_json,
    table,
)

if TYPE_CHECKING:
    from mailer.notice.timeline import TimelineStep
    from mailer.workflow.planning import IssuePlan, Plan


@click.command()
@click.argument("name")
@day_option("--effective", "What if it took effect on another day? Nothing is changed.")
@json_option
@folder_option
def plan(name: str, effective: date | None, folder: Path, *, as_json: bool) -> int:
    """Show the timeline, each date with its reason.

    Refuses an impossible date (exit 3) and offers the earliest legal one; exit 1 where something in
    the definition or the client list must be mended first.

    \b
    Example: mailer plan 2027-rates
             mailer plan 2027-rates --effective 2026-12-10
    """
    from mailer.workflow.planning import IssuePlan  # noqa: PLC0415
    from mailer.workflow.planning import plan as make  # noqa: PLC0415

    with opened(folder) as mail, progress() as show:
        made = make(mail, name, effective=effective, progress=show)
    if isinstance(made, IssuePlan):
        if as_json:
            show_json(_issue_json(made))
        else:
            _show_issue(made)
        late = any(not deadline.possible for deadline in made.deadlines)
        return 3 if late else 0
    if as_json:
        show_json(_json(made))
    else:
        _show(made)
    if made.stopped:
        return 1
    return 0 if made.possible else 3


def _show(made: Plan) -> None:
    from mailer.notice.steps import spoken  # noqa: PLC0415
    from mailer.workflow.audience import Standing  # noqa: PLC0415

    definition = made.campaign.definition
    click.echo(f"{made.campaign.name}: {definition.title}")
    click.echo(
        f"{made.campaign.kind.title}, effective {spoken(made.effective)}; today is {spoken(made.today)}\n"
    )
    for standing in Standing:
        if made.counts.get(standing):
            click.echo(f"{made.counts[standing]:>7,}  {standing.value}")
    if made.rules:
        click.echo("\nRules of notice")
        for rule, count in sorted(made.rules.items(), key=lambda item: -item[1]):
            click.echo(f"{count:>7,}  {rule.title} ({rule.citation})")
    if made.named:
        click.echo("")
        records(
            ("Client", "Name", "Standing"),
            [((one.number, one.name, one.standing.value), (one.why,)) for one in made.named[:20]],
        )
    for name in made.unknown_names:
        note(f"[audience] names {name!r}, which is no client.")
    if made.timeline:
        click.echo("")
        records(("Day", "Step", "Slack"), [_step(step) for step in made.timeline.steps])
    carried = ", ".join(made.issues) or "no issue yet: add it to `carries` in an issue's campaign.toml"
    click.echo(f"\nArticle carried by {carried}")
    if not made.possible:
        click.echo(
            f"\nREFUSED: {spoken(made.effective)} is too near for {made.late} of the clients. "
            f"The earliest date for all is {spoken(made.earliest) if made.earliest else 'unknown'}."
        )
    elif made.stopped:
        click.echo("\nSTOPPED: mend what is named above first.")
    click.echo("Confirm with counsel; this is a calculation, not legal advice.")


def _step(step: TimelineStep) -> tuple[tuple[str, str, str], tuple[str, ...]]:
    from mailer.notice.steps import counted, spoken  # noqa: PLC0415

    if step.done_on:
        slack = f"done {step.done_on}"
    elif step.overdue:
        slack = "OVERDUE"
    else:
        slack = counted(step.slack_days, "day")
    return (spoken(step.day), step.title, slack), (step.reason,)


def _show_issue(made: IssuePlan) -> None:
    from mailer.notice.steps import spoken  # noqa: PLC0415

    click.echo(f"{made.campaign.name}: {made.campaign.definition.title}; today is {spoken(made.today)}\n")
    if not made.deadlines:
        click.echo("It carries no notices, so no rule sets its date.")
        return
    rows = [
        (spoken(d.operational), d.campaign, spoken(d.effective), "can be met" if d.possible else "TOO LATE")
        for d in made.deadlines
    ]
    table(("Hand over by", "For", "Effective", ""), rows, wrap=1)


def _json(made: Plan) -> dict[str, Any]:
    return {
        "campaign": made.campaign.name,
        "kind": made.campaign.kind.name,
        "effective": made.effective,
        "today": made.today,
        "possible": made.possible,
        "stopped": made.stopped,
        "earliest_effective": made.earliest or made.effective,
        "late": made.late,
        "clients": {standing.name.lower(): count for standing, count in made.counts.items()},
        "rules": [
            {"id": rule.id, "title": rule.title, "citation": rule.citation, "clients": count}
            for rule, count in made.rules.items()
        ],
        "not_simply_written": [
            {
                "number": one.number,
                "name": one.name,
                "standing": one.standing.name.lower(),
                "why": one.why,
                "allowed_from": one.allowed_from,
            }
            for one in made.named
        ],
        "steps": [
            {
                "key": step.key.value,
                "title": step.title,
                "day": step.day,
                "slack_days": step.slack_days,
                "overdue": step.overdue,
                "done_on": step.done_on,
                "reason": step.reason,
                "citation": step.citation,
            }
            for step in (made.timeline.steps if made.timeline else ())
        ],
        "issues": list(made.issues),
        "unknown_names": list(made.unknown_names),
    }


def _issue_json(made: IssuePlan) -> dict[str, Any]:
    return {
        "campaign": made.campaign.name,
        "kind": made.campaign.kind.name,
        "today": made.today,
        "carries": [
            {
                "campaign": deadline.campaign,
                "effective": deadline.effective,
                "hand_over_by": deadline.operational,
                "legal_latest": deadline.legal,
                "possible": deadline.possible,
            }
            for deadline in made.deadlines
        ],
    }
