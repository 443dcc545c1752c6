"""`mailer clients forget`: the person goes, the proof stays."""

from __future__ import annotations

from pathlib import Path

import click

from mailer.cli.reports import few
from mailer.cli.terminal import CLIENT, SAID, actor, folder_option, note, opened, sure
from mailer.notice.words import plural


@click.command()
@click.argument("client", type=CLIENT)
@click.option("--reason", required=True, type=SAID, metavar="TEXT", help="Why; it stays, so name nobody.")
@click.option("--by", type=SAID, metavar="NAME", help="Who decides it. Default: you.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@folder_option
def forget(client: str, reason: str, by: str | None, folder: Path, *, yes: bool) -> None:
    """Drop a person for good: name, addresses, contact, and whose letters were whose.

    What was mailed, when, and what it stated stays proved; that it was theirs can't be shown any more. There
    is no way back. Packs and backups that were made before still name them, and hold as they are.

    \b
    Example: mailer clients forget CF-1004 --reason "asked for it, 3 May"
    """
    from mailer.standing.forgotten import forget as drop

    if not yes:
        sure(f"Forget {client} for good? No notice to it can be proved to be its own then.")
    with opened(folder) as mail:
        done = drop(mail, client, reason=reason, by=by or actor())
    click.echo(
        f"Forgotten: {plural(done.clients, 'client')}, and whose {plural(done.pieces, 'letter')} were."
    )
    few("SHARED", (f"{label} is another client's too and stays" for label in done.shared), "mailer status")
    note("The letters' pages stay in files/ by their hash: they are what is proved.")
    few("MAY NAME IT", done.folders, "mailer clients forget --help")
    note("Take it out of the list that you import, too, and out of old backups.")
