"""A contract that asks for notice to both of a client's addresses: two letters give it, the later one. Pure.

Each letter of the two is judged by itself, under all of the client's rules; the notice is what the worse of
them is. While nothing went to one of the addresses, nothing was given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from mailer.judgement.history import History
from mailer.judgement.verdict import NoticeVerdict
from mailer.ledger.clientpiece import ClientPiece
from mailer.notice.words import spoken

Judged = Sequence[tuple[ClientPiece, NoticeVerdict]]


def to_its_other_address(history: History, letter: ClientPiece) -> list[ClientPiece]:
    """The letters of its campaign that say the same and go to the client's other address."""
    says = (letter.campaign, letter.facts.effective, letter.facts.rates)
    return [
        one
        for one in history.letters
        if (one.campaign, one.facts.effective, one.facts.rates) == says
        and one.facts.second is not letter.facts.second
    ]


def unmailed(letter: ClientPiece) -> ClientPiece:
    """The letter as if it were still to go."""
    return replace(letter, counts_on=None, received_on=None, returned_on=None, misaddressed_on=None)


def of_both(own: NoticeVerdict, others: Judged, never_sent: NoticeVerdict) -> NoticeVerdict:
    """The verdict on both. `others` are the letters to the other address, of which the best one counts;
    `never_sent` is that on a letter which is still to go.
    """
    if not others:
        missing = f"nothing went to its other address: {never_sent.reason}"
        return own if not own.holds else replace(never_sent, reason=missing)
    other, theirs = min(others, key=lambda one: _rank(one[1]))
    if _rank(theirs) <= _rank(own):
        if not theirs.holds or other.counts_on is None:
            return own
        went = f"{other.label} went to its other address on {spoken(other.counts_on)}"
        return replace(own, reason=f"{own.reason}; {went}")
    return replace(theirs, reason=f"{other.label}, to its other address: {theirs.reason}")


def _rank(verdict: NoticeVerdict) -> tuple[bool, date]:
    """The better one first: that which holds, and for the earlier day."""
    return not verdict.holds, verdict.earliest or date.max
