"""How a campaign's pieces leave: by the print room, or by a mail service.

`route` in campaign.toml is "print-room", "mail-service" or a service's own name. Without it a campaign goes
by the firm's usual service, which is the one whose table mailer.toml has; where it has none, by the print
room.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from mailer.campaign.definition import MAIL_SERVICE, PRINT_ROOM
from mailer.campaign.loading import Campaign
from mailer.errors import FileProblems, Problem
from mailer.judgement.rules import by_email
from mailer.notice.rules import Rule
from mailer.planning.mailfolder import MailFolder
from mailer.settings import FILE, Settings
from mailer.tomlfile import line_of


def route_of(settings: Settings, campaign: Campaign) -> str:
    """PRINT_ROOM, or the name of the service. Raises FileProblems where the route names none, or several."""
    asked = campaign.definition.route
    if asked is None and not settings.services_used:
        return PRINT_ROOM
    if asked in (None, MAIL_SERVICE):
        return usual_service(settings, campaign)
    if asked != PRINT_ROOM and asked not in settings.services:
        ways = ", ".join((PRINT_ROOM, MAIL_SERVICE, *settings.services))
        raise _problem(campaign, f"route: {asked!r} is no way to leave; there are: {ways}")
    return asked


def goes_by_email(settings: Settings, campaign: Campaign) -> bool:
    """Do the campaign's pieces go by e-mail, as far as law and contracts let them. Raises as `route_of`."""
    route = route_of(settings, campaign)
    return route != PRINT_ROOM and not settings.on_paper(route)


def mails_on(mail: MailFolder, campaign: Campaign, rules: Collection[Rule]) -> date:
    """The first day for which a letter under these rules that leaves now counts: by the post, where its way
    can't be told, which is reported to whoever would print or send it.
    """
    if mail.mails_on == mail.today:
        return mail.today  # by either way
    try:
        wired = goes_by_email(mail.settings, campaign) and may_be_emailed(campaign, rules)
    except FileProblems:
        wired = False
    return mail.today if wired else mail.mails_on


def may_be_emailed(campaign: Campaign, rules: Iterable[Rule]) -> bool:
    """May a letter under these rules be an e-mail: it is no notice, or all of them take one."""
    return not campaign.kind.is_notice or by_email(rules)


def title_of(settings: Settings, campaign: Campaign) -> str:
    """What stands above its pages, and is the subject of an e-mail: an issue's has the newsletter's name."""
    title = campaign.definition.title
    return f"{settings.newsletter.name}, {title}" if campaign.kind.is_issue else title


def departing(settings: Settings, campaign: Campaign) -> str:
    """The command by which an approved campaign leaves. Raises as `route_of`."""
    verb = "print" if route_of(settings, campaign) == PRINT_ROOM else "send"
    return f"mailer {verb} {campaign.name}"


def usual_service(settings: Settings, campaign: Campaign) -> str:
    """The service that the firm sends by where a campaign names none. Raises FileProblems for several."""
    used = settings.services_used or settings.services[:1]
    if len(used) > 1:
        ways = " or ".join(f'route = "{name}"' for name in used)
        raise _problem(campaign, f"{FILE} has the tables of several mail services: write {ways}")
    return used[0]


def _problem(campaign: Campaign, message: str) -> FileProblems:
    return FileProblems([Problem(campaign.path, line_of(campaign.definition_text, ("route",)) or 1, message)])
