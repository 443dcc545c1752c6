"""Which approved pages may go once more: what was refused, cancelled, spoiled or came back.

A piece never goes twice; what goes again is a new piece (mailer.making.copies) for the client's address
of now. While the client has another piece on its way, nothing is repeated. Pages that would say something
else today are not repeated either: they are approved anew, or the client gets a follow-up of its own
(`mailer remedy`). Choosing records nothing, so that what refuses can refuse first.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from mailer.campaign.loading import Campaign
from mailer.errors import NoticeRefused, Refused
from mailer.ledger.kinds import AT_SERVICE, IN_POST, Status
from mailer.ledger.records import Mailing, Piece
from mailer.making import issue, letters
from mailer.making.documents import Letters, Written
from mailer.making.gate import require_in_time
from mailer.making.inputs import inputs_digest
from mailer.making.piecenames import number_of
from mailer.making.preparation import Wanted
from mailer.planning.lastday import is_courtesy, last_day, went_in_time
from mailer.planning.mailfolder import MailFolder
from mailer.store.engine import Session
from mailer.store.mailings import mailing_named
from mailer.store.pieces import clients_of, piece_numbered, pieces
from mailer.store.repeats import ended_pieces, later_piece

_SENDABLE: Final = frozenset({Status.REJECTED, Status.CANCELLED}) | IN_POST
_PRINTABLE: Final = _SENDABLE | {Status.PRODUCED}

_GOING_ON: Final = (Status.APPROVED, Status.SUBMITTING, Status.UNKNOWN)
"""A send of it that was interrupted goes on: what was asked for and not answered is settled."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """What is to go once more. `rows` are to be repeated, for `reason`; `numbers` are new pieces that an
    interrupted command left waiting. `courtesy`: each repeats one that was mailed in time, so that no day
    binds it. `wanted` is what each of `rows` would be today, by its number. `gone` are labels of pieces that
    are not repeated, since their clients get none any more.
    """

    mailing: Mailing
    rows: tuple[Piece, ...] = ()
    numbers: tuple[int, ...] = ()
    courtesy: bool = False
    reason: str = ""
    allowed: frozenset[Status] = _PRINTABLE
    wanted: Mapping[int, Wanted] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    live: bool = False  # copies that were only tried with a test key are void


def to_send(
    mail: MailFolder, campaign: Campaign, piece: str, reason: str, in_post: date, *, live: bool
) -> Repeat:
    """The piece to be sent again, or itself where it is waiting or was not answered. `live`: what was tried
    with a test key is in no way of it.

    Raises Refused where it is in a job, or at the service, or may be there, or something else is on its way
    to its client; NoticeRefused where the post would have it (on `in_post`) too late.
    """
    with mail.store.read() as session:
        mailing, row = _piece(session, campaign.name, piece)
        if row.status in _GOING_ON:
            return Repeat(mailing, numbers=(row.number,), courtesy=is_courtesy(session, mail, mailing, row))
        if row.status is Status.PRODUCED:
            printed = mailing.label(row.number)
            raise Refused(
                f"{printed} is printed.",
                where=campaign.name,
                todo=f"Hand it over, or print it anew: mailer reprint {printed} --reason …",
            )
    return _chosen(mail, campaign, mailing, row, reason, _SENDABLE, in_post, _GOING_ON, live=live)


def to_reprint(mail: MailFolder, campaign: Campaign, piece: str, reason: str) -> Repeat:
    """A printed piece that was spoiled, or a mailed one that came back or is lost, to be printed anew.

    The spoiled one will be void. Raises Refused where the piece is at a mail service, or may be, or
    something else is on its way to its client, or it is the copy by e-mail of a letter; NoticeRefused where
    it is too late.
    """
    with mail.store.read() as session:
        mailing, row = _piece(session, campaign.name, piece)
    label = mailing.label(row.number)
    if row.facts.is_copy:
        raise Refused(
            f"{label} is the copy by e-mail that the contract asks for: on paper it would be none.",
            where=campaign.name,
            todo=f"Mend the address in the list, import it, then: mailer send {campaign.name} --only {label} "
            "--reason …",
        )
    if row.status is Status.APPROVED:
        raise Refused(
            f"{label} is not printed yet.",
            where=campaign.name,
            todo=f"Print it with the others: mailer print {campaign.name}",
        )
    return _chosen(mail, campaign, mailing, row, reason, _PRINTABLE, mail.mails_on)


def to_take_over(mail: MailFolder, campaign: Campaign) -> Repeat:
    """All that the mail service refused or gave back, where nothing else serves the clients.

    No copy by e-mail is among it. What was repeated before and is not printed yet is among the numbers.
    Raises Refused where there is neither.
    """
    with mail.store.read() as session:
        mailing = mailing_named(session, campaign.name)
        ended = ended_pieces(session, mailing) if mailing else []
        waiting = pieces(session, mailing, statuses=[Status.APPROVED], copies=True) if mailing else ()
        open_ = [row.number for row in waiting if not row.facts.is_copy]
    rows = [row for row in ended if not row.facts.is_copy]
    if mailing is not None and ended and not (rows or open_):
        raise Refused(
            "what the service refused or gave back are copies by e-mail: on paper they would be none.",
            where=campaign.name,
            todo=f"Send each again: mailer send {campaign.name} --only PIECE --reason …",
        )
    if mailing is None or not (rows or open_):
        raise Refused(
            "the mail service refused nothing of it and gave nothing back.",
            where=campaign.name,
            todo=f"Look at `mailer status {campaign.name}`. A piece whose outcome is not known is never "
            f"printed: settle it with `mailer send {campaign.name}`.",
        )
    wanted = _wanted(mail, campaign, mailing, rows, all_of_them=False) if rows else {}
    gone = tuple(mailing.label(row.number) for row in rows if row.number not in wanted)
    kept = tuple(row for row in rows if row.number in wanted)
    if not (kept or open_):
        raise Refused(
            f"the clients of {', '.join(gone[:5])} get none any more.",
            where=campaign.name,
            todo=f"Nothing is left to print. See `mailer status {campaign.name}`.",
        )
    return Repeat(mailing, kept, tuple(open_), wanted=wanted, gone=gone)


def _piece(session: Session, name: str, piece: str) -> tuple[Mailing, Piece]:
    mailing = mailing_named(session, name)
    if mailing is None:
        raise Refused("nothing was made for this campaign.", where=name, todo="Look at `mailer status`.")
    number = number_of(mailing, piece)
    row = piece_numbered(session, mailing, number)
    if row is None:
        raise Refused(
            f"there is no piece {mailing.label(number)}.", where=name, todo=f"See `mailer status {name}`."
        )
    return mailing, row


def _chosen(
    mail: MailFolder,
    campaign: Campaign,
    mailing: Mailing,
    row: Piece,
    reason: str,
    allowed: frozenset[Status],
    in_post: date,
    going_on: Collection[Status] = (Status.APPROVED,),
    *,
    live: bool = False,
) -> Repeat:
    """The one piece, or the copy of it that an interrupted command left in one of `going_on`."""
    with mail.store.read() as session:
        copies = pieces(session, mailing, statuses=going_on, copies_of=row.number)
        waiting = next(copies, None)  # an interrupted command made it
        if waiting is not None:
            courtesy = is_courtesy(session, mail, mailing, waiting)
            return Repeat(mailing, numbers=(waiting.number,), courtesy=courtesy)
        require_repeatable(session, mailing, row, allowed, live=live)
    courtesy = went_in_time(mail, mailing, campaign, row)
    if not courtesy:
        require_in_time(campaign.name, last_day(mail, mailing, campaign, row.facts), mail.today, in_post)
    wanted = _wanted(mail, campaign, mailing, [row])
    return Repeat(mailing, (row,), (), courtesy, reason, allowed, wanted, live=live)


def require_repeatable(
    session: Session, mailing: Mailing, row: Piece, allowed: frozenset[Status], *, live: bool = False
) -> None:
    """Raises Refused where the piece may be under way, or another one is to its client, or nobody approved
    it.
    """
    name, piece, status = mailing.campaign, mailing.label(row.number), row.status
    if status in AT_SERVICE:
        raise Refused(
            f"{piece} is at the mail service, or may be (it is {status.value}).",
            where=name,
            todo=f"Settle or cancel it there first: mailer send {name}, mailer cancel {name}.",
        )
    later = later_piece(session, row, live=live)
    if later is not None:
        other = f"{mailing.label(later.number)} ({later.status})"
        repeated = later.again_of == row.number
        raise Refused(
            f"{piece} was made again as {other}."
            if repeated
            else f"{piece} is {status.value}, and its client has {other}.",
            where=name,
            todo=f"See its story: mailer status {name}. Name the later piece if that is to go once more.",
        )
    if status not in allowed:
        raise Refused(
            f"{piece} is {status.value}: its pages may not go.",
            where=name,
            todo=f"Look at `mailer proof {name}`, then `mailer approve {name}`.",
        )


def _wanted(
    mail: MailFolder,
    campaign: Campaign,
    mailing: Mailing,
    rows: Sequence[Piece],
    *,
    all_of_them: bool = True,
) -> dict[int, Wanted]:
    """What each piece would be today, by its number. Raises NoticeRefused where its pages would differ, or,
    for `all_of_them`, where its client gets none any more.
    """
    inputs = inputs_digest(mail.settings, campaign, mail.letterhead)
    if inputs != mailing.inputs_digest or mailing.dated is None:
        raise _other_pages(campaign, "its definition, texts, letterhead or profile changed")
    with mail.store.read() as session:
        clients = clients_of(session, mailing, [row.number for row in rows])
    if campaign.kind.is_issue:
        today = {(one.clients, False): one for one in issue.wanted_newsletters(mail, campaign, inputs)}
    else:
        texts = Letters(mail.settings, campaign, mailing.dated, inputs)
        sought = {client for covered in clients.values() for client in covered}
        written = letters.written_letters(mail, campaign, texts, sought)
        parts = letters.wanted_letters(mail, campaign, written)
        today = {(one.clients, one.facts.second): one for part in parts for one in part}
    found = {}
    for row in rows:
        one = today.get((clients[row.number], row.facts.second))
        if one is None:
            if not all_of_them:
                continue
            raise _other_pages(campaign, f"the client of {mailing.label(row.number)} gets none any more")
        content, email = one.content, (row.address or {}).get("email", "")
        if isinstance(content, Written) and (
            bool(content.email) is not bool(email)
            or content.digest_at(row.recipient, email) != row.recipient_digest
        ):
            raise _other_pages(campaign, f"{mailing.label(row.number)} would say something else today")
        found[row.number] = one
    return found


def _other_pages(campaign: Campaign, why: str) -> NoticeRefused:
    return NoticeRefused(
        f"the approved pages can't go again: {why}.",
        where=campaign.name,
        todo=f"Approve anew: mailer approve {campaign.name}. For clients who have theirs already, "
        f"make a follow-up: mailer remedy {campaign.name}.",
    )
