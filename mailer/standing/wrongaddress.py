"""Which of a client's pieces went to an address that was wrong by our mistake. Pure.

A piece went where its printed block says. A block that ends in none of the client's addresses (it was spelt
otherwise, or cut short) is taken to have gone where its medium goes: better one proof too few.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from mailer.clients.addresses import printed_at, same_place
from mailer.clients.record import Address, Client
from mailer.ledger.kinds import AT_SERVICE, IN_POST, Medium, Status
from mailer.ledger.records import Mailing, Piece
from mailer.store.listed.corrections import AddressCorrection

Went = Sequence[tuple[Mailing, Piece]]
_ON_THE_WAY: Final = AT_SERVICE | {Status.PRODUCED}  # it may be mailed yet, and bears the old address


def wrongly_addressed(
    who: Client, went: Went, made: AddressCorrection, earlier: Sequence[AddressCorrection], since: date
) -> Iterator[tuple[Mailing, Piece]]:
    """Of the client's pieces those that went to the address before the correction, mailed on `since` or
    later, or still on their way to the post. One whose receipt is proved counts from that day.

    `who` is the client as it was before. Where it had no notice address of its own and should have had one,
    the mailing address was the wrong one for letters.
    """
    wrong = Address(**made.before) if made.before else who.address
    elsewhere = [one for one in _addresses(who, earlier) if same_place(one) != same_place(wrong)]
    for mailing, piece in went:
        late = piece.counts_on is not None and piece.counts_on >= since
        if not (late and piece.status in IN_POST) and piece.status not in _ON_THE_WAY:
            continue
        if _is_meant(who, mailing, wrong, notice=made.notice) and (
            printed_at(piece.recipient, wrong)
            or (
                _goes_there(who, mailing, piece, notice=made.notice)
                and not any(printed_at(piece.recipient, one) for one in elsewhere)
            )
        ):
            yield mailing, piece


def _is_meant(who: Client, mailing: Mailing, wrong: Address, *, notice: bool) -> bool:
    """Is the mailing of the kind that goes to the address which was corrected, of the client's two?"""
    if mailing.medium is not Medium.LETTER:
        return not notice
    return notice or who.notice_address is None or same_place(who.notice_address) != same_place(wrong)


def _goes_there(who: Client, mailing: Mailing, piece: Piece, *, notice: bool) -> bool:
    """Letters go to the notice address, if there is one, and all else to the mailing address, as does the
    second of two letters.
    """
    if mailing.medium is Medium.LETTER and not piece.facts.second:
        return notice or who.notice_address is None
    return not notice or who.notice_address is None


def _addresses(who: Client, earlier: Sequence[AddressCorrection]) -> Iterator[Address]:
    yield who.address
    if who.notice_address is not None:
        yield who.notice_address
    for one in earlier:
        yield from (Address(**parts) for parts in (one.before, one.after) if parts)
