"""What an answer to a complaint must not say, and in public still less. Pure.

A public reply is read by those who do not know the matter. It thanks, owns what is true, and moves the talk off
line; whoever argues, explains the client's affairs, or bargains there has lost, right or wrong. The rows are
words that give it away; a finding quotes them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 90  # words of a public reply


@dataclass(frozen=True, slots=True)
class ToneFinding:
    """`words` of the text, and why they should go."""

    words: str
    why: str


_ARGUES = "argues; say what is true and leave the rest"
_BLAMES = "puts it on the client"
_EXCUSES = "excuses; own it or leave it out"
_HALF = "is half an apology"
_TELLS = "tells of the client's own matters"
_BARGAINS = "bargains over the post"
_THREATENS = "threatens"
_SHOUTS = "shouts"
_BELITTLES = "belittles"
_STAFF = "blames a person of your own"

_EVERYWHERE: Final = (
    (r"not (?:at all )?true|untrue|(?:is|are|was|were) (?:simply |just )?(?:false|wrong|incorrect|inaccurate)", _ARGUES),
    (r"actually|in fact|in reality|as a matter of fact|for the record|to be (?:clear|fair)", _ARGUES),
    (r"we (?:strongly |must |have to |respectfully )*(?:disagree|dispute|deny|reject)", _ARGUES),
    (r"we never (?:said|promised|agreed|received|got)|that never happened|your version", _ARGUES),
    (r"misleading|unfair|lie[sd]?|lying|dishonest|slander(?:ous)?|libel(?:lous|ous)?|defam\w+", _ARGUES),
    (r"you (?:should|could|ought to) have(?! had| been)|you (?:failed|forgot|neglected|refused|ignored|chose|waited)", _BLAMES),
    (r"your (?:own )?(?:fault|mistake|misunderstanding|expectations?|attitude|tone)", _BLAMES),
    (r"you (?:misunderstood|misread|misheard|did not (?:read|listen|tell|call|answer)|didn.t \w+)", _BLAMES),
    (r"had you (?:only |just )?\w+", _BLAMES),
    (r"(?:sorry|apologi[sz]e|regret)\w* (?:that |if |for how |for the way )?(?:if )?you (?:feel|felt|were (?:offended|upset))", _HALF),
    (r"(?:sorry|apologi[sz]e) (?:if|but)|mistakes were made|any inconvenience|inconvenience (?:this )?may", _HALF),
    (r"(?:unusually |very |too |so |extremely )busy|short.?staffed|understaffed|high (?:call )?volume|circumstances beyond", _EXCUSES),
    (r"(?:our|company) policy (?:is|says|states|clearly|does not)|as (?:stated|per|written) in (?:the|our|your)", _EXCUSES),
    (r"(?:no|none of our) other clients?|nobody else|everyone else|all our other", _BELITTLES),
    (r"calm down|overreact\w*|exaggerat\w+|ridiculous|petty|drama|grow up|obviously|clearly you", _BELITTLES),
    (r"(?:our|a|the) (?:former|new|junior|young) (?:employee|technician|colleague)|(?:has been|was|were) (?:fired|let go|dismissed)", _STAFF),
    (r"lawyers?|attorneys?|legal (?:action|steps)|sue|sued|lawsuit|court|cease and desist", _THREATENS),
    (r"(?:consequences|you will regret|we will remember|think twice)", _THREATENS),
)  # fmt: skip
_IN_PUBLIC: Final = (
    (r"\$ ?\d(?:[\d,.]*\d)?|\d+ ?(?:dollars|percent|%)", _TELLS),
    (r"(?:your|unpaid|overdue|open|late|outstanding) (?:\w+ )?(?:invoices?|bills?|payments?|balance)", _TELLS),
    (r"your (?:\w+ )?(?:account|contract|agreement|server|network|computers?|passwords?|data|backups?|e-?mails?|mailbox|tickets?|staff|employees?|office manager)", _TELLS),
    (r"as (?:a|our) client (?:since|of|for)|you (?:have been|were|are) (?:a|our) (?:\w+ )?client", _TELLS),
    (r"(?:ticket|case|request|invoice) (?:no\.? ?|number |#)\w+", _TELLS),
    (r"(?:on|since|in) (?:January|February|March|April|May|June|July|August|September|October|November|December)\b", _TELLS),
    (r"refund\w*|discount\w*|(?:a|some) credit|free (?:month|hour|service)|compensat\w+|reimburs\w+", _BARGAINS),
    (r"(?:remove|delete|take down|change|edit|revise|update|withdraw) (?:your|the|this) (?:review|post|rating|comment)", _BARGAINS),
)  # fmt: skip
_SHOUTED: Final = re.compile(r"!{2,}|\b[A-Z]{4,}(?: [A-Z]{2,})+\b")
_THANKS: Final = re.compile(r"\bthank", re.IGNORECASE)


def _compiled(rows: tuple[tuple[str, str], ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE), why) for words, why in rows)


_ROWS: Final = _compiled(_EVERYWHERE)
_PUBLIC_ROWS: Final = _compiled(_IN_PUBLIC)


def tone_findings(text: str, *, public: bool) -> tuple[ToneFinding, ...]:
    """What the text should not say; each place once, in its order."""
    flat = " ".join(text.replace("’", "'").split())
    found: dict[int, ToneFinding] = {}
    for pattern, why in (*_ROWS, *(_PUBLIC_ROWS if public else ()), (_SHOUTED, _SHOUTS)):
        for match in pattern.finditer(flat):
            found.setdefault(match.start(), ToneFinding(match[0], why))
    return tuple(found[at] for at in sorted(found))


def lacking_in_reply(text: str, phone: str) -> tuple[str, ...]:
    """What a public reply must have and this one has not."""
    words = len(text.split())
    wanted = (
        (_THANKS.search(text), "thanks for the words"),
        (phone in text, f"names whom to call, with {phone}"),
        (words <= LONGEST, f"is short: {LONGEST} words at most, not {words}"),
    )
    return tuple(what for there, what in wanted if not there)


_FOR_COUNSEL: Final = re.compile(
    r"\b(?:threat\w*|lawyers?|attorneys?|sue[sd]?|lawsuit|defam\w+|libel\w*|slander\w*|injur\w+|hurt|breach\w*)\b",
    re.IGNORECASE,
)


def for_counsel(*texts: str) -> tuple[str, ...]:
    """The words for which an attorney should read the answer before it goes."""
    return tuple(dict.fromkeys(match[0].lower() for text in texts for match in _FOR_COUNSEL.finditer(text)))
