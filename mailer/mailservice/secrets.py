"""Keys of mail services, and of the server that has the client page: from the environment, else from
`secrets.toml`, which only its owner may read.

They are never printed, logged or recorded.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final, TypeVar

from mailer.errors import MailerError
from mailer.mailservice.registry import SERVICES
from mailer.tomlfile import Table, read_section

FILE: Final = "secrets.toml"
SITE: Final = "site"

Secrets = TypeVar("Secrets", bound=Table)


def secret(root: Path, name: str, table: type[Secrets], variable: str, key: str) -> str:
    """The environment's `variable`, else `key` in that table of the folder's file, else "".

    Raises MailerError where others may read the file, FileProblems where it is faulty.
    """
    return os.environ.get(variable, "").strip() or str(getattr(_read(root, name, table), key)).strip()


def _read(root: Path, name: str, table: type[Secrets]) -> Secrets:
    path = root / FILE
    if not path.exists():
        return table()
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise MailerError("may be read by others.", where=str(path), todo=f"Run: chmod 600 {FILE}")
    found: Secrets = read_section(path, name, table, table(), others=(*SERVICES, SITE), shown=FILE)
    return found
