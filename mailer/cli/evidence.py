"""`mailer evidence`: prove a mailing, prove it for one client, verify a pack."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from mailer.cli.terminal import folder_option, note, opened, progress

if TYPE_CHECKING:
    from mailer.evidence.clientproof import ClientProof
    from mailer.evidence.pack import Made
    from mailer.evidence.verifier import Findings

SHOWN: Final = 20  # problems of a pack


class _NameOrCommand(click.Group):
    """`evidence NAME` means `evidence make NAME`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["make", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_NameOrCommand, subcommand_metavar="NAME | verify FOLDER")
def evidence() -> None:
    """Prove what was mailed, to whom, when, and that it is notice.

    `mailer evidence NAME` makes a folder that anybody can verify years later without the database;
    `mailer evidence make --help` lists its options.

    \b
    Example: mailer evidence 2027-rates
             mailer evidence 2027-rates --client C-1042
             mailer evidence verify evidence/2027-rates-2026-11-24
    """


@evidence.command(short_help="Make the pack of a campaign (the word `make` may be left out).")
@click.argument("name")
@click.option("--client", default="", metavar="TEXT", help="Only one client: number, e-mail or name.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="PATH", help="Where to put it. Default: evidence/."
)
@click.option("--no-pieces", is_flag=True, help="Leave out the PDF of each piece, for a very large mailing.")
@folder_option
def make(name: str, client: str, out: Path | None, folder: Path, *, no_pieces: bool) -> int:
    """Make the evidence pack of a campaign, or a PDF for one client.

    The pack is a folder: evidence.pdf, a declaration of mailing to be signed (for what a mail service
    mailed, certificates of business records), the exact pages of each piece, receipts, what the service
    told, and the ledger. With --client exit 1 where notice is not proved.

    \b
    Example: mailer evidence make 2027-rates --out for-counsel --no-pieces
             mailer evidence 2027-rates --client C-1042
    """
    from mailer.evidence.clientproof import make_for  # noqa: PLC0415
    from mailer.evidence.pack import make as build  # noqa: PLC0415

    with opened(folder) as mail, progress() as show:
        now = mail.clock.now()
        if client:
            proof = make_for(mail, name, client, now=now, out=out, progress=show)
            return _show_proof(proof)
        made = build(mail, name, now=now, out=out, pieces=not no_pieces, progress=show)
    _show_made(made)
    return 0


def _show_made(made: Made) -> None:
    case = made.case
    click.echo(f"{made.folder}: {made.found.files:,} files, {made.found.pieces:,} pieces.")
    for file in made.documents:
        click.echo(f"  {file}")
    for remark in case.remarks:
        click.echo(f"{remark.head}: {remark.text}")
    if case.clients:
        click.echo(f"Notice is proved for {case.proved:,} of {case.clients:,} clients.")
    if case.not_owed:
        click.echo(f"It is not owed to {case.not_owed:,} of the others.")
    click.echo(f"Ledger head {case.frame.head}")
    click.echo(f"SHA-256 of manifest.json {made.found.manifest}")
    click.echo("Confirm with counsel; this is a record and a calculation, not legal advice.")
    note("Keep both hashes where another dates them, such as an e-mail to counsel.")
    note(f"Next:  mailer evidence verify {made.folder}")


def _show_proof(proof: ClientProof) -> int:
    if proof.rehearsal:
        click.echo("REHEARSAL: it proves nothing.")
    click.echo(f"{proof.file}: {proof.client}, {proof.piece}")
    aside = f" ({proof.aside})" if proof.aside else ""
    click.echo(f"Notice {'holds' if proof.holds else 'is NOT proved'}{aside}: {proof.reason}.")
    click.echo("Confirm with counsel; this is a record and a calculation, not legal advice.")
    return 0 if proof.holds else 1


@evidence.command()
@click.argument("folder", type=click.Path(path_type=Path))
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
    from mailer.evidence.packondisk import verify_folder  # noqa: PLC0415

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
    from mailer.notice.steps import counted  # noqa: PLC0415

    click.echo(f"{folder}: {found.files:,} files, each as its manifest lists it.")
    click.echo(f"Campaign {found.campaign}, “{found.title}”, made {found.made_at}.")
    left = f" (the PDFs of {found.left_out:,} left out)" if found.left_out else ""
    parts = (counted(found.drops, "hand-over"), counted(found.receipts, "receipt"))
    click.echo(f"{counted(found.pieces, 'piece')}{left}, {', '.join(parts)}: as the ledger has them.")
    if found.at_service:
        click.echo(f"A mail service took {counted(found.at_service, 'piece')}; what it told agrees.")
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
