"""A folder of somebody else's by SFTP, through paramiko (mailer.place).

The server must be known: its key stands in ~/.ssh/known_hosts, as `sftp user@host` puts it there. Who logs in
is proved by a key of ~/.ssh or the agent, or by a password. A connection that broke is made anew once it is
needed; no call is tried again here. A server that stalls, at whatever step, has its connection ended.
"""

from __future__ import annotations

import logging
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from queue import Empty, Queue
from time import monotonic
from typing import Final, TypeVar
from urllib.parse import SplitResult, unquote

import paramiko
from paramiko.hostkeys import HostKeyEntry, InvalidHostKey

from mailer.errors import NONSENSE, in_words
from mailer.patience import waited_for
from mailer.place import LARGEST, counted

T = TypeVar("T")

TIMEOUT: Final = 30.0  # seconds, to connect and for each answer
SLOWEST: Final = 10_000  # bytes a second, of a file that is written
PATIENCE: Final = 300.0  # seconds that all requests together may take, and for each of them
EACH: Final = 2.0
AGENT: Final = 10.0  # seconds for an SSH agent to name its keys
KNOWN_HOSTS: Final = Path("~/.ssh/known_hosts")
_BROKEN: Final = (paramiko.SSHException, paramiko.SFTPError, InvalidHostKey, *NONSENSE)
"""What is raised, but OSError, where a server says nonsense or nothing, or has folders without end."""


class Sftp:
    """A folder on an SFTP server: `address` is sftp://user@host:port/path."""

    def __init__(self, address: SplitResult, password: str) -> None:
        logging.getLogger("paramiko").addHandler(logging.NullHandler())  # what it says is ours to say
        self._address = address
        self._password = password
        self._root = unquote(address.path).rstrip("/") or "."
        self._lock = threading.Lock()
        self._client: paramiko.SSHClient | None = None
        self._session: paramiko.SFTPClient | None = None
        self._left = PATIENCE

    def names(self, folder: str) -> list[str]:
        def listing(sftp: paramiko.SFTPClient) -> list[str]:
            try:
                return counted((one.filename for one in _listed(sftp, self._at(folder))), folder)
            except UnicodeDecodeError:
                raise OSError(84, "has a name in it that is not UTF-8; have it renamed", folder) from None

        return self._do(listing)

    def files(self, folder: str) -> list[str]:
        return self._do(lambda sftp: counted(_below(sftp, self._at(folder), ""), folder))

    def real(self) -> str:
        """The folder's whole path, links followed; itself need not be there."""
        return self._do(lambda sftp: sftp.normalize(self._root))

    def read(self, path: str) -> bytes:
        def reading(sftp: paramiko.SFTPClient) -> bytes:
            if not stat.S_ISREG(sftp.stat(self._at(path)).st_mode or 0):
                raise FileNotFoundError(2, "is no file", path)
            with sftp.open(self._at(path), "rb") as file:
                return file.read(LARGEST + 1)

        return self._do(reading)

    def write(self, path: str, content: bytes) -> None:
        def writing(sftp: paramiko.SFTPClient) -> None:
            with sftp.open(self._at(path), "wb") as file:
                file.set_pipelined(pipelined=True)
                file.write(content)
            if sftp.stat(self._at(path)).st_size != len(content):
                raise OSError(5, "arrived incomplete", path)

        self._do(writing, longer=len(content) / SLOWEST)

    def make(self, folder: str) -> None:
        self._do(lambda sftp: sftp.mkdir(self._at(folder)))

    def move(self, old: str, new: str) -> None:
        def moving(sftp: paramiko.SFTPClient) -> None:
            with suppress(FileNotFoundError):
                sftp.stat(self._at(new))
                raise FileExistsError(17, "is there already", new)
            sftp.rename(self._at(old), self._at(new))
            with suppress(FileNotFoundError):
                sftp.lstat(self._at(old))
                raise OSError(5, "is still there after it was renamed", old)

        self._do(moving)

    def remove(self, path: str) -> None:
        def removing(sftp: paramiko.SFTPClient) -> None:
            _remove(sftp, self._at(path))

        self._do(removing)

    def close(self) -> None:
        """End the connection."""
        client, self._client, self._session = self._client, None, None
        if client is not None:
            client.close()

    def _at(self, path: str) -> str:
        return f"{self._root}/{path}"

    def _do(self, call: Callable[[paramiko.SFTPClient], T], longer: float = 0) -> T:
        """One request after the other; what breaks is an OSError, and ends the connection where it broke.
        It may take as many seconds as connecting and an answer, and `longer`; a server that is always late
        is given no more.
        """
        with self._lock, self._spending(EACH + longer), waited_for(2 * TIMEOUT + longer, self.close):
            try:
                return call(self._connected())
            except _BROKEN as error:
                self.close()
                raise ConnectionError(_said(error)) from error
            except OSError as error:
                if not isinstance(error, FileNotFoundError | FileExistsError | PermissionError):
                    self.close()
                raise

    @contextmanager
    def _spending(self, given: float) -> Iterator[None]:
        """Raises TimeoutError once the server has taken more seconds than all requests were given."""
        if self._left < 0:
            raise TimeoutError(110, "the server answers too slowly to go on")
        begun = monotonic()
        try:
            yield
        finally:
            self._left += given - (monotonic() - begun)

    def _connected(self) -> paramiko.SFTPClient:
        if self._session is None:
            self._client = client = paramiko.SSHClient()
            for name, key in _known_hosts(KNOWN_HOSTS):
                client.get_host_keys().add(name, key.get_name(), key)
            client.set_missing_host_key_policy(paramiko.RejectPolicy())
            if not self._password:
                _within(AGENT, "the SSH agent", lambda: paramiko.Agent().close())
            connect = partial(
                client.connect,
                self._address.hostname or "",
                self._address.port or 22,
                self._address.username,
                self._password or None,
                timeout=TIMEOUT,
                banner_timeout=TIMEOUT,
                auth_timeout=TIMEOUT,
                look_for_keys=not self._password,
                allow_agent=not self._password,
            )
            _within(2 * TIMEOUT, "the server, or the SSH agent,", connect)
            self._session = client.open_sftp()
            channel = self._session.get_channel()
            if channel is not None:
                channel.settimeout(TIMEOUT)
        return self._session


def _said(error: Exception) -> str:
    """What went wrong, for a person."""
    if isinstance(error, RecursionError):
        return "it has folders in folders without end"
    if "protocol banner" in str(error):
        return "what answers there is no SSH server"
    match error:
        case paramiko.BadHostKeyException():
            return "it shows another key than the one known of it: ask who runs it before you trust it"
        case paramiko.ChannelException():
            return "who logs in there may open no session"
        case paramiko.ssh_exception.PartialAuthentication():
            return "it asks for a second proof of who logs in"
    return in_words(error).rstrip(" :") if str(error) else "the connection broke"


def _known_hosts(path: Path) -> Iterator[tuple[str, paramiko.PKey]]:
    """Each name of the file with its key. A line that is none is passed over, as `sftp` passes it over."""
    try:
        lines = path.expanduser().read_text(encoding="utf-8", errors="replace").splitlines()
    except (OSError, RuntimeError):  # RuntimeError: nobody's home
        return
    for number, line in enumerate(lines, 1):
        try:
            entry = HostKeyEntry.from_line(line, number)
        except _BROKEN:
            continue
        if entry is not None and entry.key is not None:
            for name in entry.hostnames or ():
                yield name, entry.key


def _within(seconds: float, who: str, call: Callable[[], object]) -> None:
    """Call it, for so long at most: an agent may never answer. Raises TimeoutError, and as it does."""
    ended: Queue[BaseException | None] = Queue()

    def run() -> None:
        try:
            call()
        except BaseException as error:  # noqa: BLE001 (raised again where it is waited for)
            ended.put(error)
        else:
            ended.put(None)

    threading.Thread(target=run, daemon=True).start()
    try:
        error = ended.get(timeout=seconds)
    except Empty:
        raise TimeoutError(110, f"{who} does not answer") from None
    if error is not None:
        raise error


def _listed(sftp: paramiko.SFTPClient, folder: str) -> Iterator[paramiko.SFTPAttributes]:
    """Its entries as they come: one request after the other, so that any may be the last."""
    entries: Iterator[paramiko.SFTPAttributes] = sftp.listdir_iter(folder, read_aheads=1)
    return entries


def _below(sftp: paramiko.SFTPClient, top: str, way: str) -> Iterator[str]:
    for entry in _listed(sftp, f"{top}/{way}"):
        name = way + entry.filename
        if stat.S_ISDIR(entry.st_mode or 0):
            yield from _below(sftp, top, f"{name}/")
        else:
            yield name


def _remove(sftp: paramiko.SFTPClient, path: str) -> None:
    with suppress(FileNotFoundError):
        if not stat.S_ISDIR(sftp.lstat(path).st_mode or 0):
            sftp.remove(path)
            return
        for name in sftp.listdir(path):
            _remove(sftp, f"{path}/{name}")
        sftp.rmdir(path)
