"""`mailer policy list`: every version and when it is in force."""

from __future__ import annotations

from pathlib import Path

import click

from mailer.cli.tables import table
from mailer.cli.terminal import answer, folder_option, json_option, note, opened, show_json
from mailer.notice.words import spoken


@click.command("list")
@json_option
@folder_option
def list_(folder: Path, *, as_json: bool) -> None:
    """List every version of every policy, and when it is in force.

    They lie in policies/, a file a version: communication-1.md.

    \b
    Example: mailer policy list
    """
    from mailer.policies.register import registered

    with opened(folder) as mail:
        found = registered(mail)
    if as_json:
        keys = ("name=policy.name", "version=policy.version", "title=policy.title", "from=policy.effective")
        show_json([answer(one, *keys, "until", "superseded", "in_force") for one in found])
        return
    if not found:
        note("There are no policies. Write one as policies/communication-1.md.")
        return
    rows = [
        (
            one.policy.label,
            one.policy.title,
            spoken(one.policy.effective),
            spoken(one.until) if one.until else "",
            "in force" if one.in_force else "",
        )
        for one in found
    ]
    table(("Policy", "Title", "From", "Until", ""), rows, flexible=1)
    note(f"Next:  mailer policy who {found[0].policy.name}")
