"""What `mailer` alone says: what is due, overdue first, and the one command to go on with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mailer.planning.mailfolder import MailFolder
from mailer.standing.status import Due, status
from mailer.store.clients import count_active

_GO_ON: Final = {
    "draft": "mailer plan {}",
    "approved": "mailer print {}",
    "printed": 'mailer drop {} --at "YYYY-MM-DD HH:MM" --by NAME --place PLACE --class first',
    "sending": "mailer send {}",
    "sent": "mailer track {}",
    "stopped": "mailer print {} --remaining",
}
"""The command that a campaign of this stage goes on with."""


@dataclass(frozen=True, slots=True)
class Agenda:
    """The campaigns for which something is to be done, overdue first, and the command to go on with."""

    due: tuple[Due, ...]
    command: str


def agenda(mail: MailFolder) -> Agenda:
    """What is to be done in this folder as of today."""
    due = tuple(one for one in status(mail) if one.by or one.overdue or one.problem or one.stage in _GO_ON)
    with mail.store.read() as session:
        if not count_active(session):
            return Agenda(due, "mailer clients import FILE")
    return Agenda(due, _command(due[0]) if due else "mailer status")


def _command(first: Due) -> str:
    """What goes on with the campaign that is due first."""
    return _GO_ON.get(first.stage, "mailer status {}").format(first.campaign)
