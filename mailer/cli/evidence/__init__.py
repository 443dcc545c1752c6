"""`mailer evidence`: prove a mailing, prove it for one client, verify a pack; one file a command."""

from __future__ import annotations

import click

from mailer.cli.evidence.make import make
from mailer.cli.evidence.verify import verify


class _NameOrCommand(click.Group):
    """`evidence NAME` means `evidence make NAME`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["make", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_NameOrCommand, commands=[make, verify], subcommand_metavar="NAME | verify FOLDER")
def evidence() -> None:
    """Prove what was mailed, to whom, when, and that it is notice.

    `mailer evidence NAME` makes a folder that anybody can verify years later without the database;
    `mailer evidence make --help` lists its options.

    \b
    Example: mailer evidence 2027-rates
             mailer evidence 2027-rates --client C-1042
             mailer evidence verify evidence/2027-rates-2026-11-24
    """
