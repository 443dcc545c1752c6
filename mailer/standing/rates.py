"""`mailer rates`: what the work of one day may be billed at, client by client, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement

from mailer.clients.record import Client
from mailer.errors import UsageProblem
from mailer.judgement.account import Billed, accounts, question_on
from mailer.planning.mailfolder import MailFolder
from mailer.store.clients import find
from mailer.store.members import Member, in_chunks
from mailer.store.tables import ClientRow


@dataclass(frozen=True, slots=True)
class Priced:
    """A client's services on the day, by name; none where no rate is on record for it."""

    client: Member
    services: tuple[Billed, ...]


def prices(mail: MailFolder, worked_on: date, client: str = "") -> Iterator[Priced]:
    """Each client's rates for work done on a day. `client` names one: id, number, e-mail or name.

    Raises UsageProblem where that names none, or more than one.
    """
    question = question_on(mail, worked_on)
    with mail.store.read() as session:
        only: tuple[ColumnElement[bool], ...] = ()
        if client:
            only = (ClientRow.id == one_client(find(session, client), client).id,)
        for chunk in in_chunks(session, *only):
            found = accounts(session, chunk, question)
            for each in chunk:
                services = found[each.id].services
                yield Priced(each, tuple(services[name] for name in sorted(services)))


def one_client(found: list[Client], text: str) -> Client:
    """The one client that was meant. Raises UsageProblem where that is not clear."""
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageProblem(f"no client is called {text!r}.", todo="Look with `mailer clients list TEXT`.")
    names = ", ".join(f"{each.number or each.email or each.id} {each.name}" for each in found[:5])
    raise UsageProblem(
        f"{text!r} could be {len(found)} clients: {names}.", todo="Name one by its number or e-mail."
    )
