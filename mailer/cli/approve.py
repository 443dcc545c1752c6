"""`mailer approve`: render every piece and approve exactly these bytes."""

from __future__ import annotations

from pathlib import Path

import click

from mailer.cli.reports import verbose
from mailer.cli.terminal import PATH, SAID, actor, folder_option, note, opened, progress
from mailer.notice.words import plural, some, spoken
from mailer.pages.merge.outcome import Tally


@click.command()
@click.argument("name")
@click.option("--by", type=SAID, metavar="NAME", help="Who approves. Default: you.")
@click.option("--second", type=SAID, metavar="NAME", help="Who approves as well, where two must.")
@click.option("--waive", type=SAID, metavar="REASON", help="Why an answer to a complaint can't wait 2 hours.")
@click.option("--pdf", type=PATH, metavar="FILE", help="Letters finished in Word: a PDF, or a folder.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    metavar="N",
    help="Processes at work; for many letters a core each.",
)
@folder_option
def approve(
    name: str,
    by: str | None,
    second: str | None,
    waive: str | None,
    pdf: Path | None,
    workers: int | None,
    folder: Path,
) -> None:
    """Render every piece and approve exactly these bytes.

    What is printed or sent later is these bytes. Refuses (exit 3) what can't be on time. Run again
    after a change it renders only what changed; after an interruption it goes on.

    \b
    Example: mailer approve 2027-rates --by "Dana Whitcomb"
    """
    from mailer.campaign.loading import load_campaign
    from mailer.making.approval import approve as make
    from mailer.planning.route import departing

    with opened(folder) as mail, progress() as show:
        made = make(
            mail,
            name,
            by=by or actor(),
            second=second or "",
            waived=waive or "",
            pdf=pdf,
            workers=workers,
            progress=show,
        )
        following = departing(mail.settings, load_campaign(mail.root, name))
    if made.new:
        click.echo(f"Approved {plural(made.new, 'piece')} of {name} ({made.pieces:,} in all).")
    else:
        pieces = plural(made.pieces, f"piece of {name} is", f"pieces of {name} are")
        made_none = "Nothing new was made" if made.outdated or made.voided else "Nothing changed"
        click.echo(f"{made_none}: {pieces} approved as they were.")
    _say_how(made.tally)
    if made.voided:
        pieces = plural(made.voided, "piece of before was", "pieces of before were")
        click.echo(f"{pieces} voided: their client or the inputs changed.")
    if made.blocked:
        click.echo(
            f"{plural(made.blocked, 'client gets', 'clients get')} none: their contract blocks the rise "
            f"(mailer plan {name})."
        )
    for group in made.outdated:
        pieces = plural(len(group.labels), "piece was", "pieces were")
        click.echo(
            f"{pieces} {group.where} before the client or the inputs changed; not made again: "
            f"{some(group.labels)}.\n  {group.todo}"
        )
    for remark in made.remarks:
        click.echo(remark)
    if made.not_after:
        click.echo(f"Hand over by {spoken(made.not_after)}.")
    if verbose():
        click.echo(f"Pages' digest {made.output_digest}\nLedger head   {made.chain_head}")
    note(f"Next:  {following}")


def _say_how(tally: Tally) -> None:
    """How the pages of a large mailing were made."""
    if tally.defects:
        note(
            "The merge engine made a page that WeasyPrint makes otherwise. All letters were rendered by "
            'WeasyPrint instead, and are right. Please report it; until then set `render = "weasyprint"` in '
            f"mailer.toml. What differed: {tally.defects[0]}."
        )
    elif tally.set_alone:
        alone = f"{plural(tally.set_alone, 'letter was', 'letters were')} set one by one"
        (why, _), *_ = tally.reasons.most_common()
        note(f"{alone}, the others merged." if tally.merged else f"{alone}, which takes long: {why}.")
    if verbose():
        for reason, letters in tally.reasons.most_common():
            note(f"  {letters:>7,}  {reason}")
