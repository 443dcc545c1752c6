"""The fake Lob tells of its letters by signed webhooks, as Lob does."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import requests

from tests.fakes import lob_events
from tests.fakes.asking import TEST, post
from tests.fakes.lob import Handle


@contextmanager
def receiver() -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """Somebody who takes webhooks: the address, and what came."""
    came: list[tuple[dict[str, str], bytes]] = []

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.append((dict(self.headers.items()), body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Taking) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/hook", came
        finally:
            server.shutdown()
            thread.join()


def test_a_webhook_is_signed_over_its_timestamp_and_raw_body(fake_lob: Handle) -> None:
    fake_lob.tell(now="2026-11-24T22:10:00+00:00")
    letter = post(fake_lob).json()["id"]
    with receiver() as (url, came):
        report = fake_lob.tell(
            webhook={"url": url, "secret": "s3cret"},
            events=[{"letter": letter, "type": "mailed", "time": "2026-11-25T20:00:00+00:00"}],
        )
        assert report["webhooks"] == [200]
    ((headers, body),) = came
    stamp = headers["Lob-Signature-Timestamp"]
    assert stamp == "1795558200000"  # 2026-11-24 22:10 UTC, in milliseconds after 1970
    expected = hmac.new(b"s3cret", stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["Lob-Signature"] == expected
    event = json.loads(body)
    assert event["id"].startswith("evt_")
    assert (event["event_type"]["id"], event["reference_id"]) == ("letter.mailed", letter)
    assert event["body"]["id"] == letter
    assert event["date_created"] == "2026-11-25T20:00:00.000Z"


def test_creating_and_cancelling_tell_too(fake_lob: Handle) -> None:
    with receiver() as (url, came):
        fake_lob.tell(webhook={"url": url, "secret": "s"})
        letter = post(fake_lob, {"extra_service": "certified"}).json()["id"]
        fake_lob.tell(events=[{"letter": letter, "type": "delivered"}])
        requests.delete(f"{fake_lob.base}/letters/{letter}", auth=TEST, timeout=30)
    kinds = [json.loads(body)["event_type"]["id"] for _, body in came]
    assert kinds == ["letter.created", "letter.certified.delivered", "letter.deleted"]


def test_a_receiver_that_is_gone_is_status_0(fake_lob: Handle) -> None:
    letter = post(fake_lob).json()["id"]
    with receiver() as (url, _):
        pass
    report = fake_lob.tell(webhook={"url": url, "secret": "s"}, events=[{"letter": letter, "type": "viewed"}])
    assert report["webhooks"] == [0]


def test_signing_by_hand() -> None:
    """The digest is that of: printf '1.{}' | openssl dgst -sha256 -hmac key."""
    headers = lob_events.signed("key", b"{}", datetime(1970, 1, 1, 0, 0, 0, 1000, tzinfo=UTC))
    assert headers["Lob-Signature-Timestamp"] == "1"
    assert headers["Lob-Signature"] == "1ba6b8171186efc613e8bcc0cbdab2748f24984d7c5a84faa2637afa0e40d224"
