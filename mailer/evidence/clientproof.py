"""`mailer evidence NAME --client X`: the proof for one client, with nothing of another client in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Final

from mailer.clients.record import Client
from mailer.errors import MailerError, Refused
from mailer.evidence.case import Addressee, Deposit, Frame, OneClient, OtherLetter, ReturnedPiece, TakenPiece
from mailer.evidence.composites import as_seen, paper_of
from mailer.evidence.pack import letterhead_of, manifest_of, put_events, require_same_ledger
from mailer.evidence.packfolder import FOLDER, address_line, being_built, place_for
from mailer.evidence.packpieces import ADDRESSES
from mailer.evidence.pages.clientproof import Exhibited, client_pdf
from mailer.evidence.pieces import ProvedPiece, document
from mailer.evidence.record import Record, addressees, doubts_of, read_record
from mailer.evidence.remarks import remarks
from mailer.evidence.services import accepted_of
from mailer.evidence.verdicts import Judged, verdicts
from mailer.givenfile import require_new
from mailer.ledger.chain import Event
from mailer.ledger.events import said
from mailer.ledger.kinds import AT_SERVICE, TRANSITIONS, EventKind
from mailer.ledger.numbers import holds
from mailer.money import people
from mailer.notice.words import spoken
from mailer.planning.mailfolder import MailFolder
from mailer.progress import Progress, silent
from mailer.standing.audit import verify as verify_ledger
from mailer.store.files import write_whole
from mailer.store.listed.clients import find, one_client


@dataclass(frozen=True, slots=True)
class ClientProof:
    """Where the PDF lies, and what it says. `holds` is the notice verdict, `aside` what an exception is."""

    file: Path
    client: str
    piece: str
    reason: str
    holds: bool
    rehearsal: bool
    aside: str


def make_for(
    mail: MailFolder,
    campaign: str,
    text: str,
    *,
    now: datetime,
    out: Path | None = None,
    pack: bool = False,
    progress: Progress = silent,
) -> ClientProof:
    """The proof that one client was given notice. `text` is its id, number, e-mail or name. With `pack` a
    folder that can be verified (mailer.evidence.verifier), which holds nothing of another client.

    Raises UsageProblem for an unknown client, Refused where no letter to it was mailed.
    """
    with mail.store.read() as session:
        client = one_client(find(session, text), text)
    record = read_record(mail, campaign, now)
    if record.campaign.kind.is_issue:
        raise MailerError(
            "is an issue of the newsletter, which gives no notice of its own.",
            where=record.campaign.path,
            todo="Name the campaign whose article it carries.",
        )
    verify_ledger(mail, progress=progress)
    found = verdicts(mail, campaign, record.pieces, progress)
    judged = found.of(client.id)
    piece = _piece(record, client, judged)
    if judged is None or judged.notice is None:
        raise Refused(
            f"no verdict can be given for {client.name}: {judged.problem if judged else 'it has no letter'}.",
            where=campaign,
            todo=f"See `mailer check {campaign}`.",
        )
    relied = [piece, *_to_other_address(record, client, judged, piece)]
    letters = [document(mail.store.files, one) for one in relied]
    proof = _proof(mail, record, client, judged, relied, letters)
    exhibited = [_exhibited(mail, record, *each) for each in zip(relied, letters, strict=True)]
    pdf = client_pdf(proof, exhibited, letterhead_of(mail))
    name = f"{piece.label}-{mail.today}"
    if pack:
        path = place_for(out or mail.root / FOLDER / name, record.campaign.name, mail.root)
        _put_pack(mail, record, path, pdf, dict(zip(relied, letters, strict=True)))
    else:
        require_same_ledger(mail, record)
        path = _path(mail, out, f"{name}.pdf")
        write_whole(path, pdf)
    return ClientProof(
        path,
        client.name,
        piece.label,
        judged.reason,
        judged.holds,
        record.frame.rehearsal,
        judged.aside,
    )


def _put_pack(
    mail: MailFolder, record: Record, folder: Path, proof: bytes, letters: Mapping[ProvedPiece, bytes]
) -> None:
    """The proof, its letters, their lines and the ledger: of the mailing's events all are needed, and none
    says whom another letter is for.
    """
    subject = record.mailing.subject
    with being_built(folder, mail.root) as target:
        target.put("proof.pdf", proof)
        lines = []
        for piece, letter in letters.items():
            file = f"pieces/{piece.label}.pdf"
            target.put(file, letter)
            taken = accepted_of(record.events, subject).get(piece.number)
            lines.append(address_line(piece, subject, file, taken))
        target.put_lines(ADDRESSES, lines)
        put_events(target, mail, record, [subject])
        first, *besides = (piece.label for piece in letters)
        only = {"only": first, **({"besides": besides} if besides else {}), "jobs": []}
        target.close(manifest_of(record, [subject]) | only)
        require_same_ledger(mail, record)


def _piece(record: Record, client: Client, judged: Judged | None) -> ProvedPiece:
    """The mailed letter that the verdict rests on."""
    own = [piece for piece in record.pieces if client.id in piece.clients]
    relied = [piece for piece in own if judged and piece.label == judged.piece and piece.mailed]
    if relied:
        return relied[0]
    why = f": {judged.reason}" if judged and judged.reason else ""
    if not own:
        raise Refused(
            f"no letter was made for {client.name}{why}.",
            where=record.campaign.name,
            todo=f"See `mailer check {record.campaign.name}`.",
        )
    name = record.campaign.name
    raise Refused(
        f"{own[-1].label} to {client.name} was not handed over to the post; it is {own[-1].status.value}.",
        where=name,
        todo=f"Ask the mail service with `mailer track {name}`."
        if own[-1].status in AT_SERVICE
        else "Record its hand-over with `mailer handed-over` once that happened.",
    )


def _to_other_address(
    record: Record, client: Client, judged: Judged, piece: ProvedPiece
) -> list[ProvedPiece]:
    """The mailed letter to the client's other address, where a rule asks for two; of several the first that
    did not come back.
    """
    if judged.notice is None or not any(one.rule.of_two for one in judged.notice.results):
        return []
    says = (piece.facts.effective, piece.facts.rates, not piece.facts.second)
    found = [
        one
        for one in record.pieces
        if client.id in one.clients
        and one.mailed
        and (one.facts.effective, one.facts.rates, one.facts.second) == says
    ]
    return sorted(found, key=lambda one: (bool(one.returned_on or one.misaddressed_on), one.number))[:1]


def _exhibited(mail: MailFolder, record: Record, piece: ProvedPiece, letter: bytes) -> Exhibited:
    """The letter and, but where a service printed its own address, how its client saw it."""
    paper = paper_of(mail, record.jobs, piece)
    dropped = _dropped(record, piece) is not None
    return Exhibited(letter, as_seen(mail, piece, paper) if dropped else b"", paper is not None)


def _other(record: Record, piece: ProvedPiece, letter: bytes) -> OtherLetter:
    service, service_name = _at_service(record, piece)
    return OtherLetter(
        _addressee(record, piece),
        piece.salt,
        _dropped(record, piece),
        service,
        service_name,
        _returned(record, piece),
        hashlib.sha256(letter).hexdigest(),
    )


def _dropped(record: Record, piece: ProvedPiece) -> Deposit | None:
    drops = [drop for drop in record.drops if holds(drop.pieces, piece.number)]
    return _discreet(drops[-1]) if drops else None


def _returned(record: Record, piece: ProvedPiece) -> ReturnedPiece | None:
    return next((one for one in record.returned if one.number == piece.number), None)


def _proof(
    mail: MailFolder,
    record: Record,
    client: Client,
    judged: Judged,
    relied: Sequence[ProvedPiece],
    letters: Sequence[bytes],
) -> OneClient:
    """`relied` is the letter that the verdict rests on, then that to the other address, if any."""
    if judged.notice is None:
        raise TypeError("a proof needs a verdict")
    piece, numbers = relied[0], [one.number for one in relied]
    service, service_name = _at_service(record, piece)
    news = judged.newsletter
    return OneClient(
        frame=_frame(record, piece),
        client=client.name,
        number=client.number,
        clause=piece.facts.term or client.contract.notice,
        piece=_addressee(record, piece),
        salt=piece.salt,
        rates=[(name, people(Decimal(old)), people(Decimal(new))) for _, name, old, new in judged.rates],
        notice=judged.notice,
        holds=judged.holds,
        aside=judged.aside,
        house=judged.house,
        drop=_dropped(record, piece),
        service=service,
        service_name=service_name,
        returned=_returned(record, piece),
        approval=_approval(record, piece),
        attached=hashlib.sha256(letters[0]).hexdigest(),
        again=_again(record, piece),
        newsletter=f"{news.label}, counts as mailed {spoken(news.counts_on)}"
        if news and news.counts_on
        else "none was mailed to this client",
        events=list(_of_pieces(record.events, numbers)),
        remarks=remarks(doubts_of(mail, record, None, relied)),
        other=_other(record, relied[1], letters[1]) if len(relied) > 1 else None,
    )


def _at_service(record: Record, piece: ProvedPiece) -> tuple[TakenPiece | None, str]:
    """The piece as a mail service has it, and the service's name."""
    for by in record.services:
        for one in by.pieces:
            if one.number == piece.number:
                return one, by.name
    return None, ""


def _frame(record: Record, piece: ProvedPiece) -> Frame:
    """The frame with the effective date that the letter itself states."""
    effective = piece.facts.effective or record.frame.subject.effective
    return replace(record.frame, subject=replace(record.frame.subject, effective=effective))


def _addressee(record: Record, piece: ProvedPiece) -> Addressee:
    return next(one for one in addressees(record, None) if one.number == piece.number)


def _discreet(drop: Deposit) -> Deposit:
    """Without what was said of the pieces that were left out: it may name their clients."""
    return replace(drop, left_out="", reason="")


def _again(record: Record, piece: ProvedPiece) -> str:
    known = chain(record.pieces, record.gone)
    return next((one.label for one in known if one.number == piece.again_of), "")


def _approval(record: Record, piece: ProvedPiece) -> Event:
    """The last approval of the piece, or of the one whose approved pages it repeats."""
    while True:
        own = [e for e in _of_pieces(record.events, [piece.number]) if e.kind == EventKind.APPROVED]
        if own or piece.again_of is None:
            return own[-1]
        known = chain(record.pieces, record.gone)
        piece = next(one for one in known if one.number == piece.again_of)


_ABOUT: Final = (
    *TRANSITIONS,
    EventKind.NUMBERED,
    EventKind.REDATED,
    EventKind.RECEIVED,
    EventKind.MISADDRESSED,
)
"""Events that say something of a piece; others that a service told (TRACKED) move nothing."""


def _of_pieces(events: Iterable[Event], pieces: Sequence[int]) -> Iterable[Event]:
    """The events of the mailing that concern one of these pieces."""
    for event in events:
        if EventKind(event.kind) in _ABOUT and any(holds(said(event).concerns, one) for one in pieces):
            yield event


def _path(mail: MailFolder, out: Path | None, name: str) -> Path:
    """Where the PDF goes: `out` itself, or its usual name in that folder. A file that is there stays. Raises
    MailerError where no PDF can be.
    """
    if out is not None and not out.is_dir():
        if not require_new(out, ".pdf", mail.root, but=FOLDER):
            raise Refused("exists already.", where=str(out), todo="Name another file with --out.")
        return out
    folder = out or mail.root / FOLDER
    path, number = folder / name, 2
    while path.exists():
        path, number = folder / f"{name.removesuffix('.pdf')}-{number}.pdf", number + 1
    return path
