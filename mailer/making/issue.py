"""An issue of the newsletter: its body laid out once, and one piece for each address it goes to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from mailer.campaign.loading import Campaign
from mailer.campaign.wording import date_words
from mailer.clients.addresses import block, parts, same_place
from mailer.clients.member import member_of
from mailer.clients.record import Client
from mailer.clients.segments import predicate
from mailer.errors import MailerError, NoticeRefused
from mailer.givenfile import read_given
from mailer.ledger.stated import Stated
from mailer.making.documents import article, sections
from mailer.making.inputs import inputs_digest
from mailer.making.preparation import Sheet, Wanted
from mailer.making.printcheck import Printed, require_printable
from mailer.notice.words import spoken
from mailer.pages.composition import Composed
from mailer.pages.issuepages import NewsletterPages, Notice, SectionBlock
from mailer.pages.issuetext import with_text
from mailer.pages.keptfit import found, kept
from mailer.pages.letterhead import Letterhead
from mailer.pages.newsletter import typeset
from mailer.pages.preflight import Flaw, PdfKind, preflight
from mailer.pages.theme import theme_of
from mailer.planning.audience import audience_of
from mailer.planning.issuedates import carried, deadlines, month_of
from mailer.planning.mailfolder import MailFolder
from mailer.planning.route import goes_by_email
from mailer.store.files import write_whole
from mailer.store.listed.clients import CHUNK, by_ids, ids_in_order
from mailer.store.listed.members import base_rates

if TYPE_CHECKING:
    from mailer.pages.press import Rendered


LARGEST_FIT: Final = 100_000  # bytes; that of an issue has some 600


def examine(mail: MailFolder, issue: Campaign) -> date | None:
    """Look at every text and deadline before a page is made; the last day to hand over.

    Raises MailerError where a text is wrong, NoticeRefused where a carried campaign would be late.
    """
    compose(mail, issue)
    known = deadlines(mail, issue)
    late = [deadline for deadline in known if not deadline.possible]
    if late and mail.settings.house.require_all_media:
        raise NoticeRefused(
            "would be late for "
            + ", ".join(f"{one.campaign} (to be handed over by {spoken(one.operational)})" for one in late)
            + ".",
            where=issue.path,
            todo="Take it out of `carries`, or move that campaign's effective date.",
        )
    return min((deadline.operational for deadline in known if deadline.possible), default=None)


def compose(mail: MailFolder, issue: Campaign) -> NewsletterPages:
    """The issue's text. Raises MailerError where a section or a carried article is not right."""
    dated = month_of(issue)
    profile = mail.settings.newsletter
    notices = [
        Notice(
            campaign.definition.title,
            _html(article(mail.settings, campaign, dated)),
            f"Effective {date_words(campaign.effective)}",
        )
        for campaign in carried(issue)
    ]
    blocks = [
        SectionBlock(
            one.section.name,
            one.front.kicker or one.section.head,
            _html(one.text),
            byline=", ".join(part for part in (one.front.byline, one.front.date) if part),
            standfirst=one.front.standfirst,
        )
        for one in sections(mail.settings, issue, dated)
    ]
    number = issue.definition.issue.number if issue.definition.issue else 0
    return NewsletterPages(
        profile.name, profile.tagline, dated, f"Number {number}", tuple(blocks), tuple(notices)
    )


def _html(text: Composed) -> str:
    return text.html


def render_issue(mail: MailFolder, issue: Campaign, letterhead: Letterhead) -> Rendered:
    """The issue's pages for the printer, the mailing panel blank; inside are its text and its pages for a
    screen. How it was fitted to its pages is kept beside its proof: who approves what was proofed waits less.
    """
    folders = (issue.folder, *(campaign.folder for campaign in carried(issue)))
    said = compose(mail, issue)
    inputs = inputs_digest(mail.settings, issue, letterhead)
    file, known = mail.root / "proofs" / f".{issue.name}.fit", None
    with suppress(MailerError, UnicodeDecodeError):
        newsletter = mail.settings.newsletter
        known = found(
            read_given(file, LARGEST_FIT).decode(), inputs, theme_of(newsletter.theme, newsletter.sheets)
        )
    made = typeset(said, letterhead, mail.settings, folders=folders, known=known)
    if made.fit is not known:
        with suppress(OSError):  # it saves time and nothing else
            write_whole(file, kept(made.fit, inputs).encode())
    return replace(made.printed, pdf=with_text(made.printed.pdf, said.html, said.date, made.screen))


def flaws(mail: MailFolder, issue: Campaign, rendered: Rendered, letterhead: Letterhead) -> tuple[Flaw, ...]:
    """What is wrong with its pages."""
    says = {rendered.pages[0][0]: compose(mail, issue).on_paper}
    return preflight(rendered.pdf, PdfKind.NEWSLETTER, letterhead, says=says)


def render_body(mail: MailFolder, issue: Campaign, letterhead: Letterhead) -> Sheet:
    """The issue's pages, stored; every copy is these bytes. Raises FileProblems where a printer would send
    them back.
    """
    rendered = render_issue(mail, issue, letterhead)
    first, last = rendered.pages[0]
    pages = [Printed(issue.name, first, last)]
    require_printable(flaws(mail, issue, rendered, letterhead), pages, path=issue.path)
    file = mail.store.files.put(rendered.pdf)
    return Sheet(file, first, last, hashlib.sha256(rendered.pdf).hexdigest())


def wanted_newsletters(mail: MailFolder, issue: Campaign, inputs: str) -> Iterator[Wanted]:
    """One piece for each address, in ZIP order: clients of one name at one place share a copy. By e-mail one
    for each e-mail address; who has none gets paper.

    Clients who opted out of marketing mail get none.
    """
    group: list[Client] = []
    wired = goes_by_email(mail.settings, issue)
    by_address: dict[str, list[Client]] = {}
    for client in _readers(mail, issue):
        if wired and client.email:
            by_address.setdefault(client.email.casefold(), []).append(client)
            continue
        if group and _zip5(client) != _zip5(group[0]):
            yield from _grouped(group, inputs)
            group = []
        group.append(client)
    yield from _grouped(group, inputs)
    for sharing in by_address.values():
        lead = sharing[0]
        yield _piece(sharing, lead.contact if lead.company else "", inputs, lead.email)


def _readers(mail: MailFolder, issue: Campaign) -> Iterator[Client]:
    """Nothing is being read while the caller writes (mailer.making.letters)."""
    audience = audience_of(mail, issue)
    is_in = predicate(audience)
    with mail.store.read() as session:
        ids = ids_in_order(session, readers=True)
    for at in range(0, len(ids), CHUNK):
        part = ids[at : at + CHUNK]
        with mail.store.read() as session:
            known = by_ids(session, part)
            rates = base_rates(session, part, mail.today) if audience.by_service else {}
        for client in (known[one] for one in part if one in known):
            if is_in(member_of(client, (service for service, *_ in rates.get(client.id, ())))):
                yield client


def _zip5(client: Client) -> str:
    return client.address.zip[:5]


def _grouped(clients: list[Client], inputs: str) -> Iterator[Wanted]:
    """The clients of one ZIP code as pieces."""
    together: dict[tuple[str, str], list[Client]] = {}
    for client in clients:
        together.setdefault((client.name.casefold(), same_place(client.address)), []).append(client)
    for sharing in together.values():
        contacts = {client.contact for client in sharing if client.company and client.contact}
        yield _piece(sharing, contacts.pop() if len(contacts) == 1 else "", inputs)


def _piece(sharing: list[Client], attention: str, inputs: str, email: str = "") -> Wanted:
    """The copy of these clients, addressed to the first of them."""
    lead = sharing[0]
    recipient = block(lead.name, attention, lead.address)
    ids = tuple(sorted((client.id for client in sharing), key=str))
    printed = [inputs, *recipient, *(str(client_id) for client_id in ids), *([email] if email else [])]
    digest = hashlib.sha256("\0".join(printed).encode()).hexdigest()
    return Wanted(ids, recipient, parts(lead.name, attention, lead.address, email), Stated(), digest, None)
