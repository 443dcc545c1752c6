"""What a client saw of a printed letter: its pages, its addresses, and the paper it was printed on.

The paper is the page that was kept when the job was printed; the letterhead may have changed since.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from mailer.evidence.case import Production
from mailer.evidence.handovers import paper
from mailer.evidence.pieces import ProvedPiece
from mailer.ledger.numbers import holds
from mailer.pages.endorsement import ENDORSEMENT, window_sender
from mailer.pages.imposition import PieceToPrint, assemble
from mailer.planning.mailfolder import MailFolder


def paper_of(mail: MailFolder, jobs: Sequence[Production], piece: ProvedPiece) -> bytes | None:
    """The page of the pre-printed paper that the piece was last printed on, None where it was plain.

    Raises MailerError where it is missing or was changed.
    """
    printed = [job for job in jobs if holds(job.pieces, piece.number)]
    return paper(mail, printed[-1]) if printed and printed[-1].paper else None


def as_seen(mail: MailFolder, piece: ProvedPiece, beneath: bytes | None) -> bytes:
    """The letter with the address block laid over it as the print room does, without sheet marks, on its
    paper.
    """
    letterhead = mail.letterhead
    printed = PieceToPrint(
        mail.store.files.path(piece.file),
        piece.first,
        piece.last,
        1,
        address=piece.lines,
        sender=window_sender(mail.settings, letterhead),
        endorsement=ENDORSEMENT,
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "seen.pdf"
        assemble([printed], path, letterhead, total=1, marks=False, beneath=beneath)
        return path.read_bytes()
