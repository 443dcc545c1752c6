"""Whom a mailing did not serve, and why: the clients whom a follow-up is for.

The late; those whose letter states a later day than the campaign's; the returned; the corrected, whose
address changed while the notice runs (if it was wrong when the letter went, it did not reach them); and the
new, who joined after the mailing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import Final

from mailer.campaign.loading import FOLDER, Campaign, campaign_names, load_campaign
from mailer.clients.addresses import printed_at
from mailer.clients.member import Member
from mailer.clients.segments import predicate
from mailer.errors import MailerError, Refused
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
    before = [(one.name, predicate(audience_of(mail, one))) for one in _follow_ups(mail, original)]
    found: list[Remedied] = []
    already: Counter[str] = Counter()
    states: Counter[str] = Counter()
    while part := list(islice(lines, _AT_ONCE)):
        moved = _corrected(mail, original.name, part)
        for line in part:
            one = _why(line, line.client.key in moved, mail.today)
            if one is None:
                states[line.state if line.notice else TERM_UNKNOWN] += 1
                continue
            taken = next((name for name, is_in in before if is_in(line.client)), "")
            if taken:
                already[taken] += 1
            else:
                found.append(one)
    return found, dict(already), states


def _follow_ups(mail: MailFolder, original: Campaign) -> Iterator[Campaign]:
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


def _why(line: Line, corrected: bool, today: date) -> Remedied | None:
    """Why this client is written to again, None where the first letter serves."""
    notice, letter = line.notice, line.letter
    if notice is None:
        return None
    if letter is not None and letter.returned_on is not None:
        caution = "" if corrected else "the address is still the one it came back from: correct it first"
        return Remedied(line.client, Why.RETURNED, _came_back(letter, letter.returned_on), caution)
    if (untimely := _states_later(line, notice) or _late(line, notice)) is not None:
        return untimely
    if notice.state is NoticeState.NOT_OWED:
        caution = "if its engagement has the new terms already, take it out of `only`"
        return Remedied(line.client, Why.NEW, notice.reason, caution)
    return _corrected_since(line, notice, elsewhere=corrected and today < notice.effective)


def _came_back(letter: ClientPiece, on: date) -> str:
    why = f", {letter.return_reason.value}" if letter.return_reason else ""
    received = f"; it was received on {spoken(letter.received_on)}" if letter.received_on else ""
    return f"{letter.label} came back on {spoken(on)}{why}{received}"


def _corrected_since(line: Line, notice: NoticeVerdict, *, elsewhere: bool) -> Remedied | None:
    """Where its address was found to be wrong, or is another one while the notice runs."""
    letter = line.letter
    if letter is None:
        return None
    if notice.state is NoticeState.MISADDRESSED and letter.misaddressed_on is not None:
        found = f"{letter.label} went to an address that was found wrong on {spoken(letter.misaddressed_on)}"
        return Remedied(line.client, Why.CORRECTED, found)
    if elsewhere:
        caution = "if it only moved since, the notice stands: take it out of `only`"
        return Remedied(line.client, Why.CORRECTED, f"its address is not the one on {letter.label}", caution)
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


def _corrected(mail: MailFolder, name: str, lines: Sequence[Line]) -> set[str]:
    """The keys of the clients whose mailed letter went to another address than the list has now."""
    mailed = {line.letter.number: line.client for line in lines if line.letter and line.letter.counts_on}
    if not mailed:
        return set()
    with mail.store.read() as session:
        mailing = mailing_named(session, name)
        if mailing is None:
            return set()
        of_two = {line.client.id: line.client for line in lines if _asks_for_two(line)}
        for client, sent in sent_to(session, list(of_two), mailing=mailing, mailed=True).items():
            last = {one.facts.second: one.number for one in sent}
            mailed |= dict.fromkeys(last.values(), of_two[client])
        went = {piece.number: piece for piece in pieces(session, mailing, numbers=mailed)}
        clients = by_ids(session, [client.id for client in mailed.values()])
    return {
        client.key
        for number, client in mailed.items()
        if not printed_at(went[number].recipient, clients[client.id].place(second=went[number].facts.second))
    }


def _asks_for_two(line: Line) -> bool:
    """Does the client's contract ask for a letter to each of its addresses."""
    return line.notice is not None and any(one.rule.to_both for one in line.notice.results)
