"""What programs read of the client page: news as Atom (RFC 4287), closings as iCalendar (RFC 5545). Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime
from datetime import time as clock_time
from typing import Final
from xml.etree import ElementTree as ET

from icalendar import Calendar, Event

from mailer.campaign.wording import date_words
from mailer.policies.site.content import SiteContent

_ATOM: Final = "http://www.w3.org/2005/Atom"
_MOST: Final = 20  # entries, the newest first


def atom(content: SiteContent, url: str) -> bytes:
    """The news: mailed issues, policies, new hours. `url` is where the page is, "" for links beside it."""
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed")
    _add(feed, "title", content.profile.name)
    _add(feed, "id", _id(content, "page"))
    entries = sorted(_entries(content), key=lambda one: one[0], reverse=True)[:_MOST]
    _add(feed, "updated", _moment(entries[0][0] if entries else content.day))
    ET.SubElement(_add(feed, "author", ""), f"{{{_ATOM}}}name").text = content.profile.name
    ET.SubElement(feed, f"{{{_ATOM}}}link", rel="self", href=f"{url}feed.atom")
    for day, key, title, link in entries:
        entry = ET.SubElement(feed, f"{{{_ATOM}}}entry")
        _add(entry, "title", title)
        _add(entry, "id", _id(content, key))
        _add(entry, "updated", _moment(day))
        ET.SubElement(entry, f"{{{_ATOM}}}link", href=f"{url}{link}")
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def closings(content: SiteContent, stamp: datetime) -> bytes:
    """The closed days, each an all-day event. `stamp` is aware."""
    calendar = Calendar()
    calendar.add("prodid", "-//mailer//closings//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{content.profile.name}: closed")
    for one in content.closings:
        event = Event()
        event.add("uid", f"closed-{one.day}@{_domain(content)}")
        event.add("dtstamp", stamp.astimezone(UTC))
        event.add("dtstart", one.day)
        event.add("summary", f"{content.profile.name} is closed: {one.name}")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _entries(content: SiteContent) -> list[tuple[date, str, str, str]]:
    """(day, key, title, link) of each piece of news."""
    found = [(one.mailed, f"issue/{one.name}", one.title, one.page) for one in content.issues]
    found += [
        (
            min(one.effective, content.day),
            f"policy/{one.label}",
            f"{one.title}, from {date_words(one.effective)}",
            f"policies/{one.label}.html",
        )
        for one in content.policies
    ]
    for coming in content.coming:
        title = f"New hours from {date_words(coming.hours.since)}"
        found.append((coming.announced, f"hours/{coming.hours.since}", title, "index.html#reach"))
    return found


def _domain(content: SiteContent) -> str:
    return content.profile.email.rpartition("@")[2].casefold() or "mailer.invalid"


def _id(content: SiteContent, key: str) -> str:
    """A tag URI (RFC 4151), which stays when the page moves."""
    return f"tag:{_domain(content)},2026:{key}"


def _moment(day: date) -> str:
    return datetime.combine(day, clock_time(), UTC).isoformat()


def _add(above: ET.Element, name: str, text: str) -> ET.Element:
    made = ET.SubElement(above, f"{{{_ATOM}}}{name}")
    made.text = text or None
    return made
