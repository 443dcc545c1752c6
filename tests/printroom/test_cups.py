"""Printing to a real CUPS server. `make test-cups` runs these and the whole command's alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from mailer.errors import ServiceTrouble, UsageProblem
from mailer.printroom import cups
from mailer.printroom.cups import PrintOrder, hold, jobs_of, release, require
from tests.support.printers import Printer, running_cups, until

# what `lp` says depends on whether the server's refusal came while it was still sending
NO_ROOM = r"did not take letters\.pdf: (CUPS broke off in the middle of it|Request Entity Too Large)"


@pytest.fixture(scope="module")
def server() -> Iterator[Printer]:
    with running_cups("LimitRequestBody 4m") as printer:
        yield printer


@pytest.fixture
def printer(server: Printer, monkeypatch: pytest.MonkeyPatch) -> Printer:
    """The office's printer as a new one, and this process's CUPS."""
    monkeypatch.setenv("CUPS_SERVER", server.socket)
    server.says("cancel", "-a")
    server.add()
    return server


def document(folder: Path, pages: int, *, padding: int = 0) -> Path:
    """A PDF with "page 1" on its first page, and so many more bytes at its end."""
    path = folder / "letters.pdf"
    canvas = Canvas(str(path), pagesize=(612, 792))
    for number in range(1, pages + 1):
        canvas.drawString(72, 720, f"page {number}")
        canvas.showPage()
    canvas.save()
    with path.open("ab") as file:
        file.write(b"%" + os.urandom(padding).hex().encode())
    return path


def trouble(printer: str) -> ServiceTrouble:
    with pytest.raises(ServiceTrouble) as found:
        require(printer)
    assert found.value.exit_code == 4
    assert found.value.where == printer
    return found.value


def test_a_document_prints_as_it_was_ordered(printer: Printer, tmp_path: Path) -> None:
    order = PrintOrder(document(tmp_path, 4), "2027-rates-job-1 letters.pdf", 2, tray="Tray2")
    require(printer.name)
    job = hold(printer.name, order)
    assert release(job)
    done = printer.printed(job)
    assert done.title == "2027-rates-job-1 letters.pdf"
    assert done.copies == 2
    assert done.pages == ["page 1", "page 2", "page 3", "page 4"]
    assert done.options["sides"] == "two-sided-long-edge"
    assert done.options["Duplex"] == "DuplexNoTumble"
    assert done.options["media"] == done.options["PageSize"] == "Letter"
    assert done.options["InputSlot"] == "Tray2"
    assert done.options["print-scaling"] == "none"  # else an address leaves its window


def test_only_the_pages_of_a_range_print(printer: Printer, tmp_path: Path) -> None:
    job = hold(printer.name, PrintOrder(document(tmp_path, 8), "first sheets", pages="1-2,5-6"))
    release(job)
    assert printer.printed(job).pages == ["page 1", "page 2", "page 5", "page 6"]


def test_the_ranges_of_a_thousand_pieces_print(printer: Printer, tmp_path: Path) -> None:
    """Two sheets for each piece, the second from another tray: 1,000 ranges in one option."""
    pages = ",".join(f"{at}-{at + 1}" for at in range(1, 4_000, 4))
    job = hold(printer.name, PrintOrder(document(tmp_path, 4_000), "first sheets", pages=pages))
    release(job)
    assert len(printer.printed(job).pages) == 2_000


def test_an_envelope_prints_on_one_side(printer: Printer, tmp_path: Path) -> None:
    order = PrintOrder(document(tmp_path, 1), "envelopes", tray="Envelopes", paper="Env10", sides="one-sided")
    job = hold(printer.name, order)
    release(job)
    told = printer.printed(job).options
    assert (told["PageSize"], told["InputSlot"], told["sides"]) == ("Env10", "Envelopes", "one-sided")


def test_what_is_on_hold_does_not_print(printer: Printer, tmp_path: Path) -> None:
    order = PrintOrder(document(tmp_path, 1), "letters")
    held, free = hold(printer.name, order), hold(printer.name, order)
    release(free)
    printer.printed(free)
    assert printer.waiting() == [held]
    assert cups.cancel(held)
    assert printer.waiting() == []
    assert held.rpartition("-")[2] not in printer.kept()


def test_a_job_that_has_ended_is_not_printed_again(printer: Printer, tmp_path: Path) -> None:
    job = hold(printer.name, PrintOrder(document(tmp_path, 1), "letters"))
    assert release(job)
    printer.printed(job)
    until(lambda: printer.waiting() == [], "the job does not end")
    before = printer.kept()
    assert not release(job)
    assert not release(f"{printer.name}-99999")
    assert printer.kept() == before


def test_the_jobs_of_a_printer_are_listed_with_their_size(printer: Printer, tmp_path: Path) -> None:
    path = document(tmp_path, 1)
    done, held = (hold(printer.name, PrintOrder(path, "letters")) for _ in range(2))
    release(done)
    printer.printed(done)
    size = -(-path.stat().st_size // 1024) * 1024
    assert {(job.id, job.size) for job in jobs_of(printer.name)} >= {(done, size), (held, size)}


def test_an_unknown_printer_is_named_with_those_there_are(printer: Printer) -> None:
    assert str(trouble("Attic")) == (
        f"Attic: there is no such printer.\n  Printers that CUPS knows here: {printer.name}."
    )


def test_a_printer_that_was_stopped_says_why(printer: Printer) -> None:
    printer.says("cupsdisable", "-r", "out of paper", printer.name)
    assert str(trouble(printer.name)) == (
        "Office: the printer is stopped: out of paper.\n  Mend it, then start it with  cupsenable Office"
    )


def test_a_printer_that_takes_no_jobs_says_why(printer: Printer, tmp_path: Path) -> None:
    printer.says("cupsreject", "-r", "moving house", printer.name)
    assert trouble(printer.name).what == "the printer takes no jobs: moving house."
    with pytest.raises(ServiceTrouble, match=r"did not take letters\.pdf: .*is not accepting jobs"):
        hold(printer.name, PrintOrder(document(tmp_path, 1), "letters"))


def test_a_printer_that_vanished(printer: Printer, tmp_path: Path) -> None:
    require(printer.name)
    printer.says("lpadmin", "-x", printer.name)
    with pytest.raises(ServiceTrouble) as gone:
        hold(printer.name, PrintOrder(document(tmp_path, 1), "letters"))
    assert gone.value.what == "did not take letters.pdf: The printer or class does not exist."
    with pytest.raises(ServiceTrouble, match="its jobs cannot be listed"):
        jobs_of(printer.name)


def test_a_file_that_the_server_has_no_room_for(printer: Printer, tmp_path: Path) -> None:
    """cupsd's own limit of a request's size: it breaks off in the middle of the file, as a full disk does."""
    with pytest.raises(ServiceTrouble, match=NO_ROOM) as full:
        hold(printer.name, PrintOrder(document(tmp_path, 1, padding=3_000_000), "letters"))
    assert full.value.where == printer.name
    assert printer.waiting() == []


def test_a_file_that_is_not_there(printer: Printer, tmp_path: Path) -> None:
    with pytest.raises(ServiceTrouble, match=r"did not take gone\.pdf: .*No such file"):
        hold(printer.name, PrintOrder(tmp_path / "gone.pdf", "letters"))


def test_where_cups_does_not_answer(
    printer: Printer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CUPS_SERVER", str(tmp_path / "none.sock"))
    assert trouble(printer.name).what == "CUPS does not answer."
    with pytest.raises(ServiceTrouble, match="could not be released"):
        release("Office-1")
    assert not cups.cancel("Office-1")


def test_the_answers_are_read_in_any_language(printer: Printer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    require(printer.name)


def test_where_cups_is_not_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert str(trouble("Office")) == (
        "Office: CUPS is not installed: there is no `lp` command here.\n"
        "  Install it (Debian: apt-get install cups-client)."
    )
    with pytest.raises(ServiceTrouble, match="`lp` cannot be run: No such file"):
        hold("Office", PrintOrder(tmp_path / "letters.pdf", "letters"))


@pytest.mark.parametrize("name", ["", "-x", "a b", "a,b", "a/b", "#1", "a\nb", "x" * 128])
def test_what_cannot_be_a_printers_name(name: str) -> None:
    with pytest.raises(UsageProblem, match="cannot be a printer's name"):
        require(name)


def test_a_tray_with_a_blank_is_one_option(tmp_path: Path) -> None:
    options = list(PrintOrder(tmp_path / "letters.pdf", "letters", tray="Tray 2").options())
    assert 'InputSlot="Tray 2"' in options
