"""Anything at all is read or refused by an error of our own: a few tries here, many by `make fuzz`."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailer.campaign.definition import Definition
from mailer.clients.reading import open_list
from mailer.errors import MailerError
from mailer.evidence.verifier import verify
from mailer.mailservice.hotfolder.answers import BadAnswer, read_answer
from mailer.mailservice.hotfolder.printorder import read_job
from mailer.mailservice.lob.events import parse as parse_webhook
from mailer.pages.composition import compile_text
from mailer.pages.markdown import Unfit, skeleton
from mailer.printroom.manifest import read_manifest
from mailer.tomlfile import parse
from tests.support.packs import Memory, sealed

TRIES = settings(
    max_examples=int(os.environ.get("FUZZ", "20")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
SIGNS = st.lists(
    st.sampled_from(
        ["[", "]", "(", ")", "*", "_", "`", "~", ">", "- ", "1. ", "|", "\n", "\n\n", "![", "&", "a"]
    )
    | st.text(max_size=3),
    max_size=200,
).map("".join)
TEMPLATE = st.lists(
    st.sampled_from(
        ["{{ ", " }}", "{% ", " %}", "for a in ", "range(9)", "if ", "endif", "endfor", "a", ".b", "|join",
         "|int", "|date", "1e999", "0", "/", "-", "**", "'x'", "[", "]", "(", ")", "~", "loop"]
    ),
    max_size=30,
).map("".join)  # fmt: skip
TOML = st.lists(
    st.sampled_from(["kind", "title", "effective", "=", ".", "[", "]", "[[", "]]", '"', "'", "\n", "1", "{",
                     "rates", "2027-01-01", "rate-notice", ",", "true", "nan", "}", "1e999999"])
    | st.text(max_size=3),
    max_size=60,
).map(" ".join)  # fmt: skip


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode(errors="replace")))
@TRIES
def test_a_list(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder, suppress(MailerError):
        path = Path(folder) / "list.csv"
        path.write_bytes(content)
        list(open_list(path, today=date(2026, 11, 24), check_term=lambda _: None).rows())


@given(TOML)
@TRIES
def test_a_definition(text: str) -> None:
    with suppress(MailerError):
        parse(text, Definition, shown="campaign.toml")


@given(SIGNS)
@TRIES
def test_markdown(text: str) -> None:
    with suppress(Unfit):
        skeleton(text, None)


@given(TEMPLATE)
@TRIES
def test_a_template(text: str) -> None:
    with suppress(MailerError):
        compile_text(text, path="letter.md").compose({"a": {"b": "c"}})


@given(st.binary(max_size=300) | JSON.map(lambda value: json.dumps(value).encode()))
@TRIES
def test_a_webhook(body: bytes) -> None:
    with suppress(MailerError):
        parse_webhook(body)


@given(st.text('piece,status\n"all;mailed-2026 1130\0', max_size=150))
@TRIES
def test_a_print_shops_answer(text: str) -> None:
    with suppress(BadAnswer):
        day = date(2026, 11, 24)
        read_answer(f"{text}\nend", shown="answers/J.csv", labels=["a"], since=day, today=day)


@given(st.binary(max_size=300) | JSON.map(lambda value: json.dumps(value).encode()))
@TRIES
def test_a_print_shops_record(content: bytes) -> None:
    with suppress(ValueError):
        read_job(content)


KEYS = st.sampled_from(
    ["campaign", "title", "made_at", "chain", "rehearsal", "subject", "subjects", "jobs", "pieces"]
)


@given(st.binary(max_size=300) | st.text('piece,"\n;5', max_size=99).map(str.encode))
@TRIES
def test_a_jobs_manifest(content: bytes) -> None:
    with suppress(MailerError):
        read_manifest(content, shown="manifest.csv")


@given(st.dictionaries(KEYS, JSON), st.binary(max_size=100), JSON)
@TRIES
def test_a_pack(said: dict[str, Any], events: bytes, address: Any) -> None:
    whole = {"campaign": "a", "title": "b", "made_at": "c", "chain": {"head": ""}, "rehearsal": False}
    files = Memory({"events.jsonl": events, "addresses.jsonl": repr(address).encode(errors="replace")})
    assert verify(sealed(files, whole | {"subject": "a/letter", "jobs": []} | said)).problems
