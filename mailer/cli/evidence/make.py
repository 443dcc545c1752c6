"""`mailer evidence NAME`: the pack of a campaign, or the proof for one client."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mailer.cli.reports import near, verbose
from mailer.cli.terminal import CLIENT, PATH, folder_option, note, opened, progress
from mailer.errors import UsageProblem

if TYPE_CHECKING:
    from mailer.evidence.clientproof import ClientProof
    from mailer.evidence.pack import PackMade


@click.command(short_help="Make the pack of a campaign (the word `make` may be left out).")
@click.argument("name")
@click.option("--client", type=CLIENT, metavar="TEXT", help="Only one client: number, e-mail or name.")
@click.option(
    "--pack", is_flag=True, help="With --client: a folder that can be verified, with nothing of others."
)
@click.option("--out", type=PATH, metavar="PATH", help="Where to put it. Default: evidence/.")
@click.option("--no-pieces", is_flag=True, help="Leave out the PDF of each piece, for a very large mailing.")
@folder_option
def make(
    name: str, client: str | None, out: Path | None, folder: Path, *, pack: bool, no_pieces: bool
) -> int:
    """Make the evidence pack of a campaign, or a PDF for one client.

    The pack is a folder: evidence.pdf, a declaration of mailing to be signed (for what a mail service
    mailed, certificates of business records), the exact pages of each piece, receipts, what the service
    told, and the ledger. With --client exit 1 where notice is not proved.

    \b
    Example: mailer evidence make 2027-rates --out for-counsel --no-pieces
             mailer evidence 2027-rates --client C-1042
             mailer evidence 2027-rates --client C-1042 --pack
    """
    if pack and not client:
        raise UsageProblem("of which client?", where="--pack", todo="Without --client a pack is made anyway.")
    from mailer.evidence.clientproof import make_for
    from mailer.evidence.pack import make as build

    with opened(folder) as mail, progress() as show:
        now = mail.clock.now()
        if client:
            proof = make_for(mail, name, client, now=now, out=out, pack=pack, progress=show)
            return _show_proof(proof)
        made = build(mail, name, now=now, out=out, pieces=not no_pieces, progress=show)
    _show_made(made)
    return 0


def _show_made(made: PackMade) -> None:
    case = made.case
    click.echo(f"{near(made.folder)}: {made.found.files:,} files, {made.found.pieces:,} pieces.")
    click.echo(f"  {', '.join(map(str, made.documents))}")
    if verbose():
        for remark in case.remarks:
            click.echo(f"{remark.head}: {remark.text}")
    else:
        heads = ", ".join(dict.fromkeys(remark.head for remark in case.remarks))
        click.echo(f"Before you rely on it, read what it says of: {heads} (here:  -v).")
    if case.clients:
        click.echo(f"Notice is proved for {case.proved:,} of {case.clients:,} clients.")
    if case.not_owed:
        click.echo(f"It is not owed to {case.not_owed:,} of the others.")
    click.echo(f"Ledger head (the fingerprint of the whole record) {case.frame.head}")
    click.echo(f"SHA-256 of manifest.json {made.found.manifest}")
    click.echo("Confirm with counsel; this is a record and a calculation, not legal advice.")
    note("Keep both numbers where another dates them, such as an e-mail to counsel.")
    note(f"Next:  mailer evidence verify {near(made.folder)}")


def _show_proof(proof: ClientProof) -> int:
    if proof.rehearsal:
        click.echo("REHEARSAL: it proves nothing.")
    click.echo(f"{proof.file}: {proof.client}, {proof.piece}")
    aside = f" ({proof.aside})" if proof.aside else ""
    click.echo(f"Notice {'holds' if proof.holds else 'is NOT proved'}{aside}: {proof.reason}.")
    click.echo("Confirm with counsel; this is a record and a calculation, not legal advice.")
    return 0 if proof.holds else 1
