"""`mailer policy who`: who was given which version, when and how, and who was not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from mailer.cli.reports import FOLDER, listed
from mailer.cli.tables import Row
from mailer.cli.terminal import answer, folder_option, json_option, note, opened, show_json
from mailer.notice.words import plural, spoken

if TYPE_CHECKING:
    from mailer.policies.register import Holder

SHOWN: Final = 20


@click.command("who")
@click.argument("name")
@json_option
@folder_option
def who(name: str, folder: Path, *, as_json: bool) -> int:
    """Say who was given which version of a policy, when and by which letter, and who was not.

    Exit 1 where an active client was not given the version that is in force, or the first one to come.

    \b
    Example: mailer policy who communication
    """
    from mailer.policies.register import holders, version_to_hold
    from mailer.standing.newcomers import packet_due

    with opened(folder) as mail:
        file = mail.root / FOLDER / f"policy-{name}.txt"
        now = version_to_hold(mail, name)
        to_come = now.effective > mail.today
        found = list(holders(mail, name))
        packet = packet_due(mail)
    found.sort(key=lambda one: (one.version or 0, one.member.name))
    without = [one for one in found if (one.version or 0) < now.version]
    given = [one for one in found if (one.version or 0) >= now.version]
    if as_json:
        keys = ("number=member.number", "name=member.name", "version", "on", "piece", "digest")
        before = ("version", "on", "piece", "digest")
        clients = [
            answer(one, *keys) | {"before": [answer(was, *before) for was in one.before]} for one in found
        ]
        show_json({"policy": now.label, "without": len(without), "clients": clients})
        return 1 if without else 0
    fewer = min(given or without, without or given, key=len)
    header = ("Client", "Name", "Was given", "Mailed", "Letter")
    listed(header, [_row(one) for one in found], SHOWN, first=[_row(one) for one in fewer], file=file)
    begins = f", in force from {spoken(now.effective)}" if to_come else ""
    click.echo(
        f"\n{len(found) - len(without):,} of {plural(len(found), 'client')} were given {now.label} or later"
        f"{begins}; {plural(len(without), 'was', 'were')} not."
    )
    if without and packet:
        note(f"Next:  {packet.command}  for those who joined lately")
    elif without:
        note(f'Next: write  gives = ["{name}"]  into a campaign; its letters bring it to whoever they go to.')
    return 1 if without else 0


def _row(one: Holder) -> Row:
    version = f"version {one.version}" if one.version else "none"
    cells = (one.member.number, one.member.name, version, spoken(one.on) if one.on else "", one.piece)
    earlier = ((was.version, was.on, was.piece) for was in one.before if was.on)
    before = "; ".join(f"version {was}, {spoken(on)} ({piece})" for was, on, piece in earlier)
    return cells, (f"before: {before}",) if before else ()
