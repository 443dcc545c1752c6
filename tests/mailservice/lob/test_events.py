"""Lob's names for events, and its webhooks: signed, verified, read."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailer.mailservice.lob import letter as lob_letter
from mailer.mailservice.lob.events import (
    KINDS,
    LARGEST,
    SEND_KEY,
    kind_of,
    named,
    parse,
    polled,
    verify,
)
from mailer.mailservice.provider import Garbled, Unsigned
from mailer.mailservice.service import Tracking, TrackingEvent
from mailer.mailservice.transit import Meaning, Report

SECRET = "whsec_of_a_test"  # noqa: S105
NOW = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)
MS = "1795636800000"  # 25 November 2026, 20:00 UTC
BODY = b'{"id": "evt_1"}'

# Lob's OpenAPI document 1.22.0: schema `letter_types`
LETTER_TYPES = """letter.created letter.rejected letter.rendered_pdf letter.rendered_thumbnails letter.deleted
letter.failed letter.viewed letter.mailed letter.in_transit letter.in_local_area letter.processed_for_delivery
letter.delivered letter.re-routed letter.returned_to_sender letter.international_exit letter.certified.mailed
letter.certified.in_transit letter.certified.in_local_area letter.certified.processed_for_delivery
letter.certified.re-routed letter.certified.returned_to_sender letter.certified.delivered
letter.certified.pickup_available letter.certified.issue letter.informed_delivery.email_sent
letter.informed_delivery.email_opened letter.informed_delivery.email_clicked_through
letter.return_envelope.created letter.return_envelope.in_transit letter.return_envelope.in_local_area
letter.return_envelope.processed_for_delivery letter.return_envelope.re_routed
letter.return_envelope.returned_to_sender letter.return_envelope.international_exit
letter.return_envelope.delivered""".split()  # noqa: SIM905 (as published, and short)


def sign(stamp: str, body: bytes = BODY, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def event(**changes: Any) -> dict[str, Any]:
    """A letter was scanned: the event as Lob's guide shows it."""
    letter = {
        "id": "ltr_4868c3b754655f90",
        "metadata": {SEND_KEY: "01932f", "mailer_piece": "2027-rates-L-0001"},
        "date_created": "2026-11-24T18:00:00.000Z",
        "tracking_events": [],
    }
    return {
        "id": "evt_d95ff8ffd2b5cfb4",
        "body": letter,
        "reference_id": "ltr_4868c3b754655f90",
        "event_type": {"id": "letter.in_transit", "enabled_for_test": False, "resource": "letters"},
        "date_created": "2026-11-25T20:00:00.000Z",
        "object": "event",
    } | changes


def read(**changes: Any) -> Report:
    return parse(json.dumps(event(**changes)).encode())


# names


def test_every_name_of_the_published_list_is_known() -> None:
    assert [name for name in LETTER_TYPES if kind_of(name) is Meaning.UNKNOWN] == []
    assert {named(name) for name in LETTER_TYPES if "return_envelope" not in name} == set(KINDS)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("letter.mailed", Meaning.POSTED),
        ("letter.certified.mailed", Meaning.POSTED),
        ("letter.created", Meaning.CREATED),  # "created" is not mailing
        ("letter.failed", Meaning.REJECTED),
        ("letter.deleted", Meaning.CANCELLED),
        ("letter.delivered", Meaning.DELIVERED),
        ("letter.certified.delivered", Meaning.RECEIVED),
        ("Mailed", Meaning.POSTED),
        ("In Transit", Meaning.IN_TRANSIT),
        ("Returned to Sender", Meaning.RETURNED),
        ("Re-Routed", Meaning.RE_ROUTED),
        ("letter.re_routed", Meaning.RE_ROUTED),
        ("letter.return_envelope.delivered", Meaning.REPLY),
        ("letter.return_envelope.returned_to_sender", Meaning.REPLY),
        ("letter.return_envelope.re_routed", Meaning.REPLY),
        ("letter.return_envelope.eaten_by_dog", Meaning.REPLY),
        ("letter.teleported", Meaning.UNKNOWN),
        ("postcard.delivered", Meaning.UNKNOWN),
        ("address.deleted", Meaning.UNKNOWN),
        ("", Meaning.UNKNOWN),
    ],
)
def test_what_a_name_means(name: str, kind: Meaning) -> None:
    assert kind_of(name) is kind


def test_the_key_is_the_one_that_letters_are_sent_with() -> None:
    assert SEND_KEY == lob_letter.SEND_KEY


# signatures


@pytest.mark.parametrize("stamp", [MS, "1795636800", "1795636500000", "1795637100000", "1795636500"])
def test_signed_within_five_minutes_in_milliseconds_or_seconds(stamp: str) -> None:
    verify(SECRET, stamp, sign(stamp), BODY, NOW)


def test_the_known_answer_of_rfc_4231_is_how_it_is_signed() -> None:
    """Case 2 of RFC 4231, cut so that the part before the full stop is the timestamp's place."""
    assert hmac.new(b"Jefe", b"what do ya want for nothing?", hashlib.sha256).hexdigest() == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )
    assert sign("1", b"2", "Jefe") == hmac.new(b"Jefe", b"1.2", hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    ("stamp", "signature", "body", "says"),
    [
        (MS, sign(MS), BODY + b" ", "does not match"),
        (MS, sign(MS), b"", "does not match"),
        ("1795636800001", sign(MS), BODY, "does not match"),
        (MS, sign(MS, secret="another"), BODY, "does not match"),  # noqa: S106
        (MS, sign(MS)[:-1], BODY, "not one of Lob's"),
        (MS, sign(MS) + "00", BODY, "not one of Lob's"),
        (MS, "é" * 64, BODY, "not one of Lob's"),
        ("1795636499999", sign("1795636499999"), BODY, "too old, or from the future"),
        ("1795637100001", sign("1795637100001"), BODY, "too old, or from the future"),
        ("1795636499", sign("1795636499"), BODY, "too old, or from the future"),
        ("NaN", sign("NaN"), BODY, "not one of Lob's"),
        ("inf", sign("inf"), BODY, "not one of Lob's"),
        ("1795636800000.0", sign("1795636800000.0"), BODY, "not one of Lob's"),
        ("-1795636800", sign("-1795636800"), BODY, "not one of Lob's"),
        ("١٧٩٥٦٣٦٨٠٠", sign("١٧٩٥٦٣٦٨٠٠"), BODY, "not one of Lob's"),
        ("9" * 400, sign("9" * 400), BODY, "not one of Lob's"),
        (None, sign(MS), BODY, "no signature"),
        (MS, None, BODY, "no signature"),
        ("", "", BODY, "no signature"),
    ],
)
def test_what_is_never_believed(stamp: str | None, signature: str | None, body: bytes, says: str) -> None:
    with pytest.raises(Unsigned, match=says):
        verify(SECRET, stamp, signature, body, NOW)


def test_an_empty_secret_believes_nothing() -> None:
    with pytest.raises(Unsigned):
        verify("", MS, sign(MS, secret=""), BODY, NOW)


def test_a_signature_in_capitals_is_the_same_number() -> None:
    verify(SECRET, MS, sign(MS).upper(), BODY, NOW)


# reading


def test_a_webhook_as_lob_sends_it() -> None:
    assert read() == Report(
        "evt_d95ff8ffd2b5cfb4",
        "ltr_4868c3b754655f90",
        "01932f",
        "in_transit",
        Meaning.IN_TRANSIT,
        datetime(2026, 11, 25, 20, 0, tzinfo=UTC),
        datetime(2026, 11, 24, 18, 0, tzinfo=UTC),
    )


def test_the_letters_own_list_gives_the_id_and_the_time_of_the_scan() -> None:
    scans = [
        {"id": f"evnt_{n}", "type": "normal", "name": name, "time": f"2026-11-{day}T03:00:00Z"}
        for n, (name, day) in enumerate([("Mailed", 24), ("In Transit", 25), ("In Transit", 27)])
    ]
    told = read(body=event()["body"] | {"tracking_events": scans})
    assert (told.event_id, told.occurred_at) == ("evnt_1", datetime(2026, 11, 25, 3, tzinfo=UTC))


def test_polled_and_told_by_webhook_it_is_the_same() -> None:
    at = datetime(2026, 11, 25, 3, tzinfo=UTC)
    scan = {"id": "evnt_7", "type": "certified", "name": "Re-Routed", "time": "2026-11-25T03:00:00.000Z"}
    sent = read(
        event_type={"id": "letter.certified.re-routed"}, body=event()["body"] | {"tracking_events": [scan]}
    )
    (asked,) = polled(
        "ltr_4868c3b754655f90", Tracking((TrackingEvent("evnt_7", "certified.re-routed", at),)), NOW
    )
    for one in (sent, asked):
        assert (one.event_id, one.provider_kind, one.kind) == (
            "evnt_7",
            "certified.re-routed",
            Meaning.RE_ROUTED,
        )
        assert one.occurred_at == at


def test_a_polled_event_without_an_id_gets_the_same_one_each_time() -> None:
    event_ = TrackingEvent("", "mailed", datetime(2026, 11, 25, 3, tzinfo=UTC))
    (first,) = polled("ltr_1", Tracking((event_,)), NOW)
    assert first.event_id == "ltr_1:mailed:2026-11-25T03:00:00+00:00"


def test_a_letter_that_was_cancelled_or_failed_tells_so_when_it_is_asked() -> None:
    (gone,) = polled("ltr_1", Tracking((), cancelled=True, expected_delivery=date(2026, 12, 1)), NOW)
    (failed,) = polled("ltr_1", Tracking((), status="failed"), NOW)
    assert (gone.event_id, gone.kind) == ("ltr_1:deleted", Meaning.CANCELLED)
    assert (failed.event_id, failed.kind) == ("ltr_1:failed", Meaning.REJECTED)
    assert polled("ltr_1", Tracking((), status="rendered"), NOW)[0:] == ()


def test_a_deleted_letters_body_is_two_fields() -> None:
    told = read(
        body={"id": "ltr_9", "deleted": True}, reference_id="ltr_9", event_type={"id": "letter.deleted"}
    )
    assert (told.provider_id, told.send_key, told.kind) == ("ltr_9", "", Meaning.CANCELLED)


@pytest.mark.parametrize(
    "changes",
    [
        {"body": {"id": "ltr_4868c3b754655f90"}, "reference_id": None},
        {"body": {}},
        {"body": None},
        {"body": []},
    ],
)
def test_one_name_of_the_letter_is_enough(changes: dict[str, Any]) -> None:
    assert read(**changes).provider_id == "ltr_4868c3b754655f90"


def test_a_name_that_is_new_to_us_is_kept() -> None:
    told = read(event_type={"id": "letter.beamed_up\u0000\ud800"})
    assert (told.provider_kind, told.kind) == ("beamed_up??", Meaning.UNKNOWN)
    assert len(read(event_type={"id": "x" * 5_000}).provider_kind) == 100


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"id": None}, "id is not"),
        ({"id": 7}, "id is not"),
        ({"id": "evt_" + "a" * 100}, "id is not"),
        ({"id": "evt_1\n"}, "id is not"),
        ({"id": ["evt_1"]}, "id is not"),
        ({"event_type": None}, "event_type"),
        ({"event_type": {"id": 1}}, "event_type"),
        ({"event_type": {}}, "event_type"),
        ({"date_created": None}, "date_created"),
        ({"date_created": 1795636800}, "date_created"),
        ({"date_created": "yesterday"}, "date_created"),
        ({"date_created": "0001-01-01T00:00:00+23:59"}, "date_created"),
        ({"date_created": "9999-12-31T23:59:59-23:59"}, "date_created"),
        ({"date_created": "1970-01-01T00:00:00Z"}, "date_created"),
        ({"date_created": "NaN"}, "date_created"),
        ({"reference_id": "ltr_1'; DROP TABLE piece"}, "reference_id"),
        ({"reference_id": {"a": 1}}, "reference_id"),
        ({"reference_id": None, "body": {}}, "neither"),
    ],
)
def test_what_is_no_event(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(Garbled, match=says):
        read(**changes)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"null",
        b"[]",
        b'"evt_1"',
        b"NaN",
        b'{"id": NaN}',
        b'{"id": Infinity}',
        b"[" * 100_000,
        b'{"a":' * 40_000,
        b'{"id": ' + b"9" * 6_000 + b"}",
        b"1" * (LARGEST + 1),
    ],
)
def test_what_is_no_json_object(body: bytes) -> None:
    with pytest.raises(Garbled):
        parse(body)


def test_metadata_and_scans_of_wrong_types_are_passed_over() -> None:
    body = event()["body"] | {"metadata": [1], "tracking_events": [1, {"time": 3}, {"name": None}, None]}
    assert (read(body=body).send_key, read(body=body).event_id) == ("", "evt_d95ff8ffd2b5cfb4")
    assert read(body=event()["body"] | {"tracking_events": "x", "metadata": {SEND_KEY: 5}}).send_key == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(["id", "body", "reference_id", "event_type", "date_created", "object"])


@given(st.dictionaries(FIELDS, JSON, max_size=3))
@settings(suppress_health_check=[HealthCheck.too_slow])  # two busy cores are slow
def test_any_event_is_read_or_refused(changes: dict[str, Any]) -> None:
    _read_or_refuse(json.dumps(event() | changes).encode())


@given(
    st.dictionaries(st.sampled_from(["id", "metadata", "tracking_events", "date_created"]), JSON, max_size=3)
)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_letter_is_read_or_refused(changes: dict[str, Any]) -> None:
    _read_or_refuse(json.dumps(event(body=event()["body"] | changes)).encode())


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    _read_or_refuse(body)


def _read_or_refuse(body: bytes) -> None:
    try:
        told = parse(body)
    except Garbled:
        return
    assert told.event_id
    assert told.provider_id
    assert told.provider_kind.isprintable()
    assert 2000 <= told.occurred_at.year < 2100
