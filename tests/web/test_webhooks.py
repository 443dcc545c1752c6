"""`mailer webhooks` on a real socket, told by a client that signs as Lob does; on SQLite and PostgreSQL.

One server serves the tests of refusals, since they must record nothing.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.fakes.lob import Handle
from tests.fakes.lob_events import event, raw, signed
from tests.support.office import FOUR, RATES, Office, begin
from tests.web.receiver import PATH, SECRET, Receiver, as_json, letters, receiving, sent_by, webhook

pytestmark = pytest.mark.long

L1 = "2027-rates-L-0001"
TOLD = "SELECT count(*) FROM tracking"


@pytest.fixture(scope="module")
def refusing(sent: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Receiver, Office]]:
    """A server whose office must stay as it is."""
    office = sent.copy(tmp_path_factory.mktemp("refusing") / "office")
    with receiving(office) as server:
        yield server, office
        server.ends()


# refused


def now() -> datetime:
    return datetime.now(UTC)


def shifted(body: bytes, seconds: float) -> dict[str, str]:
    return signed(SECRET, body, now() + timedelta(seconds=seconds))


BODY = webhook("ltr_of_a_stranger", "mailed")
FRESH = (
    "tampered body",
    "tampered time",
    "other secret",
    "aged",
    "future",
    "no signature",
    "no time",
    "none",
)


@pytest.mark.parametrize("case", FRESH)
def test_an_unsigned_event_is_never_believed(refusing: tuple[Receiver, Office], case: str) -> None:
    server, office = refusing
    headers = signed(SECRET, BODY, now())
    body = BODY
    match case:
        case "tampered body":
            body = BODY.replace(b"mailed", b"failed")
        case "tampered time":
            headers["Lob-Signature-Timestamp"] = str(int(headers["Lob-Signature-Timestamp"]) + 1)
        case "other secret":
            headers = signed("whsec_another", BODY, now())
        case "aged":
            headers = shifted(BODY, -301)
        case "future":
            headers = shifted(BODY, 330)
        case "no signature":
            del headers["Lob-Signature"]
        case "no time":
            del headers["Lob-Signature-Timestamp"]
        case "none":
            headers = {}
    assert server.posts(body, headers) == 401
    assert office.rows(TOLD) == [(0,)]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe\x00",
        b'{"id": NaN}',
        b'{"id":' * 40_000,
        as_json({"id": 7}),
        as_json({"id": "evt_1", "reference_id": "ltr_1", "event_type": {"id": "letter.mailed"}}),
        as_json(json.loads(BODY) | {"date_created": "NaN"}),
        as_json(json.loads(BODY) | {"date_created": "inf"}),
        as_json(json.loads(BODY) | {"reference_id": ["ltr_1"]}),
        as_json(json.loads(BODY) | {"event_type": 3}),
    ],
    ids=range(12),
)
def test_signed_and_no_event(refusing: tuple[Receiver, Office], body: bytes) -> None:
    server, office = refusing
    status, text = server.answers(body)
    assert status == 400
    assert "Traceback" not in text
    assert office.rows(TOLD) == [(0,)]


def test_too_large_by_its_own_word(refusing: tuple[Receiver, Office]) -> None:
    """The server does not wait for a body that it would refuse."""
    server, office = refusing
    head = b"POST /webhooks/lob HTTP/1.1\r\nHost: here\r\nContent-Length: 300000\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
        line.sendall(head)
        assert line.recv(1000).startswith(b"HTTP/1.1 413 ")
    assert office.rows(TOLD) == [(0,)]


def test_too_large_in_pieces(refusing: tuple[Receiver, Office]) -> None:
    server, _ = refusing
    head = b"POST /webhooks/lob HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
        line.sendall(head)
        line.sendall(chunk * 5)  # 320 KB, and no end
        assert line.recv(1000).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD"])
def test_only_post(refusing: tuple[Receiver, Office], method: str) -> None:
    assert refusing[0].posts(b"", {}, method) == 405


def test_other_places(refusing: tuple[Receiver, Office]) -> None:
    server, _ = refusing
    assert server.answers(b"", {}, "GET", "/health") == (200, "ok\n")
    assert server.answers(b"", {}, "GET", "/")[0] == 404
    assert server.answers(b"", {}, "GET", "/docs")[0] == 404


# taken


def test_an_event_is_recorded_before_it_is_answered(office_of: Office) -> None:
    letter = letters(office_of)[1]
    with receiving(office_of) as server:
        assert server.answers(webhook(letter, "mailed")) == (200, "recorded\n")
        assert office_of.pieces()[0] == (1, "mailed")
        code, said = server.ends()
    assert code == 0
    assert f"{L1}: mailed, accepted → mailed" in said
    office_of.does("ledger", "verify")


def test_a_slash_at_the_end_is_the_same_place(office_of: Office) -> None:
    with receiving(office_of) as server:
        body = webhook(letters(office_of)[1], "mailed")
        assert server.answers(body, path=f"{PATH}/")[0] == 200
    assert dict(office_of.pieces())[1] == "mailed"


def test_what_is_told_of_a_day_to_come_is_kept_and_not_believed(office_of: Office) -> None:
    with receiving(office_of) as server:
        body = webhook(letters(office_of)[1], "mailed", "2099-01-01T12:00:00+00:00")
        assert server.posts(body) == 200
    assert dict(office_of.pieces())[1] == "accepted"
    assert office_of.rows("SELECT provider_kind, kind FROM tracking") == [("mailed", "unknown")]
    office_of.does("ledger", "verify")
    told = office_of.does("status", RATES, L1).said
    assert "told of a time to come, and not believed: mailed" in told


def test_no_client_is_named_in_what_it_writes(office_of: Office) -> None:
    letter = letters(office_of)[1]
    to = {"name": "Ada Byrd", "address_line1": "1 Ash Street"}
    told = event("letter.mailed", letter, {"id": letter, "to": to, "description": "Ash Street Bakery"}, now())
    with receiving(office_of) as server:
        assert server.posts(raw(told)) == 200
        assert server.posts(raw(told | {"id": "Ada Byrd"})) == 400
        _, said = server.ends()
    assert "2027-rates-L-0001: mailed, accepted → mailed" in said
    assert "Ada" not in said
    assert "Ash" not in said


def test_replayed_within_five_minutes_it_is_recorded_once(office_of: Office) -> None:
    body = webhook(letters(office_of)[1], "mailed")
    headers = signed(SECRET, body, now())
    with receiving(office_of) as server:
        assert [server.posts(body, headers) for _ in range(3)] == [200, 200, 200]
        assert "told before" in server.ends()[1]
    assert office_of.rows(TOLD) == [(1,)]


def test_new_names_and_unknown_letters_are_kept(office_of: Office) -> None:
    known = letters(office_of)[1]
    with receiving(office_of) as server:
        assert server.posts(webhook(known, "beamed_up")) == 200
        assert server.posts(webhook("ltr_of_a_stranger", "delivered")) == 200
        assert server.posts(raw(event("postcard.mailed", "psc_1", {"id": "psc_1"}, now()))) == 200
    kept = office_of.rows("SELECT provider_kind, kind, piece_id IS NULL FROM tracking ORDER BY 1")
    assert kept == [
        ("beamed_up", "unknown", 0),
        ("delivered", "delivered", 1),
        ("postcard.mailed", "unknown", 1),
    ]
    assert [status for _, status in office_of.pieces()] == ["accepted"] * 4


def test_the_fake_lobs_webhooks_from_acceptance_to_return(approved: Office, fake_lob: Handle) -> None:
    """Lob tells of "created" while the answer to the POST is still on its way."""
    office = approved.by_lob(fake_lob.base, LOB_WEBHOOK_SECRET=SECRET)
    with receiving(office.on("2026-12-10")) as server:
        fake_lob.tell(webhook={"url": f"http://127.0.0.1:{server.port}/webhooks/lob", "secret": SECRET})
        office.does("send", RATES)
        events = [
            {"type": name, "label": L1, "time": f"2026-11-{day}T20:00:00+00:00"}
            for name, day in (("mailed", 25), ("in_transit", 27), ("returned_to_sender", 30))
        ]
        assert fake_lob.tell(events=events)["webhooks"] == [200, 200, 200]
    assert office.pieces() == [(1, "returned"), (2, "accepted"), (3, "accepted"), (4, "accepted")]
    assert office.rows("SELECT count(*) FROM tracking WHERE piece_id IS NULL") == [(0,)]
    assert office.rows("SELECT count(*) FROM event WHERE kind = 'piece.accepted'") == [(4,)]
    office.does("ledger", "verify")


# many at once, and kill -9


@pytest.fixture
def anywhere(database: str, tmp_path: Path) -> Office:
    """Four accepted letters, on SQLite and on PostgreSQL."""
    office = begin(tmp_path / "office", database=database)
    office.edit("campaigns/2027-rates/campaign.toml", 'exclude = ["CF-1089"]', "exclude = []")
    office.imports(FOUR)
    office.does("approve", RATES)
    return sent_by(office).on("2026-12-10")


def test_concurrent_doubles_are_recorded_once(anywhere: Office) -> None:
    bodies = [
        webhook(letter, kind) for letter in letters(anywhere).values() for kind in ("mailed", "delivered")
    ]
    statuses: list[int] = []
    with receiving(anywhere) as server:

        def all_of_them() -> None:
            statuses.extend(server.posts(body) for body in bodies)

        threads = [threading.Thread(target=all_of_them) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        server.ends()
    assert statuses == [200] * 48
    assert anywhere.rows(TOLD) == [(8,)]
    assert anywhere.rows("SELECT count(*) FROM event WHERE kind = 'piece.posted'") == [(4,)]
    assert [status for _, status in anywhere.pieces()] == ["delivered"] * 4
    anywhere.does("ledger", "verify")


def test_killed_between_events_nothing_that_was_answered_is_lost(anywhere: Office) -> None:
    letter = letters(anywhere)[1]
    answered: list[str] = []
    bodies = {f"{n:03}": webhook(letter, f"scan_{n:03}") for n in range(200)}
    waiting = dict(bodies)
    for kill_after in (5, 12):
        with receiving(anywhere) as server:
            enough = threading.Event()

            def keep_telling(
                server: Receiver = server, enough: threading.Event = enough, least: int = kill_after
            ) -> None:
                try:
                    for name, body in list(waiting.items()):
                        if server.posts(body) == 200:
                            answered.append(name)
                            del waiting[name]
                        if len(answered) >= least:
                            enough.set()
                except OSError:
                    return

            teller = threading.Thread(target=keep_telling)
            teller.start()
            assert enough.wait(60)
            server.process.kill()
            teller.join(60)
        kept = {str(name) for (name,) in anywhere.rows("SELECT provider_kind FROM tracking")}
        assert {f"scan_{name}" for name in answered} <= kept
        anywhere.does("ledger", "verify")
    with receiving(anywhere) as server:
        assert {server.posts(body) for body in bodies.values()} == {200}
    assert anywhere.rows(TOLD) == [(200,)]
    assert anywhere.rows("SELECT count(*) FROM event WHERE kind = 'piece.tracked'") == [(200,)]
    anywhere.does("ledger", "verify")
