"""`mailer drop`, `mailer receipt`, `returned`, `received`, `certified`."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from mailer.cli.producing import some
from mailer.cli.terminal import SAID, actor, day_option, folder_option, note, opened
from mailer.notice.steps import counted


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
    from mailer.notice.steps import spoken  # noqa: PLC0415
    from mailer.printroom.drop import Deposit, MailClass  # noqa: PLC0415
    from mailer.printroom.drop import drop as record  # noqa: PLC0415

    said = Deposit(at, by, place, MailClass(mail_class), receipt, job, only, places, spoiled, reason)
    with opened(folder) as mail:
        done = record(mail, name, said, actor=actor())
    click.echo(f"{done.job}: {counted(done.pieces, 'piece')} handed over.")
    click.echo(done.why)
    if done.late and done.not_after:
        click.echo(f"LATE: the approval was good until {spoken(done.not_after)}; see `mailer check {name}`.")
    if done.certified and mail_class == MailClass.FIRST:
        click.echo(
            f"NOT CERTIFIED: {counted(len(done.certified), 'of these pieces was', 'of these pieces were')} "
            f"to go by certified mail, and went without: {some(done.certified)}. A rule that counts a proved "
            f"receipt may not be met; see `mailer check {name}`."
        )
    if done.waiting:
        waiting = counted(done.waiting, "piece of the job is", "pieces of the job are")
        click.echo(f"{waiting} still waiting.")
    click.echo(f"Ledger head {done.chain_head}")
    if mail_class == MailClass.CERTIFIED:
        piece = done.certified[0] if done.certified else "PIECE"
        note(f"Enter the labels' numbers:  mailer certified {piece} NUMBER  (or --file numbers.csv)")
    note(f"Next:  mailer check {name}" if done.is_notice else "Next:  mailer status")


@click.command()
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--drop", type=click.IntRange(1), help="Which hand-over, in the order of recording.")
@click.option("--job", type=click.IntRange(1), help="Which job's hand-over, where it has one.")
@folder_option
def receipt(name: str, file: Path, drop: int | None, job: int | None, folder: Path) -> None:
    """Add the scan of the post's receipt to a hand-over that was recorded without one.

    A receipt is never replaced. Evidence says that this one was added later, and when.

    \b
    Example: mailer receipt 2027-rates scan.pdf
             mailer receipt 2027-rates --drop 2 scan.pdf
    """
    from mailer.notice.steps import spoken  # noqa: PLC0415
    from mailer.printroom.receipt import add_receipt  # noqa: PLC0415

    with opened(folder) as mail:
        done = add_receipt(mail, name, file, drop=drop, job=job, actor=actor())
    click.echo(
        f"{file.name} added to hand-over {done.number} of {spoken(done.handed_over)}, pieces {done.pieces}."
    )
    click.echo(f"SHA-256 {done.sha256}")
    click.echo(f"Ledger head {done.chain_head}")
    note(f"Next:  mailer evidence {name}")


@click.command()
@click.argument("pieces", nargs=-1, required=True, metavar="PIECE…")
@day_option("--on", "The day on which they came back.", required=True)
@click.option("--reason", default="", metavar="TEXT", help="What the post wrote on them.")
@folder_option
def returned(pieces: tuple[str, ...], on: date, reason: str, folder: Path) -> None:
    """Record pieces that came back.

    What that does to the notice is the rule's: under a deposit clause it stands, under a receipt rule it
    is undone. See `mailer check`.

    \b
    Example: mailer returned 2027-rates-L-0017 --on 2026-12-04 \\
               --reason "no such number"
    """
    from mailer.standing.returns import returned as record  # noqa: PLC0415

    with opened(folder) as mail:
        done = record(mail, pieces, on=on, reason=reason, actor=actor())
    click.echo(f"{done.pieces} recorded as returned.")
    for campaign in done.campaigns:
        note(f"Next:  mailer check {campaign}")


@click.command()
@click.argument("pieces", nargs=-1, required=True, metavar="PIECE…")
@day_option("--on", "The day on which they were received.", required=True)
@click.option("--proof", required=True, type=SAID, metavar="TEXT", help="What proves it: the card's number.")
@folder_option
def received(pieces: tuple[str, ...], on: date, proof: str, folder: Path) -> None:
    """Record that pieces were received, with what proves it.

    A rule that counts receipt is met by this day alone; other rules do not need it.

    \b
    Example: mailer received 2027-rates-L-0017 --on 2026-11-27 \\
               --proof "certified mail 9407 1118 9956 0000 0000 00"
    """
    from mailer.standing.returns import received as record  # noqa: PLC0415

    with opened(folder) as mail:
        done = record(mail, pieces, on=on, proof=proof, actor=actor())
    click.echo(f"{done.pieces} recorded as received.")
    for campaign in done.campaigns:
        note(f"Next:  mailer check {campaign}")


@click.command()
@click.argument("piece", required=False)
@click.argument("number", required=False)
@click.option("--file", type=click.Path(path_type=Path), help="A CSV file with the columns piece,number.")
@folder_option
def certified(piece: str | None, number: str | None, file: Path | None, folder: Path) -> None:
    """Enter the post's number of certified mail, per piece.

    The 20 digits on the label (they begin with 7), or 22 that begin with 9; spaces are allowed. All of a
    file is entered, or none of it. A mistyped number is entered again; the record keeps both.

    \b
    Example: mailer certified 2027-rates-L-0017 "7019 2280 0001 2345 6789"
             mailer certified --file numbers.csv
    """
    from mailer.errors import UsageProblem  # noqa: PLC0415
    from mailer.printroom import certified as certifying  # noqa: PLC0415

    if (file is None) == (piece is None or number is None) or (file is not None and piece is not None):
        raise UsageProblem("give a piece and its number, or --file.", todo="See `mailer certified --help`.")
    given = (
        certifying.read_file(file)
        if file is not None
        else [certifying.Given("certified", 0, str(piece), str(number))]
    )
    with opened(folder) as mail:
        done = certifying.enter(mail, given, by=actor())
    click.echo(f"{counted(done.pieces, 'number')} entered, {done.unchanged:,} there already.")
    for label, before in done.instead:
        click.echo(f"{label} had {before} before.")
    for campaign in done.campaigns:
        note(f"Next:  mailer status {campaign}")
