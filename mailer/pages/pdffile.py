"""Writing a finished PDF, always to the same bytes.

qpdf ends the whole process where a write fails (a full disk), so it never sees the failure: it writes to a
stream that keeps the error until qpdf is done.
"""

from __future__ import annotations

from io import BytesIO, RawIOBase
from pathlib import Path
from typing import IO, Any

import pikepdf


class _Patient(RawIOBase):
    """A stream that takes everything; `error` is the first thing that went wrong with `target`."""

    def __init__(self, target: IO[bytes]) -> None:
        super().__init__()
        self.error: OSError | None = None
        self._target = target

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        if self.error is None:
            try:
                self._target.write(content)
            except OSError as error:
                self.error = error
        return len(content)


def save(pdf: pikepdf.Pdf, path: Path) -> None:
    """Write `pdf` to `path`. Raises OSError where it can't be written."""
    with path.open("wb") as file:
        patient = _Patient(file)
        _write(pdf, patient)
        if patient.error is not None:
            raise patient.error


def saved(pdf: pikepdf.Pdf) -> bytes:
    """The bytes of `pdf`."""
    target = BytesIO()
    _write(pdf, target)
    return target.getvalue()


def _write(pdf: pikepdf.Pdf, target: Any) -> None:
    pdf.save(
        target,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
    )
