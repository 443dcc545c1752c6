"""What the documents of an evidence pack state: frozen records, filled by the workflow.

Times are aware: `made_at` and `recorded_at` in UTC, `at` of a hand-over in the firm's zone. Days are the
firm's local ones. Texts are complete as printed; nothing here is looked up again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mailer.judgement.house import HouseVerdict
from mailer.judgement.verdict import NoticeVerdict
from mailer.ledger.chain import Event
from mailer.notice.rules import Rule
from mailer.settings import Settings
from mailer.spool import Spool


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
    stale: bool = False  # the definition or the firm's profile is not what it was at the approval


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
    certified: str = ""  # the post's number, as it is printed
    service: str = ""  # the mail service that took it, "" where the firm mailed it itself
    email: str = ""  # to which it went in place of the post


@dataclass(frozen=True, slots=True)
class Ended:
    """A piece that was never mailed: `status` is rejected, cancelled or void. `instead` took its place."""

    number: int
    label: str
    lines: tuple[str, ...]
    status: str
    why: str
    event: int
    instead: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What a mail service told of a piece, in its own words. `at` is aware; `event` is the ledger's."""

    words: str
    at: datetime
    number: str  # the service's own number of it
    event: int


@dataclass(frozen=True, slots=True)
class TakenPiece:
    """A piece that a mail service took. `asked` and `accepted` are when the ledger recorded that, in UTC.

    `posted` is what shows the post's custody, None until it is told; `dispatched` is the SHA-256 of the
    bytes that the service got.
    """

    number: int
    label: str
    lines: tuple[str, ...]
    letter: str  # the service's id
    dispatched: str
    asked: datetime
    accepted: datetime
    live: bool
    certified: bool
    certified_number: str
    send_date: date | None
    events: tuple[int, int]  # of the acceptance and, if any, of the custody, else 0
    posted: Seen | None = None
    counts_on: date | None = None
    redated: int = 0  # how often an earlier scan moved the day
    delivered: Seen | None = None
    received: Seen | None = None
    returned: Seen | None = None
    twice: str = ""  # what is known of a second letter for it
    doubt: str = ""  # its service told as mailed, and since otherwise: both in words


@dataclass(frozen=True, slots=True)
class ByService:
    """What a mail service mailed, or is to mail: `name` as people know it; not `on_paper`: by e-mail."""

    service: str
    name: str
    pieces: Sequence[TakenPiece]
    told: int  # lines of tracking.jsonl
    on_paper: bool = True

    @property
    def mailed(self) -> list[TakenPiece]:
        return [piece for piece in self.pieces if piece.posted is not None]


@dataclass(frozen=True, slots=True)
class CorrectedAddress:
    """A client's address before and after it was corrected; None where there was or is none of its own."""

    on: date
    by: str
    reason: str
    notice: bool
    before: tuple[str, ...] | None
    after: tuple[str, ...] | None
    event: int
    wrong_since: date | None = None  # our mistake: from that day on


@dataclass(frozen=True, slots=True)
class RuleUse:
    """A rule of notice, the words of the contract it stands in (or ""), and how many clients it governs."""

    rule: Rule
    clients: int


@dataclass(frozen=True, slots=True)
class Working:
    """The same answer for `clients` clients: same rules, same days. `mark` is "A", "B", …"""

    mark: str
    clients: int
    verdict: NoticeVerdict
    state: str


@dataclass(frozen=True, slots=True)
class Unproved:
    """A client of the campaign whose notice is not proved, and why."""

    client: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Production:
    """The print room's production of pieces. `file` is its manifest in the pack; `missing` says why not.

    `paper` is the SHA-256 of the page that the pre-printed paper carries, "" for plain paper.
    """

    number: int
    pieces: str
    count: int
    manifest: str
    event: Event
    file: str = ""
    missing: str = ""
    paper: str = ""


@dataclass(frozen=True, slots=True)
class Deposit:
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
    receipt_added: Event | None = None  # where the receipt was recorded after the hand-over
    party: str = ""  # why the person may count as a party, or ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReturnedPiece:
    """A piece that came back, or went to a wrong address: `cause` is the reason, `note` the post's own words,
    `alone` whether they were said of it alone, `wrong_on` when its address was found to be wrong, `done` what
    was done. `events` say so.
    """

    number: int
    label: str
    lines: tuple[str, ...]
    on: date | None
    wrong_on: date | None
    received_on: date | None
    cause: str
    note: str
    alone: bool
    of_record: bool
    events: tuple[int, ...]
    done: str
    corrections: tuple[CorrectedAddress, ...] = ()


@dataclass(frozen=True, slots=True)
class CarryingIssue:
    """The newsletter that carried the campaign's article."""

    campaign: str
    title: str
    statuses: Sequence[tuple[str, int]]
    sha256: str
    file: str
    article: str  # "as in the campaign's folder now", or that it was changed since
    drops: Sequence[Deposit]
    services: Sequence[ByService] = ()


@dataclass(frozen=True, slots=True)
class Caveat:
    """One thing that the reader must know before relying on the pack."""

    head: str
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """All of an evidence pack. `events` are those of the mailing; `states` count its clients by verdict.

    `safe` counts the clients whom the change may bind; to `not_owed` of them no notice is owed.
    """

    frame: Frame
    pieces: Spool[Addressee]
    mailed: Sequence[date]  # the days as of which they count as mailed
    statuses: Sequence[tuple[str, int]]  # of the pieces
    ended: Spool[Ended]
    clients: int
    safe: int
    not_owed: int
    states: Sequence[tuple[str, int]]
    house: Sequence[tuple[str, int]]
    rules: Sequence[RuleUse]
    workings: Sequence[Working]
    unproved: Sequence[Unproved]
    approvals: Sequence[Event]
    jobs: Sequence[Production]
    drops: Sequence[Deposit]
    services: Sequence[ByService]
    returned: Sequence[ReturnedPiece]
    issues: Sequence[CarryingIssue]
    events: Sequence[Event]
    remarks: Sequence[Caveat]
    timeline: str = ""  # the strip as SVG, "" for an issue or where no rule applies

    @property
    def proved(self) -> int:
        """Clients of the campaign to whom notice was given in time."""
        return self.safe - self.not_owed


@dataclass(frozen=True, slots=True)
class OtherLetter:
    """The other letter, where a contract asks for two: to another address, or a copy; `attached` as below."""

    piece: Addressee
    salt: str
    drop: Deposit | None
    service: TakenPiece | None
    service_name: str
    returned: ReturnedPiece | None
    attached: str


@dataclass(frozen=True, slots=True)
class OneClient:
    """The proof for one client: its letter, its drop or service, its verdicts.

    `clause` are the contract's own words; `other` is the letter that notice rests on besides.
    """

    frame: Frame
    client: str
    number: str
    clause: str
    piece: Addressee
    salt: str
    rates: Sequence[tuple[str, str, str]]  # service, old, new, as people read them
    notice: NoticeVerdict
    holds: bool
    aside: str  # where the firm alone set its own rule aside: what that is, else ""
    house: HouseVerdict | None
    drop: Deposit | None
    service: TakenPiece | None
    service_name: str
    returned: ReturnedPiece | None
    approval: Event
    attached: str  # SHA-256 of its own PDF
    again: str  # the label of the piece whose approved pages it repeats, or ""
    newsletter: str  # "2026-12-N-0004, deposited Tue 24 Nov 2026", or why there is none
    events: Sequence[Event]
    remarks: Sequence[Caveat]
    other: OtherLetter | None = None
