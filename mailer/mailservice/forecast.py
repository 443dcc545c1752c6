"""What a send would do, looked at before the first call: what may not go is refused as a whole.

That is an approval that is stale or too late, a piece beyond a published limit of the service, and a cost
above the month's cap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain, islice
from typing import Final

from mailer.campaign.loading import DEFINITION, Campaign, load_campaign
from mailer.errors import FileProblems, NoticeRefused, Problem, Refused
from mailer.ledger.records import Mailing, Piece
from mailer.mailservice.origin import late_by_service
from mailer.mailservice.packing import Packer
from mailer.mailservice.registry import terms_of, title_of
from mailer.mailservice.service import Service
from mailer.making import testmail
from mailer.making.gate import fresh
from mailer.making.remailing import Repeat, to_send
from mailer.money import people
from mailer.notice.calendars import calendar_named
from mailer.notice.spans import month_around
from mailer.notice.words import by_reason, spoken
from mailer.planning.mailfolder import MailFolder
from mailer.planning.route import goes_by_email
from mailer.progress import Progress, silent
from mailer.settings import Paper
from mailer.store.engine import Session
from mailer.store.outbox import (
    elsewhere,
    in_flight,
    needless_copies,
    sent_as_tests,
    spent,
    unsettled,
    waiting,
)
from mailer.store.pieces import pieces as pieces_of

MOST: Final = 20  # reasons named in one refusal


@dataclass(frozen=True, slots=True)
class SendOrder:
    """What is to be sent: all that is approved, or one piece again. With `send_date` the service waits.

    `leave_out`: pieces that the service can't take stay approved, for the print room; the others go.
    `same_account`: whatever key was used before, it was of the account that is used now.
    """

    campaign: Campaign
    send_date: date | None = None
    again: Repeat | None = None
    leave_out: bool = False
    same_account: bool = False


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a send would do. Money in US dollars; `spent` is this month's by live pieces before it.

    `unsettled` pieces were asked for by a run that ended before it learned what came of them: they go first.
    `left_out` are the numbers of pieces beyond a limit of the service, with their labels and what is wrong;
    `outdated` those of pieces that were asked for and would be made otherwise today. Not `by_post`: e-mail.
    """

    campaign: str
    live: bool
    pieces: int
    pages: int
    certified: int
    cost: Decimal
    spent: Decimal
    cap: Decimal | None
    in_post: date
    not_after: date | None
    send_date: date | None
    unsettled: int
    remarks: tuple[str, ...]
    left_out: dict[int, tuple[str, str]]
    outdated: frozenset[int]
    by_post: bool = True


def forecast(
    mail: MailFolder, order: SendOrder, service: Service, *, progress: Progress = silent
) -> Forecast:
    """Look at everything that would be sent, before the first call; nothing is recorded.

    Raises NoticeRefused or Refused where the mailing may not go, FileProblems naming every piece beyond a
    limit of the service, Refused where the month's cap would be passed.
    """
    campaign = order.campaign
    if service.live and mail.clock.rehearsal:
        raise Refused(
            "the day is fixed by MAILER_TODAY, and the key is live: a rehearsal is not sent for real.",
            where=campaign.name,
            todo="Unset MAILER_TODAY, or take a test key.",
        )
    printed = mail.settings.on_paper(service.name)
    in_post = in_post_on(mail, order.send_date, by_post=printed)
    any_day = order.again is not None and order.again.courtesy
    gate = fresh(mail, campaign, None if any_day else in_post, progress)
    mailing = gate.mailing
    _require_plain_paper(mail, mailing, service)
    terms = terms_of(mail, service.name, order.send_date or mail.today)
    packer = Packer(mail, campaign, mailing, terms, order.send_date)
    pieces = pages = certified = 0
    cost = Decimal(0)
    problems: list[tuple[str, str]] = []
    left_out: dict[int, tuple[str, str]] = {}
    late: list[str] = []
    with mail.store.read() as session:
        _require_account(session, mailing, order, service)
        account = None if order.same_account else service.account
        ours = in_flight(
            session, mail.store, mailing, service=service.name, live=service.live, account=account
        )
        busy = any(row.live == service.live for row in unsettled(session, mailing))
        if service.live and order.again is None:
            testmail.require_unchanged(session, mailing, gate.outdated)
        for row in _to_go(session, mailing, order, live=service.live):
            wanted = order.again.wanted.get(row.number) if order.again else None
            one = packer.unpaged(row, wanted.address if wanted else None)
            found = service.problems(one.asked, mail.today)
            if found and order.leave_out and order.again is None:
                left_out[one.number] = (one.asked.label, " ".join(found))
                continue
            problems += [(one.asked.label, text) for text in found]
            if printed and not any_day and late_by_service(row.facts, in_post, mail.closings):
                late.append(one.asked.label)
            pieces, pages, cost = pieces + 1, pages + one.asked.pages, cost + one.cost
            certified += one.asked.certified
        before = spent(session, *month_of(mail))
    if problems:
        raise FileProblems(
            [Problem(labels, 0, why) for labels, why in islice(by_reason(problems), MOST)],
            todo="Nothing was sent. Correct the client list and approve again, or send the others with "
            "--leave-out and print these here.",
        )
    if late:
        raise _late_elsewhere(late, in_post, campaign.name)
    if not pieces and not busy:
        raise _all_left_out(campaign.name, left_out) if left_out else _nothing(mailing, order)
    require_below(terms.monthly_cap, before, cost, campaign.name, service)
    return Forecast(
        campaign.name,
        service.live,
        pieces,
        pages,
        certified,
        cost,
        before,
        terms.monthly_cap,
        in_post,
        mailing.not_after,
        order.send_date,
        len(ours),
        terms.remarks(),
        left_out,
        gate.outdated,
        printed,
    )


def _late_elsewhere(labels: Sequence[str], in_post: date, name: str) -> NoticeRefused:
    more = f" and {len(labels) - 5:,} more" if len(labels) > 5 else ""
    return NoticeRefused(
        f"{', '.join(labels[:5])}{more}: a statute adds days for mail from another state, and the service "
        f"may mail from one; in the post on {spoken(in_post)} it is late by that count.",
        where=name,
        todo="Print these here and mail them in the firm's own state, or move the effective date.",
    )


def order_of(
    mail: MailFolder,
    name: str,
    *,
    send_date: date | None = None,
    only: str = "",
    reason: str = "",
    leave_out: bool = False,
    same_account: bool = False,
    live: bool = False,
) -> SendOrder:
    """The order to send the campaign, or `only` the piece of that label once more, for a reason.

    Raises Refused for a day that is not to come, and as `to_send` does.
    """
    if send_date is not None and send_date <= mail.today:
        raise Refused(
            f"{send_date} is not in the future.", where="--on", todo="Leave it out to send at once."
        )
    campaign = load_campaign(mail.root, name)
    in_post = in_post_on(mail, send_date, by_post=not goes_by_email(mail.settings, campaign))
    again = to_send(mail, campaign, only, reason, in_post, live=live) if only else None
    return SendOrder(campaign, send_date, again, leave_out, same_account)


def in_post_on(mail: MailFolder, send_date: date | None, *, by_post: bool = True) -> date:
    """The day on which the post has it, by the service's turnaround; by wire the day itself."""
    if not by_post:
        return max(send_date or mail.today, mail.today)
    post = calendar_named("usps", mail.closings)
    return post.nth_after(max(send_date or mail.today, mail.today), mail.settings.lead_times.service)


def _require_plain_paper(mail: MailFolder, mailing: Mailing, service: Service) -> None:
    """A service prints on plain paper: letters for pre-printed paper would go without their letterhead."""
    if not mail.settings.on_paper(service.name):
        return
    if not mailing.is_newsletter and mail.settings.stationery.paper is Paper.PRE_PRINTED:
        raise Refused(
            "its letters were made for pre-printed paper, and the service prints on plain paper: they would "
            "go without the letterhead.",
            where=mailing.campaign,
            todo=f'Print them here, or set paper = "plain" under [stationery] in mailer.toml and approve '
            f"again: mailer approve {mailing.campaign}.",
        )


def _require_account(session: Session, mailing: Mailing, order: SendOrder, service: Service) -> None:
    """Only the account that was asked knows what came of a piece. Raises Refused under any other."""
    account = None if order.same_account else service.account
    found = elsewhere(session, mailing, service=service.name, live=service.live, account=account)
    if not found:
        return
    first = mailing.label(found[0][0])
    more = f" and {len(found) - 1:,} more were" if len(found) > 1 else " was"
    for name in (name for _, name in found if name != service.name):
        raise Refused(
            f"{first}{more} asked for by {title_of(name)}, and there was no answer: only that can tell what "
            "came of it.",
            where=order.campaign.name,
            todo=f'Settle it first: write  route = "{name}"  into its {DEFINITION} and send again.',
        )
    raise Refused(
        f"{first}{more} asked for under another account, and there was no answer: this one can't tell what "
        "came of it.",
        where=order.campaign.name,
        todo="Take that account's key to settle it. Where this key is a new one of the same account, say "
        f"so: mailer send {order.campaign.name} --same-account",
    )


def _to_go(session: Session, mailing: Mailing, order: SendOrder, *, live: bool) -> Iterator[Piece]:
    """The pieces that would be asked for, in any order; one to be repeated as it will be copied."""
    if order.again is not None and order.again.rows:
        return pieces_of(session, mailing, numbers=[row.number for row in order.again.rows])
    only = order.again.numbers[0] if order.again is not None else None
    rows = waiting(session, mailing, only=only, limit=None)
    if not live or only is not None:
        return rows
    tests = sent_as_tests(session, mailing)
    copies = set(needless_copies(session, [row.id for row in tests]))
    return chain((row for row in tests if row.number not in copies), rows)


def month_of(mail: MailFolder) -> tuple[datetime, datetime]:
    """This calendar month in the firm's zone: its first moment, and the next one's."""
    zone = mail.settings.firm.time_zone
    day = mail.clock.now().astimezone(zone).date()
    begin, end = (datetime.combine(one, time(), zone) for one in month_around(day))
    return begin, end


def require_below(cap: Decimal | None, before: Decimal, cost: Decimal, name: str, service: Service) -> None:
    """Raises Refused where the month's cap would be passed."""
    if cap is not None and cost and before + cost > cap:
        raise Refused(
            f"it would cost {people(cost)}; with {people(before)} spent this month that passes the cap of "
            f"{people(cap)}.",
            where=name,
            todo=f"Raise monthly_cap under [{service.name}] in mailer.toml, or print here: nothing more was "
            "sent.",
        )


def _all_left_out(name: str, left_out: dict[int, tuple[str, str]]) -> Refused:
    reasons = islice(by_reason(left_out.values()), MOST)
    listed = "".join(f"\n  LEFT OUT  {labels}: {why}" for labels, why in reasons)
    return Refused(
        f"nothing is to be sent: the service takes none of what is waiting.{listed}",
        where=name,
        todo=f"Print it here: mailer print {name}",
    )


def _nothing(mailing: Mailing, order: SendOrder) -> Refused:
    name = order.campaign.name
    if order.again is not None:
        waits = mailing.label(order.again.numbers[0])
        what = f"{waits} is not waiting to be sent."
        return Refused(what, where=name, todo=f"Look at `mailer status {name}`.")
    return Refused(
        "nothing is waiting to be sent: every approved piece is in a job or at the service.",
        where=name,
        todo=f"Look at `mailer status {name}`; its printed pieces are recorded with `mailer drop {name}`.",
    )
