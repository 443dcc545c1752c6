"""The letters of a campaign: all of them looked at, and as wanted pieces. `letterpages` makes their pages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final
from uuid import UUID

from mailer.campaign.loading import Campaign
from mailer.clients.record import Client
from mailer.errors import FileProblems, LetterProblem, MailerError, Problem
from mailer.judgement.house import asked_of
from mailer.judgement.rules import house_rule, of_a_copy
from mailer.judgement.verdict import NoticeState, NoticeVerdict, judge
from mailer.ledger.kinds import ENDED
from mailer.ledger.stated import GivenPolicy, KnownClosings, NoticedRate, Stated
from mailer.making.documents import MOST, Letters, Written, article, parts_of
from mailer.making.enclosedfiles import issues_with_article
from mailer.making.enclosures import wrong_enclosures
from mailer.making.preparation import Wanted, in_parts
from mailer.making.printcheck import AddressRoom
from mailer.notice.rules import Origin
from mailer.planning.audience import (
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
from mailer.planning.route import mails_on
from mailer.progress import Progress
from mailer.settings import Settings
from mailer.store.listed.clients import by_ids, ids_in_order
from mailer.store.listed.members import CHUNK
from mailer.store.pieces import mailed_clients

_WHOLE_AT_ONCE: Final = 500  # clients read whole, with all that a letter may name


@dataclass(frozen=True, slots=True)
class Gate:
    """What the rules of notice say before anything is made. `not_after` is the last day to hand over, None
    where every client was mailed to already. `unchanged` are the digests of letters that were known.
    """

    not_after: date | None
    clients: int
    blocked: int
    unchanged: frozenset[str] = frozenset()


def examine(
    mail: MailFolder,
    campaign: Campaign,
    letters: Letters,
    progress: Progress,
    room: AddressRoom | None = None,
    *,
    seen: Callable[[Written], None] = lambda _: None,
    known: frozenset[str] = frozenset(),
) -> Gate:
    """Look at every letter, and at the article, before a page is rendered; each letter that can be written
    is `seen`, in ZIP order. Those whose digests are `known` were composed before and are not again.

    Raises FileProblems where a text, a limit, a term or a name in the audience is wrong, or where an
    address that nothing was mailed to yet does not fit in `room`; NoticeRefused where a client can't be
    given notice in time, or where a letter contradicts another campaign's. Each problem names the client.
    """
    problems = _of_the_definition(mail, campaign)
    times = _Times()
    unchanged: set[str] = set()
    with mail.store.read() as session:
        done = mailed_clients(session, campaign.name)
    for one, client in _all_planned(mail, campaign):
        same = letters.digests(client, one.found) if client and known else frozenset()
        if same and same <= known:
            unchanged |= same
        else:
            needs_room = None if one.member.id in done else room
            problem = _problem(one, client, letters, campaign, needs_room, seen)
            problems += [problem] if problem else []
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
            times.note(one.member.name, _unmailed(mail, campaign, one))
    if problems:
        raise FileProblems(_gathered(problems), todo="Nothing was rendered. Mend these and run it again.")
    _require_allowed(campaign, times)
    if not times.clients:
        with mail.store.read() as session:
            raise for_nobody(session, campaign)
    return Gate(times.not_after, times.clients, times.blocked, frozenset(unchanged))


def _gathered(problems: Iterable[Problem]) -> list[Problem]:
    """Those that differ in the client alone as one."""
    found: dict[tuple[str, int, str], tuple[str, ...]] = {}
    for one in problems:
        key = (one.path, one.line, one.message)
        found[key] = found.get(key, ()) + one.clients
    return [Problem(*key, clients) for key, clients in found.items()]


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
    problems += wrong_enclosures(mail, campaign, mail.letterhead)
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
            yield from ((one, _as_marked(one, clients.get(one.member.id))) for one in part)


def _as_marked(one: Planned, client: Client | None) -> Client | None:
    """The client without the newsletter where its mark says so, whatever the list does."""
    if client is None or client.newsletter == one.member.newsletter:
        return client
    return replace(client, newsletter=one.member.newsletter)


def _unmailed(mail: MailFolder, campaign: Campaign, one: Planned) -> NoticeVerdict:
    """The verdict on a client to whom nothing was mailed yet, or nothing but the paper: its copy by e-mail
    knows no last collection.
    """
    rules = one.found.rules
    copied = of_a_copy(rules) if any(rule.copied for rule in rules) and _paper_went(one, campaign) else ()
    day = mail.today if copied else mails_on(mail, campaign, rules)
    return judge(copied or rules, campaign.effective, day, mailed=None, closings=mail.closings)


def _paper_went(one: Planned, campaign: Campaign) -> bool:
    """Is all of the client's paper of the campaign handed over, and for real."""
    letters = (letter for letter in one.history.letters if letter.campaign == campaign.name)
    paper = [letter for letter in letters if not letter.facts.is_copy and letter.status not in ENDED]
    return bool(paper) and all(letter.counts_on and not letter.rehearsed for letter in paper)


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
                each = letters.write_all(client, found)
            except MailerError as error:
                return (
                    error.of_file if isinstance(error, LetterProblem) else Problem(error.where, 0, error.what)
                )
            for written in each:
                seen(written)
                why = room.problem(written.recipient) if room else ""
                if why:
                    return Problem(campaign.path, 0, f"client {name}: {why}")
            return None


def written_letters(
    mail: MailFolder, campaign: Campaign, letters: Letters, only: Collection[UUID] | None = None
) -> Iterator[Written]:
    """The letters in ZIP order; `only` those of these clients. Who has two addresses and a contract that asks
    for both gets two, one after the other. To have them looked at as well: `examine`.
    """
    return (
        written
        for one, client in _all_planned(mail, campaign, only)
        if client is not None
        for written in letters.write_all(client, one.found)
    )


def digests_now(
    mail: MailFolder, campaign: Campaign, letters: Letters, only: Collection[UUID]
) -> dict[UUID, frozenset[str]]:
    """Of each of these clients the digests of the letters that would be made now; empty for who gets none."""
    found = dict.fromkeys(only, frozenset[str]())
    for one, client in _all_planned(mail, campaign, only):
        if client is not None:
            found[one.member.id] = letters.digests(client, one.found)
    return found


def wanted_letters(
    mail: MailFolder, campaign: Campaign, written: Iterable[Written]
) -> Iterator[list[Wanted]]:
    """The letters as they should be, a chunk at a time."""
    house = house_rule(mail.settings, campaign.definition)
    known, encloses = mail.known_closings(), issues_with_article(campaign)
    wanted = (_wanted(one, campaign, house.id, mail.settings, known, encloses) for one in written)
    return in_parts(wanted)


def _wanted(
    written: Written,
    campaign: Campaign,
    house: str,
    settings: Settings,
    closings: KnownClosings,
    encloses: tuple[str, ...],
) -> Wanted:
    client, definition = written.client, campaign.definition
    place = client.place(second=written.second)
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
        mailed_from=settings.firm.address.state,
        supersedes=definition.supersedes,
        follows=definition.follows,
        closings=closings,
        policies=tuple(GivenPolicy(one.name, one.version, one.digest) for one in campaign.policies),
        courtesy=not campaign.kind.is_notice,
        by_email=bool(written.email),
        second=written.second,
        media=tuple(asked_of(campaign, settings.house, newsletter=client.newsletter)),
        encloses=encloses if client.newsletter else (),
    )
    address = parts_of(client, written.email, second=written.second)
    return Wanted((client.id,), written.recipient, address, states, written.digest, written)
