"""Letters in whose place another one is: what it withdraws before that took effect, and until when. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from mailer.judgement.history import History
from mailer.judgement.judged import JudgedLetter
from mailer.ledger.clientpiece import ClientPiece

Rises = list[tuple[str, str]]
"""Letter and service of each."""


def superseded_before(
    found: Sequence[JudgedLetter], not_given: Callable[[ClientPiece], str]
) -> Iterator[tuple[JudgedLetter, Rises, date]]:
    """A letter that supersedes another, mailed before that took effect and taking effect after it, the rises
    that it withdraws if its own notice holds, and the first of their days. A lower rate that was promised is
    not withdrawn: that would be a rise on its day.
    """
    for one in found:
        letter = one.letter
        if not letter.facts.supersedes or not_given(letter):
            continue
        services = {line.service for line in one.lines}
        rises = {
            (other.letter.label, line.service): other.effective
            for other in found
            if other.letter.campaign == letter.facts.supersedes
            and (letter.counts_on or date.max) < other.effective < one.effective
            for line in other.lines
            if line.service in services and line.new > line.old
        }
        if rises:
            yield one, list(rises), min(rises.values())


def gave(found: Sequence[JudgedLetter], letter: ClientPiece, withdrawn: Rises) -> bool:
    """Did that letter give notice of a service that it withdraws of another."""
    services = {service for _, service in withdrawn}
    mine = (one for one in found if one.letter.label == letter.label and one.gave)
    return any(line.service in services for one in mine for line in one.lines)


def undone(history: History, letter: ClientPiece) -> tuple[date | None, History]:
    """From when it was known that the post never brought the letter, and the history as it was before that;
    None where nothing like it is known.
    """
    if letter.returned_on is None and letter.misaddressed_on is None:
        return None, history
    happened = min(day for day in (letter.returned_on, letter.misaddressed_on) if day is not None)
    known = max(happened, letter.undoing_known or happened)
    letters = tuple(
        replace(one, returned_on=None, misaddressed_on=None) if one.label == letter.label else one
        for one in history.letters
    )
    return known, replace(history, letters=letters)
