"""The profile of a firm that begins: the sample's mailer.toml with its own words, and none of its own.

What is not known yet stands as a placeholder, and nothing is approved while one is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Final

import tomlkit
from tomlkit.items import AoT, Table

from mailer.errors import Problem
from mailer.settings import FILE, Settings
from mailer.tomlfile import line_of

BLANK: Final = "FILL IN"
_KEPT: Final = frozenset(
    (
        *("firm", "signature", "brand", "hours", "newsletter", "repeats"),
        *("stationery", "mailroom", "lead_times", "house"),
    )
)  # what any firm may begin with; all else is the sample's own
EXAMPLES: Final = """\
[[holidays]]                         # days on which the firm is closed
day = 2026-12-25
name = "Christmas Day"

[contact]                            # a sentence each; any may be left out
emergency = "In an emergency, call our main number. Do not write, and do not leave a message."
after_hours = "Outside of our hours our main number answers emergencies alone."
voice_mail = "In an emergency, press 1."  # for who called it: instead of both
tickets = "help.example.com"
accounts = "For invoices and your account, call our main number and ask for Accounts."

[[ways]]                             # how a client reaches the firm, the best way first
name = "Telephone"
accepted = true
note = "our main number; the only way for an emergency"

[[ways]]                             # accepted = false: nothing said there counts as said
name = "Text messages"
accepted = false
note = "nobody reads them after hours"

[[phones]]                           # further lines, beside [firm] phone
name = "Accounts"
number = "800-555-0143"

[[online]]                           # where the firm can be followed
name = "LinkedIn"
address = "linkedin.com/company/example"

[[response_times]]                   # priority: emergency, urgent and normal, all three, each with both times
priority = "emergency"
what = "Emergency: nobody can work"
within = "30 minutes"
after_hours = "30 minutes"

[[response_times]]
priority = "urgent"
what = "Urgent: one person cannot work"
within = "2 hours"
after_hours = "2 hours from our next opening"

[[response_times]]
priority = "normal"
what = "Anything else"
within = "1 business day"
after_hours = "1 business day from our next opening"
"""  # docs/policies.md shows them too


@dataclass(frozen=True, slots=True)
class OwnFirm:
    """What `mailer init` asks. A US address; `zone` is an IANA name."""

    name: str = f"{BLANK}: the firm's name"
    line1: str = f"{BLANK}: street"
    city: str = f"{BLANK}: city"
    state: str = "XX"
    zip: str = "00000"
    phone: str = f"{BLANK}: phone"
    email: str = f"{BLANK}: e-mail"
    zone: str = "America/New_York"
    signs: str = f"{BLANK}: who signs the letters"
    title: str = f"{BLANK}: the signer's title"
    line2: str = ""
    web: str = ""


def own_profile(sample: str, firm: OwnFirm) -> str:
    """The text of mailer.toml for this firm, from the sample's."""
    profile = tomlkit.parse(sample)
    for name in [name for name in profile if name not in _KEPT]:
        del profile[name]
    hours = profile["hours"]
    if isinstance(hours, AoT):
        del hours[1:]
    said = {field.name: str(getattr(firm, field.name)) for field in fields(firm)}
    for table, values in {
        "firm": {"name": said["name"], "tagline": "", "phone": said["phone"], "email": said["email"]}
        | {"web": said["web"], "time_zone": said["zone"]},
        "signature": {"name": said["signs"], "title": said["title"], "image": ""},
        "brand": {"logo": ""},
        "newsletter": {"name": f"{said['name']} News", "tagline": ""},
    }.items():
        _write(profile[table], values)
    firm_table = profile["firm"]
    if not isinstance(firm_table, Table):
        raise TypeError("the sample's [firm] is no table")
    place = {name: said[name] for name in ("line1", "line2", "city", "state", "zip")}
    _write(firm_table["address"], place | {"county": ""})
    text = tomlkit.dumps(profile)
    text = text.replace(
        "Change it first: the firm below is a sample.", "The sample's has more: mailer init --sample."
    )
    examples = "".join(f"# {line}".rstrip() + "\n" for line in EXAMPLES.splitlines())
    return text.replace("[newsletter]", f"{examples}\n[newsletter]", 1)


def _write(table: object, values: dict[str, str]) -> None:
    if not isinstance(table, Table):
        raise TypeError("the sample's profile has a value where a table is expected")
    for key, value in values.items():
        table[key] = value


def blanks(settings: Settings, text: str) -> Iterator[Problem]:
    """What is still a placeholder in mailer.toml, whose `text` gives the first one's line."""
    firm, address, signature = settings.firm, settings.firm.address, settings.signature
    said = {
        "[firm] name": firm.name,
        "[firm] phone": " ".join(one.value for one in firm.phone),
        "[firm] email": " ".join(one.value for one in firm.email),
        "[firm.address] line1": address.line1,
        "[firm.address] city": address.city,
        "[firm.address] state": address.state.replace("XX", BLANK),
        "[firm.address] zip": address.zip.replace("00000", BLANK),
        "[signature] name": signature.name,
        "[signature] title": signature.title,
    }
    found = [key for key, value in said.items() if BLANK in value]
    if found:
        table, key = found[0].split()
        line = line_of(text, (*table.strip("[]").split("."), key))
        yield Problem(FILE, line, f"not filled in yet: {', '.join(found)}.")
