"""A real mailing by two routes: most pieces by a live Lob, which is a fake, one by the firm's own print room.

Five letters, approved on Tuesday 24 November 2026 at ten; Thursday is Thanksgiving. Lob refuses number 3,
which is printed as number 6 and handed over at three; number 4 is cancelled in time and goes again as number
7. The post has Lob's pieces on Wednesday 25. Number 1 comes back on 1 December; its client's address is
corrected, and number 8 is printed and handed over the same day. Nothing of it is a rehearsal.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from mailer.evidence.pack import PackMade, make
from mailer.mailservice import send as sending
from mailer.mailservice.cancel import cancel
from mailer.mailservice.forecast import order_of
from mailer.mailservice.lob.client import Lob
from mailer.mailservice.track import track
from mailer.making.approval import approve
from mailer.planning.mailfolder import MailFolder
from mailer.printroom.drop import drop
from mailer.printroom.job import print_job, reprint_job
from mailer.standing.correction import Wish, correct
from tests.fakes.lob import Handle
from tests.support.evidence import at, handed
from tests.support.office import ASH, BIRCH, CEDAR, HEADINGS, RATES, Office

DOGWOOD = "N-4,Dogwood Press,Di Ink,di@dogwood.example,4 Dogwood Way,Davis,CA,95616,none,,130.00"
ELDER = "N-5,Elder Garage,Ed Gear,ed@elder.example,5 Elder Road,Davis,CA,95618,none,,130.00"
FIVE = f"{HEADINGS}\n{ASH}\n{BIRCH}\n{CEDAR}\n{DOGWOOD}\n{ELDER}\n"


DECEMBER = datetime(2026, 12, 10, 18, 0, tzinfo=UTC)


def named(number: int) -> str:
    return f"2027-rates-L-{number:04}"


def send(mail: MailFolder, service: Lob, *, only: str = "", reason: str = "") -> None:
    order = order_of(mail, RATES, only=only, reason=reason)
    sending.send(mail, order, sending.examined(mail, order, service, by="Ada"), service, by="Ada")


def happened(fake: Handle, number: int, *told: tuple[str, str]) -> None:
    """Things that Lob knows of a piece: ("mailed", "2026-11-25T20:00:00+00:00")."""
    fake.tell(events=[{"type": kind, "label": named(number), "time": when} for kind, when in told])


def in_december(office: Office, out: Path) -> PackMade:
    """The pack of it, on 10 December."""
    with at(office, "2026-12-10 10:00") as mail:
        return make(mail, RATES, now=DECEMBER, out=out)


def served(office: Office, fake: Handle, receipt: Path | None = None) -> None:
    """Let all of it happen in the office, which has no client yet."""
    office.edit("campaigns/2027-rates/campaign.toml", 'exclude = ["CF-1089"]', "exclude = []")
    office.imports(FIVE)
    service = Lob("live_key", fake.base)
    with at(office, "2026-11-24 10:00") as mail:
        approve(mail, RATES, by="Dana Whitcomb")
    fake.tell(now="2026-11-24T10:30-08:00", faults=[{"kind": "422", "label": named(3), "times": 0}])
    with at(office, "2026-11-24 10:30") as mail:
        send(mail, service)
        print_job(mail, RATES, by="Ada", remaining=True)
        cancel(mail, RATES, service, only=[named(4)], reason="a wrong enclosure", by="Ada")
        send(mail, service, only=named(4), reason="the enclosure is out")
    with at(office, "2026-11-24 15:00") as mail:
        drop(mail, RATES, handed(receipt), actor="Ada")
    for number in (1, 2, 5):
        happened(fake, number, ("mailed", "2026-11-25T20:00:00+00:00"))
    happened(fake, 7, ("in_transit", "2026-11-25T23:30:00+00:00"))
    happened(fake, 2, ("delivered", "2026-11-28T18:00:00+00:00"))
    happened(fake, 1, ("returned_to_sender", "2026-12-01T17:00:00+00:00"))
    with at(office, "2026-12-01 09:30") as mail:
        track(mail, lambda _: service, [RATES])
        wish = Wish({"line1": "14 Dogwood Way"})
        correct(mail, "N-4", wish, reason="the client told us its new number", by="Dana Whitcomb")
        reprint_job(mail, RATES, named(1), "returned; the address was corrected", by="Ada")
    with at(office, "2026-12-01 15:00") as mail:
        drop(mail, RATES, handed(None, when="2026-12-01 14:10"), actor="Ada")
