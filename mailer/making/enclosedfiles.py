"""What the enclosures of a campaign are made of: the PDFs of its folder, and the issues that it names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from mailer.campaign.definition import Enclosure
from mailer.campaign.loading import FOLDER, Campaign, load_campaign
from mailer.clients.record import Client
from mailer.errors import MailerError
from mailer.givenfile import LARGEST_PDF, read_given


def enclosures_digest(campaign: Campaign) -> tuple[str, ...]:
    """What an approval is bound to: a PDF that was exchanged makes other pieces."""
    return tuple(
        hashlib.sha256(read_enclosure(campaign, one)).hexdigest() for one in printed(campaign) if one.file
    )


def enclosed_issues(campaign: Campaign) -> tuple[Campaign, ...]:
    """The issues of the newsletter that go with its letters. Raises MailerError for one that is none."""
    root = campaign.folder.parent.parent
    found = []
    for one in printed(campaign):
        if one.issue is None:
            continue
        if not (root / FOLDER / one.issue).is_dir():
            raise MailerError(
                f"encloses the issue {one.issue}, which does not exist.",
                where=campaign.path,
                todo=f"Begin it: mailer newsletter new {one.issue}",
            )
        if campaign.kind.is_issue:
            raise MailerError(
                f"encloses the issue {one.issue}, and is one.",
                where=campaign.path,
                todo="An issue is enclosed in letters: say it under [letter] of their campaign.",
            )
        issue = load_campaign(root, one.issue)
        if not issue.kind.is_issue:
            raise MailerError(f"encloses {one.issue}, which is no issue.", where=campaign.path)
        found.append(issue)
    return tuple(found)


def issues_with_article(campaign: Campaign) -> tuple[str, ...]:
    """The issues among them that carry the campaign's own article: a letter with one of these in its envelope
    brings the newsletter as well. Raises MailerError for one that is no issue.
    """
    issues = enclosed_issues(campaign)
    return tuple(
        one.name for one in issues if one.definition.issue and campaign.name in one.definition.issue.carries
    )


def printed(campaign: Campaign) -> list[Enclosure]:
    """Those that are printed, in their order; a text alone is put in by hand."""
    return [one for one in campaign.definition.letter.enclosures if isinstance(one, Enclosure)]


def going_with(campaign: Campaign, clients: Iterable[Client]) -> tuple[tuple[int, ...], ...]:
    """Which of those that are printed go with the letter to each client, from 0: an issue not to who opted
    out of the newsletter.
    """
    issues = {at for at, one in enumerate(printed(campaign)) if one.issue}
    every = range(len(printed(campaign)))
    return tuple(tuple(at for at in every if one.newsletter or at not in issues) for one in clients)


def read_enclosure(campaign: Campaign, one: Enclosure) -> bytes:
    """The PDF. Raises MailerError."""
    path = campaign.folder / one.file
    if not path.resolve().is_relative_to(campaign.folder.resolve()):
        raise MailerError("is not in the campaign's folder.", where=one.file, todo="Copy it there.")
    return read_given(path, LARGEST_PDF, todo="Put the PDF into the campaign's folder.")
