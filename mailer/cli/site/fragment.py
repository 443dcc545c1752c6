"""`mailer site fragment`: the first page's text for a page of another system."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from mailer.cli.terminal import day_option, folder_option, opened, unbroken


@click.command("fragment")
@day_option("--on", "The day as of which it is made. Default: today.")
@folder_option
def fragment(on: date | None, folder: Path) -> None:
    """Write what the first page says, to paste into a page of your own (WordPress: a Custom HTML block).

    \b
    Example: mailer site fragment > reach-us.html
    """
    from mailer.policies.site.build import for_everybody
    from mailer.policies.site.content import content_on
    from mailer.policies.site.pages import fragment as written

    with opened(folder) as mail:
        said = replace(content_on(mail, on or mail.today), policies=(), issues=())
        content, _ = for_everybody(mail, said)
        unbroken(f"{written(mail.root, content)}\n")
