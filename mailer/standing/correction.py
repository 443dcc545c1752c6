"""`mailer clients correct`: one client's mailing address, or notice address, put right by hand.

What is given replaces the old parts; the whole is read as an import reads it. Both addresses are kept, in
the correction's own row; the ledger gets salted hashes only. A later import that still has the old address
does not bring it back (mailer.store.corrections).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mailer.clients.cells import Unusable, clean
from mailer.clients.postal import Cells, read_address
from mailer.clients.record import Address, Client
from mailer.errors import Refused, UsageProblem
from mailer.ledger.events import ClientCorrected
from mailer.ledger.kinds import Medium, Status
from mailer.ledger.salt import salted, salted_address
from mailer.mailservice.services import address_limits
from mailer.planning.mailfolder import MailFolder
from mailer.store.clients import find, one_client
from mailer.store.corrections import PARTS, AddressCorrection, keep_correction, parts_of
from mailer.store.engine import Session
from mailer.store.events import Entry, record
from mailer.store.pieces import affected

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
        made = AddressCorrection(
            who.id, notice, parts_of(before), parts_of(after), reason, by, mail.today, salt
        )
        keep_correction(session, who, made, mail.clock.now())
        corrected = ClientCorrected(
            client=salted(salt, str(who.id)),
            notice=notice,
            before=salted_address(salt, made.before),
            after=salted_address(salt, made.after),
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


def _affected(session: Session, who: Client, *, notice: bool) -> tuple[Affected, ...]:
    """The client's pieces to the address that was corrected: letters go to the notice address, if any."""
    letters = notice or who.notice_address is None
    return tuple(
        Affected(mailing.label(number), mailing.campaign, status)
        for mailing, number, status in affected(session, who.id)
        if (letters if mailing.medium is Medium.LETTER else not notice)
    )
