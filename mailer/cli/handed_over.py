"""`mailer handed-over`: the few questions of a drop, once for all jobs that wait for the post."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mailer.cli.drop import MOMENT, contradicting, late
from mailer.cli.tables import paragraph, table
from mailer.cli.terminal import SAID, actor, folder_option, note, opened, sure
from mailer.errors import MailerError, UsageProblem
from mailer.notice.words import plural, spoken

if TYPE_CHECKING:
    from mailer.planning.mailfolder import MailFolder
    from mailer.printroom.drop import DropReport
    from mailer.printroom.waiting import WaitingJob


@click.command("handed-over")
@click.option("--at", type=MOMENT, metavar='"DATE TIME"', help="When, the firm's local time. Default: asked.")
@click.option("--by", type=SAID, metavar="NAME", help="Who handed it over. Default: asked.")
@click.option("--place", type=SAID, metavar="TEXT", help="Where: the post office. Default: asked.")
@click.option("--receipt", type=click.Path(path_type=Path), help="The scan of the post's receipt.")
@click.option("--job", "named", multiple=True, metavar="JOB", help="Only this job, like 2027-rates-job-1.")
@click.option("--yes", is_flag=True, help="Ask nothing: what waits went as it is shown.")
@folder_option
def handed_over(
    at: datetime | None,
    by: str | None,
    place: str | None,
    receipt: Path | None,
    named: tuple[str, ...],
    yes: bool,
    folder: Path,
) -> int:
    """Record that what was printed is in the post.

    Shows the jobs that wait, asks when, by whom and where they were handed over, and records each. The
    default is now, and what was said last. Notice rests on this record. For a job of which only a part
    went: `mailer drop`.

    \b
    Example: mailer handed-over
             mailer handed-over --at "2026-11-24 14:10" --by "Sam Ortiz" \\
               --place "Main Post Office, Sacramento" --yes
    """
    from mailer.printroom.drop import DropReport, MailClass
    from mailer.printroom.waiting import waiting_jobs

    with opened(folder) as mail:
        jobs = _chosen(waiting_jobs(mail), named)
        if not jobs:
            click.echo("No printed job waits for the post.")
            note("Next:  mailer")
            return 0
        _list(mail, jobs)
        if not yes:
            jobs = [job for job in jobs if len(jobs) == 1 or click.confirm(f"{job.name} went?", default=True)]
        if not jobs:
            click.echo("Nothing was recorded.")
            return 0
        at, by, place = _asked(mail, jobs, at, by, place, yes=yes)
        if not yes:
            paragraph(f"{plural(len(jobs), 'job')}, handed over {at:%Y-%m-%d %H:%M} by {by}, {place}.")
            sure("Record it?", default=True)
        code = _record(mail, jobs, DropReport(at, by, place, MailClass.FIRST, receipt))
    note("Next:  mailer")
    return code


def _chosen(jobs: list[WaitingJob], named: Sequence[str]) -> list[WaitingJob]:
    """Those that are named, or all. Raises UsageProblem for a name that none of them has."""
    known = {job.name: job for job in jobs}
    for name in named:
        if name not in known:
            raise UsageProblem(
                f"no job {name!r} waits for the post.",
                where="--job",
                todo=f"Waiting: {', '.join(known) or 'none'}.",
            )
    return [job for job in jobs if not named or job.name in named]


def _list(mail: MailFolder, jobs: list[WaitingJob]) -> None:
    from mailer.printroom.waiting import by_class

    rows = [
        (
            job.name,
            f"{len(pieces):,}",
            mail_class.value,
            spoken(job.until) if job.until else "",
        )
        for job in jobs
        for mail_class, pieces in by_class(mail, job).items()
    ]
    table(("Job", "Pieces", "Class", "In time until"), rows, flexible=0, right=(1,))
    _tell_what_changed(mail, jobs)


def _tell_what_changed(mail: MailFolder, jobs: list[WaitingJob]) -> None:
    """The letters among them that would not be printed so by now: the last moment to take them out."""
    from mailer.standing.printedotherwise import printed_otherwise
    from mailer.standing.stale import is_printed_stale

    for name, mailing in {job.mailing.campaign: job.mailing for job in jobs}.items():
        waiting = {number for job in jobs if job.mailing.campaign == name for number in job.pieces}
        with mail.store.read() as session:
            found, stale = printed_otherwise(session, mail, mailing), is_printed_stale(session, mail, mailing)
        if stale:
            click.echo(f"LOOK  {name} was printed before its files changed: mailer status {name}")
        count = sum(one.number in waiting for one in found)
        if count:
            what = "printed before the client was changed"
            click.echo(f"LOOK  {plural(count, 'letter')}, {what}: mailer status {name}")


def _asked(
    mail: MailFolder,
    jobs: list[WaitingJob],
    at: datetime | None,
    by: str | None,
    place: str | None,
    *,
    yes: bool,
) -> tuple[datetime, str, str]:
    """When, by whom and where: as given, else as asked. The default: now, and what was said last."""
    from mailer.printroom.waiting import last_hand_over

    local = mail.clock.now().astimezone(mail.settings.firm.time_zone)
    now = datetime.combine(mail.today, local.time())
    last = last_hand_over(mail)
    if yes:
        by, place = by or (last.dropped_by if last else ""), place or (last.place if last else "")
        if not (by and place):
            raise UsageProblem(
                "who handed it over, or where, is not known.",
                where="--yes",
                todo="Add --by NAME and --place TEXT, the post office.",
            )
        return at or now, by, place
    if at is None:
        at = click.prompt("When", default=f"{now:%Y-%m-%d %H:%M}", value_proc=_possible(mail, jobs))
    who, where = (last.dropped_by, last.place) if last else (jobs[0].mailing.approved_by, None)
    return (
        at or now,
        by or click.prompt("By whom", default=who, type=SAID),
        place or click.prompt("Where", default=where, type=SAID),
    )


def _possible(mail: MailFolder, jobs: list[WaitingJob]) -> Callable[[str], datetime]:
    """An answer as a day and an hour at which each job can have gone; an hour alone is today's."""
    from mailer.printroom.drop import require_possible

    def read(text: str) -> datetime:
        said = text.strip()
        moment: datetime = MOMENT(said if " " in said or "T" in said else f"{mail.today} {said}")
        at = moment.replace(tzinfo=mail.settings.firm.time_zone)
        with mail.store.read() as session:
            for job in jobs:
                try:
                    require_possible(mail, session, job.mailing, job.number, at)
                except MailerError as error:
                    raise click.UsageError(error.what) from None
        return moment

    return read


def _record(mail: MailFolder, jobs: list[WaitingJob], said: DropReport) -> int:
    """Record each job and say what came of it; the exit code of the first that was refused, else 0."""
    from mailer.printroom.waiting import hand_over

    code = 0
    for job in jobs:
        try:
            for done in hand_over(mail, job, said, actor=actor()):
                counts = f"counts as mailed {spoken(done.counts_on)}"
                paragraph(f"{done.job}: {plural(done.pieces, 'piece')} handed over, {counts}.")
                for line in (*late(job.mailing.campaign, done), *contradicting(done)):
                    click.echo(line)
                if done.certified:
                    click.echo(f"  Enter the labels' numbers:  mailer certified {done.certified[0]} NUMBER")
        except MailerError as error:
            click.echo(f"STOPPED  {job.name}: {error}")
            code = code or error.exit_code
    return code
