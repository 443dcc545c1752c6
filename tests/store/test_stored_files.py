"""Files kept by their content: whole under their final name, or not there."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailer.errors import MailerError
from mailer.store.files import Files, write_whole

LETTER = b"%PDF-1.7 a letter"
NAME = hashlib.sha256(LETTER).hexdigest()


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_file_is_named_by_its_content(tmp_path: Path) -> None:
    files = Files(tmp_path / "files")
    assert files.put(LETTER) == NAME
    assert files.get(NAME) == LETTER
    assert names(tmp_path) == [f"files/{NAME[:2]}/{NAME}"]


def test_the_same_content_twice_is_one_file(tmp_path: Path) -> None:
    files = Files(tmp_path)
    files.put(LETTER)
    written = files.path(NAME).stat().st_mtime_ns
    assert files.put(LETTER) == NAME
    assert files.path(NAME).stat().st_mtime_ns == written
    assert len(names(tmp_path)) == 1


@given(content=st.binary(max_size=300))
def test_any_content_comes_back(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    files = Files(tmp_path_factory.getbasetemp() / "any-content")
    assert files.get(files.put(content)) == content


@pytest.mark.parametrize("changed", [LETTER + b" ", LETTER[:-1], b"", LETTER.replace(b"a", b"A")])
def test_a_changed_file_is_refused(tmp_path: Path, changed: bytes) -> None:
    files = Files(tmp_path)
    files.put(LETTER)
    files.path(NAME).write_bytes(changed)
    with pytest.raises(MailerError) as refused:
        files.get(NAME)
    assert str(refused.value) == (
        f"{files.path(NAME)}: a stored file was changed after it was stored.\n"
        "  Restore files/ from a backup; nothing was printed or sent from it."
    )


def test_a_changed_file_is_made_good_by_storing_its_content_again(tmp_path: Path) -> None:
    files = Files(tmp_path)
    files.put(LETTER)
    files.path(NAME).write_bytes(b"half")
    assert files.put(LETTER) == NAME
    assert files.get(NAME) == LETTER


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(MailerError, match=r"a stored file is missing\.\n  Restore files/ from a backup"):
        Files(tmp_path).get(NAME)


# The kernel kills the process (SIGXFSZ, like kill -9) in the middle of the write, at the 100,000th byte.
KILLED = dedent(
    """
    import resource, signal, sys
    from pathlib import Path
    from mailer.store.files import Files

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    Files(Path(sys.argv[1])).put(b"x" * 1_000_000)
    """
)


@pytest.mark.skipif(sys.platform == "win32", reason="the kernel's file size limit is POSIX")
def test_a_process_killed_while_it_writes_leaves_nothing_under_the_final_name(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-B", "-c", KILLED, str(tmp_path)], check=False, timeout=30)
    assert done.returncode == -signal.SIGXFSZ
    content = b"x" * 1_000_000
    files = Files(tmp_path)
    assert not files.path(hashlib.sha256(content).hexdigest()).exists()
    (half,) = names(tmp_path)
    assert half.endswith(".part")
    assert files.get(files.put(content)) == content  # run again, it completes


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "manifest.csv"
    path.write_bytes(b"old")
    not_bytes: bytes = "text"  # type: ignore[assignment]
    with pytest.raises(TypeError):
        write_whole(path, not_bytes)
    assert names(tmp_path) == ["manifest.csv"]
    assert path.read_bytes() == b"old"


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "job" / "manifest.csv"
    write_whole(path, b"old")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["job/manifest.csv"]
