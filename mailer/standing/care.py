"""`mailer clients mark` and `merge`: how a client is treated whatever a list says, with the reason.

The ledger gets the mark and salted hashes of the rest. Pieces that are made and not in the post are told.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from uuid import UUID

from mailer.clients.care import CareMark
from mailer.clients.record import Client, Contract
from mailer.errors import Refused
from mailer.ledger.clientevents import ClientMarked
from mailer.ledger.kinds import OPEN, Status
from mailer.ledger.salt import salted
from mailer.planning.mailfolder import MailFolder
from mailer.store.engine import Session
from mailer.store.listed.care import Marking, keep_marking, mark_before_merge, marks
from mailer.store.listed.clients import by_ids, find, one_client
from mailer.store.pieces import affected
from mailer.store.record.binding import LIST
from mailer.store.record.events import Entry, record


@dataclass(frozen=True, slots=True)
class Marked:
    """What was recorded. `stale` are the campaigns whose pieces to it are not printed yet, `printed` the
    labels of those that are and are not in the post; `other_terms` are those of its contract, "30 days from
    deposit", and `other_mark` how it was marked, where it is merged into a client with others.
    """

    client: Client
    made: Marking
    stale: tuple[str, ...]
    printed: tuple[str, ...]
    other_terms: str = ""
    other_mark: str = ""


def mark(mail: MailFolder, client: str, how: CareMark, *, reason: str, by: str) -> Marked:
    """Mark one client, or take its mark away. Raises UsageProblem where the client can't be meant, Refused
    where nothing would be different.
    """
    with mail.store.write() as session:
        who = one_client(find(session, client), client)
        now = marks(session).get(who.id)
        if now is not None and now.mark is CareMark.MERGED:
            raise Refused(
                "is merged into another client.",
                where=who.name,
                todo=f"Mark that one, or take it back:  mailer clients merge --undo {who.number or client}",
            )
        if (now.mark if now else CareMark.NONE) is how:
            raise Refused(f"is marked {how} already.", where=who.name, todo="Nothing was recorded.")
        return _record(session, mail, who, how, None, reason, by)


def merge(mail: MailFolder, keep: str, gone: str, *, reason: str, by: str) -> Marked:
    """Record that `gone` is the client `keep`: it is written to, counted and planned as that one alone.

    Raises as `mark`.
    """
    with mail.store.write() as session:
        kept, who = one_client(find(session, keep), keep), one_client(find(session, gone), gone)
        known = marks(session)
        if kept.id == who.id:
            raise Refused("are one client already.", where=f"{keep} and {gone}", todo="Name two clients.")
        for one in (kept, who):
            if one.id in known and known[one.id].mark is CareMark.MERGED:
                raise Refused("is merged into another client already.", where=one.name, todo=_SEE)
        if any(made.kept_id == who.id for made in known.values()):
            raise Refused("has clients merged into it.", where=who.name, todo="Keep this one of the two.")
        done = _record(session, mail, who, CareMark.MERGED, kept.id, reason, by)
        was, is_ = (known[one.id].mark if one.id in known else CareMark.NONE for one in (who, kept))
        done = replace(done, other_mark="" if was in (CareMark.NONE, is_) else was.value)
        terms, others = (replace(one.contract, last_raised=None) for one in (who, kept))
        if terms in (others, Contract()):
            return done
        return replace(done, other_terms=terms.notice or terms.kind.value)


def separate(mail: MailFolder, gone: str, *, reason: str, by: str) -> Marked:
    """Take a merge back: `gone` is a client of its own again, as it was. Raises as `mark`."""
    with mail.store.write() as session:
        who = one_client(find(session, gone), gone)
        now = marks(session).get(who.id)
        if now is None or now.mark is not CareMark.MERGED:
            raise Refused("is not merged into another.", where=who.name, todo="Nothing was recorded.")
        return _record(session, mail, who, mark_before_merge(session, who.id), None, reason, by)


_SEE = "See  mailer clients show  for both."


def merged_into(session: Session, client: UUID) -> list[Client]:
    """The clients who are this one."""
    ids = [gone for gone, made in marks(session).items() if made.kept_id == client]
    return list(by_ids(session, ids).values()) if ids else []


def _record(
    session: Session, mail: MailFolder, who: Client, how: CareMark, kept: UUID | None, reason: str, by: str
) -> Marked:
    salt = secrets.token_hex(16)
    made = Marking(who.id, how, kept, reason, by, mail.today, salt)
    keep_marking(session, made)
    said = ClientMarked(
        salted(salt, str(who.id)), how.value, salted(salt, reason), salted(salt, str(kept)) if kept else ""
    )
    record(session, [Entry(LIST, said)], mail.stamp(by))
    went = affected(session, who.id)
    stale = tuple(dict.fromkeys(mailing.campaign for mailing, piece in went if piece.status in OPEN))
    printed = tuple(mailing.label(p.number) for mailing, p in went if p.status is Status.PRODUCED)
    return Marked(who, made, stale, printed)
