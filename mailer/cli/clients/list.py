"""`mailer clients list`: the clients in ZIP order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mailer.cli.reports import FOLDER
from mailer.cli.reports import listed as some_of
from mailer.cli.tables import Row
from mailer.cli.terminal import answer, folder_option, json_option, note, opened, show_json_list
from mailer.clients.record import Client
from mailer.notice.words import plural

if TYPE_CHECKING:
    from mailer.store.listed.addresschecks import AddressCheck


SHOWN: Final = 20  # clients on a screen
_ADDRESS: Final = ("line1", "line2", "city", "state", "zip", "country")


@click.command("list")
@click.argument("text", required=False, default="")
@click.option("--ended", is_flag=True, help="Those who left as well.")
@json_option
@folder_option
def list_(text: str, folder: Path, *, ended: bool, as_json: bool) -> None:
    """List clients in ZIP order; TEXT finds by number, e-mail or name.

    \b
    Example: mailer clients list Benton
    """
    from mailer.mailservice.addresscheck import with_checks
    from mailer.standing.clientlist import listed, total

    with opened(folder) as mail:
        found = listed(mail, text, ended=ended)
        if as_json:
            show_json_list(_json(*one) for one in with_checks(mail, found))
            return
        rows = [
            (
                c.number or c.email,
                c.name,
                f"{c.address.city} {c.address.state} {c.address.zip}",
                c.contract.kind.value,
            )
            for c in found
        ]
        if not rows:
            note(
                f"No client is called {text!r}."
                if text
                else "No clients."
                if total(mail)
                else "No clients yet: mailer clients import FILE"
            )
            return
        lines: list[Row] = [(row, ()) for row in rows]
        some_of(
            ("Client", "Name", "Place", "Contract"), lines, SHOWN, file=mail.root / FOLDER / "clients.txt"
        )
        click.echo(plural(len(rows), "client"))


def _json(client: Client, mailing: AddressCheck | None, notice: AddressCheck | None) -> dict[str, Any]:
    return answer(client, "id", "number", "name", "contact", "email") | {
        "address": answer(client.address, *_ADDRESS),
        "notice_address": answer(client.notice_address, *_ADDRESS) if client.notice_address else None,
        **answer(client, "contract=contract.kind", "notice=contract.notice", "tags", "active", "newsletter"),
        "notice_to": client.notice_to,
        "address_check": _check_json(mailing),
        "notice_address_check": _check_json(notice),
    }


def _check_json(check: AddressCheck | None) -> dict[str, Any] | None:
    if check is None:
        return None
    return answer(check, "checked_on", "service", "deliverability", "dpv") | {
        "suggestion": answer(check.suggestion, *_ADDRESS) if check.suggestion else None
    }
