"""What a person should look at before the campaigns of a month may go, each with its file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mailer.campaign.definition import PRINT_ROOM
from mailer.campaign.loading import FOLDER, Campaign
from mailer.errors import FileProblems, MailerError
from mailer.making.proof import Proof
from mailer.notice.words import plural
from mailer.pages.endorsement import ENDORSEMENT, is_endorsed
from mailer.planning.audience import Standing
from mailer.planning.mailfolder import MailFolder
from mailer.planning.plan import IssuePlan, Plan
from mailer.planning.route import route_of
from mailer.settings import FILE
from mailer.tomlfile import line_of, read_text

_HAS_LINE: Final = re.compile(r":\d+$")
_NAMED: Final = 3  # clients that a line names


@dataclass(frozen=True, slots=True)
class Hint:
    """What a person should look at: `where` is a file and its line. One that `stops` keeps the campaign."""

    where: str
    what: str
    stops: bool = True


def asides(mail: MailFolder, campaign: Campaign, planned: Plan | IssuePlan) -> Iterator[Hint]:
    """What a person should know of a plan that may go on: who gets no letter, an article without issue."""
    if isinstance(planned, IssuePlan):
        return
    if route_of(mail.settings, campaign) == PRINT_ROOM and not is_endorsed(mail.settings, mail.letterhead):
        text = read_text(mail.root / FILE)
        yield Hint(
            at(FILE, line_of(text, ("firm", "address"))),
            f"“{ENDORSEMENT}” finds no room below the address in the envelope's upper window, and the post "
            "then tells no new addresses. Shorten its lines, or have it on the envelopes.",
            stops=False,
        )
    blocked = planned.counts.get(Standing.BLOCKED, 0)
    if blocked:
        who = [f"{one.number} {one.name}" for one in planned.named if one.standing is Standing.BLOCKED]
        more = f" and {blocked - _NAMED:,} more" if blocked > _NAMED else ""
        line = line_of(campaign.definition_text, ("audience",)) or 1
        yield Hint(
            f"{campaign.path}:{line}",
            f"{plural(blocked, 'client gets', 'clients get')} no letter, the contract blocks the rise: "
            f"{', '.join(who[:_NAMED])}{more}. Why:  mailer plan {campaign.name}",
            stops=False,
        )
    carriage = planned.carriage
    if carriage.wanted and not carriage.issue and not carriage.problem:
        line = line_of(campaign.definition_text, ("notice",)) or 1
        what = "no newsletter carries its article in time: it may go, but the firm's own habit is missed."
        yield Hint(f"{campaign.path}:{line}", " ".join((what, *carriage.ways)), stops=False)


def findings(campaign: Campaign, shown: Proof) -> Iterator[Hint]:
    """What the proof found on its pages."""
    for flaw in shown.findings:
        yield Hint(f"{campaign.path}:1", f"preflight, page {flaw.page}: {flaw.message}", stops=flaw.stops)
    yield from (Hint(f"{campaign.path}:1", look, stops=False) for look in shown.looks)
    if shown.strangers:
        named = ", ".join(f"“{one}”" for one in shown.strangers[:_NAMED])
        yield Hint(f"{FOLDER}/{campaign.name}/letter.md:1", f"{named}: no fact of the campaign.", stops=False)


def hints_of(error: MailerError, path: str) -> tuple[Hint, ...]:
    """What stops a campaign, each with its file and line."""
    if isinstance(error, FileProblems):
        return tuple(Hint(at(one.path, one.line), one.said) for one in error.problems)
    where = error.where if "/" in error.where else path
    return (Hint(at(where), f"{error.what} {error.todo}".strip()),)


def at(path: str, line: int = 0) -> str:
    """A file and its line, the first one where none is to blame."""
    return path if _HAS_LINE.search(path) else f"{path}:{line or 1}"
