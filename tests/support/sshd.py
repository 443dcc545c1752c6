"""A real sshd on loopback. Import the fixture in a conftest."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def sshd(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """sftp://user@127.0.0.1:port of a real sshd that knows this user's key, and is known. Its SFTP server is
    the command that the test names, else its own.
    """
    command = getattr(request, "param", "internal-sftp")
    server = shutil.which("sshd", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if server is None:
        pytest.skip("no sshd here (Debian: openssh-server)")
    home = tmp_path / "home"
    (home / ".ssh").mkdir(parents=True, mode=0o700)
    for key in (home / ".ssh" / "id_ed25519", tmp_path / "host"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    host = (tmp_path / "host.pub").read_text()
    (home / ".ssh" / "known_hosts").write_text(f"[127.0.0.1]:{port} {host}")
    config = tmp_path / "sshd_config"
    config.write_text(
        f"ListenAddress 127.0.0.1:{port}\nHostKey {tmp_path}/host\nPidFile none\nUsePAM no\nStrictModes no\n"
        f"AuthorizedKeysFile {home}/.ssh/id_ed25519.pub\nPermitRootLogin yes\nSubsystem sftp {command}\n"
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    separation = Path("/run/sshd")  # as Debian's service makes it, where it is root's
    made = os.geteuid() == 0 and not separation.exists()
    if made:
        separation.mkdir(mode=0o755)
    heard = tmp_path / "sshd.log"
    process = subprocess.Popen([server, "-D", "-f", str(config), "-E", str(heard)])
    while process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
    else:
        pytest.skip(f"sshd does not start: {heard.read_text().strip()}")
    yield f"sftp://{getpass.getuser()}@127.0.0.1:{port}"
    process.terminate()
    process.wait(30)
    if made:
        separation.rmdir()
