"""`mailer init`: make a mail folder."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, available_timezones

import click

from mailer.cli.terminal import PATH, SAID, note, typed
from mailer.clients.cells import Unusable
from mailer.clients.places import mend_state

if TYPE_CHECKING:
    from mailer.making.ownprofile import OwnFirm


@click.command()
@click.argument("folder", type=PATH)
@click.option("--sample", is_flag=True, help="The sample firm, its clients and campaigns, to try it on.")
def init(folder: Path, sample: bool) -> None:
    """Make a mail folder: your firm's profile, letterhead, an empty client list.

    On a terminal it asks for firm, address, time zone and who signs. Else mailer.toml has placeholders, and
    nothing is approved before they are filled in. Files that are there already stay as they are, so it may
    be run again.

    \b
    Example: mailer init our-mail
             mailer init try-it --sample
    """
    from mailer.making.ownprofile import OwnFirm
    from mailer.making.starters import init as begin
    from mailer.settings import FILE

    asks = sys.stdin.isatty() and sys.stdout.isatty() and not (folder / FILE).exists()
    unasked = OwnFirm(zone=_zone_here(""))
    started = begin(folder, None if sample else _asked() if asks else unasked)
    click.echo(f"{folder}: {len(started.written)} files written, {len(started.kept)} kept as they were.")
    if sample:
        note("A sample firm. Next:  mailer clients import clients.csv")
    elif FILE in started.written:
        fill, zone = ("Look through", "") if asks else ("Fill in", f" (its time zone is {unasked.zone})")
        note(
            f"{fill} {folder / FILE}{zone}, its example hours above all; put your logo into "
            f"{folder / 'letterhead'}. Then, there:"
        )
        note("  mailer clients import FILE")


def _asked() -> OwnFirm:
    """The firm as a person says it, each answer one that mailer.toml can hold."""
    from mailer.making.ownprofile import OwnFirm

    click.echo("Your firm, as it stands on your letterhead; all of it can be changed in mailer.toml.")
    return OwnFirm(
        name=click.prompt("Firm", type=SAID),
        line1=click.prompt("Street", type=SAID),
        line2=click.prompt(
            "Suite or floor, or Enter", default="", show_default=False, value_proc=_like(".*", "a line")
        ),
        city=click.prompt("City", value_proc=_like(r"[^0-9@/]+", "a city, like Sacramento")),
        state=(state := click.prompt("State (like CA)", value_proc=_state)),
        zip=click.prompt("ZIP", value_proc=_like(r"[0-9]{5}(-[0-9]{4})?", "five digits, like 95814")),
        phone=click.prompt("Phone", value_proc=_like(_PHONE, "a telephone number, like 916-555-0142")),
        email=click.prompt("E-mail", value_proc=_like(_EMAIL, "an e-mail address, like you@example.com")),
        web=click.prompt(
            "Web address, or Enter",
            default="",
            show_default=False,
            value_proc=_like(_WEB, "a web address, like www.example.com"),
        ),
        zone=click.prompt("Time zone", default=_zone_here(state), value_proc=_zone),
        signs=click.prompt("Who signs the letters", value_proc=_like(r"[^@/]+", "a person's name")),
        title=click.prompt("The signer's title", value_proc=_like(r"[^@]+", "a title, like Owner")),
    )


_PHONE: Final = r"(?=(.*[0-9]){3})(.*[0-9A-Z]){7}[^@/]*"  # 916-555-HELP is one
_EMAIL: Final = r"[^\s@/]+@[^\s@/]+\.[^\s@/.]+"
_WEB: Final = r"((https?://)?[^\s@/]+\.[^\s@/.]+(/\S*)?)?"


def _like(pattern: str, what: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        value = " ".join(text.split())
        if not re.fullmatch(pattern, value):
            raise click.UsageError(f"{text!r} is not {what}.")
        return typed(value)

    return read


def _state(text: str) -> str:
    try:
        return mend_state(text.strip())[0]
    except Unusable:
        raise click.UsageError(f"{text!r} is no state; write it like CA.") from None


def _zone(text: str) -> str:
    if text.strip() not in available_timezones():
        raise click.UsageError(f"{text!r} is no time zone; write one like America/Los_Angeles.")
    return ZoneInfo(text.strip()).key


def _zone_here(state: str) -> str:
    """The zone that this machine is set to, where it is an American one; else that of most of the state."""
    named = Path("/etc/localtime").resolve().as_posix().partition("zoneinfo/")[2]
    if named.startswith(("America/", "Pacific/")) and named in available_timezones():
        return named
    return next((zone for zone, states in _ZONES.items() if state in states.split()), "America/New_York")


_ZONES: Final = {
    "America/Los_Angeles": "CA NV OR WA",
    "America/Denver": "CO ID MT NM UT WY",
    "America/Phoenix": "AZ",
    "America/Chicago": "AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI",
    "America/Detroit": "MI",
    "America/Indiana/Indianapolis": "IN",
    "America/Anchorage": "AK",
    "Pacific/Honolulu": "HI",
    "America/Puerto_Rico": "PR VI",
    "Pacific/Guam": "GU MP",
}
"""Of the states in each: where a state has several, that of most of its people. All others: New York's."""
