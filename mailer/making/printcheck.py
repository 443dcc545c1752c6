"""Preflight before approval: what a printer would send back is not approved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mailer.errors import FileProblems, Problem
from mailer.pages.addresslabels import Label, label_block, label_stock
from mailer.pages.drawnaddress import AddressTooLong, Block, require_fit
from mailer.pages.envelopes import PrintedEnvelope, envelope_block
from mailer.pages.letterhead import Letterhead
from mailer.pages.preflight import Flaw
from mailer.pages.typeface import FontProblem
from mailer.pages.windowzones import PANEL_ADDRESS, RECIPIENT_WINDOW
from mailer.settings import Envelope, Stationery

MOST = 20  # problems shown at once


@dataclass(frozen=True, slots=True)
class Printed:
    """Whose pages these are: `first` to `last` of the file, 1-based."""

    name: str
    first: int
    last: int


def require_printable(findings: Iterable[Flaw], pieces: Sequence[Printed], *, path: str) -> None:
    """Raises FileProblems with every finding that stops, naming the piece, the page and the element.

    `path` is the file to mend: the campaign's definition.
    """
    problems = []
    for finding in findings:
        if not finding.stops:
            continue
        whose = next((one for one in pieces if one.first <= finding.page <= one.last), None)
        place = f"{whose.name}, page {finding.page - whose.first + 1}: " if whose else ""
        problems.append(Problem(path, 0, f"{place}{finding.message}"))
    if problems:
        raise FileProblems(
            problems[:MOST], todo="Nothing was approved. Mend it, and look at `mailer proof` before."
        )


class AddressRoom:
    """The places in which the print room would print an address: all of them must hold it.

    A letter has it in its window, and on its envelope or label; a newsletter on its panel and label.
    """

    def __init__(self, stationery: Stationery, letterhead: Letterhead, *, newsletter: bool) -> None:
        self._letterhead = letterhead
        first = Block((), PANEL_ADDRESS if newsletter else RECIPIENT_WINDOW)
        if stationery.envelope is Envelope.PRINTED and not newsletter:
            second = envelope_block(PrintedEnvelope("", ()))
        else:
            second = label_block(Label((), number="0001/0001"), label_stock(stationery.labels))
        self._places = (first, second)

    def problem(self, recipient: tuple[str, ...]) -> str:
        """Why the address can't be printed, and what to do; "" where it can."""
        try:
            require_fit(recipient, self._places, self._letterhead)
        except AddressTooLong as error:
            return f"{error.where}: {error.what} {error.todo}"
        except FontProblem as error:
            return f"the address {error.what} {error.todo}"
        return ""


def require_room(recipients: Iterable[tuple[str, ...]], room: AddressRoom, *, path: str) -> None:
    """Raises FileProblems naming every recipient whose address the print room could not print."""
    problems = [
        Problem(path, 0, f"client {recipient[0]}: {why}")
        for recipient in recipients
        if (why := room.problem(recipient))
    ]
    if problems:
        raise FileProblems(problems[:MOST], todo="Nothing was approved. Mend these and run it again.")
