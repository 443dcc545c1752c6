"""What makes an approval stale, what a new one makes anew, and what is composed again to print it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from mailer.clients.record import Client
from mailer.making.documents import Letters, Written
from mailer.planning.audience import Finding
from tests.fakes.lob import Handle
from tests.fakes.lob_faults import UNLISTED
from tests.support.office import FIRST, FOUR, RATES, Office

DEFINITION = "campaigns/2027-rates/campaign.toml"
LETTER = "campaigns/2027-rates/letter.md"
PRINTED_ONCE = [(1, "produced"), (2, "produced"), (3, "produced"), (4, "produced")]


def test_an_approval_runs_out(approved: Office) -> None:
    refused = approved.on("2026-11-29").does("print", RATES, exits=3)
    assert "approved for a hand-over until Sat 28 Nov 2026" in refused.said
    assert "mailer plan 2027-rates" in refused.said
    assert not (approved.root / "jobs").exists()
    approved.on("2026-11-28").does("print", RATES)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (DEFINITION, 'raise = "6%"                         #', 'raise = "7%"                         #'),
        (LETTER, "Thank you for your business", "Many thanks for your business"),
        ("letterhead/letter.css", "}", "} /* a little more */"),
        ("letterhead/letter.html.j2", "<", " <"),
        ("mailer.toml", 'phone = "916-555-0142"', 'phone = "916-555-0143"'),
        ("mailer.toml", 'title = "Managing Partner"', 'title = "Partner"'),
        ("letterhead/logo.svg", "</svg>", "<!-- new --></svg>"),
    ],
    ids=["campaign.toml", "letter.md", "letter.css", "letter.html", "phone", "signature", "logo"],
)  # fmt: skip
def test_an_edit_makes_the_approval_stale(approved: Office, file: str, old: str, new: str) -> None:
    approved.edit(file, old, new)
    before = approved.recorded()
    refused = approved.does("print", RATES, exits=3)
    assert "the approval is stale" in refused.said
    assert "`mailer approve 2027-rates` again" in refused.said
    assert approved.recorded() == before
    assert not (approved.root / "jobs").exists()


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("mailer.toml", "approval = 1", "approval = 2"),
        ("mailer.toml", 'within = "30 minutes"', 'within = "20 minutes"'),
        ("campaigns/2027-hours/letter.md", "Thank you", "Many thanks"),
    ],
    ids=["lead time", "response time", "another campaign"],
)
def test_an_edit_that_no_letter_shows_does_not(approved: Office, file: str, old: str, new: str) -> None:
    approved.edit(file, old, new)
    approved.does("print", RATES)
    assert approved.pieces() == PRINTED_ONCE


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ("{{ firm.hours }}\n\n{{ new.hours }}", "the clients of 4 pieces changed after it was approved"),
        (
            "Monday to Thursday, 7:00 am to 6:00 pm. Friday, 7:00 am to 5:00 pm. Saturday and Sunday, closed",
            "does not state the business hours",
        ),
    ],
    ids=["read from the profile", "written by hand"],
)  # fmt: skip
def test_hours_that_changed_make_a_letter_on_hours_stale(office: Office, fields: str, why: str) -> None:
    """What a letter states of the profile is looked at again, read from there or said in its own words."""
    hours = "campaigns/2027-hours/letter.md"
    office.edit(hours, "{{ new.hours }}\n\nToday they are:\n\n{{ firm.hours }}", fields)
    office.does("approve", "2027-hours")
    office.edit("mailer.toml", 'friday = "7:00-17:00"', 'friday = "7:00-16:00"')
    assert why in office.does("print", "2027-hours", exits=3 if "clients" in why else 1).said


def test_a_client_who_moved_makes_the_approval_stale(approved: Office) -> None:
    approved.imports(FOUR.replace("3 Cedar Hill", "33 Cedar Hill"))
    refused = approved.does("print", RATES, exits=3)
    assert "the clients of 1 piece changed after it was approved (2027-rates-L-0004)" in refused.said
    assert not (approved.root / "jobs").exists()


def test_a_client_who_left_makes_the_approval_stale(approved: Office) -> None:
    listed = "Client ID,Company,Address,City,State,Zip,Status\n"
    approved.imports(listed + "N-1,Ash Street Bakery,1 Ash Street,Sacramento,CA,95814,ended\n")
    approved.does("print", RATES, exits=3)
    again = approved.does("approve", RATES)
    assert "1 piece of before was voided" in again.said
    assert [status for _, status in approved.pieces()].count("approved") == 3
    approved.does("print", RATES)
    assert "Ash Street Bakery" not in [row["name"] for row in approved.manifest()]


def test_a_new_approval_makes_anew_only_what_changed(approved: Office) -> None:
    """Letters are numbered in ZIP order, Davis last; the new one takes the next free number."""
    before = dict(approved.rows("SELECT number, sha256 FROM piece"))
    approved.imports(FOUR.replace("2 Birch Lane,", "22 Birch Lane,"))
    again = approved.does("approve", RATES, "--by", "Dana Whitcomb")
    assert "Approved 1 piece of 2027-rates (4 in all)." in again.said
    assert "1 piece of before was voided" in again.said
    voided = [number for number, status in approved.pieces() if status == "void"]
    assert len(voided) == 1
    assert [number for number, status in approved.pieces() if status == "approved"] == [
        number for number in (1, 2, 3, 4, 5) if number not in voided
    ]
    after = dict(approved.rows("SELECT number, sha256 FROM piece"))
    assert {number: after[number] for number in before} == before
    approved.does("print", RATES)
    (moved,) = [row for row in approved.manifest() if row["name"] == "Birch Lane Dental"]
    assert moved["piece"] == "2027-rates-L-0005"
    assert "22 Birch Lane" in moved["address"]
    assert "2027-rates-L-0004" in [row["piece"] for row in approved.manifest()]


def test_approving_twice_changes_nothing(approved: Office) -> None:
    before = approved.recorded()
    again = approved.on("2026-11-25").does("approve", RATES)
    assert "Nothing changed: 4 pieces of 2027-rates are approved as they were." in again.said
    assert approved.recorded()["event"] == before["event"]
    assert approved.recorded()["piece"] == before["piece"]


def test_a_letter_that_was_printed_is_not_made_again(printed: Office) -> None:
    printed.imports(FOUR.replace("2 Birch Lane,", "22 Birch Lane,"))
    again = printed.does("approve", RATES)
    assert (
        "1 piece was printed before the client or the inputs changed; not made again: 2027-rates-L-0003. "
        "Destroy the prints (mailer destroy 2027-rates --reason …) and approve again." in again.said
    )
    assert "Nothing new was made: 4 pieces of 2027-rates are approved as they were." in again.said
    assert printed.pieces() == PRINTED_ONCE


def test_what_was_mailed_before_a_change_is_said_once(mailed: Office) -> None:
    mailed.edit(LETTER, "Thank you for your business", "Thank you very much for your business")
    again = mailed.does("approve", RATES)
    assert (
        "4 pieces were mailed before the client or the inputs changed; not made again: 2027-rates-L-0001, "
        "2027-rates-L-0002, 2027-rates-L-0003, 2027-rates-L-0004. What they said stands. "
        "Who was told something else may get a follow-up: mailer remedy 2027-rates." in again.said
    )


def test_pieces_at_the_service_are_neither_printed_nor_mailed(lobbed: Office, fake_lob: Handle) -> None:
    """Three are taken, of the fourth the answer is lost; then the letter is changed and approved again."""
    fake_lob.tell(faults=[{"kind": "drop-after", "label": "2027-rates-L-0003", "times": 0}, UNLISTED])
    lobbed.does("send", RATES, exits=4)
    lobbed.edit(LETTER, "Thank you for your business", "Thank you very much for your business")
    again = lobbed.does("approve", RATES).said
    assert (
        "3 pieces were at the mail service before the client or the inputs changed; not made again: "
        "2027-rates-L-0001, 2027-rates-L-0002, 2027-rates-L-0004. Take them back while it still can "
        "(mailer cancel 2027-rates) and approve again. Who was told something else may get a follow-up: "
        "mailer remedy 2027-rates."
    ) in again
    assert (
        "1 piece was perhaps at the mail service, which gave no answer, before the client or the inputs "
        "changed; not made again: 2027-rates-L-0003. Settle that first (mailer send 2027-rates), then "
        "approve again."
    ) in again
    assert "printed" not in again


def test_many_pieces_are_counted_and_the_first_few_named(printed: Office) -> None:
    rows = "".join(
        f"M-{n},Client {n} Ltd,,c{n}@m.example,{n} Long Street,Sacramento,CA,95814,none,,130.00\n"
        for n in range(1, 4)
    )
    printed.imports(f"{FOUR}{rows}")
    printed.does("approve", RATES)
    printed.does("print", RATES)
    printed.edit(LETTER, "Thank you for your business", "Thank you very much for your business")
    again = printed.does("approve", RATES)
    assert (
        "7 pieces were printed before the client or the inputs changed; not made again: 2027-rates-L-0001, "
        "2027-rates-L-0002, 2027-rates-L-0003, 2027-rates-L-0004, 2027-rates-L-0005 and 2 more." in again.said
    )


def test_a_new_client_gets_a_job_of_their_own(printed: Office) -> None:
    printed.imports(
        FOUR + "N-5,Elm Court Title,El Mar,el@elm.example,5 Elm Court,Davis,CA,95616,none,,130.00\n"
    )
    printed.does("approve", RATES)
    printed.does("print", RATES)
    assert [row["piece"] for row in printed.manifest("2027-rates-job-2")] == ["2027-rates-L-0005"]
    unclear = printed.drops("2026-11-24 14:10", exits=1)
    assert "there are several printed jobs: 1, 2" in unclear.said
    assert "--job NUMBER" in unclear.said
    printed.drops("2026-11-24 14:10", *FIRST, "--job", "2")
    assert printed.pieces() == [*PRINTED_ONCE, (5, "mailed")]
    printed.drops("2026-11-24 15:00")  # only one job is waiting now
    assert {status for _, status in printed.pieces()} == {"mailed"}


def test_a_destroyed_job_is_printed_again_to_the_same_letters(printed: Office) -> None:
    first = {row["piece"]: row["sha256"] for row in printed.manifest()}
    nothing = printed.does("print", RATES, exits=1)
    assert "every approved piece is in a job already" in nothing.said
    done = printed.does("destroy", RATES, "--reason", "printed on the wrong stock")
    assert "2027-rates-job-1: 4 pieces are approved again." in done.said
    printed.does("print", RATES)
    assert {row["piece"]: row["sha256"] for row in printed.manifest("2027-rates-job-2")} == first
    printed.does("destroy", RATES, "--job", "1", "--reason", "again", exits=1)
    printed.drops("2026-11-24 14:10")
    assert {status for _, status in printed.pieces()} == {"mailed"}
    printed.does("destroy", RATES, "--reason", "too late", exits=1)
    printed.does("ledger", "verify")


@pytest.fixture
def composed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The clients whose letters were composed, in order."""
    clients: list[str] = []
    write_all = Letters.write_all

    def counted(self: Letters, client: Client, found: Finding) -> tuple[Written, ...]:
        clients.append(client.number)
        return write_all(self, client, found)

    monkeypatch.setattr(Letters, "write_all", counted)
    return clients


def test_a_letter_is_composed_to_be_proofed_and_only_where_it_changed_to_be_printed(
    approved: Office, composed: list[str]
) -> None:
    approved.does("proof", RATES)
    assert sorted(composed) == ["N-1", "N-2", "N-3", "N-4"]
    approved.imports(FOUR.replace("2 Birch Lane,", "22 Birch Lane,"))
    composed.clear()
    approved.does("print", RATES, exits=3)
    assert composed == ["N-2"]
    approved.does("approve", RATES)
    composed.clear()
    approved.does("print", RATES)
    assert composed == []


def test_to_print_approved_pages_nothing_is_loaded_that_lays_out_pages(approved: Office) -> None:
    words = ["print", RATES, "-C", str(approved.root)]
    script = f"import sys; from mailer.cli.main import run; run({words!r}); "
    script += "print([name for name in ('weasyprint', 'fontTools.subset') if name in sys.modules])"
    environ = {**os.environ, "MAILER_TODAY": approved.today}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environ
    )
    assert done.stdout.splitlines()[-1] == "[]"
    assert approved.pieces() == PRINTED_ONCE


def test_to_reprint_one_letter_the_others_are_not_composed(printed: Office, composed: list[str]) -> None:
    printed.does("reprint", "2027-rates-L-0002", "--reason", "coffee")
    assert composed == ["N-1"]
