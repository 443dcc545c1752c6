"""Letters laid out by several processes at once, and given back in their order.

Each process has a pipe of its own. One that is killed takes its part with it: another one is started, and
does that part again. They end with their pipes, so none outlives the command, whatever ends that.

The layout goes by that pipe too. Where multiprocessing itself hands it to a process that is killed before it
reads it, the command waits for ever.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from tempfile import TemporaryDirectory
from typing import Final, TypeVar

from mailer.errors import MailerError
from mailer.making.layout import LaidOut, Layout, Part

PAYS: Final = 2_000  # letters: for fewer, a second process is at work too late
_TRIES: Final = 3
_GONE: Final = (EOFError, OSError)  # a message that breaks off is a plain OSError
_Thing = TypeVar("_Thing")


def workers_for(total: int, wanted: int | None) -> int:
    """How many processes lay out `total` letters: as many as `wanted`, else one a core where that pays."""
    if wanted is not None:
        return wanted
    if total < PAYS:
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def laid_out(
    layout: Layout, parts: Iterator[tuple[_Thing, Part]], count: int
) -> Generator[tuple[_Thing, LaidOut], None, None]:
    """Each part's pages, in the order of `parts`, by `count` processes, or by this one where that is 1.

    Parts are asked for as a process is free, two of each ahead at most. Raises what Layout.laid raises, and
    MailerError where a process ends again and again.
    """
    if count == 1:
        for thing, part in parts:
            yield thing, layout.laid(part)
        return
    workers: list[_Worker] = []
    with TemporaryDirectory(prefix="mailer-", ignore_cleanup_errors=True) as place:
        try:
            yield from _shared_out(layout, parts, count, workers, place)
        finally:
            for worker in workers:
                worker.end()


def _shared_out(
    layout: Layout, parts: Iterator[tuple[_Thing, Part]], count: int, workers: list[_Worker], place: str
) -> Iterator[tuple[_Thing, LaidOut]]:
    """As `laid_out`; a process is begun, and put with `workers`, once there is a part for it."""
    things: dict[int, _Thing] = {}
    done: dict[int, LaidOut] = {}
    given = taken = 0
    more = True
    while more or things:
        while more and len(things) < 2 * count and sum(one.task is not None for one in workers) < count:
            following = next(parts, None)
            if following is None:
                more = False
                break
            things[given], part = following
            worker = next((one for one in workers if one.task is None), None)
            if worker is None:
                worker = _Worker(layout, place)
                workers.append(worker)
                worker.start()
            worker.give(_Task(given, part))
            given += 1
        while taken in done:
            yield things.pop(taken), done.pop(taken)
            taken += 1
        busy = {worker.pipe: worker for worker in workers if worker.task is not None}
        for pipe in wait(busy) if busy else ():
            worker = busy[pipe]  # type: ignore[index]
            answer = worker.answer()
            if answer is not None:
                done[answer[0]] = answer[1]


@dataclass(slots=True)
class _Task:
    number: int
    part: Part
    tries: int = 1


class _Worker:
    """A process, with what it has to do now. It has its temporary files in `place`: it is killed, and
    WeasyPrint's copies of the fonts would stay.
    """

    def __init__(self, layout: Layout, place: str) -> None:
        self._layout = layout
        self._place = place
        self.task: _Task | None = None
        self._process: SpawnProcess | None = None

    def start(self) -> None:
        context = multiprocessing.get_context("spawn")
        with _not_interrupted():
            self.pipe, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs, self._place), daemon=True)
            process.start()
            self._process = process
            theirs.close()
        self._send(self._layout)

    def give(self, task: _Task) -> None:
        self.task = task
        self._send(task.part)

    def _send(self, thing: Layout | Part) -> None:
        with suppress(*_GONE):  # what became of it is seen where its answer is read
            self.pipe.send(thing)

    def answer(self) -> tuple[int, LaidOut] | None:
        """What came of its task; None where it was killed, and the task was given to a new process."""
        task = self.task
        if task is None:
            raise AssertionError("it has nothing to do")
        try:
            answer = self.pipe.recv()
        except _GONE:
            self.end()
            if task.tries == _TRIES:
                raise MailerError(
                    f"a process that lays out letters was ended {_TRIES} times, perhaps for want of memory.",
                    todo="Run the same command again with  --workers 1.",
                ) from None
            self.start()
            self.give(_Task(task.number, task.part, task.tries + 1))
            return None
        self.task = None
        if isinstance(answer, BaseException):
            raise answer
        return task.number, answer

    def end(self) -> None:
        if self._process is not None:
            self.pipe.close()
            self._process.kill()  # one that was stopped hears nothing else
            self._process.join()


@contextmanager
def _not_interrupted() -> Iterator[None]:
    """Ctrl-C waits until a process is begun, and never reaches that process: the command ends it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # begun later, it would let Ctrl-C in
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(pipe: Connection, place: str) -> None:
    """What a process does until its pipe is closed: first it gets its layout, then parts."""
    tempfile.tempdir = place
    gc.set_threshold(100_000, 50, 50)
    with suppress(*_GONE):
        layout = pipe.recv()
        while True:
            part = pipe.recv()
            answer: LaidOut | Exception
            try:
                answer = layout.laid(part)
            except Exception as error:  # noqa: BLE001 (raised again by the command)
                answer = error
            pipe.send(answer)
