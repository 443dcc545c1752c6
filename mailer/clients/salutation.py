"""Names of people and companies, and how a letter greets them. Pure.

A greeting has no comma or colon at its end: the letter sets it. A given one stands as it is, except that
"Jim" becomes "Dear Jim". Without one, a contact with a courtesy title is "Dear Ms. Butt", any other
contact is "Dear James Butt" (a first name alone is too familiar, a guessed title may be wrong), and a company
without a contact is "To the team at Acme".
"""

from __future__ import annotations

import re
from typing import Final

from mailer.clients.cells import filled

TITLES: Final = frozenset((
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "rev", "reverend", "hon", "judge",
    "col", "capt", "lt", "maj", "gen", "sgt", "fr", "pastor", "rabbi",
))  # fmt: skip
_SUFFIXES: Final = frozenset((
    "jr", "sr", "ii", "iii", "iv", "v", "md", "do", "dds", "dmd", "dvm", "od", "phd", "esq", "cpa", "ea",
    "rn", "pe", "pc", "jd", "mba", "aia", "cfp", "dc", "ret", "psyd", "lcsw", "mft", "pharmd", "np", "pa",
))  # fmt: skip
_COMPANY_WORDS: Final = frozenset((
    "inc", "llc", "llp", "lp", "ltd", "corp", "corporation", "co", "company", "pc", "plc", "group", "bank",
    "services", "associates", "partners", "partnership", "foundation", "trust", "church", "school",
    "university", "college", "clinic", "hospital", "dental", "law", "center", "centre", "city", "county",
    "district", "club", "shop", "store", "restaurant", "cafe", "studio", "systems", "solutions",
    "industries", "enterprises", "consulting", "construction", "properties", "realty", "insurance",
    "medical", "farms", "ranch", "winery", "vineyards", "brewing", "bakery", "gmbh", "the", "of",
))  # fmt: skip
_DEPARTMENTS: Final = frozenset((
    "accounts", "payable", "accounting", "office", "manager", "department", "dept", "billing", "owner",
    "reception", "administration", "administrator", "management", "team", "staff", "purchasing", "hr",
))  # fmt: skip
_GREETS: Final = frozenset((
    "dear", "hello", "hi", "to", "good", "greetings", "attention", "attn", "ladies", "gentlemen", "estimado",
    "estimada", "aloha", "welcome",
))  # fmt: skip
_ATTENTIVE: Final = ("At", "at", "AT")
_ATTENTION: Final = re.compile(r"^(?:(?:attn|attention|att)\b[\s.:]*)+(?=\w)", re.IGNORECASE)

_END: Final = " ,:;"  # what a greeting does not end with


def _bare(word: str) -> str:
    return word.strip(".,").replace(".", "").casefold()


def turned(contact: str) -> str:
    """A contact the right way round: "Butt, James" is "James Butt"; "James Butt, CPA" stands as it is."""
    last, comma, first = contact.partition(",")
    last, first = last.strip(), first.strip()
    if not comma or not last or not first or "," in first:
        return contact
    words = first.split()
    if (
        len(words) > 3
        or all(_bare(word) in _SUFFIXES for word in words)
        or _bare(words[0]) in _SUFFIXES - {"v"}
    ):
        return contact
    return f"{first} {last}"


def seems_company(name: str) -> bool:
    """Whether a name that may be a person's or a company's holds a word or sign of a company."""
    return "&" in name or any(_bare(word) in _COMPANY_WORDS or word[0].isdigit() for word in name.split())


def _named(text: str) -> str:
    """`text`, or "" where no letter or digit is in it: "N/A", "-", "***" are nobody's name."""
    if text[:1].isalnum():
        return filled(text)
    return text if any(map(str.isalnum, text)) else ""


def who(company: str, name: str, contact: str, first: str, last: str) -> tuple[str, str, str]:
    """Company, contact and a note. `name` is a column that may hold either: it fills what is lacking."""
    contact = contact or f"{first} {last}".strip()
    contact, company = contact and _named(contact), company and _named(company)
    name = name and _named(name)
    note = ""
    if name and not company:
        if not contact and not seems_company(name):
            contact = name
        elif name.casefold() != contact.casefold() and turned(name).casefold() != contact.casefold():
            company = name
    elif name and not contact and name.casefold() != company.casefold() and not seems_company(name):
        contact = name
    if contact[:2] in _ATTENTIVE:
        contact = _ATTENTION.sub("", contact, count=1)
    if "," in contact and (straight := turned(contact)) != contact:
        note = f"contact “{contact}” → “{straight}”"
        contact = _ATTENTION.sub("", straight, count=1) if straight[:2] in _ATTENTIVE else straight
    return company, contact, note


def greeting(given: str, title: str, company: str, contact: str, last: str) -> tuple[str, str]:
    """The salutation, and a note. `last` is the family name where the list has it apart."""
    if given and _bare(given) in TITLES:
        given, title = "", given
    text = given.rstrip(_END)
    if text:
        if _bare(text.split()[0]) in _GREETS:
            return text, ""
        return f"Dear {text}", f"salutation “{given}” → “Dear {text}”"
    words = contact.split()
    if not contact or (company and not _DEPARTMENTS.isdisjoint(contact.casefold().split())):
        return f"To the team at {company}".rstrip(_END), ""
    return f"Dear {_addressed(words, title, last) or contact}".rstrip(_END), ""


def _addressed(words: list[str], title: str, last: str) -> str:
    """Courtesy title and family name; "" where there is no title."""
    if _bare(words[0]) in TITLES and len(words) > 1:
        if words[1].casefold() in ("and", "&"):
            return ""
        title, words = words[0], words[1:]
    if not title or _bare(title) not in TITLES:
        return ""
    family = last or next((word for word in reversed(words) if _bare(word) not in _SUFFIXES), "")
    return f"{title} {family.strip(',')}" if family else ""
