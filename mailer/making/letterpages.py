"""The pages of a campaign's letters, rendered a chunk at a time and stored as files."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from datetime import date

from mailer.campaign.loading import Campaign
from mailer.ledger.clientpiece import ClientPiece
from mailer.making.documents import FROM_NEWSLETTER, Written
from mailer.making.enclosedfiles import going_with
from mailer.making.enclosures import enclosures_of
from mailer.making.layout import Layout, Part
from mailer.making.preparation import Sheet, Wanted
from mailer.making.workers import laid_out
from mailer.pages.letter import Letter
from mailer.pages.letterhead import Letterhead
from mailer.pages.merge.outcome import Tally
from mailer.planning.mailfolder import MailFolder

Wish = tuple[Wanted, list[ClientPiece]]
"""A piece to make, with the open pieces that it takes the place of."""
Made = list[tuple[Wanted, list[ClientPiece], Sheet]]


def layout_of(
    mail: MailFolder, campaign: Campaign, letterhead: Letterhead, dated: date, total: int
) -> Layout:
    """How the letters of a mailing of about `total` are laid out."""
    return Layout(
        letterhead,
        mail.settings,
        total=total,
        dated=dated,
        path=campaign.path,
        folder=campaign.folder,
        enclosed=enclosures_of(mail, campaign, letterhead),
    )


def render(
    mail: MailFolder,
    campaign: Campaign,
    dated: date,
    layout: Layout,
    wishes: Iterator[list[Wish]],
    workers: int,
) -> Generator[tuple[Made, Tally], None, None]:
    """The pieces rendered by that many processes and stored as files, a part at a time, and how it was done.

    Raises FileProblems where a printer would send pages back.
    """
    parts = (
        (some, part_of(campaign, dated, some))
        for all_ in wishes
        for at in range(0, len(all_), layout.at_once)
        if (some := all_[at : at + layout.at_once])
    )
    for some, laid in laid_out(layout, parts, workers):
        file = mail.store.files.put(laid.pdf)
        yield (
            [
                (wanted, old, Sheet(file, first, last, sha256))
                for (wanted, old), (first, last), sha256 in zip(some, laid.pages, laid.hashes, strict=True)
            ],
            laid.tally,
        )


def part_of(campaign: Campaign, dated: date, wishes: Sequence[Wish]) -> Part:
    """These pieces as letters of one file."""
    return Part(
        tuple(letter_of(campaign, dated, wanted.content) for wanted, _ in wishes),
        tuple(wanted.recipient[0] for wanted, _ in wishes),
        tuple(wanted.facts.by_email for wanted, _ in wishes),
        going_with(campaign, (written_of(wanted).client for wanted, _ in wishes)),
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
