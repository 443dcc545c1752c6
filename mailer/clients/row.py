"""One row of a client list: a client with its rates, or the reason why it is refused. Pure.

Decisions: a malformed e-mail address is dropped with a note (paper goes out without it); a rate of zero is
allowed; a name longer than a print-and-mail service takes is kept with a note; an end
date that is not yet past leaves the client active.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from mailer import money
from mailer.clients.cells import LONGEST_CELL, Remark, Unusable, filled, parse_day, parse_yes
from mailer.clients.columns import SERVICE
from mailer.clients.identity import Census, identity_of, mend_email
from mailer.clients.layout import ListLayout, Picked, Values, field_of
from mailer.clients.places import mend_country, mend_zip
from mailer.clients.postal import AddressLimits, Cells, read_address
from mailer.clients.record import Address, Contract
from mailer.clients.salutation import greeting, who
from mailer.clients.terms import TermCells, read_contract

_ACTIVE: Final = frozenset(
    (
        *("", "active", "yes", "y", "true", "1", "x", "current", "open", "client", "customer", "ongoing"),
        *("credit hold", "on hold", "delinquent", "approved"),
    )
)
_ENDED: Final = frozenset(
    (
        *("inactive", "ended", "no", "n", "false", "0", "former", "former client", "closed", "cancelled"),
        *("canceled", "past", "terminated", "lost", "archived", "not active", "deleted", "churned"),
    )
)
_NEWSLETTER_YES: Final = frozenset(
    ("subscribed", "opted in", "opt in", "opted-in", "opt-in", "print", "mail")
)
_NEWSLETTER_NO: Final = frozenset(
    ("unsubscribed", "opted out", "opt out", "opted-out", "opt-out", "none", "never", "stop")
)
_MARKED: Final = re.compile(r"\s*\((deleted|inactive)\)", re.IGNORECASE)  # as QuickBooks ends a name
_ATTENTION: Final = re.compile(r"att(?:n|ention)\b[.:]* *(.+)", re.IGNORECASE)
_TOTALS: Final = ("total", "grand total", "subtotal", "sum", "count", "totals")


@dataclass(frozen=True, slots=True)
class ListRow:
    """A client as one row gives it: all of `Client` but the id, and its rates.

    `row` is its number in the spreadsheet. `rates` are (service, amount), in the order of the services'
    names; a service whose cell is empty is absent. `repairs` says in words what was mended; a Remark among
    them what was not, and is to be looked at. `digest` is of the row as it stands in the file
    (mailer.clients.rowdigest), "" where the same row may mean another thing some day, or says something of
    itself each time.
    """

    row: int
    key: str
    number: str
    company: str
    contact: str
    salutation: str
    email: str
    phone: str
    address: Address
    notice_address: Address | None
    contract: Contract
    tags: frozenset[str]
    active: bool
    newsletter: bool
    since: date | None
    rates: tuple[tuple[str, Decimal], ...]
    repairs: tuple[str, ...]
    notice_to: str = ""
    digest: str = field(default="", compare=False)

    @property
    def name(self) -> str:
        return self.company or self.contact


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is not imported: why, what to do, and the beginning of what it holds."""

    row: int
    reason: str
    todo: str
    text: str = ""

    def __str__(self) -> str:
        return f"row {self.row}: {self.reason}. {self.todo}"


class RowParser:
    """Understands the rows of one list. Contracts, amounts and tags are kept: a list has few different."""

    def __init__(
        self,
        services: tuple[str, ...],
        today: date,
        check_term: Callable[[str], None],
        limits: tuple[AddressLimits, ...] = (),
    ) -> None:
        self._services = services
        self._limits = limits
        self._contract = lru_cache(maxsize=1 << 12)(lambda cells: read_contract(cells, check_term))
        self._rate = lru_cache(maxsize=1 << 12)(_amount)
        self._tags = lru_cache(maxsize=1 << 12)(_tags)
        self._active = lru_cache(maxsize=1 << 12)(lambda status, ended: _active(status, ended, today))
        self._newsletter = lru_cache(maxsize=1 << 6)(_newsletter)

    def parse(self, number: int, picked: Picked, census: Census, digest: str = "") -> ListRow | Refusal:
        try:
            return self._parse(number, picked, census, digest)
        except Unusable as finding:
            values = picked.values
            known = " · ".join(
                filter(None, (values.number, *values[1:7], *values.line1.split("\n"), values.city))
            )
            return Refusal(number, finding.reason, finding.todo, known[:80])

    def _parse(self, number: int, picked: Picked, census: Census, digest: str = "") -> ListRow:
        values = picked.values
        notes = list(picked.notes)
        company, contact, marked = _names(values, notes)
        _refuse_nameless(company, contact, values)
        street, company, contact = _street_lines(values.line1, company, contact, notes)
        values = values._replace(line1=street)
        address = read_address(Cells._make(values[_ADDRESS]), notes, limits=self._limits)
        notice_address = None
        if any(notice_cells := values[_NOTICE]):
            notice_address = read_address(
                Cells._make(notice_cells), notes, of="notice address", limits=self._limits
            )
        contract, found = self._contract(TermCells._make(values[_TERMS]))
        notes += found
        email, note = mend_email(values.email)
        if note:
            notes.append(note)
        salutation, note = greeting(values.salutation, values.title, company, contact, values.last_name)
        if note:
            notes.append(note)
        for one in self._limits:
            named = (("company", len(company)), ("contact", len(contact)))
            what, length = next(((what, length) for what, length in named if length > one.name), ("", 0))
            if what:
                notes.append(
                    Remark(f"the {what}'s name has {length} characters: {one.title} takes {one.name}")
                )
        _refuse_long(values)
        rates = []
        for service, cell in zip(self._services, picked.rates, strict=True):
            if cell and (amount := self._rate(cell, service)) is not None:
                rates.append((service, amount))
        known = identity_of(values.number, email, company or contact, values.zip or values.line1)
        key, twins = census.key_of(number, known)
        if twins:
            rows = f"{'row' if len(twins) == 1 else 'rows'} {', '.join(map(str, twins[:5]))}"
            raise Unusable(
                f"ambiguous: the same {'number' if known.number else 'name and ZIP code'} as {rows}",
                "Give each a number of its own, delete one, or leave the column out: --map 'COLUMN=ignore'."
                if known.number
                else "Delete one, or give each a number of its own.",
            )
        return ListRow(
            row=number,
            key=key,
            number=filled(values.number),
            company=company,
            contact=contact,
            salutation=salutation,
            email=email,
            phone=filled(values.phone),
            address=address,
            notice_address=notice_address,
            contract=contract,
            tags=self._tags(values.tags),
            active=not marked and self._active(values.status, values.ended),
            newsletter=self._newsletter(values.newsletter, values.opted_out),
            since=parse_day(values.since) if values.since else None,
            rates=tuple(rates),
            repairs=tuple(notes),
            notice_to=filled(values.notice_to),
            digest="" if notes or values.ended else digest,  # an end that is dated hangs on today
        )

    def check(self, target: str, value: str, plan: ListLayout) -> None:
        """Raise Unusable where a value given to all rows could not be read in any."""
        if target == "zip":
            mend_zip(value)
        elif target in ("country", "notice-country"):
            mend_country(value)
        elif not target.startswith("notice-"):
            rates = tuple(value if SERVICE + name == target else "" for name in plan.services)
            values = Values(company="A", line1="1 A St", city="Sacramento", state="CA", zip="95814")
            if not target.startswith(SERVICE):
                values = values._replace(**{field_of(target): value})
            self._parse(0, Picked(values, rates, ()), Census())


def _names(values: Values, notes: list[str]) -> tuple[str, str, bool]:
    """Company, contact, and whether QuickBooks marks it as one that is no client any more."""
    company, contact, note = who(
        values.company, values.name, values.contact, values.first_name, values.last_name
    )
    if note:
        notes.append(note)
    marked = _MARKED.search(company or contact)
    if marked:
        notes.append(Remark(f"marked “{marked[1]}”: not active"))
    return _unmarked(company), _unmarked(contact), marked is not None


def _unmarked(name: str) -> str:
    return _MARKED.sub("", name)


def _street_lines(cell: str, company: str, contact: str, notes: list[str]) -> tuple[str, str, str]:
    """A whole address without the lines above the street that only name the client, company and contact: whom
    an “Attn:” names, where the list has one name alone. A line that says more and is left out is noted.
    """
    lines = cell.split("\n")
    while len(lines) > 2:
        named = _ATTENTION.fullmatch(lines[0])
        who_is_it = _unmarked(named[1] if named else lines[0]).casefold()
        if named and not (company and contact) and who_is_it != contact.casefold():
            company, contact = company or contact, named[1]
        elif who_is_it not in (company.casefold(), contact.casefold()):
            if not named:
                break
            notes.append(Remark(f"“{lines[0]}” is left out: the contact is {contact}"))
        lines = lines[1:]
    return "\n".join(lines), company, contact


def _slice(first: str, last: str) -> slice:
    return slice(Values._fields.index(first), Values._fields.index(last) + 1)


_ADDRESS: Final = _slice("line1", "country")
_NOTICE: Final = _slice("notice_line1", "notice_country")
_TERMS: Final = _slice("contract", "last_raised")
# A row made of short cells cannot hold one that is too long, and looking at each costs more.
_PRINTED: Final = ("number", "company", "name", "contact", "salutation", "email", "phone", "notice_to")


def _refuse_nameless(company: str, contact: str, values: Values) -> None:
    if not values.line1 and not values.city:
        first = next(filter(None, values), "").casefold().rstrip(":").strip()
        if first in _TOTALS or first.startswith(("total ", "total:")):
            raise Unusable("it is a total, not a client", "Delete the row.")
    if not company and not contact:
        raise Unusable("no name: neither a company nor a contact", "Fill in one of them.")


def _refuse_long(values: Values) -> None:
    if len("".join(values)) > LONGEST_CELL:
        for name in _PRINTED:
            if len(getattr(values, name)) > LONGEST_CELL:
                what = "notice attention" if name == "notice_to" else name
                raise Unusable(f"the {what} has more than {LONGEST_CELL} characters", "Shorten it.")


def _amount(text: str, service: str) -> Decimal | None:
    if text.casefold() in ("none", "n/a", "-", "--"):
        return None
    try:
        return money.parse_amount(text)
    except ValueError as error:
        raise Unusable(f"the rate of {service}: {error}", "Correct the amount.") from None


def _tags(text: str) -> frozenset[str]:
    """Tags in lower case, apart by comma, semicolon or bar."""
    for separator in ";|\n":
        text = text.replace(separator, ",")
    return frozenset(" ".join(tag.split()).casefold() for tag in text.split(",") if tag.strip())


def _active(status: str, ended: str, today: date) -> bool:
    word = status.casefold()
    if word not in _ACTIVE and word not in _ENDED:
        raise Unusable(
            f"the status “{status}” is unknown", "Write active or ended, or map the column to ignore."
        )
    if word in _ENDED:
        return False
    if not ended:
        return True
    try:
        return not parse_yes(ended)
    except Unusable:
        return parse_day(ended) >= today


def _newsletter(newsletter: str, opted_out: str) -> bool:
    word = newsletter.casefold()
    wanted = True if word in _NEWSLETTER_YES else False if word in _NEWSLETTER_NO else parse_yes(newsletter)
    return wanted is not False and not parse_yes(opted_out)
