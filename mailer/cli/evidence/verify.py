"""`mailer evidence verify`: a pack compared with its hashes, anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from mailer.cli.terminal import PATH
from mailer.evidence.findings import Findings
from mailer.evidence.packondisk import verify_folder
from mailer.notice.words import plural

SHOWN: Final = 20  # problems of a pack


@click.command()
@click.argument("folder", type=PATH)
@click.option(
    "--head", default="", metavar="HASH", help="A ledger head from a signed paper, to be found again."
)
@click.option(
    "--manifest", default="", metavar="HASH", help="SHA-256 of manifest.json as noted when it was made."
)
def verify(folder: Path, head: str, manifest: str) -> int:
    """Verify a pack: no database, no mail folder and no network is needed.

    Every file is compared with its hash, the ledger is hashed again from its first event, and each
    piece, address, list and receipt with what the ledger says of it. PDFs of findings and the verdicts
    rest on the manifest alone: give its hash. Exit 0, or 1 with all that is wrong.

    \b
    Example: mailer evidence verify evidence/2027-rates-2026-11-24
             mailer evidence verify /media/usb/pack --head HASH --manifest HASH
    """
    found = verify_folder(folder, head=head, manifest=manifest)
    if found.problems:
        click.echo(f"{folder}: NOT as it was made.")
        for problem in found.problems[:SHOWN]:
            click.echo(f"  {problem}.")
        if len(found.problems) > SHOWN:
            click.echo(f"  And {len(found.problems) - SHOWN:,} more.")
        return 1
    _show_found(found, folder, head=head, manifest=manifest)
    return 0


def _show_found(found: Findings, folder: Path, *, head: str, manifest: str) -> None:
    click.echo(f"{folder}: {found.files:,} files, each as its manifest lists it.")
    click.echo(f"Campaign {found.campaign}, “{found.title}”, made {found.made_at}.")
    if found.only:
        those = " and ".join((found.only, *found.besides))
        click.echo(f"It is of {those} alone: of other pieces, and of receipts, it proves nothing.")
    left = f" (the PDFs of {found.left_out:,} left out)" if found.left_out else ""
    parts = (plural(found.drops, "hand-over"), plural(found.receipts, "receipt"))
    click.echo(f"{plural(found.pieces, 'piece')}{left}, {', '.join(parts)}: as the ledger has them.")
    if found.at_service:
        click.echo(f"A mail service took {plural(found.at_service, 'piece')}; what it told agrees.")
    if found.adopted:
        click.echo(
            f"What {plural(found.adopted, 'piece')} of an older mailer state is bound from the upgrade on."
        )
    if found.forgotten:
        click.echo(f"{found.forgotten:,} addresses were forgotten and can't be recomputed.")
    click.echo(f"{found.events:,} events, chain unbroken. Head {found.head}")
    if head:
        click.echo(
            f"The head from the signed paper is event {found.head_at}: to there nothing was rewritten since."
        )
        if found.head_at < found.events:
            click.echo(f"The paper says nothing of what came after it, to event {found.events:,}.")
        else:
            click.echo("Whether the ledger went on after it, a return for instance, the pack does not show.")
    else:
        click.echo("The ledger itself could have been written anew: compare a signed paper with --head HASH.")
    click.echo(f"SHA-256 of manifest.json {found.manifest}")
    if manifest:
        click.echo("It is the one given: every file is as it was when that was noted.")
    else:
        click.echo(
            f"These rest on that manifest alone, which could have been written anew: "
            f"{', '.join(found.by_manifest)}. Compare what was noted at the making with --manifest HASH."
        )
    if found.rehearsal:
        click.echo("REHEARSAL: this pack was made from a rehearsal and proves nothing.")
