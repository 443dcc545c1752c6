"""A text written in Word becomes the Markdown of a campaign: a letter's, an article's, a section's.

Nothing that a person wrote is overwritten: only the example that `mailer new` put there, or what `--replace`
names.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mailer.campaign.loading import FOLDER, load_campaign
from mailer.errors import MailerError, UsageProblem
from mailer.givenfile import read_given
from mailer.making.drafts import unwritten
from mailer.newsletter.frontmatter import split_front
from mailer.newsletter.sections import sections_of
from mailer.pages.composition import compile_text
from mailer.pages.word.incoming import markdown_of
from mailer.planning.mailfolder import MailFolder
from mailer.store.files import write_whole

LARGEST: Final = 100_000_000  # bytes of a Word file


@dataclass(frozen=True, slots=True)
class Imported:
    """The text's file, its pictures', how many words it has, and what of the document was lost; `is_section`
    of an issue.
    """

    file: Path
    pictures: tuple[Path, ...]
    words: int
    lost: tuple[str, ...]
    is_section: bool


def import_word(mail: MailFolder, document: Path, name: str, part: str, *, replace: bool = False) -> Imported:
    """Write `document` as campaigns/NAME/PART.md. Raises UsageProblem, MailerError: nothing was written."""
    campaign = load_campaign(mail.root, name)
    file = f"{part}.md"
    known = [one for one, _ in campaign.kind.files]
    if campaign.kind.is_issue:
        known = [f"{section.name}.md" for section in sections_of(mail.settings.newsletter)]
    if file not in known:
        raise UsageProblem(
            f"{part!r} is no text of {name}.",
            todo=f"It has {', '.join(one.removesuffix('.md') for one in known)}.",
        )
    target = campaign.folder / file
    shown = f"{FOLDER}/{name}/{file}"
    held = campaign.texts.get(file)
    example = held is not None and any(one.path == held.path for one in unwritten(campaign))
    if held is not None and held.text.strip() and not example and not replace:
        raise MailerError(
            "is written already; nothing was changed.", where=shown, todo="To write over it: --replace."
        )
    content = read_given(document, LARGEST)
    made = markdown_of(content, stem=part, where=document.name, is_section=campaign.kind.is_issue)
    pictures = tuple(campaign.folder / picture for picture in made.pictures)
    _, text = split_front(made.text, shown)
    compile_text(text, path=shown, folder=campaign.folder)  # what can't be read back is not written
    for path, content in zip(pictures, made.pictures.values(), strict=True):
        write_whole(path, content)
    write_whole(target, made.text.encode())
    return Imported(target, pictures, len(text.split()), made.lost, campaign.kind.is_issue)
