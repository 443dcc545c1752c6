"""What the client page says on a day: the profile, the policies, the closings, the issues that were mailed.

The page repeats what is said on paper. So a change to come stands on it once letters that announce it were
mailed, and an issue once it was mailed: the PDF that was approved, and the text inside it. Today's files of
an issue are not read for what it said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from mailer.campaign.loading import Campaign, loaded_campaigns
from mailer.campaign.policyfile import PolicyVersion, load_policies, policy_on
from mailer.campaign.stated import fact_of
from mailer.errors import FileProblems, MailerError, Problem
from mailer.making.documents import policy_text, reads_otherwise
from mailer.pages.issuetext import screen_of, text_of
from mailer.planning.issuedates import month_of
from mailer.planning.mailfolder import MailFolder
from mailer.profile import Holiday, Profile
from mailer.standing.newhours import NewHours, hours_to_come, unannounced
from mailer.standing.saidotherwise import said_otherwise
from mailer.store.engine import Session
from mailer.store.mailings import mailing_named
from mailer.store.pieces import first_mailed, pieces


@dataclass(frozen=True, slots=True)
class PagePolicy:
    """A policy on the page; `html` is a `Composed.html`, `given_by` are the mailed campaigns that give it;
    `changed`: the profile says other things than on its first day.
    """

    policy: PolicyVersion
    html: str
    given_by: tuple[str, ...]
    changed: bool

    @property
    def label(self) -> str:
        return self.policy.label

    @property
    def title(self) -> str:
        return self.policy.title

    @property
    def effective(self) -> date:
        return self.policy.effective


@dataclass(frozen=True, slots=True)
class ArchivedIssue:
    """An issue that was mailed, from the approved PDF: its pages for a screen, and its text as HTML, "" where
    the PDF has none. `carries` are campaigns whose articles it has.
    """

    name: str
    title: str
    mailed: date
    pdf: bytes
    html: str
    carries: tuple[str, ...] = ()

    @property
    def page(self) -> str:
        """Where it is read on the page."""
        return f"issues/{self.name}.{'html' if self.html else 'pdf'}"


@dataclass(frozen=True, slots=True)
class SiteContent:
    """Everything on the page.

    `changes` is the next day on which something counts as mailed that was handed over already; `otherwise`
    are the campaigns whose mailed letters say something else than the files, which the page follows;
    `unannounced` is a day on which the hours change and no campaign says so.
    """

    day: date
    profile: Profile
    coming: tuple[NewHours, ...]
    policies: tuple[PagePolicy, ...]
    closings: tuple[Holiday, ...]
    issues: tuple[ArchivedIssue, ...]
    changes: date | None
    otherwise: tuple[str, ...]
    unannounced: date | None

    @property
    def announced(self) -> tuple[str, ...]:
        """The campaigns of which the page says what their letters say."""
        hours = (one.campaign for one in self.coming)
        policies = (name for one in self.policies for name in one.given_by)
        articles = (name for one in self.issues for name in one.carries)
        return tuple(sorted({*hours, *policies, *articles} - set(self.otherwise)))


def content_on(mail: MailFolder, day: date) -> SiteContent:
    """The content of `day`. Raises FileProblems with every issue whose pages are missing."""
    known = tuple(loaded_campaigns(mail.root))
    with mail.store.read() as session:
        handed_over = {one.name: on for one in known if (on := first_mailed(session, one.name))}
        mailed = {name: on for name, on in handed_over.items() if on <= day}
        issues, problems = _issues(session, mail, known, mailed)
        coming = tuple(hours_to_come(session, mail, known, day))
        otherwise = {one.name: names for one in known if (names := said_otherwise(session, mail, one))}
        problems += _edited(known, otherwise)
    if problems:
        raise FileProblems(problems, todo="The page was not written.")
    profile = mail.settings.on(day)
    return SiteContent(
        day,
        profile,
        coming,
        tuple(_policies(mail, day, _given(known, mailed))),
        profile.holidays,
        issues,
        min((on for on in handed_over.values() if on > day), default=None),
        tuple(otherwise),
        unannounced(mail, known),
    )


def _edited(known: tuple[Campaign, ...], otherwise: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    """The policies that were edited after letters gave them: nobody was given what they say now."""
    for one in known:
        for policy in one.policies:
            if fact_of(policy).name in otherwise.get(one.name, ()):
                way = "Put back what was mailed, or write the next version (docs/policies.md)."
                yield Problem(policy.path, 0, f"was edited after letters of {one.name} gave it. {way}")


def _given(known: tuple[Campaign, ...], mailed: dict[str, date]) -> dict[str, tuple[str, ...]]:
    """The labels of the versions that mailed letters gave, each with the campaigns that did."""
    found: dict[str, tuple[str, ...]] = {}
    for one in known:
        for policy in one.policies if one.name in mailed and not one.kind.private else ():
            found[policy.label] = (*found.get(policy.label, ()), one.name)
    return found


def _policies(mail: MailFolder, day: date, given: Mapping[str, tuple[str, ...]]) -> list[PagePolicy]:
    """The versions in force, and those to come that were given already."""
    versions = load_policies(mail.root)
    shown = [
        one
        for one in versions
        if policy_on(versions, one.name, day) == one or (one.effective > day and one.label in given)
    ]
    return [
        PagePolicy(
            one,
            policy_text(mail.settings, one, day).html,
            given.get(one.label, ()),
            reads_otherwise(mail.settings, one, day),
        )
        for one in shown
    ]


def _issues(
    session: Session, mail: MailFolder, known: tuple[Campaign, ...], mailed: dict[str, date]
) -> tuple[tuple[ArchivedIssue, ...], list[Problem]]:
    """The mailed issues, the newest first, and what is wrong with others."""
    found, problems = [], []
    for one in sorted((each for each in known if each.kind.is_issue), key=month_of, reverse=True):
        mailing = mailing_named(session, one.name)
        if one.name not in mailed or mailing is None:
            continue
        piece = next(each for each in pieces(session, mailing) if each.counts_on == mailed[one.name])
        try:
            pdf = mail.store.files.get(piece.file)
        except MailerError as error:
            problems.append(
                Problem(error.where or one.path, 0, f"{error.what} Restore files/ from a backup.")
            )
            continue
        shown, text = screen_of(pdf), text_of(pdf)
        carries = one.definition.issue.carries if one.definition.issue else ()
        found.append(ArchivedIssue(one.name, one.definition.title, mailed[one.name], shown, text, carries))
    return tuple(found), problems
