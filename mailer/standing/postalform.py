"""The USPS form of one client's address: taken as its correction, or overruled, so that the given one stays.

Letters are printed with what was given; the form is shown beside it (mailer.clients.publication28) until one
of the two is decided. That it stays proves nothing: it is kept beside the list, not in the ledger.
"""

from __future__ import annotations

from dataclasses import asdict

from mailer.clients.addresses import digest
from mailer.clients.publication28 import form_of
from mailer.clients.record import Address, Client
from mailer.errors import Refused
from mailer.planning.mailfolder import MailFolder
from mailer.standing.correction import Correction, Wish, correct
from mailer.store.listed.clients import find, one_client
from mailer.store.listed.givenforms import GivenForm, given_forms, keep_given


def take_form(mail: MailFolder, client: str, *, notice: bool, reason: str, by: str) -> Correction:
    """Correct the address, or the notice address, to its form. Raises as `correct`, and Refused where it has
    the form already.
    """
    with mail.store.read() as session:
        who = one_client(find(session, client), client)
    now = _address(who, notice=notice)
    there, form = asdict(now), asdict(_formed(who, now))
    parts = {name: text for name, text in form.items() if text != there[name]}
    return correct(mail, client, Wish(parts, notice), reason=reason, by=by)


def leave_as_given(mail: MailFolder, client: str, *, notice: bool, reason: str, by: str) -> Client:
    """Overrule the form of this spelling of the address. Raises UsageProblem where the client can't be meant,
    Refused where there is nothing to overrule.
    """
    with mail.store.write() as session:
        who = one_client(find(session, client), client)
        now = _address(who, notice=notice)
        _formed(who, now)
        key = digest(now)
        if key in given_forms(session, who.id):
            raise Refused("stays as it is already.", where=who.name, todo="Nothing was recorded.")
        keep_given(session, GivenForm(who.id, key, reason, by, mail.today))
    return who


def _address(who: Client, *, notice: bool) -> Address:
    now = who.notice_address if notice else who.address
    if now is None:
        raise Refused("has no notice address of its own.", where=who.name, todo="Leave --notice out.")
    return now


def _formed(who: Client, now: Address) -> Address:
    found = form_of(now)
    if not found.changes:
        raise Refused(
            "has its address in the USPS form already.", where=who.name, todo="Nothing was recorded."
        )
    return found.address
