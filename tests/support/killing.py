"""The real command, killed by itself with SIGKILL at a chosen durable step.

    python -m tests.support.killing before-commit:3 send 2026-12 -C FOLDER

Steps: `before-commit:N` and `after-commit:N` of the command's own writing transactions, `before-post:N` and
`after-post:N` of its requests to a service (the answer has arrived and nothing of it is recorded yet);
`before-end:N` and `after-end:N` of the last line of an e-mail (noted before, and taken but not noted yet);
`before-ddl:N` of the changes that it makes to the tables, which is the middle of an upgrade;
`before-rename:N` of the files and folders that it moves to their places, and `before-move:N`, `after-move:N`
of those in a print shop's folder.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any

import requests
from sqlalchemy import Engine, event

from mailer.cli.main import main
from mailer.mailservice.smtp.wire import Wire
from mailer.place import Directory
from mailer.store.writelock import WRITES
from tests.support.forked import Forked
from tests.support.office import Office


def killed(office: Office, step: str, *words: str, environ: Mapping[str, str] = MappingProxyType({})) -> None:
    """Run that command up to the step, where it must be killed. `environ` is added to its variables."""
    killed_at(step, [*words, "-C", str(office.root)], office.variables() | dict(environ))


def killed_at(step: str, words: Sequence[str], variables: Mapping[str, str]) -> None:
    """The same in no mail folder."""
    with Forked("tests.support.killing", [step, *words], os.environ | dict(variables)) as ran:
        said = ran.communicate(timeout=120)
    assert ran.returncode == -signal.SIGKILL, f"{step} was not met: {said}"


def after(number: int) -> Callable[[], None]:
    """Kills this process when it is called for the `number`th time."""
    called = count(1)

    def kill() -> None:
        if next(called) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    return kill


def arm(step: str) -> None:
    """Lay the trap."""
    name, _, number = step.partition(":")
    kill = after(int(number))
    if name == "before-ddl":
        _arm_changes(kill)
    elif name == "before-rename":
        _arm_renames(kill)
    elif name in ("before-move", "after-move"):
        _arm_moves(name, kill)
    elif name in ("before-end", "after-end"):
        _arm_ends(name, kill)
    elif name in ("before-commit", "after-commit"):
        _arm_commits(name, kill)
    else:
        _arm_posts(name, kill)


def _arm_changes(kill: Callable[[], None]) -> None:
    def changing(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("ALTER ", "CREATE ")):
            kill()

    event.listen(Engine, "before_cursor_execute", changing)


def _arm_renames(kill: Callable[[], None]) -> None:
    rename = Path.rename

    def renaming(self: Path, target: Path) -> Path:
        kill()
        return rename(self, target)

    Path.rename = renaming  # type: ignore[method-assign,assignment]


def _arm_moves(name: str, kill: Callable[[], None]) -> None:
    move = Directory.move

    def moving(self: Directory, old: str, new: str) -> None:
        if name == "before-move":
            kill()
        move(self, old, new)
        if name == "after-move":
            kill()

    Directory.move = moving  # type: ignore[method-assign]


def _arm_ends(name: str, kill: Callable[[], None]) -> None:
    end = Wire._end

    def ending(self: Wire, server: Any) -> Any:
        if name == "before-end":
            kill()
        answer = end(self, server)
        if name == "after-end":
            kill()
        return answer

    Wire._end = ending  # type: ignore[method-assign]


def _arm_commits(name: str, kill: Callable[[], None]) -> None:
    def committing(connection: Any) -> None:
        if not connection.get_execution_options().get(WRITES, False):
            return
        if name == "after-commit":
            connection.connection.dbapi_connection.commit()
        kill()

    event.listen(Engine, "commit", committing)


def _arm_posts(name: str, kill: Callable[[], None]) -> None:
    send = requests.Session.send

    def sending(self: requests.Session, request: Any, **options: Any) -> Any:
        if request.method != "POST":
            return send(self, request, **options)
        if name == "before-post":
            kill()
        answer = send(self, request, **options)
        if name == "after-post":
            kill()
        return answer

    requests.Session.send = sending  # type: ignore[method-assign]


if __name__ == "__main__":
    arm(sys.argv[1])
    main(sys.argv[2:])
