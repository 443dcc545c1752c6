"""The hash chain: its bytes as documented, and every way to tamper with it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mailer.ledger.chain import (
    FIRST_PREV,
    ChainBroken,
    Event,
    Scalar,
    canonical,
    check,
    digest,
    event,
    withheld,
)
from mailer.ledger.kinds import EventKind

RECORDED = datetime(2026, 11, 25, 22, 10, 0, 123456, tzinfo=UTC)


def next_event(
    chain: list[Event], kind: str = "job.dropped", payload: dict[str, Scalar] | None = None
) -> Event:
    return event(
        len(chain) + 1,
        kind,
        "2027-rates/letter",
        payload if payload is not None else {"pieces": "1-52", "place": "Main Post Office, Sacramento"},
        actor="Ada",
        recorded_at=RECORDED,
        occurred_on=date(2026, 11, 25),
        rehearsal=False,
        prev=chain[-1].hash if chain else FIRST_PREV,
    )


def test_the_first_event_hashes_the_documented_bytes() -> None:
    # [seq, kind, version, subject, actor, recorded_at, occurred_on, rehearsal, SHA-256 of payload, prev]
    payload = hashlib.sha256(b'{"pieces":"1-52","place":"Main Post Office, Sacramento"}').hexdigest()
    written = (
        '[1,"job.dropped",2,"2027-rates/letter","Ada","2026-11-25T22:10:00.123456+00:00","2026-11-25",false,'
        f'"{payload}",'
        '"0000000000000000000000000000000000000000000000000000000000000000"]'
    )
    assert next_event([]).hash == hashlib.sha256(written.encode()).hexdigest()


def test_an_event_of_version_1_hashed_its_payload_in_place() -> None:
    written = (
        '[1,"job.dropped",1,"2027-rates/letter","Ada","2026-11-25T22:10:00.123456+00:00","2026-11-25",false,'
        r'"{\"pieces\":\"1-52\",\"place\":\"Main Post Office, Sacramento\"}",'
        '"0000000000000000000000000000000000000000000000000000000000000000"]'
    )
    old = replace(next_event([]), version=1)
    assert digest(old) == hashlib.sha256(written.encode()).hexdigest()
    assert withheld(old) == old  # nothing of it can be withheld


def test_a_payload_is_withheld_and_the_chain_holds() -> None:
    first = next_event([])
    second = next_event([first], payload={"pieces": "53"})
    without = withheld(first)
    assert (without.payload, without.hash) == ("", first.hash)
    assert list(check([without, second])) == [without, second]
    with pytest.raises(ChainBroken):
        list(check([replace(without, withheld="0" * 64), second]))


def test_the_second_event_names_the_hash_of_the_first() -> None:
    first = next_event([])
    second = next_event(
        [first], "mailing.approved", {"by": "Zoë", "pieces": "1-2,5", "n": 3, "none": None, "ok": True}
    )
    assert second.payload == '{"by":"Zoë","n":3,"none":null,"ok":true,"pieces":"1-2,5"}'
    written = (
        f'[2,"mailing.approved",2,"2027-rates/letter","Ada","2026-11-25T22:10:00.123456+00:00","2026-11-25",false,'
        f'"{hashlib.sha256(second.payload.encode()).hexdigest()}","{first.hash}"]'
    )
    assert second.hash == hashlib.sha256(written.encode("utf-8")).hexdigest()
    assert list(check([first, second])) == [first, second]


def test_the_time_is_hashed_in_utc_whatever_zone_it_came_in() -> None:
    local = RECORDED.astimezone(timezone(timedelta(hours=-8)))
    first = event(
        1,
        "k",
        "s",
        {},
        actor="a",
        recorded_at=local,
        occurred_on=date(2026, 11, 25),
        rehearsal=False,
        prev=FIRST_PREV,
    )
    # A database gives the time back in UTC: it must hash to the same.
    assert digest(replace(first, recorded_at=RECORDED)) == first.hash


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="a naive datetime cannot be recorded"):
        event(
            1,
            "k",
            "s",
            {},
            actor="a",
            recorded_at=datetime(2026, 11, 25),
            occurred_on=date(2026, 11, 25),
            rehearsal=False,
            prev=FIRST_PREV,
        )


def test_a_payload_is_canonical_and_holds_no_floats() -> None:
    assert canonical({"b": "é", "a": 1}) == canonical({"a": 1, "b": "é"}) == '{"a":1,"b":"é"}'
    unfit: Any = {"amount": 1.5}
    with pytest.raises(TypeError, match="amount is a float"):
        canonical(unfit)


def chain_of(length: int) -> list[Event]:
    chain: list[Event] = []
    for number in range(length):
        chain.append(
            next_event(chain, list(EventKind)[number % len(EventKind)].value, {"pieces": f"1-{number + 1}"})
        )
    return chain


CHAIN = chain_of(6)
CHANGED = "a record was changed, removed or put in."
PLACES = st.integers(0, len(CHAIN) - 1)

OTHER: dict[str, Callable[[Event], object]] = {
    "seq": lambda e: e.seq + 1,
    "kind": lambda e: e.kind + ".",
    "version": lambda e: e.version + 1,
    "subject": lambda e: e.subject + "x",
    "actor": lambda e: e.actor.upper(),
    "recorded_at": lambda e: e.recorded_at + timedelta(microseconds=1),
    "occurred_on": lambda e: e.occurred_on - timedelta(days=1),
    "rehearsal": lambda e: not e.rehearsal,
    "payload": lambda e: e.payload + " ",
    "prev": lambda e: e.hash,
    "hash": lambda e: e.prev,
    "withheld": lambda e: e.hash,
}


def broken(events: list[Event]) -> bool:
    try:
        list(check(events))
    except ChainBroken:
        return True
    return False


def test_an_untouched_chain_is_whole() -> None:
    assert not broken([])
    assert list(check(CHAIN)) == CHAIN


def test_every_field_has_a_tampering() -> None:
    assert set(OTHER) == set(Event.__slots__)


@given(PLACES, st.sampled_from(sorted(OTHER)))
def test_any_changed_field_is_found(at: int, name: str) -> None:
    changed = [*CHAIN]
    changed[at] = replace(CHAIN[at], **{name: OTHER[name](CHAIN[at])})  # type: ignore[arg-type]
    assert broken(changed)


@given(PLACES, st.sampled_from(sorted(set(OTHER) - {"hash"})))
def test_a_changed_field_with_its_hash_made_again_is_found(at: int, name: str) -> None:
    assume(at < len(CHAIN) - 1 or name in ("seq", "prev"))
    changed = [*CHAIN]
    unhashed = replace(CHAIN[at], **{name: OTHER[name](CHAIN[at])})  # type: ignore[arg-type]
    changed[at] = replace(unhashed, hash=digest(unhashed))
    assert broken(changed)


@given(PLACES.filter(lambda at: at < len(CHAIN) - 1))
def test_a_dropped_event_is_found(at: int) -> None:
    assert broken(CHAIN[:at] + CHAIN[at + 1 :])


@given(PLACES, PLACES)
def test_two_swapped_events_are_found(one: int, other: int) -> None:
    swapped = [*CHAIN]
    swapped[one], swapped[other] = CHAIN[other], CHAIN[one]
    assert broken(swapped) == (one != other)


@given(PLACES, PLACES)
def test_an_inserted_event_is_found(at: int, copy: int) -> None:
    assert broken([*CHAIN[:at], CHAIN[copy], *CHAIN[at:]])
    forged = event(
        at + 1,
        "job.dropped",
        "2027-rates/letter",
        {"pieces": "9"},
        actor="Eve",
        recorded_at=RECORDED,
        occurred_on=date(2026, 11, 1),
        rehearsal=False,
        prev=CHAIN[at - 1].hash if at else FIRST_PREV,
    )
    assert broken([*CHAIN[:at], forged, *CHAIN[at:]])


def test_a_cut_or_rewritten_end_is_found_by_the_head_that_was_signed() -> None:
    """The chain alone can't know its end: that is why its head is printed on what people sign."""
    signed = CHAIN[-1].hash
    assert not broken(CHAIN[:-1])
    assert CHAIN[-2].hash != signed
    rewritten = [*CHAIN[:-1], next_event(CHAIN[:-1], payload={"pieces": "7"})]
    assert not broken(rewritten)
    assert rewritten[-1].hash != signed


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([CHAIN[0], CHAIN[2]], "ledger event 3: event 2 is missing: a record was removed."),
        (
            [CHAIN[0], replace(CHAIN[1], prev="f" * 64)],
            f"ledger event 2: it does not follow from the event before: {CHANGED}",
        ),
        (
            [CHAIN[0], replace(CHAIN[1], actor="Eve")],
            "ledger event 2: its content was changed after it was recorded.",
        ),
    ],
)
def test_what_is_found_is_told(events: list[Event], said: str) -> None:
    with pytest.raises(ChainBroken) as found:
        list(check(events))
    assert str(found.value) == (
        f"{said}\n  Restore the database from a backup made before this; keep this copy as evidence."
    )


def test_events_before_the_break_are_given() -> None:
    walked = check([CHAIN[0], CHAIN[1], CHAIN[3]])
    assert [next(walked), next(walked)] == CHAIN[:2]
    with pytest.raises(ChainBroken):
        next(walked)
