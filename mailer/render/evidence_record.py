"""What the documents of an evidence pack state: frozen records, filled by the workflow.

Times are aware: `made_at` and `recorded_at` in UTC, `at` of a hand-over in the firm's zone. Days are the
firm's local ones. Texts are complete as printed; nothing here is looked up again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mailer.ledger.chain import Event
from mailer.notice.house import HouseVerdict
from mailer.notice.rules import Rule
from mailer.notice.verdicts import NoticeVerdict
from mailer.settings import Settings


@dataclass(frozen=True, slots=True)
class Subject:
    """The mailing that is proved. `documents` is what its pieces are called: "letter", "newsletter"."""

    name: str  # of its events: "2027-rates/letter"
    campaign: str
    title: str
    documents: str
    effective: date | None
    dated: date | None

    @property
    def newsletter(self) -> bool:
        return self.documents == "newsletter"


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands on every page: whose it is, when it was made, and the ledger it was made from."""

    settings: Settings
    subject: Subject
    made_at: datetime
    made_on: date
    head_seq: int
    head: str
    rehearsal: bool
    version: str


@dataclass(frozen=True, slots=True)
class Addressee:
    """One piece. `lines` are its address as printed; `verdict` is what was found for its clients.

    `name` counts the lines that name people: "Ash Street Bakery", "Attn: Ada Byrd".
    """

    number: int
    label: str
    lines: tuple[str, ...]
    name: int
    zip: str
    pages: int
    sha256: str
    status: str
    deposited: date | None
    returned_on: date | None
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class RuleUse:
    """A rule of notice, the words of the contract it stands in (or ""), and how many clients it governs."""

    rule: Rule
    clients: int


@dataclass(frozen=True, slots=True)
class Working:
    """The same answer for `clients` clients: same rules, same day of deposit. `mark` is "A", "B", …"""

    mark: str
    clients: int
    verdict: NoticeVerdict
    returned_on: date | None = None


@dataclass(frozen=True, slots=True)
class Unproved:
    """A client of the campaign whose notice is not proved, and why."""

    client: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Job:
    """The print room's production of pieces. `file` is its manifest in the pack; `missing` says why not."""

    number: int
    pieces: str
    count: int
    manifest: str
    event: Event
    file: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Drop:
    """A hand-over to the post. `why` says how the mailing day follows; `remarks` are its weak points."""

    number: int
    job: int
    pieces: str
    count: int
    at: datetime
    counts_on: date
    why: str
    by: str
    place: str
    mail_class: str
    left_out: str
    reason: str
    receipt: str  # its SHA-256, or ""
    receipt_name: str
    receipt_file: str  # in the pack, or ""
    event: Event
    recorded_on: date
    party: str = ""  # why the person may count as a party, or ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Return:
    """A piece that came back: the post's reason, whether that was said of it `alone`, what was `done`."""

    number: int
    label: str
    lines: tuple[str, ...]
    on: date | None
    reason: str
    alone: bool
    done: str


@dataclass(frozen=True, slots=True)
class Issue:
    """The newsletter that carried the campaign's article."""

    campaign: str
    title: str
    statuses: Sequence[tuple[str, int]]
    sha256: str
    file: str
    article: str  # "as in the campaign's folder now", or that it was changed since
    drops: Sequence[Drop]


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that the reader must know before relying on the pack."""

    head: str
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """All of an evidence pack. `events` are those of the mailing; `states` count its clients by verdict."""

    frame: Frame
    pieces: Sequence[Addressee]
    voided: int
    clients: int
    safe: int
    states: Sequence[tuple[str, int]]
    house: Sequence[tuple[str, int]]
    rules: Sequence[RuleUse]
    workings: Sequence[Working]
    unproved: Sequence[Unproved]
    approvals: Sequence[Event]
    jobs: Sequence[Job]
    drops: Sequence[Drop]
    returned: Sequence[Return]
    issues: Sequence[Issue]
    events: Sequence[Event]
    remarks: Sequence[Remark]


@dataclass(frozen=True, slots=True)
class OneClient:
    """The proof for one client: its letter, its drop, its verdicts. `clause` are the contract's own words."""

    frame: Frame
    client: str
    number: str
    clause: str
    piece: Addressee
    salt: str
    rates: Sequence[tuple[str, str, str]]  # service, old, new, as people read them
    notice: NoticeVerdict
    house: HouseVerdict | None
    drop: Drop
    returned: Return | None
    approval: Event
    newsletter: str  # "2026-12-N-0004, deposited Tue 24 Nov 2026", or why there is none
    events: Sequence[Event]
    remarks: Sequence[Remark]
