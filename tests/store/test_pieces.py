"""Which documents a client got, read back from a mailing of four letters."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select

from mailer.ledger.kinds import Medium, Status
from mailer.store.engine import Store, open_store
from mailer.store.pieces import sent_to
from mailer.store.tables import ClientRow
from tests.support.office import RATES, Office

CONDITIONS: dict[str, dict[str, Any]] = {
    "any": {},
    "of a campaign": {"campaigns": [RATES]},
    "of a medium": {"medium": Medium.LETTER},
    "mailed": {"mailed": True},
}


def store_of(office: Office) -> Store:
    return open_store(office.root, "sqlite:///mailer.db")


def numbered(store: Store) -> dict[str, UUID]:
    with store.read() as session:
        return {one.number: one.id for one in session.execute(select(ClientRow.number, ClientRow.id))}


@pytest.mark.parametrize("conditions", CONDITIONS.values(), ids=CONDITIONS)
def test_each_client_asked_for_has_its_own_letter(mailed: Office, conditions: dict[str, Any]) -> None:
    store = store_of(mailed)
    ids = numbered(store)
    with store.read() as session:
        found = sent_to(session, [ids["N-2"], ids["N-4"]], **conditions)
    store.close()
    assert set(found) == {ids["N-2"], ids["N-4"]}
    ((two,), (four,)) = found[ids["N-2"]], found[ids["N-4"]]
    assert (two.campaign, two.status, four.status) == (RATES, Status.MAILED, Status.MAILED)
    assert two.number != four.number
    ((was, becomes),) = ((rate.old, rate.new) for rate in two.facts.rates)
    assert (str(was), str(becomes)) == ("125.00", "133.00")
    assert [str(rate.new) for rate in four.facts.rates] == ["138.00"]


def test_a_letter_that_was_void_and_made_anew_is_there_once(approved: Office) -> None:
    approved.edit("list.csv", "2 Birch Lane", "22 Birch Lane")
    approved.does("clients", "import", str(approved.root / "list.csv"))
    approved.does("approve", RATES)
    store = store_of(approved)
    birch = numbered(store)["N-2"]
    with store.read() as session:
        found = sent_to(session, [birch])
    store.close()
    assert [(one.number, one.status) for one in found[birch]] == [(5, Status.APPROVED)]


@pytest.mark.parametrize("conditions", CONDITIONS.values(), ids=CONDITIONS)
def test_the_database_begins_with_the_clients(mailed: Office, conditions: dict[str, Any]) -> None:
    """Else each piece of a mailing of 100,000 is compared with each client of a chunk of 5,000: minutes."""
    store = store_of(mailed)
    ran: list[tuple[str, Any]] = []

    @event.listens_for(store.engine, "before_cursor_execute")
    def _note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        ran.append((statement, values))

    with store.read() as session:
        sent_to(session, list(numbered(store).values()), **conditions)
        statement, values = ran[-1]
        plan = [
            row[3] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
    store.close()
    assert [step for step in plan if "piece_client" in step] == [
        step for step in plan if "piece_client_client_id (client_id=?)" in step
    ]
    assert any("piece_client_client_id (client_id=?)" in step for step in plan), plan
