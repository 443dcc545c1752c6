"""Writing the client list as CSV, such that importing it again changes nothing.

The file is to be opened with `ENCODING` (Excel needs the mark to read é) and newline="". A cell that a
spreadsheet would run as a formula gets a leading apostrophe, which an import takes off again.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, TextIO

from mailer import money
from mailer.clients.cells import guard
from mailer.clients.record import Address, Client

ENCODING: Final = "utf-8-sig"
HEADINGS: Final = (
    "Client ID", "Company", "Contact", "Salutation", "Email", "Phone",
    "Address", "Address 2", "City", "State", "Zip", "Country",
    "Contract", "Notice Term", "Rate Locked Until", "Max Raise", "Min Months Between", "Only At Renewal",
    "Renewal", "Last Raised", "Tags", "Status", "Newsletter", "Client Since",
    "Notice Address", "Notice Address 2", "Notice City", "Notice State", "Notice Zip", "Notice Country",
    "Notice Attention",
)  # fmt: skip


def write_clients(
    stream: TextIO, clients: Iterable[tuple[Client, Mapping[str, Decimal]]], services: Sequence[str]
) -> int:
    """Write each client with its rates, a column `service.NAME` for each of `services`; how many."""
    writer = csv.writer(stream)
    writer.writerow((*HEADINGS, *(f"service.{service}" for service in services)))
    count = 0
    for count, (client, rates) in enumerate(clients, start=1):  # noqa: B007 - the count is the result
        amounts = (money.plain(rates[service]) if service in rates else "" for service in services)
        writer.writerow([guard(cell) for cell in (*_cells(client), *amounts)])
    return count


def _cells(client: Client) -> tuple[str, ...]:
    contract = client.contract
    cap = contract.max_raise
    return (
        client.number,
        client.company,
        client.contact,
        client.salutation,
        client.email,
        client.phone,
        *_address(client.address),
        contract.kind.value,
        contract.notice,
        _day(contract.rate_locked_until),
        "" if cap is None else f"{format((cap * 100).normalize(), 'f')}%",
        "" if contract.min_months_between is None else str(contract.min_months_between),
        "yes" if contract.only_at_renewal else "",
        _day(contract.renewal),
        _day(contract.last_raised),
        "; ".join(sorted(client.tags)),
        "active" if client.active else "ended",
        "yes" if client.newsletter else "no",
        _day(client.since),
        *(_address(client.notice_address) if client.notice_address else ("",) * 6),
        client.notice_to,
    )


def _address(address: Address) -> tuple[str, ...]:
    return address.line1, address.line2, address.city, address.state, address.zip, address.country


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
