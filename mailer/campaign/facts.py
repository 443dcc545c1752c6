"""Facts that a document must state, checked on its rendered text. Pure.

A fact is stated where its words stand in the text as whole words, whatever the line breaks:
"$140.00" is not stated by "$1,140.00" or "$140.005".
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final

from mailer.campaign.wording import date_words

BUSINESS_HOURS: Final = "business hours"  # the fact, a line of the week each


@dataclass(frozen=True, slots=True)
class Fact:
    """`name` is what it is called in an error; `words` what the text must hold, which the field
    `drawn` writes.
    """

    name: str
    words: str
    drawn: str = field(default="", compare=False)


def effective_fact(effective: date) -> Fact:
    return Fact("effective date", date_words(effective), "effective | date")


def as_lines(facts: Iterable[Fact]) -> str:
    """The facts as an event keeps them: lines of name, tab, words."""
    return "\n".join(f"{' '.join(fact.name.split())}\t{' '.join(fact.words.split())}" for fact in facts)


def missing(facts: Iterable[Fact], text: str) -> tuple[Fact, ...]:
    """The facts that `text` does not state. Case and white space do not count."""
    flat = " ".join(text.split()).casefold()
    return tuple(fact for fact in facts if not _pattern(fact.words).search(flat))


@lru_cache(maxsize=4096)
def _pattern(words: str) -> re.Pattern[str]:
    flat = " ".join(words.split()).casefold()
    before = "(?<![.,])" if flat[:1].isdigit() else ""  # "5%" is not stated by "2.5%"
    return re.compile(rf"(?<![\w$]){before}{re.escape(flat)}(?!\w)(?![.,]\d)")


_MONTHS: Final = "|".join(calendar.month_name[1:])
_STATED: Final = re.compile(rf"\$\d[\d,]*(?:\.\d+)?|\b(?:{_MONTHS}) \d{{1,2}}, \d{{4}}")


def strangers(known: Iterable[str], text: str) -> tuple[str, ...]:
    """The dates and dollar amounts in `text` that stand in none of the `known` words, each once."""
    flat = " ".join(text.split())
    words = [" ".join(one.split()) for one in known]
    found = dict.fromkeys(_STATED.findall(flat))
    return tuple(one for one in found if all(missing([Fact("", one)], each) for each in words))
