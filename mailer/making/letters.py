"""The letters of a campaign as wanted pieces, rendered by WeasyPrint a chunk at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Final
from uuid import UUID

from mailer.campaign.loading import Campaign
from mailer.clients.record import Client
from mailer.errors import FileProblems, MailerError, Problem
from mailer.judgement.rules import house_rule
from mailer.judgement.verdict import NoticeState, NoticeVerdict, judge
from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.stated import GivenPolicy, KnownClosings, NoticedRate, Stated
from mailer.making.documents import FROM_NEWSLETTER, MOST, Letters, Written, article, parts_of
from mailer.making.enclosures import enclosures_of, wrong_enclosures
from mailer.making.preparation import Sheet, Wanted, in_parts
from mailer.making.printcheck import AddressRoom, Printed, require_printable
from mailer.notice.rules import Origin
from mailer.pages.enclosing import enclosing
from mailer.pages.issuetext import with_letter_texts
from mailer.pages.letter import Letter, words_of_letter
from mailer.pages.letterhead import Letterhead
from mailer.pages.pagehash import piece_hashes
from mailer.pages.preflight import PdfKind, preflight
from mailer.planning.audience import (
    Finding,
    Planned,
    Standing,
    contradicting,
    planned,
    too_near,
    unknown_names,
)
from mailer.planning.carrier import carrying
from mailer.planning.emptyaudience import for_nobody
from mailer.planning.mailfolder import MailFolder
from mailer.planning.profileneeds import lacking
from mailer.progress import Progress
from mailer.settings import Paper
from mailer.store.listed.clients import by_ids, ids_in_order
from mailer.store.listed.members import CHUNK
from mailer.store.pieces import mailed_clients

if TYPE_CHECKING:
    from mailer.pages.letterbatch import LetterBatch

_WHOLE_AT_ONCE: Final = 500  # clients read whole, with all that a letter may name


@dataclass(frozen=True, slots=True)
class Gate:
    """What the rules of notice say before anything is made. `not_after` is the last day to hand over, None
    where every client was mailed to already.
    """

    not_after: date | None
    clients: int
    blocked: int


def examine(
    mail: MailFolder,
    campaign: Campaign,
    letters: Letters,
    progress: Progress,
    room: AddressRoom | None = None,
    *,
    seen: Callable[[Written], None] = lambda _: None,
) -> Gate:
    """Look at every letter, and at the article, before a page is rendered; each letter that can be written
    is `seen`, in ZIP order.

    Raises FileProblems where a text, a limit, a term or a name in the audience is wrong, or where an
    address that nothing was mailed to yet does not fit in `room`; NoticeRefused where a client can't be
    given notice in time, or where a letter contradicts another campaign's. Each problem names the client.
    """
    problems = _of_the_definition(mail, campaign)
    times = _Times()
    with mail.store.read() as session:
        done = mailed_clients(session, campaign.name)
    for one, client in _all_planned(mail, campaign):
        needs_room = None if one.member.id in done else room
        problem = _problem(one, client, letters, campaign, needs_room, seen)
        if problem:
            problems.append(problem)
        if len(problems) >= MOST:
            break
        times.blocked += one.found.standing is Standing.BLOCKED
        if one.found.standing is Standing.CONTRADICTS:
            times.contradicting.append(one)
        if client is None:
            continue
        times.clients += 1
        if times.clients % 1_000 == 0:
            progress("checking letters", times.clients, 0)
        if client.id not in done:
            times.note(one.member.name, unmailed(mail, campaign.effective, one.found))
    if problems:
        raise FileProblems(problems, todo="Nothing was rendered. Mend these and run it again.")
    _require_allowed(campaign, times)
    if not times.clients:
        with mail.store.read() as session:
            raise for_nobody(session, campaign)
    return Gate(times.not_after, times.clients, times.blocked)


@dataclass(slots=True)
class _Times:
    """What the letters come to in time, as they are looked at."""

    clients: int = 0
    blocked: int = 0
    contradicting: list[Planned] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    earliest: date = date.min
    not_after: date | None = None

    def note(self, name: str, verdict: NoticeVerdict) -> None:
        latest = verdict.operational_latest
        if latest is not None:
            self.not_after = min(self.not_after or latest, latest)
        if verdict.state is NoticeState.LATE:
            self.late.append(name)
            self.earliest = max(self.earliest, verdict.earliest or date.min)


def _require_allowed(campaign: Campaign, times: _Times) -> None:
    """Raises NoticeRefused for letters that contradict others, or would be late."""
    if times.contradicting:
        raise contradicting(campaign, times.contradicting)
    if times.late:
        todo = (
            f"The earliest date for all is {times.earliest}; or exclude these clients and notify them apart."
        )
        raise too_near(campaign, campaign.effective, times.late, todo)


def _of_the_definition(mail: MailFolder, campaign: Campaign) -> list[Problem]:
    """What is wrong whoever the client is: the article and the issue that is to carry it, what
    mailer.toml does not say yet, and names in the audience that are no client.
    """
    problems = []
    try:
        article(mail.settings, campaign, mail.today)
    except MailerError as error:
        problems.append(Problem(error.where, 0, error.what))
    carried_wrongly = carrying(mail, campaign).problem
    problems += [carried_wrongly] if carried_wrongly else []
    problems += lacking(mail, campaign, campaign.effective)
    problems += wrong_enclosures(campaign, mail.letterhead())
    with mail.store.read() as session:
        for name in unknown_names(session, mail, campaign):
            text = f"[audience] names {name!r}, which is no client; a misspelled exclusion would be mailed"
            problems.append(Problem(campaign.path, 0, text))
    return problems


def _all_planned(
    mail: MailFolder, campaign: Campaign, only: Collection[UUID] | None = None
) -> Iterator[tuple[Planned, Client | None]]:
    """Everyone planned, or `only` these of them, and the whole client where a letter is to be written.

    Nothing is being read while the caller writes: SQLite's log would grow by all that is written meanwhile.
    """
    with mail.store.read() as session:
        ids = ids_in_order(session, ids=only)
    for at in range(0, len(ids), CHUNK):
        with mail.store.read() as session:
            chunks = planned(session, mail, campaign, only=ids[at : at + CHUNK])
            found = [one for chunk in chunks for one in chunk]
        for first in range(0, len(found), _WHOLE_AT_ONCE):
            part = found[first : first + _WHOLE_AT_ONCE]
            with mail.store.read() as session:
                written = [one.member.id for one in part if one.found.standing is Standing.WRITE]
                clients = by_ids(session, written)
            yield from ((one, clients.get(one.member.id)) for one in part)


def unmailed(mail: MailFolder, effective: date, found: Finding) -> NoticeVerdict:
    """The verdict on clients to whom nothing was mailed yet, as of today."""
    return judge(found.rules, effective, mail.today, mailed=None, closings=mail.closings)


def _problem(
    one: Planned,
    client: Client | None,
    letters: Letters,
    campaign: Campaign,
    room: AddressRoom | None,
    seen: Callable[[Written], None],
) -> Problem | None:
    name, found = f"{one.member.number} {one.member.name}".strip(), one.found
    match found.standing:
        case Standing.UNKNOWN:
            return Problem(campaign.path, 0, f"client {name} {found.why} {found.todo}")
        case Standing.OUTSIDE:
            return Problem(campaign.path, 0, f"client {name}: {found.why}. {found.todo}".rstrip(". ") + ".")
        case Standing.BLOCKED | Standing.CONTRADICTS | Standing.UNWRITTEN:
            return None
        case Standing.WRITE:
            if client is None:
                raise AssertionError(f"{name} is planned and was not read")
            try:
                written = letters.write(client, found)
            except MailerError as error:
                return Problem(error.where, 0, error.what)
            seen(written)
            why = room.problem(written.recipient) if room else ""
            return Problem(campaign.path, 0, f"client {name}: {why}") if why else None


def wanted_letters(
    mail: MailFolder, campaign: Campaign, letters: Letters, only: Collection[UUID] | None = None
) -> Iterator[list[Wanted]]:
    """The letters as they should be, in ZIP order, a chunk at a time; `only` those of these clients."""
    house = house_rule(mail.settings, campaign.definition)
    known = mail.known_closings()
    wanted = (
        _wanted(letters.write(client, one.found), campaign, house.id, mail.settings.firm.address.state, known)
        for one, client in _all_planned(mail, campaign, only)
        if client is not None
    )
    return in_parts(wanted, _WHOLE_AT_ONCE)


def _wanted(
    written: Written, campaign: Campaign, house: str, mailed_from: str, closings: KnownClosings
) -> Wanted:
    client, definition = written.client, campaign.definition
    place = client.notice_goes_to
    states = Stated(
        effective=campaign.effective,
        rates=tuple(
            NoticedRate(line.service, line.name, line.old, line.new) for line in written.change.lines
        ),
        term=client.contract.notice if campaign.kind.is_notice else "",
        house=house,
        certified=definition.letter.certified,
        statutes=tuple(rule.id for rule in written.rules if rule.origin is Origin.STATUTE),
        state=client.address.state,
        country=client.address.country,
        mail_state=place.state,
        mail_country=place.country,
        mailed_from=mailed_from,
        supersedes=definition.supersedes,
        follows=definition.follows,
        closings=closings,
        policies=tuple(GivenPolicy(one.name, one.version, one.digest) for one in campaign.policies),
        courtesy=not campaign.kind.is_notice,
        by_email=bool(written.email),
    )
    address = parts_of(client, written.email)
    return Wanted((client.id,), written.recipient, address, states, written.digest, written)


def render(
    mail: MailFolder,
    campaign: Campaign,
    letterhead: Letterhead,
    dated: date,
    batch: LetterBatch,
    pieces: list[tuple[Wanted, list[ClientPiece]]],
) -> Iterator[list[tuple[Wanted, list[ClientPiece], Sheet]]]:
    """The pieces rendered and stored as files, as many of them at a time as `batch` takes.

    Raises FileProblems where a printer would send pages back.
    """
    enclosed = enclosures_of(campaign)
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
        whole, ranges = enclosing(rendered.pdf, rendered.pages, enclosed)
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


def letter_of(campaign: Campaign, dated: date, content: object) -> Letter:
    """What the letter renderer needs of a written letter."""
    if not isinstance(content, Written):
        raise TypeError("a letter's content is a Written")
    number = content.client.number  # a label: another number since makes no letter stale
    return Letter(
        reference=f"{campaign.name} · {number}" if number else campaign.name,
        date=dated,
        subject=campaign.definition.title,
        salutation=content.client.salutation,
        body_html=content.composed.html,
        marked=content.composed.marked(),
        enclosures=(
            # an article says itself what it is; the line would send full letters to a second page
            *(title for title, _ in content.enclosed if title != FROM_NEWSLETTER),
            *(one if isinstance(one, str) else one.title for one in campaign.definition.letter.enclosures),
        ),
        enclosed=tuple((title, part.html) for title, part in content.enclosed),
        client=f"{content.client.number or content.client.email} {content.client.name}".strip(),
    )
