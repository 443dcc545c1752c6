"""What must not be approved: texts that `mailer new` wrote and nobody replaced, an issue for nobody."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date

from mailer.campaign.kind import Starter
from mailer.campaign.loading import FOLDER, Campaign
from mailer.errors import FileProblems, MailerError, Problem
from mailer.making import issue as issues
from mailer.planning.mailfolder import MailFolder


def require_written(campaign: Campaign) -> None:
    """Raises FileProblems naming every text that is still the example that `mailer new` wrote.

    Texts that only state the facts, as a notice's do, may stay as they are.
    """
    found = list(unwritten(campaign))
    if found:
        raise FileProblems(
            found, todo="Nothing was approved. Write them, or remove the file of a section that has nothing."
        )


def unwritten(campaign: Campaign) -> Iterator[Problem]:
    """The texts that are still examples."""
    examples = campaign.kind.starter(Starter(campaign.name, date(2027, 1, 1), date(2027, 1, 1)))
    if campaign.kind.is_issue:
        for file, source in campaign.texts.items():
            if source.text.strip() == examples.get(file, "").strip() and "{{" not in source.text:
                yield Problem(source.path, 0, "is still the example text that `mailer new` wrote.")
    for name, words in campaign.definition.facts.items():
        if "…" in words:
            yield Problem(campaign.path, 0, f"[facts] {name} is still to be written.")
    policy = campaign.definition.policy
    if policy is not None:
        example = tomllib.loads(examples["campaign.toml"])["policy"]
        if (policy.name, policy.change) == (example["name"], example["change"]):
            yield Problem(campaign.path, 0, "[policy] is still the example that `mailer new` wrote.")


def require_readers(mail: MailFolder, issue: Campaign) -> None:
    """Raises MailerError where nobody would get the issue."""
    if next(issues.wanted_newsletters(mail, issue, ""), None) is None:
        raise MailerError(
            "nobody would get this issue.",
            where=issue.path,
            todo=f"Look at [audience] in {FOLDER}/{issue.name}, and at `mailer clients list`.",
        )
