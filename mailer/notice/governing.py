"""Which statutes' rules apply to one client: by the kind of change, the state, the size of the rise.

A campaign names statutes, or families of them; this table says which rule of each governs a client. A
firm that no statute binds names none. A rise is a fraction of the old amount, the largest one of the
client's services; states are two letters, countries ISO 3166 alpha-2. Confirm with counsel.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from mailer.notice.problems import RuleProblem
from mailer.notice.rulebook import PRESETS, preset
from mailer.notice.rules import Origin, Rule


@dataclass(frozen=True, slots=True)
class Situation:
    """What a statute looks at. `state` and `country` are where the client is served, `mailed_to_…` where
    the notice goes, `mailed_from` the state it is mailed from. A client is reached in either place.
    """

    state: str
    country: str
    mailed_to_state: str
    mailed_to_country: str
    mailed_from: str
    rise: Decimal = Decimal(0)


def _california_rent(situation: Situation) -> str | None:
    """Civ. Code 827(b): 30 days up to 10%, 90 above; CCP 1013(a): +5, +10 or +20 for the mail."""
    if not _reaches("US-CA", situation):
        return None
    days = 90 if situation.rise > Decimal("0.10") else 30
    if situation.mailed_to_country != "US":
        place = "abroad"
    elif situation.mailed_to_state == "CA" == situation.mailed_from:
        place = "in-state"
    else:
        place = "other-state"
    return f"california-rent-{days}-{place}"


FAMILIES: Final[Mapping[str, Callable[[Situation], str | None]]] = {"california-rent": _california_rent}


def statute_names() -> tuple[str, ...]:
    """What a campaign may name: the families, and each statute's own rule."""
    single = (rule.id for rule in PRESETS.values() if rule.origin is Origin.STATUTE)
    return (*FAMILIES, *(name for name in single if not name.startswith(tuple(FAMILIES))))


def named(rule: str) -> str:
    """What a campaign calls the statute of that rule: its family, or the rule itself."""
    return next((family for family in FAMILIES if rule.startswith(f"{family}-")), rule)


def check_statute(name: str) -> None:
    """Raise RuleProblem, with a suggestion, for what is no statute here."""
    known = statute_names()
    if name not in known:
        close = difflib.get_close_matches(name, known, n=1)
        hint = f"Perhaps you meant {close[0]!r}." if close else f"Known: {', '.join(known)}."
        raise RuleProblem(f"There is no statute {name!r}.", todo=hint)


@lru_cache(maxsize=16_384)
def statutes_for(names: tuple[str, ...], situation: Situation) -> tuple[Rule, ...]:
    """The rules of the named statutes that govern a client in that situation."""
    return tuple(_governing(names, situation))


def _governing(names: Iterable[str], situation: Situation) -> Iterable[Rule]:
    for name in names:
        check_statute(name)
        if name in FAMILIES:
            chosen = FAMILIES[name](situation)
            if chosen is not None:
                yield preset(chosen)
        elif _reaches(preset(name).jurisdiction, situation):
            yield preset(name)


def _reaches(jurisdiction: str, situation: Situation) -> bool:
    """A country's statute reaches its clients, a state's those of the state; the EU's is taken as named."""
    country, _, state = jurisdiction.partition("-")
    if country in ("", "EU"):
        return True
    served = (situation.country, situation.state)
    mailed_to = (situation.mailed_to_country, situation.mailed_to_state)
    return any(where == country and state in ("", its) for where, its in (served, mailed_to))
