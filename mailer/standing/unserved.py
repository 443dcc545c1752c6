"""Whom a mailing did not serve, and why: the clients whom a follow-up is for.

The late; those whose letter states a later day than the campaign's; the returned; the corrected, whose
address changed while the notice runs (if it was wrong when the letter went, it did not reach them); and the
new, who joined after the mailing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import Final
from uuid import UUID

from mailer.campaign.loading import FOLDER, Campaign, campaign_names, load_campaign
from mailer.clients.addresses import printed_at
from mailer.clients.member import Member
from mailer.clients.segments import predicate
from mailer.errors import MailerError, Refused
from mailer.judgement.lowering import lowers
from mailer.judgement.verdict import NoticeState, NoticeVerdict
from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.kinds import Status
from mailer.notice.words import spoken
from mailer.planning.audience import audience_of
from mailer.planning.mailfolder import MailFolder
from mailer.standing.check import Line
from mailer.store.listed.clients import by_ids
from mailer.store.mailings import mailing_named
from mailer.store.pieces import pieces, sent_to

_AT_ONCE: Final = 1_000
TERM_UNKNOWN: Final = "term unknown"


class Why(StrEnum):
    """Why a client is written to again."""

    LATE = "late"
    EARLIER = "earlier"  # its letter states a later date
    RETURNED = "returned"
    CORRECTED = "corrected"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Remedied:
    """One client. `earliest` is the first date that a letter mailed now can state; `caution` is what
    only a person can know.
    """

    client: Member
    why: Why
    because: str
    caution: str = ""
    earliest: date | None = None


def chosen(
    mail: MailFolder, original: Campaign, lines: Iterator[Line]
) -> tuple[list[Remedied], dict[str, int], Counter[str]]:
    """Who is written to again, how many are in which follow-up already, and everyone else by state."""
    before = [(one.name, predicate(audience_of(mail, one))) for one in follow_ups(mail, original)]
    found: list[Remedied] = []
    already: Counter[str] = Counter()
    states: Counter[str] = Counter()
    while part := list(islice(lines, _AT_ONCE)):
        went = _went(mail, original.name, part)
        moved = _corrected(mail, original.name, went)
        for line in part:
            one = _why(line, went.get(line.client.id, ()), moved, mail.today)
            if one is None:
                states[line.state if line.notice else TERM_UNKNOWN] += 1
                continue
            taken = next((name for name, is_in in before if is_in(line.client)), "")
            if taken:
                already[taken] += 1
            else:
                found.append(one)
    return found, dict(already), states


def follow_ups(mail: MailFolder, original: Campaign) -> Iterator[Campaign]:
    """The campaigns that write again to its clients. Raises Refused where any of all can't be read."""
    for name in campaign_names(mail.root):
        try:
            campaign = load_campaign(mail.root, name)
        except MailerError as error:
            raise Refused(
                f"can't be read, and may be a follow-up already: {error.what}",
                where=f"{FOLDER}/{name}",
                todo="Mend it first, so that nobody is written to twice.",
            ) from None
        if original.name in campaign.definition.follows:
            yield campaign


def _why(line: Line, went: Sequence[ClientPiece], moved: set[int], today: date) -> Remedied | None:
    """Why this client is written to again, None where the first letter serves. `went` are its letters,
    `moved` the numbers of those whose address is another one now.
    """
    notice = line.notice
    if notice is None:
        return None
    for letter in went:
        if letter.returned_on is not None and not (notice.holds and lowers(letter.facts.rates)):
            still = "the address is still the one it came back from: correct it first"
            caution = "" if letter.number in moved else still
            return Remedied(line.client, Why.RETURNED, _came_back(letter, letter.returned_on), caution)
    if (untimely := _states_later(line, notice) or _late(line, notice)) is not None:
        return untimely
    if notice.state is NoticeState.NOT_OWED:
        caution = "if its engagement has the new terms already, take it out of `only`"
        return Remedied(line.client, Why.NEW, notice.reason, caution)
    elsewhere = [one for one in went if one.number in moved and today < notice.effective]
    return _corrected_since(line, notice, elsewhere)


def _came_back(letter: ClientPiece, on: date) -> str:
    why = f", {letter.return_reason.value}" if letter.return_reason else ""
    received = f"; it was received on {spoken(letter.received_on)}" if letter.received_on else ""
    return f"{letter.label} came back on {spoken(on)}{why}{received}"


def _corrected_since(line: Line, notice: NoticeVerdict, elsewhere: Sequence[ClientPiece]) -> Remedied | None:
    """Where its address was found to be wrong, or is another one while the notice runs."""
    letter = line.letter
    if letter is None:
        return None
    if notice.state is NoticeState.MISADDRESSED and letter.misaddressed_on is not None:
        found = f"{letter.label} went to an address that was found wrong on {spoken(letter.misaddressed_on)}"
        return Remedied(line.client, Why.CORRECTED, found)
    if elsewhere:
        caution = "if it only moved since, the notice stands: take it out of `only`"
        found = f"its address is not the one on {elsewhere[0].label}"
        return Remedied(line.client, Why.CORRECTED, found, caution)
    return None


def _states_later(line: Line, notice: NoticeVerdict) -> Remedied | None:
    """A mailed letter gives no notice of an earlier day than it states."""
    letter = line.letter
    if letter is None or letter.counts_on is None or notice.holds:
        return None
    stated = letter.facts.effective
    if stated is None or stated <= notice.effective:
        return None
    return Remedied(line.client, Why.EARLIER, f"{letter.label} states {spoken(stated)}, a later date")


def _late(line: Line, notice: NoticeVerdict) -> Remedied | None:
    client, letter = line.client, line.letter
    if notice.state is not NoticeState.LATE:
        return None
    if letter is not None and letter.counts_on is not None:
        return Remedied(client, Why.LATE, f"{letter.label} was mailed on {spoken(letter.counts_on)}")
    printed = letter is not None and letter.status is Status.PRODUCED
    caution = "its printed letter must be destroyed" if printed else ""
    return Remedied(client, Why.LATE, "no letter was mailed in time", caution)


def _went(mail: MailFolder, name: str, lines: Sequence[Line]) -> dict[UUID, list[ClientPiece]]:
    """The mailed letter that each client's notice rests on, with the last one to its other address where its
    contract asks for two: one that came back and was made again is none of them.
    """
    found = {line.client.id: [line.letter] for line in lines if line.letter and line.letter.counts_on}
    of_two = [line.client.id for line in lines if line.client.id in found and _asks_for_two(line)]
    if of_two:
        with mail.store.read() as session:
            mailing = mailing_named(session, name)
            sent = sent_to(session, of_two, mailing=mailing, mailed=True) if mailing else {}
        for client, letters in sent.items():
            (shown,) = found[client]
            last = {one.facts.second: one for one in letters}
            if shown.returned_on is None:
                last[shown.facts.second] = shown
            found[client] = sorted(last.values(), key=lambda one: one.number != shown.number)
    return found


def _corrected(mail: MailFolder, name: str, went: Mapping[UUID, Sequence[ClientPiece]]) -> set[int]:
    """The numbers of those that went to another address than the list has now."""
    numbers = {one.number: client for client, letters in went.items() for one in letters}
    if not numbers:
        return set()
    with mail.store.read() as session:
        mailing = mailing_named(session, name)
        if mailing is None:
            return set()
        clients = by_ids(session, list(went))
        return {
            piece.number
            for piece in pieces(session, mailing, numbers=numbers)
            if not printed_at(
                piece.recipient, clients[numbers[piece.number]].place(second=piece.facts.second)
            )
        }


def _asks_for_two(line: Line) -> bool:
    """Does the client's contract ask for a letter to each of its addresses."""
    return line.notice is not None and any(one.rule.of_two for one in line.notice.results)
