"""`mailer plan --ics FILE --svg FILE`: a plan as files for a calendar and for people to look at."""

from __future__ import annotations

from pathlib import Path

from mailer.errors import MailerError, UsageProblem
from mailer.givenfile import require_new
from mailer.notice.words import spoken
from mailer.pages.timelinestrip import strip
from mailer.planning.calendarfile import MadeAt, issue_calendar, timeline_calendar
from mailer.planning.mailfolder import MailFolder
from mailer.planning.plan import IssuePlan, Plan
from mailer.store.files import write_whole
from mailer.store.pieces import first_mailed


def export(
    mail: MailFolder, made: Plan | IssuePlan, *, ics: Path | None, svg: Path | None
) -> tuple[Path, ...]:
    """Write the files asked for; which; one that is there is written anew. Raises UsageProblem
    for a picture of an issue, MailerError for a file that is none of its own.
    """
    if isinstance(made, IssuePlan) and svg is not None:
        raise UsageProblem(
            "an issue has no picture; its hand-over deadlines are those of the campaigns it carries.",
            where="--svg",
            todo="Draw one of those, or write --ics.",
        )
    for path, suffix in ((ics, ".ics"), (svg, ".svg")):
        if path is not None:
            require_new(path, suffix, mail.root)
    wanted = [(path, make) for path, make in ((ics, _calendar), (svg, _picture)) if path is not None]
    contents = [(path, make(mail, made)) for path, make in wanted]
    for path, content in contents:
        try:
            write_whole(path.resolve(), content)
        except OSError as error:
            raise MailerError(
                f"can't be written: {error.strerror}.", where=str(path), todo="Name a file in a folder."
            ) from None
    return tuple(path for path, _ in contents)


def _calendar(mail: MailFolder, made: Plan | IssuePlan) -> bytes:
    about = MadeAt(mail.settings.firm, mail.clock.now(), mail.today, mail.clock.rehearsal)
    if isinstance(made, IssuePlan):
        with mail.store.read() as session:
            mailed = first_mailed(session, made.campaign.name) is not None
        return issue_calendar(made.campaign, made.deadlines, about, mailed=mailed)
    if made.timeline is None:
        raise _no_timeline(made)
    return timeline_calendar(made.campaign, made.timeline, about)


def _picture(mail: MailFolder, made: Plan | IssuePlan) -> bytes:
    if isinstance(made, IssuePlan) or made.timeline is None:
        raise _no_timeline(made)
    title = f"{made.campaign.name}: {made.campaign.definition.title}, effective {spoken(made.effective)}"
    drawn = strip(made.timeline, title, made.today, mail.closings, rehearsal=mail.clock.rehearsal)
    return drawn.encode()


def _no_timeline(made: Plan | IssuePlan) -> MailerError:
    return MailerError(
        "has no timeline: no client would get a letter.",
        where=made.campaign.path,
        todo=f"Look at [audience] and at `mailer plan {made.campaign.name}`.",
    )
