"""`mailer clients correct`: one client's mailing address, or notice address, put right by hand.

What is given replaces the old parts; the whole is read as an import reads it. Both addresses are kept, in
the correction's own row; the ledger gets salted hashes only. A later import that still has the old address
does not bring it back (mailer.store.corrections).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from mailer.clients.cells import Unusable, clean
from mailer.clients.postal import Cells, read_address
from mailer.clients.record import Address, Client
from mailer.errors import Refused, UsageProblem
from mailer.ledger.events import ClientCorrected
from mailer.ledger.kinds import Medium, Status
from mailer.mailservice.services import address_limits
from mailer.making.piecenames import label_of
from mailer.making.preparation import salted
from mailer.planning.mailfolder import MailFolder
from mailer.store.clients import find, one_client
from mailer.store.corrections import PARTS, name_key
from mailer.store.events import Entry, record
from mailer.store.tables import ClientRow, CorrectionRow, MailingRow, PieceClientRow, PieceRow

SUBJECT: Final = "clients"
_NOTHING: Final = Address("", "", "", "", "", "")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be different. `parts` are those of an address by name ("" empties one); `notice`: of the
    notice address; `clear`: notices go to the mailing address from now on.
    """

    parts: Mapping[str, str]
    notice: bool = False
    clear: bool = False


@dataclass(frozen=True, slots=True)
class Affected:
    """A piece that went, or would go, to the old address."""

    label: str
    campaign: str
    status: Status


@dataclass(frozen=True, slots=True)
class Correction:
    """What was recorded. `mended` is what reading the address changed in it, and what is odd about it."""

    client: Client
    notice: bool
    before: Address | None
    after: Address | None
    mended: tuple[str, ...]
    pieces: tuple[Affected, ...]

    def those(self, *statuses: Status) -> list[Affected]:
        return [piece for piece in self.pieces if piece.status in statuses]


def correct(mail: MailFolder, client: str, wish: Wish, *, reason: str, by: str) -> Correction:
    """Correct one client's address, in one transaction.

    Raises UsageProblem where client or wish can't be meant or the address is none, Refused where nothing
    would be different; nothing is recorded then.
    """
    notice = wish.notice or wish.clear
    if wish.clear and wish.parts:
        raise UsageProblem("--clear-notice takes no parts of an address.", todo="Give one or the other.")
    if not wish.clear and not wish.parts:
        raise UsageProblem(
            "nothing to correct was given.", todo='Give the parts that are wrong: --line1 "12 Oak Street".'
        )
    with mail.store.write() as session:
        who = one_client(find(session, client), client)
        before = who.notice_address if notice else who.address
        after, mended = (None, ()) if wish.clear else _read(before, wish.parts, notice=notice)
        if after == before:
            what = "has no notice address of its own" if before is None else "has this address already"
            raise Refused(f"{what}.", where=who.name, todo="Nothing was recorded.")
        salt = secrets.token_hex(16)
        session.add(
            CorrectionRow(
                id=uuid7(),
                client_id=who.id,
                notice=notice,
                before=_stored(before),
                after=_stored(after),
                reason=reason,
                corrected_by=by,
                corrected_on=mail.today,
                salt=salt,
            )
        )
        _change(session, mail, who, after, notice=notice)
        session.flush()
        corrected = ClientCorrected(
            client=salted(salt, str(who.id)),
            notice=notice,
            before=salted(salt, _text(before)),
            after=salted(salt, _text(after)),
            reason=salted(salt, reason),
        )
        record(session, [Entry(SUBJECT, corrected)], mail.stamp(by))
        pieces = _affected(session, who, notice=notice)
    return Correction(who, notice, before, after, mended, pieces)


def _read(
    before: Address | None, parts: Mapping[str, str], *, notice: bool
) -> tuple[Address, tuple[str, ...]]:
    """The old address with the new parts, as an import would read it. Raises UsageProblem."""
    of = "notice address" if notice else "address"
    base = before or _NOTHING
    mended: list[str] = []
    try:
        given = {}
        for name, text in parts.items():
            given[name], note = clean(text)
            mended += [note] if note else []
        if given.get("country", base.country).casefold() != base.country.casefold():
            base = _NOTHING  # the rest of an address at home means nothing abroad
        cells = Cells(*(given.get(name, getattr(base, name)) for name in PARTS))
        return read_address(cells, mended, of=of, limits=address_limits()), tuple(mended)
    except Unusable as finding:
        missing = before is None or base is _NOTHING
        whole = "Give the whole address: --line1, --city, --state, --zip." if missing else finding.todo
        raise UsageProblem(f"{finding.reason}.", where=of, todo=f"{whole} Nothing was recorded.") from None


def _change(session: Session, mail: MailFolder, who: Client, after: Address | None, *, notice: bool) -> None:
    row = session.get_one(ClientRow, who.id)
    row.updated_at = mail.clock.now()
    if notice:
        row.notice_address = _stored(after)
    elif after is not None:
        for part in PARTS:
            setattr(row, part, getattr(after, part))
        row.name_key = name_key(who.name, after.zip)
        if row.key.startswith("name:") and not _taken(session, row.name_key):
            row.key = row.name_key


def _taken(session: Session, key: str) -> bool:
    return session.execute(select(ClientRow.id).where(ClientRow.key == key)).first() is not None


def _affected(session: Session, who: Client, *, notice: bool) -> tuple[Affected, ...]:
    """The client's pieces to the address that was corrected: letters go to the notice address, if any."""
    statement = (
        select(MailingRow, PieceRow.number, PieceRow.status)
        .join(PieceRow, PieceRow.mailing_id == MailingRow.id)
        .join(PieceClientRow, PieceClientRow.piece_id == PieceRow.id)
        .where(PieceClientRow.client_id == who.id)
        .order_by(PieceRow.id)
    )
    letters = notice or who.notice_address is None
    return tuple(
        Affected(label_of(mailing, number), mailing.campaign, Status(status))
        for mailing, number, status in session.execute(statement)
        if (letters if Medium(mailing.medium) is Medium.LETTER else not notice)
    )


def _stored(address: Address | None) -> dict[str, Any] | None:
    return asdict(address) if address else None


def _text(address: Address | None) -> str:
    """What is hashed: canonical JSON of the address, "null" for none."""
    return json.dumps(_stored(address), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
