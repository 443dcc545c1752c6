"""Whoever edits the database is named by `mailer ledger verify`: table, row and column.

The folder is that of tests.support.served, a mailing by two routes with a return, a correction and a repeat;
with an issue of the newsletter, an agreement that changed, an exception and a receipt besides.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from mailer.ledger.events import MailingApproved, PiecesForgotten
from mailer.making.approval import approve
from mailer.planning.mailfolder import MailFolder
from mailer.printroom.receipt import add_receipt
from mailer.standing import care, exceptions
from mailer.standing.audit import Disagreement, verify
from mailer.standing.clientimport import Choices, import_clients
from mailer.store.record.events import Entry, record
from mailer.store.record.guarded import COLUMNS, Guard
from mailer.store.tables import Base
from tests.fakes.lob import running
from tests.support.evidence import at
from tests.support.office import CEDAR, RATES, Office, begin
from tests.support.served import FIVE, served

NOW = "2026-12-10 10:00"
EDITED = {
    "status": "void", "state": "building", "medium": "newsletter", "kind": "lost", "return_reason": "moved",
    "contract": "managed", "only_at_renewal": 1, "seq": 9_999, "max_raise": 500,
    "facts": '{"effective": "2027-01-01", "rates": [["hourly-support", "Support", "130.00", "199.00"]]}',
    "recipient": '["Eve"]', "before": '{"line1": "1 Elm"}', "after": '{"line1": "1 Elm"}',
    "address": '{"zip": "10001"}', "subject": "2027-rates/lettre",
}  # fmt: skip
"""What a column is edited to, where its type does not say it."""
KEYS = {"id", "mailing_id", "job_id", "piece_id", "client_id", "number", "subject", "campaign"}
GUARDED = [
    (table, column)
    for table, columns in COLUMNS.items()
    for column, guard in columns.items()
    if guard is not Guard.OPERATIONAL
]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = begin(tmp_path_factory.mktemp("audited") / "office")
    with running() as fake:
        served(office, fake)
    receipt = office.root / "receipt.pdf"
    receipt.write_bytes(b"%PDF receipt")
    changed = office.write(
        "later.csv", FIVE.replace(CEDAR, CEDAR.replace("contract-30-deposit", "90 days from deposit"))
    )
    with at(office, "2026-11-24 16:00") as mail:
        approve(mail, "2026-12", by="Dana Whitcomb")
    with at(office, NOW) as mail:
        add_receipt(mail, RATES, receipt, drop=1, actor="Ada")
        assert import_clients(mail, changed, Choices(terms_from=date(2026, 12, 9)), actor="Ada").whole
        exceptions.add(mail, "N-1", policy="house-30-day", reason="asked", until=None, by="Ada")
        care.merge(mail, "N-1", "N-2", reason="entered twice", by="Ada")
    return office


@pytest.fixture(scope="module")
def folder(office: Office) -> Iterator[MailFolder]:
    with at(office, NOW) as mail:
        yield mail


def database(office: Office) -> sqlite3.Connection:
    connection = sqlite3.connect(office.root / "mailer.db", isolation_level=None)
    connection.execute("PRAGMA foreign_keys = OFF")
    return connection


@pytest.fixture
def without_triggers(office: Office) -> Iterator[None]:
    """As whoever has the file can."""
    with closing(database(office)) as file:
        triggers = file.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            file.execute(f"DROP TRIGGER {name}")
        yield
        for _, sql in triggers:
            file.execute(sql)


def test_every_column_is_declared() -> None:
    tables = {table.name: set(table.columns.keys()) for table in Base.metadata.sorted_tables}
    assert {table: set(columns) for table, columns in COLUMNS.items()} == tables


def test_what_nobody_edited_holds(folder: MailFolder) -> None:
    found = verify(folder)
    assert (found.pieces, found.adopted, found.rehearsals) == (13, 0, 3)


def edit(file: sqlite3.Connection, table: str, column: str) -> tuple[int, object]:
    """Edit a column of one row that has something in it, if there is one; the row and what it had."""
    row, had = file.execute(
        f"SELECT rowid, {column} FROM {table} ORDER BY {column} IS NULL, rowid LIMIT 1"  # noqa: S608
    ).fetchone()
    value = other(column, had)
    if column == "client_id":
        (value,) = file.execute("SELECT id FROM client WHERE id != ?", (had,)).fetchone()
    file.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (value, row))  # noqa: S608
    return row, had


def other(column: str, had: object) -> object:
    """Something else of the same kind."""
    if column in EDITED:
        return EDITED[column]
    if column.endswith(
        ("_on", "_from", "_until", "since", "_raised", "not_after", "dated", "renewal", "until", "date")
    ):
        return "2020-02-29"
    if column.endswith("_at"):
        return "2020-02-29 12:00:00.000000"
    if isinstance(had, int):
        return (
            had + 50
            if column not in ("rehearsed", "live", "certified", "notice", "is_rise", "active")
            else 1 - had
        )
    if re.fullmatch("[0-9a-f]{32}", str(had)) and column != "salt":
        return "0192f0c0" + "0" * 24
    return f"{had or ''}x"


@pytest.mark.usefixtures("without_triggers")
@pytest.mark.parametrize(("table", "column"), [one for one in GUARDED if one[0] != "event"])
def test_an_edit_is_named(office: Office, folder: MailFolder, table: str, column: str) -> None:
    with closing(database(office)) as file:
        row, had = edit(file, table, column)
        try:
            with pytest.raises(Disagreement) as found:
                verify(folder)
        finally:
            file.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (had, row))  # noqa: S608
    if column in KEYS:  # the row is not found where it was: what is missing, or new, is named
        return
    named = [line for line in str(found.value).splitlines() if table in line]
    assert any(column in line for line in named), str(found.value)


def test_a_salt_may_be_missing_after_its_event_alone(office: Office, tmp_path: Path) -> None:
    copy = office.copy(tmp_path / "office")
    with at(copy, NOW) as mail:
        with mail.store.write() as session:
            record(session, [Entry(f"{RATES}/letter", PiecesForgotten("2"))], mail.stamp("Ada"))
        found = verify(mail)
    assert found.pieces == 13
    left = copy.rows("SELECT salt, recipient_name, recipient, zip, address FROM piece WHERE salt = ''")
    assert left == [("", "", "[]", "", None)]
    with closing(database(copy)) as file:
        file.execute("UPDATE piece SET salt = '', recipient_name = '' WHERE number = 5")
    with (
        at(copy, NOW) as mail,
        pytest.raises(Disagreement, match="piece, 2027-rates-L-0005: recipient_name or"),
    ):
        verify(mail)


SHOWN = [
    ("piece", "facts", "piece, 2027-rates-L-0001: facts or"),
    ("piece_client", "client_id", "piece, 2027-rates-L-"),
    ("client_rate", "amount", "client_rate, "),
    ("client", "contract", "client or former_terms, "),
]


@pytest.mark.parametrize(("table", "column", "named"), SHOWN)
def test_what_was_edited_is_neither_billed_nor_shown(
    office: Office, tmp_path: Path, table: str, column: str, named: str
) -> None:
    copy = office.copy(tmp_path / "office")
    with closing(database(copy)) as file:
        edit(file, table, column)
    for words in (("rates", "--worked-on", "2027-01-04"), ("evidence", RATES)):
        ran = copy.on("2027-01-05").does(*words, exits=1)
        assert named in ran.said, words
        assert "is not what was recorded" in ran.said, words
    assert not (copy.root / "evidence").exists()


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("client", "terms_from", "x"),
        ("client", "notice_address", "x"),
        ("client_rate", "valid_from", -1),
        ("piece", "counts_on", "2026-13-45"),
        ("piece", "facts", "-1"),
        ("event", "recorded_at", "x"),
    ],
)
def test_what_no_mailer_wrote_is_said_to_be_so(
    office: Office, tmp_path: Path, table: str, column: str, value: object
) -> None:
    copy = office.copy(tmp_path / "office")
    with closing(database(copy)) as file:
        for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            file.execute(f"DROP TRIGGER {name}")
        file.execute(f"UPDATE {table} SET {column} = ?", (value,))  # noqa: S608
    for words in (("ledger", "verify"), ("rates", "--worked-on", "2027-01-04"), ("check", RATES)):
        ran = copy.on("2027-01-05").does(*words, exits=1)
        assert "the database: holds what no mailer wrote" in ran.said, words
        assert "restore a backup" in ran.said, words


@pytest.mark.parametrize(
    ("edited", "named"),
    [
        ("UPDATE piece SET counts_on = '2026-12-20'", "counts_on is 2026-12-20, the events say 2026-11-"),
        ("UPDATE piece SET received_on = '2026-12-01'", "received_on is 2026-12-01"),
        (
            "UPDATE piece SET returned_on = NULL, status = 'mailed' WHERE returned_on IS NOT NULL",
            "status is mailed, the events say returned",
        ),
        (
            "DELETE FROM mailing WHERE subject = '2027-rates/letter'",
            "mailing, 2027-rates/letter: subject is nothing",
        ),
        ("DELETE FROM piece_client WHERE rowid = 1", "piece_client, of 2027-rates/letter: client_id is "),
        (
            """UPDATE mail_drop SET closings = '[["us_federal","2026-11-30","storm"]]'""",
            ": closings is ",
        ),
    ],
)
def test_no_rate_is_billed_by_what_was_made_of_a_letter_elsewhere(
    office: Office, tmp_path: Path, edited: str, named: str
) -> None:
    copy = office.copy(tmp_path / "office")
    with closing(database(copy)) as file:
        assert file.execute(edited).rowcount > 0
    assert named in copy.on("2027-01-05").does("rates", "--worked-on", "2027-01-04", exits=1).said


def test_a_mailing_that_was_put_in_twice_is_named(office: Office, tmp_path: Path) -> None:
    copy = office.copy(tmp_path / "office")
    with closing(database(copy)) as file:
        names = [name for _, name, *_ in file.execute("PRAGMA table_info(mailing)")]
        other = {"id": "lower(hex(randomblob(16)))", "subject": "'2027-rates/lettre'"}
        values = ", ".join(other.get(name, name) for name in names)
        file.execute(f"INSERT INTO mailing SELECT {values} FROM mailing WHERE campaign = ?", (RATES,))  # noqa: S608
    assert "mailing, 2027-rates/lettre: " in copy.does("ledger", "verify", exits=1).said
    assert "has the mailing of 2027-rates twice" in copy.does("status").said


def test_an_approval_of_something_else_is_named(office: Office, tmp_path: Path) -> None:
    """A chain written anew would hold: its approvals are of what was bound all the same."""
    with at(office.copy(tmp_path / "office"), NOW) as mail:
        approved = MailingApproved("", None, "0" * 64, None, root="0" * 64)
        with mail.store.write() as session:
            record(session, [Entry("2027-rates/letter", approved)], mail.stamp("Eve"))
        with pytest.raises(Disagreement, match="an approval of 2027-rates: root is 0000"):
            verify(mail)


def test_the_file_is_as_it_was(office: Office, tmp_path: Path) -> None:
    """Each edit was taken back, so that what was found was the edit."""
    copy = office.copy(tmp_path / "office")
    with at(copy, NOW) as mail:
        verify(mail)
