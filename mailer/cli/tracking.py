"""`mailer track`, `mailer webhooks`."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from mailer.cli.terminal import DATABASE, folder_option, json_option, note, opened, progress, show_json, table
from mailer.notice.steps import counted

NAMED: Final = 3  # pieces of one line

if TYPE_CHECKING:
    from mailer.mailservice.track import Tracked


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME…]")
@folder_option
@json_option
def track(names: tuple[str, ...], folder: Path, as_json: bool) -> None:
    """Ask the mail service where the pieces are; of all campaigns without a NAME.

    Records what it tells: in the post, delivered, returned, refused. Interrupt it at any time. Exit 4: the
    service can't be asked, or not for all of them; what it told before is recorded.

    \b
    Example: mailer track
             mailer track 2027-rates
    """
    from mailer.campaign.loading import load_campaign  # noqa: PLC0415
    from mailer.mailservice import track as polling  # noqa: PLC0415
    from mailer.mailservice.services import chosen  # noqa: PLC0415

    with opened(folder) as mail, progress() as show:
        for name in names:
            load_campaign(mail.root, name)  # a mistyped name is an error
        service = chosen().connect(mail)
        done = polling.track(mail, service, names, progress=show)
    (_show_json if as_json else _show)(done)
    error = polling.trouble(done, service)
    if error:
        raise error
    if done.problems or done.other_account:
        raise click.exceptions.Exit(4)


def _show(done: Tracked) -> None:
    statuses = list(dict.fromkeys(status for by in done.counts.values() for status in by))
    if statuses:
        rows = [[name, *(f"{by.get(one, 0):,}" for one in statuses)] for name, by in done.counts.items()]
        table(("campaign", *statuses), rows, wrap=0, right=range(1, len(statuses) + 1))
    click.echo(
        f"{counted(done.asked, 'piece')} asked for, {counted(done.told, 'new event')}, "
        f"{len(done.changed):,} moved on."
    )
    moved: dict[tuple[str, str], list[str]] = {}
    for label, before, after in done.changed:
        moved.setdefault((before.value, after.value), []).append(label)
    for (was, now), labels in moved.items():
        more = f" and {len(labels) - NAMED:,} more" if len(labels) > NAMED else ""
        click.echo(f"{was} → {now}, {len(labels):,}: {', '.join(labels[:NAMED])}{more}")
    for label, why in done.problems:
        click.echo(f"UNKNOWN  {label}: {why}")
    if done.in_flight:
        note(
            f"{counted(done.in_flight, 'piece was', 'pieces were')} sent and not answered: "
            "settle with `mailer send NAME`."
        )
    if done.other_key:
        note(
            f"{counted(done.other_key, 'piece was', 'pieces were')} sent under the other kind of key "
            "and not asked for."
        )
    if done.other_account:
        note(
            f"{counted(done.other_account, 'piece was', 'pieces were')} sent under another account and not "
            "asked for: take its key. Where only the key is new: `mailer send NAME --same-account`."
        )


def _show_json(done: Tracked) -> None:
    show_json(
        {
            "asked": done.asked,
            "of": done.of,
            "new_events": done.told,
            "changed": [
                {"piece": label, "before": before.value, "after": after.value}
                for label, before, after in done.changed
            ],
            "problems": [{"piece": label, "problem": why} for label, why in done.problems],
            "campaigns": done.counts,
            "in_flight": done.in_flight,
            "other_key": done.other_key,
            "other_account": done.other_account,
            "stopped": done.stopped,
        }
    )


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0: any free.")
@folder_option
def webhooks(host: str, port: int, folder: Path) -> None:
    """Receive what the mail service tells, until Ctrl-C.

    Needs the webhook's secret, in the environment or secrets.toml, and a web server in front that
    speaks https. One line an event on stderr.

    \b
    Example: mailer webhooks --port 8080
    """
    from mailer.mailservice.services import chosen, tables  # noqa: PLC0415
    from mailer.planning.mailfolder import open_folder  # noqa: PLC0415
    from mailer.web import server  # noqa: PLC0415 (imports uvicorn)
    from mailer.web.app import app, path_of  # noqa: PLC0415

    with opened(folder) as mail:
        database = os.environ.get(DATABASE, "").strip()
        fixed, hook = mail.clock.fixed, chosen().hook(mail)
        opener = partial(open_folder, mail.root, fixed=fixed, database=database, services=tables())
        made = app(opener, hook, mail.clock.now, note)
    with suppress(KeyboardInterrupt), server.listening(host, port) as (socket, address):
        click.echo(f"Listening at {address}{path_of(hook)}")
        note(
            f"Enter at {hook.title} the https address under which the web server passes it on. "
            "Ctrl-C ends it."
        )
        server.serve(made, socket)
    click.echo("Stopped.")
