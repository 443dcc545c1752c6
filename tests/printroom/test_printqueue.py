"""`mailer print --to PRINTER` at a real CUPS server: once, as recorded, whatever kills it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from tests.support.office import DROP, RATES, Office, Ran
from tests.support.printers import Printer, running_cups, until

NAMES = ["Dogwood Press", "Ash Street Bakery", "Birch Lane Dental", "Cedar Hill Law"]  # in ZIP order


@pytest.fixture(scope="module")
def server() -> Iterator[Printer]:
    with running_cups() as printer:
        yield printer


@pytest.fixture
def printer(server: Printer) -> Printer:
    server.says("cancel", "-a")
    server.add()
    return server


def at(office: Office, printer: Printer) -> Office:
    """The office with that CUPS server."""
    return replace(office, environ={"CUPS_SERVER": printer.socket})


def queued(office: Office) -> list[dict[str, object]]:
    rows = office.rows("SELECT payload FROM event WHERE kind = 'job.queued' ORDER BY seq")
    return [json.loads(payload) for (payload,) in rows]


def ids(ran: Ran) -> list[str]:
    """The ids in the answer, each with a document's title."""
    return [line.split()[0] for line in ran.out.splitlines() if line.startswith("  Office-")]


def test_approved_pieces_are_built_and_queued(approved: Office, printer: Printer) -> None:
    done = at(approved, printer).does("print", RATES, "--to", "Office")
    (job,) = ids(done)
    printed = printer.printed(job)
    assert printed.title == "2027-rates-job-1 letters.pdf"
    assert printed.options["sides"] == "two-sided-long-edge"
    assert printed.copies == 1
    assert len(printed.pages) == 8
    assert printed.pages[1::2] == [""] * 4  # the back of each sheet
    for place, name in enumerate(NAMES, 1):
        page = printed.pages[2 * place - 2]
        assert name in page
        assert f"{place:04}/0004 1of1" in page
    assert "4 pieces, 4 sheets" in done.out
    assert "Not queued, for hand work: checklist.pdf" in done.err


def test_what_is_queued_is_on_record_and_is_not_mailed(approved: Office, printer: Printer) -> None:
    (job,) = ids(at(approved, printer).does("print", RATES, "--to", "Office", "--copies", "2"))
    assert queued(approved) == [
        {"job": 1, "printer": "Office", "files": "letters.pdf", "ids": job, "copies": 2}
    ]
    assert printer.printed(job).copies == 2
    assert {status for _, status in approved.pieces()} == {"produced"}
    assert "chain unbroken" in approved.does("ledger", "verify").said


def test_a_job_that_is_there_is_taken_as_it_is(printed: Office, printer: Printer) -> None:
    before = (printed.job() / "letters.pdf").read_bytes()
    done = at(printed, printer).does("print", RATES, "--to", "Office", "--tray", "Tray2")
    (job,) = ids(done)
    assert printer.printed(job).options["InputSlot"] == "Tray2"
    assert "4 pieces" not in done.out
    assert (printed.job() / "letters.pdf").read_bytes() == before
    assert sorted(path.name for path in (printed.root / "jobs").glob("[!.]*")) == ["2027-rates-job-1"]


def test_a_job_is_not_queued_twice_by_accident(printed: Office, printer: Printer) -> None:
    office = at(printed, printer)
    (job,) = ids(office.does("print", RATES, "--to", "Office"))
    printer.printed(job)
    refused = office.does("print", RATES, "--to", "Office", exits=1)
    assert f"job 1 was queued to Office as {job} on Tue 24 Nov 2026" in refused.said
    assert "Nothing was queued again." in refused.said
    assert "add --again" in refused.said
    assert len(queued(office)) == 1
    (second,) = ids(office.does("print", RATES, "--to", "Office", "--again"))
    assert second != job
    assert len(printer.printed(second).pages) == 8
    assert [one["ids"] for one in queued(office)] == [job, second]


def troubled(office: Office, to: str = "Office") -> str:
    """The refusal of a printer that did not do its part: exit 4, and nothing on record."""
    before = office.recorded()
    said = office.does("print", RATES, "--to", to, exits=4).said
    assert office.recorded() == before
    assert f"Or print the files of {office.job()} by hand, on both sides of the paper." in said
    return said


def test_an_unknown_printer(printed: Office, printer: Printer) -> None:
    said = troubled(at(printed, printer), "Attic")
    assert "Attic: there is no such printer. Printers that CUPS knows here: Office." in said
    assert printer.waiting() == []


def test_a_printer_that_vanished(printed: Office, printer: Printer) -> None:
    printer.says("lpadmin", "-x", "Office")
    assert "there is no such printer" in troubled(at(printed, printer))
    printer.add()
    at(printed, printer).does("print", RATES, "--to", "Office")


def test_a_printer_that_is_stopped(printed: Office, printer: Printer) -> None:
    printer.says("cupsdisable", "-r", "out of toner", "Office")
    assert "the printer is stopped: out of toner. Mend it" in troubled(at(printed, printer))


def test_without_cups_the_folder_is_made_and_named(
    approved: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    said = approved.does("print", RATES, "--to", "Office", exits=4).said
    assert "CUPS is not installed" in said
    assert str(approved.job()) in said
    assert (approved.job() / "letters.pdf").is_file()
    assert queued(approved) == []


def test_a_queue_that_takes_only_some_of_it_prints_none_of_it(office: Office) -> None:
    """The letters fit, the envelopes do not: cupsd's own limit, as when its disk is full."""
    with_envelopes(office)
    with running_cups("MaxJobsPerPrinter 1") as small:
        office.does("print", RATES)
        said = troubled(at(office, small))
        assert "did not take envelopes.pdf" in said
        assert small.waiting() == []
        assert small.kept() == []
    assert list((office.root / "jobs").glob(".*")) == []


def with_envelopes(office: Office) -> None:
    office.edit(
        "mailer.toml", 'envelope = "double-window"', 'envelope = "printed"\nenvelope_tray = "Envelopes"'
    )
    office.does("approve", RATES, "--by", "Dana Whitcomb")


def test_envelopes_go_to_their_tray(office: Office, printer: Printer) -> None:
    with_envelopes(office)
    letters, envelopes = ids(at(office, printer).does("print", RATES, "--to", "Office"))
    assert len(printer.printed(letters).pages) == 8
    told = printer.printed(envelopes)
    assert told.title == "2027-rates-job-1 envelopes.pdf"
    assert (told.options["PageSize"], told.options["InputSlot"]) == ("Env10", "Envelopes")
    assert told.options["sides"] == "one-sided"
    assert [name in page for name, page in zip(NAMES, told.pages, strict=True)] == [True] * 4


def test_first_and_other_sheets_come_from_their_trays(office: Office, printer: Printer) -> None:
    trays = 'paper = "pre-printed"\nfirst_tray = "Tray1"\nnext_tray = "Tray2"'
    office.edit("mailer.toml", 'paper = "plain"', trays)
    letter = (office.root / "campaigns/2027-rates/letter.md").read_text()
    office.write("campaigns/2027-rates/letter.md", letter + "\n\nA paragraph that takes its room.\n" * 60)
    office.does("approve", RATES, "--by", "Dana Whitcomb")
    first, rest = ids(at(office, printer).does("print", RATES, "--to", "Office"))
    one, other = printer.printed(first), printer.printed(rest)
    assert (one.options["InputSlot"], other.options["InputSlot"]) == ("Tray1", "Tray2")
    (sheets,) = {int(row["sheets"]) for row in office.manifest()}
    assert sheets >= 2
    assert len(one.pages) == 8
    assert [f"{place:04}/0004 1of{sheets}" in one.pages[2 * place - 2] for place in (1, 2, 3, 4)] == [
        True
    ] * 4
    assert len(other.pages) == 8 * (sheets - 1)
    assert f"0001/0004 2of{sheets}" in other.pages[0]


KILLS = {
    "before": "kill -9 $PPID; exec sleep 1",
    "held": '"$real" "$@"; kill -9 $PPID',
    "recorded": 'case " $* " in *" -i "*) kill -9 $PPID;; *) exec "$real" "$@";; esac',
    "released": '"$real" "$@"; case " $* " in *" -i "*) kill -9 $PPID;; esac',
}


def killed(office: Office, folder: Path, how: str) -> None:
    """Run the command with an `lp` that kills its caller at that step."""
    real = shutil.which("lp")
    script = folder / "lp"
    script.write_text(f"#!/bin/sh\nreal={real}\n{KILLS[how]}\n")
    script.chmod(0o755)
    path = {"PATH": f"{folder}:{os.environ['PATH']}"}
    with replace(office, environ=dict(office.environ) | path).start(
        "print", RATES, "--to", "Office"
    ) as child:
        out, err = child.communicate()
    assert child.returncode == -9, out + err


@pytest.fixture
def bin_(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


def test_killed_before_the_queue_has_it_the_next_run_queues_it(
    printed: Office, printer: Printer, bin_: Path
) -> None:
    office = at(printed, printer)
    killed(office, bin_, "before")
    (job,) = ids(office.does("print", RATES, "--to", "Office"))
    assert len(printer.printed(job).pages) == 8


def test_killed_before_the_record_the_next_run_names_what_is_in_the_queue(
    printed: Office, printer: Printer, bin_: Path
) -> None:
    office = at(printed, printer)
    before = printer.kept()
    killed(office, bin_, "held")
    (held,) = printer.waiting()
    assert queued(office) == []
    said = office.does("print", RATES, "--to", "Office", exits=1).said
    assert f"to have left {held} on hold" in said
    assert f"`cancel {held}`" in said
    assert printer.waiting() == [held]
    assert printer.kept() == before  # nothing printed
    printer.says("cancel", held)
    (job,) = ids(office.does("print", RATES, "--to", "Office", "--again"))
    assert len(printer.printed(job).pages) == 8
    assert [one["ids"] for one in queued(office)] == [job]


def test_the_jobs_of_others_are_not_taken_for_it(printed: Office, printer: Printer, bin_: Path) -> None:
    office = at(printed, printer)
    killed(office, bin_, "before")
    printer.says("lp", "-d", "Office", "-H", "hold", "--", str(printed.job() / "labels.pdf"))
    office.does("print", RATES, "--to", "Office")
    assert len(queued(office)) == 1


@pytest.mark.parametrize("how", ["recorded", "released"])
def test_killed_after_the_record_the_next_run_lets_it_print_once(
    printed: Office, printer: Printer, bin_: Path, how: str
) -> None:
    office = at(printed, printer)
    killed(office, bin_, how)
    (said,) = queued(office)
    refused = office.does("print", RATES, "--to", "Office", exits=1).said
    assert f"job 1 was queued to Office as {said['ids']}" in refused
    assert len(printer.printed(str(said["ids"])).pages) == 8
    until(lambda: printer.waiting() == [], "the job does not end")
    assert len(queued(office)) == 1


def test_where_cups_goes_away_before_it_prints_it_is_on_record_and_prints_later(
    printed: Office, printer: Printer, bin_: Path
) -> None:
    office = at(printed, printer)
    lp = bin_ / "lp"
    gone = 'case " $* " in *" -i "*) export CUPS_SERVER=/gone;; esac'
    lp.write_text(f'#!/bin/sh\n{gone}\nexec {shutil.which("lp")} "$@"\n')
    lp.chmod(0o755)
    path = {"PATH": f"{bin_}:{os.environ['PATH']}"}
    said = (
        replace(office, environ=dict(office.environ) | path)
        .does("print", RATES, "--to", "Office", exits=4)
        .said
    )
    (held,) = printer.waiting()
    assert f"job {held} is in the queue on hold and could not be released" in said
    assert f"Let it print with lp -i {held} -H resume" in said
    assert "by hand" not in said  # it would be there twice
    assert [one["ids"] for one in queued(office)] == [held]
    assert "1 of 1 documents" in office.does("print", RATES, "--to", "Office", exits=1).said
    assert len(printer.printed(held).pages) == 8


def test_two_commands_at_once(printed: Office, printer: Printer) -> None:
    with FileLock(printed.root / ".queueing.lock"):
        said = at(printed, printer).does("print", RATES, "--to", "Office", exits=1).said
    assert "another command is queueing a job here" in said
    assert printer.waiting() == []


def test_what_was_handed_over_is_not_queued(printed: Office, printer: Printer) -> None:
    printed.drops("2026-11-24 14:10", "--range", "1-2", *DROP, "--class", "first")
    said = at(printed, printer).does("print", RATES, "--to", "Office", exits=1).said
    assert "pieces of job 1 were handed to the post already" in said


def test_too_late_is_refused_as_ever(printed: Office, printer: Printer) -> None:
    said = at(printed.on("2026-12-05"), printer).does("print", RATES, "--to", "Office", exits=3).said
    assert "it was approved for a hand-over until Sat 28 Nov 2026, and today is Sat 5 Dec 2026" in said


def test_a_copy_of_what_was_mailed_in_time_is_queued_any_day(mailed: Office, printer: Printer) -> None:
    december = at(mailed.on("2026-12-14"), printer)
    december.does(
        "returned",
        "2027-rates-L-0002",
        "--on",
        "2026-12-10",
        "--reason",
        "address wrong",
        "--note",
        "no such number",
    )
    december.does("reprint", "2027-rates-L-0002", "--reason", "once more")
    (job,) = ids(december.does("print", RATES, "--to", "Office", "--job", "2"))
    assert len(printer.printed(job).pages) == 2


def test_a_piece_that_was_made_again_is_to_be_taken_out(printed: Office, printer: Printer) -> None:
    printed.does("reprint", "2027-rates-L-0002", "--reason", "coffee")
    done = at(printed, printer).does("print", RATES, "--to", "Office", "--job", "1")
    assert "TAKE OUT 2027-rates-L-0002: it is void, and must not go." in done.said


def test_a_print_file_that_was_changed_is_not_printed(printed: Office, printer: Printer) -> None:
    letters = printed.job() / "letters.pdf"
    letters.write_bytes(letters.read_bytes() + b"\n")
    said = at(printed, printer).does("print", RATES, "--to", "Office", exits=1).said
    assert "letters.pdf: was changed after it was made: it is not what was recorded." in said
    assert printer.waiting() == []
    assert queued(printed) == []


def test_a_folder_that_was_changed_is_not_printed(printed: Office, printer: Printer) -> None:
    office = at(printed, printer)
    (printed.job() / "letters.pdf").unlink()
    assert "letters.pdf: is missing." in office.does("print", RATES, "--to", "Office", exits=1).said
    with (printed.job() / "manifest.csv").open("a") as file:
        file.write("5,x\n")
    assert "was changed after it was recorded" in office.does("print", RATES, "--to", "Office", exits=1).said
    assert printer.waiting() == []
    assert queued(office) == []


@pytest.mark.parametrize("options", [("--again",), ("--tray", "Tray1"), ("--copies", "2"), ("--job", "1")])
def test_options_of_a_printer_need_one(printed: Office, options: tuple[str, ...]) -> None:
    said = printed.does("print", RATES, *options, exits=2).said
    assert "--tray, --copies, --job and --again go with --to PRINTER." in said


def test_a_name_that_no_printer_can_have(printed: Office, printer: Printer) -> None:
    office = at(printed, printer)
    assert "cannot be a printer's name" in office.does("print", RATES, "--to", "Office,Attic", exits=2).said


def test_what_was_never_approved(office: Office, printer: Printer) -> None:
    assert "is not approved" in at(office, printer).does("print", RATES, "--to", "Office", exits=1).said
