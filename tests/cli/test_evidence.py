"""`mailer evidence` as it is typed; everything here is a rehearsal and must say so."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mailer.cli.main import run
from tests.support.evidence import sealed
from tests.support.office import RATES, Office, page_texts, sha256


@pytest.fixture(scope="module")
def sent(_stages: dict[str, Office], tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The office whose letters went, with its pack and the proof for one client."""
    office = _stages["mailed"].copy(tmp_path_factory.mktemp("sent") / "office")
    office.does("evidence", RATES)
    office.does("evidence", RATES, "--client", "N-2")
    return office


@pytest.fixture(scope="module")
def folder(sent: Office) -> Path:
    return sent.root / "evidence" / "2027-rates-2026-11-24"


def test_a_pack_and_a_paper_that_was_signed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paper = " ".join(page_texts(folder / "declaration.pdf"))
    head = paper.partition("event 8, SHA-256 ")[2][:64]
    assert run(["evidence", "verify", str(folder), "--head", f" {head.upper()} "]) == 0
    said = capsys.readouterr().out
    assert "4 pieces, 1 hand-over, 0 receipts: as the ledger has them." in said
    assert "The head from the signed paper is event 8: to there nothing was rewritten since." in said
    assert "says nothing of" not in said
    assert "Whether the ledger went on after it, a return for instance, the pack does not show." in said
    assert (
        "could have been written anew: README.txt, check.json, declaration.pdf, evidence.pdf, rules.json."
        in said
    )
    assert "REHEARSAL: this pack was made from a rehearsal and proves nothing." in said


def test_it_is_for_its_owner_alone(folder: Path) -> None:
    assert [path.name for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o077] == []


def test_verdicts_and_papers_that_were_exchanged(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The manifest and the sums are written anew: nothing but the manifest's own hash shows it."""
    copy = shutil.copytree(folder, tmp_path / "copy")
    noted = sha256(copy / "manifest.json")
    assert run(["evidence", "verify", str(copy), "--manifest", f" {noted.upper()}"]) == 0
    assert "It is the one given: every file is as it was when that was noted." in capsys.readouterr().out
    shutil.copy(copy / "declaration.pdf", copy / "evidence.pdf")
    check = copy / "check.json"
    check.write_text(check.read_text(encoding="utf-8").replace("running", "late"), encoding="utf-8")
    sealed(copy)
    assert run(["evidence", "verify", str(copy)]) == 0
    said = capsys.readouterr().out
    assert "These rest on that manifest alone, which could have been written anew" in said
    assert "every file is as it was" not in said
    assert run(["evidence", "verify", str(copy), "--manifest", noted]) == 1
    assert f"not {noted}: this is another pack, or files of it were changed" in capsys.readouterr().out
    assert run(["evidence", "verify", str(copy), "--manifest", "12ab"]) == 2
    assert "is not the SHA-256 of a manifest" in capsys.readouterr().err


def test_an_older_paper_says_nothing_of_later_events(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    events = (folder / "events.jsonl").read_text(encoding="utf-8").splitlines()
    assert run(["evidence", "verify", str(folder), "--head", json.loads(events[6])["hash"]]) == 0
    assert "The paper says nothing of what came after it, to event 8." in capsys.readouterr().out


def test_what_is_printed_when_it_is_made(mailed: Office) -> None:
    said = mailed.does("evidence", RATES, "--out", str(mailed.root / "pack")).out
    assert f"SHA-256 of manifest.json {sha256(mailed.root / 'pack' / 'manifest.json')}" in said


@pytest.mark.parametrize("words", [("make", RATES, "--no-pieces"), ("--no-pieces", RATES), (RATES,)])
def test_the_word_make_may_be_typed(office: Office, words: tuple[str, ...]) -> None:
    assert "there is nothing to prove" in office.does("evidence", *words, exits=1).said


def test_every_page_of_a_rehearsal_says_so(folder: Path) -> None:
    for pdf in (folder / "evidence.pdf", folder / "declaration.pdf", *folder.parent.glob("*.pdf")):
        pages = page_texts(pdf)
        assert all("REHEARSAL" in page for page in pages), pdf
    assert "do not sign" in page_texts(folder / "declaration.pdf")[0]
    assert "REHEARSAL" in (folder / "README.txt").read_text(encoding="utf-8")


@pytest.mark.days
def test_a_rehearsed_mailing_says_so_on_a_real_day_too(mailed: Office) -> None:
    """Without MAILER_TODAY the pack is real, and what it rests on is not."""
    real = mailed.on("")
    said = real.does("evidence", RATES, "--out", str(mailed.root / "real")).out
    assert "Notice is proved for 0 of 4 clients." in said
    assert "Confirm with counsel" in said
    pages = page_texts(mailed.root / "real" / "evidence.pdf")
    assert all("REHEARSAL" in page for page in pages)
    assert "holds for 0 of 4 clients" in pages[0]


def test_verify_needs_no_mail_folder(folder: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / "copy")
    alone = tmp_path / "empty"
    alone.mkdir()
    environ = os.environ | {"MAILER_DATABASE_URL": "nonsense"}
    environ.pop("MAILER_TODAY", None)
    words = [sys.executable, "-m", "mailer", "evidence", "verify", str(copy)]
    done = subprocess.run(words, cwd=alone, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert list(alone.iterdir()) == []
    (copy / "pieces" / "2027-rates-L.pdf").unlink()
    done = subprocess.run(words, cwd=alone, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "pieces/2027-rates-L.pdf is missing." in done.stdout


def test_verify_loads_nothing_heavy(folder: Path) -> None:
    script = (
        "import sys; from mailer.cli.main import run; run(['evidence', 'verify', sys.argv[1]]); "
        "print([n for n in ('sqlalchemy', 'weasyprint', 'pikepdf', 'reportlab') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_head_of_another_ledger(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evidence", "verify", str(folder), "--head", "0" * 64]) == 1
    assert "is not in events.jsonl: the paper is of another ledger" in capsys.readouterr().out
    assert run(["evidence", "verify", str(folder), "--head", "12ab"]) == 2
    assert "is not a ledger head" in capsys.readouterr().err


def test_a_folder_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evidence", "verify", str(tmp_path / "nowhere")]) == 2
    assert "is not a folder" in capsys.readouterr().err
    assert run(["evidence", "verify", str(tmp_path)]) == 1
    assert "this is not an evidence pack" in capsys.readouterr().out


def test_nothing_prepared(office: Office) -> None:
    assert (
        "no mailing was prepared; there is nothing to prove" in office.does("evidence", RATES, exits=1).said
    )


def test_nothing_mailed(approved: Office) -> None:
    refused = approved.does("evidence", RATES, exits=1).err
    assert "nothing was mailed yet" in refused
    assert "mailer handed-over" in refused
    assert not (approved.root / "evidence").exists()


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ((RATES, "--client", "nobody"), 2, "no client is called 'nobody'"),
        (("2027-rate",), 2, "there is no campaign '2027-rate'"),
        (("../x",), 2, "is not a campaign's name"),
        (("2027-hours",), 1, "no mailing was prepared"),
    ],
)
def test_words_that_lead_nowhere(mailed: Office, words: tuple[str, ...], code: int, says: str) -> None:
    assert says in mailed.does("evidence", *words, exits=code).said
    assert not (mailed.root / "evidence").exists()


def test_a_client_whose_letter_did_not_go(printed: Office) -> None:
    printed.drops(
        "2026-11-24 14:10", "--by", "Lee Ortiz", "--place", "Main", "--class", "first", "--range", "1-3"
    )
    said = printed.does("evidence", RATES, "--client", "N-3", exits=1).err
    assert "was not handed over to the post; it is produced" in said


def test_an_issue_is_proved_as_a_mailing(issued: Office) -> None:
    issued.drops("2026-11-24 14:10", name="2026-12")
    issued.does("evidence", "2026-12")
    folder = issued.root / "evidence" / "2026-12-2026-11-24"
    assert [path.name for path in (folder / "pieces").iterdir()] == ["2026-12-N.pdf"]
    assert "gives no notice of its own" in " ".join(page_texts(folder / "evidence.pdf"))
    said = " ".join(page_texts(folder / "declaration.pdf"))
    assert "I mailed the newsletter titled" in said
    assert run(["evidence", "verify", str(folder)]) == 0
    refused = issued.does("evidence", "2026-12", "--client", "N-1", exits=1).err
    assert "which gives no notice of its own" in refused


def test_a_changed_ledger_makes_no_evidence(mailed: Office) -> None:
    import sqlite3  # noqa: PLC0415

    with sqlite3.connect(mailed.root / "mailer.db") as connection:
        connection.execute("DROP TRIGGER IF EXISTS event_no_update")
        names = [
            row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        ]
        for name in names:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE event SET actor = 'Mallory' WHERE seq = 3")
    assert "its content was changed after it was recorded" in mailed.does("evidence", RATES, exits=1).said
    assert not (mailed.root / "evidence").exists()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (os.mkfifo, "is there, and is no folder."),
        (lambda path: path.symlink_to("nowhere"), "is there, and is no folder."),
        (lambda path: path.write_text("mine"), "is there, and is no folder."),
        (lambda path: path.mkdir(), "exists and is not an evidence pack of 2027-rates."),
    ],
)
def test_a_pack_is_put_over_nothing(
    mailed: Office, tmp_path: Path, make: Callable[[Path], object], says: str
) -> None:
    place = tmp_path / "pack"
    make(place)
    before = place.lstat()
    assert says in mailed.does("evidence", RATES, "--out", str(place), exits=1).said
    assert place.lstat() == before
    assert list(tmp_path.glob(".pack*")) == []


@pytest.mark.parametrize(
    ("place", "client", "says"),
    [
        ("office/files/pack", (), "is among the mail folder's own files."),
        ("list/pack", (), "Not a directory."),
        ("circle", (), "no name of a file."),
        ("pack\0", (), "no name of a file."),
        ("proof.txt", ("--client", "N-1"), "does not end in .pdf."),
        ("office/files/proof.pdf", ("--client", "N-1"), "is among the mail folder's own files."),
    ],
)
def test_a_pack_or_proof_is_put_among_nothing_of_ours(
    mailed: Office, tmp_path: Path, place: str, client: tuple[str, ...], says: str
) -> None:
    (tmp_path / "list").write_text("no folder")
    (tmp_path / "circle").symlink_to("circle")
    ran = mailed.mailer("evidence", RATES, *client, "--out", str(tmp_path / place))
    assert says in ran.said
    assert ran.code in (1, 2)
