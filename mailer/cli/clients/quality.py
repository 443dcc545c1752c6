"""`mailer clients quality`: what to mend in the list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mailer.cli.reports import FOLDER, listed
from mailer.cli.tables import Row
from mailer.cli.terminal import folder_option, json_option, opened, show_json
from mailer.clients.record import Client
from mailer.notice.words import plural

if TYPE_CHECKING:
    from mailer.clients.duplicates import Pair
    from mailer.standing.listquality import ListQuality

SHOWN: Final = 8  # clients, and pairs, on a screen


@click.command()
@json_option
@folder_option
def quality(folder: Path, *, as_json: bool) -> int:
    """Show what to mend in the list, the worst first, with one figure for it.

    Missing or odd fields, addresses that look undeliverable, mail that came back, clients who may be in the
    list twice. Exit 1 where there is something.

    \b
    Example: mailer clients quality
    """
    from mailer.standing.listquality import quality as look

    with opened(folder) as mail:
        found = look(mail)
        if as_json:
            show_json(_json(found))
        else:
            _show(found, mail.root / FOLDER)
    return 1 if found.poor else 0


def _show(found: ListQuality, reports: Path) -> None:
    sound = found.clients - len(found.poor)
    click.echo(f"Quality of the list: {found.figure} of 100 ({sound:,} of {plural(found.clients, 'client')})")
    if found.poor:
        click.echo("")
        rows: list[Row] = [
            ((_who(one.client), one.client.name, str(one.weight)), tuple(what for _, what in one.found))
            for one in found.poor
        ]
        listed(("Client", "Name", "Weight"), rows, SHOWN, file=reports / "quality.txt", right=(2,))
    for title, pairs in (("May be one client", found.twice), ("Two names at one address", found.together)):
        if pairs:
            click.echo(f"\n{title} ({len(pairs):,}):")
            lines: list[Row] = [
                ((f"{_who(one.one)} {one.one.name}", f"{_who(one.other)} {one.other.name}"), ())
                for one in pairs
            ]
            name = "twice.txt" if pairs is found.twice else "together.txt"
            listed(("Client", "And"), lines, SHOWN, file=reports / name)


def _who(client: Client) -> str:
    return client.number or client.email


def _json(found: ListQuality) -> dict[str, Any]:
    return {
        "figure": found.figure,
        "clients": found.clients,
        "poor": [
            {
                "number": one.client.number,
                "name": one.client.name,
                "weight": one.weight,
                "found": [what for _, what in one.found],
            }
            for one in found.poor
        ],
        "twice": [_pair(pair) for pair in found.twice],
        "together": [_pair(pair) for pair in found.together],
    }


def _pair(pair: Pair) -> dict[str, str]:
    return {"one": _who(pair.one), "other": _who(pair.other), "why": pair.why}
