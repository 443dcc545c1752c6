"""An e-mail to look at before anything is approved: made as the one that is sent is, and given to nobody."""

from __future__ import annotations

from dataclasses import replace

from mailer.mailservice.service import Consignment
from mailer.mailservice.smtp.message import message
from mailer.mailservice.smtp.provider import sender_of
from mailer.planning.mailfolder import MailFolder

HEADERS = ("From", "To", "Subject")


def sample(mail: MailFolder, piece: Consignment, words: str) -> dict[str, str]:
    """Its text below its first headers, and its HTML, by the names of their files. Raises MailerError where
    the firm can't be the sender of an e-mail, ValueError for a header that can't be one.
    """
    sender = replace(sender_of(mail), attach_pdf=False, test_to="")  # as a client sees it
    made = message(piece, words, b"", sender, mail.clock.now())
    plain, html = (str(part.get_content()) for part in made.iter_parts())
    head = "".join(f"{name}: {made[name]}\n" for name in HEADERS)
    return {"email.txt": f"{head}\n{plain}", "email.html": html}
