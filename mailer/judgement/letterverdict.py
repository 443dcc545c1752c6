"""Was notice of a letter's change given: law and the contract's term, nothing else. Pure.

Where a contract asks for notice to both of the client's addresses two letters give it. Each is judged by
itself, under all of the client's rules and those that its own place and day of mailing bring; the notice is
what the worse of them is. While nothing went to one of the addresses, nothing was given. Where it asks for a
copy by e-mail the copy is the second letter, under that term alone: no other rule asks for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from enum import Enum

from mailer.judgement.history import History, Question
from mailer.judgement.rules import closings_known, of_a_copy, refusing_email, rules_binding
from mailer.judgement.verdict import NoticeVerdict, doubted, judge
from mailer.ledger.clientpiece import ClientPiece
from mailer.notice.rules import OnReturn, Rule
from mailer.notice.words import spoken

Judged = Sequence[tuple[ClientPiece, NoticeVerdict]]


def verdict_of(
    history: History, letter: ClientPiece, effective: date, question: Question, rise: Decimal
) -> NoticeVerdict:
    """Was notice of the letter's change given for `effective`: law and the contract's term, nothing else.

    `rise` is the largest one, a fraction, over the lowest amounts of the 12 months before. A letter that
    states a later date gives no notice of an earlier one. Raises TermUnknown.
    """
    rules = rules_binding(history, letter, effective, question, rise)
    own = verdict_under(rules, letter, effective, question)
    if not any(rule.of_two for rule in rules):
        return own
    never_sent = verdict_under(rules, _unmailed(letter), effective, question)
    for role in (one for one in _asked_for(rules) if one is not _role(letter)):
        judged = []
        for one in _others(history, letter, role, question):
            its = rules_binding(history, one, effective, question, rise)  # by where and when that was mailed
            judged.append(
                (one, verdict_under(tuple(dict.fromkeys((*rules, *its))), one, effective, question))
            )
        own = _of_both(own, judged, never_sent, _way(letter, role))
    return own


def verdict_under(
    rules: tuple[Rule, ...], letter: ClientPiece, effective: date, question: Question
) -> NoticeVerdict:
    """The verdict on one letter under these rules."""
    if letter.facts.is_copy:
        rules = of_a_copy(rules) or rules
    elif letter.counts_on is not None and not letter.facts.by_email:
        rules = tuple(map(_on_paper, rules))
    stated = letter.facts.effective
    mailed = letter.counts_on if stated is not None and stated <= effective else None
    unwritten = refusing_email(rules, letter)
    mailed = None if unwritten else mailed
    verdict = judge(
        rules,
        effective,
        question.today,
        mailed=mailed,
        received_on=letter.received_on,
        returned_on=letter.returned_on,
        misaddressed_on=letter.misaddressed_on,
        of_record=bool(letter.of_record),
        closings=closings_known(letter.facts.closings, letter.closings, mailed, question.closings),
    )
    if letter.in_doubt:
        verdict = doubted(verdict)
    if unwritten is None:
        return verdict
    why = f"it went by e-mail, and {unwritten.title} ({unwritten.citation}) takes a letter"
    return replace(verdict, reason=f"{why}; {verdict.reason}")


def _on_paper(rule: Rule) -> Rule:
    """A rule that an e-mail meets too, for a letter on paper: what was deposited was given."""
    return replace(rule, on_return=OnReturn.STANDS) if rule.by_email else rule


class _Role(Enum):
    """Which of the letters that a rule asks for a letter is."""

    FIRST = "to the notice address, or the only one"
    OTHER = "to the other address"
    COPY = "by e-mail"


def _role(letter: ClientPiece) -> _Role:
    if letter.facts.is_copy:
        return _Role.COPY
    return _Role.OTHER if letter.facts.second else _Role.FIRST


def _asked_for(rules: Sequence[Rule]) -> tuple[_Role, ...]:
    """All that must go for notice to be given: two terms may ask for more than either."""
    both, copied = any(rule.to_both for rule in rules), any(rule.copied for rule in rules)
    return (_Role.FIRST, *([_Role.OTHER] if both else []), *([_Role.COPY] if copied else []))


def _others(history: History, letter: ClientPiece, role: _Role, question: Question) -> list[ClientPiece]:
    """The letters of its campaign that say the same and have that role. For real, one that was handed over in
    a rehearsal is still to go.
    """
    says = (letter.campaign, letter.facts.effective, letter.facts.rates)
    return [
        _unmailed(one) if one.rehearsed and not question.rehearsal else one
        for one in history.letters
        if (one.campaign, one.facts.effective, one.facts.rates) == says and _role(one) is role
    ]


def _unmailed(letter: ClientPiece) -> ClientPiece:
    """The letter as if it were still to go."""
    return replace(letter, counts_on=None, received_on=None, returned_on=None, misaddressed_on=None)


def _way(letter: ClientPiece, role: _Role) -> str:
    """How another one goes, beside the letter."""
    if role is _Role.COPY:
        return "as a copy by e-mail"
    return "on paper" if letter.facts.is_copy else "to its other address"


def _of_both(own: NoticeVerdict, others: Judged, never_sent: NoticeVerdict, where: str) -> NoticeVerdict:
    """The verdict on both. `others` are the letters that go `where`, of which the best one counts;
    `never_sent` is that on a letter which is still to go.
    """
    if not others:
        missing = f"nothing went {where}: {never_sent.reason}"
        return own if not own.holds else replace(never_sent, reason=missing)
    other, theirs = min(others, key=lambda one: _rank(one[1]))
    if _rank(theirs) <= _rank(own):
        if not theirs.holds or other.counts_on is None:
            return own
        went = f"{other.label} went {where} on {spoken(other.counts_on)}"
        return replace(own, reason=f"{own.reason}; {went}")
    return replace(theirs, reason=f"{other.label}, {where}: {theirs.reason}")


def _rank(verdict: NoticeVerdict) -> tuple[bool, date]:
    """The better one first: that which holds, and for the earlier day."""
    return not verdict.holds, verdict.earliest or date.max
