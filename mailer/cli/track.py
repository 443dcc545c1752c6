"""`mailer track`: ask the mail service where the pieces are."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mailer.cli.reports import few
from mailer.cli.tables import table
from mailer.cli.terminal import answer, folder_option, json_option, note, opened, progress, show_json
from mailer.notice.words import plural, some

if TYPE_CHECKING:
    from mailer.mailservice.track import Tracked

NAMED: Final = 3  # pieces of one line


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME…]")
@folder_option
@json_option
def track(names: tuple[str, ...], folder: Path, as_json: bool) -> None:
    """Ask the mail service where the pieces are; of all campaigns without a NAME.

    Records what it tells: in the post, delivered, returned, refused. Interrupt it at any time. Exit 1: the
    service has lost a piece. Exit 4: it can't be asked, or not for all of them, or contradicts what it told
    before; what it told is recorded.

    \b
    Example: mailer track
             mailer track 2027-rates
    """
    from mailer.campaign.loading import load_campaign
    from mailer.mailservice import track as polling
    from mailer.mailservice.registry import provider

    with opened(folder) as mail, progress() as show:
        for name in names:
            load_campaign(mail.root, name)  # a mistyped name is an error
        done = polling.track(mail, lambda name: provider(name).connect(mail), names, progress=show)
    if as_json:
        show_json(_json(done))
    else:
        _show(done)
    error = polling.trouble(done)
    if error:
        raise error
    if done.problems or done.doubted or done.twice or done.other_account:
        raise click.exceptions.Exit(4)
    if done.gone:
        raise click.exceptions.Exit(1)


def _show(done: Tracked) -> None:
    statuses = list(dict.fromkeys(status for by in done.counts.values() for status in by))
    if statuses:
        rows = [[name, *(f"{by.get(one, 0):,}" for one in statuses)] for name, by in done.counts.items()]
        table(("campaign", *statuses), rows, flexible=0, right=range(1, len(statuses) + 1))
    click.echo(
        f"{plural(done.asked, 'piece')} asked for, {plural(done.told, 'new event')}, "
        f"{len(done.changed):,} moved on."
    )
    moved: dict[tuple[str, str], list[str]] = {}
    for label, before, after in done.changed:
        moved.setdefault((before.value, after.value), []).append(label)
    for (was, now), labels in moved.items():
        click.echo(f"{was} → {now}, {len(labels):,}: {some(labels, NAMED)}")
    moved_on = {label for label, *_ in done.changed}
    few("TOLD", (f"{label}: {words}" for label, words in done.remarks.items() if label in moved_on), "")
    for label in done.gone:
        click.echo(f"GONE     {label}: the service has it no more, so it is cancelled.")
    if done.gone:
        note("Print what is gone here:  mailer print NAME --remaining")
    _show_problems(done)
    for finding in done.findings:
        note(finding)
    if done.in_flight:
        note(
            f"{plural(done.in_flight, 'piece was', 'pieces were')} sent and not answered: "
            "settle with `mailer send NAME`."
        )
    if done.other_key:
        note(
            f"{plural(done.other_key, 'piece was', 'pieces were')} sent under the other kind of key "
            "and not asked for."
        )
    if done.other_account:
        note(
            f"{plural(done.other_account, 'piece was', 'pieces were')} sent under another account and not "
            "asked for: take its key. Where only the key is new: `mailer send NAME --same-account`."
        )


def _show_problems(done: Tracked) -> None:
    _named("UNKNOWN", done.problems)
    _named("IN DOUBT", done.doubted.items())
    _named("TWICE", done.twice.items())
    if done.doubted or done.twice:
        note("Ask the service which is true. What to do then:  mailer status NAME")


def _named(mark: str, problems: Iterable[tuple[str, str]]) -> None:
    """One line for all pieces of which the same is wrong."""
    unknown: dict[str, list[str]] = {}
    for label, why in problems:
        unknown.setdefault(why, []).append(label)
    for why, labels in unknown.items():
        click.echo(f"{mark:<8} {some(labels, NAMED)}: {why}")


def _json(done: Tracked) -> dict[str, Any]:
    return answer(done, "asked", "of", "new_events=told") | {
        "changed": [{"piece": label, "before": was, "after": now} for label, was, now in done.changed],
        "gone": done.gone,
        "problems": [{"piece": label, "problem": why} for label, why in done.problems],
        "in_doubt": [{"piece": label, "problem": why} for label, why in done.doubted.items()],
        "twice": [{"piece": label, "problem": why} for label, why in done.twice.items()],
        "remarks": [{"piece": label, "remark": words} for label, words in done.remarks.items()],
        "findings": done.findings,
        **answer(done, "campaigns=counts", "in_flight", "other_key", "other_account", "stopped"),
    }
