"""`mailer track`: asks each service where each piece is, and records what it tells as a webhook does.

A piece is asked for until it is delivered, returned or cancelled. Each batch is committed before the next is
asked for, so that an interruption loses nothing that was recorded; run it again at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

from mailer.errors import ServiceTrouble
from mailer.ledger.events import PieceNumbered
from mailer.ledger.kinds import Status
from mailer.mailservice.contradiction import doubt
from mailer.mailservice.reports import tell
from mailer.mailservice.service import Absent, Service, Throttled, Tracking, TrackingOutcome, ending, why
from mailer.mailservice.vanished import GONE, missing, taken_back
from mailer.planning.mailfolder import MailFolder
from mailer.progress import Progress, silent
from mailer.store.pieces import IN_DOUBT
from mailer.store.record.events import Entry, record
from mailer.store.tracking import AtService, counts, strangers, to_poll

AT_ONCE: Final = 64  # pieces of one batch
WORKERS: Final = 8  # the service's own pace holds them back
TRIES: Final = 5  # of one piece, when the service says that it is too much


@dataclass(slots=True)
class Tracked:
    """What a round of asking came to. `changed` is (label, status before, status after); `problems` is
    (label, why); `counts` is campaign → status → pieces, afterwards.
    """

    asked: int = 0
    of: int = 0
    told: int = 0
    other_key: int = 0  # pieces that were sent under the other kind of key, test or live
    other_account: int = 0  # pieces that were sent under another account
    in_flight: int = 0  # asked for and not answered: a send settles them
    strangers: int = 0  # letters that were told of and are no piece of this folder
    changed: list[tuple[str, Status, Status]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)  # labels of pieces that the service does not have any more
    problems: list[tuple[str, str]] = field(default_factory=list)
    doubted: dict[str, str] = field(default_factory=dict)  # label → told as mailed, and since otherwise
    twice: dict[str, str] = field(default_factory=dict)  # label → what else of it went, or may go
    remarks: dict[str, str] = field(default_factory=dict)  # label → the service's words on it
    findings: list[str] = field(default_factory=list)  # what a service was told that belongs to no piece
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    stopped: str = ""  # why nothing more could be asked


def track(
    mail: MailFolder,
    connect: Callable[[str], Service],
    names: Collection[str] = (),
    *,
    progress: Progress = silent,
) -> Tracked:
    """Ask for every piece of these campaigns (of all where none is named) that is on its way, by the service
    that has it; `connect` gives the service of a name.
    """
    done = Tracked()
    with mail.store.read() as session:
        waiting = to_poll(session, names)
    services = {name: connect(name) for name in {at.submission.service for at in waiting}}
    for name, service in sorted(services.items()):
        having = [at for at in waiting if at.submission.service == name]
        same = [at for at in having if at.submission.live == service.live]
        ours = [at for at in same if at.submission.account in (None, service.account)]
        done.of += len(ours)
        done.other_key += len(having) - len(same)
        done.other_account += len(same) - len(ours)
        stopped = _round(mail, service, ours, done, progress)
        done.findings += service.findings() if ours else ()
        done.stopped = "; ".join(filter(None, (done.stopped, stopped and f"{name}: {stopped}")))
    with mail.store.read() as session:
        done.counts, done.strangers = counts(session, names), strangers(session)
    done.in_flight = sum(
        by.get(Status.SUBMITTING.value, 0) + by.get(Status.UNKNOWN.value, 0) for by in done.counts.values()
    )
    return done


def _round(
    mail: MailFolder, service: Service, ours: Sequence[AtService], done: Tracked, progress: Progress
) -> str:
    """Ask one service for these; why nothing more could be asked, "" where all was."""
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="track") as pool:
        for at in range(0, len(ours), AT_ONCE):
            batch = ours[at : at + AT_ONCE]
            answers = list(pool.map(lambda one: _ask(service, one), batch))
            _tell(mail, service, list(_understood(batch, answers, done)), done)
            stopped = next((why for one in answers if (why := _ending(one))), "")
            for one, answer in zip(batch, answers, strict=True):
                if isinstance(answer, Tracking) and answer.contradicts:
                    doubt(mail, one, answer.contradicts)
                if isinstance(answer, Absent) and not stopped:
                    stopped = _vanished(mail, service, one, done)
            progress("asking", done.asked, done.of)
            if stopped:
                return stopped
    return ""


def trouble(done: Tracked) -> ServiceTrouble | None:
    """The error that the command ends with where a service did not do its part."""
    if not done.stopped:
        return None
    return ServiceTrouble(
        f"{done.stopped}.",
        todo=f"{done.asked:,} of {done.of:,} pieces were asked for and are recorded; run it again.",
    )


def _ask(service: Service, at: AtService) -> TrackingOutcome:
    for _ in range(TRIES):
        answer = service.events(at.submission.provider_id or "")
        if not isinstance(answer, Throttled):
            break  # else its pace is held already
    return answer


def _understood(
    batch: Sequence[AtService], answers: Sequence[TrackingOutcome], done: Tracked
) -> Iterator[tuple[AtService, Tracking]]:
    for at, answer in zip(batch, answers, strict=True):
        name = at.mailing.label(at.piece.number)
        if isinstance(answer, Tracking) and answer.contradicts:
            done.problems.append((name, answer.contradicts))
        elif isinstance(answer, Tracking):
            done.asked += 1
            if answer.remark:
                done.remarks[name] = answer.remark
            yield at, answer
        elif isinstance(answer, Absent):
            done.asked += 1
        elif not ending(answer):
            done.problems.append((name, why(answer)))


def _ending(answer: TrackingOutcome) -> str:
    return "" if isinstance(answer, Tracking | Absent) else ending(answer)


def _vanished(mail: MailFolder, service: Service, at: AtService, done: Tracked) -> str:
    """The service does not know its number: it is cancelled, or named. Why nothing more can be asked."""
    name = at.mailing.label(at.piece.number)
    found = missing(service, at.submission)
    if at.piece.status is not Status.ACCEPTED:
        done.problems.append((name, f"{GONE}; it is {at.piece.status.value} all the same"))
    elif isinstance(found, Absent):
        taken_back(mail, at.mailing, service, at.submission, GONE, at.submission.service)
        done.gone.append(name)
        done.changed.append((name, Status.ACCEPTED, Status.CANCELLED))
    elif stopped := ending(found):
        return stopped
    else:
        done.problems.append((name, why(found)))
    return ""


def _tell(
    mail: MailFolder, service: Service, answers: Sequence[tuple[AtService, Tracking]], done: Tracked
) -> None:
    now = mail.clock.now()
    told = [
        one for at, answer in answers for one in service.reports(at.submission.provider_id or "", answer, now)
    ]
    heard = tell(mail, told, by="poll", now=now) if told else []
    done.told += sum(one.new for one in heard)
    changed = {
        one.piece: (one.before, one.after)
        for one in heard
        if one.before and one.after and one.before != one.after
    }
    done.changed += [(piece, *moved) for piece, moved in changed.items()]
    for one in heard:
        if one.contradiction:
            found = done.doubted if one.contradiction.startswith(IN_DOUBT) else done.twice
            found[one.piece] = one.contradiction.removeprefix(IN_DOUBT)
    for at, answer in answers:
        if answer.tracking_number and at.submission.certified and at.piece.certified is None:
            _number(mail, at, answer.tracking_number)


def _number(mail: MailFolder, at: AtService, number: str) -> None:
    """The post's number of a certified letter, as the service tells it."""
    with mail.store.write() as session:
        numbered = Entry(at.mailing.subject, PieceNumbered(str(at.piece.number), number))
        record(session, [numbered], mail.stamp(at.submission.service))
