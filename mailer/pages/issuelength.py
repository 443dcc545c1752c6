"""How long an issue is, said in words: what is too long for its pages, or too short."""

from __future__ import annotations

from typing import Final

from mailer.errors import MailerError
from mailer.pages.copyfit import Trial
from mailer.pages.issuepages import NewsletterPages
from mailer.pages.valuemarks import plain


def half_empty(issue: NewsletterPages, trial: Trial) -> str:
    """What would make one sheet of an issue of two that leaves much of them empty."""
    pages = trial.setting.pages
    words, longest = _words(issue)
    more = sum(words.values()) * trial.left / trial.used
    empty = f"{_empty(trial):.1f} of the {pages} pages stay empty, and each copy takes two sheets."
    fewest = trial.setting.theme.pages[0]
    if trial.room(fewest) >= 1:  # by its area it fits: what can't be parted doesn't
        shortest = min(words, key=lambda title: words[title])
        return (
            f"{empty} It nearly takes one: leave out a picture, or a part such as {shortest} with "
            f"{words[shortest]:,} words."
        )
    return (
        f"{empty} With some {_less(words, trial, fewest):.0f} words less it takes one; the longest part is "
        f"{longest} with {words[longest]:,}. Some {round(more, -1):,.0f} more would fill them."
    )


def roomy_booklet(trial: Trial) -> str:
    """What would fill a booklet of the fewest pages."""
    pages = trial.setting.pages
    return (
        f"{_empty(trial):.1f} of the booklet's {pages} pages stay empty. Add articles, or write sheets = "
        '"loose" under [newsletter] in mailer.toml.'
    )


def no_booklet(issue: NewsletterPages, trial: Trial) -> MailerError:
    """An issue of so many pages as no folded sheets have: six, between four and eight."""
    fewest, most = trial.setting.theme.pages
    words, _ = _words(issue)
    more = sum(words.values()) * trial.left / trial.used
    return MailerError(
        f"the issue fills {most - _empty(trial):.0f} pages; a booklet has {fewest} or {most}.",
        where=issue.name,
        todo=f"Take out some {_less(words, trial, fewest):.0f} words, or add some {round(more, -1):.0f}; or "
        'write sheets = "loose" under [newsletter] in mailer.toml.',
    )


def too_long(issue: NewsletterPages, trial: Trial) -> MailerError:
    """`trial` is the tightest setting."""
    theme = trial.setting.theme
    most, pages = theme.pages[-1], len(trial.document.pages) - theme.backs
    words, longest = _words(issue)
    total = sum(words.values())
    return MailerError(
        f"the issue needs {pages} pages, however closely it is set; {_MOST[most]} the most.",
        where=issue.name,
        todo=f"Shorten it by about {_less(words, trial, most):.0f} of its {total:,} words; "
        f"the longest part is {longest} with {words[longest]:,}.",
    )


_MOST: Final = {1: "one is", 4: "four are", 8: "eight are"}


def _words(issue: NewsletterPages) -> tuple[dict[str, int], str]:
    """The words of each part, and which is the longest."""
    words = {
        f'{section.key}.md ("{section.title}")': len(plain(section.html).split())
        for section in issue.sections
    }
    words |= {f'"{notice.title}"': len(plain(notice.html).split()) for notice in issue.notices}
    return words, max(words, key=lambda title: words[title])


def _less(words: dict[str, int], trial: Trial, pages: int) -> float:
    """How many words less would fit on so many pages."""
    less = sum(words.values()) * (1 - trial.room(pages))
    return max(10, round(less + 5, -1))


def _empty(trial: Trial) -> float:
    """How many of its pages an issue leaves empty."""
    return trial.setting.pages * trial.left / (trial.left + trial.used)
