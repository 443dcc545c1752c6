"""`mailer clients correct`: one client's mailing address, or notice address, put right by hand.

What is given replaces the old parts; the whole is read as an import reads it. Both addresses are kept, in
the correction's own row; the ledger gets salted hashes only. A later import that still has the old address
does not bring it back (mailer.store.listed.corrections).

Where the old address was our mistake (`wrong_since`) the pieces that went there since then are recorded as
wrongly addressed, in an event of their own mailing: nothing shows that they were delivered.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from mailer.clients.cells import Unusable, clean
from mailer.clients.postal import Cells, read_address
from mailer.clients.record import Address, Client
from mailer.errors import Refused, UsageProblem
from mailer.ledger.clientevents import ClientCorrected
from mailer.ledger.events import PiecesMisaddressed
from mailer.ledger.kinds import Medium, Status
from mailer.ledger.numbers import ranges
from mailer.ledger.records import Mailing
from mailer.ledger.salt import salted, salted_address
from mailer.mailservice.registry import address_limits
from mailer.planning.mailfolder import MailFolder
from mailer.standing.wrongaddress import Went, wrongly_addressed
from mailer.store.listed.clients import find, one_client
from mailer.store.listed.corrections import (
    PARTS,
    AddressCorrection,
    corrections_of,
    keep_correction,
    parts_of,
)
from mailer.store.pieces import affected
from mailer.store.record.binding import LIST
from mailer.store.record.events import Entry, record

_NOTHING: Final = Address("", "", "", "", "", "")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be different. `parts` are those of an address by name ("" empties one); `notice`: of the
    notice address; `clear`: notices go to the mailing address from now on.

    `wrong_since`: the old address was our mistake from that day on. `of_record`: it was all the same the last
    one that the client itself had given. With these and no parts the last correction is meant.
    """

    parts: Mapping[str, str]
    notice: bool = False
    clear: bool = False
    wrong_since: date | None = None
    of_record: bool = False


@dataclass(frozen=True, slots=True)
class Affected:
    """A piece that went, or would go, to the old address. `misaddressed`: that was our mistake."""

    label: str
    campaign: str
    medium: Medium
    status: Status
    misaddressed: bool = False


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
    _require_meant(wish, mail.today)
    with mail.store.write() as session:
        who = one_client(find(session, client), client)
        earlier = corrections_of(session, [who.id])
        before, after, mended = _change(who, wish, earlier)
        salt = secrets.token_hex(16)
        went = affected(session, who.id)
        made = AddressCorrection(
            who.id, notice, parts_of(before), parts_of(after), reason, by, mail.today, salt, wish.wrong_since
        )
        keep_correction(session, who, made, mail.clock.now())
        wrong: dict[Mailing, list[int]] = {}
        if wish.wrong_since is not None:
            for mailing, piece in wrongly_addressed(who, went, made, earlier, wish.wrong_since):
                wrong.setdefault(mailing, []).append(piece.number)
        pieces = _affected(who, went, wrong, notice=notice)
        corrected = ClientCorrected(
            client=salted(salt, str(who.id)),
            notice=notice,
            before=salted_address(salt, made.before),
            after=salted_address(salt, made.after),
            reason=salted(salt, reason),
            wrong_since=wish.wrong_since,
            touches=", ".join(piece.label for piece in pieces),
        )
        entries = [Entry(LIST, corrected)]
        for mailing, numbers in wrong.items():
            happened = PiecesMisaddressed(ranges(numbers), mail.today, wish.of_record)
            entries.append(Entry(mailing.subject, happened))
        record(session, entries, mail.stamp(by))
    return Correction(who, notice, before, after, mended, pieces)


def _require_meant(wish: Wish, today: date) -> None:
    """Raises UsageProblem or Refused for a wish that contradicts itself."""
    if wish.clear and wish.parts:
        raise UsageProblem("--clear-notice takes no parts of an address.", todo="Give one or the other.")
    if wish.of_record and wish.wrong_since is None:
        raise UsageProblem(
            "--address-of-record is said of an address that was wrong.", todo="Give --was-wrong-since too."
        )
    if wish.wrong_since is not None and wish.wrong_since > today:
        raise Refused(
            f"{wish.wrong_since} is in the future.", where="--was-wrong-since", todo="Nothing was recorded."
        )


def _change(
    who: Client, wish: Wish, earlier: Sequence[AddressCorrection]
) -> tuple[Address | None, Address | None, tuple[str, ...]]:
    """The address before and after, and what reading it mended. Raises as `correct`."""
    notice = wish.notice or wish.clear
    now = who.notice_address if notice else who.address
    if wish.wrong_since is not None and not wish.parts and not wish.clear:
        last = next((one for one in reversed(earlier) if one.notice is notice), None)
        if last is not None and last.after == parts_of(now):
            return Address(**last.before) if last.before else None, now, ()
    if not wish.clear and not wish.parts:
        raise UsageProblem(
            "nothing to correct was given.", todo='Give the parts that are wrong: --line1 "12 Oak Street".'
        )
    after, mended = (None, ()) if wish.clear else _read(now, wish.parts, notice=notice)
    if after == now:
        what = "has no notice address of its own" if now is None else "has this address already"
        raise Refused(f"{what}.", where=who.name, todo="Nothing was recorded.")
    return now, after, mended


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


def _affected(
    who: Client, went: Went, wrong: Mapping[Mailing, Collection[int]], *, notice: bool
) -> tuple[Affected, ...]:
    """The client's pieces to the address that was corrected: letters go to the notice address, if any, and
    the second one of two to the mailing address.
    """
    letters = notice or who.notice_address is None
    return tuple(
        Affected(mailing.label(piece.number), mailing.campaign, mailing.medium, piece.status, misaddressed)
        for mailing, piece in went
        if (misaddressed := piece.number in wrong.get(mailing, ()))
        or (letters if mailing.medium is Medium.LETTER and not piece.facts.second else not notice)
    )
