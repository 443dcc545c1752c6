"""`mailer clients count`: how many clients there are, in all and in each segment of mailer.toml."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mailer.clients.care import NO_NEWSLETTER
from mailer.clients.member import Member
from mailer.clients.segments import Audience, predicate, unmatched
from mailer.errors import UsageProblem
from mailer.judgement.docket import Docket
from mailer.planning.audience import no_segment
from mailer.planning.mailfolder import MailFolder
from mailer.planning.question import question_on
from mailer.segment import Segment
from mailer.store.accounts import accounts
from mailer.store.engine import Session
from mailer.store.listed.care import marks
from mailer.store.listed.members import in_chunks


@dataclass(slots=True)
class Counted:
    """A segment, "" for the whole list: its active clients, and how many of them get the newsletter.
    `unknown` is named in it and is no client.
    """

    segment: str
    clients: int = 0
    readers: int = 0
    unknown: tuple[str, ...] = ()


def counted(mail: MailFolder, segment: str = "") -> list[Counted]:
    """The whole list and every segment, or that one. Raises UsageProblem where there is none of that name."""
    known = mail.settings.segments
    if segment and segment not in known:
        todo = "Write it into mailer.toml, or name another."
        raise UsageProblem(f"{no_segment(segment, known)}.", todo=todo)
    wanted = {segment: known[segment]} if segment else {"": Segment()} | known
    audiences = {name: Audience(own) for name, own in wanted.items()}
    found = [Counted(name) for name in audiences]
    holds = [predicate(audience) for audience in audiences.values()]
    by_service = any(audience.by_service for audience in audiences.values())
    with mail.store.read() as session:
        without = {client for client, made in marks(session).items() if made.mark in NO_NEWSLETTER}
        for members in in_chunks(session, active=True):
            if by_service:
                _fill_services(session, mail, members)
            for one, is_in in zip(found, holds, strict=True):
                inside = [member for member in members if is_in(member)]
                one.clients += len(inside)
                one.readers += sum(member.newsletter and member.id not in without for member in inside)
        for one, audience in zip(found, audiences.values(), strict=True):
            if audience.named:
                one.unknown = unmatched(audience, (each for part in in_chunks(session) for each in part))
    return found


def _fill_services(session: Session, mail: MailFolder, members: Iterable[Member]) -> None:
    docket, every = Docket(question_on(mail, mail.today)), list(members)
    account = accounts(session, every, docket)
    for member in every:
        member.services = account[member.id].names
