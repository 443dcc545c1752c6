"""What an answer to a complaint must pass before it is approved: its words, and two hours."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from mailer.campaign.context import common_fields
from mailer.campaign.definition import Complaint
from mailer.campaign.kinds.complaint_response import REPLY
from mailer.campaign.loading import LETTER, Campaign
from mailer.campaign.replytone import for_counsel, lacking_in_reply, naming, tone_findings
from mailer.errors import FileProblems, Problem, Refused
from mailer.money import people
from mailer.notice.spans import hours_after
from mailer.pages.composition import Composed, compile_text
from mailer.planning.mailfolder import MailFolder
from mailer.store.listed.clients import find

COOLING: Final = 2  # hours from the complaint to the approval of its answer
COUNSEL_FROM: Final = Decimal(500)  # dollars of refund


def reply(mail: MailFolder, campaign: Campaign) -> Composed:
    """The public reply. Raises MailerError naming file and line."""
    source = campaign.texts[REPLY]
    text = compile_text(source.text, path=source.path, folder=campaign.folder)
    return text.compose(common_fields(mail.settings, campaign, mail.today))


def require_considered(mail: MailFolder, campaign: Campaign, waived: str) -> None:
    """Raises FileProblems with every word that should go, Refused before two hours have passed, which a
    reason waives.
    """
    complaint = campaign.definition.complaint
    if complaint is None:
        return
    found = list(_problems(mail, campaign, complaint))
    if found:
        raise FileProblems(
            found, todo="Nothing was approved. Write it as you would like to read it in a year."
        )
    zone = mail.settings.firm.time_zone
    ready = hours_after(complaint.received.replace(tzinfo=zone), COOLING)
    if mail.clock.now() < ready and not waived:
        raise Refused(
            f"the complaint came less than {COOLING} hours ago; the answer may be approved from "
            f"{ready.astimezone(zone):%H:%M}.",
            where=campaign.name,
            todo='If it cannot wait:  mailer approve … --waive "the reason"  (your name is recorded with it)',
        )


def counsel_remarks(mail: MailFolder, campaign: Campaign) -> tuple[str, ...]:
    """That an attorney should read it first, and why."""
    complaint = campaign.definition.complaint
    if complaint is None:
        return ()
    words = for_counsel(complaint.said, reply(mail, campaign).text, campaign.texts[LETTER].text)
    why = [f"it speaks of {', '.join(words)}"] if words else []
    if complaint.refund > COUNSEL_FROM:
        why.append(f"it offers {people(complaint.refund)}")
    return (f"An attorney should read this before it goes: {' and '.join(why)}.",) if why else ()


def _problems(mail: MailFolder, campaign: Campaign, complaint: Complaint) -> Iterator[Problem]:
    for name in ("url", "said", "done"):
        if "…" in getattr(complaint, name):
            yield Problem(campaign.path, 0, f"[complaint] {name} is still to be written.")
    if complaint.picture and not (campaign.folder / complaint.picture).is_file():
        yield Problem(campaign.path, 0, f"[complaint] picture {complaint.picture!r} is not in the folder.")
    public, path = reply(mail, campaign).text, campaign.texts[REPLY].path
    for finding in tone_findings(public, public=True):
        yield Problem(path, 0, f"“{finding.words}” {finding.why}.")
    ours = (mail.settings.firm.name, mail.settings.signature.name)
    for finding in naming(public, _known_as(mail, campaign), ours):
        yield Problem(path, 0, f"“{finding.words}” {finding.why}.")
    for what in lacking_in_reply(public, mail.settings.on(mail.today).phone):
        yield Problem(path, 0, f"is not a reply that {what}.")
    for finding in tone_findings(campaign.texts[LETTER].text, public=False):
        yield Problem(campaign.texts[LETTER].path, 0, f"“{finding.words}” {finding.why}.")


def _known_as(mail: MailFolder, campaign: Campaign) -> tuple[str, ...]:
    """What the list has of whom the answer is for; nothing where that is nobody, which the plan says."""
    with mail.store.read() as session:
        found = [client for name in campaign.definition.audience.only for client in find(session, name)]
    fields = ("company", "contact", "number", "email", "phone")
    return tuple(known for client in found for name in fields if (known := getattr(client, name)))
