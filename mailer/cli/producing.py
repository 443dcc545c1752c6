"""`mailer proof`, `approve`, `print`, `destroy`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from mailer.cli.terminal import SAID, actor, folder_option, note, opened, progress, records
from mailer.errors import UsageProblem
from mailer.notice.steps import counted

if TYPE_CHECKING:
    from mailer.printroom.job import JobFolder
    from mailer.printroom.printqueue import Queued

MOST_NAMED: Final = 5  # pieces that a line names


@click.command()
@click.argument("name")
@folder_option
def proof(name: str, folder: Path) -> int:
    """Show the edge records as PDF and page images.

    Those are the letters most likely to go wrong: the longest name, the most address lines, the
    biggest change. Exit 1 where preflight finds something.

    \b
    Example: mailer proof 2027-rates
    """
    from mailer.making.proof import proof as make  # noqa: PLC0415

    with opened(folder) as mail, progress() as show:
        made = make(mail, name, progress=show)
    records(("Shown",), [((name,), (f"has {why}",)) for name, why in made.records])
    for finding in made.findings:
        click.echo(f"preflight, page {finding.page}: {finding.message}")
    if made.strangers:
        named = ", ".join(f"“{one}”" for one in made.strangers[:10])
        click.echo(f"LOOK AT  {named}: in a letter, and no fact of the campaign. Does it contradict one?")
    click.echo(f"\n{made.pdf}\n{made.folder}: {len(made.images)} page images")
    note(f"Look at every page. Next:  mailer approve {name} --by NAME")
    return 1 if made.findings else 0


@click.command()
@click.argument("name")
@click.option("--by", type=SAID, metavar="NAME", help="Who approves. Default: you.")
@folder_option
def approve(name: str, by: str | None, folder: Path) -> None:
    """Render every piece and approve exactly these bytes.

    What is printed or sent later is these bytes. Refuses (exit 3) what can't be on time. Run again
    after a change it renders only what changed; after an interruption it goes on.

    \b
    Example: mailer approve 2027-rates --by "Dana Whitcomb"
    """
    from mailer.making.approval import approve as make  # noqa: PLC0415
    from mailer.notice.steps import spoken  # noqa: PLC0415

    with opened(folder) as mail, progress() as show:
        made = make(mail, name, by=by or actor(), progress=show)
    if made.new:
        click.echo(f"Approved {counted(made.new, 'piece')} of {name} ({made.pieces:,} in all).")
    else:
        pieces = counted(made.pieces, f"piece of {name} is", f"pieces of {name} are")
        made_none = "Nothing new was made" if made.outdated or made.voided else "Nothing changed"
        click.echo(f"{made_none}: {pieces} approved as they were.")
    if made.voided:
        pieces = counted(made.voided, "piece of before was", "pieces of before were")
        click.echo(f"{pieces} voided: their client or the inputs changed.")
    if made.blocked:
        click.echo(
            f"{counted(made.blocked, 'client gets', 'clients get')} none: their contract blocks the rise "
            f"(mailer plan {name})."
        )
    for group in made.outdated:
        pieces = counted(len(group.labels), "piece was", "pieces were")
        click.echo(
            f"{pieces} {group.where} before the client or the inputs changed; not made again: "
            f"{some(group.labels)}.\n  {group.todo}"
        )
    if made.not_after:
        click.echo(f"Hand over by {spoken(made.not_after)}.")
    if made.remark:
        note(made.remark)
    click.echo(f"Output digest {made.output_digest}\nLedger head   {made.chain_head}")
    note(f"Next:  mailer print {name}")


def some(labels: Sequence[str]) -> str:
    """The first few, and how many more there are."""
    more = f" and {len(labels) - MOST_NAMED:,} more" if len(labels) > MOST_NAMED else ""
    return f"{', '.join(labels[:MOST_NAMED])}{more}"


@click.command("print")
@click.argument("name")
@click.option("--remaining", is_flag=True, help="What the mail service refused or gave back, as new pieces.")
@click.option("--to", "printer", type=SAID, metavar="PRINTER", help="Queue it at this CUPS printer too.")
@click.option("--tray", default="", metavar="TRAY", help="With --to: the paper's tray, for all sheets.")
@click.option("--copies", type=click.IntRange(1, 20), default=1, help="With --to: of every sheet.")
@click.option("--job", type=click.IntRange(1), help="With --to: a job that is printed already.")
@click.option("--again", is_flag=True, help="With --to: queue a second time.")
@folder_option
def print_(
    name: str,
    remaining: bool,
    printer: str | None,
    tray: str,
    copies: int,
    job: int | None,
    again: bool,
    folder: Path,
) -> None:
    """Make the print room's job folder: print files, labels, manifest, checklist.

    With --to its print files go to a printer's queue as well, on both sides of the paper; a job that
    is there already is taken as it is. Refuses (exit 3) a stale or late approval.

    \b
    Example: mailer print 2027-rates
             mailer print 2027-rates --to Office
             mailer print 2027-rates --remaining
    """
    from mailer.printroom.job import print_job  # noqa: PLC0415

    if printer and remaining:
        raise UsageProblem("--remaining makes the job; then queue it.", todo="Run it without --to first.")
    if printer is None and (tray or copies > 1 or job or again):
        raise UsageProblem("--tray, --copies, --job and --again go with --to PRINTER.")
    with opened(folder) as mail, progress() as show:
        if printer is None:
            _show_job(print_job(mail, name, by=actor(), remaining=remaining, progress=show))
        else:
            from mailer.printroom.printqueue import PrintWish, queue_job  # noqa: PLC0415

            wish = PrintWish(printer, copies, tray, job, again)
            _show_queued(queue_job(mail, name, wish, by=actor(), progress=show))
    note(f'Next:  mailer drop {name} --at "YYYY-MM-DD HH:MM" --by NAME --place PLACE --class first')


def _show_job(job: JobFolder) -> None:
    from mailer.notice.steps import spoken  # noqa: PLC0415

    click.echo(f"{job.folder}: {counted(job.pieces, 'piece')}, {counted(job.sheets, 'sheet')}")
    for file in job.files:
        click.echo(f"  {file}")
    for label in job.gone[:20]:
        click.echo(f"LEFT OUT  {label}: its client gets none any more.")
    if len(job.gone) > 20:
        click.echo(f"LEFT OUT  and {len(job.gone) - 20:,} more")
    if job.not_after:
        click.echo(f"Hand over by {spoken(job.not_after)}.")
    click.echo(f"Ledger head {job.chain_head}")


def _show_queued(queued: Queued) -> None:
    if queued.built:
        _show_job(queued.built)
    click.echo(f"Queued at {queued.printer}:")
    for title, job in queued.documents:
        click.echo(f"  {job}  {title}")
    for label in queued.withdrawn:
        click.echo(f"TAKE OUT  {label}: it is void, and must not go. Destroy its sheets.")
    note(f"Not queued, for hand work: {', '.join(queued.by_hand)}")
    note("Queued is not printed: look at every sheet, then count them with `mailer scan`.")


@click.command()
@click.argument("piece")
@click.option("--reason", required=True, type=SAID, metavar="TEXT", help="Why, for the record.")
@folder_option
def reprint(piece: str, reason: str, folder: Path) -> None:
    """Print one piece anew, as a new piece with the same pages, to the client's address of now.

    For one that was spoiled (it becomes void), that came back, or was lost. Refuses one that a mail
    service has, or may have.

    \b
    Example: mailer reprint 2027-rates-L-0017 \\
               --reason "came back; the address is corrected"
    """
    from mailer.making.piecenames import campaign_of  # noqa: PLC0415
    from mailer.printroom.job import reprint_job  # noqa: PLC0415

    name = campaign_of(piece)
    with opened(folder) as mail, progress() as show:
        _show_job(reprint_job(mail, name, piece, reason, by=actor(), progress=show))
    note(f'Next:  mailer drop {name} --at "YYYY-MM-DD HH:MM" --by NAME --place PLACE --class first')


@click.command()
@click.argument("name")
@click.option("--job", "number", type=click.IntRange(1), help="Which job, where there are several.")
@click.option("--reason", required=True, type=SAID, metavar="TEXT", help="Why, for the record.")
@folder_option
def destroy(name: str, number: int | None, reason: str, folder: Path) -> None:
    """Record that a printed job was destroyed, not mailed, so that its pieces may be produced again.

    \b
    Example: mailer destroy 2027-rates --reason "printed on the wrong stock"
    """
    from mailer.printroom.job import destroy as record  # noqa: PLC0415

    with opened(folder) as mail:
        job, pieces = record(mail, name, number=number, reason=reason, by=actor())
    click.echo(f"{job}: {counted(pieces, 'piece is', 'pieces are')} approved again.")
    note(f"Destroy the paper. Next:  mailer print {name}")
