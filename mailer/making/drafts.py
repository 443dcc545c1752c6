"""What must not be approved: texts that `mailer new` wrote and nobody replaced, an issue for nobody."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date

from mailer import shipped
from mailer.campaign.kind import Starter
from mailer.campaign.kinds.disengagement import KIND as DISENGAGEMENT
from mailer.campaign.kinds.disengagement import last_day_of
from mailer.campaign.kinds.reminder import KIND as REMINDER
from mailer.campaign.loading import FOLDER, Campaign
from mailer.campaign.wording import date_words
from mailer.errors import FileProblems, MailerError, Problem, UsageProblem
from mailer.making import issue as issues
from mailer.making.enclosedfiles import enclosed_issues
from mailer.making.ownprofile import blanks
from mailer.notice.words import together
from mailer.planning.givenpolicies import given_to
from mailer.planning.mailfolder import MailFolder
from mailer.settings import FILE
from mailer.tomlfile import line_of, read_text


def require_written(mail: MailFolder, campaign: Campaign) -> None:
    """Raises FileProblems naming every text that is still an example, and what mailer.toml lacks.

    Texts that only state the facts, as a notice's do, may stay as they are.
    """
    found = list(unready(mail, campaign))
    if found:
        raise FileProblems(
            found,
            todo="Nothing was approved. Mend each; a section without a text goes with its file.",
        )


def unready(mail: MailFolder, campaign: Campaign) -> Iterator[Problem]:
    """The texts that are still examples, or the sample firm's in another's name; blanks in mailer.toml."""
    yield from blanks(mail.settings, read_text(mail.root / FILE))
    for one in (campaign, *enclosed_issues(campaign)):
        yield from _of_the_sample(mail, one)
        yield from unwritten(one)
    if campaign.kind is REMINDER:
        yield from _never_given(mail, campaign)
    if campaign.kind is DISENGAGEMENT:
        yield from _other_last_day(campaign)


def unwritten(campaign: Campaign) -> Iterator[Problem]:
    """The texts that are still the examples that `mailer new` wrote."""
    examples = campaign.kind.starter(Starter(campaign.name, date(2027, 1, 1), date(2027, 1, 1)))
    if campaign.kind.is_issue:
        for file, source in campaign.texts.items():
            if file in examples:
                yield from _left_of(examples[file], source.text, source.path)
    for name, words in campaign.definition.facts.items():
        if "…" in words:
            yield Problem(campaign.path, 0, f"[facts] {name} is still to be written.")
    policy = campaign.definition.policy
    if policy is not None:
        example = tomllib.loads(examples["campaign.toml"])["policy"]
        if (policy.name, policy.change) == (example["name"], example["change"]):
            yield Problem(campaign.path, 0, "[policy] is still the example that `mailer new` wrote.")


def _never_given(mail: MailFolder, reminder: Campaign) -> Iterator[Problem]:
    """A day on which the client was given the policy, and the ledger knows no such day."""
    said, definition = reminder.definition.facts.get("given", ""), reminder.definition
    line = line_of(reminder.definition_text, ("facts", "given"))
    for policy in definition.gives[:1] if "…" not in said else ():
        try:
            _, given = given_to(mail, next(iter(definition.audience.only)), policy)
        except UsageProblem as error:
            yield Problem(reminder.path, line_of(reminder.definition_text, ("audience", "only")), error.what)
            continue
        known = [date_words(day) for day in given]
        if said not in known:
            when = f"on {together(known)}" if known else "never"
            told = f"[facts] given: by the ledger {policy} was given to this client {when}, not on {said}."
            yield Problem(reminder.path, line, told)


def _other_last_day(campaign: Campaign) -> Iterator[Problem]:
    """A last day of work that is not the day before the effective date, by which the notice is counted."""
    said, last = campaign.definition.facts.get("last_day", ""), last_day_of(campaign.effective)
    if said not in ("", "…", last):
        ends = (
            f"the engagement ends on {date_words(campaign.effective)}, so its last day is {last}, not {said}."
        )
        line = line_of(campaign.definition_text, ("facts", "last_day"))
        yield Problem(campaign.path, line, f"[facts] last_day: {ends}")


def _left_of(example: str, text: str, path: str) -> Iterator[Problem]:
    """The first line that is still the example's; one with a field in it may stay."""
    told = {line.strip() for line in example.splitlines() if len(line) > len("---") and "{{" not in line}
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() in told:
            yield Problem(path, number, f"“{line.strip():.50}” is still the example text; write your own.")
            return


def _of_the_sample(mail: MailFolder, campaign: Campaign) -> Iterator[Problem]:
    folder = shipped.campaigns()
    if f'"{mail.settings.firm.name}"' in (folder / FILE).read_text(encoding="utf-8"):
        return
    for file, source in campaign.texts.items():
        sample = folder / campaign.name / file
        if sample.is_file() and source.text.strip() == sample.read_text(encoding="utf-8").strip():
            yield Problem(source.path, 0, "is the sample firm's text.")


def require_readers(mail: MailFolder, issue: Campaign) -> None:
    """Raises MailerError where nobody would get the issue."""
    if next(issues.wanted_newsletters(mail, issue, ""), None) is None:
        raise MailerError(
            "nobody would get this issue.",
            where=issue.path,
            todo=f"Look at [audience] in {FOLDER}/{issue.name}, and at `mailer clients list`.",
        )
