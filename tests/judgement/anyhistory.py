"""One client's history, drawn by chance: rates, terms, letters, returns, receipts, moves.

One way to draw it for both that need it: hypothesis' `randoms` (which shrinks what fails) in `make test`, a
seeded `Random` in `make fuzz-histories`, where drawing must cost less than judging.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from mailer.clients.record import Contract
from mailer.judgement.history import DatedTerms, History
from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.kinds import Status
from mailer.ledger.moves import Moved
from mailer.ledger.stated import NoticedRate
from tests.judgement.test_course import base_rate, history, letter

BEGIN, END = date(2026, 6, 1), date(2028, 6, 1)
NAMES = ("a", "b", "c", "d")
NOTICES = ("", "60 days from deposit", "contract-30-plus-3bd")


def once_in(chance: Random, tries: int) -> bool:
    return chance.randrange(tries) == 0


def any_day(chance: Random, begin: date = BEGIN) -> date:
    return begin + timedelta(days=chance.randint(0, (END - begin).days))


def some_days(chance: Random) -> list[date]:
    return sorted({any_day(chance) for _ in range(chance.randint(0, 3))})


def any_amount(chance: Random) -> str:
    return str(chance.randint(80, 140))


def any_terms(chance: Random) -> Contract:
    return Contract(
        notice=chance.choice(NOTICES),
        rate_locked_until=any_day(chance) if once_in(chance, 2) else None,
        max_raise=chance.choice((None, None, Decimal("0.03"), Decimal("0.10"))),
        min_months_between=chance.choice((None, 12)),
    )


def any_letter(chance: Random, number: int) -> ClientPiece:
    campaign = chance.choice(NAMES)
    others = [name for name in NAMES if name != campaign]
    made = letter(
        campaign,
        any_day(chance),
        any_amount(chance),
        any_amount(chance),
        mailed=any_day(chance) if once_in(chance, 2) else None,
        number=number,
        supersedes=chance.choice(others) if once_in(chance, 2) else "",
        follows=(chance.choice(others),) if once_in(chance, 2) else (),
    )
    if once_in(chance, 3):
        other = NoticedRate("travel", "Travel", Decimal(any_amount(chance)), Decimal(any_amount(chance)))
        made = replace(made, facts=replace(made.facts, rates=(*made.facts.rates, other)))
    if made.counts_on and once_in(chance, 4):
        back = any_day(chance, made.counts_on)
        wrong = back if once_in(chance, 2) else None
        made = replace(made, returned_on=back, misaddressed_on=wrong, status=Status.RETURNED)
    if made.counts_on and once_in(chance, 5):
        made = replace(made, received_on=any_day(chance, made.counts_on))
    return made


def any_history(chance: Random) -> History:
    """Of one client with up to five letters, by chance on the same service and day."""
    letters = [any_letter(chance, number) for number in chance.sample(range(1, 100), chance.randint(0, 5))]
    known = history(*letters, rate=any_amount(chance))
    base = [("travel", 1_000_000, date(2026, 1, 1), False, "client list")]
    base += [base_rate(any_amount(chance), day) for day in some_days(chance)]
    terms = [DatedTerms(day, any_terms(chance)) for day in some_days(chance)]
    moved: Sequence[str] = chance.sample(NAMES, chance.randint(0, 2))
    moves = {name: Moved(any_day(chance), any_day(chance)) for name in moved}
    return replace(known, base=(*known.base, *base), terms=(*known.terms, *terms), moves=moves)
