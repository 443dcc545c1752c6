"""`mailer rates`: what a day's work may be billed at, and why."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mailer.cli.tables import records
from mailer.cli.terminal import answer, day_option, folder_option, json_option, opened, show_json
from mailer.clients.member import LISTED
from mailer.money import people
from mailer.notice.words import spoken

if TYPE_CHECKING:
    from mailer.standing.rates import Priced


@click.command()
@day_option("--worked-on", "The day on which the work was done.", required=True)
@click.option("--client", default="", metavar="TEXT", help="One client: number, e-mail or name.")
@json_option
@folder_option
def rates(worked_on: date, client: str, folder: Path, *, as_json: bool) -> None:
    """Say what a day's work may be billed at, and why.

    Never a new rate for work before its effective date, nor without a notice that holds.

    \b
    Example: mailer rates --worked-on 2027-01-04
             mailer rates --worked-on 2027-01-04 --client C-1042 --json
    """
    from mailer.standing.rates import prices

    with opened(folder) as mail:
        found = list(prices(mail, worked_on, client))
        rehearsal = mail.clock.rehearsal
    if as_json:
        show_json(_rates_json(worked_on, found, rehearsal=rehearsal))
        return
    _show_rates(worked_on, found)


def _show_rates(worked_on: date, found: list[Priced]) -> None:
    click.echo(f"Rates for work done on {spoken(worked_on)}\n")
    rows, new = [], Counter[bool]()
    for priced in found:
        who = (priced.client.number or priced.client.email, priced.client.name)
        for billed in priced.services:
            basis = billed.piece or billed.because.removeprefix(LISTED)
            cells = (*who, billed.service, people(billed.amount), str(billed.since), basis)
            rows.append((cells, billed.pending))
            new[bool(billed.piece)] += 1
        if not priced.services:
            rows.append(((*who, "", "", "", ""), ("no rate is on record for that day",)))
    records(("Client", "Name", "Service", "Rate", "Since", "Rests on"), rows, right=(3,))
    click.echo(f"\n{new[True]:,} services at a noticed rate, {new[False]:,} at the rate of before.")


def _rates_json(worked_on: date, found: list[Priced], *, rehearsal: bool) -> dict[str, Any]:
    keys = ("service", "rate=amount", "since", "because", "piece", "pending", "at_risk")
    return {
        "worked_on": worked_on,
        "currency": "USD",
        "rehearsal": rehearsal,
        "clients": [
            answer(priced.client, "id", "number", "name")
            | {"services": [answer(one, *keys) | {"piece": one.piece or None} for one in priced.services]}
            for priced in found
        ],
    }
