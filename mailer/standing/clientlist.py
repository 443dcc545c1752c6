"""`mailer clients list`, `show` and `export`: reading the client list back."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from mailer.clients.export import ENCODING, write_clients
from mailer.clients.member import amount_of
from mailer.clients.record import Client
from mailer.judgement.account import Billed
from mailer.judgement.docket import Docket
from mailer.ledger.clientpiece import ClientPiece
from mailer.planning.mailfolder import MailFolder
from mailer.planning.question import question_on
from mailer.standing.care import merged_into
from mailer.store.accounts import accounts
from mailer.store.files import whole_file
from mailer.store.listed.care import Marking, marks
from mailer.store.listed.clients import count, find, in_chunks, one_client
from mailer.store.listed.forgetting import is_forgotten
from mailer.store.listed.givenforms import GivenForm, given_forms
from mailer.store.listed.members import base_rates
from mailer.store.listed.members import in_chunks as members_in_chunks
from mailer.store.listed.roster import services
from mailer.store.pieces import sent_to


@dataclass(frozen=True, slots=True)
class Shown:
    """All about one client: what may be billed today, and every piece they were sent, to those merged into it
    too. `care` is how it is marked now, `given` why an address stays as it was given, by the address's hash.
    """

    client: Client
    services: tuple[Billed, ...]
    pieces: tuple[ClientPiece, ...]
    care: Marking | None
    merged: tuple[Client, ...]
    given: Mapping[str, GivenForm]


def listed(mail: MailFolder, text: str = "", *, ended: bool = False) -> Iterator[Client]:
    """The clients in ZIP order; `text` finds by number, e-mail or name; `ended` includes those who left."""
    with mail.store.read() as session:
        if text:
            yield from find(session, text, limit=500)
            return
        for chunk in in_chunks(session, active=not ended):
            yield from chunk


def total(mail: MailFolder) -> int:
    """How many clients the list has, those who left included."""
    with mail.store.read() as session:
        return count(session)


def shown(mail: MailFolder, text: str) -> Shown:
    """The one client that `text` names. Raises UsageProblem where that is not clear."""
    docket = Docket(question_on(mail, mail.today))
    with mail.store.read() as session:
        client = one_client(find(session, text), text)
        members = next(members_in_chunks(session, ids=[client.id]))
        billed = accounts(session, members, docket)[client.id].services
        care, merged = marks(session).get(client.id), tuple(merged_into(session, client.id))
        given = given_forms(session, client.id)
        sent = sent_to(session, [client.id, *(one.id for one in merged)])
    pieces = tuple(piece for each in sent.values() for piece in each)
    return Shown(client, tuple(billed[name] for name in sorted(billed)), pieces, care, merged, given)


def export(mail: MailFolder, path: Path) -> int:
    """Write the whole list with its base rates as CSV, so that importing it changes nothing; how many."""
    with mail.store.read() as session, whole_file(path) as file:

        def rows() -> Iterator[tuple[Client, dict[str, Decimal]]]:
            for chunk in in_chunks(session):
                found = base_rates(session, [client.id for client in chunk], mail.today)
                for client in chunk:
                    if is_forgotten(client.key):
                        continue
                    rates = found.get(client.id, ())
                    yield client, {service: amount_of(stored) for service, stored, *_ in rates}

        out = io.TextIOWrapper(file, ENCODING, newline="")
        written = write_clients(out, rows(), services(session))
        out.detach()  # which flushes it; the file is closed by its owner
    return written
