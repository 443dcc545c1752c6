"""The adapter, driven through the real `lob` package against a Lob on a real socket."""

from __future__ import annotations

import hashlib
import socket
import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mailer.errors import MailerError
from mailer.mailservice.lob.answers import DEFAULT_WAIT
from mailer.mailservice.lob.client import Lob, key_kind
from mailer.mailservice.pace import Pace
from mailer.mailservice.service import (
    Absent,
    Accepted,
    Denied,
    Found,
    Outcome,
    Rejected,
    Throttled,
    Unknown,
    Unreachable,
)
from tests.fakes.lob import Handle, running
from tests.fakes.pieces import TORONTO, a_piece, pdf
from tests.fakes.rawserver import answering, server

KEY = "test_0dc8d51e0acffcb1880e0f19c79b2f5b0cc"


@pytest.fixture
def service(fake_lob: Handle) -> Lob:
    return Lob(KEY, fake_lob.base)


def taken(outcome: object) -> Accepted:
    assert isinstance(outcome, Accepted), outcome
    return outcome


# ---------------------------------------------------------------------------------------- handing over


def test_a_notice_goes_first_class_with_what_finds_it_again(service: Lob, fake_lob: Handle) -> None:
    fake_lob.tell(now="2026-11-24T22:10:00+00:00")
    accepted = taken(service.post(a_piece()))
    (letter,) = fake_lob.letters()
    assert letter["id"] == accepted.provider_id
    assert letter["key"] == "0190-0001"
    assert letter["sha256"] == hashlib.sha256(a_piece().pdf).hexdigest()  # type: ignore[arg-type]
    assert letter["pages"] == 2
    told = letter["object"]
    assert told["metadata"] == {
        "mailer_send_key": "0190-0001",
        "mailer_piece": "2027-rates-L-0001",
        "mailer_campaign": "2027-rates",
    }
    assert told["description"] == "New rates from January 2027"
    assert (told["use_type"], told["mail_type"]) == ("operational", "usps_first_class")
    assert (told["color"], told["double_sided"]) == (False, True)
    assert (told["address_placement"], told["extra_service"]) == ("top_first_page", None)
    assert (told["to"]["name"], told["to"]["company"]) == ("ADA BYRD", "ASH STREET BAKERY")


def test_a_letter_may_be_cancelled_for_five_minutes(service: Lob, fake_lob: Handle) -> None:
    """ "Cancellation Windows": 5 minutes by default; expected delivery is six business days on."""
    fake_lob.tell(now="2026-11-24T22:10:00+00:00")
    accepted = taken(service.post(a_piece()))
    assert accepted.cancel_until == datetime(2026, 11, 24, 22, 15, tzinfo=UTC)
    assert accepted.expected_delivery == date(2026, 12, 2)
    assert accepted.price is None


def test_a_newsletter_in_color_on_one_side_behind_an_address_page(service: Lob, fake_lob: Handle) -> None:
    piece = a_piece(notice=False, color=True, double_sided=False, insert_address_page=True)
    taken(service.post(piece))
    told = fake_lob.letters()[0]["object"]
    assert (told["use_type"], told["mail_type"]) == ("marketing", "usps_first_class")
    assert (told["color"], told["double_sided"]) == (True, False)
    assert told["address_placement"] == "insert_blank_page"


def test_certified_mail_has_a_number_at_once(service: Lob, fake_lob: Handle) -> None:
    accepted = taken(service.post(a_piece(certified=True)))
    assert len(accepted.tracking_number) == 26
    assert fake_lob.letters()[0]["object"]["extra_service"] == "certified"


def test_a_send_date_is_noon_utc_and_the_deadline_to_cancel(service: Lob, fake_lob: Handle) -> None:
    fake_lob.tell(now="2026-11-24T22:10:00+00:00")
    accepted = taken(service.post(a_piece(send_date=date(2026, 11, 30))))
    noon = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
    assert (accepted.send_date, accepted.cancel_until) == (noon, noon)


def test_mail_abroad(service: Lob, fake_lob: Handle) -> None:
    taken(service.post(a_piece(to=TORONTO)))
    assert fake_lob.letters()[0]["object"]["to"]["address_country"] == "CA"


def test_the_pages_may_be_a_file_of_any_name(service: Lob, fake_lob: Handle, tmp_path: Path) -> None:
    stored = tmp_path / ("ab" * 32)  # the content-addressed store's names have no .pdf
    stored.write_bytes(pdf(3))
    taken(service.post(a_piece(pdf=stored, pages=3)))
    assert fake_lob.letters()[0]["pages"] == 3


def test_pages_that_are_gone_stop_before_the_call(service: Lob, fake_lob: Handle, tmp_path: Path) -> None:
    with pytest.raises(MailerError, match=r"pages of 2027-rates-L-0001 cannot be read"):
        service.post(a_piece(pdf=tmp_path / "gone"))
    assert fake_lob.report()["requests"] == {}


# ------------------------------------------------------------------------------------------- outcomes


CERTAIN = [
    ("401", Denied("unauthorized", "The request isn't authorized.")),
    ("402", Denied("payment_required", "Payment is required.")),
    (
        "403",
        Denied("billing_address_required", "In order to create a live mail piece, set up a billing address."),
    ),
    ("404", Rejected("not_found", "The requested resource was not found.")),
    ("422", Rejected("invalid", "An invalid request was made.")),
]


@pytest.mark.parametrize(("kind", "outcome"), CERTAIN)
def test_a_refusal_in_lobs_own_words_is_certain(
    service: Lob, fake_lob: Handle, kind: str, outcome: Outcome
) -> None:
    fake_lob.tell(faults=[{"kind": kind}])
    assert service.post(a_piece()) == outcome
    assert fake_lob.report()["letters"] == 0


UNKNOWN_AND_TAKEN = [
    "drop-after",
    "500-after",
    "503-after",
    "html-502-after",
    "202",
    "cut",
    "nonsense",
    "409-after",
]
UNKNOWN_AND_NOT_TAKEN = ["drop-before", "500", "503", "408", "409", "html-502"]


@pytest.mark.parametrize("kind", UNKNOWN_AND_TAKEN)
def test_unknown_though_it_was_taken(service: Lob, fake_lob: Handle, kind: str) -> None:
    fake_lob.tell(faults=[{"kind": kind}])
    assert isinstance(service.post(a_piece()), Unknown)
    found = service.find("0190-0001")
    assert isinstance(found, Found)
    assert found.accepted.provider_id == fake_lob.letters()[0]["id"]


def test_an_answer_that_breaks_off_is_said_in_words(service: Lob, fake_lob: Handle) -> None:
    fake_lob.tell(faults=[{"kind": "cut"}])
    assert service.post(a_piece()) == Unknown("the connection could not be made, or it broke")


@pytest.mark.parametrize("kind", UNKNOWN_AND_NOT_TAKEN)
def test_unknown_and_it_was_not_taken(service: Lob, fake_lob: Handle, kind: str) -> None:
    fake_lob.tell(faults=[{"kind": kind}])
    assert isinstance(service.post(a_piece()), Unknown)
    assert service.find("0190-0001") == Absent()


def test_no_answer_in_time_is_unknown(
    service: Lob, fake_lob: Handle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailer.mailservice.lob.client.TIMEOUT", (1.0, 0.05))
    fake_lob.tell(faults=[{"kind": "slow", "seconds": 0.5}])
    outcome = service.post(a_piece())
    assert isinstance(outcome, Unknown)
    assert outcome.reason == "no answer came in time"


def test_nobody_listens() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        service = Lob(KEY, f"http://127.0.0.1:{bound.getsockname()[1]}/v1")
        assert isinstance(service.post(a_piece()), Unreachable)
        assert isinstance(service.find("0190-0001"), Unreachable)


def test_a_host_without_a_name_server_entry() -> None:
    assert isinstance(Lob(KEY, "https://lob.invalid/v1").post(a_piece()), Unreachable)


def test_a_base_address_of_something_else_stops_the_run(fake_lob: Handle) -> None:
    """Every piece would be refused with "not found", so it is not the piece's fault."""
    outcome = Lob(KEY, fake_lob.base.removesuffix("/v1")).post(a_piece())
    assert outcome == Denied("unrecognized_endpoint", "The requested endpoint doesn't exist.")


def test_a_key_that_lob_does_not_know(fake_lob: Handle) -> None:
    outcome = Lob("test_wrong", fake_lob.base).post(a_piece())
    assert isinstance(outcome, Denied)
    assert outcome.code == "invalid_api_key"


def test_too_many_requests_tell_how_long_to_wait(service: Lob, fake_lob: Handle) -> None:
    fake_lob.tell(faults=[{"kind": "429", "seconds": 2.5}])
    assert service.post(a_piece()) == Throttled(2.5)


@pytest.mark.parametrize("after", ["nan", "inf", "-inf", "1e999"])
def test_a_time_to_wait_that_is_none(after: str) -> None:
    body = b'{"error": {"message": "wait", "status_code": 429}}'
    with server(answering("429 Too Many Requests", body, f"Retry-After: {after}")) as port:
        assert Lob("test_0", f"http://127.0.0.1:{port}/v1").post(a_piece()) == Throttled(DEFAULT_WAIT)


@pytest.mark.parametrize(
    "told", ["Mon, 01 Jan 99999999999 00:00:00 +0000", "Mon, 1 Jan 2026 1:1:1 +99999999999999999999"]
)
def test_a_date_beyond_all_numbers(told: str) -> None:
    body = b'{"error": {"message": "wait", "status_code": 429}}'
    with server(answering("429 Too Many Requests", body, f"Date: {told}")) as port:
        assert Lob("test_0", f"http://127.0.0.1:{port}/v1").post(a_piece()) == Throttled(DEFAULT_WAIT)


def test_without_retry_after_the_time_is_that_of_the_rate_headers(service: Lob, fake_lob: Handle) -> None:
    fake_lob.tell(rate=1, faults=[{"kind": "429"}])
    outcome = service.post(a_piece())
    assert isinstance(outcome, Throttled)
    assert 3.0 <= outcome.retry_after <= 6.0  # the window is 5 s, the header in whole seconds


def test_a_fault_is_this_pieces_alone(service: Lob, fake_lob: Handle) -> None:
    fake_lob.tell(faults=[{"kind": "422", "label": "2027-rates-L-0002", "times": 0}])
    outcomes = [type(service.post(a_piece(number))) for number in (1, 2, 3)]
    assert outcomes == [Accepted, Rejected, Accepted]


# -------------------------------------------------------------------------------------- never twice


def test_a_second_try_uploads_every_byte(service: Lob, fake_lob: Handle) -> None:
    """The package uploads 0 bytes when it is given the same file object again."""
    piece = a_piece()
    fake_lob.tell(faults=[{"kind": "drop-before"}])
    assert isinstance(service.post(piece), Unknown)
    taken(service.post(piece))
    assert fake_lob.letters()[0]["size"] == piece.size


def test_the_same_piece_again_is_the_same_letter(service: Lob, fake_lob: Handle) -> None:
    first, second = taken(service.post(a_piece())), taken(service.post(a_piece()))
    assert first.provider_id == second.provider_id
    assert fake_lob.report()["letters"] == 1


def test_after_a_day_the_key_is_forgotten_and_the_listing_still_finds_it(
    service: Lob, fake_lob: Handle
) -> None:
    """ "Idempotent Requests": keys expire after 24 hours."""
    first = taken(service.post(a_piece()))
    fake_lob.tell(advance=24 * 3600 + 1)
    found = service.find("0190-0001")
    assert isinstance(found, Found)
    assert found.accepted.provider_id == first.provider_id
    second = taken(service.post(a_piece()))
    assert second.provider_id != first.provider_id
    found = service.find("0190-0001")
    assert isinstance(found, Found)
    assert {found.accepted.provider_id, *found.others} == {first.provider_id, second.provider_id}
    assert fake_lob.report()["duplicates"] == ["0190-0001"]


def test_while_the_first_is_in_flight_the_second_is_unknown(service: Lob, fake_lob: Handle) -> None:
    fake_lob.tell(faults=[{"kind": "slow", "seconds": 0.4}])
    outcomes: list[Outcome] = []
    threads = [threading.Thread(target=lambda: outcomes.append(service.post(a_piece()))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {type(outcome) for outcome in outcomes} == {Accepted, Unknown}
    assert fake_lob.report()["letters"] == 1


# -------------------------------------------------------------------------------- keys and address


@pytest.mark.parametrize(("key", "kind"), [(KEY, "test"), ("live_0dc8d51e0acffcb1880e", "live")])
def test_the_kind_of_a_key(key: str, kind: str) -> None:
    assert key_kind(key) == kind
    assert Lob(key).live == (kind == "live")
    assert key not in repr(Lob(key))


@pytest.mark.parametrize(
    "key", ["", "sk_live_secret", "test", "test_", "test_a b", "live_pub_secret", "TEST_secret"]
)
def test_what_is_no_secret_key_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(MailerError, match="begins with test_ or live_") as refused:
        key_kind(key)
    assert "secret" not in str(refused.value).replace("secret key", "")


@pytest.mark.parametrize(
    "base", ["", "api.lob.com", "ftp://api.lob.com", "https://", "https://[x", "https://h:99999"]
)
def test_what_is_no_web_address_is_refused(base: str) -> None:
    with pytest.raises(MailerError, match="not a web address"):
        Lob(KEY, base)


@pytest.mark.parametrize("key", ["live_abc", "test_abc"])
def test_a_key_never_goes_out_unencrypted(key: str) -> None:
    with pytest.raises(MailerError, match="not encrypted"):
        Lob(key, "http://lob.example/v1")


def test_two_accounts_in_one_process_keep_apart(fake_lob: Handle) -> None:
    """The package has one base address and one key for the whole process; the adapter does not."""
    with running() as other:
        here, there = Lob(KEY, fake_lob.base), Lob("live_abc", other.base)
        taken(here.post(a_piece(1)))
        taken(there.post(a_piece(2)))
        assert [letter["label"] for letter in fake_lob.letters()] == ["2027-rates-L-0001"]
        assert [(letter["label"], letter["mode"]) for letter in other.letters()] == [
            ("2027-rates-L-0002", "live")
        ]


# ------------------------------------------------------------------------------------------- pace


def test_the_pace_keeps_within_lobs_rate(fake_lob: Handle, tmp_path: Path) -> None:
    """A rate of 10 in 5 seconds, so that the eleventh call is the first to wait."""
    fake_lob.tell(rate=10)
    pace = Pace(tmp_path / "pace.db", rate=10)
    service = Lob(KEY, fake_lob.base, pace)
    outcomes = [type(service.post(a_piece(number))) for number in range(12)]
    pace.close()
    assert outcomes == [Accepted] * 12
    assert fake_lob.report()["requests"]["POST /v1/letters"]["most_in_window"] == 10


def test_the_file_of_the_pace_holds_no_key(fake_lob: Handle, tmp_path: Path) -> None:
    pace = Pace(tmp_path / "pace.db", rate=150)
    taken(Lob(KEY, fake_lob.base, pace).post(a_piece()))
    pace.close()
    held = (tmp_path / "pace.db").read_bytes()
    assert b"POST /letters" in held
    assert KEY.encode() not in held
