"""`mailer returned` and `mailer received`: what became of a mailed piece.

A return: the label says why. A letter that was refused or not fetched was correctly addressed: under a
deposit or deemed-receipt clause its notice stands, under a receipt rule it is undone (the rule's
`on_return`). Where the address was wrong nothing shows that it was delivered, and the client needs a
corrected address and a new piece. A receipt: deposit, deemed receipt and actual receipt are kept apart; a
rule that counts receipt is met by the recorded day alone, and what is proved stands whatever came back since.

What can be true is recorded, in whatever order it comes to light; what it is at odds with is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from mailer.errors import Refused, UsageProblem
from mailer.ledger.events import PiecesReceived, PiecesReturned
from mailer.ledger.kinds import AT_SERVICE, IN_POST, Medium, ReturnReason
from mailer.ledger.numbers import ranges
from mailer.ledger.records import Mailing, Piece
from mailer.making.piecenames import parsed
from mailer.notice.words import spoken
from mailer.planning.mailfolder import MailFolder
from mailer.store.engine import Session
from mailer.store.mailings import mailing_named
from mailer.store.pieces import pieces, unlisted
from mailer.store.record.events import Entry, record

Happened = PiecesReturned | PiecesReceived


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded: how many pieces, of which mailings (their campaigns). `conflicts` is what it is at
    odds with, a sentence each.
    """

    pieces: int
    campaigns: tuple[str, ...]
    conflicts: tuple[str, ...]


def reason_named(text: str) -> ReturnReason | None:
    """The reason that a word means: "address wrong", "address-wrong"; None for "". Raises UsageProblem."""
    words = " ".join(text.replace("-", " ").split()).casefold()
    if not words:
        return None
    try:
        return ReturnReason(words)
    except ValueError:
        known = ", ".join(f'"{one.value}"' for one in ReturnReason)
        raise UsageProblem(
            f"{text!r} is not one of the reasons: {known}.",
            where="--reason",
            todo="The post's own words go into --note. Nothing was recorded.",
        ) from None


def returned(
    mail: MailFolder,
    labels: Sequence[str],
    *,
    on: date,
    reason: str,
    note: str = "",
    of_record: bool = False,
    actor: str,
) -> Recorded:
    """Record that pieces came back on a day, for a `reason` of the list, with the post's own words as `note`.

    `of_record`: the address was wrong, and all the same the last one that the client itself had given.
    Raises Refused or UsageProblem, and records nothing, where one was not mailed, is recorded so already, or
    came back before it was mailed or in the future.
    """
    cause = reason_named(reason)
    if of_record and cause is not ReturnReason.ADDRESS_WRONG:
        raise UsageProblem(
            "it is said of an address that was wrong.",
            where="--address-of-record",
            todo='Give it with --reason "address wrong". Nothing was recorded.',
        )
    return _record(mail, labels, on, lambda these: PiecesReturned(these, on, note, cause, of_record), actor)


def received(mail: MailFolder, labels: Sequence[str], *, on: date, proof: str, actor: str) -> Recorded:
    """Record that pieces were received on a day, by what `proof` (a certified-mail card). Raises as above."""
    return _record(mail, labels, on, lambda these: PiecesReceived(these, on, proof), actor)


def _record(
    mail: MailFolder, labels: Sequence[str], on: date, what: Callable[[str], Happened], actor: str
) -> Recorded:
    if on > mail.today:
        raise Refused(f"{on} is in the future.", where="--on", todo="Record it once it has happened.")
    wanted = _wanted(labels)
    conflicts: list[str] = []
    with mail.store.write() as session:
        for (campaign, medium), numbers in sorted(wanted.items()):
            mailing = _mailing(session, campaign, medium)
            happened = what(ranges(numbers))
            for piece in _mailed(session, mailing, numbers, on):
                conflicts += [f"{mailing.label(piece.number)} {text}" for text in _at_odds(piece, happened)]
            for number, client in unlisted(session, mailing, numbers) if medium is Medium.LETTER else ():
                conflicts.append(
                    f"{mailing.label(number)}: its client is on the list no more, and `check` leaves it out. "
                    f"Whether what was billed holds:  mailer evidence {campaign} --client {client}"
                )
            record(session, [Entry(mailing.subject, happened)], mail.stamp(actor, on))
    count = sum(map(len, wanted.values()))
    return Recorded(count, tuple(sorted({campaign for campaign, _ in wanted})), tuple(conflicts))


def _wanted(labels: Sequence[str]) -> dict[tuple[str, Medium], list[int]]:
    """The numbers of each mailing, ascending, each once: L-0001 and L-1 are one piece."""
    wanted: dict[tuple[str, Medium], set[int]] = {}
    for text in labels:
        campaign, medium, number = parsed(text)
        wanted.setdefault((campaign, medium), set()).add(number)
    return {mailing: sorted(found) for mailing, found in wanted.items()}


def _mailing(session: Session, campaign: str, medium: Medium) -> Mailing:
    mailing = mailing_named(session, campaign)
    if mailing is None or mailing.medium is not medium:
        raise Refused("nothing was made for this campaign.", where=campaign, todo="Look at `mailer status`.")
    return mailing


def _mailed(session: Session, mailing: Mailing, numbers: Sequence[int], on: date) -> Iterator[Piece]:
    """Those pieces. Raises Refused for one that the post never had, or had not yet on that day."""
    found = {piece.number: piece for piece in pieces(session, mailing, numbers=numbers)}
    for number in numbers:
        piece = found.get(number)
        if piece is None or piece.status not in IN_POST or piece.dropped_on is None:
            was = piece.status if piece else "not there"
            todo = "Correct the number, or record the hand-over first"
            if piece is not None and piece.status in AT_SERVICE:
                todo = f"Ask the mail service first whether the post has it: mailer track {mailing.campaign}"
            raise Refused(
                f"piece {number} is not with the post (it is {was}).",
                where=mailing.subject,
                todo=f"{todo}; nothing was recorded.",
            )
        if on < piece.dropped_on:
            raise Refused(
                f"piece {number} was handed over on {piece.dropped_on}, after {on}.",
                where="--on",
                todo="Correct the day; nothing was recorded.",
            )
        yield piece


def _at_odds(piece: Piece, happened: Happened) -> Iterator[str]:
    """What was recorded of it before and does not go with that. Raises Refused for the same once more."""
    if isinstance(happened, PiecesReturned):
        yield from _returned_again(piece, happened)
        if piece.received_on is not None and piece.received_on <= happened.on:
            yield f"was received on {spoken(piece.received_on)}, as is proved; that stands."
        elif piece.received_on is not None:
            yield f"was recorded as received on {spoken(piece.received_on)}, after that day: look at both."
        return
    if piece.received_on not in (None, happened.on):
        yield f"was recorded as received on {spoken(piece.received_on)}; what is recorded last counts."
    if piece.returned_on is not None and happened.on <= piece.returned_on:
        yield f"came back on {spoken(piece.returned_on)}; a receipt that is proved stands all the same."
    elif piece.returned_on is not None:
        yield f"was recorded as come back on {spoken(piece.returned_on)}, before that day: look at both."


def _returned_again(piece: Piece, happened: PiecesReturned) -> Iterator[str]:
    if piece.returned_on is None:
        return
    before = f"{spoken(piece.returned_on)}{f' ({piece.return_reason.value})' if piece.return_reason else ''}"
    of_record = bool(piece.of_record) or not happened.of_record
    if piece.returned_on == happened.on and happened.cause in (None, piece.return_reason) and of_record:
        raise Refused(
            f"piece {piece.number} is recorded as come back on {before} already.",
            where="--on",
            todo="Nothing was recorded.",
        )
    yield f"was recorded as come back on {before}; what is recorded last counts."
    if piece.misaddressed_on is not None and not happened.misaddressed:
        yield f"stays wrongly addressed, as was found on {spoken(piece.misaddressed_on)}."
