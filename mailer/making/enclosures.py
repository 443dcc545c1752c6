"""The PDFs that go with each letter of a campaign: files of its folder, looked at before a page is made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pikepdf

from mailer.campaign.definition import Enclosure
from mailer.campaign.loading import Campaign
from mailer.errors import MailerError, Problem
from mailer.givenfile import read_given
from mailer.pages.letterhead import Letterhead
from mailer.pages.preflight import LARGEST, PdfKind, preflight


def enclosures_of(campaign: Campaign) -> list[bytes]:
    """Their content, in their order. Raises MailerError."""
    return [_read(campaign, one) for one in _files(campaign)]


def enclosures_digest(campaign: Campaign) -> tuple[str, ...]:
    """What an approval is bound to: one that was exchanged makes other pieces."""
    return tuple(hashlib.sha256(content).hexdigest() for content in enclosures_of(campaign))


def wrong_enclosures(campaign: Campaign, letterhead: Letterhead) -> Iterator[Problem]:
    """What stops them from being printed."""
    for one in _files(campaign):
        try:
            flaws = preflight(_read(campaign, one), PdfKind.ENCLOSURE, letterhead, finished=True)
        except MailerError as error:
            yield Problem(error.where, 0, error.what)
        except pikepdf.PdfError:
            yield Problem(f"{campaign.folder.name}/{one.file}", 0, "is no PDF that can be read.")
        else:
            for flaw in flaws:
                if flaw.stops:
                    yield Problem(f"{campaign.folder.name}/{one.file}", 0, str(flaw))


def _files(campaign: Campaign) -> list[Enclosure]:
    return [one for one in campaign.definition.letter.enclosures if isinstance(one, Enclosure)]


def _read(campaign: Campaign, one: Enclosure) -> bytes:
    path = campaign.folder / one.file
    if not path.resolve().is_relative_to(campaign.folder.resolve()):
        raise MailerError("is not in the campaign's folder.", where=one.file, todo="Copy it there.")
    return read_given(path, LARGEST, todo="Put the PDF into the campaign's folder.")
