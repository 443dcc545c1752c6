"""`mailer new`: write a commented campaign definition that loads."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import click

from mailer.cli.terminal import CLIENT, day_option, folder_option, note, opened

STAGES: Final = ("gentle", "direct", "review")
REMINDED_OF: Final = "communication"


@click.command()
@click.argument("kind")
@click.argument("name")
@day_option("--effective", "The first day on which the change applies. Default: one that leaves time.")
@click.option("--client", type=CLIENT, metavar="CLIENT", help="Whom a letter to one client is for.")
@click.option("--stage", type=click.Choice(STAGES), default=STAGES[0], help="Of a reminder.")
@folder_option
def new(kind: str, name: str, effective: date | None, client: str | None, stage: str, folder: Path) -> None:
    """Write a commented campaign definition that loads.

    \b
    KIND is rate-notice, policy-change, business-hours or newsletter;
      communication-policy, service-guide, welcome, holiday-closing for all;
      reminder, decline, disengagement, complaint-response for one --client.

    \b
    Example: mailer new rate-notice 2027-rates --effective 2027-01-01
             mailer new decline 2027-mailbox --client CF-1004
    """
    begin(kind, name, effective, folder, client=client or "", stage=stage)


def begin(
    kind: str, name: str, effective: date | None, folder: Path, *, client: str = "", stage: str = STAGES[0]
) -> None:
    """Write the files of a campaign and name them."""
    from mailer.campaign.kind import Starter
    from mailer.making.starters import new as write
    from mailer.planning.givenpolicies import given_to

    with opened(folder) as mail:
        number, given = given_to(mail, client, REMINDED_OF) if client else ("", ())
        begun = Starter(
            name,
            effective or mail.today,
            mail.today,
            client=number,
            given=max(given, default=None),
            stage=stage,
        )
        started = write(mail.root, mail.settings, kind, begun, dated=effective is not None)
    for file in started.written:
        click.echo(f"campaigns/{name}/{file}")
    note(f"Next: edit them, then  mailer plan {name}")
