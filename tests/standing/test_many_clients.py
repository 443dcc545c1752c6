"""A long list is gone through and not held: what a command has in memory follows its pages, not the list.

Memory is counted by tracemalloc, at pages of 50 clients in the place of thousands.
"""

from __future__ import annotations

import contextlib
import gc
import os
import tracemalloc
from pathlib import Path
from uuid import UUID

import pytest

from mailer.ledger.clientevents import RatesRecorded, TermsRecorded
from mailer.store.engine import Store
from mailer.store.listed.members import in_chunks
from mailer.store.record.binding import LIST
from mailer.store.record.boundrows import BoundRows
from mailer.store.record.events import Entry, Stamp, record
from mailer.store.record.spilled import ClientIds
from tests.support.office import HEADINGS, RATES, Office, begin

FEW, MANY = 250, 2_500


def listed(count: int) -> str:
    rows = (
        f"C-{n},Company {n},Person {n},p{n}@example.com,{n} Main Street,Sacramento,CA,95814,none,,130.00"
        for n in range(count)
    )
    return "\n".join((HEADINGS, *rows, ""))


def peak(office: Office, *words: str) -> int:
    """The most bytes that the command holds at once; what it prints is not held."""
    gc.collect()
    rarely = gc.get_threshold()
    gc.set_threshold(700, 10, 10)  # a command looks for cycles rarely, and what waits for it would count
    with (
        pytest.MonkeyPatch.context() as patch,
        Path(os.devnull).open("w") as nowhere,
        contextlib.redirect_stdout(nowhere),
    ):
        patch.setattr(gc, "set_threshold", lambda *_: None)
        tracemalloc.start()
        try:
            office.mailer(*words)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
            patch.undo()
            gc.set_threshold(*rarely)


@pytest.mark.days
def test_check_and_rates_hold_a_page_of_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_chunks, "__kwdefaults__", {**(in_chunks.__kwdefaults__ or {}), "size": 50})
    monkeypatch.setattr("mailer.standing.clientimport._AT_ONCE", 50)  # an event binds as many
    office = begin(tmp_path / "office")
    commands = (("check", RATES), ("rates", "--worked-on", "2027-01-04"))
    office.imports(listed(FEW))
    for command in commands:
        office.mailer(*command)  # what is loaded once is loaded
    few = [peak(office, *command) for command in commands]
    office.imports(listed(MANY))
    many = [peak(office, *command) for command in commands]
    # With a line held for each client it was 3 and 5 times as much.
    assert [more / less < 2.5 for less, more in zip(few, many, strict=True)] == [True, True]


def test_what_events_bind_of_each_client_is_not_held(store: Store, stamp: Stamp) -> None:
    clients = [UUID(int=n).hex for n in range(10_000)]
    for at in range(0, len(clients), 500):
        bound = dict.fromkeys(clients[at : at + 500], "a" * 64)
        with store.write() as session:
            record(
                session, [Entry(LIST, TermsRecorded.of(bound)), Entry(LIST, RatesRecorded.of(bound))], stamp
            )
    with store.read() as session:
        BoundRows.read(session)
        tracemalloc.start()
        known = BoundRows.read(session)
        gc.collect()
        held = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
    assert len(known.listed.terms) == len(known.listed.rates) == 10_000
    assert held < 500_000  # 50 bytes a client; as two dicts they were 500


def test_a_set_of_clients_in_a_file_gives_back_the_others_in_their_order() -> None:
    one, two, three, four = (UUID(int=n) for n in (900, 30, 500, 7))
    seen = ClientIds()
    assert seen.without([one, two]) == [one, two]
    seen.add([two, four])
    seen.add([two])
    assert seen.without([one, two, three, four]) == [one, three]
    assert seen.without([]) == []
