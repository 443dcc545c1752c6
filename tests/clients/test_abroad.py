"""A hundred addresses abroad as they are printed; each row of the table names its source."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mailer.clients.addresses import block, printed_at
from mailer.clients.record import Address

TABLE = (Path(__file__).parent / "data/abroad.txt").read_text("utf-8").splitlines()
ROWS = [[cell.strip() for cell in row.split("|")] for row in TABLE if not row.startswith("# ")]


@pytest.mark.parametrize(("given", "printed", "source"), [row for row in ROWS if len(row) == 3])
def test_an_address_abroad(given: str, printed: str, source: str) -> None:
    address = Address(*(cell.strip() for cell in given.split(";")))
    assert " / ".join(address.lines()) == printed, source
    assert block("Acme", "Jo Dee", address) == ("Acme", "Attn: Jo Dee", *address.lines())


def test_a_hundred_of_them() -> None:
    assert len(ROWS) >= 100
    assert all(len(row) == 3 for row in ROWS)


def test_each_row_has_a_source_beside_the_data_that_the_program_reads() -> None:
    """S42 as libaddressinput has it is what `abroad` prints by: alone it would prove nothing."""
    codes = re.compile(r"\b(RM|CP|US|LP|DP|AN|PN|AP|JP|AR|OC|UI|UM|LK|NZ|TW|AI|SG|TT)\b")
    alone = [source for *_, source in ROWS if not codes.search(source)]
    others = [source for source in alone if not source.startswith(("None", "a prefix"))]
    assert [source.rpartition("; ")[2] for source in others] == ["S42 alone"] * 3  # China twice, South Korea


def test_what_an_older_mailer_printed_is_still_known() -> None:
    tokyo = Address("1-2-3 Marunouchi", "", "Chiyoda-ku", "Tokyo", "100-0005", "JP")
    assert printed_at(("Acme", "1-2-3 Marunouchi", "Chiyoda-ku Tokyo 100-0005", "JAPAN"), tokyo)
    assert not printed_at(("Acme", "1-2-3 Marunouchi", "Minato-ku Tokyo 100-0005", "JAPAN"), tokyo)
    berlin = Address("Hauptstr. 5", "", "Berlin", "", "10115", "DE")
    assert printed_at(("Acme", "Hauptstr. 5", "10115 Berlin", "GERMANY"), berlin)
    assert not printed_at(("Acme", "Hauptstr. 6", "10115 Berlin", "GERMANY"), berlin)
