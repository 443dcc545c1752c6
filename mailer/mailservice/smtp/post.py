"""E-mail behind `mailer.mailservice.service.Service`: one message a piece, given to the firm's own server.

That the server took a message is that it was sent: it counts on that day. What it did is in the folder's own
journal (mailer.mailservice.smtp.journal). Where the connection broke after the last line, the Sent folder
tells whether it was taken, if there is one that is known to get what is sent; else a person (`settle`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from threading import Lock
from typing import Final

from mailer.errors import in_words
from mailer.mailservice.pace import Pace
from mailer.mailservice.service import (
    Absent,
    Accepted,
    CancelOutcome,
    Consignment,
    Enough,
    FindOutcome,
    Found,
    ListOutcome,
    Outcome,
    Rejected,
    ServiceLetter,
    TooLate,
    Tracking,
    TrackingEvent,
    TrackingOutcome,
    Unknown,
    Unreachable,
)
from mailer.mailservice.smtp import bounces
from mailer.mailservice.smtp.bounces import Bounce, Unmatched, WantsNoMore
from mailer.mailservice.smtp.journal import Journal, Noted
from mailer.mailservice.smtp.mailbox import Imap, Returned
from mailer.mailservice.smtp.message import Sender, id_of, message, problems
from mailer.mailservice.smtp.settings import JOURNAL, NAME
from mailer.mailservice.smtp.wire import Taken, Wire
from mailer.mailservice.transit import Meaning, Report
from mailer.pages.issuetext import text_of
from mailer.settings import FILE

DAY: Final = 86_400.0  # s
SHOWS_WITHIN: Final = 600.0  # s in which a Sent folder shows what was taken
SENT, BOUNCED, DELAYED = "sent", "bounced", "delayed"
MEANS: Final = {SENT: Meaning.SENT, BOUNCED: Meaning.RETURNED, DELAYED: Meaning.NOTED}
_WITNESSES: Final = 3  # messages by which a Sent folder is known to get what is sent
_FINDINGS: Final = 20  # of a round, shown
_TORN: Final = (
    "the connection broke before the server said whether it took it; look in your Sent folder, then say "
    "--taken or --not-taken"
)


def meaning_of(kind: str) -> Meaning:
    """What an event of that name means: "bounced 5.1.1"."""
    return MEANS.get(kind.partition(" ")[0], Meaning.UNKNOWN)


@dataclass(frozen=True, slots=True)
class SentFolder:
    """The folder of the mailbox into which the server itself puts what it takes."""

    mailbox: Imap
    name: str


class EmailPost:
    """The firm's mail server. `now` is the moment (UTC) that a message is said to be sent at; `returned`
    gives what came back, None where no mailbox is read. Without a `sender` nothing can be sent.
    """

    def __init__(
        self,
        wire: Wire,
        journal: Journal,
        sender: Sender | None,
        pace: Pace,
        now: Callable[[], datetime],
        *,
        per_day: int = 0,
        sent: SentFolder | None = None,
        returned: Returned | None = None,
    ) -> None:
        self._wire, self._journal, self._sender, self._pace, self._now = wire, journal, sender, pace, now
        self._per_day, self._sent, self._returned = per_day, sent, returned
        self._turn, self._lock = Lock(), Lock()
        self._came_back: dict[str, list[Bounce]] | None = None
        self._findings: list[str] = []
        self._unasked = ""  # why the Sent folder is asked no more
        self._unread: OSError | None = None  # why the mailbox is

    @property
    def name(self) -> str:
        return NAME

    @property
    def live(self) -> bool:
        return self._sender is not None and not self._sender.test_to

    @property
    def account(self) -> str:
        """Of the journal: where that is not, nobody knows what went."""
        name, _ = self._journal.begun(self._now().timestamp())
        return hashlib.sha256(name.encode()).hexdigest()[:12]

    @property
    def at_once(self) -> int:
        return 1

    def problems(self, piece: Consignment, today: date) -> tuple[str, ...]:  # noqa: ARG002
        return tuple(problems(piece))

    def hand_over(self, pieces: Sequence[Consignment]) -> Sequence[Outcome]:
        with self._turn:  # one after the other, so that no day has more than it may
            return [self._give(piece) for piece in pieces]

    def _give(self, piece: Consignment) -> Outcome:
        sender = self._sender
        if sender is None:
            raise AssertionError(f"{piece.label} is sent without a server")
        if self._journal.of_key(piece.send_key) is not None:
            return Unknown("it was handed over before")
        if full := self._full():
            return full
        pdf = piece.pdf if isinstance(piece.pdf, bytes) else piece.pdf.read_bytes()
        words = text_of(pdf)
        if not words:
            return Rejected("text", "there is no text for an e-mail in its approved pages: approve it again")
        try:
            made = message(piece, words, pdf, sender, self._now()).as_bytes()
        except ValueError as error:  # a header that would be two
            return Rejected("header", f"no e-mail can be made of it: {in_words(error)}")
        self._pace.wait(NAME)
        message_id = id_of(piece.send_key, sender.address, test=not self.live)
        to = sender.test_to or piece.email
        outcome = self._wire.give(sender.address, to, made, lambda: self._begun(piece, message_id))
        if isinstance(outcome, Taken):
            at = self._now()
            self._journal.took(piece.send_key, at.timestamp())
            return self._accepted(message_id, at)
        if not isinstance(outcome, Unknown):
            self._journal.took_not(piece.send_key)
        return outcome

    def _accepted(self, message_id: str, at: datetime) -> Accepted:
        """What was taken is sent; a test is sent to nobody, and stays to be sent."""
        return Accepted(message_id, told=(_report(message_id, SENT, at),) if self.live else ())

    def _begun(self, piece: Consignment, message_id: str) -> bool:
        to, at = piece.to, self._now().timestamp()
        names = (piece.label, piece.campaign, to.name, to.company, to.zip)
        return self._journal.begin(Noted(piece.send_key, message_id, *names, begun=at))

    def _full(self) -> Enough | None:
        """As many as one day may have went in the last 24 hours."""
        if not self._per_day:
            return None
        number, first = self._journal.count(self._now().timestamp() - DAY)
        if number < self._per_day:
            return None
        again = datetime.fromtimestamp(first + DAY, UTC)
        return Enough(
            f"{number:,} e-mails went within 24 hours, and per_day under [{NAME}] is {self._per_day:,}; the "
            f"next may go at {again:%H:%M} UTC"
        )

    def find(self, send_key: str) -> FindOutcome:
        noted = self._journal.of_key(send_key)
        if noted is None:
            return Absent()
        if noted.taken is not None:
            return Found(self._accepted(noted.message_id, _moment(noted.taken)))
        if self._sent is None:
            return Unknown(_TORN, again=False)
        return self._looked_up(noted, self._sent)

    def _looked_up(self, noted: Noted, folder: SentFolder) -> FindOutcome:
        """That it is not there is believed of a folder that has others of ours, and has had time."""
        others = [one.message_id for one in self._journal.since(0.0) if one.taken is not None][-_WITNESSES:]
        if self._unasked:
            return Unknown(self._unasked)
        try:
            there = folder.mailbox.holds(folder.name, [noted.message_id, *others])
        except OSError as error:  # it may have taken minutes: not once a piece
            self._unasked = f"the Sent folder can't be asked: {_said(error)}"
            return Unknown(self._unasked)
        if noted.message_id in there:
            self._journal.took(noted.key, noted.begun, "found in the Sent folder")
            return Found(self._accepted(noted.message_id, _moment(noted.begun)))
        if not there.intersection(others):
            return Unknown(f"the folder {folder.name!r} holds nothing of ours; {_TORN}", again=False)
        if self._now().timestamp() - noted.begun < SHOWS_WITHIN:
            return Unknown("the Sent folder does not show it yet; send again in ten minutes", again=False)
        self._journal.took_not(noted.key)
        return Absent()

    def settle(self, send_key: str, by: str, *, taken: bool) -> bool:
        noted = self._journal.of_key(send_key)
        if noted is None or noted.taken is not None:
            return False
        if taken:
            self._journal.took(send_key, noted.begun, by)
        else:
            self._journal.took_not(send_key)
        return True

    def listed(self, since: datetime | None) -> ListOutcome:
        first = since.timestamp() if since else 0.0
        _, begun = self._journal.begun(self._now().timestamp())
        noted = self._journal.since(first)
        if begun > first and not noted:
            return Unknown(
                f"{JOURNAL} of this folder was begun since and can't tell; put the one of the folder that "
                f"sent beside {FILE}. Where there is none any more say  --lost {NAME};  where nothing was "
                f"sent by e-mail  --not-by {NAME}"
            )
        for one in noted:
            if one.taken is None:
                return Unknown(f"{one.label}: {_TORN}")
        return tuple(_letter(one) for one in noted)

    def cancel(self, provider_id: str) -> CancelOutcome:  # noqa: ARG002
        return TooLate("what was sent by e-mail can't be taken back")

    def events(self, provider_id: str) -> TrackingOutcome:
        noted = self._journal.of_message(provider_id)
        try:
            back = self._back().get(provider_id, [])
        except OSError as error:
            return Unreachable(f"the mailbox can't be read: {_said(error)}")
        events = []
        sent = _moment(noted.taken) if self.live and noted is not None and noted.taken else None
        if sent is not None:
            events.append(TrackingEvent("", SENT, sent))
        for one in back:
            at = min(one.at or self._now(), self._now())
            kind = " ".join(filter(None, (BOUNCED if one.failed else DELAYED, one.status)))
            events.append(TrackingEvent("", kind, max(at, sent) if sent else at))
        remark = "; ".join(dict.fromkeys(f"{one.to}: {one.why or one.status}" for one in back if one.failed))
        return Tracking(tuple(events), remark=remark)

    def reports(self, provider_id: str, tracking: Tracking, now: datetime) -> tuple[Report, ...]:  # noqa: ARG002
        return tuple(_report(provider_id, one.provider_type, one.occurred_at) for one in tracking.events)

    def findings(self) -> tuple[str, ...]:
        if self._returned is None:
            return ("No mailbox is read, so nobody hears of what does not arrive: docs/email.md says how.",)
        more = len(self._findings) - _FINDINGS
        return (*self._findings[:_FINDINGS], *([f"{more:,} more"] if more > 0 else []))

    def _back(self) -> dict[str, list[Bounce]]:
        """What came back, by message: read once. Raises OSError, as often as it is asked for."""
        with self._lock:
            if self._unread is not None:  # it may have taken minutes: not once a piece
                raise self._unread
            if self._came_back is None:
                found: dict[str, list[Bounce]] = {}
                try:
                    for one in self._read():
                        found.setdefault(one.message_id, []).append(one)
                except OSError as error:
                    self._unread = error
                    raise
                self._came_back = found
            return self._came_back

    def _read(self) -> Iterator[Bounce]:
        for content in self._returned() if self._returned is not None else ():
            match bounces.read(content):
                case Bounce() as bounce:
                    if self._journal.of_message(bounce.message_id) is not None:
                        yield bounce
                    else:
                        self._findings.append(f"A message to {bounce.to} came back that no piece is.")
                case WantsNoMore(label, sender):
                    self._findings.append(
                        f"{sender} wants no more newsletters ({label}); within 10 business days:  "
                        "mailer clients mark CLIENT opted-out"
                    )
                case Unmatched(why):
                    self._findings.append(f"{why[:1].upper()}{why[1:]}.")
                case None:
                    pass


def _report(message_id: str, kind: str, at: datetime) -> Report:
    return Report(f"{message_id} {kind}", message_id, "", kind, meaning_of(kind), at)


def _letter(one: Noted) -> ServiceLetter:
    at = _moment(one.begun)
    return ServiceLetter(
        send_key=one.key,
        label=one.label,
        campaign=one.campaign,
        accepted=Accepted(one.message_id),
        created=at,
        cancelled=False,
        certified=False,
        send_date=None,
        name=one.name,
        company=one.company,
        zip=one.zip,
    )


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _said(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}"[:200]
