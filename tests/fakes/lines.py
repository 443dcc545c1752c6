"""A server that says the next of its lines for each line that it is told, and the last one on and on."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress


@contextmanager
def line_server(lines: Sequence[bytes]) -> Iterator[int]:
    """Its port. The first line is its greeting; {tag} is the first word of what it was told."""

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            told, (*first, last) = b"", lines
            with suppress(OSError):
                for line in first:
                    self.wfile.write(line.replace(b"{tag}", told.partition(b" ")[0]))
                    told = self.rfile.readline()
                while not over.wait(0.01):
                    self.wfile.write(last.replace(b"{tag}", told.partition(b" ")[0]))

    over = threading.Event()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield listening.server_address[1]
        finally:
            over.set()
            listening.shutdown()
            thread.join()
