"""`mailer clients import`: bring the client list up to what a file says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mailer.cli.reports import FOLDER, near, verbose
from mailer.cli.tables import paragraph, table
from mailer.cli.terminal import PATH, SAID, actor, day_option, folder_option, note, opened, progress
from mailer.clients.columns import TARGETS
from mailer.errors import UsageProblem
from mailer.notice.words import plural, spoken

if TYPE_CHECKING:
    from mailer.standing.clientimport import Import

SHOWN: Final = 4  # rows of one kind on a screen

ENDED: Final = "Not in this file, and ended"
MISSING: Final = "Not in this file, and still a client (--end-missing ends these)"
KEPT: Final = "Kept as corrected by hand, though the file has an older address"


@click.command("import", epilog=f"Fields: {', '.join(TARGETS)}, service.NAME (its rate), ignore.")
@click.argument("file", type=PATH, required=False)
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
@click.option("--end-missing", is_flag=True, help="End the clients who are not in the file.")
@click.option("--dry-run", is_flag=True, help="Say what it would change; change nothing.")
@click.option("--undo", is_flag=True, help="Take the last import back, while nothing was made from it.")
@folder_option
def import_(
    file: Path | None,
    folder: Path,
    *,
    all_rises: str | None,
    encoding: str,
    dry_run: bool,
    undo: bool,
    **others: Any,
) -> int:
    """Bring the client list up to what a CSV, XLSX or vCard file says.

    Columns are guessed and shown. Good rows go in, others are rejected with the reason (exit 1); -v shows
    all of them. The same file twice changes nothing. Terms that change after a letter of new rates was
    mailed wait until --terms-from says from which day they hold (exit 1). Active clients whom the file does
    not have are named, and stay as they are without --end-missing.

    \b
    Example: mailer clients import clients.csv
             mailer clients import export.xlsx --map "Acct=number" \\
                    --set service.hourly-support=130
             mailer clients import clients.csv --terms-from 2026-12-15
             mailer clients import --undo
             mailer clients import clients.csv \\
                    --noticed-elsewhere "CF-1004:hourly-support=letter of 1 Oct"
    """
    from mailer.standing.clientimport import Choices, import_clients

    if undo or file is None:
        if not undo or file is not None or dry_run:
            todo = "Write  mailer clients import FILE  or  mailer clients import --undo"
            raise UsageProblem("one of FILE and --undo is needed, and no other word with --undo.", todo=todo)
        _undo(folder)
        return 0
    choices = Choices(
        all_rises=all_rises or "", encoding=encoding.strip().casefold(), dry_run=dry_run, **others
    )
    with opened(folder) as mail, progress() as show:
        result = import_clients(mail, file, choices, actor=actor(), progress=show)
    _report(file, result, mail.root / FOLDER / "import.txt")
    if dry_run:
        click.echo("Nothing was changed: --dry-run.")
    else:
        note("Not as it should be?  mailer clients import --undo   Else next:  mailer")
    return 0 if result.whole else 1


def _undo(folder: Path) -> None:
    from mailer.standing.importundo import undo_import

    with opened(folder) as mail:
        back = undo_import(mail, actor=actor())
    what = f"{plural(back.removed, 'client')} removed, {back.restored:,} as before"
    paragraph(f"The import of {spoken(back.on)} is taken back: {what}.")


def _report(file: Path, result: Import, kept_in: Path) -> None:
    click.echo(f"{file}: {result.form}")
    _show_columns(result)
    missing = ENDED if result.ended else MISSING
    rows = {
        "Corrected": (result.repairs, result.repairs.more),
        "Check these": (result.remarks, result.remarks.more),
        KEPT: ([(*one, "") for one in result.kept], result.kept.more),
        "Terms that wait for their day": (result.waiting, result.waiting.more),
        missing: ([(0, name, "") for name in result.missing], result.missing.more),
        "Rejected": (
            [(each.row, each.text, f"{each.reason}. {each.todo}") for each in result.refused],
            result.refused.more,
        ),
    }
    left_out = [_show_rows(title, known, more) for title, (known, more) in rows.items() if known]
    if any(left_out):
        from mailer.store.files import write_whole

        lines = [f"{title}: {_line(*one)}" for title, (known, _) in rows.items() for one in known]
        write_whole(kept_in, "\n".join((*lines, "")).encode())
        click.echo(f"\nAll of these are in {near(kept_in)}.")
    if result.unused:
        click.echo(f"\nNo rise was found for: {', '.join(result.unused)}")
    click.echo(
        f"\n{result.added} added, {result.updated} updated, {result.unchanged} unchanged, "
        f"{result.refused.total} rejected."
    )


def _show_columns(result: Import) -> None:
    """What each column is read as: all with -v, else in a few lines; what is not used is said always."""
    read = [(c.heading, c.target or "not used", c.note) for c in result.columns if c.heading]
    if verbose():
        table(("Column", "Read as", "Note"), read)
        return
    pairs = [f"{heading} → {target}" for heading, target, _ in read if target != "not used"]
    paragraph(f"Read as: {', '.join(pairs)}.")
    if "number" not in (target for _, target, _ in read):
        paragraph("No column is a client number: a client is known by its e-mail, else by name and ZIP.")
    noted = [f"{heading} ({why})" for heading, target, why in read if why and target != "not used"]
    if noted:
        paragraph(f"Check these columns: {', '.join(noted)}.")
    unread = [
        f"{heading} ({why})" if why else heading for heading, target, why in read if target == "not used"
    ]
    if unread:
        paragraph(f'NOT USED: {", ".join(unread)}. To use one:  --map "COLUMN=FIELD".')


def _line(row: int, name: str, what: str) -> str:
    """`row` is 0 for a client who stands in none."""
    known = f"row {row}, {name}" if row else name
    return f"{known}: {what}" if what else known


def _show_rows(title: str, rows: Sequence[tuple[int, str, str]], more: int) -> int:
    """Print the first of these rows, with -v all that were kept; how many are left out."""
    shown = rows if verbose() else rows[:SHOWN]
    click.echo(f"\n{title} ({len(rows) + more:,}):")
    for row, name, what in shown:
        paragraph(_line(row, name[:28], what), "  ")
    left_out = len(rows) + more - len(shown)
    if left_out:
        click.echo(f"  … and {left_out:,} more")
    return left_out
