"""What an answer to a complaint must not say, and in public still less. Pure.

A public reply is read by those who do not know the matter. It thanks, owns what is true, and moves the talk off
line; whoever argues, explains the client's affairs, or bargains there has lost, right or wrong. The rows are
words that give it away; a finding quotes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_SHORTEST_NAME: Final = 3  # letters
_NO_NAMES: Final = frozenset(
    [
        "the",
        "and",
        "inc",
        "llc",
        "llp",
        "pllc",
        "ltd",
        "company",
        "group",
        "services",
        "holdings",
        "law",
        "firm",
        "office",
        "partners",
        "associates",
        "trust",
        "bank",
        "home",
        "house",
        "street",
        "press",
        "center",
    ]
)  # words of a name that are in any text
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
_NAMES = "names the client, for all to read"
_STAFF = "blames a person of your own"

_EVERYWHERE: Final = (
    (r"not (?:at all )?true|untrue|(?:is|are|was|were) (?:simply |just )?(?:false|wrong|incorrect|inaccurate)", _ARGUES),
    (r"actually|in fact|in reality|as a matter of fact|for the record|to be (?:clear|fair)", _ARGUES),
    (r"we (?:strongly |must |have to |respectfully )*(?:disagree|dispute|deny|reject)", _ARGUES),
    (r"we never (?:said|promised|agreed|received|got)|that never happened|your version", _ARGUES),
    (r"honestly|frankly|with (?:all )?(?:due )?respect|whole story|both sides|(?:other|our) side of", _ARGUES),
    (r"(?:invoices?|bills?|charges?|advice|work) (?:was|were|is|are) (?:entirely |quite )?(?:correct|right|accurate|justified)", _ARGUES),
    (r"(?:was|were|had been) explained|(?:we|I) (?:had )?(?:explained|told you|warned you|advised you)|as explained", _ARGUES),
    (r"misleading|unfair|lie[sd]?|lying|dishonest|slander(?:ous)?|libel(?:lous|ous)?|defam\w+", _ARGUES),
    (r"you (?:should|could|ought to) have(?! had| been)|you (?:failed|forgot|neglected|refused|ignored|chose|waited)", _BLAMES),
    (r"your (?:own )?(?:fault|mistake|misunderstanding|expectations?|attitude|tone)", _BLAMES),
    (r"you (?:misunderstood|misread|misheard|did not (?:read|listen|tell|call|answer)|didn.t \w+)", _BLAMES),
    (r"because (?:of )?you|if you had|thanks to your", _BLAMES),
    (r"had you (?:only |just )?\w+", _BLAMES),
    (r"(?:sorry|apologi[sz]e|regret)\w* (?:that |if |for how |for the way )?(?:if )?you (?:feel|felt|were (?:offended|upset))", _HALF),
    (r"(?:sorry|apologi[sz]e) (?:if|but)|mistakes were made|any inconvenience|inconvenience (?:this )?may", _HALF),
    (r"(?:unusually |very |too |so |extremely )busy|short.?staffed|understaffed|high (?:call )?volume|circumstances beyond", _EXCUSES),
    (r"(?:our|company) policy (?:is|says|states|clearly|does not)|as (?:stated|per|written) in (?:the|our|your)", _EXCUSES),
    (r"(?:no|none of our) other clients?|nobody else|everyone else|all our other", _BELITTLES),
    (r"(?:some|certain) (?:clients|people)|people who|(?:cannot|can't|never) be pleased|hard to please", _BELITTLES),
    (r"calm down|overreact\w*|exaggerat\w+|ridiculous|petty|drama|grow up|obviously|clearly you", _BELITTLES),
    (r"(?:our|a|the) (?:former|new|junior|young) (?:employee|technician|colleague)|(?:has been|was|were) (?:fired|let go|dismissed)", _STAFF),
    (r"lawyers?|attorneys?|legal (?:action|steps)|sue|sued|lawsuit|court|cease and desist", _THREATENS),
    (r"(?:consequences|you will regret|we will remember|think twice)", _THREATENS),
)  # fmt: skip
_IN_PUBLIC: Final = (
    (r"\$ ?\d(?:[\d,.]*\d)?|\d+ ?(?:dollars|percent|%)", _TELLS),
    (r"(?:your|unpaid|overdue|open|late|outstanding) (?:\w+ )?(?:invoices?|bills?|payments?|balance)", _TELLS),
    (r"your (?:\w+ )?(?:account|contract|agreement|server|network|computers?|passwords?|data|backups?|e-?mails?|mailbox|tickets?|staff|employees?|office manager)", _TELLS),
    (r"your (?:\w+ )?(?:case|matter|lawsuit|claim|appeal|divorce|custody|estate|settlement|charges?|hearing|trial|testimony|deposition|bankruptcy|diagnosis|treatment|tax(?:es)?|file|records?)", _TELLS),
    (r"represent(?:ed|ing)? you|(?:the|a) (?:judge|jury|hearing|settlement|verdict|opposing (?:counsel|party))|(?:custody|divorce|probate|eviction)", _TELLS),
    (r"you (?:still )?owed?|balance|arrears|past due|(?:the|an|our) (?:\w+ )?invoices?", _TELLS),
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


def naming(text: str, known: Iterable[str], ours: Iterable[str]) -> tuple[ToneFinding, ...]:
    """Where the text names the client, by one of the names it is known by or a part of a person's; `ours` are
    names of the firm's own.
    """
    own = {word.casefold() for name in ours for word in name.split()}
    words = {word.strip(".,") for name in known for word in (name, *name.split())}
    names = sorted(
        (word for word in words if len(word) >= _SHORTEST_NAME and word.casefold() not in own | _NO_NAMES),
        key=len,
        reverse=True,
    )
    found = re.search(rf"(?<!\w)(?:{'|'.join(map(_named, names))})(?!\w)", text) if names else None
    return (ToneFinding(found[0], _NAMES),) if found else ()


def _named(name: str) -> str:
    """A pattern of it. One word alone counts as a name where it is written as one: "will" is none."""
    whole = r"\s+".join(map(re.escape, name.split()))
    return f"(?i:{whole})" if " " in name or "@" in name else whole


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
    r"\b(?:threat\w*|lawyers?|attorneys?|sue[sd]?|lawsuit|malpractice|negligen\w+|state bar|bar (?:association|complaint)|grievance|subpoena|police|court|defam\w+|libel\w*|slander\w*|injur\w+|hurt|breach\w*)\b",
    re.IGNORECASE,
)


def for_counsel(*texts: str) -> tuple[str, ...]:
    """The words for which an attorney should read the answer before it goes."""
    return tuple(dict.fromkeys(match[0].lower() for text in texts for match in _FOR_COUNSEL.finditer(text)))
