"""`mailer letterhead preview`: the specimen pages of the firm's letterhead, made anew each time."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mailer.pages.previews import page_images
from mailer.pages.specimen import specimen
from mailer.planning.mailfolder import MailFolder

NAME: Final = "letterhead"


@dataclass(frozen=True, slots=True)
class Preview:
    """The PDF, how many page images lie beside it, and what is too light to read."""

    pdf: Path
    images: int
    remarks: tuple[str, ...]


def preview(mail: MailFolder) -> Preview:
    """Write `proofs/letterhead`. Raises MailerError where the letterhead can't be printed."""
    letterhead = mail.letterhead
    pdf = specimen(letterhead, mail.settings, mail.today)
    folder = mail.root / "proofs" / NAME
    shutil.rmtree(folder, ignore_errors=True)
    images = page_images(pdf, folder, stem="page")
    path = folder / "preview.pdf"
    path.write_bytes(pdf)
    return Preview(path, len(images), letterhead.palette.remarks())
