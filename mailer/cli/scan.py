"""`mailer scan`: the print room's count of a job before it is sealed."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import Any

import click

from mailer.cli.streams import typed
from mailer.cli.tables import records
from mailer.cli.terminal import answer, folder_option, json_option, note, opened, show_json
from mailer.givenfile import read_given
from mailer.notice.words import plural
from mailer.printroom.sheetmarks import MarkKind, Scan

LARGEST = 10_000_000  # bytes of a file of marks: of a million sheets


@click.command()
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True), default="-")
@click.option("--job", "number", type=click.IntRange(1), help="Which job, where there are several.")
@json_option
@folder_option
def scan(name: str, file: Path, number: int | None, as_json: bool, folder: Path) -> int:
    """Find what is missing, doubled or mixed up in a printed job.

    Reads the marks of its sheets, one a line, from FILE or as you type or scan them: "12 1/2" as a
    scanner reads it, "0012/0052 1of2" as it is printed, "12" for a whole piece. Sheets that lie
    together are read one after the other. Records nothing. Exit 1 where something is wrong.

    \b
    Example: mailer scan 2027-rates
             mailer scan 2027-rates marks.txt --job 1
    """
    from mailer.printroom.scan import scan as compare

    with opened(folder) as mail:
        done = compare(mail, name, _marks(file), number=number)
    found = done.found
    if as_json:
        show_json(_json(done.job, found))
    else:
        _show(done.job, found)
    return 1 if found.findings else 0


def _marks(file: Path) -> Iterable[str]:
    """Of the file, or of who types."""
    if file != Path("-"):
        return StringIO(read_given(file, LARGEST).decode("utf-8-sig", errors="replace"))
    if sys.stdin.isatty():
        note("Type or scan one mark a line; Ctrl-D ends.")
    return (line.decode("utf-8-sig", errors="replace") for line in typed(LARGEST))


def _json(job: str, found: Scan) -> dict[str, Any]:
    findings = [
        answer(one, "kind", "piece=label", "sheets", "lines", "why") | {"piece": one.label or None}
        for one in found.findings
    ]
    return {"job": job, **answer(found, "pieces", "complete"), "findings": findings}


def _show(job: str, found: Scan) -> None:
    click.echo(
        f"{job}: {found.complete:,} of "
        f"{plural(found.pieces, 'piece is', 'pieces are')} there with every sheet."
    )
    if not found.findings:
        note("All there, each once. Nothing was recorded.")
        return
    rows = [
        ((one.kind.value, one.label or "-", ", ".join(map(str, one.lines)) or "-"), (one.why,))
        for one in found.findings
    ]
    records(("Finding", "Piece", "Line"), rows)
    todo = {
        MarkKind.MIXED: "Open the envelopes of what is mixed and put the sheets right.",
        MarkKind.FOREIGN: "Take out the sheets that are not of this job.",
        MarkKind.WITHDRAWN: "Take out what must not go and destroy it.",
        MarkKind.DOUBLED: "Take out what is there twice and destroy it.",
        MarkKind.UNREADABLE: "Read the lines again that are no marks.",
    }
    kinds = {one.kind for one in found.findings}
    for kind, text in todo.items():
        if kind in kinds:
            note(text)
    missing = found.labels(MarkKind.MISSING)
    if missing:
        note("Look for what is missing; what stays away is printed again:")
    for label in missing[:10]:
        note(f'  mailer reprint {label} --reason "missing at the count"')
    if len(missing) > 10:
        note(f"  and {len(missing) - 10:,} more")
    note("Nothing was recorded. Scan the whole job again when it is put right.")
