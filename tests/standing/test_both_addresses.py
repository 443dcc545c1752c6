"""A contract that asks for notice to both addresses: two letters to a client, of which the later one counts.

Cedar Hill Law (N-3) is in Sacramento and has its notice address in Reno.
"""

from __future__ import annotations

import json
from pathlib import Path

import pikepdf
import pytest

from mailer.cli.main import run
from mailer.evidence.packondisk import verify_folder
from tests.fakes.lob import Handle
from tests.support.evidence import text_of
from tests.support.office import ASH, BIRCH, CEDAR, FIRST, FOUR, HEADINGS, RATES, Office, begin

pytestmark = pytest.mark.days

TERM = "30 days from deposit to both addresses"
MORE = f"{HEADINGS},Notice Address,Notice City,Notice State,Notice Zip"
BOTH = CEDAR.replace("contract-30-deposit", TERM)
RENO = f"{BOTH},9 Court Street,Reno,NV,89501"
DAVIS = FOUR.splitlines()[-1]


def listed(*rows: str) -> str:
    return "\n".join([MORE, *rows]) + "\n"


@pytest.fixture
def two(office: Office) -> Office:
    office.imports(listed(f"{ASH},,,,", f"{BIRCH},,,,", RENO, f"{DAVIS},,,,"))
    return office


@pytest.fixture
def made(two: Office) -> Office:
    two.does("approve", RATES)
    return two


def cedars(office: Office) -> dict[str, int]:
    """The number of its letter by the ZIP code."""
    sql = """SELECT piece.zip, piece.number FROM piece
        JOIN piece_client ON piece_client.piece_id = piece.id
        JOIN client ON client.id = piece_client.client_id
        WHERE client.number = 'N-3' AND status <> 'void' ORDER BY piece.number"""
    return {str(code): int(number) for code, number in office.rows(sql)}


def test_two_letters_are_made_and_approved_once(made: Office) -> None:
    assert made.live() == [1, 1, 2, 1]
    assert cedars(made).keys() == {"95816", "89501"}
    made.does("approve", RATES)
    assert len(made.pieces()) == 5
    made.does("print", RATES)
    addresses = [(row["name"], row["zip"]) for row in made.manifest()]
    assert ("Cedar Hill Law", "89501") in addresses
    assert ("Cedar Hill Law", "95816") in addresses
    made.does("ledger", "verify")


def test_the_day_of_the_second_letter_binds_once_the_first_is_in_the_post(made: Office) -> None:
    """A repeated approval looked at neither: of a client to whom one letter had gone."""
    made.does("print", RATES)
    places = [at for at, row in enumerate(made.manifest(), 1) if row["zip"] != "89501"]
    made.drops("2026-11-24 14:10", *FIRST, "--places", ",".join(map(str, places)))
    again = made.on("2026-11-25").does("approve", RATES)
    assert "Hand over by Wed 2 Dec 2026" in again.said
    late = made.on("2026-12-05").does("approve", RATES, exits=3)
    assert "Fri 1 Jan 2027 is too near: notice mailed now is late for Cedar Hill Law" in late.said


def test_a_notice_is_for_whom_the_contract_names(two: Office) -> None:
    """The letter to the mailing address is for the contact."""
    head, *rows = listed(f"{ASH},,,,", f"{BIRCH},,,,", RENO, f"{DAVIS},,,,").splitlines()
    named = [f"{row},{'General Counsel' if row == RENO else ''}" for row in rows]
    two.imports("\n".join([f"{head},Notice Attention", *named]) + "\n")
    assert "Attn: General Counsel, 9 Court Street" in two.does("clients", "show", "N-3").said
    two.does("approve", RATES)
    blocks = {row[0]: json.loads(row[1]) for row in two.rows("SELECT zip, recipient FROM piece")}
    assert blocks["89501"][:3] == ["Cedar Hill Law", "Attn: General Counsel", "9 Court Street"]
    assert blocks["95816"][:3] == ["Cedar Hill Law", "Attn: Cy Lex", "3 Cedar Hill"]
    two.imports(listed(f"{ASH},,,,", f"{BIRCH},,,,", RENO, f"{DAVIS},,,,"))  # says nothing of it
    assert "Attn: General Counsel" in two.does("clients", "show", "N-3").said
    two.does("ledger", "verify")


def test_one_of_two_is_no_notice(made: Office) -> None:
    reno = cedars(made)["89501"]
    made.does("print", RATES)
    made.drops("2026-11-24 14:10", *FIRST, "--except", str(reno), "--reason", "spoiled")
    one = made.checked()["N-3"]
    assert one["state"] == "due"
    assert f"2027-rates-L-000{reno}, to its other address: to be mailed by Wed 2 Dec 2026" in one["reason"]
    assert made.rate("N-3", "2027-01-04") == "150.00"
    assert made.rate("N-1", "2027-01-04") == "138.00"


@pytest.mark.parametrize(
    ("later", "state", "earliest", "rate"),
    [
        ("2026-11-30 14:10", "running", "2026-12-30", "159.00"),
        ("2026-12-04 14:10", "late", "2027-01-03", "150.00"),
    ],
)
def test_the_later_one_counts(made: Office, later: str, state: str, earliest: str, rate: str) -> None:
    reno = cedars(made)["89501"]
    made.does("print", RATES)
    made.drops("2026-11-24 14:10", *FIRST, "--except", str(reno), "--reason", "spoiled")
    day = made.on(later[:10])
    day.does("drop", RATES, "--at", later, *FIRST, "--range", str(reno))
    one = day.checked()["N-3"]
    assert (one["state"], one["earliest_effective"], one["deposited"]) == (state, earliest, later[:10])
    assert day.rate("N-3", "2027-01-04") == rate
    day.does("ledger", "verify")


def test_one_that_came_back_is_printed_anew_though_the_other_stands(made: Office) -> None:
    sacramento, reno = cedars(made)["95816"], cedars(made)["89501"]
    made.does("print", RATES)
    made.drops("2026-11-24 14:10")
    made.on("2026-11-27").does(
        "returned", f"{RATES}-L-000{sacramento}", "--on", "2026-11-27", "--reason", "address wrong",
        "--note", "no such number",
    )  # fmt: skip
    after = made.on("2026-11-27")
    assert after.checked()["N-3"]["state"] == "returned"
    assert after.rate("N-3", "2027-01-04") == "150.00"
    after.does("evidence", RATES, "--out", str(after.root / "pack"))
    assert "no letter was made again" in text_of(after.root / "pack" / "evidence.pdf")
    after.does("clients", "correct", "N-3", "--line1", "33 Cedar Hill", "--reason", "it said so")
    after.does("reprint", f"{RATES}-L-000{sacramento}", "--reason", "came back")
    after.does("drop", RATES, "--at", "2026-11-27 15:00", *FIRST)
    assert after.live() == [1, 1, 3, 1]
    assert after.checked()["N-3"]["state"] == "running"
    assert cedars(after)["89501"] == reno


def test_a_corrected_mailing_address_makes_the_second_letter_anew(made: Office) -> None:
    before = cedars(made)
    made.does("clients", "correct", "N-3", "--line1", "33 Cedar Hill", "--reason", "it said so")
    made.does("approve", RATES)
    assert cedars(made) == {"89501": before["89501"], "95816": 6}


def test_a_correction_names_the_letter_that_went_there(made: Office) -> None:
    sacramento, reno = cedars(made)["95816"], cedars(made)["89501"]
    made.does("print", RATES)
    made.drops("2026-11-24 14:10")
    wrong = ("--was-wrong-since", "2026-11-01", "--reason", "our mistake")
    said = made.does("clients", "correct", "N-3", "--line1", "33 Cedar Hill", *wrong).said
    assert f"{RATES}-L-000{sacramento}" in said
    assert f"{RATES}-L-000{reno}" not in said
    assert made.checked()["N-3"]["state"] == "address wrong"


def test_who_agrees_to_one_address_again_gets_one(made: Office) -> None:
    made.imports(
        listed(f"{ASH},,,,", f"{BIRCH},,,,", RENO.replace(TERM, "30 days from deposit"), f"{DAVIS},,,,")
    )
    made.does("approve", RATES)
    assert made.live() == [1, 1, 1, 1]
    assert cedars(made).keys() == {"89501"}


@pytest.mark.parametrize("address", [",,,", "3 Cedar Hill,Sacramento,CA,95816"])
def test_with_one_address_in_the_list_it_stops(office: Office, address: str) -> None:
    office.imports(listed(f"{ASH},,,,", f"{BOTH},{address}"))
    told = "asks for notice to both addresses, and one address in the client list"
    assert told in office.does("plan", RATES, exits=1).said
    assert told in office.does("approve", RATES, exits=1).said


@pytest.mark.parametrize("database", ["", "empty_postgres"])
def test_what_the_service_gave_back_of_the_two_is_printed(
    tmp_path: Path, fake_lob: Handle, request: pytest.FixtureRequest, database: str
) -> None:
    server = request.getfixturevalue(database) if database else ""
    lobbed = begin(tmp_path / "office", database=server).by_lob(fake_lob.base)
    lobbed.edit(f"campaigns/{RATES}/campaign.toml", 'exclude = ["CF-1089"]', "exclude = []")
    lobbed.imports(listed(RENO, f"{DAVIS},,,,"))
    lobbed.does("approve", RATES)
    lobbed.does("send", RATES)
    lobbed.does("cancel", RATES, str(cedars(lobbed)["89501"]), "--reason", "by courier")
    lobbed.does("print", RATES, "--remaining")
    assert [row["zip"] for row in lobbed.manifest()] == ["89501"]
    assert sorted(status for _, status in lobbed.pieces()) == [
        "accepted",
        "accepted",
        "cancelled",
        "produced",
    ]


def test_the_pack_and_the_clients_proof_show_both(
    made: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sacramento, reno = (f"{RATES}-L-000{cedars(made)[code]}" for code in ("95816", "89501"))
    made.does("print", RATES)
    made.drops("2026-11-24 14:10", *FIRST, "--except", reno[-1], "--reason", "spoiled")
    later = made.on("2026-11-30")
    later.does("drop", RATES, "--at", "2026-11-30 14:10", *FIRST, "--range", reno[-1])
    later.does("evidence", RATES, "--out", str(tmp_path / "pack"))
    assert verify_folder(tmp_path / "pack").problems == []
    whole = text_of(tmp_path / "pack" / "evidence.pdf")
    assert sacramento in whole
    assert reno in whole
    later.does("evidence", RATES, "--client", "N-3", "--out", str(tmp_path / "proof.pdf"))
    proof = text_of(tmp_path / "proof.pdf")
    assert "9 Court Street" in proof  # the later one, on which the day count rests, comes first
    assert "The other letter that its contract asks for" in proof
    assert f"{sacramento}, mailed" in proof
    assert "3 Cedar Hill" in proof
    for exhibit in (
        "Exhibit A",
        "Exhibit B",
        "Exhibit C: the other letter that its contract asks for",
        "Exhibit D",
    ):
        assert exhibit in proof
    with pikepdf.open(tmp_path / "proof.pdf") as pdf:
        assert set(pdf.attachments) == {f"{sacramento}.pdf", f"{reno}.pdf"}
    assert f"{sacramento} went to its other address on Tue 24 Nov 2026" in proof
    own = tmp_path / "own"
    later.does("evidence", RATES, "--client", "N-3", "--pack", "--out", str(own))
    found = verify_folder(own)
    assert (found.problems, found.only, found.besides) == ([], reno, (sacramento,))
    assert run(["evidence", "verify", str(own)]) == 0
    assert f"It is of {reno} and {sacramento} alone" in capsys.readouterr().out
    shown = later.does("clients", "show", "N-3").said
    assert sacramento in shown
    assert reno in shown


def test_a_clients_pack_without_one_of_the_two_is_not_whole(made: Office, tmp_path: Path) -> None:
    made.does("print", RATES)
    made.drops("2026-11-24 14:10")
    made.does("evidence", RATES, "--client", "N-3", "--pack", "--out", str(tmp_path / "own"))
    path = tmp_path / "own" / "addresses.jsonl"
    first, second = path.read_text(encoding="utf-8").splitlines()
    path.write_text(f"{first}\n", encoding="utf-8")
    problems = verify_folder(tmp_path / "own").problems
    assert f"{json.loads(second)['piece']} is not in addresses.jsonl" in "; ".join(problems)


@pytest.mark.parametrize("which", [(), ("--notice",)])
def test_a_remedy_is_for_an_address_of_the_two_that_changed(made: Office, which: tuple[str, ...]) -> None:
    made.does("print", RATES)
    made.drops("2026-11-24 14:10")
    day = made.on("2026-11-27")
    day.does("clients", "correct", "N-3", *which, "--line1", "77 New Street", "--reason", "it moved")
    said = day.does("remedy", RATES, "--effective", "2027-02-01", "--dry-run").said
    assert "N-3 Cedar Hill Law" in said
    assert "its address is not the one on" in said


@pytest.mark.parametrize("code", ["95816", "89501"])
def test_a_remedy_is_for_whichever_came_back_and_for_nothing_else(made: Office, code: str) -> None:
    made.does("print", RATES)
    made.drops("2026-11-24 14:10")
    day = made.on("2026-11-27")
    nobody = day.does("remedy", RATES, "--effective", "2027-02-01", "--dry-run").said
    assert "N-3" not in nobody
    piece = f"{RATES}-L-000{cedars(made)[code]}"
    day.does("returned", piece, "--on", "2026-11-27", "--reason", "address wrong", "--note", "none such")
    assert day.checked()["N-3"]["letter"]["piece"] == piece
    said = day.does("remedy", RATES, "--effective", "2027-02-01", "--dry-run").said
    assert f"{piece} came back on Fri 27 Nov 2026" in said


def test_receipt_is_to_be_proved_of_both(two: Office) -> None:
    two.imports(listed(RENO.replace("deposit", "receipt")))
    two.does("approve", RATES)
    two.does("print", RATES)
    two.drops("2026-11-24 14:10")
    sacramento, reno = (f"{RATES}-L-000{cedars(two)[code]}" for code in ("95816", "89501"))
    after = two.on("2026-11-30")
    after.does("received", sacramento, "--on", "2026-11-27", "--proof", "card 1")
    assert after.checked()["N-3"]["state"] == "receipt to be proved"
    assert after.rate("N-3", "2027-01-04") == "150.00"
    after.does("received", reno, "--on", "2026-11-28", "--proof", "card 2")
    assert after.checked()["N-3"]["state"] == "running"
    assert after.rate("N-3", "2027-01-04") == "159.00"


def test_a_remedy_writes_to_both_again(made: Office) -> None:
    reno = cedars(made)["89501"]
    made.does("print", RATES)
    made.drops("2026-11-24 14:10", *FIRST, "--except", str(reno), "--reason", "spoiled")
    later = made.on("2026-12-10")
    later.does("remedy", RATES, "--effective", "2027-02-01")
    (again,) = [
        path.name for path in (later.root / "campaigns").iterdir() if path.name.startswith(f"{RATES}-")
    ]
    later.does("approve", again)
    assert len(later.pieces(again)) == 2
    assert json.loads(later.does("plan", again, "--json").out)["clients"] == {"write": 1}


def test_one_that_came_back_and_stands_is_remedied_and_another_undoes(made: Office) -> None:
    """As for who has one letter: the notice of one that came back as “moved” stands, but is given anew."""
    sacramento, reno = (f"{RATES}-L-000{cedars(made)[code]}" for code in ("95816", "89501"))
    made.does("print", RATES)
    made.drops("2026-11-24 14:10")
    day = made.on("2026-11-27")
    remedy = ("remedy", RATES, "--effective", "2027-02-01", "--dry-run")
    day.does("returned", sacramento, "--on", "2026-11-27", "--reason", "moved", "--note", "moved")
    assert day.checked()["N-3"]["state"] == "running"
    assert f"{sacramento} came back on Fri 27 Nov 2026, moved; the address is still" in day.does(*remedy).said
    day.does("clients", "correct", "N-3", "--notice", "--line1", "77 New Street", "--reason", "it moved")
    assert f"{sacramento} came back on Fri 27 Nov 2026, moved; the address is still" in day.does(*remedy).said
    day.does("returned", reno, "--on", "2026-11-27", "--reason", "address wrong", "--note", "none such")
    one = day.checked()["N-3"]
    assert (one["state"], one["letter"]["piece"]) == ("returned", reno)


def test_a_remedy_names_the_letter_whose_address_changed(made: Office) -> None:
    made.does("print", RATES)
    made.drops("2026-11-24 14:10")
    day = made.on("2026-11-27")
    for which, code in (((), "95816"), (("--notice",), "89501")):
        changed = day.copy(day.root.with_name(f"to-{code}"))
        changed.does("clients", "correct", "N-3", *which, "--line1", "77 New Street", "--reason", "it moved")
        said = changed.does("remedy", RATES, "--effective", "2027-02-01", "--dry-run").said
        assert f"its address is not the one on {RATES}-L-000{cedars(made)[code]}" in said


def test_one_whose_block_is_none_of_the_addresses_went_where_the_second_one_goes(made: Office) -> None:
    """The list was imported with another mailing address since, before that was found to be our mistake."""
    sacramento = f"{RATES}-L-000{cedars(made)['95816']}"
    made.does("print", RATES)
    made.drops("2026-11-24 14:10")
    moved = RENO.replace("3 Cedar Hill,", "33 Cedar Hill,")
    made.imports(listed(f"{ASH},,,,", f"{BIRCH},,,,", moved, f"{DAVIS},,,,"))
    wrong = ("--was-wrong-since", "2026-11-01", "--reason", "our mistake")
    said = made.does("clients", "correct", "N-3", "--line1", "35 Cedar Hill", *wrong).said
    assert f"{sacramento} was wrongly addressed" in said
    assert made.checked()["N-3"]["state"] == "address wrong"


def test_the_working_names_the_other_letter(made: Office) -> None:
    reno = f"{RATES}-L-000{cedars(made)['89501']}"
    made.does("print", RATES)
    made.drops("2026-11-24 14:10", *FIRST, "--except", reno[-1], "--reason", "spoiled")
    asked = ("rates", "--worked-on", "2027-01-04", "--client", "N-3")
    missing = f"{reno}, to its other address: too late for Fri 1 Jan 2027"
    assert missing in made.on("2026-12-10").does(*asked).said
    day = made.on("2026-11-30")
    day.does("drop", RATES, "--at", "2026-11-30 14:10", *FIRST, "--range", reno[-1])
    billed = day.does(*asked, "--json").json["clients"][0]["services"][0]
    assert f"notice {reno} mailed Mon 30 Nov 2026 holds" in billed["because"]
    assert billed["piece"] == day.checked()["N-3"]["letter"]["piece"] == reno, "the later one decides"


def test_of_one_that_was_made_again_the_new_one_is_looked_at(made: Office) -> None:
    sacramento, reno = (f"{RATES}-L-000{cedars(made)[code]}" for code in ("95816", "89501"))
    made.does("print", RATES)
    made.drops("2026-11-24 14:10")
    day, wrong = made.on("2026-11-25"), ("--reason", "address wrong", "--note", "none such")
    day.does("returned", reno, "--on", "2026-11-25", *wrong)
    day.does("clients", "correct", "N-3", "--notice", "--line1", "10 Court Street", "--reason", "it said so")
    day.does("reprint", reno, "--reason", "came back")
    day.does("drop", RATES, "--at", "2026-11-25 15:00", *FIRST)
    assert day.checked()["N-3"]["state"] == "running"
    later = made.on("2026-11-28")
    later.does("returned", sacramento, "--on", "2026-11-28", *wrong)
    one = later.checked()["N-3"]
    assert (one["state"], one["letter"]["piece"]) == ("returned", sacramento)
    said = later.does("remedy", RATES, "--effective", "2027-02-01", "--dry-run").said
    assert f"{sacramento} came back on Sat 28 Nov 2026, address wrong; the address is still" in said
