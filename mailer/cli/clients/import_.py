"""`mailer clients import`: bring the client list up to what a file says."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mailer.cli.tables import table
from mailer.cli.terminal import PATH, SAID, actor, day_option, folder_option, opened, progress

if TYPE_CHECKING:
    from mailer.standing.clientimport import Import


@click.command("import")
@click.argument("file", type=PATH)
@click.option("--map", "maps", multiple=True, metavar="COLUMN=FIELD", help="Read a column as a field.")
@click.option("--set", "sets", multiple=True, metavar="FIELD=VALUE", help="A value for rows that lack it.")
@click.option(
    "--noticed-elsewhere",
    multiple=True,
    metavar="CLIENT:SERVICE=REASON",
    help="Record a risen rate: how notice was given. Or a CSV: client, service, reason.",
)
@click.option("--all-rises", type=SAID, metavar="REASON", help="The same for every rise of the list.")
@click.option("--count", type=int, metavar="N", help="With --all-rises: how many rises there are.")
@day_option("--rates-from", "From when rates in the file count. Default: today.")
@day_option("--terms-from", "From when changed contract terms hold. Default: today.")
@day_option("--last-raised", "The last rise before, for a list without that column.")
@click.option(
    "--encoding", metavar="NAME", default="", help="Of a CSV: utf-8, windows-1252, mac-roman, ms-dos."
)
@click.option("--all", "all_rows", is_flag=True, help="Report every row (up to 1,000 of each kind).")
@folder_option
def import_(
    file: Path,
    maps: tuple[str, ...],
    sets: tuple[str, ...],
    noticed_elsewhere: tuple[str, ...],
    all_rises: str | None,
    count: int | None,
    rates_from: date | None,
    terms_from: date | None,
    last_raised: date | None,
    encoding: str,
    folder: Path,
    *,
    all_rows: bool,
) -> int:
    """Bring the client list up to what a CSV or XLSX file says.

    Columns are guessed and shown. Good rows go in, others are refused with the reason (exit 1). The
    same file twice changes nothing. Terms that change after a letter of new rates was mailed wait
    until --terms-from says from which day they hold (exit 1).

    \b
    Example: mailer clients import clients.csv
             mailer clients import export.xlsx --map "Acct=number" \\
                    --set service.hourly-support=130
             mailer clients import clients.csv --terms-from 2026-12-15
             mailer clients import clients.csv \\
                    --noticed-elsewhere "CF-1004:hourly-support=letter of 1 Oct"
    """
    from mailer.standing.clientimport import Choices, import_clients

    choices = Choices(
        maps,
        sets,
        noticed_elsewhere=noticed_elsewhere,
        all_rises=all_rises or "",
        count=count,
        rates_from=rates_from,
        terms_from=terms_from,
        last_raised=last_raised,
        encoding=encoding.strip().casefold(),
    )
    with opened(folder) as mail, progress() as show:
        result = import_clients(mail, file, choices, actor=actor(), progress=show)
    _report(file, result, most=1_000 if all_rows else 20)
    return 0 if result.whole else 1


def _report(file: Path, result: Import, *, most: int) -> None:
    click.echo(f"{file}: {result.form}")
    read = [(c.heading, c.target or "not used", c.note) for c in result.columns if c.heading]
    table(("Column", "Read as", "Note"), read)
    _report_notes("Mended", result.repairs, result.more_repairs, most)
    _report_notes("Look at", result.remarks, result.more_remarks, most)
    if result.kept:
        click.echo(f"\nKept as corrected by hand ({len(result.kept)}); the file has an older address:")
        table(("Row", "Client"), [(str(row), name) for row, name in result.kept[:most]], right=(0,))
        _say_more(len(result.kept), 0, most)
    _report_notes("Terms that wait for their day", result.waiting, 0, most)
    if result.unused:
        click.echo(f"\nNo rise was found for: {', '.join(result.unused)}")
    if result.refused:
        click.echo(f"\nRefused ({len(result.refused) + result.more_refused}):")
        rows = [
            (str(each.row), each.text[:28], f"{each.reason}. {each.todo}")
            for each in result.refused[: max(most, 50)]
        ]
        table(("Row", "Begins", "Why, and what to do"), rows, right=(0,))
        _say_more(len(result.refused), result.more_refused, len(rows))
    click.echo(
        f"\n{result.added} added, {result.updated} updated, {result.unchanged} unchanged, "
        f"{len(result.refused) + result.more_refused} refused."
    )


def _report_notes(title: str, notes: list[tuple[int, str, str]], more: int, most: int) -> None:
    if not notes:
        return
    click.echo(f"\n{title} ({len(notes) + more:,}):")
    table(
        ("Row", "Client", "What"),
        [(str(row), name[:28], what) for row, name, what in notes[:most]],
        right=(0,),
    )
    _say_more(len(notes), more, most)


def _say_more(kept: int, more: int, most: int) -> None:
    """That rows are left out of a report, and how to see them where they were kept."""
    if kept + more > most:
        click.echo(f"… and {kept + more - most:,} more{'; --all shows them' if kept > most else ''}")
