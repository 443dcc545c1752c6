"""The post's receipt of a hand-over that was recorded without one, added afterwards."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailer.evidence.pack import make
from mailer.evidence.packondisk import verify_folder
from mailer.ledger.events import DropReceiptAdded, said
from mailer.ledger.kinds import EventKind
from mailer.printroom.drop import drop
from mailer.printroom.receipt import add_receipt
from mailer.store.record.events import all_events
from tests.support.evidence import at, handed, text_of
from tests.support.office import FIRST, RATES, Office, sha256

NOW = datetime(2026, 12, 1, 18, 0, tzinfo=UTC)


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "form 3665.pdf"
    path.write_bytes(b"%PDF-1.4 postmarked")
    return path


def test_it_is_added_and_evidence_says_when(unposted: Office, scan: Path, tmp_path: Path) -> None:
    with at(unposted, "2026-11-24 15:00") as mail:
        drop(mail, RATES, handed(None), actor="Ada")
    with at(unposted, "2026-11-27 09:00") as mail:
        done = add_receipt(mail, RATES, scan, actor="Ada")
        with mail.store.read() as session:
            last = list(all_events(session, "2027-rates/letter"))[-1]
    assert (done.number, done.pieces, done.handed_over.isoformat()) == (1, "1-5", "2026-11-24")
    assert (last.kind, last.hash) == (EventKind.RECEIPT_ADDED, done.chain_head)
    assert said(last) == DropReceiptAdded(1, "1-5", sha256(scan))
    with at(unposted, "2026-12-01 10:00") as mail:
        folder = make(mail, RATES, now=NOW, out=tmp_path / "pack").folder
    (kept,) = (folder / "receipts").iterdir()
    assert kept.read_bytes() == scan.read_bytes()
    text = text_of(folder / "evidence.pdf")
    assert "Receipt added later event " in text
    assert "by Ada, 2026-11-27 17:00:00 UTC" in text
    assert "The receipt was added on Fri 27 Nov 2026" in text
    assert "The receipt was added on Fri 27 Nov 2026" in text_of(folder / "declaration.pdf")
    assert "No receipt of the post was recorded" not in text
    found = verify_folder(folder)
    assert (found.problems, found.drops, found.receipts) == ([], 1, 1)
    kept.write_bytes(b"%PDF-1.4 another")
    assert any("was changed" in problem for problem in verify_folder(folder).problems)


def test_a_receipt_is_never_replaced(mailed: Office, scan: Path) -> None:
    said = mailed.does("receipt", RATES, str(scan)).out
    assert "form 3665.pdf added to hand-over 1 of Tue 24 Nov 2026, pieces 1-4." in said
    before = mailed.recorded()
    again = mailed.does("receipt", RATES, str(scan), exits=1)
    assert "hand-over 1 has its receipt already (form 3665.pdf)." in again.said
    assert mailed.recorded() == before
    mailed.does("ledger", "verify")


def test_which_of_two(printed: Office, scan: Path) -> None:
    for only in ("1-2", "3-4"):
        printed.drops("2026-11-24 14:10", *FIRST, "--range", only)
    open_ = printed.does("receipt", RATES, str(scan), exits=2)
    assert "which hand-over is meant: 1, 2?" in open_.said
    assert (
        "which hand-over is meant: 1, 2?"
        in printed.does("receipt", RATES, "--job", "1", str(scan), exits=2).err
    )
    assert "no such hand-over" in printed.does("receipt", RATES, "--drop", "3", str(scan), exits=2).said
    assert "hand-over 2" in printed.does("receipt", RATES, "--drop", "2", str(scan)).said
    assert printed.rows("SELECT pieces, receipt FROM mail_drop ORDER BY pieces") == [
        ("1-2", None),
        ("3-4", sha256(scan)),
    ]


def test_where_there_is_nothing_to_add_it_to(printed: Office, scan: Path) -> None:
    before = printed.recorded()
    assert "no hand-over to the post is on record" in printed.does("receipt", RATES, str(scan), exits=1).said
    empty = printed.write("empty.pdf", "")
    assert "is an empty file" in printed.does("receipt", RATES, str(empty), exits=1).said
    assert "can't be read" in printed.does("receipt", RATES, str(printed.root / "none.pdf"), exits=1).said
    assert printed.recorded() == before
