"""`mailer word`: a campaign's letters as Word documents, for people to finish; nothing here is approved.

Each letter's reference names its client, so that what comes back as PDF is known by it (`making.finished`).
"""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from mailer.campaign.loading import Campaign, load_campaign
from mailer.clients.record import Client
from mailer.errors import MailerError, UsageProblem
from mailer.making.documents import Letters, Written
from mailer.making.inputs import inputs_digest
from mailer.making.letterpages import letter_of
from mailer.making.letters import wanted_letters, written_letters
from mailer.pages.letterhead import Letterhead
from mailer.pages.word.blocks import blocks
from mailer.pages.word.letters import WordLetter, letters_docx
from mailer.pages.word.merging import merging
from mailer.planning.mailfolder import MailFolder
from mailer.settings import Envelope, Paper

FOLDER: Final = "word"
AT_ONCE: Final = 250  # letters of one document: Word grows slow with more
_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,30}")


@dataclass(frozen=True, slots=True)
class WordFiles:
    """What was written, and how many letters it holds."""

    files: tuple[Path, ...]
    letters: int


def reference_of(campaign: Campaign, client: Client) -> str:
    """What one client's letter is known by: the client's number, else six signs of the record's own id."""
    code = client.number if _PLAIN.fullmatch(client.number) else client.id.hex[-6:].upper()
    return f"{campaign.name}/{code}"


def write_word(mail: MailFolder, name: str, *, client: str = "", merge: bool = False) -> WordFiles:
    """Write `word/NAME` anew: all letters, those of one `client`, or one mail-merge document with its data.

    Raises UsageProblem where no letter is for that client, MailerError where a text is not right.
    """
    campaign = load_campaign(mail.root, name)
    if campaign.kind.is_issue:
        raise UsageProblem(f"{name} is a newsletter; Word has its letters alone.")
    letterhead = mail.letterhead
    dated = campaign.definition.letter.date or mail.today
    found = [one for one in _letters(mail, campaign, letterhead, dated) if not client or _is(one[0], client)]
    if not found:
        whom = f"for {client!r}" if client else "to write"
        raise UsageProblem(f"there is no letter {whom} in {name}.", todo=f"Look at `mailer plan {name}`.")
    made = dict(_merge(found, letterhead, mail) if merge else _documents(found, letterhead, mail))
    folder = mail.root / FOLDER / name
    beside = folder.with_name(f".{name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    for file, content in made.items():
        (beside / file).write_bytes(content)
    shutil.rmtree(folder, ignore_errors=True)
    beside.rename(folder)
    return WordFiles(tuple(folder / file for file in made), len(found))


def _letters(
    mail: MailFolder, campaign: Campaign, letterhead: Letterhead, dated: date
) -> Iterator[tuple[Client, WordLetter]]:
    texts = Letters(mail.settings, campaign, dated, inputs_digest(mail.settings, campaign, letterhead))
    firm = mail.settings.firm
    windows = mail.settings.stationery.envelope is Envelope.DOUBLE_WINDOW
    sender = (firm.name, *firm.address.lines()) if windows else ()
    known: set[str] = set()
    for part in wanted_letters(mail, campaign, written_letters(mail, campaign, texts)):
        for wanted in part:
            if wanted.facts.second:
                continue  # the same pages
            if not isinstance(wanted.content, Written):
                raise TypeError("a letter's content is a Written")
            client = wanted.content.client
            reference = reference_of(campaign, client)
            if reference in known:
                raise MailerError(f"two letters would have the reference {reference}.", where=campaign.path)
            known.add(reference)
            letter = replace(letter_of(campaign, dated, wanted.content), reference=reference)
            enclosed = tuple((title, tuple(blocks(html))) for title, html in letter.enclosed)
            body = tuple(blocks(letter.body_html))
            yield client, WordLetter(letter, wanted.recipient, sender, body, enclosed)


def _is(client: Client, named: str) -> bool:
    wanted = named.casefold()
    return wanted in (client.number.casefold(), client.email.casefold(), client.name.casefold())


def _documents(
    found: Sequence[tuple[Client, WordLetter]], letterhead: Letterhead, mail: MailFolder
) -> Iterator[tuple[str, bytes]]:
    for at in range(0, len(found), AT_ONCE):
        part = [letter for _, letter in found[at : at + AT_ONCE]]
        name = f"letters-{at // AT_ONCE + 1}.docx" if len(found) > AT_ONCE else "letters.docx"
        yield name, letters_docx(part, letterhead, mail.settings, pre_printed=_pre_printed(mail))


def _merge(
    found: Sequence[tuple[Client, WordLetter]], letterhead: Letterhead, mail: MailFolder
) -> Iterator[tuple[str, bytes]]:
    made = merging([letter for _, letter in found])
    pre_printed = _pre_printed(mail)
    yield (
        "merge.docx",
        letters_docx([made.main], letterhead, mail.settings, pre_printed=pre_printed, fields=set(made.names)),
    )
    text = io.StringIO(newline="")
    csv.writer(text).writerows([made.names, *made.rows])
    yield "data.csv", text.getvalue().encode("utf-8-sig")


def _pre_printed(mail: MailFolder) -> bool:
    return mail.settings.stationery.paper is Paper.PRE_PRINTED
