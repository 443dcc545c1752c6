"""What a service tells of a piece that is at odds with what it told before, or with what was done since.

Its days stay on record. Such a piece is named until it is settled: by the service, which tells anew what is
true, or by a person, who records a receipt or makes the piece anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from mailer.ledger.kinds import IN_POST, Status
from mailer.mailservice.transit import CUSTODY, Meaning, Report, day_of
from mailer.notice.words import spoken
from mailer.planning.mailfolder import MailFolder
from mailer.store.engine import Session
from mailer.store.outbox import update_submissions
from mailer.store.pieces import IN_DOUBT
from mailer.store.repeats import later_piece
from mailer.store.tracking import AtService, KeptReport, told_of

_STOPPED: Final = (Status.REJECTED, Status.CANCELLED)


def contradiction(
    session: Session, mail: MailFolder, at: AtService, now: Status, whole: Sequence[Report]
) -> str:
    """What can't be true together, kept with the piece too; "" where nothing is, or it is settled. It begins
    with IN_DOUBT where its service took back that it mailed it.

    `at` is the piece before all that was told, `now` its status after it, `whole` all that the service tells
    of it today: nothing where it tells one by one.
    """
    had = at.submission.problem
    if at.piece.status in _STOPPED and now in IN_POST:
        found = _made_in_its_place(session, at)
    elif had and not had.startswith(IN_DOUBT):
        return ""
    else:
        found = _taken_back(session, mail, at, now, whole)
    if found != had:
        update_submissions(session, [replace(at.submission, problem=found)])
    if found.startswith(IN_DOUBT) and (at.piece.received_on or later_piece(session, at.piece, live=True)):
        return ""
    return found


def doubt(mail: MailFolder, at: AtService, why: str) -> None:
    """Keep with a piece whose mailing rests on the service's word that this contradicts itself by now."""
    fresh = not at.submission.problem or at.submission.problem.startswith(IN_DOUBT)
    if at.piece.status is Status.MAILED and at.piece.drop_id is None and fresh:
        with mail.store.write() as session:
            update_submissions(session, [replace(at.submission, problem=f"{IN_DOUBT}{why}")])


def _made_in_its_place(session: Session, at: AtService) -> str:
    """It was refused, made anew, and mailed all the same."""
    other = later_piece(session, at.piece, live=True)
    if other is None:
        return ""
    label = at.mailing.label(other.number)
    if other.status in IN_POST:
        return f"the post has it more than once: also as {label}, which was made when this was refused"
    return f"the post has it, though it was refused before: {label}, made in its place, must not go too"


def _taken_back(
    session: Session, mail: MailFolder, at: AtService, now: Status, whole: Sequence[Report]
) -> str:
    """That its own word is all that shows the mailing, and that it told since that it never mailed it, or
    mailed it on a later day.
    """
    rejected, posted = _last(whole, Meaning.REJECTED), _last(whole, Meaning.POSTED)
    if now is not Status.MAILED or at.piece.drop_id is not None:
        return ""
    if rejected is None and posted is None:
        return at.submission.problem
    kept = told_of(session, str(at.submission.provider_id))
    told = [one for one in kept if one.kind == Meaning.POSTED]
    if not told or any(one.kind in CUSTODY for one in kept):
        return ""
    first = _day(mail, told)
    before = f"{IN_DOUBT}told as mailed on {spoken(first)}, and since as"
    if rejected is not None and (posted is None or posted.occurred_at <= rejected.occurred_at):
        return f"{before} {rejected.provider_kind}"
    by_now = _day(mail, [one for one in whole if one.kind is Meaning.POSTED])
    return f"{before} mailed on {spoken(by_now)}" if by_now > first else ""


def _day(mail: MailFolder, told: Iterable[KeptReport | Report]) -> date:
    """The first of them."""
    return min(day_of(one.occurred_at, mail.settings.firm.time_zone) for one in told)


def _last(told: Sequence[Report], kind: Meaning) -> Report | None:
    return max((one for one in told if one.kind is kind), key=lambda one: one.occurred_at, default=None)
