"""The fake Lob judges and behaves as Lob's OpenAPI document 1.22.0 says: plain HTTP, without our adapter."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pikepdf
import pytest
import requests

from tests.fakes.asking import LIVE, ONE_PAGE, TEST, code, get, post
from tests.fakes.lob import Handle, running
from tests.fakes.pieces import pdf


def test_a_letter_has_the_shape_of_the_document(fake_lob: Handle) -> None:
    answer = post(fake_lob, {"metadata[customer_id]": "987654", "description": "Demo Letter"})
    assert answer.status_code == 200
    letter = answer.json()
    assert letter["id"].startswith("ltr_")
    assert letter["object"] == "letter"
    assert letter["metadata"] == {"customer_id": "987654"}
    assert letter["to"]["address_country"] == "UNITED STATES"
    assert letter["to"]["address_line1"] == "210 KING STREET"
    assert letter["carrier"] == "USPS"
    assert letter["double_sided"] is True  # "Defaults to true"
    assert letter["send_date"] == letter["date_created"]  # parameter `scheduled`
    assert get(fake_lob, f"/letters/{letter['id']}").json() == letter


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"to[name]": None}, "invalid"),
        ({"to[name]": "n" * 41}, "invalid"),
        ({"to[address_line1]": None}, "invalid"),
        ({"to[address_line1]": "1" * 30, "to[address_line2]": "2" * 21}, "address_length_exceeds_limit"),
        ({"from[address_line1]": "1" * 65}, "invalid"),
        ({"to[address_state]": "California"}, "invalid"),
        ({"to[address_zip]": "9410"}, "invalid"),
        ({"from[address_country]": "CA"}, "foreign_return_address"),
        ({"use_type": None}, "mail_use_type_can_not_be_null"),
        ({"use_type": "legal"}, "invalid"),
        ({"color": None}, "invalid"),
        ({"color": "True"}, "invalid"),
        ({"double_sided": "False"}, "invalid"),
        ({"mail_type": "usps_priority"}, "invalid"),
        ({"extra_service": "certified", "mail_type": "usps_standard"}, "invalid"),
        ({"extra_service": "registered"}, "invalid_international_feature"),
        ({"return_envelope": "true"}, "invalid_perforation_return_envelope"),
        ({"perforated_page": "1"}, "invalid_perforation_return_envelope"),
        ({"description": "d" * 256}, "invalid"),
        ({f"metadata[{'k' * 41}]": "v"}, "invalid"),
        ({"metadata[k]": "v" * 501}, "invalid"),
        ({"metadata[k]": 'a"b'}, "invalid"),
        ({f"metadata[k{number}]": "v" for number in range(21)}, "invalid"),
        ({"send_date": "2026-11-24T22:09:00Z"}, "invalid"),
        ({"send_date": "2027-05-24"}, "invalid"),
        ({"send_date": "tomorrow"}, "invalid"),
        ({"colour": "true"}, "invalid"),
        ({"to[adress_line1]": "x"}, "invalid"),
    ],
)
def test_what_is_past_a_limit_is_a_422(fake_lob: Handle, fields: dict[str, str | None], refused: str) -> None:
    fake_lob.tell(now="2026-11-24T22:10:00+00:00")
    assert code(post(fake_lob, fields)) == (422, refused)
    assert fake_lob.report()["letters"] == 0


def encrypted() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(612, 792))
        document.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    return out.getvalue()


def with_font(name: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(612, 792))
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.TrueType, BaseFont=pikepdf.Name(f"/{name}")
        )
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        (b"", "invalid_file"),
        (b"<html>hello</html>", "invalid_file"),
        (pdf(1, size=(595, 842)), "invalid_file_dimensions"),
        (pdf(121), "file_pages_exceed_max"),
        (pdf(1, padding=5_100_000), "file_size_exceeds_limit"),
        (encrypted(), "pdf_encrypted"),
        (with_font("Comic-Sans"), "unembedded_fonts"),
    ],
    ids=["empty", "html", "A4", "121 pages", "5.1 MB", "encrypted", "font"],
)
def test_the_file_is_really_looked_at(fake_lob: Handle, content: bytes, refused: str) -> None:
    assert code(post(fake_lob, content=content)) == (422, refused)


def test_a_standard_font_need_not_be_embedded(fake_lob: Handle) -> None:
    assert post(fake_lob, content=with_font("Helvetica")).status_code == 200


@pytest.mark.parametrize("text", ["letter.pdf", "%PDF-1.7", "/srv/letter.pdf"])
def test_a_text_field_is_no_file(fake_lob: Handle, text: str) -> None:
    """ "multipart/form-data … is the only format that can be used for uploading a file"."""
    assert code(post(fake_lob, {"file": text}, content=None)) == (422, "invalid_file")


@pytest.mark.parametrize(
    ("auth", "refused"),
    [
        (None, (401, "invalid_api_key")),
        (("", ""), (401, "invalid_api_key")),
        (("prod_abc", ""), (401, "invalid_api_key")),
        (("test_", ""), (401, "invalid_api_key")),
        (("test_wrong", ""), (401, "invalid_api_key")),
        (("test_abc", "password"), (401, "invalid_api_key")),
        (("test_pub_abc", ""), (403, "publishable_key_not_allowed")),
    ],
)
def test_who_may_not(fake_lob: Handle, auth: Any, refused: tuple[int, str]) -> None:
    assert code(post(fake_lob, auth=auth)) == refused
    assert code(get(fake_lob, "/letters", auth=auth)) == refused


def test_test_and_live_are_two_worlds(fake_lob: Handle) -> None:
    letter = post(fake_lob, key="k").json()["id"]
    assert code(get(fake_lob, f"/letters/{letter}", auth=LIVE)) == (404, "not_found")
    assert get(fake_lob, "/letters", auth=LIVE).json()["data"] == []
    assert post(fake_lob, key="k", auth=LIVE).json()["id"] != letter  # "unique by mode"


def test_a_key_is_good_for_24_hours(fake_lob: Handle) -> None:
    first = post(fake_lob, key="k").json()["id"]
    fake_lob.tell(advance=86_399 - 60)
    assert post(fake_lob, {"color": "false"}, key="k").json()["id"] == first
    fake_lob.tell(advance=120)
    assert post(fake_lob, key="k").json()["id"] != first
    assert code(post(fake_lob, key="k" * 257))[0] == 422


def test_its_clock_stands_where_it_is_set_and_is_the_real_one_else(fake_lob: Handle) -> None:
    fake_lob.tell(now="2026-11-24T10:00-08:00")
    answers = [post(fake_lob) for _ in range(2)]
    assert {answer.json()["date_created"] for answer in answers} == {"2026-11-24T18:00:00.000Z"}
    assert answers[0].headers["Date"] == "Tue, 24 Nov 2026 18:00:00 GMT"
    fake_lob.tell(advance=301)
    assert post(fake_lob).json()["date_created"] == "2026-11-24T18:05:01.000Z"
    fake_lob.tell(now=None)
    made = datetime.fromisoformat(post(fake_lob).json()["date_created"])
    assert abs((datetime.now(UTC) - made).total_seconds()) < 60


def test_a_refused_letter_does_not_use_up_its_key(fake_lob: Handle) -> None:
    assert post(fake_lob, {"color": "maybe"}, key="k").status_code == 422
    assert post(fake_lob, key="k").status_code == 200


def test_the_rate_is_150_in_5_seconds_by_key_and_endpoint(fake_lob: Handle) -> None:
    fake_lob.tell(rate=3)
    answers = [get(fake_lob, "/letters") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["X-Rate-Limit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert answers[0].headers["ratelimit-limit"] == "3"
    assert code(answers[3]) == (429, "rate_limit_exceeded")
    assert 0 < float(answers[3].headers["Retry-After"]) <= 5
    assert post(fake_lob).status_code == 200  # another endpoint
    assert get(fake_lob, "/letters", auth=LIVE).status_code == 200  # another key


def test_a_list_is_newest_first_and_pages_both_ways(fake_lob: Handle) -> None:
    made = [post(fake_lob, {"metadata[n]": str(number % 2)}).json()["id"] for number in range(5)]
    first = get(fake_lob, "/letters", limit="2").json()
    assert [one["id"] for one in first["data"]] == [made[4], made[3]]
    assert (first["object"], first["count"], first["previous_url"]) == ("list", 2, None)
    cursor = urlsplit(first["next_url"]).query
    second = get(fake_lob, f"/letters?{cursor}").json()
    assert [one["id"] for one in second["data"]] == [made[2], made[1]]
    back = get(fake_lob, f"/letters?{urlsplit(second['previous_url']).query}").json()
    assert back["data"] == first["data"]
    some = get(fake_lob, "/letters", **{"metadata[n]": "1"}).json()
    assert [one["id"] for one in some["data"]] == [made[3], made[1]]
    for query in ({"limit": "101"}, {"limit": "0"}, {"before": "a", "after": "b"}, {"after": "nonsense"}):
        assert code(get(fake_lob, "/letters", **query)) == (422, "invalid")


def test_a_deleted_letter_is_still_listed_as_deleted(fake_lob: Handle) -> None:
    letter = post(fake_lob).json()["id"]
    gone = requests.delete(f"{fake_lob.base}/letters/{letter}", auth=TEST, timeout=30)
    assert gone.json() == {"id": letter, "deleted": True, "object": "letter"}
    assert get(fake_lob, "/letters").json()["data"][0]["deleted"] is True
    again = requests.delete(f"{fake_lob.base}/letters/{letter}", auth=TEST, timeout=30)
    assert code(again) == (422, "not_deletable")


def test_verification_needs_a_place(fake_lob: Handle) -> None:
    def ask(**fields: str) -> requests.Response:
        return requests.post(f"{fake_lob.base}/us_verifications", data=fields, auth=LIVE, timeout=30)

    assert code(ask(zip_code="94107")) == (422, "invalid")
    assert code(ask(primary_line="210 King Street")) == (422, "invalid")
    assert ask(primary_line="210 King Street", zip_code="94107").json()["deliverability"] == "deliverable"
    assert ask(primary_line="1 Unknown Rd", zip_code="94107").json()["deliverability"] == "undeliverable"


def test_there_is_nothing_else_at_this_lob(fake_lob: Handle) -> None:
    assert code(get(fake_lob, "/postcards")) == (404, "unrecognized_endpoint")


def test_orders_that_it_does_not_know_are_refused(fake_lob: Handle) -> None:
    wrong: tuple[dict[str, Any], ...] = (
        {"fault": []},
        {"faults": [{"kind": "earthquake"}]},
        {"faults": [{"when": 1}]},
    )
    for orders in wrong:
        answer = requests.post(fake_lob.base.replace("/v1", "/_control"), json=orders, timeout=30)
        assert answer.status_code == 400, orders


def test_a_fault_strikes_the_nth_and_so_many(fake_lob: Handle) -> None:
    fake_lob.tell(faults=[{"kind": "500", "nth": 2, "times": 2}])
    assert [post(fake_lob).status_code for _ in range(4)] == [200, 500, 500, 200]
    fake_lob.tell(faults=[{"kind": "503", "times": 0}])
    assert [post(fake_lob).status_code for _ in range(2)] == [503, 503]
    fake_lob.tell(faults=None)
    assert post(fake_lob).status_code == 200


def test_its_report_counts(fake_lob: Handle) -> None:
    for key in ("a", "a", "b"):
        post(fake_lob, {"metadata[mailer_send_key]": key, "metadata[mailer_piece]": f"L-{key}"}, key=key)
    post(fake_lob, {"metadata[mailer_send_key]": "b", "metadata[mailer_piece]": "L-b"})  # without its key
    report = fake_lob.report()
    assert (report["letters"], report["by_send_key"]) == (3, {"a": 1, "b": 2})
    assert report["by_label"] == {"L-a": 1, "L-b": 2}
    assert report["duplicates"] == ["b"]
    assert report["requests"]["POST /v1/letters"]["count"] == 4
    assert report["answers"] == {"200": 4}
    assert fake_lob.letters()[0]["sha256"] == hashlib.sha256(ONE_PAGE).hexdigest()


def test_many_at_once(fake_lob: Handle) -> None:
    """A slow request does not hold up the others."""
    fake_lob.tell(faults=[{"kind": "slow", "seconds": 20}])
    cut_off: list[Exception] = []

    def slow() -> None:
        try:
            post(fake_lob, key="slow")
        except requests.RequestException as error:  # the fake ends with this test
            cut_off.append(error)

    threading.Thread(target=slow, daemon=True).start()
    deadline = time.monotonic() + 10
    while "POST /v1/letters" not in fake_lob.report()["requests"]:
        assert time.monotonic() < deadline
    assert post(fake_lob, key="quick").status_code == 200
    assert code(post(fake_lob, key="slow")) == (409, "conflict")


def test_what_it_took_outlives_it(tmp_path: Path) -> None:
    state = tmp_path / "lob.db"
    with running(state=state) as first:
        letter = post(first, key="k").json()["id"]
        first.tell(events=[{"letter": letter, "type": "mailed"}])
    with running(state=state) as second:
        assert get(second, f"/letters/{letter}").json()["tracking_events"][0]["name"] == "Mailed"
        assert post(second, key="k").json()["id"] == letter


def test_it_runs_as_a_program() -> None:
    words = ["-m", "tests.fakes.lob", "--rate", "off", "--fault", '{"kind": "503"}']
    root = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, *words], cwd=root, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        port = int(child.stdout.readline().rsplit(":", 1)[1].removesuffix("/v1\n"))
        lob = Handle(port)
        assert [post(lob).status_code for _ in range(2)] == [503, 200]
        child.terminate()
