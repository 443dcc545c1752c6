"""`mailer receipt`: the post's receipt of a hand-over that was recorded without one.

The scan is added and nothing is changed: the hand-over's own event stays, and evidence says when the receipt
came to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mailer.errors import Refused, UsageProblem
from mailer.ledger.events import DropReceiptAdded, JobDropped
from mailer.ledger.records import HandOver, Mailing
from mailer.planning.mailfolder import MailFolder
from mailer.printroom.drop import stored_receipt
from mailer.store.engine import Session
from mailer.store.jobs import hand_overs, jobs, name_receipt
from mailer.store.mailings import mailing_named
from mailer.store.record.events import Entry, happened, record


@dataclass(frozen=True, slots=True)
class ReceiptAdded:
    """What the receipt was added to. `handed_over` is the firm's local day."""

    number: int
    pieces: str
    handed_over: date
    sha256: str
    chain_head: str


def add_receipt(
    mail: MailFolder, name: str, path: Path, *, drop: int | None = None, job: int | None = None, actor: str
) -> ReceiptAdded:
    """Add a scan to hand-over number `drop`, in the order in which they were recorded, or to that of `job`.

    Raises Refused, and records nothing, where there is none, which one is meant is open, or it has a receipt;
    MailerError where the file can't be one.
    """
    receipt = stored_receipt(mail, path)
    with mail.store.write() as session:
        mailing = mailing_named(session, name)
        found = _drops(session, mailing) if mailing else []
        if mailing is None or not found:
            raise Refused(
                "no hand-over to the post is on record.",
                where=name,
                todo=f"Record it with its receipt: mailer drop {name} … --receipt FILE",
            )
        number, row = _chosen(found, name, drop, job)
        if row.receipt:
            raise Refused(
                f"hand-over {number} has its receipt already ({row.receipt_name}).",
                where=name,
                todo="A receipt is never replaced; keep the other scan beside it. Nothing was recorded.",
            )
        entry = Entry(mailing.subject, DropReceiptAdded(number, row.pieces, receipt))
        last = record(session, [entry], mail.stamp(actor))
        name_receipt(session, mailing, number, path.name)
        at = row.dropped_at.astimezone(mail.settings.firm.time_zone)
        return ReceiptAdded(number, row.pieces, at.date(), receipt, last.hash if last else "")


def _drops(session: Session, mailing: Mailing) -> list[tuple[int, int, HandOver]]:
    """(number, job, hand-over) of each, in the order in which they were recorded."""
    numbers = {job.id: job.number for job in jobs(session, mailing)}
    known = {(numbers[one.job_id], one.pieces): one for one in hand_overs(session, mailing)}
    dropped = happened(session, mailing.subject, JobDropped)
    return [(number, one.job, known[one.job, one.pieces]) for number, (_, one) in enumerate(dropped, 1)]


def _chosen(
    found: list[tuple[int, int, HandOver]], name: str, drop: int | None, job: int | None
) -> tuple[int, HandOver]:
    wanted = [(number, row) for number, of, row in found if drop in (None, number) and job in (None, of)]
    if not wanted:
        raise UsageProblem(
            f"{name} has no such hand-over.", todo=f"It has {len(found)}; see `mailer evidence {name}`."
        )
    if len(wanted) > 1:
        numbers = ", ".join(str(number) for number, _ in wanted)
        raise UsageProblem(
            f"which hand-over is meant: {numbers}?", todo="Say so with --drop, in the order of recording."
        )
    return wanted[0]
