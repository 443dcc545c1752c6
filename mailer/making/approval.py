"""Approval: every piece rendered and kept, then one event that says who approved exactly these bytes.

`not_after` is the last day on which handing over still serves every client; print and send refuse after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final
from uuid import UUID

from mailer.campaign.facts import as_lines
from mailer.campaign.loading import Campaign, load_campaign
from mailer.campaign.stated import stated_to_all
from mailer.errors import Refused, UsageProblem
from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.events import MailingApproved
from mailer.ledger.kinds import ENDED, IN_POST, Medium, Status
from mailer.ledger.leaves import output_of
from mailer.ledger.numbers import numbers, ranges
from mailer.ledger.records import Mailing
from mailer.making import issue as issues
from mailer.making import letterpages, letters
from mailer.making.addressees import odd_addressees
from mailer.making.complaint import counsel_remarks, require_considered
from mailer.making.documents import Letters, Written
from mailer.making.drafts import require_readers, require_written
from mailer.making.finished import taken
from mailer.making.inputs import inputs_digest
from mailer.making.preparation import Preparation, PreparedSoFar, Sheet, begin, day_of, in_parts
from mailer.making.printcheck import AddressRoom, require_room
from mailer.making.workers import workers_for
from mailer.notice.words import plural
from mailer.pages.letterhead import Letterhead
from mailer.pages.merge.outcome import Tally
from mailer.planning.issuedates import carried
from mailer.planning.mailfolder import MailFolder
from mailer.planning.route import goes_by_email
from mailer.progress import Progress, silent
from mailer.spool import Spool
from mailer.store.engine import Session
from mailer.store.mailings import mailing_by_id
from mailer.store.outbox import waiting
from mailer.store.pieces import counts, live_hashes, piece_numbers
from mailer.store.record.binding import live_root
from mailer.store.record.events import Entry, happened, head, record


@dataclass(frozen=True, slots=True)
class Outdated:
    """Pieces that were on their way when their client or the inputs changed: they are not made again.

    `where` they are, for people, and what can still be done.
    """

    labels: tuple[str, ...]
    where: str
    todo: str


@dataclass(frozen=True, slots=True)
class Approval:
    """What was approved. `new` pieces were prepared since the last approval; 0 means that none was.

    `tally` says how the pages were made.
    """

    campaign: str
    medium: Medium
    pieces: int
    new: int
    voided: int
    blocked: int
    not_after: date | None
    output_digest: str
    chain_head: str
    outdated: tuple[Outdated, ...]
    remarks: tuple[str, ...] = ()
    tally: Tally = field(default_factory=Tally)


def approve(
    mail: MailFolder,
    name: str,
    *,
    by: str,
    second: str = "",
    waived: str = "",
    pdf: Path | None = None,
    workers: int | None = None,
    progress: Progress = silent,
) -> Approval:
    """Render what is missing and approve it. Run again after an interruption, it goes on.

    `second` is who approves it as well, `waived` why an answer to a complaint can't wait two hours. `pdf`
    is a file, or a folder of them, with all the letters as a person finished them. `workers` is how many
    processes lay out letters; None: one a core, for a large mailing.
    """
    campaign = load_campaign(mail.root, name)
    require_written(mail, campaign)
    require_considered(mail, campaign, waived)
    _require_another(campaign, by, second)
    letterhead = mail.letterhead
    inputs = inputs_digest(mail.settings, campaign, letterhead)
    if pdf is not None and campaign.kind.is_issue:
        raise UsageProblem(f"{name} is a newsletter: its pages are made here, not taken from a PDF.")
    if pdf is not None and goes_by_email(mail.settings, campaign):
        raise UsageProblem(
            f"{name} goes by e-mail, which is made of letter.md: what was finished in Word is for paper.",
            todo='Write  route = "print-room"  into its campaign.toml.',
        )
    medium = Medium.NEWSLETTER if campaign.kind.is_issue else Medium.LETTER
    stamp, dated = mail.stamp(by), day_of(mail, campaign, inputs)
    if campaign.kind.is_issue:
        not_after = issues.examine(mail, campaign)
        require_readers(mail, campaign)
        mailing = begin(mail, campaign, medium, inputs, dated, stamp)
        run = Preparation(mail, mailing, stamp)
        _newsletter(mail, campaign, letterhead, inputs, run, progress)
        blocked, tally = 0, Tally()
    else:
        texts, written = Letters(mail.settings, campaign, dated, inputs), Spool[Written]()
        room = AddressRoom(mail.settings.stationery, letterhead, newsletter=False)
        gate = letters.examine(mail, campaign, texts, progress, room, seen=written.append)
        not_after, blocked = gate.not_after, gate.blocked
        returned = taken(mail, campaign, texts, letterhead, pdf, written) if pdf is not None else None
        mailing = begin(mail, campaign, medium, inputs, dated, stamp)
        run = Preparation(mail, mailing, stamp)
        tally = _letters(
            mail, campaign, letterhead, dated, written, run, progress, gate.clients, returned, workers
        )
    run.void_the_rest()
    return _record(mail, campaign, run.result, not_after, blocked, by, second, waived, pdf is not None, tally)


def _require_another(campaign: Campaign, by: str, second: str) -> None:
    """Raises Refused where the second person is the first."""
    if second and " ".join(second.split()).casefold() == " ".join(by.split()).casefold():
        raise Refused(f"{by} approves it already.", where=campaign.name, todo="Name another person.")


def _letters(
    mail: MailFolder,
    campaign: Campaign,
    letterhead: Letterhead,
    dated: date,
    written: Spool[Written],
    run: Preparation,
    progress: Progress,
    total: int,
    returned: Mapping[UUID, Sheet] | None,
    workers: int | None,
) -> Tally:
    progress("rendering letters", 0, total)
    layout = letterpages.layout_of(mail, campaign, letterhead, dated, total)
    tally = Tally()

    def to_make() -> Iterator[list[letterpages.Wish]]:
        for wanted in letters.wanted_letters(mail, campaign, written):
            with mail.store.read() as session:
                found = run.missing(session, wanted, returned)
            if returned is None:
                yield found
            else:
                run.store((piece, old, returned[piece.clients[0]]) for piece, old in found)

    def made() -> bool:
        with closing(letterpages.render(mail, campaign, dated, layout, to_make(), count)) as parts:
            for part, told in parts:
                tally.add(told)
                if tally.defects and layout.merges:
                    return False
                run.store(part)
                progress("rendering letters", run.result.made + run.result.kept, total)
        return True

    count = 1 if returned is not None else workers_for(total, workers)
    if not made():  # what was merged before could be wrong too: all of it is made anew by WeasyPrint
        run.undo("the merge engine made a mistake")
        layout.stop_merging()
        made()
    return tally


def _newsletter(
    mail: MailFolder,
    campaign: Campaign,
    letterhead: Letterhead,
    inputs: str,
    run: Preparation,
    progress: Progress,
) -> None:
    progress("laying out the newsletter", 0, 0)
    sheet = issues.render_body(mail, campaign, letterhead)
    room = AddressRoom(mail.settings.stationery, letterhead, newsletter=True)
    for wanted in in_parts(issues.wanted_newsletters(mail, campaign, inputs)):
        with mail.store.read() as session:
            to_make = run.missing(session, wanted)
        require_room((piece.recipient for piece, _ in to_make), room, path=campaign.path)
        if to_make:
            run.store((piece, old, sheet) for piece, old in to_make)
        progress("addressing newsletters", run.result.made + run.result.kept, 0)


def _record(
    mail: MailFolder,
    campaign: Campaign,
    prepared: PreparedSoFar,
    not_after: date | None,
    blocked: int,
    by: str,
    second: str,
    waived: str,
    finished: bool,
    tally: Tally,
) -> Approval:
    with mail.store.write() as session:
        mailing = mailing_by_id(session, prepared.mailing.id)
        new = piece_numbers(session, mailing, statuses=[Status.PREPARED])
        output = output_of(live_hashes(session, mailing))
        changed = (mailing.output_digest, mailing.not_after) != (output, not_after)
        if new or changed or mailing.approved_at is None:
            if campaign.definition.approval.second and not second:
                raise Refused(
                    "needs two people to approve it.",
                    where=campaign.path,
                    todo=f'Next:  mailer approve {campaign.name} --by "{by}" --second NAME',
                )
            approved = MailingApproved(
                ranges(new),
                mailing.inputs_digest,
                output,
                not_after,
                mailing.dated,
                carried=_articles(campaign),
                root=live_root(session, mailing),
                second=second,
                waived=waived,
                states=as_lines(stated_to_all(mail.settings, campaign)),
                finished=ranges(new) if finished else "",
            )
            record(session, [Entry(mailing.subject, approved)], mail.stamp(by))
        last = head(session)
        found = counts(session, mailing)
        return Approval(
            campaign.name,
            mailing.medium,
            sum(count for status, count in found.items() if status not in ENDED),
            len(new),
            prepared.voided,
            blocked,
            not_after,
            output,
            last.hash if last else "",
            _outdated(campaign, prepared.outdated),
            (
                *_by_email(session, mail, campaign, mailing),
                *_unlike(session, mailing, new),
                *counsel_remarks(mail, campaign),
                *odd_addressees(session, mailing, new),
            ),
            tally,
        )


def _unlike(session: Session, mailing: Mailing, new: Sequence[int]) -> Iterator[str]:
    """That some letters are pages which a person finished, and the new ones are not."""
    by_hand = {
        number
        for _, approved in happened(session, mailing.subject, MailingApproved)
        for number in numbers(approved.finished)
    }
    if not by_hand:
        return
    others = by_hand.intersection(piece_numbers(session, mailing, statuses=set(Status) - ENDED))
    made = set(new) - by_hand
    if others and made:
        yield (
            f"{plural(len(made), 'letter is', 'letters are')} made of letter.md, and "
            f"{plural(len(others), 'is', 'are')} as finished in Word: look whether they say the same "
            f"(mailer status {mailing.campaign} PIECE)."
        )


def _by_email(session: Session, mail: MailFolder, campaign: Campaign, mailing: Mailing) -> Iterator[str]:
    """How many go by e-mail, and what becomes of the others."""
    if not goes_by_email(mail.settings, campaign):
        return
    ways = [
        bool((row.address or {}).get("email")) for row in waiting(session, mailing, only=None, limit=None)
    ]
    paper = len(ways) - sum(ways)
    yield f"By e-mail: {sum(ways):,}."
    if paper:
        sends = f"mailer send {campaign.name} --leave-out, then  " if any(ways) else ""
        yield (
            f"On paper: {paper:,}, who have no e-mail address, or whose contract asks for paper. "
            f"Next:  {sends}mailer print {campaign.name}"
        )


def _articles(campaign: Campaign) -> str | None:
    """The articles that an issue carries, as they are in it."""
    if not campaign.kind.is_issue:
        return None
    return "\n".join(f"{other.name} {other.article_digest()}" for other in carried(campaign))


_CANCEL: Final = "Take them back while it still can (mailer cancel {name}) and approve again."
_WHERE: Final = (
    (
        {Status.PRODUCED},
        "printed",
        "Destroy the prints (mailer destroy {name} --reason …) and approve again.",
    ),
    ({Status.ACCEPTED}, "at the mail service", _CANCEL),
    (
        {Status.SUBMITTING, Status.UNKNOWN},
        "perhaps at the mail service, which gave no answer,",
        "Settle that first (mailer send {name}), then approve again.",
    ),
    (IN_POST, "mailed", "What they said stands."),
)
_FOLLOW_UP: Final = "Who was told something else may get a follow-up: mailer remedy {name}."


def _outdated(campaign: Campaign, found: Sequence[ClientPiece]) -> tuple[Outdated, ...]:
    """The pieces by where they are."""
    by_label = {sent.label: sent.status for sent in found}  # a newsletter stands here for each of its clients
    groups = []
    for statuses, where, todo in _WHERE:
        labels = tuple(sorted(label for label, status in by_label.items() if status in statuses))
        if labels:
            more = statuses & (IN_POST | {Status.ACCEPTED}) and not campaign.kind.is_issue
            words = f"{todo} {_FOLLOW_UP}" if more else todo
            groups.append(Outdated(labels, where, words.format(name=campaign.name)))
    return tuple(groups)
