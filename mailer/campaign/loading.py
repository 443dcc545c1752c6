"""A campaign folder read into a frozen record, with all its problems at once.

A folder `campaigns/NAME` holds `campaign.toml` and the Markdown files that its kind takes.
Only that folder is read; a name is a slug, so it can't lead elsewhere.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

from mailer.campaign.definition import NONE, Definition
from mailer.campaign.kind import Kind
from mailer.campaign.kinds import kind_named
from mailer.campaign.policyfile import PolicyVersion, load_policies, policy_on
from mailer.errors import FileProblems, MailerError, Problem, UsageProblem
from mailer.givenfile import names_in
from mailer.ledger.kinds import Medium
from mailer.segment import LONGEST_NAME, NAME
from mailer.tomlfile import line_of, parse, parse_data, read_text

FOLDER: Final = "campaigns"
DEFINITION: Final = "campaign.toml"
LETTER: Final = "letter.md"
ARTICLE: Final = "article.md"
_OF_A_KIND: Final = ("effective", "rates", "limits", "supersedes", "policy", "issue", "gives", "complaint")


@dataclass(frozen=True, slots=True)
class MarkdownFile:
    """One Markdown file: its text, and its path as errors name it."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign as it stands in its folder. `texts` maps file name to source."""

    name: str
    folder: Path
    kind: Kind
    definition: Definition
    definition_text: str
    texts: dict[str, MarkdownFile]
    policies: tuple[PolicyVersion, ...] = ()  # that its letter gives

    @property
    def path(self) -> str:
        """The definition's path as errors name it."""
        return f"{FOLDER}/{self.name}/{DEFINITION}"

    @property
    def effective(self) -> date:
        """The effective date of a campaign that has one (every kind but the newsletter)."""
        if self.definition.effective is None:
            raise MailerError("has no effective date: a newsletter only carries notices.", where=self.path)
        return self.definition.effective

    @property
    def media(self) -> tuple[Medium, ...]:
        """Those in which the firm's own habit wants it said."""
        notice = self.definition.notice
        if notice.media is not None:
            return notice.media
        return tuple(
            one for one in self.kind.media if one is not Medium.NEWSLETTER or notice.newsletter != NONE
        )

    def digest(self) -> str:
        """SHA-256 over the definition and every text: what an approval is an approval of."""
        parts = [(DEFINITION, self.definition_text)]
        parts += [(file, self.texts[file].text) for file in sorted(self.texts)]
        parts += [(one.path, one.digest) for one in self.policies]
        lines = (f"{hashlib.sha256(text.encode()).hexdigest()} {file}\n" for file, text in parts)
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def article_digest(self) -> str:
        """SHA-256 of the article, and of the definition and the policies that its facts come from."""
        parts = (self.definition_text, self.texts[ARTICLE].text, *(one.digest for one in self.policies))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def check_name(name: str) -> str:
    """`name` if it can name a campaign. Raises UsageProblem for a path, spaces, and the like."""
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        raise UsageProblem(
            f"{name!r} is not a campaign's name.",
            todo=f"Use lower-case letters, digits and single hyphens, at most {LONGEST_NAME}: 2027-rates.",
        )
    return name


def campaign_names(root: Path) -> tuple[str, ...]:
    """The names of all campaigns of a mail folder, sorted."""
    folder = root / FOLDER
    return tuple(
        name for name in names_in(folder) if NAME.fullmatch(name) and (folder / name / DEFINITION).exists()
    )


def loaded_campaigns(root: Path) -> Iterator[Campaign]:
    """The campaigns that can be read; of the others their own commands say what is wrong."""
    for name in campaign_names(root):
        with suppress(MailerError):
            yield load_campaign(root, name)


def readable(root: Path, name: str) -> Campaign | None:
    """The campaign, None where its files are wrong: what is printed may go whatever became of them."""
    try:
        return load_campaign(root, name)
    except MailerError:
        return None


def load_campaign(root: Path, name: str, *, beside: Path | None = None) -> Campaign:
    """The campaign `name`. `beside` is the mail folder of the campaigns that it may name, else `root`.

    Raises FileProblems with everything wrong in its files.
    """
    folder = root / FOLDER / check_name(name)
    shown = f"{FOLDER}/{name}/{DEFINITION}"
    if not (folder / DEFINITION).is_file():
        known = campaign_names(root)
        raise UsageProblem(
            f"there is no campaign {name!r}: {shown} does not exist.",
            todo=f"Known here: {', '.join(known)}." if known else f"Make one: mailer new rate-notice {name}",
        )
    text = read_text(folder / DEFINITION)
    kind, problems = _kind_of(text, shown)
    texts, missing = _texts(folder, f"{FOLDER}/{name}", kind)
    try:
        definition = _definition(text, shown)
    except FileProblems as error:
        raise FileProblems([*error.problems, *problems, *missing]) from None
    if kind is not None:
        problems += _keys_of_kind(kind, definition, text, shown)
    problems += _off_the_page(definition, text, shown)
    problems += _superseding(beside or root, name, definition.supersedes, text, shown)
    policies = tuple(_given(beside or root, definition, text, shown, problems))
    if problems or missing or kind is None:
        raise FileProblems(problems + missing)
    return Campaign(name, folder, kind, definition, text, texts, policies)


@lru_cache(maxsize=256)  # a month looks into every campaign many times
def _definition(text: str, shown: str) -> Definition:
    return parse(text, Definition, shown=shown)


def _given(
    root: Path, definition: Definition, text: str, shown: str, problems: list[Problem]
) -> Iterator[PolicyVersion]:
    """The policies that the letter gives; what is wrong with them is added to `problems`."""
    if not definition.gives or definition.effective is None:
        return
    try:
        known = load_policies(root)
    except FileProblems as error:
        problems += error.problems
        return
    for name in definition.gives:
        found = policy_on(known, name, definition.effective)
        if found is not None:
            yield found
            continue
        line, names = line_of(text, ("gives",)), sorted({one.name for one in known})
        if name in names:
            told = f"no version of {name!r} is in force on {definition.effective}; see `mailer policy list`"
        else:
            told = f"there is no policy {name!r}; known: {', '.join(names) or 'none'}"
        problems.append(Problem(shown, line, f"gives: {told}"))


def _kind_of(text: str, shown: str) -> tuple[Kind | None, list[Problem]]:
    """The kind that the definition names, known before the rest of it is right or wrong."""
    name = parse_data(text, shown=shown).get("kind")
    if not isinstance(name, str):
        return None, []  # the definition's own check says so
    try:
        return kind_named(name), []
    except ValueError as error:
        return None, [Problem(shown, line_of(text, ("kind",)), f"kind: {error}")]


def _keys_of_kind(kind: Kind, definition: Definition, text: str, shown: str) -> list[Problem]:
    given = {key for key in _OF_A_KIND if getattr(definition, key) and key in definition.model_fields_set}
    problems = _of_one_client(definition, text, shown) if kind.private else []
    problems += [
        Problem(shown, 0, f"{key!r} is missing; a {kind.name} must state it")
        for key in kind.needs
        if key not in given
    ]
    problems += [
        Problem(shown, line_of(text, (key,)), f"{key!r} does not belong in a {kind.name}")
        for key in sorted(given - set(kind.needs) - set(kind.takes))
    ]
    return problems


def _off_the_page(definition: Definition, text: str, shown: str) -> Iterator[Problem]:
    """The client page is for everybody: no price stands on it, and nothing of one client."""
    if Medium.PAGE in (definition.notice.media or ()) and (definition.rates or definition.audience.only):
        what = "a price" if definition.rates else "what concerns one client"
        told = f'media: "page" never states {what}; leave it out'
        yield Problem(shown, line_of(text, ("notice", "media")), told)


def _of_one_client(definition: Definition, text: str, shown: str) -> list[Problem]:
    audience = definition.audience
    if len(audience.only) == 1 and not audience.include:
        return []
    told = f'a {definition.kind} goes to one client alone: [audience] only = ["CF-1004"]'
    return [Problem(shown, line_of(text, ("audience",)), told)]


def _superseding(root: Path, name: str, other: str, text: str, shown: str) -> Iterator[Problem]:
    """What is wrong with the campaign that this one supersedes: it must be another notice of new rates."""
    if not other:
        return
    known = [found for found in campaign_names(root) if found != name]
    if other == name:
        why = "names this campaign itself; write the name of the one whose letters it replaces"
    elif other not in known:
        close = difflib.get_close_matches(other, known, n=1)
        hint = f"perhaps you meant {close[0]!r}" if close else f"known here: {', '.join(known) or 'none'}"
        why = f"there is no campaign {other!r}; {hint}"
    else:
        path = f"{FOLDER}/{other}/{DEFINITION}"
        try:
            kind, _ = _kind_of(read_text(root / path), path)
        except MailerError:
            return  # its own faults are reported where it is loaded
        if kind is None or "rates" in kind.needs:
            return
        why = f"{other!r} is a {kind.name}, whose letters state no rates"
    yield Problem(shown, line_of(text, ("supersedes",)), f"supersedes: {why}")


def _files(folder: Path, kind: Kind) -> tuple[tuple[str, bool], ...]:
    """The texts that a campaign reads: its kind's; of an issue all there are, as sections are the firm's."""
    if kind.is_issue:
        return tuple((path.name, False) for path in sorted(folder.glob("*.md")))
    return kind.files


def _texts(folder: Path, shown: str, kind: Kind | None) -> tuple[dict[str, MarkdownFile], list[Problem]]:
    texts: dict[str, MarkdownFile] = {}
    problems: list[Problem] = []
    for file, required in _files(folder, kind) if kind else ():
        path = folder / file
        try:
            if path.is_file():
                texts[file] = MarkdownFile(f"{shown}/{file}", read_text(path))
        except MailerError as error:
            problems.append(Problem(f"{shown}/{file}", 0, error.what))
            continue
        if required and not (file in texts and texts[file].text.strip()):
            problems.append(Problem(f"{shown}/{file}", 0, "is missing or empty; write the text there"))
    return texts, problems
