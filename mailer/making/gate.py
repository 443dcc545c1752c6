"""The gate before anything leaves: print and send refuse what is not approved, stale or too late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from mailer.campaign.loading import Campaign
from mailer.errors import NoticeRefused, Refused
from mailer.ledger.kinds import AT_SERVICE, ENDED, Status
from mailer.ledger.records import Mailing
from mailer.making import issue, letters
from mailer.making.documents import Letters
from mailer.making.gonebefore import require_none_gone
from mailer.making.inputs import inputs_digest
from mailer.notice.words import plural, spoken
from mailer.planning.lastday import last_day_of_all
from mailer.planning.mailfolder import MailFolder
from mailer.progress import Progress
from mailer.store.jobs import facts_of
from mailer.store.mailings import mailing_named
from mailer.store.pieces import piece_numbers, recipient_digests

_LOOKED_AT: Final = ({Status.APPROVED} | AT_SERVICE | ENDED) - {Status.VOID}


@dataclass(frozen=True, slots=True)
class Fresh:
    """A mailing that may go. `outdated` are the numbers of pieces that a service was asked for and that would
    be made otherwise today: their texts, client or address changed since.
    """

    mailing: Mailing
    outdated: frozenset[int]


def require_fresh(mail: MailFolder, campaign: Campaign, in_post: date | None, progress: Progress) -> Mailing:
    """The approved mailing. Raises as `fresh`."""
    return fresh(mail, campaign, in_post, progress).mailing


def fresh(mail: MailFolder, campaign: Campaign, in_post: date | None, progress: Progress) -> Fresh:
    """The approved mailing, where what is approved is what would be approved now, and the post can have it
    on `in_post`, in time. None: no day binds it, since its clients were given notice before.

    Raises NoticeRefused where the approval is stale or `in_post` is past its `not_after`, Refused where
    there is none.
    """
    with mail.store.read() as session:
        mailing = mailing_named(session, campaign.name)
        if mailing is None or mailing.approved_at is None or mailing.dated is None:
            raise not_approved(campaign)
        require_none_gone(session, mail, mailing)
    inputs = inputs_digest(mail.settings, campaign, mail.letterhead)
    if inputs != mailing.inputs_digest:
        raise _stale(campaign, "its definition, texts, letterhead or profile changed after it was approved")
    if in_post is not None:
        require_in_time(campaign.name, _last_day(mail, campaign, mailing, in_post), mail.today, in_post)
    with mail.store.read() as session:
        made = recipient_digests(session, mailing)
    if campaign.kind.is_issue:
        expected = frozenset(piece.digest for piece in issue.wanted_newsletters(mail, campaign, inputs))
    else:
        texts = Letters(mail.settings, campaign, mailing.dated, inputs)
        known = frozenset(digest for _, digest, _ in made)
        gate = letters.examine(mail, campaign, texts, progress, known=known)
        expected = gate.unchanged
        if in_post is not None:
            _require_no_earlier_day(campaign, mailing, gate.not_after)
    looked_at = ((number, status) for number, digest, status in made if digest not in expected)
    other = {number: status for number, status in looked_at if status in _LOOKED_AT}
    stale = [number for number, status in other.items() if status is Status.APPROVED]
    if stale:
        names = ", ".join(mailing.label(number) for number in stale[:5])
        raise _stale(
            campaign, f"the clients of {plural(len(stale), 'piece')} changed after it was approved ({names})"
        )
    return Fresh(mailing, frozenset(other))


def _last_day(mail: MailFolder, campaign: Campaign, mailing: Mailing, in_post: date) -> date | None:
    """The approval's; that of the copies by e-mail, which may be later, where nothing else of it waits."""
    if mailing.not_after is None or in_post <= mailing.not_after:
        return mailing.not_after
    with mail.store.read() as session:
        waiting = piece_numbers(session, mailing, statuses=[Status.APPROVED])
        if not waiting or not all(facts.is_copy for _, facts in facts_of(session, mailing, waiting)):
            return mailing.not_after
        return last_day_of_all(session, mail, mailing, campaign, waiting)


def _require_no_earlier_day(campaign: Campaign, mailing: Mailing, now: date | None) -> None:
    """Raises NoticeRefused where a contract that came since asks for more notice: the approval's last day,
    which the checklist names, would be too late for that client.
    """
    if now is not None and (mailing.not_after is None or now < mailing.not_after):
        until = f", not by {spoken(mailing.not_after)}" if mailing.not_after else ""
        raise _stale(campaign, f"by now it must be in the post by {spoken(now)}{until}")


def require_in_time(name: str, last: date | None, today: date, in_post: date) -> None:
    """Raises NoticeRefused where the post would have the campaign's only on `in_post`, past the last day."""
    if last is None or in_post <= last:
        return
    when = "today is" if in_post == today else "the post would have it on"
    raise NoticeRefused(
        f"it was approved for a hand-over until {spoken(last)}, and {when} {spoken(in_post)}.",
        where=name,
        todo=f"See `mailer plan {name}` for the earliest date that can still be met.",
    )


def not_approved(campaign: Campaign) -> Refused:
    """The refusal of what nobody approved."""
    return Refused(
        "is not approved; nothing is printed or sent that was not.",
        where=campaign.name,
        todo=f"Look at `mailer proof {campaign.name}`, then `mailer approve {campaign.name}`.",
    )


def _stale(campaign: Campaign, why: str) -> NoticeRefused:
    return NoticeRefused(
        f"the approval is stale: {why}.",
        where=campaign.name,
        todo=f"Look at `mailer proof {campaign.name}`, then `mailer approve {campaign.name}` again.",
    )
