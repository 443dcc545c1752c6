"""What goes by e-mail, beside the proof of what is printed: files in the proof's folder, sent to nobody."""

from __future__ import annotations

from pathlib import Path

from mailer.campaign.loading import load_campaign
from mailer.errors import MailerError
from mailer.mailservice.registry import provider
from mailer.mailservice.service import Consignment, PostalAddress
from mailer.making.proof import Proof
from mailer.planning.mailfolder import MailFolder
from mailer.planning.route import route_of
from mailer.store.files import write_whole

LABEL = "PROOF"


def write_sample(mail: MailFolder, name: str, proof: Proof) -> tuple[Path, ...]:
    """The e-mail of `proof` as files in its folder; none where nobody gets one. Raises MailerError where none
    can be made.
    """
    email = proof.email
    if email is None:
        return ()
    nowhere = PostalAddress(email.name, "", "", "", "", "", "")
    piece = Consignment(
        send_key=LABEL,
        label=LABEL,
        campaign=name,
        subject=email.subject,
        pdf=b"",
        pages=1,
        size=0,
        to=nowhere,
        sender=nowhere,
        notice=email.is_letter,
        email=email.address,
    )
    by = provider(route_of(mail.settings, load_campaign(mail.root, name)))
    if by.sample is None:
        return ()
    try:
        files = by.sample(mail, piece, email.words)
    except ValueError as error:
        raise MailerError(f"no e-mail can be made of it: {error}.", where=name) from None
    for file, content in files.items():
        write_whole(proof.folder / file, content.encode())
    return tuple(proof.folder / file for file in files)
