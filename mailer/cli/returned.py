"""`mailer returned`: record pieces that came back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from mailer.cli.terminal import actor, day_option, folder_option, note, opened
from mailer.ledger.kinds import ReturnReason

_REASONS = ", ".join(one.value for one in ReturnReason)


@click.command()
@click.argument("pieces", nargs=-1, required=True, metavar="PIECE…")
@day_option("--on", "The day on which they came back.", required=True)
@click.option("--reason", default="", metavar="WORD", help=f"Why: {_REASONS}.")
@click.option("--note", "noted", default="", metavar="TEXT", help="What the post wrote on them.")
@click.option(
    "--address-of-record", is_flag=True, help="It was wrong, and the last one that the client had given."
)
@folder_option
def returned(
    pieces: tuple[str, ...], on: date, reason: str, noted: str, folder: Path, *, address_of_record: bool
) -> None:
    """Record pieces that came back.

    What that does to the notice is the rule's: under a deposit clause it stands, under a receipt rule it
    is undone. A wrong address undoes it under every rule, but where the contract asks for the last address
    given and it was that one. See `mailer check`.

    \b
    Example: mailer returned 2027-rates-L-0017 --on 2026-12-04 \\
               --reason "address wrong" --note "no such number"
    """
    from mailer.standing.returns import returned as record

    with opened(folder) as mail:
        done = record(
            mail, pieces, on=on, reason=reason, note=noted, of_record=address_of_record, actor=actor()
        )
    click.echo(f"{done.pieces} recorded as returned.")
    for conflict in done.conflicts:
        note(conflict)
    for campaign in done.campaigns:
        note(f"Next:  mailer check {campaign}")
