"""The print shop behind `mailer.mailservice.service.Service`: jobs put into a folder, answers read from it.

In the folder are three: `jobs`, which the shop watches, `answers`, into which it writes, and `sent`, which is
mailer's own memory of what it handed over and lies there so that every machine and every restored copy of a
mail folder finds it. None of them is made here: an empty mount point looks like an empty folder.

A job is handed over in steps, each of which can be told from the one before it:

1. `jobs/.NAME.part` is written whole.
2. `sent/NAME.going` says what is in it.
3. `jobs/.NAME.part` becomes `jobs/NAME`. From here on the shop has it, and may take it away at any time.
4. `sent/NAME.going` becomes `sent/NAME.json`.

Whoever finds a job between 2 and 4 takes it back where the part is still there: that rename, like the one of
step 3, only one of two processes can do. Where neither the part nor the job is there and the shop has not
answered, nobody knows, and the pieces are unknown until it does.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Final
from zoneinfo import ZoneInfo

from uuid_utils import uuid7

from mailer.errors import Misfit
from mailer.mailservice.hotfolder import answers
from mailer.mailservice.hotfolder.printorder import OrderedPiece, PrintShopJob, read_job
from mailer.mailservice.hotfolder.settings import NAME
from mailer.mailservice.service import (
    Absent,
    Accepted,
    CancelOutcome,
    Consignment,
    FindOutcome,
    Found,
    ListOutcome,
    Outcome,
    ServiceLetter,
    TooLate,
    Tracking,
    TrackingOutcome,
    Unknown,
    Unreachable,
)
from mailer.mailservice.transit import Report
from mailer.place import LARGEST, Place, said

JOBS, ANSWERS, SENT = "jobs", "answers", "sent"
AT_ONCE: Final = 500  # pieces of a job
GOING, GONE = ".going", ".json"
_ACCOUNT: Final = "account-"
_TRIES: Final = 3
_WEST: Final = ZoneInfo("Etc/GMT+12")  # where a day is the longest still yesterday
_TORN: Final = "the print shop may have the job and may not: ask it, and let it answer"

Orders = Callable[[Sequence[Consignment]], tuple[PrintShopJob, dict[str, bytes]]]


class _State(Enum):
    """How far a job came."""

    NOT_THERE = "never handed over, or taken back"
    HANDED_OVER = "the shop has it"
    TORN = "nobody knows"


@dataclass(frozen=True, slots=True)
class _Answers:
    """What the shop told in one answer, or why that can't be believed."""

    told: dict[str, set[answers.ShopWord]]
    problem: str = ""


class PrintShop:
    """A print shop's folder. `order` makes a job and its files; `account` is `known_as(place)`; an answer
    that names a day after `today` is not believed.
    """

    def __init__(self, place: Place, order: Orders, account: str, today: date, *, test: bool) -> None:
        self._place = place
        self._order = order
        self._account = account
        self._today = today
        self._test = test
        self._lock = threading.Lock()
        self._jobs: dict[str, PrintShopJob] = {}
        self._by_key: dict[str, list[tuple[PrintShopJob, OrderedPiece]]] = {}
        self._answers: dict[str, list[_Answers]] = {}
        self._unread: dict[str, list[str]] = {}

    @property
    def name(self) -> str:
        return NAME

    @property
    def live(self) -> bool:
        return not self._test

    @property
    def account(self) -> str:
        """Of the folder itself, wherever it lies: one that was emptied is another."""
        return self._account

    @property
    def at_once(self) -> int:
        return AT_ONCE

    def problems(self, piece: Consignment, today: date) -> tuple[str, ...]:
        return problems(piece, today)

    def hand_over(self, pieces: Sequence[Consignment]) -> Sequence[Outcome]:
        """What `sent` says was handed over before is unknown: `find` tells of it. The others are one job."""
        with self._lock:
            try:
                sent = self._load()
                looked = ((one.send_key, self._look(one.send_key, sent)) for one in pieces)
                known = {key for key, found in looked if not isinstance(found, Absent)}
            except OSError as error:
                return [Unreachable(said(error))] * len(pieces)
        fresh = [one for one in pieces if one.send_key not in known]
        given = iter(self._one_job(fresh) if fresh else ())
        before = Unknown("it was handed over before")
        return [before if one.send_key in known else next(given) for one in pieces]

    def _one_job(self, pieces: Sequence[Consignment]) -> Sequence[Outcome]:
        job, files = self._order(pieces)
        part, going = f"{JOBS}/.{job.name}.part", f"{SENT}/{job.name}{GOING}"
        try:
            self._place.remove(part)
            self._place.make(part)
            for file, content in files.items():
                self._place.write(f"{part}/{file}", content)
            self._place.write(f"{SENT}/.{job.name}.part", job.written())
            self._place.move(f"{SENT}/.{job.name}.part", going)
        except OSError as error:
            return [Unreachable(said(error))] * len(pieces)
        try:
            self._place.move(part, f"{JOBS}/{job.name}")
            self._place.move(going, f"{SENT}/{job.name}{GONE}")
        except OSError as error:
            return [Unknown(said(error))] * len(pieces)
        return [Accepted(_id(job.name, one)) for one in job.pieces]

    def find(self, send_key: str) -> FindOutcome:
        with self._lock:
            try:
                return self._look(send_key, self._load())
            except OSError as error:
                return Unreachable(said(error))

    def settle(self, send_key: str, by: str, *, taken: bool) -> bool:  # noqa: ARG002
        """The shop itself answers."""
        return False

    def findings(self) -> tuple[str, ...]:
        """What lies beside the answers to the jobs that were asked for, and is not read."""
        return tuple(
            f"{ANSWERS}/{file} is not read, since its name does not end in .csv. Where it is an answer, save "
            f"it as CSV and name it {job}.csv (Windows may hide the ending)."
            for job, files in self._unread.items()
            for file in files
        )

    def listed(self, since: datetime | None) -> ListOutcome:
        letters = []
        with self._lock:
            try:
                sent = self._load()
                for job in self._jobs.values():
                    if job.test != self._test or (since is not None and job.made_at < since):
                        continue
                    state = self._state(job.name, sent)
                    if state is _State.TORN:
                        return Unknown(f"{job.name}: {_TORN}")
                    if state is _State.HANDED_OVER:
                        letters += [_letter(job, piece) for piece in job.pieces]
            except OSError as error:
                return Unreachable(said(error))
        return tuple(letters)

    def cancel(self, provider_id: str) -> CancelOutcome:
        name = provider_id.partition("/")[0]
        return TooLate(f"the print shop has it in the job {name}: call it; what it does not mail it rejects")

    def events(self, provider_id: str) -> TrackingOutcome:
        name, _, label = provider_id.partition("/")
        with self._lock:
            try:
                if name not in self._jobs:
                    self._load()
                if name not in self._jobs:
                    return Unknown(f"the folder {SENT} has no job {name} any more")
                job = self._jobs[name]
                told = self._told(job)
            except OSError as error:
                return Unreachable(said(error))
        if problem := next((one.problem for one in told if one.problem), ""):
            return Unknown(problem)
        try:
            return Tracking(answers.events_of((one.told for one in told), label, job.made_at))
        except answers.MailedAndRejected as error:
            return Tracking((), contradicts=f"{name}: {error}")
        except answers.BadAnswer as error:
            return Unknown(f"{name}: {error}")

    def reports(self, provider_id: str, tracking: Tracking, now: datetime) -> tuple[Report, ...]:  # noqa: ARG002
        return tuple(
            Report(
                f"{provider_id} {one.provider_type} {one.occurred_at:%Y-%m-%d}",
                provider_id,
                "",
                one.provider_type,
                answers.meaning_of(one.provider_type),
                one.occurred_at,
            )
            for one in tracking.events
        )

    def _load(self) -> set[str]:
        """Read what `sent` has more than at the last time: a record never changes. What lies in it."""
        sent = set(self._place.names(SENT))
        for file in sent:
            name, dot, kind = file.rpartition(".")
            if file.startswith(".") or f"{dot}{kind}" not in (GOING, GONE) or name in self._jobs:
                continue
            try:
                job = read_job(self._place.read(f"{SENT}/{file}"))
            except FileNotFoundError:
                continue  # taken back, or renamed, meanwhile; the next look sees it
            except Misfit as error:
                raise OSError(f"{SENT}/{file} can't be read: {error}") from None
            if job.name != name:
                raise OSError(f"{SENT}/{file} is of another job")
            self._jobs[name] = job
            for piece in job.pieces if job.test == self._test else ():
                self._by_key.setdefault(piece.send_key, []).append((job, piece))
        return sent

    def _look(self, send_key: str, sent: set[str]) -> Found | Absent | Unknown:
        """What the records that were read say of the piece, where these lie in `sent`."""
        for job, piece in self._by_key.get(send_key, ()):
            match self._state(job.name, sent):
                case _State.HANDED_OVER:
                    return Found(Accepted(_id(job.name, piece)))
                case _State.TORN:
                    return Unknown(f"{job.name}: {_TORN}")
                case _State.NOT_THERE:
                    pass
        return Absent()

    def _state(self, name: str, sent: set[str]) -> _State:
        """How far the job came; one that was interrupted before the shop had it is taken back. `sent` follows
        what is done in the folder of that name.
        """
        if f"{name}{GONE}" in sent:
            return _State.HANDED_OVER
        if f"{name}{GOING}" not in sent:
            return _State.NOT_THERE
        part, away = f".{name}.part", f".{name}.withdrawn"
        jobs = self._place.names(JOBS)
        if part in jobs:
            try:
                self._place.move(f"{JOBS}/{part}", f"{JOBS}/{away}")
            except FileNotFoundError:
                sent.clear()  # another process was faster
                sent.update(self._place.names(SENT))
                return self._state(name, sent)
            jobs = [*jobs, away]
        if away in jobs:
            self._place.remove(f"{SENT}/{name}{GOING}")
            sent.discard(f"{name}{GOING}")
            self._place.remove(f"{JOBS}/{away}")
            return _State.NOT_THERE
        if name in jobs or any(one.startswith(name) for one in self._place.names(ANSWERS)):
            self._place.move(f"{SENT}/{name}{GOING}", f"{SENT}/{name}{GONE}")
            sent.add(f"{name}{GONE}")
            return _State.HANDED_OVER
        return _State.TORN

    def _told(self, job: PrintShopJob) -> list[_Answers]:
        """The shop's answers to the job, as they were when the first of them was asked for."""
        if job.name not in self._answers:
            named = sorted(one for one in self._place.names(ANSWERS) if one.startswith(job.name))
            files = [one for one in named if one.lower().endswith(".csv")]
            self._unread[job.name] = [one for one in named if one not in files]
            self._answers[job.name] = [self._read(job, file) for file in files]
        return self._answers[job.name]

    def _read(self, job: PrintShopJob, file: str) -> _Answers:
        shown = f"{ANSWERS}/{file}"
        try:
            content = self._place.read(shown)
        except (FileNotFoundError, PermissionError) as error:
            return _Answers({}, f"{shown} can't be read: {error.strerror}")
        if len(content) > LARGEST:
            return _Answers({}, f"{shown} is larger than {LARGEST:,} bytes")
        text = answers.decoded(content)
        if answers.is_unfinished(text):
            return _Answers({}, f"{shown} is still being written: its last line must say {answers.END}")
        labels = [piece.piece for piece in job.pieces]
        since = date.min if job.test else job.made_at.astimezone(_WEST).date()  # a test's clock is any
        try:
            told = answers.read_answer(text, shown=shown, labels=labels, since=since, today=self._today)
        except answers.BadAnswer as error:
            return _Answers({}, str(error))
        return _Answers(told)


def known_as(place: Place) -> str:
    """The account: a hash of the name of an empty folder in `sent`, which the first who came made. Raises
    OSError where one of the three folders is not there.
    """
    for folder in (JOBS, ANSWERS):
        place.names(folder)
    for _ in range(_TRIES):
        if names := [one for one in place.names(SENT) if one.startswith(_ACCOUNT)]:
            return hashlib.sha256(min(names).encode()).hexdigest()[:12]
        place.make(f"{SENT}/{_ACCOUNT}{uuid7().hex}")
    raise OSError(5, "does not show what is made in it", SENT)


def _id(name: str, piece: OrderedPiece) -> str:
    return f"{name}/{piece.piece}"


def _letter(job: PrintShopJob, piece: OrderedPiece) -> ServiceLetter:
    return ServiceLetter(
        send_key=piece.send_key,
        label=piece.piece,
        campaign=job.campaign,
        accepted=Accepted(_id(job.name, piece)),
        created=job.made_at,
        cancelled=False,
        certified=piece.certified,
        send_date=piece.send_date,
        name=piece.name,
        company=piece.company,
        zip=piece.zip,
    )


def problems(piece: Consignment, today: date) -> tuple[str, ...]:
    """What the shop can't do. Pure."""
    found = []
    if piece.certified and piece.to.country.upper() != "US":
        found.append(f"Certified mail is for US addresses only, and the recipient is in {piece.to.country}.")
    if piece.send_date is not None and piece.send_date <= today:
        found.append(f"The send date {piece.send_date} is not in the future: leave it out to send at once.")
    return tuple(found)
