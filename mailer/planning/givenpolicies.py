"""When one client was given a policy: what a reminder of it cites."""

from __future__ import annotations

from datetime import date

from mailer.ledger.kinds import Medium
from mailer.planning.mailfolder import MailFolder
from mailer.store.listed.clients import find, one_client
from mailer.store.pieces import sent_to


def given_to(mail: MailFolder, client: str, name: str) -> tuple[str, tuple[date, ...]]:
    """The client by the name that a definition calls it, and the days on which it was given the policy.

    Raises UsageProblem where it is not clear which client is meant.
    """
    with mail.store.read() as session:
        who = one_client(find(session, client), client)
        sent = sent_to(session, [who.id], medium=Medium.LETTER, mailed=True).get(who.id, [])
    days = {one.counts_on for one in sent if any(each.name == name for each in one.facts.policies)}
    return who.number or who.email or who.key, tuple(sorted(day for day in days if day))
