"""Letters that a mail service has and that are no pieces here: their pieces were lost with a newer database.

`mailer settle` keeps them as a file of the store, a list of JSON objects; the event names its hash alone,
since the names are personal. A piece of the same campaign to the same company, or person, at the same ZIP
code is not printed or sent: it would go twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mailer.errors import Refused
from mailer.ledger.copyevents import LettersFound
from mailer.ledger.kinds import Status
from mailer.ledger.records import Mailing, Piece
from mailer.notice.words import plural
from mailer.planning.mailfolder import MailFolder
from mailer.store.engine import Session
from mailer.store.pieces import pieces
from mailer.store.record.events import Entry, Stamp, happened, record

SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class GoneLetter:
    """A letter as its mail service lists it: its id there, its label and campaign here, whom to."""

    id: str
    label: str
    campaign: str
    name: str
    company: str
    zip: str


def keep_found(
    session: Session, mail: MailFolder, service: str, letters: Sequence[GoneLetter], stamp: Stamp
) -> None:
    """Keep the list of each campaign's letters; once, however often it is found."""
    lists: dict[str, list[dict[str, str]]] = {}
    for one in letters:
        row = {name: getattr(one, name) for name in ("id", "label", "name", "company", "zip")}
        lists.setdefault(one.campaign, []).append(row)
    for campaign, rows in lists.items():
        rows.sort(key=lambda row: row["id"])
        file = mail.store.files.put(json.dumps(rows, ensure_ascii=False, indent=1).encode())
        if all(said.file != file for _, said in happened(session, campaign, LettersFound)):
            record(session, [Entry(campaign, LettersFound(service, len(rows), file))], stamp)


def require_none_gone(session: Session, mail: MailFolder, mailing: Mailing) -> None:
    """Raises Refused, naming the approved pieces whose letters a service has already."""
    found = [
        one for _, said in happened(session, mailing.campaign, LettersFound) for one in _rows(mail, said)
    ]
    if not found:
        return
    whom = {key: one for one in found for key in _whom(one["company"], one["name"], one["zip"])}
    twice = [
        (piece, whom[key])
        for piece in pieces(session, mailing, statuses=[Status.APPROVED])
        if piece.again_of is None and (key := _met(piece, whom))
    ]
    if twice:
        names = "\n  ".join(
            f"{mailing.label(piece.number)} {piece.recipient_name}: {one['id']} ({one['label']})"
            for piece, one in twice[:SHOWN]
        )
        more = f"\n  and {len(twice) - SHOWN} more" if len(twice) > SHOWN else ""
        raise Refused(
            f"{plural(len(twice), 'of these letters', 'of these letters')} went before: the service has had "
            f"one to the same address since before the restore.\n  {names}{more}",
            where=mailing.campaign,
            todo="Leave these clients out (exclude, in its campaign.toml) and approve again.",
        )


def _rows(mail: MailFolder, said: LettersFound) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(mail.store.files.get(said.file))
    return rows


def _met(piece: Piece, whom: dict[tuple[str, str], dict[str, Any]]) -> tuple[str, str] | None:
    parts = piece.address or {"company": "", "name": piece.recipient_name, "zip": piece.zip}
    keys: Iterable[tuple[str, str]] = _whom(parts["company"], parts["name"], parts["zip"])
    return next((key for key in keys if key in whom), None)


def _whom(company: str, name: str, zip_: str) -> list[tuple[str, str]]:
    """The keys that a letter is compared by: its company, else its person, each with five digits of ZIP."""
    words = " ".join((company.strip() or name).casefold().split())
    return [(words, zip_[:5])] if words else []
