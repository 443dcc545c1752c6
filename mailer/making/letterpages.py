"""The pages of a campaign's letters, rendered a chunk at a time and stored as files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from mailer.campaign.loading import Campaign
from mailer.ledger.clientpiece import ClientPiece
from mailer.making.documents import FROM_NEWSLETTER, Written
from mailer.making.enclosures import Enclosed
from mailer.making.preparation import Sheet, Wanted
from mailer.making.printcheck import Printed, require_printable
from mailer.pages.enclosing import enclosing
from mailer.pages.issuetext import with_letter_texts
from mailer.pages.letter import Letter, words_of_letter
from mailer.pages.letterhead import Letterhead
from mailer.pages.pagehash import piece_hashes
from mailer.pages.preflight import PdfKind, preflight
from mailer.planning.mailfolder import MailFolder
from mailer.settings import Paper

if TYPE_CHECKING:
    from mailer.pages.letterbatch import LetterBatch


def render(
    mail: MailFolder,
    campaign: Campaign,
    letterhead: Letterhead,
    dated: date,
    batch: LetterBatch,
    enclosed: Enclosed,
    pieces: list[tuple[Wanted, list[ClientPiece]]],
) -> Iterator[list[tuple[Wanted, list[ClientPiece], Sheet]]]:
    """The pieces rendered and stored as files, as many of them at a time as `batch` takes.

    Raises FileProblems where a printer would send pages back.
    """
    for at in range(0, len(pieces), batch.at_once):
        part = pieces[at : at + batch.at_once]
        said = [letter_of(campaign, dated, wanted.content) for wanted, _ in part]
        rendered = batch.render(said)
        texts = {
            first: words_of_letter(letter, mail.settings)
            for letter, (wanted, _), (first, _) in zip(said, part, rendered.pages, strict=True)
            if wanted.facts.by_email
        }
        if texts:
            rendered = replace(rendered, pdf=with_letter_texts(rendered.pdf, texts, dated))
        starts = {first for first, _ in rendered.pages}
        named = [
            Printed(wanted.recipient[0], first, last)
            for (wanted, _), (first, last) in zip(part, rendered.pages, strict=True)
        ]
        known = {
            page
            for number in rendered.alike
            for page in range(rendered.pages[number][0], rendered.pages[number][1] + 1)
        }
        findings = preflight(rendered.pdf, PdfKind.LETTERS, letterhead, starts=starts, known=known)
        require_printable(findings, named, path=campaign.path)
        chosen = enclosed.going_with(written_of(wanted).client for wanted, _ in part)
        whole, ranges = enclosing(rendered.pdf, rendered.pages, enclosed.pdfs, chosen)
        file = mail.store.files.put(whole)
        hashes = piece_hashes(whole, ranges)
        yield [
            (wanted, old, Sheet(file, first, last, sha256))
            for (wanted, old), (first, last), sha256 in zip(part, ranges, hashes, strict=True)
        ]


def batch_of(mail: MailFolder, campaign: Campaign, letterhead: Letterhead, total: int) -> LetterBatch:
    """The renderer of a mailing of about `total` letters."""
    from mailer.pages.letterbatch import LetterBatch  # noqa: PLC0415 (imports WeasyPrint)

    return LetterBatch(
        letterhead,
        mail.settings,
        total=total,
        folders=(campaign.folder,),
        pre_printed=mail.settings.stationery.paper is Paper.PRE_PRINTED,
    )


def written_of(wanted: Wanted) -> Written:
    """The letter that a piece is."""
    if not isinstance(wanted.content, Written):
        raise TypeError("a letter's content is a Written")
    return wanted.content


def letter_of(campaign: Campaign, dated: date, content: object) -> Letter:
    """What the letter renderer needs of a written letter."""
    if not isinstance(content, Written):
        raise TypeError("a letter's content is a Written")
    newsletter = content.client.newsletter
    html, marked = content.composed.tied()
    number = content.client.number  # a label: another number since makes no letter stale
    return Letter(
        reference=f"{campaign.name} · {number}" if number else campaign.name,
        date=dated,
        subject=campaign.definition.title,
        salutation=content.client.salutation,
        body_html=html,
        marked=marked,
        in_window=content.in_window,
        enclosures=(
            # an article says itself what it is; the line would send full letters to a second page
            *(title for title, _ in content.enclosed if title != FROM_NEWSLETTER),
            *(
                one if isinstance(one, str) else one.words
                for one in campaign.definition.letter.enclosures
                if isinstance(one, str) or newsletter or not one.issue
            ),
        ),
        enclosed=tuple((title, part.html) for title, part in content.enclosed),
        client=f"{content.client.number or content.client.email} {content.client.name}".strip(),
    )
