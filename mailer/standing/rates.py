"""`mailer rates`: what the work of one day may be billed at, client by client, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from mailer.clients.member import Member
from mailer.judgement.account import Billed
from mailer.judgement.docket import Docket
from mailer.planning.mailfolder import MailFolder
from mailer.planning.question import question_on
from mailer.store.accounts import histories
from mailer.store.listed.clients import find, one_client
from mailer.store.listed.members import in_chunks
from mailer.store.record.boundrows import BoundRows


@dataclass(frozen=True, slots=True)
class Priced:
    """A client's services on the day, by name; none where no rate is on record for it."""

    client: Member
    services: tuple[Billed, ...]


def prices(mail: MailFolder, worked_on: date, client: str = "") -> Iterator[Priced]:
    """Each client's rates for work done on a day. `client` names one: id, number, e-mail or name.

    Raises UsageProblem where that names none, or more than one; Edited where a row that it rests on is not
    what was recorded.
    """
    docket = Docket(question_on(mail, worked_on))
    with mail.store.read() as session:
        recorded = BoundRows.read(session)
        only = [one_client(find(session, client), client).id] if client else None
        for chunk in in_chunks(session, ids=only):
            known = histories(session, chunk)
            recorded.require(session, list(known.values()))
            for each in chunk:
                services = docket.account(known[each.id]).services
                yield Priced(each, tuple(services[name] for name in sorted(services)))
