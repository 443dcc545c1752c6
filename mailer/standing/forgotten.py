"""`mailer clients forget`: the person goes, the proof stays.

Names, addresses and the salts of their hashes are dropped, of the client and of the letters that went to it
alone; what the letters state, their pages' hashes, and when they were mailed stay proved (docs/ledger.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from mailer.errors import Refused
from mailer.ledger.clientevents import ClientsForgotten
from mailer.ledger.events import PiecesForgotten
from mailer.ledger.kinds import ENDED, IN_POST
from mailer.ledger.numbers import ranges
from mailer.ledger.records import Mailing
from mailer.planning.mailfolder import MailFolder
from mailer.standing.care import merged_into
from mailer.store.engine import Session
from mailer.store.listed.clients import find, one_client
from mailer.store.listed.forgetting import drop_person, is_forgotten
from mailer.store.pieces import affected, clients_of
from mailer.store.record.binding import LIST
from mailer.store.record.events import Entry, record


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was dropped: how many clients (with those merged into it) and pieces. `shared` are the labels of
    pieces that stay, as they are another client's too; `folders` lie in the mail folder and may name it.
    """

    clients: int
    pieces: int
    shared: tuple[str, ...]
    folders: tuple[str, ...]


def forget(mail: MailFolder, client: str, *, reason: str, by: str) -> Forgotten:
    """Forget one client and those merged into it. `reason` must name nobody: it is on record for good.

    Raises UsageProblem where the client can't be meant, Refused where a letter to it is under way.
    """
    with mail.store.write() as session:
        who = one_client(find(session, client), client)
        if is_forgotten(who.key):
            raise Refused("is forgotten already.", where=client, todo="Nothing was recorded.")
        every = [who, *merged_into(session, who.id)]
        ids = {one.id: one.number or one.name for one in every}
        alone, shared = _pieces(session, ids)
        stamp = mail.stamp(by)
        said = ClientsForgotten("\n".join(sorted(map(str, ids))), reason)
        entries = [Entry(LIST, said)]
        entries += [Entry(mailing.subject, PiecesForgotten(ranges(of))) for mailing, of in alone.items()]
        record(session, entries, stamp)
        drop_person(session, ids, stamp.recorded_at)
    campaigns = {mailing.campaign for mailing in alone}
    places = ("jobs", "proofs", "evidence", "word", "reports")
    folders = tuple(
        path.relative_to(mail.root).as_posix()
        for place in places
        for path in sorted((mail.root / place).glob("*"))
        if place == "reports" or any(path.name.startswith(campaign) for campaign in campaigns)
    )
    return Forgotten(len(every), sum(map(len, alone.values())), shared, folders)


def _pieces(session: Session, ids: Mapping[UUID, str]) -> tuple[dict[Mailing, list[int]], tuple[str, ...]]:
    """The pieces that cover nobody but `ids`, clients with what people call them, by mailing, and the labels
    of the others. Raises Refused where one is not in the post and not ended.
    """
    alone: dict[Mailing, set[int]] = {}
    shared: dict[str, None] = {}
    for client, named in ids.items():
        for mailing, piece in affected(session, client):
            label = mailing.label(piece.number)
            if piece.status not in IN_POST | ENDED:
                raise Refused(
                    f"is to get {label}, which is {piece.status.value}.",
                    where=f"client {named}",
                    todo=f"Take it back first:  mailer clients mark {named} do-not-contact, then "
                    f"mailer approve {mailing.campaign}; mailer destroy or mailer cancel what was printed "
                    "or sent.",
                )
            if set(clients_of(session, mailing, [piece.number])[piece.number]) <= ids.keys():
                if piece.salt:
                    alone.setdefault(mailing, set()).add(piece.number)
            else:
                shared[label] = None
    return {mailing: sorted(numbers) for mailing, numbers in alone.items()}, tuple(shared)
