"""`mailer webhooks`: receive what the mail service tells."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path

import click

from mailer.cli.streams import complain
from mailer.cli.terminal import database, folder_option, opened


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
    from mailer.mailservice.registry import hooked, tables
    from mailer.planning.mailfolder import open_folder
    from mailer.web import server
    from mailer.web.app import app, path_of

    with opened(folder) as mail:
        fixed, hook = mail.clock.fixed, hooked(mail)
        opener = partial(open_folder, mail.root, fixed=fixed, database=database(), services=tables())
        made = app(opener, hook, mail.clock.now, complain)  # who reads its lines may leave
    with suppress(KeyboardInterrupt), server.listening(host, port) as (socket, address):
        click.echo(f"Listening at {address}{path_of(hook)}")
        complain(
            f"Enter at {hook.title} the https address under which the web server passes it on. "
            "Ctrl-C ends it."
        )
        server.serve(made, socket)
    click.echo("Stopped.")
