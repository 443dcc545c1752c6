"""Changing a `campaign.toml` as a person would: the words that change, and nothing else.

Pure: text in, text out. A moved date is put in the place of the old one, every other character stays. A
follow-up's definition is derived by tomlkit, so that rates, facts and remarks stay as they were written.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from mailer.errors import MailerError
from mailer.tomlfile import line_of

_DAY: Final = re.compile(r"([ \t]*)([0-9]{4}-[0-9]{2}-[0-9]{2})(?=[ \t\r]|#|$)")
_MARK: Final = "\ufeff"  # an editor on Windows may begin a file with it


@dataclass(frozen=True, slots=True)
class OnlyClient:
    """A client of a follow-up: by number, e-mail address or key, and a remark for who reads the file."""

    name: str
    remark: str


def with_effective(text: str, day: date, *, shown: str) -> str:
    """`text` with another effective date; every other character as it was.

    Raises MailerError where the result would not be exactly that; `shown` names the file.
    """
    mark, body = (_MARK, text[1:]) if text.startswith(_MARK) else ("", text)
    lines = body.split("\n")
    at = line_of(body, ("effective",)) - 1
    key, sign, value = lines[at].partition("=") if at >= 0 else ("", "", "")
    found = _DAY.match(value)
    if found is None:
        raise _by_hand(day, shown)
    lines[at] = f"{key}{sign}{found[1]}{day.isoformat()}{value[found.end() :]}"
    changed = "\n".join(lines)
    if _data(changed) != _data(body) | {"effective": day}:
        raise _by_hand(day, shown)
    return mark + changed


def with_carried(text: str, names: Sequence[str], *, shown: str) -> str:
    """The text of an issue's definition that carries `names` as well; everything else as it was.

    Raises MailerError where the result would not be exactly that; `shown` names the file.
    """
    import tomlkit  # noqa: PLC0415 (24 ms, for one command)

    mark, body = (_MARK, text[1:]) if text.startswith(_MARK) else ("", text)
    document: Any = tomlkit.parse(body)
    carried = document["issue"].setdefault("carries", tomlkit.array())
    for name in names:
        carried.append(name)
    made, wanted = tomlkit.dumps(document), _data(body)
    wanted["issue"]["carries"] = [*wanted["issue"].get("carries", ()), *names]
    if _data(made) != wanted:
        raise MailerError(
            "its `carries` can't be changed in place.",
            where=shown,
            todo=f"Add {', '.join(json.dumps(name) for name in names)} to it by hand, then run this again.",
        )
    return mark + made


def follow_up(
    text: str, *, head: str, title: str, effective: date, follows: Sequence[str], only: Sequence[OnlyClient]
) -> str:
    """The definition of a campaign that makes `text`'s good for some clients: the same but for its title,
    date and audience. The letter's fixed date goes, and no issue is named that can't know of it. `head`
    is a remark for its first line.

    Raises MailerError where tomlkit does not leave the rest as it was.
    """
    import tomlkit  # noqa: PLC0415 (24 ms, for one command)

    body = text.removeprefix(_MARK).replace("\r\n", "\n")
    document: Any = tomlkit.parse(body)
    document["title"] = title
    document["effective"] = effective
    document.pop("follows", None)
    audience, clients = tomlkit.table(), tomlkit.array()
    for client in only:
        remark = "".join(c if c.isprintable() else " " for c in client.remark)
        clients.add_line(client.name, comment=remark or None)
    clients.add_line(indent="")
    audience["only"] = clients
    if body.split("\n")[line_of(body, ("audience",)) - 1].lstrip().startswith("["):
        document["audience"] = audience
    else:  # written inline or not at all: in its place it would swallow the keys that follow
        document.pop("audience", None)
        document.append("audience", audience)
    for table, key in _GONE:
        if key in document.get(table, {}):
            del document[table][key]
    lines = tomlkit.dumps(document).split("\n")
    lines.insert(line_of("\n".join(lines), ("effective",)), f"follows = {_quoted(follows)}")
    made = "\n".join((f"# {head}", *lines))
    wanted = _data(body) | {"title": title, "effective": effective, "follows": list(follows)}
    wanted["audience"] = {"only": [client.name for client in only]}
    if _bare(_data(made)) != _bare(wanted):
        raise MailerError("a follow-up can't be derived from this definition.", todo="Write it by hand.")
    return made


_GONE: Final = (("letter", "date"), ("notice", "newsletter"))


def _bare(data: dict[str, Any]) -> dict[str, Any]:
    """`data` without what a follow-up does not take over, and without tables that are empty then."""
    kept = {
        table: {key: inner for key, inner in value.items() if (table, key) not in _GONE}
        if isinstance(value, dict)
        else value
        for table, value in data.items()
    }
    return {key: value for key, value in kept.items() if value != {}}


def _quoted(names: Iterable[str]) -> str:
    return f"[{', '.join(json.dumps(name) for name in names)}]"


def _data(text: str) -> dict[str, Any]:
    return tomllib.loads(text)


def _by_hand(day: date, shown: str) -> MailerError:
    return MailerError(
        "its effective date can't be changed in place.",
        where=shown,
        todo=f"Write `effective = {day}` by hand, then run this again.",
    )
