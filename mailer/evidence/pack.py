"""`mailer evidence NAME`: the pack that proves a mailing, or the proof for one of its clients.

Nothing is recorded and nothing of the mail folder is changed. Everything is read at one state of the ledger,
which is refolded first. One more kind of proof is one more document put into the pack in `_documents`.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import merge
from itertools import chain
from pathlib import Path

from mailer import shipped
from mailer.errors import Refused
from mailer.evidence.case import Case
from mailer.evidence.composites import as_seen, paper_of
from mailer.evidence.findings import Findings
from mailer.evidence.packfolder import (
    FOLDER,
    Target,
    address_line,
    addressees_csv,
    as_json,
    being_built,
    file_of,
    json_lines,
    pieces_csv,
    place_for,
    service_csv,
)
from mailer.evidence.packpieces import ADDRESSES
from mailer.evidence.pages.certificate import certificate_pdf
from mailer.evidence.pages.declaration import declaration_pdf
from mailer.evidence.pages.pack import evidence_pdf
from mailer.evidence.pages.request import request_pdf
from mailer.evidence.pages.sheets import TEMPLATE
from mailer.evidence.pieces import approved_file
from mailer.evidence.readme import readme
from mailer.evidence.record import Record, case_of, read_record
from mailer.evidence.services import accepted_of, tracking_lines
from mailer.evidence.spreadsheets import ADDRESSEES, PIECES, SERVICE
from mailer.evidence.verdictjson import check_json, clients_json, rules_json
from mailer.evidence.verdicts import Verdicts
from mailer.evidence.verifier import CORRECTIONS, EVENTS, TRACKING
from mailer.ledger.chain import Event, event_line, withheld
from mailer.ledger.kinds import EventKind
from mailer.pages.letterhead import Letterhead, load_letterhead
from mailer.planning.mailfolder import MailFolder
from mailer.progress import Progress, silent
from mailer.spool import Spool
from mailer.standing.audit import verify as verify_ledger
from mailer.store.record.events import all_events, head


@dataclass(frozen=True, slots=True)
class PackMade:
    """A finished pack: where it lies, what is in it, and what its reader should know first (`case`, which has
    none of the long lists any more).
    """

    folder: Path
    found: Findings
    case: Case
    documents: tuple[str, ...]  # the PDFs to open


def make(
    mail: MailFolder,
    name: str,
    *,
    now: datetime,
    out: Path | None = None,
    pieces: bool = True,
    progress: Progress = silent,
) -> PackMade:
    """Make the pack of a campaign's mailing. `pieces` False leaves their PDFs out.

    Raises Refused where nothing was mailed or the folder is taken, MailerError where the ledger does not
    hold or a stored file is missing or was changed; then nothing is left behind.
    """
    record = read_record(mail, name, now)
    folder = place_for(out or mail.root / FOLDER / f"{name}-{mail.today}", name, mail.root)
    verify_ledger(mail, progress=progress)
    with being_built(folder, mail.root) as target:
        case, documents = _fill(target, mail, record, pieces=pieces, progress=progress)
        require_same_ledger(mail, record)
        del record  # nobody needs its pieces while the pack is verified
    return PackMade(folder, target.found, case, documents)


def _fill(
    target: Target, mail: MailFolder, record: Record, *, pieces: bool, progress: Progress
) -> tuple[Case, tuple[str, ...]]:
    """Put all of the pack in; what its reader should know first, without a list, and the PDFs to open."""
    letterhead, kept = letterhead_of(mail), record.kept(mail)
    case, found = case_of(mail, record, progress)
    files = _put_pieces(target, mail, record, progress) if pieces else {}
    documents = []
    for name, content in _documents(case, letterhead):
        target.put(name, content)
        documents.append(name)
    for one in kept:
        target.put(one.name, one.content)
    _put_data(target, mail, record, (case, found), files)
    target.put("README.txt", readme(case, set(target.entries), pieces=pieces))
    target.close(_manifest(record, case, complete=pieces))
    short = replace(case, pieces=Spool(), ended=Spool(), events=(), services=(), returned=())
    return short, tuple(documents)


def letterhead_of(mail: MailFolder) -> Letterhead:
    """The mail folder's letterhead; the shipped one where that has no pages for evidence."""
    own = mail.letterhead
    return (
        own
        if f"{TEMPLATE}.html.j2" in own.files
        else load_letterhead(shipped.letterhead(), mail.settings.brand)
    )


def _documents(case: Case, letterhead: Letterhead) -> Iterator[tuple[str, bytes]]:
    yield "evidence.pdf", evidence_pdf(case, letterhead)
    for drop in case.drops:
        name = f"declaration-{drop.number}.pdf" if len(case.drops) > 1 else "declaration.pdf"
        yield name, declaration_pdf(drop, case.pieces, case.frame, letterhead)
    for by in case.services:
        if by.mailed and by.on_paper:
            yield f"certificate-{by.service}.pdf", certificate_pdf(by, case.frame, letterhead)
            yield f"request-to-{by.service}.pdf", request_pdf(by, case.frame, letterhead)


def _put_pieces(target: Target, mail: MailFolder, record: Record, progress: Progress) -> dict[str, str]:
    """The stored files that hold the approved pieces, hundreds each; an issue's body. Each file's name."""
    names: dict[str, str] = {}
    for file, piece in record.survey.files.items():
        name = f"{record.campaign.name}-{record.mailing.medium.initial}"
        name = names[file] = f"pieces/{name}{f'-{len(names) + 1}' if names else ''}.pdf"
        target.put(name, approved_file(mail.store.files, piece))
        progress("copying pieces", piece.number, len(record.pieces))
    for piece in record.pieces if any(job.paper for job in record.jobs) else ():
        paper = paper_of(mail, record.jobs, piece) if piece.mailed else None
        if paper is not None:
            target.put(f"composites/{piece.label}.pdf", as_seen(mail, piece, paper))
    for file, body in record.bodies:
        target.put(file, approved_file(mail.store.files, body))
    return names


def _put_data(
    target: Target,
    mail: MailFolder,
    record: Record,
    case: tuple[Case, Verdicts | None],
    files: dict[str, str],
) -> None:
    whole, found = case
    pieces, subject = record.pieces, record.mailing.subject
    target.put_lines(ADDRESSEES, addressees_csv(pieces, whole.pieces))
    if files:
        target.put_lines(PIECES, pieces_csv(pieces, files))
    if record.services:
        target.put_lines(SERVICE, service_csv(record.services, pieces, record.names))
    taken = accepted_of(record.events, subject)
    every = merge(pieces, record.gone, key=lambda piece: piece.number)
    target.put_lines(
        ADDRESSES,
        (address_line(piece, subject, file_of(piece, files), taken.get(piece.number)) for piece in every),
    )
    if record.corrections:
        target.put_lines(CORRECTIONS, (one.line for one in record.corrections))
    put_events(target, mail, record, record.subjects)
    with mail.store.read() as session:
        told = tracking_lines(session, record.subjects)
        if first := next(told, None):
            target.put_lines(TRACKING, chain([first], told))
    target.put("rules.json", as_json(rules_json(found) if found else []))
    if found:
        head = check_json(record.campaign.name, mail, found)
        target.put_lines("check.json", json_lines(head, "clients", clients_json(found)))
    else:
        target.put("check.json", as_json({"campaign": record.campaign.name}))


def put_events(target: Target, mail: MailFolder, record: Record, subjects: Sequence[str]) -> None:
    """The whole ledger; what concerns other mailings than `subjects` is withheld."""
    own, until = {*subjects, record.campaign.name}, record.last.seq
    with mail.store.read() as session:
        events = (event for event in all_events(session) if event.seq <= until)
        target.put_lines(EVENTS, (event_line(_shown(event, own)) for event in events))


def _shown(event: Event, own: Container[str]) -> Event:
    """The event; of those that don't concern the pack's mailings, the hash of what they say instead."""
    return event if event.subject in own or event.kind == EventKind.CORRECTED else withheld(event)


def _manifest(record: Record, case: Case, *, complete: bool) -> dict[str, object]:
    return manifest_of(record, record.subjects) | {
        "pieces": {"live": len(case.pieces), "never mailed": len(case.ended), "documents": complete},
        "jobs": [
            {"subject": record.mailing.subject, "job": job.number, "file": job.file}
            for job in record.jobs
            if job.file
        ],
    }


def manifest_of(record: Record, subjects: Sequence[str]) -> dict[str, object]:
    """What the manifest of any pack says of the mailing and of the ledger."""
    frame = record.frame
    return {
        "campaign": record.campaign.name,
        "subject": record.mailing.subject,
        "subjects": list(subjects),
        "title": frame.subject.title,
        "effective": frame.subject.effective.isoformat() if frame.subject.effective else None,
        "made_at": frame.made_at.isoformat(timespec="seconds"),
        "made_on": frame.made_on.isoformat(),
        "mailer": frame.version,
        "rehearsal": frame.rehearsal,
        "chain": {"events": frame.head_seq, "head": frame.head},
    }


def require_same_ledger(mail: MailFolder, record: Record) -> None:
    with mail.store.read() as session:
        last = head(session)
    if last is None or last.hash != record.last.hash:
        raise Refused(
            "another command recorded something meanwhile.",
            where=record.campaign.name,
            todo="Make the pack again; nothing was kept.",
        )
