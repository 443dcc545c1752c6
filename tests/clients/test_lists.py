"""Two whole lists: 500 contacts as a spreadsheet exports them, and the shipped sample."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from mailer.agreement import ContractKind
from mailer.clients.addresses import block, same_place
from mailer.clients.record import Address

HERE = Path(__file__).parent
SAMPLE = HERE.parent.parent / "campaigns" / "clients.csv"


def test_500_contacts(from_file: Any) -> None:
    found = from_file(HERE / "data" / "us-500.csv")
    assert found.refusals == []
    assert found.opened.total == len(found.clients) == 500
    repaired = [client for client in found.clients if client.repairs]
    assert len(repaired) == 78
    assert all(len(client.repairs) == 1 and client.repairs[0].startswith("ZIP ") for client in repaired)
    assert all(client.key == f"email:{client.email.casefold()}" for client in found.clients)
    james = found.clients[0]
    assert (james.row, james.key, james.salutation) == (2, "email:jbutt@gmail.com", "Dear James Butt")
    assert james.address == Address("6649 N Blue Gum St", "", "New Orleans", "LA", "70116")
    assert block(james.name, james.contact, james.address) == (
        "Benton, John B Jr",
        "Attn: James Butt",
        "6649 N Blue Gum St",
        "New Orleans LA 70116",
    )
    assert found.clients[2].address == Address("8 W Cerritos Ave #54", "", "Bridgeport", "NJ", "08014")
    assert [one.heading for one in found.opened.columns if one.heading and not one.target] == [
        "county",
        "phone2",
        "web",
    ]


def test_the_sample(from_file: Any) -> None:
    found = from_file(SAMPLE)
    assert [(refusal.row, refusal.reason) for refusal in found.refusals] == [
        (27, "no address"),
        (63, "no name: neither a company nor a contact"),
    ]
    assert Counter(client.contract.kind for client in found.clients) == {
        ContractKind.MANAGED: 30,
        ContractKind.NONE: 52,
        ContractKind.OWN_TERMS: 10,
    }
    terms = Counter(client.contract.notice for client in found.clients)
    assert terms == {"contract-30-plus-3bd": 30, "": 52, "contract-30-deposit": 9, "45 days from deposit": 1}
    assert [client.number for client in found.clients if "own-45" in client.tags] == [
        client.number for client in found.clients if client.contract.notice == "45 days from deposit"
    ]
    locks = [
        client.contract.rate_locked_until for client in found.clients if client.contract.rate_locked_until
    ]
    assert locks == [date(2027, 6, 30)] * 3
    assert sum(client.contract.max_raise is not None for client in found.clients) == 2
    assert sum(not client.active for client in found.clients) == 1
    assert sum(not client.newsletter for client in found.clients) == 2
    assert all(client.since and client.since < date(2026, 11, 24) for client in found.clients)
    support = Counter(str(dict(client.rates)["hourly-support"]) for client in found.clients)
    assert set(support) == {"125.00", "130.00", "132.50", "135.00"}
    assert sum("after-hours" not in dict(client.rates) for client in found.clients) > 10


def test_the_sample_has_the_rows_that_matter(from_file: Any) -> None:
    clients = from_file(SAMPLE).clients
    names = {client.name: client for client in clients}
    assert names["Brackets <b> & Sons"].contact == "*Smith* <b>"
    assert "[x](http://y)" in {client.contact for client in clients}
    assert names["Eric Vanderhoof"].company == ""
    assert names["Jibboom Street Storage"].salutation == "To the team at Jibboom Street Storage"
    assert names["Beacon Hill Archives"].address.zip == "02108"
    assert max(len(client.name) for client in clients) > 80
    shared = Counter(same_place(client.address) for client in clients if client.active)
    assert [count for count in shared.values() if count > 1] == [2]
