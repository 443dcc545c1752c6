"""Letters laid out by two processes: the same pages in the same order, whatever becomes of a process."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from itertools import count, islice
from multiprocessing import util
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from mailer.errors import FileProblems, MailerError, Problem
from mailer.mailservice.registry import tables
from mailer.making.layout import LaidOut, Layout, Part
from mailer.making.workers import PAYS, laid_out, workers_for
from mailer.pages.letter import Letter
from mailer.pages.letterhead import load_letterhead
from mailer.settings import load_settings
from tests.support.mergedletters import DAY, ROOT, letters
from tests.support.office import RATES, Office

SETTINGS = load_settings(ROOT / "campaigns", tables())


@pytest.fixture(scope="module")
def some() -> list[Letter]:
    return list(letters("2027-hours", 6, SETTINGS))


@pytest.fixture(scope="module")
def alone(some: list[Letter]) -> list[tuple[str, LaidOut]]:
    """What this process makes of them."""
    return list(laid_out(layout_for(), parts_of(some), 1))


def layout_for(kind: type[Layout] = Layout, dated: date = DAY) -> Layout:
    """Six letters: too few to merge."""
    letterhead = load_letterhead(ROOT / "letterhead", SETTINGS.brand)
    folder = ROOT / "campaigns/2027-hours"
    return kind(letterhead, SETTINGS, total=6, dated=dated, path="campaign.toml", folder=folder)


def parts_of(some: list[Letter]) -> Iterator[tuple[str, Part]]:
    """Three parts of two letters, each named by its first."""
    for at in range(0, len(some), 2):
        two = tuple(some[at : at + 2])
        yield two[0].client, Part(two, tuple(one.client for one in two), (False, False))


def test_two_processes_give_the_pages_of_one_in_their_order(
    some: list[Letter], alone: list[tuple[str, LaidOut]]
) -> None:
    assert [client for client, _ in alone] == [some[0].client, some[2].client, some[4].client]
    assert list(laid_out(layout_for(), parts_of(some), 2)) == alone
    assert multiprocessing.active_children() == []


def test_no_temporary_file_stays(some: list[Letter], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each approval left two folders of fonts in /tmp, which WeasyPrint removes when it is not killed."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    made = laid_out(layout_for(), parts_of(some), 2)
    next(made)
    assert list(tmp_path.glob("*/weasyprint-*")) != []
    assert len(list(made)) == 2
    assert list(tmp_path.iterdir()) == []


def test_a_killed_process_is_followed_by_another_that_does_its_part(
    some: list[Letter], alone: list[tuple[str, LaidOut]]
) -> None:
    def killing() -> Iterator[tuple[str, Part]]:
        for number, one in enumerate(parts_of(some)):
            if number == 1:
                (child,) = multiprocessing.active_children()
                os.kill(child.pid or 0, signal.SIGKILL)
            yield one

    assert list(laid_out(layout_for(), killing(), 2)) == alone


def test_one_that_is_killed_before_it_begins_is_followed_by_another(
    some: list[Letter], alone: list[tuple[str, LaidOut]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command waited for ever until its layout was read: it is larger than what a pipe holds."""
    begin = util.spawnv_passfds
    killed: list[int] = []

    def killing(program: bytes, words: list[str], kept: list[int]) -> int:
        process = begin(program, words, kept)
        if not killed and "spawn_main" in str(words):
            killed.append(process)
            os.kill(process, signal.SIGKILL)
            while _is_there(process):
                pass
        return process

    monkeypatch.setattr(util, "spawnv_passfds", killing)
    layout = layout_for()
    layout.more = b"x" * 1_000_000  # type: ignore[attr-defined]
    assert list(laid_out(layout, parts_of(some), 2)) == alone
    assert len(killed) == 1


def test_one_that_was_stopped_is_ended_too(some: list[Letter]) -> None:
    """The command waited for ever until somebody let it go on."""
    parts = laid_out(layout_for(), parts_of(some), 2)
    next(parts)
    for child in multiprocessing.active_children():
        os.kill(child.pid or 0, signal.SIGSTOP)
    parts.close()
    assert multiprocessing.active_children() == []


def test_ctrl_c_is_for_the_command_alone(office: Office) -> None:
    """A process that had only begun showed a traceback."""
    words = [sys.executable, "-m", "mailer", "approve", RATES, "--workers", "2", "-C", str(office.root)]
    environ = os.environ | office.variables()
    with subprocess.Popen(
        words, env=environ, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as command:
        child = next(pid for _ in count() for pid in _below(command.pid))
        blocked = Path(f"/proc/{child}/status").read_text().partition("SigBlk:\t")[2].split()[0]
        assert int(blocked, 16) & 1 << signal.SIGINT - 1
        os.killpg(command.pid, signal.SIGINT)
        _, said = command.communicate()
    assert "Traceback" not in said
    assert said.strip().endswith("Interrupted. Nothing is half done: run the same command again to go on.")
    assert command.returncode == 130


class Dying(Layout):
    """Its process is ended by every part."""

    def laid(self, part: Part) -> LaidOut:
        os.kill(os.getpid(), signal.SIGKILL)
        return super().laid(part)


class Halfway(Layout):
    """Its process is ended by every part, in the middle of its answer."""

    def laid(self, part: Part) -> LaidOut:
        pipe = next(one for one in gc.get_objects() if isinstance(one, Connection))
        os.write(pipe.fileno(), struct.pack("!i", 9) + b"half")
        os.kill(os.getpid(), signal.SIGKILL)
        return super().laid(part)


class Refusing(Layout):
    """A printer would send its pages back."""

    def laid(self, part: Part) -> LaidOut:
        raise FileProblems([Problem("campaign.toml", 0, f"{part.names[0]}, page 1: …")], todo="Mend it.")


@pytest.mark.parametrize("kind", [Dying, Halfway])
def test_what_ends_every_process_is_said(some: list[Letter], kind: type[Layout]) -> None:
    with pytest.raises(MailerError, match="ended 3 times, perhaps for want of memory") as told:
        list(laid_out(layout_for(kind), islice(parts_of(some), 1), 2))
    assert told.value.todo == "Run the same command again with  --workers 1."
    assert multiprocessing.active_children() == []


def test_what_is_wrong_with_a_letter_is_said_as_it_was(some: list[Letter]) -> None:
    with pytest.raises(FileProblems) as told:
        list(laid_out(layout_for(Refusing), parts_of(some), 2))
    assert str(told.value) == f"campaign.toml: {some[0].client}, page 1: …\n  Mend it."
    assert told.value.problems == (Problem("campaign.toml", 0, f"{some[0].client}, page 1: …"),)


def test_a_small_mailing_stays_in_its_process() -> None:
    assert workers_for(PAYS - 1, None) == 1
    assert workers_for(PAYS, None) == len(os.sched_getaffinity(0))
    assert workers_for(3, 2) == 2


def test_the_command_takes_it(office: Office) -> None:
    said = office.does("approve", RATES, "--workers", "2")
    assert "Approved 4 pieces of 2027-rates (4 in all)." in said.out
    assert office.does("ledger", "verify").code == 0


def test_none_outlives_a_killed_command(office: Office) -> None:
    words = [sys.executable, "-m", "mailer", "approve", RATES, "--workers", "2", "-C", str(office.root)]
    with subprocess.Popen(words, env=os.environ | office.variables(), stdout=subprocess.DEVNULL) as command:
        child = next(pid for _ in count() for pid in _below(command.pid))
        command.kill()
    while _is_there(child):
        pass
    assert office.does("approve", RATES).code == 0


def _below(parent: int) -> list[int]:
    """The processes that lay out letters for that one."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            below = int(path.read_text().rpartition(")")[2].split()[1]) == parent
            words = path.with_name("cmdline").read_bytes() if below else b""
        except OSError:
            continue
        if b"spawn_main" in words:
            found.append(int(path.parent.name))
    return found


def _is_there(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
