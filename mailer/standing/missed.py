"""A campaign of which no notice holds any more, though its letters were mailed: somebody must write again.

The first client whose notice holds, or still may, ends the search, so that it costs a campaign in order next
to nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from mailer.campaign.loading import Campaign
from mailer.errors import MailerError
from mailer.judgement.verdict import NoticeState
from mailer.planning.mailfolder import MailFolder
from mailer.standing.check import Line, check
from mailer.standing.unserved import chosen

_LOST: Final = (NoticeState.LATE, NoticeState.CONTRADICTS, NoticeState.RETURNED)
_ASIDE: Final = (
    NoticeState.BLOCKED,
    NoticeState.SUPERSEDED,
    NoticeState.UNWRITTEN,
    NoticeState.NOT_OWED,
    NoticeState.EXCEPTED,
)  # say nothing of the others


@dataclass(frozen=True, slots=True)
class Missed:
    """The clients whose mailed letter gives no notice; none of the campaign has any that does. `says` why,
    `next_step` is a command.
    """

    lines: tuple[Line, ...]
    says: str
    next_step: str


def missed(mail: MailFolder, name: str) -> Missed | None:
    """None where a notice holds or still may, nothing was mailed, or a follow-up has all of its clients."""
    try:
        checked = check(mail, name)
        lines = tuple(_lost(checked.lines))
        late = tuple(line for line in lines if line.notice and line.notice.state is NoticeState.LATE)
        contradicted = tuple(line for line in lines if line.state == NoticeState.CONTRADICTS.value)
        if late and _in_no_follow_up(mail, checked.summary.campaign, lines):
            return Missed(late, "mailed too late, and no notice of it holds", f"mailer remedy {name}")
        if contradicted and not late:
            return Missed(contradicted, "contradicted by another campaign's letters", f"mailer check {name}")
    except MailerError:
        return None  # what is wrong with its definition, or another, is reported there
    return None


def _lost(lines: Iterable[Line]) -> Iterator[Line]:
    """Those whose letter was mailed for nothing; none where one holds, or still may."""
    found: list[Line] = []
    for line in lines:
        if line.notice is None or line.notice.state in _ASIDE:
            continue
        if line.notice.state not in _LOST:
            return
        if line.letter is not None and line.letter.counts_on is not None:
            found.append(line)
    yield from found


def _in_no_follow_up(mail: MailFolder, campaign: Campaign, lines: Iterable[Line]) -> bool:
    found, _, _ = chosen(mail, campaign, iter(lines))
    return bool(found)
