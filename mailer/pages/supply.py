"""What the PDF renderer may read: the letterhead as it was loaded, and pictures of named folders.

Everything else (the web, other files, data URLs) is refused by an error that stops the rendering.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote

from mailer.errors import MailerError
from mailer.givenfile import LARGEST_PICTURE, read_given
from mailer.pages.drawing import trouble
from mailer.pages.letterhead import Letterhead
from mailer.pages.photographs import undressed
from mailer.pages.weasy import FatalURLFetchingError, URLFetcher, URLFetcherResponse
from mailer.place import address_of


class ForbiddenSource(MailerError):
    """A template or document asks for something outside its folders."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(
            f"{url!r} {reason}.",
            where="letterhead or document",
            todo="Pictures, style sheets and fonts come from the letterhead's and the campaign's folders.",
        )


class Stop(FatalURLFetchingError):  # type: ignore[misc] # weasyprint has no types
    """Carries our error through WeasyPrint, which swallows ordinary ones."""

    def __init__(self, problem: MailerError) -> None:
        super().__init__(str(problem))
        self.problem = problem


class Supply(URLFetcher):  # type: ignore[misc] # weasyprint has no types
    """The only source of files for one rendering."""

    def __init__(self, letterhead: Letterhead, folders: Sequence[Path] = ()) -> None:
        super().__init__(allowed_protocols=("file",), allow_redirects=False)
        self._letterhead = letterhead
        self._folders = tuple(folder.resolve() for folder in folders)
        self.refused: list[MailerError] = []  # also where WeasyPrint swallows the error: inside an SVG

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002
        try:
            path, content = self._read(url)
        except MailerError as problem:
            self.refused.append(problem)
            raise Stop(problem) from None
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, content, {"Content-Type": kind})

    def _read(self, url: str) -> tuple[Path, bytes]:
        parts = address_of(url)
        if parts.scheme != "file" or parts.netloc:
            raise ForbiddenSource(url[:200], "is not a file of the letterhead or the campaign")
        path = Path(unquote(parts.path)).resolve()
        if path.is_relative_to(self._letterhead.folder):
            name = path.relative_to(self._letterhead.folder).as_posix()
            if name not in self._letterhead.files:
                raise ForbiddenSource(url, "does not exist in the letterhead")
            return path, _drawable(path, self._letterhead.files[name])
        if not any(path.is_relative_to(folder) for folder in self._folders):
            raise ForbiddenSource(url, "is outside the letterhead's and the campaign's folders")
        try:
            content = read_given(path, LARGEST_PICTURE)
        except MailerError as error:
            raise ForbiddenSource(url, f"cannot be read: {error.what.rstrip('.')}") from None
        return path, _drawable(path, content)


def _drawable(path: Path, content: bytes) -> bytes:
    """The picture. Raises ForbiddenSource for one that is cut short or takes too much to draw."""
    if path.suffix.lower() in (".jpg", ".jpeg", ".png"):
        try:
            return undressed(content)
        except ValueError as error:
            raise ForbiddenSource(path.name, str(error)) from None
    if path.suffix.lower() == ".svg" and (why := trouble(content)):
        raise ForbiddenSource(path.name, why)
    return content
