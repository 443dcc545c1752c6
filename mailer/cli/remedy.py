"""`mailer remedy`: the follow-up for those whom a mailing did not serve."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mailer.cli.reports import listed
from mailer.cli.terminal import (
    answer,
    day_option,
    folder_option,
    json_option,
    note,
    opened,
    progress,
    show_json,
)
from mailer.notice.words import spoken

if TYPE_CHECKING:
    from mailer.standing.remedy import Remedy


SHOWN: Final = 8  # clients named on a screen


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
    from mailer.standing.remedy import remedy as make

    with opened(folder) as mail, progress() as show:
        made = make(mail, name, new_name=new_name, effective=effective, dry_run=dry_run, progress=show)
    if as_json:
        show_json(_remedy_json(made))
        return
    _show_remedy(made)
    if made.name:
        note("Nothing was written." if dry_run else f"Next:  mailer plan {made.name}")


def _show_remedy(made: Remedy) -> None:
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
                one.client.number,
                one.client.name,
                one.why.value,
                str(one.earliest or ""),
            ),
            (f"{one.because}; {one.caution}" if one.caution else one.because,),
        )
        for one in made.clients
    ]
    listed(("Client", "Name", "Why", "Earliest"), rows, SHOWN)
    if made.stale:
        click.echo(f"\nCorrect what has the old date: {'; '.join(made.stale)}.")
    click.echo("\nConfirm with counsel; this is a calculation, not legal advice.")


def _remedy_json(made: Remedy) -> dict[str, Any]:
    keys = ("id=client.id", "number=client.number", "name=client.name")
    more = ("why", "because", "caution", "earliest_effective=earliest")
    return {
        "campaign": made.original,
        "follow_up": made.name or None,
        **answer(made, "written", "effective"),
        "clients": [answer(one, *keys, *more) for one in made.clients],
        **answer(made, "already", "due", "term_unknown=unknown", "look_at=stale"),
    }
