"""Letters of the shipped campaigns to clients drawn at random, for the merge engine."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from html import unescape
from pathlib import Path

import mailer
from mailer.campaign.context import ClientFields, common_fields, rates_table
from mailer.campaign.loading import LETTER, load_campaign
from mailer.campaign.rates import RateLine
from mailer.pages.composition import compile_text
from mailer.pages.letter import Letter
from mailer.settings import Settings

ROOT = Path(mailer.__file__).parent.parent
_CELL = re.compile(r"<td[^>]*>([^<]*)</td>")
SHIPPED = ("2027-rates", "2027-hours", "2027-remote-access")
DAY = date(2026, 11, 24)

_FIRST = ("Ada", "Bo", "Zoë", "José", "Renée", "Björn", "Anaïs", "Wojciech", "Yvonne", "Øyvind", "Mary-Ann")
_LAST = ("Byrd", "Ávila", "Yates", "O’Connor", "Müller", "Wainwright", "Łukasz", "To", "Van der Waals")
_KINDS = (
    *("& Sons", "Dental Group", "Law Offices, PLLC", "(Sacramento) Inc.", "A/B Testing AG", "LLC", ""),
    "Family Foundation of Greater Sacramento and the Valley",
    *("Press – Books", "“Quoted” Works", "100%"),
)
_SERVICES = ("Hourly support", "After-hours support", "On-site visit", "Project work, planned", "Monitoring")


def letters(name: str, count: int, settings: Settings, *, seed: int = 1) -> Iterator[Letter]:
    """`count` letters of a shipped campaign. The same seed draws the same clients."""
    campaign = load_campaign(ROOT, name)
    source = campaign.texts[LETTER]
    text = compile_text(source.text, path=source.path, folder=campaign.folder)
    common = common_fields(settings, campaign, DAY)
    drawn = random.Random(seed)  # noqa: S311
    for number in range(count):
        last = drawn.choice(_LAST)
        company = f"{drawn.choice(_LAST)} {drawn.choice(_KINDS)}".strip()
        salutation = drawn.choice(
            (f"Dear {drawn.choice(('Mr.', 'Ms.', 'Dr.'))} {last}", f"Dear {drawn.choice(_FIRST)}")
        )
        lines = tuple(_line(service, drawn) for service in _SERVICES[: drawn.choice((1, 2, 2, 3, 5))])
        client = ClientFields(
            company, company, last, salutation, f"C-{number}", "none", lines, rates_table(lines)
        )
        html, marked = text.compose({**common, "client": client}).tied()
        yield Letter(
            reference=f"{name} · C-{number}",
            date=DAY,
            subject=campaign.definition.title,
            salutation=salutation,
            body_html=html,
            client=company,
            marked=marked,
        )


def rows_of(letter: Letter) -> list[list[str]]:
    """The cells of the table in a letter, a list a row."""
    _, _, table = letter.body_html.partition("<tbody>")
    rows = table.partition("</tbody>")[0].split("</tr>")[:-1]
    return [[unescape(cell) for cell in _CELL.findall(row)] for row in rows]


def _line(service: str, drawn: random.Random) -> RateLine:
    old = Decimal(drawn.choice((95, 125, 130, 135, 185, 190, 1150)))
    return RateLine(
        service.lower().replace(" ", "-"), service, old, (old * Decimal("1.08")).quantize(Decimal(1))
    )
