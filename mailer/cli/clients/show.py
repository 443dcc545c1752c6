"""`mailer clients show`: all about one client."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mailer.cli.reports import verbose
from mailer.cli.tables import table
from mailer.cli.terminal import CLIENT, folder_option, opened
from mailer.clients.addresses import digest
from mailer.clients.publication28 import form_of
from mailer.clients.record import Address, Client
from mailer.money import people, people_percent

if TYPE_CHECKING:
    from mailer.store.listed.addresschecks import AddressCheck
    from mailer.store.listed.givenforms import GivenForm


@click.command()
@click.argument("client", type=CLIENT)
@folder_option
def show(client: str, folder: Path) -> None:
    """Show one client: address, contract, rates, and every piece they were sent.

    \b
    Example: mailer clients show C-1042
    """
    from mailer.mailservice.addresscheck import checks
    from mailer.standing.clientlist import shown

    with opened(folder) as mail:
        found = shown(mail, client)
        checked = checks(mail, [found.client])
    one, terms, care = found.client, found.client.contract, found.care
    lines = [
        ("Name", one.name),
        ("Number", one.number),
        ("Contact", one.contact),
        ("Salutation", one.salutation),
        ("E-mail", one.email),
        ("Phone", one.phone),
        ("Address", ", ".join(one.address.lines())),
        *_postal_form(one.address, found.given),
        ("  checked", _check_text(checked.get((one.id, False)))),
        ("Notices to", ", ".join(_notices_to(one))),
        *(_postal_form(one.notice_address, found.given) if one.notice_address else ()),
        ("  checked", _check_text(checked.get((one.id, True)))),
        ("Contract", " ".join(filter(None, (terms.kind.value, terms.notice)))),
        ("Locked until", str(terms.rate_locked_until or "")),
        ("Raise at most", people_percent(terms.max_raise) if terms.max_raise is not None else ""),
        ("Last raised", str(terms.last_raised or "")),
        ("Client since", str(one.since or "")),
        ("Tags", ", ".join(sorted(one.tags))),
        ("Newsletter", "yes" if one.newsletter else "opted out"),
        ("Status", "active" if one.active else "ended"),
        ("Marked", f"{care.mark} on {care.marked_on} by {care.marked_by}: {care.reason}" if care else ""),
        ("Is also", ", ".join(f"{each.number} {each.name}".strip() for each in found.merged)),
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


def _notices_to(one: Client) -> Iterator[str]:
    """For whose attention, and where, if that is another than of all else."""
    if one.notice_to:
        yield f"Attn: {one.notice_to}"
    if one.notice_address:
        yield from one.notice_address.lines()


def _postal_form(address: Address, given: Mapping[str, GivenForm]) -> Iterator[tuple[str, str]]:
    """The address as the USPS would write it, where that is more than capitals; with -v each change. Or who
    said that the given one stays.
    """
    found = form_of(address)
    kept = given.get(digest(address)) if found.changes else None
    if kept:
        yield "  as given", f"kept on {kept.kept_on} by {kept.kept_by}: {kept.reason}"
    elif found.changes:
        yield "  USPS form", ", ".join(found.address.lines())
    for change in found.changes if verbose() and not kept else ():
        yield "", f"{change.given} → {change.form or 'left out'} ({change.reason})"


def _check_text(check: AddressCheck | None) -> str:
    from mailer.mailservice.addresscheck import says

    return f"{check.checked_on} by {check.service}: {says(check)}" if check else ""
