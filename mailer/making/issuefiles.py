"""An issue as files to look at, to send along, or to put on a web page: PDF, text, page images."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mailer.campaign.loading import load_campaign
from mailer.errors import UsageProblem
from mailer.making.issue import examine, render_issue
from mailer.pages.issuetext import screen_of, text_of
from mailer.pages.previews import page_images
from mailer.pages.readable import readable
from mailer.planning.mailfolder import MailFolder
from mailer.store.commandlock import making_alone
from mailer.store.files import write_whole
from mailer.store.mailings import mailing_named
from mailer.store.pieces import pieces

FOLDER: Final = "issues"  # of a mail folder; one folder an issue in it


@dataclass(frozen=True, slots=True)
class IssueFiles:
    """What was written. `approved`: from the approved bytes, else from today's files."""

    folder: Path
    pdf: Path
    text: Path
    images: tuple[Path, ...]
    approved: bool


def write_issue(mail: MailFolder, name: str) -> IssueFiles:
    """Write the issue anew into issues/NAME. Raises what `proof` raises for its texts."""
    campaign = load_campaign(mail.root, name)
    if not campaign.kind.is_issue:
        raise UsageProblem(f"{name} is no issue of the newsletter. Its pages: mailer proof {name}")
    with mail.store.read() as session:
        mailing = mailing_named(session, name)
        approved = mailing is not None and mailing.approved_at is not None
        file = next((one.file for one in pieces(session, mailing)), "") if mailing and approved else ""
    if file:
        whole = mail.store.files.get(file)
    else:
        examine(mail, campaign)
        whole = render_issue(mail, campaign, mail.letterhead).pdf
    folder = mail.root / FOLDER / name
    beside = folder.with_name(f".{name}.part")
    shown = screen_of(whole)
    with making_alone(mail.root):
        shutil.rmtree(beside, ignore_errors=True)
        write_whole(beside / f"{name}.pdf", shown)
        write_whole(beside / f"{name}.txt", readable(text_of(whole)).encode())
        images = page_images(shown, beside, stem="page")
        shutil.rmtree(folder, ignore_errors=True)
        beside.rename(folder)
    pdf, text = folder / f"{name}.pdf", folder / f"{name}.txt"
    return IssueFiles(folder, pdf, text, tuple(folder / one.name for one in images), bool(file))
