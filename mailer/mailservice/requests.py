"""Asking a mail service for pieces: claimed, asked, recorded; several at once, and in several processes.

The order is what makes it safe. A claim and the intent are committed before the service is asked; every try
of a piece carries the same idempotency key; what came of it is committed after. A piece that may have been
taken is looked up by that key before each further try, so that no clock of ours has to be right: one that
the service lists is not asked for again, and one so new that its list does not show it yet is guarded by the
key, which outlives any such delay by hours. One that may not be asked for again has no such guard, and is
looked up twice (`Poster.look_up`).

Where piece after piece is not taken, something is wrong with all of them: the run stops and touches no more.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from types import FrameType
from typing import Final

import stamina
from stamina.instrumentation import set_on_retry_hooks

from mailer.mailservice.packing import Stamped
from mailer.mailservice.service import (
    Absent,
    Accepted,
    Denied,
    Enough,
    FindOutcome,
    Found,
    Outcome,
    Rejected,
    Service,
    Throttled,
    Unknown,
    Unreachable,
    ending,
    why,
)
from mailer.progress import Progress, silent

QUIET: Final = 600.0
"""Seconds. So long after the last try a piece that the service does not list was not taken."""
SECOND_LOOK: Final = 30.0
"""Seconds between the two looks that tell so."""
WORKERS: Final = 16  # for pieces that go one by one
AT_ONCE: Final = 32  # pieces of one claim, and results of one record
FEW: Final = 8  # pieces in a row of which none is taken; so many go at first, until one is
_FLUSH: Final = 0.5  # s between two records while results trickle in
ATTEMPTS: Final = 6

set_on_retry_hooks(())  # a poster tells itself that it waits


@dataclass(frozen=True, slots=True)
class Task:
    """A claimed piece. The times are None for one that was never asked for before.

    `bygone`: what was asked for would not be asked for today, so that it is looked up and never asked again.
    """

    stamped: Stamped
    first_tried: datetime | None = None
    last_tried: datetime | None = None
    bygone: bool = False

    @property
    def number(self) -> int:
        return self.stamped.number


@dataclass(frozen=True, slots=True)
class Gone:
    """Certainly not at the service: it was not asked, or lists no such piece long after the last try."""

    reason: str


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one piece. `cancelled`: it was taken before, and cancelled at the service; `doubles` are
    further pieces there with its key, which must never be.
    """

    stamped: Stamped
    outcome: Outcome | Gone
    cancelled: bool = False
    doubles: tuple[str, ...] = ()


def _is_open(outcome: FindOutcome | Outcome) -> bool:
    """May another try end better."""
    return isinstance(outcome, Throttled | Unreachable) or (isinstance(outcome, Unknown) and outcome.again)


class _AgainError(Exception):
    """Another try is to be made."""

    def __init__(self, outcome: FindOutcome | Outcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


def _pause(error: Exception) -> bool | float:
    """How stamina waits: as long as the service said, else by its own backoff."""
    if isinstance(error, _AgainError):
        return error.outcome.retry_after if isinstance(error.outcome, Throttled) else True
    return False


@dataclass(slots=True)
class Poster:
    """Asks `service`. `stop` ends the tries of every thread; `progress` is told of one that is made again."""

    service: Service
    progress: Progress = silent
    stop: threading.Event = field(default_factory=threading.Event)
    attempts: int = ATTEMPTS

    def ask(self, tasks: Sequence[Task], now: datetime) -> list[Result]:
        """Ask for pieces that go together until each answer is certain or the tries are used up."""
        bygone = [task for task in tasks if task.bygone]
        unasked = [task for task in tasks if task.first_tried is None and self.stop.is_set()]
        others = [task for task in tasks if not task.bygone and task not in unasked]
        reason = "the run was stopped before the service was asked"
        return [
            *(Result(task.stamped, Gone(reason)) for task in unasked),
            *self.look_up(bygone, now),
            *self._ask(others),
        ]

    def _ask(self, tasks: Sequence[Task]) -> list[Result]:
        uncertain = {task.number for task in tasks if task.first_tried is not None}
        outcomes: dict[int, FindOutcome | Outcome] = {}
        left = list(tasks)
        try:
            for attempt in stamina.retry_context(
                on=_pause, attempts=self.attempts, timeout=300, wait_initial=0.25, wait_max=15
            ):
                with attempt:
                    outcomes |= self._once(left, uncertain)
                    uncertain |= {number for number, one in outcomes.items() if isinstance(one, Unknown)}
                    left = [task for task in left if _is_open(outcomes[task.number])]
                    self._try_again([outcomes[task.number] for task in left], attempt.num)
        except _AgainError:
            pass  # the last try
        return [self._result(task, outcomes[task.number], task.number in uncertain) for task in tasks]

    def _once(self, tasks: Sequence[Task], uncertain: Collection[int]) -> dict[int, FindOutcome | Outcome]:
        """One try: what may have been taken is looked up, and what was not is handed over."""
        found: dict[int, FindOutcome | Outcome] = {
            task.number: self.service.find(task.stamped.asked.send_key)
            for task in tasks
            if task.number in uncertain
        }
        absent = [task for task in tasks if isinstance(found.get(task.number, Absent()), Absent)]
        if absent:
            given = self.service.hand_over([task.stamped.asked for task in absent])
            found |= {task.number: one for task, one in zip(absent, given, strict=True)}
        return found

    def _try_again(self, left: Sequence[FindOutcome | Outcome], tried: int) -> None:
        """Raises _AgainError where another try may end better."""
        if left and not self.stop.is_set():
            if tried < self.attempts:
                self.progress("waiting, try", tried + 1, self.attempts)
            raise _AgainError(next((one for one in left if isinstance(one, Throttled)), left[0]))

    def _result(self, task: Task, outcome: FindOutcome | Outcome, uncertain: bool) -> Result:
        match outcome:
            case Found():
                return _taken(task, outcome)
            case Rejected() if uncertain:
                return self._second_look(task, outcome)
            case Accepted() | Rejected():
                return Result(task.stamped, outcome)
            case Absent():
                raise AssertionError("what is absent is asked for")
        return Result(task.stamped, Unknown(why(outcome)) if uncertain else outcome)

    def look_up(self, tasks: Sequence[Task], now: datetime) -> list[Result]:
        """What the service has of pieces that are not to be asked for again.

        That one was not taken is believed where the service does not list it QUIET after the last try by our
        clock, and not SECOND_LOOK later either, by the machine's own: a clock that was set may lie.
        """
        results: dict[int, Result] = {}
        left = list(tasks)
        for attempt in stamina.retry_context(
            on=_AgainError, attempts=2, timeout=None, wait_initial=SECOND_LOOK, wait_jitter=0
        ):
            with attempt:
                results |= {task.number: self._looked_up(task, now) for task in left}
                left = [task for task in left if isinstance(results[task.number].outcome, Gone)]
                if left and attempt.num == 1:
                    self.progress("looking once more, of pieces", len(left), len(tasks))
                    raise _AgainError(Unknown("it is looked up once more"))
        return [results[task.number] for task in tasks]

    def _looked_up(self, task: Task, now: datetime) -> Result:
        found = self.service.find(task.stamped.asked.send_key)
        if isinstance(found, Found):
            return _taken(task, found)
        if not isinstance(found, Absent):
            return Result(task.stamped, Unknown(why(found)))
        if task.last_tried is not None and (now - task.last_tried).total_seconds() < QUIET:
            return Result(
                task.stamped, Unknown("the service does not list it yet, minutes after it was asked")
            )
        return Result(task.stamped, Gone("the service lists no such piece"))

    def _second_look(self, task: Task, refused: Rejected) -> Result:
        """A refusal after an unknown try: what if that try was taken, and this one refused as its double?"""
        found = self.service.find(task.stamped.asked.send_key)
        if isinstance(found, Found):
            return _taken(task, found)
        return Result(task.stamped, refused if isinstance(found, Absent) else Unknown(why(found)))


def _taken(task: Task, found: Found) -> Result:
    return Result(task.stamped, found.accepted, found.cancelled, found.others)


@dataclass(slots=True)
class _Course:
    """How a run goes: why nothing more would go ("" while it may), and how many in a row were not taken."""

    stopped: str = ""
    taken: bool = False
    failed: int = 0

    def note(self, outcome: Outcome | Gone) -> None:
        match outcome:
            case Accepted():
                self.taken, self.failed = True, 0
            case Denied() | Unreachable() | Enough():
                self.stopped = self.stopped or ending(outcome)
            case Rejected() | Unknown():
                self.failed += 1
                if self.failed >= FEW and not self.stopped:
                    self.stopped = f"{self.failed} pieces in a row were not taken, the last: {why(outcome)}"
                    self.stopped = self.stopped.rstrip(".")

    def room(self, pending: int, workers: int) -> bool:
        """May more be claimed? Until one was taken, only what is under way ends first."""
        return not self.stopped and (pending < workers if self.taken else not pending)


def run(
    claims: Callable[[int], Sequence[Task]],
    record: Callable[[Sequence[Result]], None],
    poster: Poster,
    clock: Callable[[], datetime],
) -> str:
    """Claim, ask and record until nothing is left; what stopped it, in words, where nothing more would go.

    A service that takes pieces one by one is asked for several at the same time, another for one job after
    the other.

    After Ctrl-C no more is claimed, what is under way is finished and recorded, and KeyboardInterrupt is
    raised; a second one raises it at once.
    """
    course, at_once = _Course(), poster.service.at_once
    workers = WORKERS if at_once == 1 else 1
    results: list[Result] = []
    pending: set[Future[list[Result]]] = set()
    flushed = time.monotonic()
    with _patient() as interrupted, ThreadPoolExecutor(workers, thread_name_prefix="send") as pool:
        more = True
        try:
            while more or pending:
                if more and course.room(len(pending), workers):
                    tasks = claims(max(at_once, AT_ONCE if course.taken else FEW))
                    more = bool(tasks)
                    pending |= {pool.submit(poster.ask, job, clock()) for job in _jobs(tasks, at_once)}
                done, pending = wait(pending, timeout=_FLUSH, return_when=FIRST_COMPLETED)
                for future in done:
                    results += future.result()
                    for one in future.result():
                        course.note(one.outcome)
                if course.stopped or interrupted.is_set():
                    poster.stop.set()
                    more = False
                if len(results) >= AT_ONCE or time.monotonic() - flushed > _FLUSH or not pending:
                    record(results)
                    results, flushed = [], time.monotonic()
        except Exception:
            poster.stop.set()
            record([*results, *_finished(pending)])
            raise
        finally:
            poster.stop.set()
    if interrupted.is_set():
        raise KeyboardInterrupt
    return course.stopped


@contextmanager
def _patient() -> Iterator[threading.Event]:
    """Set by the first Ctrl-C, which would else strike in the middle of a transaction."""
    met = threading.Event()

    def note(signum: int, frame: FrameType | None) -> None:
        if met.is_set():
            signal.default_int_handler(signum, frame)
        met.set()

    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler or threading.current_thread() is not threading.main_thread():
        yield met
        return
    signal.signal(signal.SIGINT, note)
    try:
        yield met
    finally:
        signal.signal(signal.SIGINT, before)


def _jobs(tasks: Sequence[Task], at_once: int) -> Iterator[Sequence[Task]]:
    """What is asked for together: as many as the service takes, and all that is looked up only."""
    bygone = [task for task in tasks if task.bygone]
    others = [task for task in tasks if not task.bygone]
    if bygone:
        yield bygone
    for at in range(0, len(others), at_once):
        yield others[at : at + at_once]


def _finished(pending: Iterable[Future[list[Result]]]) -> Iterator[Result]:
    """The results of what was under way; one that failed stays claimed, for whoever claims next."""
    for future in pending:
        if future.exception() is None:
            yield from future.result()
