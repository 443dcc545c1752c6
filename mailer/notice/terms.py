"""A client's contract term as the client list states it, made into a rule.

Accepted are the id of a shipped contract rule, or text such as "45 days from deposit",
"30 days from receipt", "60 days, received 3 business days after deposit", "30 days +3bd",
"2 months from deposit", "10 business days from deposit". "30 days from e-mail" and "30 days from deposit
or e-mail" alone let an e-mail give notice; one that bounces gives none. Nothing is assumed: "30 days" does
not say from when, and is refused. Business days are US federal ones.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from mailer.notice.problems import RuleProblem
from mailer.notice.rulebook import PRESETS, preset
from mailer.notice.rules import Anchor, CountingStyle, OnReturn, Origin, Rule, Unit
from mailer.notice.statutes import TRANSIT
from mailer.notice.words import plural

ACCEPTED: Final = (
    "Write for example '45 days from deposit', '30 days from receipt', "
    "'60 days, received 3 business days after deposit', '30 days +3bd', '2 months from deposit', "
    "'10 business days from deposit', '30 clear days from deposit', '30 days from e-mail', '30 days from "
    "deposit or e-mail', '30 days from deposit to the last "
    "address given', '30 days from deposit to both addresses', '30 days from deposit, with a copy by "
    "e-mail', or a shipped rule such as contract-30-deposit."
)

_BOTH_ENDS: Final = "Business days are counted from both ends; both counts must hold."

_UNITS: Final = {
    "day": Unit.DAY,
    "calendar day": Unit.DAY,
    "business day": Unit.BUSINESS_DAY,
    "clear day": Unit.CLEAR_DAY,
    "month": Unit.MONTH,
}
_PERIOD: Final = r"(?P<n>\d{1,3}) (?P<unit>(?:(?:calendar|business|clear) )?day|month)s?(?: notice)?"
_POSTED: Final = r"(?:deposit|mailing)(?: or e-?mail)?|e-?mail"
_FROM: Final = rf"(?: (?:from|after) (?P<event>{_POSTED}|receipt)"
_DEEMED: Final = (
    rf"|,? (?:deemed )?received (?P<clause>\d{{1,2}}) business days? after (?P<posted>{_POSTED})"
    r"|,? \+(?P<code>\d{1,2})bd)"
)
_LAST: Final = (
    r"(?P<last>,? (?:mailed |sent )?to (?:the |its |their )?last (?:known )?address(?: given| on record)?)?"
)
_BOTH: Final = r"(?P<both>,? (?:mailed |sent )?to both (?:of (?:its|their) )?addresses)?"
_COPY: Final = r"(?P<copy>,? (?:and|with a copy) by e-?mail)?"
_MORE: Final = {
    "last": ", to the last address given",
    "both": ", to both addresses",
    "copy": ", with a copy by e-mail",
}
_TERM: Final = re.compile(_PERIOD + _FROM + _DEEMED + _LAST + _BOTH + _COPY)


@lru_cache(maxsize=4096)
def contract_rule(text: str) -> Rule:
    """Return the rule of a contract's notice term; `RuleProblem` says what is accepted."""
    words = " ".join(text.split()).lower()
    if words in PRESETS:
        return _contract_preset(words)
    term = _TERM.fullmatch(words.rstrip("."))
    if term is None:
        raise RuleProblem(f"The contract's notice term {text!r} cannot be read.", todo=ACCEPTED)
    n, unit = int(term["n"]), _UNITS[term["unit"]]
    if n == 0:
        raise RuleProblem(f"The contract's notice term {text!r} gives no notice at all.", todo=ACCEPTED)
    after = int(term["clause"] or term["code"] or 0)
    receipt = term["event"] == "receipt"
    posted = (term["event"] or term["posted"] or "deposit").replace("mailing", "deposit")
    posted = posted.replace("email", "e-mail")
    by_email, wire = posted.endswith("e-mail"), posted == "e-mail"
    if not after and term["event"] is None:
        raise RuleProblem(f"The notice term {text!r} is received 0 business days after.", todo=ACCEPTED)
    if term["both"] and by_email:
        raise RuleProblem(f"The notice term {text!r} asks for paper to two addresses.", todo=ACCEPTED)
    if term["copy"] and (by_email or receipt or term["both"]):
        told = "a copy by e-mail is of one letter, which counts from its deposit"
        raise RuleProblem(f"The notice term {text!r} cannot be met: {told}.", todo=ACCEPTED)
    period = plural(n, term["unit"])
    title = f"{period}, received {plural(after, 'business day')} after {posted}"
    if not after:
        title = f"{period} from {'receipt' if receipt else posted}"
    title += "".join(words for name, words in _MORE.items() if term[name])
    business = unit is Unit.BUSINESS_DAY
    return Rule(
        id=f"contract: {title}",
        title=title,
        n=n,
        unit=unit,
        counting=CountingStyle.AT_LEAST_BD if business else CountingStyle.AT_LEAST,
        delivery=f"+{after}bd" if after else "received" if receipt else "deposit",
        calendar="us_federal" if business or after else "none",
        on_return=OnReturn.REBUTTED if receipt or by_email else OnReturn.STANDS,
        origin=Origin.CONTRACT,
        citation="the client's contract",
        # The two counts differ where one end is itself closed.
        anchor=Anchor.BOTH if business else None,
        transit=TRANSIT if receipt else 0,
        note=_BOTH_ENDS if business else "",
        to_last_address=bool(term["last"]),
        mailing_calendar="none" if wire else "usps",
        by_email=by_email,
        to_both=bool(term["both"]),
        copied=bool(term["copy"]),
    )


def _contract_preset(rule_id: str) -> Rule:
    rule = preset(rule_id)
    if rule.origin is not Origin.CONTRACT:
        raise RuleProblem(
            f"{rule_id} is a {rule.origin.value} rule, not a contract's notice term.", todo=ACCEPTED
        )
    return rule
