"""`mailer plan`: the timeline, each date with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mailer.cli.reports import few, verbose
from mailer.cli.tables import paragraph, records, table
from mailer.cli.terminal import (
    PATH,
    answer,
    day_option,
    folder_option,
    json_option,
    note,
    opened,
    progress,
    show_json,
)
from mailer.notice.timeline import Milestone, TimelineStep
from mailer.notice.words import plural, spoken

if TYPE_CHECKING:
    from mailer.planning.carrier import Carriage
    from mailer.planning.plan import IssuePlan, LastRiseUnknown, Plan

NAMED: Final = 2  # clients without a letter, named with the reason


@click.command()
@click.argument("name")
@day_option("--effective", "What if it took effect on another day? Nothing is changed.")
@click.option("--ics", type=PATH, help="Write its dates as a calendar file.")
@click.option("--svg", type=PATH, help="Draw it as a picture.")
@json_option
@folder_option
def plan(
    name: str, effective: date | None, ics: Path | None, svg: Path | None, folder: Path, *, as_json: bool
) -> int:
    """Show who gets a letter, and by when each step must be done; -v says why.

    Refuses an impossible date (exit 3) and offers the earliest legal one, and letters that contradict
    another campaign's; exit 1 where something in the definition or the client list must be mended first.

    \b
    Example: mailer plan 2027-rates
             mailer plan 2027-rates --effective 2026-12-10
             mailer plan 2027-rates --ics rates.ics --svg rates.svg
    """
    from mailer.planning.plan import IssuePlan
    from mailer.planning.plan import plan as make

    with opened(folder) as mail, progress() as show:
        made = make(mail, name, effective=effective, progress=show)
        files: tuple[Path, ...] = ()
        if ics or svg:
            from mailer.planning.planfiles import export

            files = export(mail, made, ics=ics, svg=svg)
    for file in files:
        note(f"{file} is written.")
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
    if made.refused:
        return 3
    if made.stopped:
        return 1
    return 0 if made.possible else 3


def _show(made: Plan) -> None:
    from mailer.planning.audience import Standing

    definition = made.campaign.definition
    click.echo(f"{made.campaign.name}: {definition.title}")
    click.echo(
        f"{made.campaign.kind.title}, effective {spoken(made.effective)}; today is {spoken(made.today)}\n"
    )
    for standing in Standing:
        wired = made.by_email if standing is Standing.WRITE else 0
        on_paper = made.counts.get(standing, 0) - wired
        if on_paper:
            click.echo(f"{on_paper:>7,}  {standing.value}")
        if wired:
            click.echo(f"{wired:>7,}  gets it by e-mail")
    if made.rules and verbose():
        click.echo("\nRules of notice")
        for rule, count in sorted(made.rules.items(), key=lambda item: -item[1]):
            click.echo(f"{count:>7,}  {rule.title} ({rule.citation})")
    _show_named(made)
    for name in made.despite:
        click.echo(f"WRITTEN TO ALL THE SAME  {name}: its contract or the law demands the notice")
    unknown = (f"[audience] names {name!r}, which is no client." for name in made.unknown_names)
    few(f"{made.campaign.path}:", unknown, f"mailer plan {made.campaign.name} -v")
    _show_steps(made)
    click.echo("")
    for line in (*_article(made), *_profile(made)):
        click.echo(line)
    if made.uncounted:
        click.echo(_uncounted(made.uncounted))
    for line in _verdict(made):
        click.echo(line)
    click.echo("Confirm with counsel; this is a calculation, not legal advice.")


def _show_steps(made: Plan) -> None:
    """Of a date that is too near the refusal says what matters."""
    if made.timeline and (made.possible or verbose()):
        click.echo("")
        records(("Day", "Step", "Slack"), [_step(step) for step in made.timeline.steps])
        if not verbose():
            click.echo("Why, and by which rules:  -v")


def _verdict(made: Plan) -> Iterator[str]:
    """Why it can't go on as it is, if it can't."""
    if made.refused:
        from mailer.planning.audience import two_ways_out

        others = ", ".join(made.contradicts)
        yield f"\nREFUSED: its letters contradict {f'those of {others}' if others else 'the client list'}."
        if made.contradicts:
            yield two_ways_out(made.campaign, made.contradicts)
    elif not made.possible:
        yield (
            f"\nREFUSED: {spoken(made.effective)} is too near for {made.late} of the clients. "
            f"The earliest date for all is {spoken(made.earliest) if made.earliest else 'unknown'}."
        )
        yield from _bound(made)
    elif made.stopped:
        yield f"\nSTOPPED: {_why_stopped(made)}"


def _bound(made: Plan) -> Iterator[str]:
    """The rule that refuses the date, and by when it wanted the letters."""
    last = made.timeline.step(Milestone.LEGAL_LATEST) if made.timeline else None
    if made.timeline and last:
        rule = made.timeline.binding
        yield f"By {rule.title} ({rule.citation}) the last day to hand over is {spoken(last.day)}."
        yield "All dates:  -v"


def _uncounted(found: LastRiseUnknown) -> str:
    """From when months between rises are counted, said once for all clients."""
    return (
        f"Months between rises: the last rise of {plural(found.clients, 'client')} is unknown. Their rates "
        f"are on record from {spoken(found.since)}, and no rise of before that is counted. Say when it was "
        "in a column “Last Raised”, or for all of them:  mailer clients import FILE --last-raised DATE"
    )


def _why_stopped(made: Plan) -> str:
    """What to mend; with nobody to write to, where to look."""
    if made.nobody is None:
        return "mend what is named above first."
    past = f"{spoken(made.effective)} is past; " if made.effective < made.today else ""
    return f"{past}{made.nobody.what}\n{made.nobody.todo}"


def _step(step: TimelineStep) -> tuple[tuple[str, str, str], tuple[str, ...]]:
    if step.done_on:
        slack = f"done {step.done_on}"
    elif step.overdue:
        slack = "OVERDUE"
    else:
        slack = plural(step.slack_days, "day")
    return (spoken(step.day), step.title, slack), (step.reason,) if verbose() else ()


def _show_named(made: Plan) -> None:
    """Those who do not simply get a letter."""
    if not made.named:
        return
    most = len(made.named) if verbose() else NAMED
    for one in made.named[:most]:
        paragraph(f"{one.number} {one.name}: {one.why}".strip(), "  ")
    others = sum(made.counts.values()) - made.written - len(made.named[:most])
    if others:
        click.echo(f"  … and {others:,} more{'; --json names up to 50' if verbose() else ''}")


def _article(made: Plan) -> Iterator[str]:
    """Which issue carries the article, and what to do where none does in time."""
    carriage = made.carriage
    for carrier in carriage.carriers:
        day = (
            f"mailed {spoken(carrier.mailed)}" if carrier.mailed else f"planned for {spoken(carrier.planned)}"
        )
        yield f"Article carried by {carrier.issue}, {day}: {carrier.state.value}"
    by = f"handed over by {spoken(carriage.by)}"
    if carriage.problem:
        yield f"Article: {carriage.problem}"
    elif carriage.issue or not carriage.wanted:
        return
    elif carriage.missed:
        yield f"Article: too late for any newsletter (to be {by}); the firm's habit is missed, not the law."
        yield from carriage.ways
    elif carriage.proposed:
        carries = f"`carries` of issue {carriage.proposed}"
        yield f'Article: add "{made.campaign.name}" to {carries}; it counts if {by}'
    elif carriage.command:
        yield f"Article: carried by no issue yet, to be {by}"
        yield from carriage.ways
    else:
        yield f"Article: not in time ({by})"


def _profile(made: Plan) -> Iterator[str]:
    """What mailer.toml must say first."""
    yield from (str(problem) for problem in made.profile)


def _article_json(carriage: Carriage) -> dict[str, Any]:
    return {
        "asked": carriage.asked,
        "issue": carriage.issue or None,
        "hand_over_by": carriage.by,
        "legal_latest": carriage.by_law,
        "carried_by": [answer(one, "issue", "state", "planned", "mailed") for one in carriage.carriers],
        "proposed": carriage.proposed or None,
        "special_edition": carriage.special,
        "command": carriage.command or None,
        "missed": carriage.missed,
        "problem": str(carriage.problem or ""),
    }


def _show_issue(made: IssuePlan) -> None:
    click.echo(f"{made.campaign.name}: {made.campaign.definition.title}; today is {spoken(made.today)}\n")
    if not made.deadlines:
        click.echo("It carries no notices, so no rule sets its date.")
        return
    rows = [
        (spoken(d.hand_over), d.campaign, spoken(d.effective), "can be met" if d.possible else "TOO LATE")
        for d in made.deadlines
    ]
    table(("Hand over by", "For", "Effective", ""), rows, flexible=1)


def _json(made: Plan) -> dict[str, Any]:
    keys = ("key", "title", "day", "slack_days", "overdue", "done_on", "reason", "citation")
    return {
        **answer(made, "campaign=campaign.name", "kind=campaign.kind.name", "effective", "today"),
        **answer(made, "possible", "stopped"),
        "earliest_effective": made.earliest or made.effective,
        "late": made.late,
        "clients": {standing.name.lower(): count for standing, count in made.counts.items()},
        "rules": [
            answer(rule, "id", "title", "citation") | {"clients": count} for rule, count in made.rules.items()
        ],
        "by_email": made.by_email,
        "not_simply_written": [
            answer(one, "number", "name", "standing", "why", "allowed_from")
            | {"standing": one.standing.name.lower()}
            for one in made.named
        ],
        "steps": [answer(step, *keys) for step in (made.timeline.steps if made.timeline else ())],
        "issues": made.issues,
        "article": _article_json(made.carriage),
        "profile": [str(problem) for problem in made.profile],
        "last_rise_unknown": answer(made.uncounted, "clients", "since") if made.uncounted else None,
        "unknown_names": made.unknown_names,
        "contradicts": made.contradicts,
        "despite_mark": made.despite,
    }


def _issue_json(made: IssuePlan) -> dict[str, Any]:
    keys = ("campaign", "effective", "hand_over_by=hand_over", "legal_latest=legal", "possible")
    return answer(made, "campaign=campaign.name", "kind=campaign.kind.name", "today") | {
        "carries": [answer(deadline, *keys) for deadline in made.deadlines]
    }
