"""`mailer go`: approve what the month showed, then print or send it; the short way's second command."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mailer.cli.tables import paragraph, records
from mailer.cli.terminal import MONTH, SAID, actor, folder_option, note, opened, progress, sure
from mailer.money import people
from mailer.notice.words import plural, spoken

if TYPE_CHECKING:
    from mailer.standing.departure import Departed, Departure


@click.command()
@click.argument("month", type=MONTH, required=False)
@click.option("--by", type=SAID, metavar="NAME", help="Who approves. Default: you.")
@click.option("--yes", is_flag=True, help="Do not ask before it begins.")
@folder_option
def go(month: date | None, by: str | None, yes: bool, folder: Path) -> int:
    """Approve what the month showed, then print or send it.

    That, and nothing else: where anything changed since `mailer month`, it says what and stops (exit 3).
    Each campaign leaves by its route. After an interruption the same command goes on.

    \b
    Example: mailer go --by "Dana Whitcomb"
             mailer go 2027-01 --by "Dana Whitcomb" --yes
    """
    from mailer.standing.departure import depart, departure, printed_before

    with opened(folder) as mail, progress() as show:
        what = departure(mail, f"{month:%Y-%m}" if month else None, show)
        if what.campaigns and not yes:
            sure(_question(what))
        before = printed_before(mail, what.shown)
        gone = [
            depart(mail, what, one, by=by or actor(), actor=actor(), progress=show) for one in what.campaigns
        ]
    _show([*before, *gone])
    stopped = what.shown.stopped
    if stopped:
        paragraph(f"Left out, since something stopped it: {', '.join(stopped)}. Mend it, then:")
        click.echo(f"  mailer month {what.shown.month}")
    _next([*before, *gone], bool(gone))
    return max((one.exit_code for one in gone), default=0) or int(bool(stopped))


def _question(what: Departure) -> str:
    """What is about to happen, in one sentence."""
    parts = []
    if here := [one for one in what.campaigns if one.campaign not in what.services]:
        parts.append(f"print {plural(sum(one.pieces for one in here), 'piece')} here")
    for service in {service.name: service for service in what.services.values()}.values():
        sent = [one for one in what.campaigns if what.services.get(one.campaign) is service]
        live = "for real" if service.live else "with a test key"
        costs = [one.cost for one in sent]
        cost = "its cost unknown" if None in costs else people(sum(filter(None, costs), Decimal(0)))
        parts.append(f"send {plural(sum(one.pieces for one in sent), 'piece')} {live}, {cost}")
    names = ", ".join(one.campaign for one in what.campaigns)
    return f"Approve {names} as shown on {spoken(what.shown.day)}, {' and '.join(parts)}?"


def _show(rows: list[Departed]) -> None:
    if not rows:
        click.echo("Nothing of it is left to go.")
        return
    records(
        ("Campaign", "Pieces", "Sheets", "Hand over by", "Folder in jobs/"),
        [
            (
                (
                    row.campaign,
                    f"{row.pieces:,}",
                    "" if row.sheets is None else f"{row.sheets:,}",
                    spoken(row.by) if row.by else "",
                    row.where,
                ),
                tuple(line for remark in row.remarks for line in remark.splitlines()[:4]),
            )
            for row in rows
        ],
        flexible=4,
        right=(1, 2),
    )


def _next(rows: list[Departed], any_left: bool) -> None:
    if any(row.printed for row in rows):
        note("Print them and sign each checklist.pdf. Handed to the post?  mailer handed-over")
    elif not any_left:
        note("Next:  mailer")
