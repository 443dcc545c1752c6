"""The real command as a process of its own, without the second that its imports take.

A server, one for each worker of the tests, has imported what commands use and forks one process for each of
them: with its own arguments, environment and streams, to be killed, stopped and waited for like any other.
Tests of the start itself (imports, installed scripts, libfaketime) start Python anew.
"""

from __future__ import annotations

import atexit
import json
import os
import runpy
import select
import socket
import struct
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).parents[2]
_LENGTH = struct.Struct("!I")
_EXIT = struct.Struct("!i")
_MODULES = (
    "alembic.command", "mailer.cli.main", "mailer.evidence.pack", "mailer.mailservice.registry",
    "mailer.making.approval", "mailer.making.proof", "mailer.printroom.job", "mailer.standing.check",
    "mailer.standing.clientimport", "mailer.standing.status", "mailer.store.schema", "psycopg",
)  # fmt: skip


class Forked(subprocess.Popen[str]):
    """`python -m MODULE WORDS`, forked. As `subprocess.Popen` with pipes and text."""

    def __init__(
        self, module: str, words: Sequence[str], env: Mapping[str, str], stderr: int = subprocess.PIPE
    ) -> None:
        self._state, its_state = socket.socketpair()
        out, its_out = os.pipe()
        err, its_err = os.pipe() if stderr == subprocess.PIPE else (-1, os.dup(stderr))
        with its_state, Path(os.devnull).open("rb") as nothing:
            _ask(_address(), module, words, env, [nothing.fileno(), its_out, its_err, its_state.fileno()])
        os.close(its_out)
        os.close(its_err)
        self.args = [module, *words]
        self.stdin = None
        self.stdout = os.fdopen(out, encoding="utf-8")
        self.stderr = os.fdopen(err, encoding="utf-8") if err >= 0 else None
        self.pid = _EXIT.unpack(self._state.recv(_EXIT.size, socket.MSG_WAITALL))[0]
        self.returncode = None
        for name, value in _AS_POPEN.items():
            setattr(self, name, value)
        self._waitpid_lock = threading.Lock()

    def _internal_poll(self, *_: Any, **__: Any) -> int | None:
        if self.returncode is None and select.select([self._state], [], [], 0)[0]:
            self._ended()
        return self.returncode

    def _wait(self, timeout: float | None) -> int:
        if self.returncode is None:
            if not select.select([self._state], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(self.args, timeout or 0)
            self._ended()
        return self.returncode

    def _ended(self) -> None:
        self.returncode = _EXIT.unpack(self._state.recv(_EXIT.size, socket.MSG_WAITALL))[0]
        self._state.close()


_AS_POPEN = {
    "encoding": "utf-8", "errors": "strict", "text_mode": True, "pipesize": -1, "process_group": None,
    "_input": None, "_communication_started": False, "_child_created": True, "_sigint_wait_secs": 0.25,
    "_closed_child_pipe_fds": True,
}  # fmt: skip
"""What `subprocess.Popen` has once its child runs (CPython 3.11 to 3.14)."""


@lru_cache(maxsize=1)
def _address() -> str:
    """Of the server of this process, which ends with it."""
    name = f"\0mailer-tests-{os.getpid()}-{time.monotonic_ns()}"
    ours, its = socket.socketpair()
    command = [sys.executable, "-m", "tests.support.forked", name.removeprefix("\0"), str(its.fileno())]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    server = subprocess.Popen(command, cwd=ROOT, env=environ, pass_fds=[its.fileno()])
    its.close()
    if ours.recv(1) != b"+":
        raise RuntimeError("the server of commands did not start")

    def end() -> None:
        ours.close()
        server.wait()

    atexit.register(end)
    return name


def _ask(
    address: str, module: str, words: Sequence[str], env: Mapping[str, str], streams: Sequence[int]
) -> None:
    command = {"module": module, "words": list(words), "env": dict(env), "cwd": str(Path.cwd())}
    asked = json.dumps(command).encode()
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(address)
        socket.send_fds(server, [_LENGTH.pack(len(asked))], streams)
        server.sendall(asked)


def install(folder: Path) -> None:
    """A `mailer` in this folder for a shell to find, forked as well."""
    script = folder / "mailer"
    ours = f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom tests.support.forked import stand_in\n"
    script.write_text(f"#!{sys.executable} -S\n{ours}stand_in({_address()!r})\n", encoding="utf-8")
    script.chmod(0o755)


def stand_in(address: str) -> NoReturn:
    """Run what this process was called for, with its streams and in its folder; end as that ends."""
    ours, its = socket.socketpair()
    with its:
        _ask(address, "mailer", sys.argv[1:], os.environ, [0, 1, 2, its.fileno()])
    ours.recv(_EXIT.size, socket.MSG_WAITALL)
    raise SystemExit(_EXIT.unpack(ours.recv(_EXIT.size, socket.MSG_WAITALL))[0])


def _serve(name: str, alive: socket.socket) -> None:
    """Fork a keeper for each request until nobody is there who asks."""
    for module in _MODULES:
        __import__(module)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"\0{name}")
        listening.listen()
        alive.sendall(b"+")
        while True:
            ready, _, _ = select.select([listening, alive], [], [])
            with suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            if alive in ready:
                return
            with listening.accept()[0] as asking:
                head, streams, _, _ = socket.recv_fds(asking, _LENGTH.size, 4)
                asked = b""
                while len(asked) < _LENGTH.unpack(head)[0]:
                    asked += asking.recv(1 << 16)
            if os.fork() == 0:
                listening.close()
                alive.close()
                _keep(json.loads(asked), streams)
            for stream in streams:
                os.close(stream)


def _keep(asked: dict[str, Any], streams: list[int]) -> NoReturn:
    """Fork the command, say its process id, wait for it, say how it ended."""
    *standard, state = streams
    command = os.fork()
    if command == 0:
        os.close(state)
        _run(asked, standard)
    for stream in standard:
        os.close(stream)
    os.write(state, _EXIT.pack(command))
    _, status = os.waitpid(command, 0)
    with suppress(OSError):
        os.write(state, _EXIT.pack(os.waitstatus_to_exitcode(status)))
    os._exit(0)


def _run(asked: dict[str, Any], standard: Sequence[int]) -> NoReturn:
    code = 1
    try:
        for place, stream in enumerate(standard):
            os.dup2(stream, place)
        os.closerange(3, 64)
        os.environ.clear()
        os.environ.update(asked["env"])
        os.chdir(asked["cwd"])
        time.tzset()
        sys.argv = [asked["module"], *asked["words"]]
        runpy.run_module(asked["module"], run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
    except BaseException:  # noqa: BLE001 - as the interpreter would
        traceback.print_exc()
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _serve(sys.argv[1], socket.socket(fileno=int(sys.argv[2])))
