"""An e-mail to look at before anything is approved: made as the one that is sent is, and given to nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from mailer.mailservice.service import Consignment
from mailer.mailservice.smtp.message import Sender, message

HEADERS = ("From", "To", "Subject")


def sample(by: Sender, piece: Consignment, words: str, now: datetime) -> dict[str, str]:
    """Its text below its first headers, and its HTML, by the names of their files. Raises ValueError for a
    header that can't be one.
    """
    sender = replace(by, attach_pdf=False, test_to="")  # as a client sees it
    made = message(piece, words, b"", sender, now)
    plain, html = (str(part.get_content()) for part in made.iter_parts())
    head = "".join(f"{name}: {made[name]}\n" for name in HEADERS)
    return {"email.txt": f"{head}\n{plain}", "email.html": html}
