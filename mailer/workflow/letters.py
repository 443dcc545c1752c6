"""The letters of a campaign as wanted pieces, rendered by WeasyPrint a chunk at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from mailer.campaign.loading import Campaign
from mailer.errors import FileProblems, MailerError, NoticeRefused, Problem
from mailer.money import plain
from mailer.notice.steps import spoken
from mailer.notice.verdicts import NoticeState, NoticeVerdict, judge
from mailer.render.imposition import cuts
from mailer.render.letter import Letter, render_letters
from mailer.render.letterhead import Letterhead
from mailer.settings import Paper
from mailer.store.pieces import Sent
from mailer.workflow.audience import Planned, Standing, planned
from mailer.workflow.composing import MOST, Letters, Written
from mailer.workflow.folder import MailFolder
from mailer.workflow.preparing import Sheet, Wanted
from mailer.workflow.progress import Progress
from mailer.workflow.rules import closings_of, house_rule

AT_ONCE: Final = 100  # letters of one WeasyPrint document and one transaction


@dataclass(frozen=True, slots=True)
class Gate:
    """What the rules of notice say before anything is made. `not_after` is the last day to hand over."""

    not_after: date
    clients: int
    blocked: int


def examine(mail: MailFolder, campaign: Campaign, letters: Letters, progress: Progress) -> Gate:
    """Look at every letter before one is rendered.

    Raises FileProblems where a text, a limit or a term is wrong, NoticeRefused where a client
    can't be given notice in time; each problem names the client.
    """
    problems: list[Problem] = []
    late: list[str] = []
    not_after, earliest, clients, blocked = date.max, date.min, 0, 0
    for one in _all_planned(mail, campaign):
        problem = _problem(one, letters, campaign)
        if problem:
            problems.append(problem)
            if len(problems) == MOST:
                break
            continue
        if one.standing is Standing.BLOCKED:
            blocked += 1
            continue
        clients += 1
        if clients % 1_000 == 0:
            progress("checking letters", clients, 0)
        verdict = unmailed(mail, campaign.effective, one)
        not_after = min(not_after, verdict.operational_latest or date.max)
        if verdict.state is NoticeState.LATE:
            late.append(one.client.name)
            earliest = max(earliest, verdict.earliest or date.min)
    if problems:
        raise FileProblems(problems, todo="Nothing was rendered. Mend these and run it again.")
    if late:
        raise too_late(campaign, late, earliest)
    if not clients:
        raise MailerError(
            "no client would get a letter: the audience is empty or nothing changes for it.",
            where=campaign.path,
            todo=f"Look at [audience] and at `mailer plan {campaign.name}`.",
        )
    return Gate(not_after, clients, blocked)


def _all_planned(mail: MailFolder, campaign: Campaign) -> Iterator[Planned]:
    with mail.store.read() as session:
        for chunk in planned(session, mail, campaign):
            yield from chunk


def unmailed(mail: MailFolder, effective: date, one: Planned) -> NoticeVerdict:
    """The verdict on a client to whom nothing was mailed yet, as of today."""
    return judge(one.rules, effective, mail.today, mailed=None, closings=closings_of(mail.settings))


def too_late(campaign: Campaign, late: list[str], earliest: date) -> NoticeRefused:
    """The refusal of an effective date that is too near for these clients."""
    names = ", ".join(late[:5]) + (f" and {len(late) - 5} more" if len(late) > 5 else "")
    return NoticeRefused(
        f"{spoken(campaign.effective)} is too near: notice mailed now is late for {names}.",
        where=campaign.path,
        todo=f"The earliest date for all is {earliest}; or exclude these clients and notify them apart.",
    )


def _problem(one: Planned, letters: Letters, campaign: Campaign) -> Problem | None:
    name = f"{one.client.number} {one.client.name}".strip()
    match one.standing:
        case Standing.UNKNOWN:
            return Problem(campaign.path, 0, f"client {name} {one.why}")
        case Standing.OUTSIDE:
            return Problem(campaign.path, 0, f"client {name}: {one.why}")
        case Standing.BLOCKED:
            return None
        case Standing.WRITE:
            try:
                letters.write(one)
            except MailerError as error:
                return Problem(error.where, 0, error.what)
            return None


def write_all(mail: MailFolder, campaign: Campaign, letters: Letters) -> Iterator[Written]:
    """Every letter as text, in ZIP order."""
    for one in _all_planned(mail, campaign):
        if one.standing is Standing.WRITE:
            yield letters.write(one)


def wanted_letters(mail: MailFolder, campaign: Campaign, letters: Letters) -> Iterator[list[Wanted]]:
    """The letters as they should be, in ZIP order, a chunk at a time."""
    house = house_rule(mail.settings, campaign.definition)
    with mail.store.read() as session:
        for chunk in planned(session, mail, campaign):
            ready = [one for one in chunk if one.standing is Standing.WRITE]
            yield [_wanted(letters.write(one), campaign, house.id) for one in ready]


def _wanted(written: Written, campaign: Campaign, house: str) -> Wanted:
    client = written.planned.client
    lines = written.planned.change.lines
    facts = {
        "effective": campaign.effective.isoformat(),
        "rates": [[line.service, line.name, plain(line.old), plain(line.new)] for line in lines],
        "term": client.contract.notice,
        "house": house,
    }
    return Wanted((client.id,), written.recipient, client.notice_goes_to.zip, facts, written.digest, written)


def render(
    mail: MailFolder,
    campaign: Campaign,
    letterhead: Letterhead,
    dated: date,
    pieces: list[tuple[Wanted, list[Sent]]],
) -> Iterator[list[tuple[Wanted, list[Sent], Sheet]]]:
    """The pieces rendered and stored as files, AT_ONCE of them at a time."""
    for at in range(0, len(pieces), AT_ONCE):
        part = pieces[at : at + AT_ONCE]
        rendered = render_letters(
            [letter_of(campaign, dated, wanted.content) for wanted, _ in part],
            letterhead,
            mail.settings,
            folders=(campaign.folder,),
            pre_printed=mail.settings.stationery.paper is Paper.PRE_PRINTED,
        )
        file = mail.store.files.put(rendered.pdf)
        hashes = [hashlib.sha256(cut).hexdigest() for cut in cuts(rendered.pdf, rendered.pages)]
        yield [
            (wanted, old, Sheet(file, first, last, sha256))
            for (wanted, old), (first, last), sha256 in zip(part, rendered.pages, hashes, strict=True)
        ]


def letter_of(campaign: Campaign, dated: date, content: object) -> Letter:
    """What the letter renderer needs of a written letter."""
    if not isinstance(content, Written):
        raise TypeError("a letter's content is a Written")
    return Letter(
        reference=campaign.name,
        date=dated,
        subject=campaign.definition.title,
        salutation=content.planned.client.salutation,
        body_html=content.composed.html,
        enclosures=campaign.definition.letter.enclosures,
    )
