"""What no part of mailer knows, and Ctrl-C wherever it comes: a line for the person, never a traceback."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

BROKEN = """
import mailer.cli.due
from mailer.cli.main import main

def show_due(folder):
    {what}

mailer.cli.due.show_due = show_due
main([])
"""


def ended(program: str, *, folder: Path) -> subprocess.CompletedProcess[str]:
    environ = os.environ | {"TMPDIR": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environ, check=False, timeout=300
    )


def test_its_details_are_in_a_file_for_its_owner(tmp_path: Path) -> None:
    ran = ended(BROKEN.format(what="raise LookupError('Ash\\x1b[31m Street')"), folder=tmp_path)
    assert ran.returncode == 1
    (details,) = tmp_path.glob("mailer-*.txt")
    assert ran.stderr == (
        "mailer: it met what it was not made for: LookupError: Ash\\x1b[31m Street (mailer/cli/main.py:"
        f"{re.findall(r'main.py:([0-9]+)', ran.stderr)[0]}).\n"
        "  What was done before stands: `mailer status` shows it. "
        f"Its details are in {details}: send them to whoever looks after mailer.\n"
    )
    assert "Traceback" in details.read_text()
    assert details.stat().st_mode & 0o777 == 0o600


AS_PYDANTIC_SAYS_IT = """raise RuntimeError('Error building "enum" validator: KeyboardInterrupt: ')"""
WHERE_NOTHING_CAN_BE_RAISED = """
    import os, signal, time
    class Going:
        def __del__(self):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(300)
    Going()
    time.sleep(300)
"""


@pytest.mark.parametrize("what", [AS_PYDANTIC_SAYS_IT, WHERE_NOTHING_CAN_BE_RAISED], ids=["said", "lost"])
def test_ctrl_c_that_comes_as_something_else(tmp_path: Path, what: str) -> None:
    """The one was a traceback; of the other Python printed that it was ignored, and the command went on."""
    ran = ended(BROKEN.format(what=what), folder=tmp_path)
    assert ran.stderr.strip() == "Interrupted. Nothing is half done: run the same command again to go on."
    assert ran.returncode == 130


def test_before_it_is_loaded_ctrl_c_ends_it_without_a_word(tmp_path: Path) -> None:
    program = """
import os, runpy, signal, sys

class Impatient:
    def find_spec(self, name, path, target=None):
        if name == "click":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Impatient())
runpy.run_module("mailer", run_name="__main__")
"""
    ran = ended(program, folder=tmp_path)
    assert (ran.returncode, ran.stderr) == (-signal.SIGINT, "")
