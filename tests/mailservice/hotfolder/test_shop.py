"""Jobs handed to a print shop, in a real folder, interrupted at every step."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from mailer.mailservice.hotfolder.prices import ShopEntry, ShopTerms
from mailer.mailservice.hotfolder.printorder import order
from mailer.mailservice.hotfolder.settings import HotFolderSettings
from mailer.mailservice.registry import tables
from mailer.mailservice.service import (
    Absent,
    Accepted,
    Found,
    TooLate,
    Tracking,
    Unknown,
    Unreachable,
)
from mailer.mailservice.transit import Meaning
from mailer.pages.letterhead import load_letterhead
from mailer.place import Directory
from mailer.planning.prices import load_prices
from mailer.settings import PrintStock, load_settings
from mailer.shipped import campaigns, letterhead
from tests.support.printshop import JOB, LABELS, MADE, TODAY, TWO, Opened, answered, tracking, where


def test_a_job_is_handed_over_and_followed(folder: Path, shop: Opened) -> None:
    assert shop(folder).hand_over(TWO) == [Accepted(f"{JOB}/{label}") for label in LABELS]
    assert where(folder) == [f"jobs/{JOB}", f"sent/{JOB}.json"]
    job = folder / "jobs" / JOB
    assert sorted(path.name for path in job.iterdir()) == [
        "addresses.csv", "manifest.json", "pieces.pdf", "ticket.txt",
    ]  # fmt: skip
    assert (job / "addresses.csv").read_text("utf-8-sig").splitlines()[2] == (
        "2,2027-rates-L-0002,3,2,,,Ada Byrd,Ash Street Bakery,1 Ash Street,,Sacramento,CA,95814,US,1"
    )
    with pikepdf.open(job / "pieces.pdf") as pages:
        assert len(pages.pages) == 4
    shutil.rmtree(job)  # the shop takes it away
    here = shop(folder)
    assert [here.find(piece.send_key) for piece in TWO] == [Found(Accepted(f"{JOB}/{one}")) for one in LABELS]
    assert here.find("0190-0099") == Absent()
    assert tracking(here) == Tracking(())
    assert isinstance(here.cancel(f"{JOB}/{LABELS[0]}"), TooLate)
    answered(folder, "all,mailed,2026-11-30,")
    (report,) = here.reports("L", tracking(shop(folder)), MADE)
    assert (report.kind, report.occurred_at) == (Meaning.POSTED, datetime(2026, 11, 30, tzinfo=UTC))


def test_the_same_pieces_again_are_no_second_job(folder: Path, shop: Opened) -> None:
    shop(folder).hand_over(TWO)
    assert {type(one) for one in shop(folder).hand_over(TWO)} == {Unknown}
    assert where(folder) == [f"jobs/{JOB}", f"sent/{JOB}.json"]
    third = replace(TWO[0], send_key="0190-0003", label="2027-rates-L-0003")
    assert [type(one) for one in shop(folder).hand_over([*TWO, third])] == [Unknown, Unknown, Accepted]


@pytest.mark.parametrize(
    ("jobs", "sent", "found", "then"),
    [
        # killed before step 2, and after it: nothing was handed over, and the whole is made again
        ([f".{JOB}.part"], [], Absent, [f"jobs/.{JOB}.part"]),
        ([f".{JOB}.part"], [".going"], Absent, []),
        # killed while it was taken back
        ([f".{JOB}.withdrawn"], [".going"], Absent, []),
        ([f".{JOB}.withdrawn"], [], Absent, [f"jobs/.{JOB}.withdrawn"]),
        # killed after step 3
        ([JOB], [".going"], Found, [f"jobs/{JOB}", f"sent/{JOB}.json"]),
        # the same, and the shop has taken it away, or somebody has cleared the folder: nobody knows
        ([], [".going"], Unknown, [f"sent/{JOB}.going"]),
        ([], [".json"], Found, [f"sent/{JOB}.json"]),
    ],
)
def test_interrupted_at_every_step(
    folder: Path, shop: Opened, jobs: list[str], sent: list[str], found: type, then: list[str]
) -> None:
    shop(folder).hand_over(TWO)
    (folder / "jobs" / JOB).rename(folder / "whole")
    record = (folder / "sent" / f"{JOB}.json").rename(folder / "record")
    for name in jobs:
        shutil.copytree(folder / "whole", folder / "jobs" / name)
    for kind in sent:
        shutil.copy(record, folder / "sent" / f"{JOB}{kind}")
    assert {type(shop(folder).find(piece.send_key)) for piece in TWO} == {found}
    assert where(folder) == then
    if found is Absent:
        assert {type(one) for one in shop(folder).hand_over(TWO)} == {Accepted}
        assert f"jobs/{JOB}" in where(folder)


def test_what_nobody_knows_is_settled_by_the_shops_answer(folder: Path, shop: Opened) -> None:
    shop(folder).hand_over(TWO)
    (folder / "sent" / f"{JOB}.json").rename(folder / "sent" / f"{JOB}.going")
    shutil.rmtree(folder / "jobs" / JOB)
    assert isinstance(shop(folder).listed(None), Unknown)
    answered(folder, "all,rejected,,it never came")
    assert isinstance(shop(folder).find(TWO[0].send_key), Found)
    (event,) = tracking(shop(folder)).events
    assert event.provider_type == "rejected: it never came"
    listed = shop(folder).listed(MADE)
    assert isinstance(listed, tuple)
    assert [letter.label for letter in listed] == LABELS


@pytest.mark.parametrize("gone", ["jobs", "answers", "sent"])
def test_a_folder_that_vanishes(folder: Path, shop: Opened, gone: str) -> None:
    here = shop(folder)
    shutil.rmtree(folder / gone)
    with pytest.raises(FileNotFoundError):
        shop(folder)
    if gone != "answers":
        assert {type(one) for one in here.hand_over(TWO)} == {Unreachable}
        assert not (folder / "jobs" / JOB).exists()


def test_an_emptied_folder_is_another_one(folder: Path, shop: Opened) -> None:
    """So that what it does not know is not taken for never sent (`mailer send`: under another account)."""
    before = shop(folder).account
    assert shop(folder).account == before
    shutil.rmtree(folder / "sent")
    (folder / "sent").mkdir()
    assert shop(folder).account != before


def test_a_record_that_was_deleted_is_not_a_letter_taken_back(folder: Path, shop: Opened) -> None:
    assert isinstance(shop(folder).events(f"{JOB}/{LABELS[0]}"), Unknown)


def test_a_test_job_is_another_than_the_live_one(folder: Path, shop: Opened) -> None:
    shop(folder, test=True).hand_over(TWO)
    assert shop(folder).find(TWO[0].send_key) == Absent()
    assert (folder / "jobs" / f"TEST-{JOB}" / "ticket.txt").read_text().startswith("TEST JOB: PRINT AND MAIL")
    assert {type(one) for one in shop(folder).hand_over(TWO)} == {Accepted}


@pytest.mark.parametrize(
    "content", [b"piece,status,day\nall,mailed,2026-11-30\n", b"x" * 1_000_001, b"\0end"]
)
def test_an_answer_that_is_not_to_be_believed(folder: Path, shop: Opened, content: bytes) -> None:
    shop(folder).hand_over(TWO)
    (folder / "answers" / f"{JOB}.csv").write_bytes(content)
    assert isinstance(shop(folder).events(f"{JOB}/{LABELS[0]}"), Unknown)
    answered(folder, "all,mailed,2026-11-30,")
    assert len(tracking(shop(folder)).events) == 1


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to("/dev/zero")])
def test_an_answer_that_is_no_file_keeps_back_its_own_job_alone(
    folder: Path, shop: Opened, make: Callable[[Path], object]
) -> None:
    shop(folder).hand_over(TWO)
    make(folder / "answers" / f"{JOB}.csv")
    found = shop(folder).events(f"{JOB}/{LABELS[0]}")
    assert found == Unknown(f"answers/{JOB}.csv can't be read: is no file")


def test_a_folder_that_hides_what_is_made_in_it(folder: Path, shop: Opened) -> None:
    class Hiding(Directory):
        def names(self, folder: str) -> list[str]:  # noqa: ARG002
            return []

    with pytest.raises(OSError, match="does not show what is made in it"):
        shop(Hiding(folder))
    assert len(list((folder / "sent").iterdir())) == 3


@pytest.mark.parametrize(
    ("bound", "pages", "sides", "said"),
    [
        (PrintStock.BOOKLET, 4, 2, "Close not at all: they go as large envelopes (flats)"),
        (
            PrintStock.BOOKLET,
            8,
            4,
            "Stitch the sheets of one number lie in each other, 1 outside; two staples in the fold",
        ),
        (
            PrintStock.BOOKLET_IN_THREE,
            8,
            4,
            "Fold once, page 1 outside, to US Letter; then in three at the marks of the last page",
        ),
    ],
)
def test_a_booklet_is_imposed_and_its_ticket_says_how_it_is_folded_and_stitched(
    bound: PrintStock, pages: int, sides: int, said: str
) -> None:
    settings = load_settings(campaigns(), tables())
    paper, firm = load_letterhead(letterhead(), settings.brand), settings.on(TODAY)
    target = BytesIO()
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page(page_size=(612, 792))
        for page in document.pages:
            page.obj.Contents = document.make_stream(b"q Q")
        document.save(target)
    given = [replace(one, notice=False, pdf=target.getvalue(), pages=pages) for one in TWO]
    job, files = order(given, paper, firm, bound=bound, test=False, now=MADE)
    assert [(piece.first_page, piece.pages) for piece in job.pieces] == [(1, sides), (sides + 1, sides)]
    with pikepdf.open(BytesIO(files["pieces.pdf"])) as printed:
        assert len(printed.pages) == 2 * sides
        assert {tuple(map(float, page.mediabox)) for page in printed.pages} == {(0, 0, 1224, 792)}
    ticket = " ".join(files["ticket.txt"].decode().split())
    assert said in ticket
    assert "both sides, on the short edge, 11 x 17 in (tabloid), " in ticket
    assert "Imposed already, in saddle order" in ticket
    assert f"Pieces 2, on {2 * sides // 2} sheets" in ticket
    assert ("Stitch the" in ticket) is (pages == 8)  # one sheet alone is folded and that is all


@pytest.mark.parametrize(
    ("bound", "notice", "cost"),
    [
        (PrintStock.BOOKLET, False, "2.26"),  # 1.05, three further sheets of 0.12, 0.85 for a large envelope
        (PrintStock.BOOKLET_IN_THREE, False, "1.41"),
        (PrintStock.BOOKLET, True, "1.41"),  # a letter is none
    ],
)
def test_a_booklet_folded_once_costs_the_postage_of_a_flat(
    tmp_path: Path, bound: PrintStock, notice: bool, cost: str
) -> None:
    prices = load_prices(tmp_path, "hotfolder", ShopEntry, others=("postage", "lob"))
    shop = ShopTerms(HotFolderSettings(folder="shop"), prices, TODAY, bound)
    assert shop.cost(replace(TWO[0], notice=notice, pages=8)) == Decimal(cost)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", []), ("name", ""), ("name", "2027-rates-0000000000"), ("made_at", 5), ("test", "no"),
        ("made_at", "0001-01-01T00:00:00+23:00"), ("campaign", None), ("pieces", [{}]), ("pieces", 5),
        ("campaign", "\ud800"), ("more", "than it has"),
    ],
)  # fmt: skip
def test_a_record_that_somebody_changed_is_named(
    folder: Path, shop: Opened, name: str, value: object
) -> None:
    shop(folder).hand_over(TWO)
    record = folder / "sent" / f"{JOB}.json"
    record.write_text(json.dumps(json.loads(record.read_text()) | {name: value}))
    found = shop(folder).find(TWO[0].send_key)
    assert isinstance(found, Unreachable)
    assert f"sent/{JOB}.json" in str(found)


@pytest.mark.parametrize(
    ("name", "value"), [("mail_on", "soon"), ("piece", 5), ("send_key", []), ("certified", "yes")]
)
def test_so_is_a_piece_of_it(folder: Path, shop: Opened, name: str, value: object) -> None:
    shop(folder).hand_over(TWO)
    record = folder / "sent" / f"{JOB}.json"
    said = json.loads(record.read_text())
    said["pieces"][0][name] = value
    record.write_text(json.dumps(said))
    assert isinstance(shop(folder).find(TWO[0].send_key), Unreachable)


def test_a_link_that_the_shop_put_there_is_not_written_through(
    folder: Path, shop: Opened, tmp_path: Path
) -> None:
    ours = tmp_path / "ours.txt"
    ours.write_text("ours")
    (folder / "sent" / f".{JOB}.part").symlink_to(ours)
    assert {type(one) for one in shop(folder).hand_over(TWO)} == {Unreachable}
    assert ours.read_text() == "ours"
    (folder / "sent" / f".{JOB}.part").unlink()
    assert {type(one) for one in shop(folder).hand_over(TWO)} == {Accepted}
