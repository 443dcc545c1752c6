"""`mailer send`: approved pieces to the print-and-mail service, each once, whatever happens on the way.

What may not be sent was refused as a whole before (mailer.mailservice.forecast); here each piece goes by
itself: claimed and recorded (mailer.mailservice.dispatch), asked for (mailer.mailservice.requests).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from mailer.campaign.loading import Campaign
from mailer.errors import MailerError, Refused, ServiceTrouble, UsageProblem
from mailer.mailservice.dispatch import Dispatch, Sent, stamp_of
from mailer.mailservice.forecast import Forecast, SendOrder, forecast
from mailer.mailservice.packing import Packer
from mailer.mailservice.registry import terms_of
from mailer.mailservice.requests import Poster, run
from mailer.mailservice.service import Service
from mailer.making.copies import made
from mailer.making.testmail import TestsOutdated, release_tests
from mailer.planning.mailfolder import MailFolder
from mailer.progress import Progress, silent
from mailer.store.mailings import mailing_named
from mailer.store.outbox import in_flight, sender, take_over, unsettled


def examined(
    mail: MailFolder,
    order: SendOrder,
    service: Service,
    *,
    by: str,
    dry: bool = False,
    told: Callable[[Sent], None] | None = None,
    progress: Progress = silent,
) -> Forecast:
    """The forecast; where nothing new may go, what was asked for before is settled all the same, and `told`.

    That the account is the same is recorded before. `dry`: nothing is asked, nothing is recorded. Raises as
    `forecast` does.
    """
    if dry:
        return forecast(mail, order, service, progress=progress)
    if order.same_account:
        _take_over(mail, order.campaign, service)
    try:
        return forecast(mail, order, service, progress=progress)
    except MailerError as refused:
        if isinstance(refused, TestsOutdated):
            with mail.store.read() as session:
                mailing = mailing_named(session, order.campaign.name)
            if mailing is not None:
                release_tests(mail, mailing, by)
        if not (service.live and mail.clock.rehearsal):
            settled = settle(mail, order.campaign, service, by=by)
            if told is not None:
                told(settled)
        raise


def send(
    mail: MailFolder,
    order: SendOrder,
    known: Forecast,
    service: Service,
    *,
    by: str,
    progress: Progress = silent,
) -> Sent:
    """Send it, as it was forecast. Pieces that another process sends at the same time are left to it.

    Raises Refused where a piece to be repeated went on since the forecast. Where no connection is made or the
    account is refused, what was taken until then is recorded, and `trouble` tells. Run again after any
    interruption: it goes on.
    """
    with mail.store.read() as session:
        mailing = mailing_named(session, order.campaign.name)
    if mailing is None:
        raise AssertionError("a mailing without a forecast")
    only = made(mail, order.again, by)[0] if order.again is not None else None
    if service.live and only is None:
        release_tests(mail, mailing, by)
    terms = terms_of(mail, service.name, order.send_date or mail.today)
    packer = Packer(mail, order.campaign, mailing, terms, order.send_date)
    with sender(mail.store) as me:
        stamp = stamp_of(mail, service, by)
        total = known.pieces + known.unsettled
        sending = Dispatch(
            mail,
            mailing,
            order,
            service,
            packer,
            stamp,
            me,
            progress,
            known.left_out,
            total,
            only,
            known.outdated,
        )
        sending.sent.stopped = run(sending.claim, sending.record, Poster(service, progress), mail.clock.now)
        sending.leave()
    return sending.sent


def take_word(
    mail: MailFolder,
    campaign: Campaign,
    service: Service,
    words: Mapping[bool, Collection[str]],
    *,
    by: str,
    dry: bool = False,
) -> None:
    """Take a person's word on pieces, by label, of which nobody else can tell whether they were taken; the
    next send goes on from there. `dry`: no word is taken.

    Raises Refused, before any word is taken, for a piece that is not open, UsageProblem for one that is both.
    """
    if both := set(words[True]) & set(words[False]):
        raise UsageProblem(f"{min(both)} can't be both taken and not.", todo="Say one of them.")
    said = {label: taken for taken, labels in words.items() for label in labels}
    keys = _open_keys(mail, campaign, service) if said else {}
    for label in said:
        if label not in keys:
            raise Refused(
                f"{label} is not open: it was answered, or never asked for.",
                where=campaign.name,
                todo=f"Look at  mailer status {campaign.name}",
            )
    for label, taken in () if dry else said.items():
        if not service.settle(keys[label], by, taken=taken):
            raise Refused(
                f"what came of {label} can be looked up: no word is needed.",
                where=campaign.name,
                todo=f"Run  mailer send {campaign.name}",
            )


def _open_keys(mail: MailFolder, campaign: Campaign, service: Service) -> dict[str, str]:
    """The send key of each piece that was asked for and not answered, by its label."""
    with mail.store.read() as session:
        mailing = mailing_named(session, campaign.name)
        if mailing is None:
            return {}
        name, live, account = service.name, service.live, service.account
        found = in_flight(session, mail.store, mailing, service=name, live=live, account=account)
        return {mailing.label(one.piece.number): one.submission.send_key for one in found}


def settle(mail: MailFolder, campaign: Campaign, service: Service, *, by: str) -> Sent:
    """Look up what was asked for and not answered, without asking for anything again."""
    with mail.store.read() as session:
        mailing = mailing_named(session, campaign.name)
        if mailing is None or not unsettled(session, mailing):
            return Sent()
    packer = Packer(mail, campaign, mailing, terms_of(mail, service.name, mail.today), None)
    with sender(mail.store) as me:
        order = SendOrder(campaign)
        sending = Dispatch(mail, mailing, order, service, packer, stamp_of(mail, service, by), me, silent)
        poster = Poster(service)
        while tasks := sending.adopt(asking=False):
            sending.record(poster.look_up(tasks, mail.clock.now()))
        sending.leave()
    return sending.sent


def _take_over(mail: MailFolder, campaign: Campaign, service: Service) -> None:
    with mail.store.write() as session:
        mailing = mailing_named(session, campaign.name)
        if mailing is not None:
            take_over(session, mailing, service=service.name, live=service.live, account=service.account)


def trouble(sent: Sent, service: Service) -> ServiceTrouble | None:
    """The error that a send ends with where the service did not do its part."""
    if sent.stopped:
        return ServiceTrouble(
            f"{sent.stopped}.",
            where=service.name,
            todo="What was taken is recorded, the rest is still approved. Mend it and send again.",
        )
    return None
