"""A Lob that answers nonsense: what was asked is unknown or told, nothing goes twice, no command ends in a
traceback. Each row changes one part of one sort of answer of the complete fake.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mailer.mailservice.registry import tables
from mailer.mailservice.reports import tell
from mailer.mailservice.transit import Meaning, Report
from mailer.planning.mailfolder import open_folder
from tests.fakes.lob import FakeLob, Handle
from tests.fakes.wire import Request, Response, Running
from tests.support.office import RATES, Office

Twist = Callable[[dict[str, Any]], object]
MORNING = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
LOST, MADE, LIST, LETTER = "lost", "POST", "GET list", "GET letter"


class Twisted(FakeLob):
    """`twists`: the sort of answer → what is made of it; LOST loses the answer to an upload."""

    def __init__(self, now: datetime | None) -> None:
        super().__init__(None, None, now)
        self.twists: dict[str, Twist] = {}

    async def answer(self, request: Request) -> Response:
        response = await super().answer(request)
        sort = request.method if request.method != "GET" else LIST if request.path.endswith("s") else LETTER
        if sort == MADE and LOST in self.twists and not request.path.startswith("/_control"):
            return Response.of(500, {})
        twist = self.twists.get(sort)
        if twist is None or request.path.startswith("/_control") or response.status != 200:
            return response
        made = json.loads(response.body)
        return Response.of(200, twist(made) or made)


@contextmanager
def twisted(office: Office, now: datetime | None = MORNING) -> Iterator[tuple[Office, Twisted, Handle]]:
    fake = Twisted(now)
    with Running(fake.answer) as server:
        handle = Handle(server.port)
        yield office.by_lob(handle.base), fake, handle
    fake.letters.close()


def says(**parts: object) -> Twist:
    return lambda made: made.update(parts)


def first(**parts: object) -> Twist:
    """Of a list's letters, the first."""
    return lambda made: made["data"][0].update(parts)


def scan(**parts: object) -> Twist:
    """A letter with one scan, of which some parts are not as they should be."""

    def twist(made: dict[str, Any]) -> None:
        good = {"id": f"evnt_{made['id']}", "type": "normal", "name": "In Transit"}
        made["tracking_events"] = [good | {"time": "2026-11-25T20:00:00Z"} | parts]

    return twist


@pytest.mark.parametrize(
    "twist",
    [
        says(date_created="0001-01-01T00:00:00+14:00"),
        says(date_created=5, send_date=[], expected_delivery_date={"a": 1}),
        says(send_date="9999-12-31T23:59:59-14:00", expected_delivery_date="9999-12-31"),
        says(tracking_number=["\ud800"]),
    ],
)
def test_a_letter_whose_days_are_nonsense_was_taken(approved: Office, twist: Twist) -> None:
    with twisted(approved) as (office, fake, lob):
        fake.twists[MADE] = twist
        office.does("send", RATES)
        for command in ("status", "track", "cancel"):
            office.mailer(command, *([RATES] if command != "status" else []))
        assert lob.copies() == {} or set(lob.copies().values()) == {1}


@pytest.mark.parametrize("number", [5, None, "", "ltr_" + "a" * 5_000, "ltr_../x", "ltr_\ud800", ["ltr_1"]])
def test_a_letter_without_a_name_is_looked_up(approved: Office, number: object) -> None:
    with twisted(approved) as (office, fake, lob):
        fake.twists[MADE] = says(id=number)
        office.does("send", RATES)
        assert set(lob.copies().values()) == {1}


@pytest.mark.parametrize(
    "twist",
    [
        says(data=[1]),
        says(data={}),
        says(data=""),
        says(data=None),
        lambda _: [1],
        lambda made: made.pop("data"),
        first(metadata=["mailer_send_key"]),
        first(metadata="mailer_send_key"),
        first(id=5),
        first(id="ltr_" + "a" * 5_000),
        says(next_url=5),
        says(next_url="x"),
        says(data=[], next_url="https://lob.example/v1/letters?after="),
    ],
)
def test_a_list_that_is_none_leaves_it_unknown(approved: Office, twist: Twist) -> None:
    """It must not pass for a list without the letter: that would go again."""
    with twisted(approved) as (office, fake, lob):
        fake.twists |= {LIST: twist, LOST: says()}
        assert office.does("send", RATES, exits=4).out
        assert "unknown" in {status for _, status in office.pieces()}
        fake.twists.clear()
        office.does("send", RATES)
        assert [status for _, status in office.pieces()] == ["accepted"] * 4
        assert set(lob.copies().values()) == {1}


def test_a_list_without_end_is_left(approved: Office) -> None:
    """Each of its pages names another one after it: 100 were read at each of six tries, a minute a letter."""

    class Endless(Twisted):
        pages = 0

        async def answer(self, request: Request) -> Response:
            if request.method != "GET" or request.path.startswith("/_control"):
                return await super().answer(request)
            self.pages += 1
            return Response.of(200, {"data": [], "next_url": f"https://lob.example/v1?after={self.pages}"})

    fake = Endless(MORNING)
    with Running(fake.answer) as server:
        office = approved.by_lob(Handle(server.port).base)
        fake.twists[LOST] = says()
        said = office.does("send", RATES, exits=4).said
        assert "the list of letters did not end: what lists them is not Lob" in said
        assert [status for _, status in office.pieces()] == ["unknown"] * 4
        assert fake.pages == 12, "three for each of four letters"
    fake.letters.close()


@pytest.mark.parametrize(
    "twist",
    [
        says(id="ltr_another"),
        says(id=None),
        says(tracking_events=[5]),
        scan(time="0001-01-01T00:00:00+14:00"),
        scan(time=5),
        scan(name=5),
        says(status=5, tracking_events=5),
        says(status=["deleted"], deleted="true"),
    ],
)
def test_what_is_no_letter_moves_nothing(approved: Office, twist: Twist) -> None:
    with twisted(approved) as (office, fake, _):
        office.does("send", RATES)
        fake.twists[LETTER] = twist
        ran = office.mailer("track")
        assert ran.code in (0, 4)
        assert [status for _, status in office.pieces()] == ["accepted"] * 4


@pytest.mark.parametrize(
    "parts",
    [
        {"id": "\ud800"},
        {"id": "x" * 5_000},
        {"id": 5},
        {"type": ["certified"]},
        {"type": None},
        {"id": "\x1b]0;a"},
    ],
)
def test_a_scan_of_a_strange_name_counts_and_is_kept_short(
    approved: Office, parts: dict[str, object]
) -> None:
    with twisted(approved) as (office, fake, _):
        office.does("send", RATES)
        fake.twists[LETTER] = scan(**parts)
        office.on("2026-12-10").does("track")
        assert "mailed" in {status for _, status in office.pieces()}  # one name is one event
        for (number,) in office.rows("SELECT id FROM tracking"):
            assert str(number).isprintable()
            assert len(str(number)) <= 100
        office.does("ledger", "verify")


def test_a_refusal_in_strange_words(approved: Office) -> None:
    class Refusing(Twisted):
        async def answer(self, request: Request) -> Response:
            if request.method == "POST" and not request.path.startswith("/_control"):
                return Response.of(422, {"error": {"code": ["\ud800"], "message": "\ud800\x1b]0;a" * 5_000}})
            return await super().answer(request)

    fake = Refusing(MORNING)
    with Running(fake.answer) as server:
        office = approved.by_lob(Handle(server.port).base)
        ran = office.does("send", RATES, exits=1)
        assert "\x1b" not in ran.out + ran.err
        assert {status for _, status in office.pieces()} == {"rejected"}
        assert len(office.does("status", RATES).out) < 5_000
    fake.letters.close()


def told_of(office: Office) -> list[tuple[object, ...]]:
    return office.rows("SELECT status, dropped_on FROM piece ORDER BY number")


@contextmanager
def sent_for_real(real: Office) -> Iterator[tuple[Office, Twisted, datetime]]:
    """The letters were sent under a live key, just now."""
    with twisted(real, None) as (office, fake, _):
        live = replace(office, environ={**office.environ, "LOB_API_KEY": "live_key"})
        live.does("send", RATES, "--yes")
        yield live, fake, datetime.now(UTC)


def text(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize("ago", [timedelta(days=2), timedelta(days=400), timedelta(days=9_000)])
def test_mailed_before_the_letter_was_there_is_not_believed(real: Office, ago: timedelta) -> None:
    """Notice would rest on a day on which the post can't have had it (docs/tracking.md)."""
    with sent_for_real(real) as (office, fake, now):
        fake.twists[LETTER] = scan(name="Mailed", time=text(now - ago))
        office.does("track")
        assert told_of(office) == [("accepted", None)] * 4
        story = office.does("status", RATES, f"{RATES}-L-0001").said
        assert "told of a time before it was sent, and not believed: mailed" in story
        office.does("ledger", "verify")
        fake.twists[LETTER] = scan(id="evnt_2", name="Mailed", time=text(now))
        office.does("track")
        assert "mailed" in {status for status, _ in told_of(office)}
        office.does("ledger", "verify")


def test_mailed_in_the_hours_before_counts_from_the_day_on_which_it_was_sent(real: Office) -> None:
    """A service's clock, or a day without an hour, may be behind by hours."""
    with sent_for_real(real) as (office, fake, now):
        fake.twists[LETTER] = scan(name="Mailed", time=text(now - timedelta(hours=23)))
        office.does("track")
        (approved,) = {str(day) for (day,) in office.rows("SELECT approved_on FROM mailing") if day}
        assert {(status, str(day)) for status, day in told_of(office)} == {("mailed", approved)}


def test_what_was_told_before_the_piece_was_known_is_not_believed_either(real: Office) -> None:
    """A webhook outran the answer that was lost, and told of a day before the letter was there."""
    with twisted(real, None) as (office, fake, lob):
        live = replace(office, environ={**office.environ, "LOB_API_KEY": "live_key"})
        fake.twists |= {LOST: says(), LIST: says(data=5)}
        live.does("send", RATES, "--yes", exits=4)
        letter = lob.letters()[0]["id"]
        early = datetime.now(UTC) - timedelta(days=30)
        with open_folder(live.root, fixed=None, database="", services=tables()) as mail:
            told = [Report("evnt_9", letter, "", "mailed", Meaning.POSTED, early)]
            tell(mail, told, by="webhook", now=datetime.now(UTC))
        fake.twists.clear()
        live.does("send", RATES, "--yes")
        assert told_of(live) == [("accepted", None)] * 4
        assert live.rows("SELECT kind FROM tracking WHERE id = 'evnt_9'") == [("unknown",)]
        live.does("ledger", "verify")
