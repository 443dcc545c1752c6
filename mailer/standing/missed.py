"""Clients whose mailed letter gives no notice: all of a campaign, or single ones. Somebody must write again.

The first client whose notice holds, or still may, ends the search among all. What looks at all campaigns asks
then of those alone whose letter went after the others, is not known to be received, or whose terms changed
since, so that a campaign in order costs next to nothing; what looks at one campaign asks of each client.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from mailer.campaign.loading import Campaign
from mailer.clients.places import state_named
from mailer.errors import MailerError
from mailer.judgement.verdict import NoticeState
from mailer.ledger.events import JobDropped
from mailer.ledger.numbers import numbers
from mailer.ledger.records import Mailing
from mailer.planning.mailfolder import MailFolder
from mailer.standing.check import Checked, Line, check
from mailer.standing.unserved import chosen
from mailer.store.accounts import clients_unlike_others, unserved_since
from mailer.store.engine import Session
from mailer.store.mailings import mailing_named
from mailer.store.pieces import first_mailed, pieces
from mailer.store.record.events import happened

_UNDONE: Final = (NoticeState.RETURNED, NoticeState.MISADDRESSED)
_LOST: Final = (NoticeState.LATE, NoticeState.CONTRADICTS, *_UNDONE)
_DUE, _LATE = NoticeState.DUE.value, NoticeState.LATE.value
_ASIDE: Final = (
    NoticeState.BLOCKED,
    NoticeState.SUPERSEDED,
    NoticeState.UNWRITTEN,
    NoticeState.NOT_OWED,
    NoticeState.EXCEPTED,
)  # say nothing of the others


@dataclass(frozen=True, slots=True)
class Missed:
    """The clients whose mailed letter gives no notice. `says` why, `next_step` is a command; `overdue`: it
    should have been done.
    """

    lines: tuple[Line, ...]
    says: str
    next_step: str
    overdue: bool = True


def missed(mail: MailFolder, name: str, *, each: bool = False) -> Missed | None:
    """None where nothing was mailed, each notice holds or still may, or a follow-up has its client. `each`
    client is looked at, however many, or those who are likely to have none.
    """
    try:
        checked = check(mail, name)
        if lines := tuple(_of_all(checked.lines)):
            return _among(mail, checked.summary.campaign, lines, "mailed too late, and no notice of it holds")
        with mail.store.read() as session:
            mailing = mailing_named(session, name)
            each = each or (mailing is not None and _went_otherwise(session, mail, mailing))
            apart, begun = None, first_mailed(session, name) is not None
            if mailing is not None and not each:
                apart = clients_unlike_others(session, mailing) | unserved_since(session, mailing)
        if mailing is not None and (apart or each):
            return _single(mail, check(mail, name, only=apart), begun=begun)
    except MailerError:
        pass  # what is wrong with its definition, or another, is reported there
    return None


def newcomers(mail: MailFolder, name: str) -> Missed | None:
    """The clients who came into the audience since the approval, and have no letter; None where none did."""
    with mail.store.read() as session:
        mailing = mailing_named(session, name)
        came = unserved_since(session, mailing) if mailing is not None else set()
    try:
        return _single(mail, check(mail, name, only=came), begun=True) if came else None
    except MailerError:
        return None  # as above


def _single(mail: MailFolder, checked: Checked, *, begun: bool) -> Missed | None:
    """The single clients without notice: by a letter that was mailed for nothing; or, where the mailing has
    `begun` and until the day on which the notice takes effect, without a letter.
    """
    campaign = checked.summary.campaign
    lost, bare, unproved, unknown = list[Line](), list[Line](), list[Line](), list[Line]()
    running = begun and campaign.kind.is_notice and mail.today <= campaign.effective
    for line in checked.lines:
        if _is_lost(line):
            lost.append(line)
        elif running and line.letter is None and line.state in (_DUE, _LATE):
            bare.append(line)
        elif running and line.state == NoticeState.UNPROVED.value:
            unproved.append(line)
        elif line.notice is None and line.letter is not None:
            unknown.append(line)
    if found := _among(mail, campaign, tuple(lost), "mailed, and the client has no notice in time"):
        return found
    late = tuple(line for line in bare if line.state == _LATE)
    if late and _in_no_follow_up(mail, campaign, late):
        says = "of its audience without a letter, too late by now"
        return Missed(late, says, f"mailer remedy {campaign.name}")
    due = tuple(line for line in bare if line.state == _DUE)
    says = "of its audience without a letter"
    if due:
        return Missed(due, says, f"mailer approve {campaign.name} --by NAME")
    if unknown:
        says = "mailed, and the contract's notice term is not known by now"
        return Missed(tuple(unknown), says, f"mailer check {campaign.name}", overdue=False)
    says, then = "mailed, and receipt is still to be proved", "mailer received PIECE --on DATE --proof TEXT"
    return Missed(tuple(unproved), says, then, overdue=False) if unproved else None


def _went_otherwise(session: Session, mail: MailFolder, mailing: Mailing) -> bool:
    """Was any of it handed over in another state than the firm's, or with a closing that the approval did not
    know of: that may make it late for any client.
    """
    drops = [said for _, said in happened(session, mailing.subject, JobDropped)]
    if not drops:
        return False
    first = next(pieces(session, mailing, numbers=[next(numbers(drops[0].pieces))]), None)
    known = first.facts.closings if first else None
    own = mail.settings.firm.address.state
    return any(
        state_named(one.place) not in ("", own) or (known is not None and not {*one.closings} <= {*known})
        for one in drops
    )


def _among(mail: MailFolder, campaign: Campaign, lines: tuple[Line, ...], says: str) -> Missed | None:
    """What is to be done of these."""
    late = tuple(line for line in lines if _is_over(line, mail.today))
    contradicted = tuple(line for line in lines if line.state == NoticeState.CONTRADICTS.value)
    if late and _in_no_follow_up(mail, campaign, lines):
        return Missed(late, says, f"mailer remedy {campaign.name}")
    if contradicted and not late:
        says = "contradicted by another campaign's letters"
        return Missed(contradicted, says, f"mailer check {campaign.name}")
    return None


def _is_lost(line: Line) -> bool:
    """Was its letter mailed for nothing."""
    mailed = line.letter is not None and line.letter.counts_on is not None
    return mailed and line.notice is not None and line.notice.state in _LOST


def _is_over(line: Line, today: date) -> bool:
    """Is it too late. Where the letter came back, or its address was wrong, a later one may serve until the
    last day.
    """
    last = line.notice.operational_latest if line.notice else None
    undone = line.notice is not None and line.notice.state in _UNDONE
    return line.state == _LATE or (undone and last is not None and last < today)


def _of_all(lines: Iterable[Line]) -> Iterator[Line]:
    """Those whose letter was mailed for nothing; none where one holds, or still may."""
    found: list[Line] = []
    for line in lines:
        if line.notice is None or line.notice.state in _ASIDE:
            continue
        if line.notice.state not in _LOST:
            return
        if _is_lost(line):
            found.append(line)
    yield from found


def _in_no_follow_up(mail: MailFolder, campaign: Campaign, lines: Iterable[Line]) -> bool:
    try:
        found, _, _ = chosen(mail, campaign, iter(lines))
    except MailerError:
        return True  # a definition that can't be read, which may be a follow-up: that is reported there
    return bool(found)
