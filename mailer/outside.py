"""Trouble not of our making: the disk, the folder, the memory, the database, in words with a way out."""

from __future__ import annotations

import errno
from typing import Final

from mailer.errors import MailerError, ServiceTrouble, in_words

_TOO_MUCH: Final = MailerError(
    "it takes more memory than there is, or lies in itself too deep: folders in folders, a text's brackets.",
    todo="Look at what was added or changed last, and take it away.",
)
_FULL: Final = MailerError(
    "the disk is full.", todo="Make room, then run the same command again: it goes on."
)
_DAMAGED: Final = MailerError(
    "the database is damaged.",
    todo="Keep a copy of it as it is, and restore the last backup: see mailer restore --help.",
)
_NOT_OURS: Final = (
    "Could not decode to UTF-8",
    "malformed JSON",
    "duplicate column name: ",
    "no such column: ",
    " has no column named ",
    "no such table: ",
    "no such function: ",
)
_UNSOUND: Final = MailerError(
    "the disk does not read or keep the database: it fails, is away, or lets no file grow so large.",
    todo="Mend that, then run the same command again. If it stays so, restore the last backup.",
)
_NOWHERE: Final = MailerError(
    "the folder that you are in is not there any more.", todo="Go to your mail folder:  cd FOLDER"
)
_CLOSED: Final = MailerError(
    "the database may not be written to.",
    todo="See whether it and its folder are yours to write, then run the same command again.",
)
_RULED: Final = MailerError(
    "the database refuses what is written: somebody added a rule of their own to a table of mailer's.",
    todo="Have it taken away (a trigger, a column that must be filled), then run the same command again.",
)
_BUSY: Final = ServiceTrouble(
    "another program has held the database too long.",
    todo="Run the same command again: it goes on, and asks what came of all that was under way.",
)
_CUT: Final = ServiceTrouble(
    "the connection to the database broke, or it ended the command.",
    todo="See that it runs. Then run the same command again: it goes on, and asks what came of all that was "
    "under way.",
)
_OF_DATABASES: Final = (  # how SQLite's names of it begin, and PostgreSQL's SQLSTATE, what it is
    (("SQLITE_FULL",), ("53100",), _FULL),
    (
        ("SQLITE_CORRUPT", "SQLITE_NOTADB"),
        ("42703", "42P01", "42804", "42883", "XX"),
        _DAMAGED,
    ),
    (("SQLITE_IOERR",), ("58030",), _UNSOUND),
    (("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM"), ("25006", "42501"), _CLOSED),
    (
        ("SQLITE_CONSTRAINT_TRIGGER", "SQLITE_CONSTRAINT_NOTNULL", "SQLITE_CONSTRAINT_CHECK"),
        ("23502", "23514", "P0"),
        _RULED,
    ),
    (("SQLITE_BUSY", "SQLITE_LOCKED"), ("55P03", "40P01", "40001"), _BUSY),
    (("SQLITE_INTERRUPT",), ("08", "25P", "53", "54", "57", "58"), _CUT),
)


def outside(error: BaseException) -> MailerError | None:
    """What went wrong outside of this program, by the system's word, SQLite's or PostgreSQL's (SQLSTATE).

    None of what nobody knows.
    """
    if isinstance(error, RecursionError | MemoryError):
        return _TOO_MUCH
    if isinstance(error, OSError) and error.errno not in (errno.ENOSPC, errno.EDQUOT):
        at_all = MailerError(
            f"{in_words(error)}.",
            where=f"{error.filename or ''}",
            todo="See whether it is there and may be read and written, then run the same command again.",
        )
        nowhere = error.filename is None and isinstance(error, FileNotFoundError)  # os.getcwd()
        return _NOWHERE if nowhere else at_all
    if isinstance(error, RuntimeError) and str(error).startswith("Symlink loop"):  # pathlib's resolve()
        return MailerError(f"{error}.", todo="It leads to itself: put the folder or file there again.")
    return _of_its_causes(error)


def _of_its_causes(error: BaseException | None) -> MailerError | None:
    """By the first of what led to it that says enough."""
    while error is not None:
        original = getattr(error, "orig", None) or error  # a backup speaks to SQLite itself
        sqlite, postgres = getattr(original, "sqlite_errorname", ""), _state(original)
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return _FULL
        if any(words in str(original or "") for words in _NOT_OURS):
            return _DAMAGED
        for names, states, known in _OF_DATABASES:
            if sqlite.startswith(names) or postgres.startswith(states):
                return known
        error = error.__cause__ or error.__context__
    return None


def _state(error: BaseException) -> str:
    """PostgreSQL's SQLSTATE of an error; "08" where its server is silent or talks nonsense, else ""."""
    if type(error).__module__.startswith("psycopg"):
        silent = type(error).__name__ in ("OperationalError", "InterfaceError", "DatabaseError")
        return getattr(error, "sqlstate", None) or ("08" if silent else "")
    return ""
