"""Letters and articles composed for real clients, and checked: every required fact is in the rendered text.

All of it happens before any PDF is made. A problem names the file, the line where one is to blame, and
the client.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from mailer.campaign.context import client_fields, common_fields, issue_fields, policy_fields
from mailer.campaign.facts import Fact, as_lines, missing
from mailer.campaign.loading import ARTICLE, LETTER, Campaign
from mailer.campaign.policyfile import PolicyVersion
from mailer.campaign.rates import ClientChange
from mailer.campaign.stated import declared
from mailer.clients.addresses import block, parts
from mailer.clients.record import Client
from mailer.errors import FileProblems, LetterProblem, MailerError, Problem
from mailer.making.enclosedfiles import enclosed_issues
from mailer.making.inputs import digest_of
from mailer.newsletter.frontmatter import Front, split_front
from mailer.newsletter.sections import sections_of
from mailer.notice.rules import Rule
from mailer.pages.composition import CompiledText, Composed, compile_text, normalise
from mailer.planning.audience import Finding
from mailer.planning.route import goes_by_email, may_be_emailed
from mailer.settings import Envelope, NewsletterSection, Settings

FROM_NEWSLETTER: Final = "From our newsletter"  # above an article that is enclosed
MOST: Final = 20  # problems shown at once


@dataclass(frozen=True, slots=True)
class Written:
    """One client's letter as text, and where it goes: by e-mail where it may, `email` is the address then.

    `source` is what its text was made from. `in_window`: the envelope shows the firm's address.
    """

    client: Client
    change: ClientChange
    rules: tuple[Rule, ...]
    composed: Composed
    source: tuple[str, ...]
    enclosed: tuple[tuple[str, Composed], ...]  # the title and text of each policy, and of an article
    recipient: tuple[str, ...]
    email: str
    second: bool  # to the mailing address, where the first goes to the notice address; or its copy
    in_window: bool

    @property
    def digest(self) -> str:
        """SHA-256 of all that decides what is printed."""
        return self.digest_at(self.recipient, self.email)

    def digest_at(self, recipient: tuple[str, ...], email: str) -> str:
        """The digest of this letter with another address block and e-mail address."""
        return digest_of((*self.source, *recipient, email))


class Letters:
    """The letters of one campaign, dated `dated`, under the inputs that `inputs` is the digest of.

    Who opted out of the newsletter and is given notice has its article in the letter's envelope.
    """

    def __init__(self, settings: Settings, campaign: Campaign, dated: date, inputs: str) -> None:
        source = campaign.texts[LETTER]
        self._text = compile_text(source.text, path=source.path, folder=campaign.folder)
        self._campaign = campaign
        self._folder = campaign.folder.as_uri()
        self._dated = dated
        self._fields = common_fields(settings, campaign, dated)
        self._profile = settings.on(campaign.effective)
        self._in_window = settings.stationery.envelope is Envelope.DOUBLE_WINDOW
        self._by_email = goes_by_email(settings, campaign)
        self._facts = declared(campaign)
        self._enclosed = tuple((one.title, policy_text(settings, one, dated)) for one in campaign.policies)
        announced = campaign.kind.is_notice and not campaign.kind.private and ARTICLE in campaign.texts
        self._issues = bool(enclosed_issues(campaign))
        self._article = (FROM_NEWSLETTER, article(settings, campaign, dated)) if announced else None
        common = [repr(self._text.reads(self._fields)), *map(self._html, self._enclosed)]
        self._common = (inputs, dated.isoformat(), digest_of(common))
        self._facts_of = lru_cache(maxsize=65_536)(self.facts)

    def write_all(self, client: Client, found: Finding) -> tuple[Written, ...]:
        """The letter to each address that its contract asks for, and its copy by e-mail.

        Raises MailerError naming file, line and client.
        """
        change = found.change
        composed = _composed(self._text, {**self._fields, "client": client_fields(client, change)}, client)
        whole = " ".join((composed.text, *(f"{title} {part.text}" for title, part in self._enclosed)))
        _require(self._facts_of(change), whole, self._campaign.texts[LETTER].path, client)
        enclosed = (*self._enclosed, *self._own_article(client))
        source = self._source(client, change)
        return tuple(
            Written(client, change, found.rules, composed, source, enclosed, *way)
            for way in self._ways(client, found.rules)
        )

    def digests(self, client: Client, found: Finding) -> frozenset[str]:
        """Those of the letters that `write_all` would compose."""
        source = self._source(client, found.change)
        ways = self._ways(client, found.rules)
        return frozenset(digest_of((*source, *recipient, email)) for recipient, email, *_ in ways)

    def _source(self, client: Client, change: ClientChange) -> tuple[str, ...]:
        """What the letter's text is made from: what its template reads, what it must state, what is enclosed.
        Equal sources are composed to equal texts.
        """
        own = {"client": client_fields(client, change)}
        return (
            *self._common,
            client.salutation,
            repr(self._text.reads(own)),
            as_lines(self._facts_of(change)),
            "".join(map(self._html, self._own_article(client))),
            "without the issue" if self._issues and not client.newsletter else "",
        )

    def _own_article(self, client: Client) -> tuple[tuple[str, Composed], ...]:
        return (self._article,) if self._article and not client.newsletter else ()

    def _html(self, part: tuple[str, Composed]) -> str:
        return part[1].html.replace(self._folder, "")

    def _ways(
        self, client: Client, rules: tuple[Rule, ...]
    ) -> Iterator[tuple[tuple[str, ...], str, bool, bool]]:
        """What a Written ends with, for each address that the contract asks for."""
        email = client.email if self._by_email and may_be_emailed(self._campaign, rules) else ""
        in_window = self._in_window and not email
        yield recipient_of(client), email, False, in_window
        if client.has_two_addresses and any(rule.to_both for rule in rules):
            yield recipient_of(client, second=True), email, True, in_window
        elif self._by_email and client.email and any(rule.copied for rule in rules):
            yield recipient_of(client, second=True), client.email, True, False

    def facts(self, change: ClientChange) -> tuple[Fact, ...]:
        """What the letter to a client with that change must state."""
        kind, definition = self._campaign.kind, self._campaign.definition
        return (*kind.letter_facts(definition, self._profile, change), *self._facts)

    def require(self, written: Written, text: str, *, path: str) -> None:
        """Raises MailerError where `text`, a letter that a person finished, does not state its facts."""
        _require(self.facts(written.change), normalise(text), path, written.client)


def recipient_of(client: Client, *, second: bool = False) -> tuple[str, ...]:
    """The address block of a notice to this client, as printed; `second`: of that to its mailing address."""
    return block(client.name, attention_of(client, second=second), client.place(second=second))


def attention_of(client: Client, *, second: bool) -> str:
    """For whose attention it is there: the person that the contract names, or the contact."""
    contact = client.contact if client.company else ""
    return contact if second else client.notice_to or contact


def parts_of(client: Client, email: str = "", *, second: bool = False) -> dict[str, str]:
    """The same recipient in parts, for a service that prints the address block itself."""
    return parts(client.name, attention_of(client, second=second), client.place(second=second), email)


def article(settings: Settings, campaign: Campaign, dated: date) -> Composed:
    """The campaign's article in an issue dated `dated`. Raises MailerError naming file and line."""
    source = campaign.texts[ARTICLE]
    text = compile_text(source.text, path=source.path, folder=campaign.folder)
    composed = _composed(text, common_fields(settings, campaign, dated), None)
    profile = settings.on(campaign.effective)
    facts = (*campaign.kind.common_facts(campaign.definition, profile),)
    if not campaign.kind.private:
        facts += declared(campaign)
    # The headline is the campaign's title, so what it states is stated.
    _require(facts, f"{campaign.definition.title} {composed.text}", source.path, None)
    return composed


def policy_text(settings: Settings, policy: PolicyVersion, day: date) -> Composed:
    """The policy as it is read on `day`. Raises MailerError naming file and line."""
    text = compile_text("\n" * (policy.line - 1) + policy.text, path=policy.path)
    return text.compose(policy_fields(settings, policy, day))


def reads_otherwise(settings: Settings, policy: PolicyVersion, day: date) -> bool:
    """Whether the profile has changed what the policy says since its first day."""
    return policy_text(settings, policy, day).html != policy_text(settings, policy, policy.effective).html


@dataclass(frozen=True, slots=True)
class SectionText:
    """A section as this issue has it: its place among the firm's, the words before it, its text."""

    section: NewsletterSection
    front: Front
    text: Composed


def sections(settings: Settings, issue: Campaign, dated: date) -> list[SectionText]:
    """Each section that the issue has, in the order of its pages. Raises FileProblems for a file of none."""
    fields = issue_fields(settings, issue, dated)
    known = sections_of(settings.newsletter)
    names = {f"{one.name}.md" for one in known}
    strange = [source.path for file, source in issue.texts.items() if file not in names]
    if strange:
        said = f"is no section of the newsletter; there are {', '.join(one.name for one in known)}"
        raise FileProblems(
            [Problem(path, 0, f"{said}.") for path in strange],
            todo="Rename it, or put the section into [[newsletter.sections]] in mailer.toml.",
        )
    made = []
    for section in known:
        source = issue.texts.get(f"{section.name}.md")
        if source is not None and source.text.strip():
            front, rest = split_front(source.text, source.path)
            text = compile_text(rest, path=source.path, folder=issue.folder)
            made.append(SectionText(section, front, _composed(text, fields, None)))
    return made


def _composed(text: CompiledText, fields: dict[str, object], client: Client | None) -> Composed:
    try:
        return text.compose(fields)
    except MailerError as error:
        if client is None:
            raise
        raise LetterProblem(error.what, _named(client), where=error.where, todo=error.todo) from None


def _require(facts: Iterable[Fact], text: str, path: str, client: Client | None) -> None:
    needles = [Fact(fact.name, normalise(fact.words), fact.drawn) for fact in facts]
    absent = missing(needles, text)
    if absent:
        named: dict[tuple[str, str], list[str]] = {}
        for fact in absent:
            named.setdefault((fact.name, fact.drawn), []).append(f"“{fact.words}”")
        each = (
            f"the {name} {', '.join(words)}{f' ({{{{ {field} }}}})' if field else ''}"
            for (name, field), words in named.items()
        )
        what, todo = f"does not state {'; '.join(each)}.", "Name it as a field, so that it is exact."
        raise (
            LetterProblem(what, _named(client), where=path, todo=todo)
            if client
            else MailerError(what, where=path, todo=todo)
        )


def _named(client: Client) -> str:
    return f"{client.number} {client.name}".strip()
