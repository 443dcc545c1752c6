"""What the exports of known programs call their columns, where the general names (mailer.clients.headings)
would read them wrongly or not at all. One table of rows: add one, and it is read. Pure.

A row counts where the list has all of its `marks`. Headings are compared as letters and digits in lower case.
Sources: Xero's contact export ("*ContactName", "POAddressLine1"), ConnectWise PSA's lists of companies
and contacts, QuickBooks' Customer Contact List, on line and of Desktop ("Bill to 1" to "Bill to 5").
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Program:
    """`columns` are heading → field; of two headings for one field the first that the list has counts.
    `lines` are headings that hold an address a line each, from the name down.
    """

    name: str
    marks: tuple[str, ...]
    columns: dict[str, str]
    lines: tuple[str, ...] = ()


PROGRAMS: Final = (
    Program(
        "Xero",
        ("contactname", "poaddressline1"),
        {
            "contactname": "name",  # the customer; the person stands in FirstName and LastName
            "firstname": "first-name",
            "lastname": "last-name",
            "poaddressline1": "line1",
            "poaddressline2": "line2",
            "pocity": "city",
            "poregion": "state",
            "popostalcode": "zip",
            "pocountry": "country",
            "phonenumber": "phone",
            "mobilenumber": "phone",
        },
    ),
    Program(
        "ConnectWise",
        ("companyrecid", "companyname"),
        {
            "companyrecid": "number",
            "title": "ignore",  # what the person does, not how it is addressed
            "directphone": "phone",
            "deleteflag": "ended",
            "dateacquired": "since",
        },
    ),
    Program(
        "ConnectWise",
        ("companyid", "territory", "company"),
        {"companyid": "number", "primarycontact": "contact", "title": "ignore"},
    ),
    Program(
        "QuickBooks",
        ("customerfullname", "billto"),
        {"customerfullname": "name", "fullname": "contact", "billto": "line1"},
    ),
    Program(
        "QuickBooks Desktop",
        ("customer", "billto1", "billto2"),
        {"customer": "name"},
        ("billto1", "billto2", "billto3", "billto4", "billto5"),
    ),
)


def program_of(headings: Collection[str]) -> Program | None:
    """The program whose export has these headings, in the table's own spelling."""
    return next((one for one in PROGRAMS if all(mark in headings for mark in one.marks)), None)
