"""A print shop whose folder lies on a server: by SFTP to a real sshd."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from urllib.parse import urlsplit

import paramiko
import pytest

from mailer.mailservice.service import (
    Absent,
    Accepted,
    Found,
    Unreachable,
)
from mailer.place import CrowdedError
from mailer.sftp import Sftp
from tests.hostile.inputs import nested
from tests.support.printshop import JOB, LABELS, TWO, Opened, answered, tracking, where


def test_by_sftp(folder: Path, shop: Opened, sshd: str) -> None:
    place = Sftp(urlsplit(f"{sshd}{folder}"), "")
    here = shop(place)
    assert here.account == shop(folder).account
    assert here.hand_over(TWO) == [Accepted(f"{JOB}/{label}") for label in LABELS]
    assert where(folder) == [f"jobs/{JOB}", f"sent/{JOB}.json"]
    with pytest.raises(FileExistsError):
        place.move(f"sent/{JOB}.json", f"jobs/{JOB}")
    assert isinstance(here.find(TWO[1].send_key), Found)
    place.close()  # the connection broke: the next question makes another
    answered(folder, "all,mailed,2026-11-30,")
    assert len(tracking(here).events) == 1
    (folder / "sent" / f"{JOB}.json").rename(folder / "sent" / f"{JOB}.going")
    (folder / "jobs" / JOB).rename(folder / "jobs" / f".{JOB}.part")
    assert shop(place).find(TWO[0].send_key) == Absent()
    assert where(folder) == []
    place.close()


def test_a_name_that_is_not_utf8(folder: Path, sshd: str) -> None:
    (folder / "answers" / os.fsdecode(b"\xff.csv")).touch()
    place = Sftp(urlsplit(f"{sshd}{folder}"), "")
    with pytest.raises(OSError, match="has a name in it that is not UTF-8; have it renamed"):
        place.names("answers")
    place.close()


def test_a_folder_by_sftp_is_not_listed_without_end(
    folder: Path, sshd: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailer.place.MOST", 20)
    for number in range(21):
        (folder / "answers" / f"{number}").touch()
    place = Sftp(urlsplit(f"{sshd}{folder}"), "")
    for listed in (place.names, place.files):
        with pytest.raises(CrowdedError, match="holds more than 20 names"):
            listed("answers")
    (folder / "answers" / "20").unlink()
    assert {len(place.names("answers")), len(place.files("answers"))} == {20}
    place.close()


def test_a_server_that_says_it_renamed_and_did_not(
    folder: Path, shop: Opened, sshd: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it says is not what is there: the job is not with the shop, and is handed over again."""
    place = Sftp(urlsplit(f"{sshd}{folder}"), "")
    here = shop(place)
    with monkeypatch.context() as lying:
        lying.setattr(paramiko.SFTPClient, "rename", lambda *_: None)
        assert here.hand_over(TWO)[0] == Unreachable(f"sent/.{JOB}.part: is still there after it was renamed")
    assert here.hand_over(TWO) == [Accepted(f"{JOB}/{label}") for label in LABELS]
    place.close()


def test_a_server_whose_folders_have_no_end(folder: Path, sshd: str) -> None:
    made = nested(folder / "answers" / "more")
    place = Sftp(urlsplit(f"{sshd}{folder}"), "")
    with pytest.raises(ConnectionError, match="folders in folders without end"):
        place.files("answers")
    place.close()
    for path in reversed(made):
        path.rmdir()


@pytest.mark.parametrize("sshd", ["/bin/sleep 600", "/usr/bin/yes"], indirect=True)
def test_a_server_that_is_silent_or_talks_nonsense(
    folder: Path, sshd: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailer.sftp.TIMEOUT", 1.0)
    place = Sftp(urlsplit(f"{sshd}{folder}"), "")
    with pytest.raises(ConnectionError):
        place.names("answers")
    place.close()


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (
            paramiko.ChannelException(1, "Administratively prohibited"),
            "who logs in there may open no session",
        ),
        (
            paramiko.ssh_exception.PartialAuthentication(["password"]),
            "it asks for a second proof of who logs in",
        ),
    ],
)
def test_a_server_that_lets_nobody_in_says_why_in_words(
    folder: Path, sshd: str, monkeypatch: pytest.MonkeyPatch, raised: Exception, said: str
) -> None:
    def opens(_client: paramiko.SSHClient) -> None:
        raise raised

    monkeypatch.setattr(paramiko.SSHClient, "open_sftp", opens)
    place = Sftp(urlsplit(f"{sshd}{folder}"), "")
    with pytest.raises(ConnectionError, match=f"^{said}$"):
        place.names("answers")


def test_a_server_that_is_always_late_is_asked_no_more(
    folder: Path, shop: Opened, sshd: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each answer within its half minute, a thousand of them: hours."""
    monkeypatch.setattr("mailer.sftp.PATIENCE", 0.0)
    monkeypatch.setattr("mailer.sftp.EACH", 0.0)
    here = Sftp(urlsplit(f"{sshd}{folder}"), "")
    assert here.names("jobs") == []
    with pytest.raises(TimeoutError, match="the server answers too slowly to go on"):
        here.names("jobs")
    here.close()
    monkeypatch.setattr("mailer.sftp.EACH", 30.0)
    here = Sftp(urlsplit(f"{sshd}{folder}"), "")
    assert shop(here).hand_over(TWO)[0] == Accepted(f"{JOB}/{LABELS[0]}")
    here.close()


def test_a_server_that_is_not_known_gets_nothing(
    folder: Path, shop: Opened, sshd: str, tmp_path: Path
) -> None:
    (tmp_path / "home/.ssh/known_hosts").write_text("")
    with pytest.raises(ConnectionError, match="not found in known_hosts"):
        shop(Sftp(urlsplit(f"{sshd}{folder}"), ""))
    with pytest.raises(OSError, match="Unable to connect"):
        shop(Sftp(urlsplit(f"sftp://127.0.0.1:9{folder}"), ""))


def test_a_server_that_shows_another_key_gets_nothing(
    folder: Path, shop: Opened, sshd: str, tmp_path: Path
) -> None:
    """The known one is this user's own: it may be another machine that stands between."""
    kind, key, *_ = (tmp_path / "home/.ssh/id_ed25519.pub").read_text().split()
    port = urlsplit(sshd).port
    (tmp_path / "home/.ssh/known_hosts").write_text(f"[127.0.0.1]:{port} {kind} {key}\n")
    said = "^it shows another key than the one known of it: ask who runs it before you trust it$"
    with pytest.raises(ConnectionError, match=said):
        shop(Sftp(urlsplit(f"{sshd}{folder}"), ""))


def test_a_line_of_known_hosts_that_is_none_is_passed_over(folder: Path, sshd: str, tmp_path: Path) -> None:
    known = tmp_path / "home/.ssh/known_hosts"
    good = known.read_bytes()
    for bad in (
        b"host ssh-rsa AAA\n",
        b"h\xe9st ssh-rsa AAAA\n",
        b"\0\n",
        b"h ecdsa-sha2-nistp256 AAAA\n",
        b"a b\n",
    ):
        known.write_bytes(bad + good)
        place = Sftp(urlsplit(f"{sshd}{folder}"), "")
        assert place.names("jobs") == []
        place.close()


def test_an_agent_that_does_not_answer(folder: Path, sshd: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = threading.Event()
    monkeypatch.setattr(paramiko, "Agent", asked.wait)
    monkeypatch.setattr("mailer.sftp.AGENT", 0.2)
    place = Sftp(urlsplit(f"{sshd}{folder}"), "")
    with pytest.raises(TimeoutError, match="the SSH agent does not answer"):
        place.names("jobs")
    asked.set()
    place.close()
