"""`mailer clients`: import, list, show, export; `correct` and `verify` are in mailer.cli.correcting."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mailer.cli.correcting import correct, verify
from mailer.cli.terminal import (
    actor,
    day_option,
    folder_option,
    json_option,
    note,
    opened,
    progress,
    records,
    show_json,
    table,
)

if TYPE_CHECKING:
    from mailer.clients.record import Address, Client
    from mailer.standing.clientimport import Import
    from mailer.store.addresschecks import AddressCheck


@click.group()
def clients() -> None:
    """Import, list, show, correct and export the client list."""


clients.add_command(correct)
clients.add_command(verify)


@clients.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--map", "maps", multiple=True, metavar="COLUMN=FIELD", help="Read a column as a field.")
@click.option("--set", "sets", multiple=True, metavar="FIELD=VALUE", help="A value for rows that lack it.")
@click.option(
    "--noticed-elsewhere", metavar="REASON", default="", help="Record risen rates: how notice was given."
)
@day_option("--rates-from", "From when rates in the file count. Default: today.")
@click.option(
    "--encoding", metavar="NAME", default="", help="Of a CSV: utf-8, windows-1252, mac-roman, ms-dos."
)
@click.option("--all", "all_rows", is_flag=True, help="Report every row (up to 1,000 of each kind).")
@folder_option
def import_(
    file: Path,
    maps: tuple[str, ...],
    sets: tuple[str, ...],
    noticed_elsewhere: str,
    rates_from: date | None,
    encoding: str,
    folder: Path,
    *,
    all_rows: bool,
) -> int:
    """Bring the client list up to what a CSV or XLSX file says.

    Columns are guessed and shown. Good rows go in, others are refused with the reason (exit 1). The
    same file twice changes nothing.

    \b
    Example: mailer clients import clients.csv
             mailer clients import export.xlsx --map "Acct=number" \\
                    --set service.hourly-support=130
    """
    from mailer.standing.clientimport import Choices, import_clients  # noqa: PLC0415

    choices = Choices(maps, sets, noticed_elsewhere.strip(), rates_from, encoding.strip().casefold())
    with opened(folder) as mail, progress() as show:
        result = import_clients(mail, file, choices, actor=actor(), progress=show)
    _report(file, result, most=1_000 if all_rows else 20)
    return 1 if result.refused else 0


def _report(file: Path, result: Import, *, most: int) -> None:
    click.echo(f"{file}: {result.form}")
    read = [(c.heading, c.target or "not used", c.note) for c in result.columns if c.heading]
    table(("Column", "Read as", "Note"), read)
    _report_notes("Mended", result.repairs, result.more_repairs, most)
    _report_notes("Look at", result.remarks, result.more_remarks, most)
    if result.kept:
        click.echo(f"\nKept as corrected by hand ({len(result.kept)}); the file has an older address:")
        table(("Row", "Client"), [(str(row), name) for row, name in result.kept[:most]], right=(0,))
        _say_more(len(result.kept), 0, most)
    if result.refused:
        click.echo(f"\nRefused ({len(result.refused) + result.more_refused}):")
        rows = [
            (str(each.row), each.text[:28], f"{each.reason}. {each.todo}")
            for each in result.refused[: max(most, 50)]
        ]
        table(("Row", "Begins", "Why, and what to do"), rows, right=(0,))
        _say_more(len(result.refused), result.more_refused, len(rows))
    click.echo(
        f"\n{result.added} added, {result.updated} updated, {result.unchanged} unchanged, "
        f"{len(result.refused) + result.more_refused} refused."
    )


def _report_notes(title: str, notes: list[tuple[int, str, str]], more: int, most: int) -> None:
    if not notes:
        return
    click.echo(f"\n{title} ({len(notes) + more:,}):")
    table(
        ("Row", "Client", "What"),
        [(str(row), name[:28], what) for row, name, what in notes[:most]],
        right=(0,),
    )
    _say_more(len(notes), more, most)


def _say_more(kept: int, more: int, most: int) -> None:
    """That rows are left out of a report, and how to see them where they were kept."""
    if kept + more > most:
        click.echo(f"… and {kept + more - most:,} more{'; --all shows them' if kept > most else ''}")


@clients.command("list")
@click.argument("text", required=False, default="")
@click.option("--ended", is_flag=True, help="Those who left as well.")
@json_option
@folder_option
def list_(text: str, folder: Path, *, ended: bool, as_json: bool) -> None:
    """List clients in ZIP order; TEXT finds by number, e-mail or name.

    \b
    Example: mailer clients list Benton
    """
    from mailer.mailservice.addresscheck import checks  # noqa: PLC0415
    from mailer.standing.clientlist import listed, total  # noqa: PLC0415

    with opened(folder) as mail:
        found = listed(mail, text, ended=ended)
        if as_json:
            known = list(found)
            checked = checks(mail, known)
            show_json(
                [
                    _as_json(client)
                    | {
                        "address_check": _check_json(checked.get((client.id, False))),
                        "notice_address_check": _check_json(checked.get((client.id, True))),
                    }
                    for client in known
                ]
            )
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
        records(("Client", "Name", "Place", "Contract"), [(row, ()) for row in rows])
        click.echo(f"{len(rows)} clients")


def _as_json(client: Client) -> dict[str, Any]:
    return {
        "id": str(client.id),
        "number": client.number,
        "name": client.name,
        "contact": client.contact,
        "email": client.email,
        "address": _address(client.address),
        "notice_address": _address(client.notice_address) if client.notice_address else None,
        "contract": client.contract.kind.value,
        "notice": client.contract.notice,
        "tags": sorted(client.tags),
        "active": client.active,
        "newsletter": client.newsletter,
    }


def _check_json(check: AddressCheck | None) -> dict[str, Any] | None:
    if check is None:
        return None
    return {
        "checked_on": check.checked_on,
        "service": check.service,
        "deliverability": check.deliverability,
        "dpv": check.dpv,
        "suggestion": _address(check.suggestion) if check.suggestion else None,
    }


def _check_text(check: AddressCheck | None) -> str:
    from mailer.mailservice.addresscheck import says  # noqa: PLC0415

    return f"{check.checked_on} by {check.service}: {says(check)}" if check else ""


def _address(address: Address) -> dict[str, str]:
    return {
        "line1": address.line1,
        "line2": address.line2,
        "city": address.city,
        "state": address.state,
        "zip": address.zip,
        "country": address.country,
    }


@clients.command()
@click.argument("client")
@folder_option
def show(client: str, folder: Path) -> None:
    """Show one client: address, contract, rates, and every piece they were sent.

    \b
    Example: mailer clients show C-1042
    """
    from mailer.mailservice.addresscheck import checks  # noqa: PLC0415
    from mailer.money import people, people_percent  # noqa: PLC0415
    from mailer.standing.clientlist import shown  # noqa: PLC0415

    with opened(folder) as mail:
        found = shown(mail, client)
        checked = checks(mail, [found.client])
    one, terms = found.client, found.client.contract
    lines = [
        ("Name", one.name),
        ("Number", one.number),
        ("Contact", one.contact),
        ("Salutation", one.salutation),
        ("E-mail", one.email),
        ("Phone", one.phone),
        ("Address", ", ".join(one.address.lines())),
        ("  checked", _check_text(checked.get((one.id, False)))),
        ("Notices to", ", ".join(one.notice_address.lines()) if one.notice_address else ""),
        ("  checked", _check_text(checked.get((one.id, True)))),
        ("Contract", " ".join(filter(None, (terms.kind.value, terms.notice)))),
        ("Locked until", str(terms.rate_locked_until or "")),
        ("Raise at most", people_percent(terms.max_raise) if terms.max_raise is not None else ""),
        ("Tags", ", ".join(sorted(one.tags))),
        ("Newsletter", "yes" if one.newsletter else "opted out"),
        ("Status", "active" if one.active else "ended"),
    ]
    for name, value in lines:
        if value:
            click.echo(f"{name:<14} {value}")
    if found.services:
        click.echo("")
        table(
            ("Service", "Rate", "From", "Because"),
            [(b.service, people(b.amount), str(b.since), b.because) for b in found.services],
            right=(1,),
        )
    if found.pieces:
        click.echo("")
        table(
            ("Piece", "Status", "Counts as mailed"),
            [(p.label, p.status.value, str(p.counts_on or "")) for p in found.pieces],
        )


@clients.command()
@click.argument("file", type=click.Path(path_type=Path))
@folder_option
def export(file: Path, folder: Path) -> None:
    """Write the client list with its rates as CSV; importing it again changes nothing.

    \b
    Example: mailer clients export clients-backup.csv
    """
    from mailer.standing.clientlist import export as write  # noqa: PLC0415

    with opened(folder) as mail:
        written = write(mail, file)
    note(f"{file}: {written} clients")
