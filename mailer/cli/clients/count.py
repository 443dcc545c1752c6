"""`mailer clients count`: how many clients there are, by segment."""

from __future__ import annotations

from pathlib import Path

import click

from mailer.cli.tables import table
from mailer.cli.terminal import answer, folder_option, json_option, note, opened, show_json


@click.command()
@click.argument("segment", required=False, default="")
@json_option
@folder_option
def count(segment: str, folder: Path, *, as_json: bool) -> int:
    """Count the active clients, of the list and of each segment in mailer.toml; or of one SEGMENT.

    Exit 1 where a segment names somebody who is no client.

    \b
    Example: mailer clients count
             mailer clients count dental
    """
    from mailer.standing.clientcount import counted

    with opened(folder) as mail:
        found = counted(mail, segment)
    if as_json:
        show_json([answer(one, "segment", "clients", "readers", "unknown") for one in found])
    else:
        rows = [(one.segment or "all", f"{one.clients:,}", f"{one.readers:,}") for one in found]
        table(("Segment", "Clients", "Newsletter"), rows, right=(1, 2))
        for one in found:
            for name in one.unknown:
                note(f"[segments.{one.segment}] names {name!r}, which is no client.")
    return 1 if any(one.unknown for one in found) else 0
