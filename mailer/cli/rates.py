"""`mailer rates`: what a day's work may be billed at, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mailer.cli.reports import FOLDER, listed
from mailer.cli.tables import Row
from mailer.cli.terminal import (
    CLIENT,
    PATH,
    answer,
    day_option,
    folder_option,
    json_option,
    opened,
    show_json,
    show_long_json,
)
from mailer.clients.member import LISTED
from mailer.errors import UsageProblem
from mailer.money import people
from mailer.notice.words import plural, spoken
from mailer.spool import Spool

if TYPE_CHECKING:
    from mailer.standing.comparison import Answer, Comparison
    from mailer.standing.rates import Priced

SHOWN: Final = 8  # services or differences on a screen


@click.command()
@day_option("--worked-on", "The day on which the work was done.")
@click.option("--client", type=CLIENT, metavar="TEXT", help="One client: number, e-mail or name.")
@click.option(
    "--compare",
    "file",
    type=PATH,
    help="What is answered otherwise than in this JSON of another version.",
)
@json_option
@folder_option
def rates(
    worked_on: date | None, client: str | None, file: Path | None, folder: Path, *, as_json: bool
) -> int:
    """Say what a day's work may be billed at, and why.

    Never a new rate for work before its effective date, nor without a notice that holds. With --compare:
    every amount that this version answers otherwise than the one that wrote the file, with both
    workings; exit 1 if there is any.

    \b
    Example: mailer rates --worked-on 2027-01-04
             mailer rates --worked-on 2027-01-04 --client C-1042 --json
             mailer rates --compare rates-before.json
    """
    if file is not None:
        return _compare(file, worked_on, client or "", folder, as_json=as_json)
    if worked_on is None:
        raise UsageProblem("of which day?", where="--worked-on", todo="Write --worked-on 2027-01-04.")
    from mailer.standing.rates import prices

    with opened(folder) as mail:
        found = prices(mail, worked_on, client or "")
        if as_json:
            head = {"worked_on": worked_on, "currency": "USD", "rehearsal": mail.clock.rehearsal}
            show_long_json(lambda: head, "clients", map(_priced_json, found))
        else:
            _show_rates(worked_on, found, mail.root / FOLDER / f"rates-{worked_on}.txt")
    return 0


def _compare(file: Path, worked_on: date | None, client: str, folder: Path, *, as_json: bool) -> int:
    from mailer.standing.comparison import compare

    with opened(folder) as mail:
        found = compare(mail, file, worked_on, client)
    if as_json:
        show_json(_comparison_json(found))
    else:
        _show_comparison(found, file)
    return 1 if found.differences else 0


def _show_comparison(found: Comparison, file: Path) -> None:
    click.echo(f"Rates for work done on {spoken(found.worked_on)}, compared with {file}\n")
    rows = [
        (
            (one.number or one.id, one.name, one.service, _amount(one.then), _amount(one.now)),
            (*_why("then", one.then), *_why("now", one.now)),
        )
        for one in found.differences
    ]
    if rows:
        listed(("Client", "Name", "Service", "Then", "Now"), rows, SHOWN, right=(3, 4))
    count = f"{len(found.differences):,}" if found.differences else "None"
    click.echo(f"{count} of {found.compared:,} amounts {'is' if count == '1' else 'are'} answered otherwise.")


def _amount(one: Answer | None) -> str:
    return people(one.rate) if one else "none"


def _why(when: str, one: Answer | None) -> tuple[str, ...]:
    if one is None:
        return (f"{when}: {_NO_RATE}",)
    return (f"{when}: {one.because}", *(f"{when}: {text}" for text in one.pending))


def _comparison_json(found: Comparison) -> dict[str, Any]:
    keys = ("rate", "because", "pending")
    return answer(found, "worked_on", "compared") | {
        "differences": [
            answer(one, "id", "number", "name", "service")
            | {"then": answer(one.then, *keys) if one.then else None}
            | {"now": answer(one.now, *keys) if one.now else None}
            for one in found.differences
        ]
    }


def _show_rates(worked_on: date, found: Iterable[Priced], file: Path) -> None:
    rows, first, new = Spool[Row](), Spool[Row](), Counter[bool]()
    without = 0
    for priced in found:
        who = (priced.client.number, priced.client.name)
        lines: list[Row] = [] if priced.services else [((*who, "", "", "", ""), (_NO_RATE,))]
        without += not priced.services
        for billed in priced.services:
            basis = billed.piece or billed.because.removeprefix(LISTED)
            cells = (*who, billed.service, people(billed.amount), str(billed.since), basis)
            lines.append((cells, billed.pending))
            new[bool(billed.piece)] += 1
        for line in lines:
            rows.append(line)
            if line[1]:
                first.append(line)
    click.echo(f"Rates for work done on {spoken(worked_on)}\n")
    header = ("Client", "Name", "Service", "Rate", "Since", "Rests on")
    if len(rows):
        listed(header, rows, SHOWN, first=first if len(first) else None, file=file, right=(3,))
    click.echo(f"\n{new[True]:,} services at a noticed rate, {new[False]:,} at the rate of before.")
    if without:
        click.echo(
            f"{plural(without, 'client')} without a rate. To give one to all of a list:\n"
            "  mailer clients import FILE --set service.hourly-support=130"
        )


_NO_RATE: Final = "no rate is on record for that day"
_BILLED: Final = ("service", "rate=amount", "since", "because", "piece", "pending", "at_risk")


def _priced_json(priced: Priced) -> dict[str, Any]:
    return answer(priced.client, "id", "number", "name") | {
        "services": [answer(one, *_BILLED) | {"piece": one.piece or None} for one in priced.services]
    }
