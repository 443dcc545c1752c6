"""`mailer returned`: a piece that came back. What that does to the notice is the rule's `on_return`.

Under a deposit or deemed-receipt clause a correctly addressed notice usually stands; under a receipt rule
it is undone, and the client needs a corrected address and a new piece.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mailer.errors import Refused, UsageProblem
from mailer.ledger.chain import Scalar
from mailer.ledger.kinds import EventKind, Status
from mailer.ledger.numbers import ranges
from mailer.store.events import Entry, record
from mailer.store.tables import MailingRow, Medium, PieceRow
from mailer.workflow.folder import MailFolder

_LABEL: Final = re.compile(r"(?P<campaign>[a-z0-9-]{1,40})-(?P<medium>[LN])-(?P<number>[0-9]{1,9})")
_MEDIA: Final = {medium.initial: medium for medium in Medium}


@dataclass(frozen=True, slots=True)
class Returned:
    """What was recorded: how many pieces, of which mailings (their campaigns)."""

    pieces: int
    campaigns: tuple[str, ...]


def returned(mail: MailFolder, labels: Sequence[str], *, on: date, reason: str, actor: str) -> Returned:
    """Record that pieces came back on a day. Raises Refused or UsageProblem, and records nothing, where
    one was not mailed, came back before, or came back before it was mailed or in the future.
    """
    if on > mail.today:
        raise Refused(f"{on} is in the future.", where="--on", todo="Record it once it has come back.")
    wanted: dict[tuple[str, Medium], list[int]] = {}
    for text in labels:
        match = _LABEL.fullmatch(text)
        if match is None:
            raise UsageProblem(
                f"{text!r} is not a piece.", todo="Write it as on its sheet mark's list: 2027-rates-L-0042."
            )
        wanted.setdefault((match["campaign"], _MEDIA[match["medium"]]), []).append(int(match["number"]))
    with mail.store.write() as session:
        for (campaign, medium), numbers in sorted(wanted.items()):
            _record(session, mail, campaign, medium, numbers, on, reason, actor)
    return Returned(len(set(labels)), tuple(sorted({campaign for campaign, _ in wanted})))


def _record(
    session: Session,
    mail: MailFolder,
    campaign: str,
    medium: Medium,
    numbers: Sequence[int],
    on: date,
    reason: str,
    actor: str,
) -> None:
    statement = select(MailingRow).where(MailingRow.campaign == campaign, MailingRow.medium == medium)
    mailing = session.execute(statement).scalar_one_or_none()
    if mailing is None:
        raise Refused("nothing was made for this campaign.", where=campaign, todo="Look at `mailer status`.")
    chosen = (PieceRow.mailing_id == mailing.id, PieceRow.number.in_(numbers))
    found = {row.number: row for row in session.execute(select(PieceRow).where(*chosen)).scalars()}
    for number in numbers:
        row = found.get(number)
        if row is None or row.status != Status.MAILED.value or row.dropped_on is None:
            was = row.status if row else "not there"
            raise Refused(
                f"piece {number} was not mailed (it is {was}), so it can't have come back.",
                where=mailing.subject,
                todo="Correct the number; nothing was recorded.",
            )
        if on < row.dropped_on:
            raise Refused(
                f"piece {number} was handed over on {row.dropped_on}, after {on}.",
                where="--on",
                todo="Correct the day; nothing was recorded.",
            )
    payload: dict[str, Scalar] = {"pieces": ranges(numbers), "on": on.isoformat(), "reason": reason}
    record(session, [Entry(EventKind.RETURNED, mailing.subject, payload)], mail.stamp(actor, on))
    session.execute(update(PieceRow).where(*chosen).values(returned_on=on))
