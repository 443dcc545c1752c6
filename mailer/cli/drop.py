"""`mailer drop`: record the hand-over of a job to the post."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mailer.cli.reports import verbose
from mailer.cli.terminal import PATH, SAID, actor, folder_option, note, opened
from mailer.notice.words import plural, some, spoken

if TYPE_CHECKING:
    from mailer.printroom.drop import Dropped

SHOWN: Final = 5  # letters named on a screen


class Moment(click.ParamType[datetime]):
    """A day and an hour of the firm's local time, without a zone."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:  # the firm's zone is not known here
            return datetime.strptime(value.strip().replace("T", " "), "%Y-%m-%d %H:%M")  # noqa: DTZ007
        except ValueError:
            self.fail(f"{value!r} is not a day and an hour; write it like 2026-12-01 14:00.", param, ctx)


MOMENT: Final = Moment()


@click.command()
@click.argument("name")
@click.option(
    "--at",
    required=True,
    metavar='"DATE TIME"',
    type=MOMENT,
    help="When it was handed over, the firm's local time.",
)
@click.option("--by", required=True, type=SAID, metavar="NAME", help="Who handed it over.")
@click.option("--place", required=True, type=SAID, metavar="TEXT", help="Where: the post office.")
@click.option("--class", "mail_class", required=True, type=click.Choice(["first", "certified", "marketing"]))
@click.option("--receipt", type=PATH, help="The scan of the post's receipt.")
@click.option("--job", type=click.IntRange(1), help="Which job, where there are several.")
@click.option("--range", "only", default="", metavar="1-60,62", help="Only these piece numbers.")
@click.option("--places", default="", metavar="1-60", help="Only these places, as marked on the sheets.")
@click.option(
    "--except", "spoiled", multiple=True, metavar="PIECE", help="A piece that did not go; with --reason."
)
@click.option("--reason", default="", metavar="TEXT", help="Why those did not go.")
@folder_option
def drop(
    name: str,
    at: datetime,
    by: str,
    place: str,
    mail_class: str,
    receipt: Path | None,
    job: int | None,
    only: str,
    places: str,
    spoiled: tuple[str, ...],
    reason: str,
    folder: Path,
) -> None:
    """Record the hand-over of a job to the post.

    Notice rests on this record. After the last collection, or on a closed day, it counts as the next
    mailing day's.

    \b
    Example: mailer drop 2027-rates --at "2026-11-24 14:10" --by "Dana Whitcomb" \\
               --place "Main Post Office, Sacramento" --class first
             mailer drop … --except 2027-rates-L-0017 --reason spoiled
    """
    from mailer.printroom.drop import DropReport, MailClass
    from mailer.printroom.drop import drop as record
    from mailer.standing.printedotherwise import waiting_otherwise

    said = DropReport(at, by, place, MailClass(mail_class), receipt, job, only, places, spoiled, reason)
    with opened(folder) as mail:
        otherwise = waiting_otherwise(mail, name)
        done = record(mail, name, said, actor=actor())
        went = sorted({*otherwise} - {*waiting_otherwise(mail, name)}) if otherwise else []
    click.echo(f"{done.job}: {plural(done.pieces, 'piece')} handed over.")
    click.echo(done.why)
    for line in (*late(name, done), *contradicting(done)):
        click.echo(line)
    if went:
        letters = plural(len(went), "letter")
        click.echo(f"LOOK  {letters} went as printed before the client was changed: {some(went)}.")
    if done.certified and mail_class == MailClass.FIRST:
        click.echo(
            f"NOT CERTIFIED: {plural(len(done.certified), 'of these pieces was', 'of these pieces were')} "
            f"to go by certified mail, and went without: {some(done.certified)}. A rule that counts a proved "
            f"receipt may not be met; see `mailer check {name}`."
        )
    if done.waiting:
        waiting = plural(done.waiting, "piece of the job is", "pieces of the job are")
        click.echo(f"{waiting} still waiting.")
    if verbose():
        click.echo(f"Ledger head {done.chain_head}")
    if mail_class == MailClass.CERTIFIED:
        piece = done.certified[0] if done.certified else "PIECE"
        note(f"Enter the labels' numbers:  mailer certified {piece} NUMBER  (or --file numbers.csv)")
    note(f"Next:  mailer check {name}" if done.is_notice else "Next:  mailer status")


def late(name: str, done: Dropped) -> Iterator[str]:
    """Where clients have days of their own, each late one's last."""
    if not done.late or done.not_after is None:
        return
    by_closing = done.counts_on <= done.not_after
    some_alone = (
        by_closing or 0 < len(done.overdue) < done.pieces or len({one.last_day for one in done.overdue}) > 1
    )
    who = f" for {len(done.overdue):,} of {plural(done.pieces, 'client')}" if some_alone else ""
    why = f"the approval was good until {spoken(done.not_after)}"
    if by_closing:
        why = "the approval did not know of a closing, a contract, or where it was to be handed over"
    yield f"LATE{who}: {why}; see `mailer check {name}`."
    if some_alone:
        for one in done.overdue[:SHOWN]:
            yield f"  {one.label} {one.name}: its last day was {spoken(one.last_day)}"
        if len(done.overdue) > SHOWN:
            yield f"  … and {len(done.overdue) - SHOWN:,} more"


def contradicting(done: Dropped) -> Iterator[str]:
    if not done.contradicting:
        return
    against = ", ".join(sorted({one.against for one in done.contradicting}))
    count = plural(len(done.contradicting), "of these letters contradicts", "of these letters contradict")
    yield f"CONTRADICTS: {count} those of {against}. It is recorded."
    yield "  Of two rates for one day the lower is billed; else each from its own day once its notice holds."
    for one in done.contradicting[:SHOWN]:
        yield f"  {one.label} {one.name}: {one.why}"
    yield f'  Give notice anew with a campaign that says supersedes = "{done.contradicting[0].against}".'
