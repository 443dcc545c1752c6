"""`mailer drop`: record the hand-over of a job to the post."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from mailer.cli.tables import some
from mailer.cli.terminal import SAID, actor, folder_option, note, opened
from mailer.notice.words import plural, spoken


@click.command()
@click.argument("name")
@click.option(
    "--at",
    required=True,
    metavar='"DATE TIME"',
    type=click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]),
    help="When it was handed over, the firm's local time.",
)
@click.option("--by", required=True, type=SAID, metavar="NAME", help="Who handed it over.")
@click.option("--place", required=True, type=SAID, metavar="TEXT", help="Where: the post office.")
@click.option("--class", "mail_class", required=True, type=click.Choice(["first", "certified", "marketing"]))
@click.option("--receipt", type=click.Path(path_type=Path), help="The scan of the post's receipt.")
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

    said = DropReport(at, by, place, MailClass(mail_class), receipt, job, only, places, spoiled, reason)
    with opened(folder) as mail:
        done = record(mail, name, said, actor=actor())
    click.echo(f"{done.job}: {plural(done.pieces, 'piece')} handed over.")
    click.echo(done.why)
    if done.late and done.not_after:
        click.echo(f"LATE: the approval was good until {spoken(done.not_after)}; see `mailer check {name}`.")
    if done.certified and mail_class == MailClass.FIRST:
        click.echo(
            f"NOT CERTIFIED: {plural(len(done.certified), 'of these pieces was', 'of these pieces were')} "
            f"to go by certified mail, and went without: {some(done.certified)}. A rule that counts a proved "
            f"receipt may not be met; see `mailer check {name}`."
        )
    if done.waiting:
        waiting = plural(done.waiting, "piece of the job is", "pieces of the job are")
        click.echo(f"{waiting} still waiting.")
    click.echo(f"Ledger head {done.chain_head}")
    if mail_class == MailClass.CERTIFIED:
        piece = done.certified[0] if done.certified else "PIECE"
        note(f"Enter the labels' numbers:  mailer certified {piece} NUMBER  (or --file numbers.csv)")
    note(f"Next:  mailer check {name}" if done.is_notice else "Next:  mailer status")
