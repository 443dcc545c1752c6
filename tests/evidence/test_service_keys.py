"""The pack of a mailing by Lob with a test key, with a live key after a try, and before custody is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailer.evidence.pack import make
from mailer.evidence.packondisk import verify_folder
from mailer.mailservice.lob.client import Lob
from mailer.mailservice.track import track
from mailer.making.approval import approve
from tests.fakes.lob import Handle
from tests.support.evidence import at, text_of
from tests.support.office import RATES, Office, begin, page_texts
from tests.support.served import FIVE, happened, send

NOW = datetime(2026, 12, 10, 18, 0, tzinfo=UTC)


@pytest.fixture
def ready(tmp_path: Path) -> Office:
    """The letters are approved, on the real Tuesday, and nothing else happened."""
    made = begin(tmp_path / "ready")
    made.edit("campaigns/2027-rates/campaign.toml", 'exclude = ["CF-1089"]', "exclude = []")
    made.imports(FIVE)
    with at(made, "2026-11-24 10:00") as mail:
        approve(mail, RATES, by="Dana Whitcomb")
    return made


def test_what_a_test_key_sent_is_a_rehearsal(ready: Office, fake_lob: Handle, tmp_path: Path) -> None:
    with at(ready, "2026-11-24 10:30") as mail:
        send(mail, Lob("test_key", fake_lob.base))
    happened(fake_lob, 1, ("mailed", "2026-11-25T20:00:00+00:00"))
    with at(ready, "2026-11-30 10:00") as mail:
        track(mail, lambda _: Lob("test_key", fake_lob.base), [RATES])
        folder = make(mail, RATES, now=NOW, out=tmp_path / "pack").folder
    assert verify_folder(folder).rehearsal
    for name in ("evidence.pdf", "certificate-lob.pdf", "request-to-lob.pdf"):
        assert all("REHEARSAL" in page for page in page_texts(folder / name)), name
    assert "do not sign" in page_texts(folder / "certificate-lob.pdf")[0]


def test_a_try_with_a_test_key_before_it_spoils_no_proof(
    ready: Office, fake_lob: Handle, tmp_path: Path
) -> None:
    with at(ready, "2026-11-24 10:30") as mail:
        send(mail, Lob("test_key", fake_lob.base))
    fake_lob.tell(forget=True)
    with at(ready, "2026-11-24 11:00") as mail:
        send(mail, Lob("live_key", fake_lob.base))
    happened(fake_lob, 1, ("mailed", "2026-11-25T20:00:00+00:00"))
    with at(ready, "2026-11-30 10:00") as mail:
        track(mail, lambda _: Lob("live_key", fake_lob.base), [RATES])
        made = make(mail, RATES, now=NOW, out=tmp_path / "pack")
    assert not verify_folder(made.folder).rehearsal
    assert "REHEARSAL" not in text_of(made.folder / "evidence.pdf")
    heads = [remark.head for remark in made.case.remarks]
    assert "Only accepted by Lob" in heads


def test_accepted_is_not_mailed(ready: Office, fake_lob: Handle) -> None:
    with at(ready, "2026-11-24 10:30") as mail:
        send(mail, Lob("live_key", fake_lob.base))
    ran = replace(ready, today="").does("evidence", RATES, exits=1)
    assert "nothing was mailed yet: no hand-over to the post, and no custody of the post" in ran.said
    assert "mailer track 2027-rates" in ran.said
