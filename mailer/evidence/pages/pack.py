"""evidence.pdf: what was mailed to whom and when, by which rule it is notice, and how that is known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from mailer.campaign.wording import date_words
from mailer.evidence.case import Case, Working
from mailer.evidence.pages.history import (
    drop_blocks,
    long_day,
    never_mailed,
    newsletter,
    production,
    returned,
    sentence,
)
from mailer.evidence.pages.longlists import Lists
from mailer.evidence.pages.schedules import addressee_list, event_list
from mailer.evidence.pages.service import mailed_by, service_list
from mailer.evidence.pages.sheets import (
    Block,
    DataTable,
    Facts,
    Head,
    Note,
    Paragraph,
    Picture,
    Sheets,
    Steps,
    Title,
)
from mailer.evidence.pages.wording import Wording, wording
from mailer.judgement.verdict import RuleResult
from mailer.notice.steps import Step
from mailer.notice.words import plural, spoken
from mailer.pages.letterhead import Letterhead

WHAT: Final = "Evidence of mailing"
CONTENTS: Final = "What is in this pack"
_FONT: Final = re.compile(r'font-family="[^"]*" font-size="11"')  # a browser's
_LETTER_FONT: Final = 'font-family="Letter Sans" font-size="12.5"'  # narrower, so it may be larger on paper
MOST_UNPROVED: Final = 40  # named in the text; all of them are in check.json


def evidence_pdf(case: Case, letterhead: Letterhead) -> bytes:
    """The whole document. Raises FontProblem where the letterhead's own fonts are not embedded."""
    say = wording(letterhead, "pack", case=case, frame=case.frame)
    blocks = _numbered(_front(case, letterhead, say), but=(say("remarks"), CONTENTS))
    lists = Lists(case.frame, WHAT, letterhead)
    addressee_list(lists, case)
    event_list(lists, case)
    for by in case.services:
        service_list(lists, by)
    front = Sheets(WHAT, list(blocks), case.frame, letterhead, others=lists.pages, likely=4)
    return lists.after(front, title=f"{WHAT}: {case.frame.subject.campaign}")


def _numbered(blocks: Iterable[Block], *, but: Collection[str]) -> Iterator[Block]:
    """The same blocks, with a number before each heading of a section `but` these."""
    number = 0
    for block in blocks:
        if isinstance(block, Head) and block.level == 2 and block.text not in but:
            number += 1
            yield Head(f"{number}. {block.text}", 2, block.page)
        else:
            yield block


def _front(case: Case, letterhead: Letterhead, say: Wording) -> Iterator[Block]:
    yield from _cover(case)
    yield from _remarks(case, say)
    yield Head(CONTENTS)
    yield Paragraph(say("contents"))
    if case.frame.subject.newsletter:
        yield Head("Notice", page=True)
        yield Paragraph(say("notice_of_issue"))
    else:
        yield from _timeline(case, say)
        yield from _rules(case, say)
        yield from _workings(case, say)
        yield from _unproved(case, say)
    yield from production(case, say)
    if case.drops or not case.services:
        yield Head("Hand-over to the post")
    for drop in case.drops:
        yield from drop_blocks(drop, case)
    for by in case.services:
        yield from mailed_by(by, letterhead)
    yield from returned(case, say)
    yield from never_mailed(case, say)
    if not case.frame.subject.newsletter:
        yield from newsletter(case, say)


def _cover(case: Case) -> Iterator[Block]:
    frame, subject = case.frame, case.frame.subject
    firm = frame.settings.firm
    yield Title(WHAT, f"{subject.title}. {firm.name}, {', '.join(firm.address.lines())}")
    rows = [
        ("Campaign", subject.campaign),
        ("Document", f"{subject.documents.capitalize()}: “{subject.title}”" + _dated(case)),
        *([("Effective date", long_day(subject.effective))] if subject.effective else []),
        ("Pieces", _counts(case)),
        ("Counts as mailed", "; ".join(spoken(day) for day in case.mailed)),
        ("Mailed by", _routes(case)),
    ]
    if not subject.newsletter:
        rows.append(("Notice", _finding(case)))
    rows += [
        ("Made", f"{date_words(frame.made_on)} ({frame.made_at:%Y-%m-%d %H:%M} UTC), mailer {frame.version}"),
        ("Ledger head", f"event {frame.head_seq}, SHA-256\n{frame.head}"),
    ]
    yield Facts(rows)


def _dated(case: Case) -> str:
    dated = case.frame.subject.dated
    return f", dated {date_words(dated)}" if dated else ""


def _counts(case: Case) -> str:
    parts = [f"{count:,} {status}" for status, count in case.statuses]
    ended = Counter(piece.status for piece in case.ended)
    never = ", ".join(f"{count:,} {status}" for status, count in sorted(ended.items()))
    return f"{len(case.pieces):,}: {', '.join(parts)}{f'; never mailed: {never}' if never else ''}"


def _routes(case: Case) -> str:
    """The firm's own hand-overs and the mail services, with how many pieces each."""
    parts = [f"the firm: {plural(sum(drop.count for drop in case.drops), 'piece')}"] if case.drops else []
    parts += [f"{by.name}: {plural(len(by.mailed), 'piece')}" for by in case.services]
    return "; ".join(parts)


def _finding(case: Case) -> str:
    states = ", ".join(f"{count:,} {state}" for state, count in case.states)
    free = ""
    if case.not_owed:
        free = f"; {case.not_owed:,} {'is' if case.not_owed == 1 else 'are'} owed none"
    if case.clients and case.proved == case.clients:
        return f"holds for all {case.clients:,} clients of the campaign ({states})"
    return f"holds for {case.proved:,} of {case.clients:,} clients of the campaign{free} ({states})"


def _remarks(case: Case, say: Wording) -> Iterator[Block]:
    yield Head(say("remarks"))
    yield Note([(f"{remark.head}.", remark.text) for remark in case.remarks], warn=case.frame.rehearsal)


def _timeline(case: Case, say: Wording) -> Iterator[Block]:
    if not case.timeline:
        return
    yield Head("The timeline", page=True)
    yield Paragraph(say("timeline"))
    yield Picture(_FONT.sub(_LETTER_FONT, case.timeline))


def _rules(case: Case, say: Wording) -> Iterator[Block]:
    yield Head("Rules of notice", page=not case.timeline)
    yield Paragraph(say("rules"))
    yield DataTable(
        ("Rule", "Period", "Counts as given", "Source", "Clients"),
        [
            (
                use.rule.title,
                use.rule.period,
                use.rule.given_by.says,
                use.rule.citation or use.rule.origin.value,
                f"{use.clients:,}",
            )
            for use in case.rules
        ],
        (31, 12, 19, 28, 10),
        ("", "", "", "", "n"),
    )


def _workings(case: Case, say: Wording) -> Iterator[Block]:
    yield Head("The day count")
    yield Paragraph(say("workings"))
    for working in case.workings:
        yield from _working(working)
    yield Paragraph(say("counsel"), "small")


def _working(working: Working) -> Iterator[Block]:
    verdict = working.verdict
    yield Head(f"Working {working.mark}: {plural(working.clients, 'client')}, {working.state}", 3)
    if not verdict.results:
        yield Paragraph(sentence(verdict.reason))
        return
    yield count_table(verdict.results, verdict.mailed)
    for result in verdict.results:
        if len(verdict.results) > 1:
            binding = " (the one that binds)" if result.rule is verdict.binding else ""
            yield Paragraph(f"{result.rule.title}{binding}", "strong")
        yield Steps(step_rows(result.steps))
    yield Paragraph(f"Result: {verdict.reason}.")


def count_table(results: Sequence[RuleResult], mailed: date | None) -> DataTable:
    """Deposit, deemed and earliest effective day under each rule; the three are never mixed."""
    rows = []
    for result in results:
        given = spoken(result.given) if result.given else "not proved"
        deposit = spoken(mailed) if mailed else "not mailed"
        in_time = {True: "yes", False: "no", None: "not yet"}[result.in_time]
        rows.append((result.rule.title, deposit, given, spoken(result.earliest), in_time))
    return DataTable(
        ("Rule", "Counts as deposited", "Counts as given", "Earliest effective", "In time"),
        rows,
        (34, 19, 19, 19, 9),
        ("", "", "", "", ""),
    )


def step_rows(steps: Sequence[Step]) -> list[tuple[str, str]]:
    return [(sentence(step.text), step.citation) for step in steps]


def _unproved(case: Case, say: Wording) -> Iterator[Block]:
    yield Head(say("unproved"))
    if not case.unproved:
        yield Paragraph(say("all_proved"))
        return
    yield DataTable(
        ("Client", "State", "Why"),
        [(one.client, one.state, one.reason) for one in case.unproved[:MOST_UNPROVED]],
        (32, 20, 48),
        ("", "", ""),
    )
    if len(case.unproved) > MOST_UNPROVED:
        yield Paragraph(say("more_unproved", more=f"{len(case.unproved) - MOST_UNPROVED:,}"))
