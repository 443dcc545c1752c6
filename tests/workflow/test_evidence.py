"""The evidence pack of a small real mailing: what it says, and that it proves it far away from its maker.

Five letters went on Tuesday 24 November 2026 at 14:10, with a receipt; Thursday is Thanksgiving. From
deposit it is 38 days to Friday 1 January 2027; three business days later is Monday the 30th, 32 days.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailer.clock import Clock
from mailer.errors import MailerError
from mailer.workflow.approving import approve
from mailer.workflow.dropping import HandOver, MailClass, drop
from mailer.workflow.evidence import Made, make
from mailer.workflow.evidence_client import make_for
from mailer.workflow.evidence_verifying import verify_folder
from mailer.workflow.folder import MailFolder, open_folder
from mailer.workflow.printing import print_job
from mailer.workflow.returning import returned
from tests.support.office import ASH, BIRCH, CEDAR, HEADINGS, RATES, Office, begin, page_texts, sha256

PACIFIC = ZoneInfo("America/Los_Angeles")
RENEE = 'N-5,Café Zoë,Renée Müller,renee@zoe.example,"5 Elm Street, Unit 2",Sacramento,CA,95819,none,,130.00'
LONG = (
    "N-6,The Very Reverend and Most Honorable Society of Sacramento Valley Booksellers,Bo Fig,"
    "bo@fig.example,6 Fig Road,Sacramento,CA,95820,managed,contract-30-plus-3bd,130.00"
)
FIVE = f"{HEADINGS}\n{ASH}\n{BIRCH}\n{CEDAR}\n{RENEE}\n{LONG}\n"
NAMES = {
    "N-1": ("Ash Street Bakery", "Ada Byrd", "1 Ash Street", "ada@ash.example"),
    "N-2": ("Birch Lane Dental", "Bo Dent", "2 Birch Lane", "bo@birch.example"),
    "N-3": ("Cedar Hill Law", "Cy Lex", "3 Cedar Hill", "cy@cedar.example"),
    "N-5": ("Café Zoë", "Renée Müller", "5 Elm Street", "renee@zoe.example"),
    "N-6": ("Booksellers", "Bo Fig", "6 Fig Road", "bo@fig.example"),
}
RECEIPT = b"%PDF-1.4 the post took five letters"
NOW = datetime(2026, 11, 30, 18, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class At(Clock):
    """A clock that stands at one moment, as a real one would have."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment


@contextmanager
def at(office: Office, when: str) -> Iterator[MailFolder]:
    """The office's folder at a moment of its local time; nothing is a rehearsal."""
    moment = datetime.fromisoformat(when).replace(tzinfo=PACIFIC).astimezone(UTC)
    with open_folder(office.root, fixed=None, database="") as mail:
        yield replace(mail, clock=At(PACIFIC, None, moment))


def handed(receipt: Path | None, by: str = "Lee Ortiz", when: str = "2026-11-24 14:10") -> HandOver:
    return HandOver(
        datetime.fromisoformat(when), by, "Main Post Office, Sacramento", MailClass.FIRST, receipt
    )


@pytest.fixture(scope="module")
def posted(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Letters and newsletter approved, printed, handed over and recorded on the same day."""
    office = begin(tmp_path_factory.mktemp("evidence") / "office")
    office.edit("campaigns/2027-rates/campaign.toml", 'exclude = ["CF-1089"]', "exclude = []")
    office.imports(FIVE)
    receipt = office.root / "scan of receipt #1.pdf"
    receipt.write_bytes(RECEIPT)
    with at(office, "2026-11-24 10:00") as mail:
        for name in (RATES, "2026-12"):
            approve(mail, name, by="Dana Whitcomb")
            print_job(mail, name, by="Ada")
    with at(office, "2026-11-24 15:00") as mail:
        drop(mail, RATES, handed(receipt), actor="Ada")
        drop(mail, "2026-12", handed(None), actor="Ada")
    return office


@pytest.fixture(scope="module")
def made(posted: Office, tmp_path_factory: pytest.TempPathFactory) -> Made:
    with at(posted, "2026-11-30 10:00") as mail:
        return make(mail, RATES, now=NOW, out=tmp_path_factory.mktemp("made") / "pack")


@pytest.fixture(scope="module")
def pack(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack, copied elsewhere."""
    return shutil.copytree(made.folder, tmp_path_factory.mktemp("elsewhere") / "pack")


@pytest.fixture
def office(posted: Office, tmp_path: Path) -> Office:
    return posted.copy(tmp_path / "office")


def text_of(pdf: Path) -> str:
    return " ".join(page_texts(pdf))


def as_of_monday(office: Office, **options: object) -> Made:
    with at(office, "2026-11-30 10:00") as mail:
        return make(mail, RATES, now=NOW, **options)  # type: ignore[arg-type]


def test_what_lies_in_it(pack: Path) -> None:
    names = sorted(path.relative_to(pack).as_posix() for path in pack.rglob("*") if path.is_file())
    assert names == [
        "README.txt",
        "SHA256SUMS",
        "addressees.csv",
        "addresses.jsonl",
        "check.json",
        "declaration.pdf",
        "events.jsonl",
        "evidence.pdf",
        "jobs/2027-rates-job-1-manifest.csv",
        "manifest.json",
        "pieces/2026-12-N.pdf",
        *(f"pieces/2027-rates-L-{number:04}.pdf" for number in range(1, 6)),
        "receipts/2027-rates-1-scan-of-receipt-1.pdf",
        "rules.json",
    ]
    assert (pack / "receipts/2027-rates-1-scan-of-receipt-1.pdf").read_bytes() == RECEIPT


def test_it_verifies_far_away_when_the_office_is_gone(office: Office, tmp_path: Path) -> None:
    folder = as_of_monday(office, out=tmp_path / "made").folder
    copied = shutil.copytree(folder, tmp_path / "usb" / "a pack")
    head = json.loads((copied / "manifest.json").read_text())["chain"]["head"]
    shutil.rmtree(office.root)
    shutil.rmtree(folder)
    found = verify_folder(copied, head=head)
    assert found.problems == []
    assert (found.pieces, found.documents, found.drops, found.receipts) == (5, 5, 2, 1)
    assert not found.rehearsal


def test_the_pieces_are_the_bytes_that_were_approved(posted: Office, pack: Path) -> None:
    recorded = dict(posted.rows("SELECT number, sha256 FROM piece JOIN mailing ON mailing.id = mailing_id"
                                " WHERE campaign = '2027-rates'"))  # fmt: skip
    for number, digest in recorded.items():
        assert sha256(pack / f"pieces/2027-rates-L-{number:04}.pdf") == digest


def test_the_readme_verifies_it_without_mailer(pack: Path, tmp_path: Path) -> None:
    """The script of README.txt as it is printed, in a bare Python; and sha256sum."""
    readme = (pack / "README.txt").read_text(encoding="utf-8")
    script = tmp_path / "verify.py"
    script.write_text(readme[readme.index("import hashlib") :], encoding="utf-8")
    head = json.loads((pack / "manifest.json").read_text())["chain"]["head"]
    done = subprocess.run(
        [sys.executable, "-I", str(script)], cwd=pack, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == head
    copy = shutil.copytree(pack, tmp_path / "copy")
    events = copy / "events.jsonl"
    events.write_bytes(events.read_bytes().replace(b"Lee Ortiz", b"Les Ortiz", 1))
    done = subprocess.run(
        [sys.executable, "-I", str(script)], cwd=copy, capture_output=True, text=True, check=False
    )
    assert "content" in done.stderr
    if shutil.which("sha256sum"):
        subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=pack, check=True)


KINDS = (
    "README.txt",
    "SHA256SUMS",
    "addressees.csv",
    "addresses.jsonl",
    "check.json",
    "declaration.pdf",
    "events.jsonl",
    "evidence.pdf",
    "jobs/2027-rates-job-1-manifest.csv",
    "manifest.json",
    "pieces/2027-rates-L-0003.pdf",
    "pieces/2026-12-N.pdf",
    "receipts/2027-rates-1-scan-of-receipt-1.pdf",
    "rules.json",
)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("how", ["one byte", "one more", "gone"])
def test_a_file_that_is_not_as_it_was(pack: Path, tmp_path: Path, name: str, how: str) -> None:
    copy = shutil.copytree(pack, tmp_path / "copy")
    content = (copy / name).read_bytes()
    middle = len(content) // 2
    match how:
        case "one byte":
            (copy / name).write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
        case "one more":
            (copy / name).write_bytes(content + b"\n")
        case _:
            (copy / name).unlink()
    problems = verify_folder(copy).problems
    assert any(name in problem for problem in problems), problems


@pytest.mark.parametrize("name", ["note.txt", "pieces/2027-rates-L-0006.pdf", ".DS_Store", "pieces/deep/x"])
def test_a_file_that_was_added(pack: Path, tmp_path: Path, name: str) -> None:
    copy = shutil.copytree(pack, tmp_path / "copy")
    (copy / name).parent.mkdir(exist_ok=True)
    (copy / name).write_bytes(b"")
    assert f"{name} is not in the manifest: it was added" in verify_folder(copy).problems


def test_a_link_is_no_file_of_a_pack(pack: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(pack, tmp_path / "copy")
    (copy / "evidence.pdf").unlink()
    (copy / "evidence.pdf").symlink_to(pack / "evidence.pdf")
    with pytest.raises(MailerError, match="is a link"):
        verify_folder(copy)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_byte_of_any_file(pack: Path, data: st.DataObject) -> None:
    files = sorted(path for path in pack.rglob("*") if path.is_file())
    path = data.draw(st.sampled_from(files))
    before = path.read_bytes()
    place = data.draw(st.integers(0, len(before) - 1))
    bits = data.draw(st.integers(1, 255))
    try:
        path.write_bytes(before[:place] + bytes([before[place] ^ bits]) + before[place + 1 :])
        assert verify_folder(pack).problems
    finally:
        path.write_bytes(before)


def test_the_day_count_is_explained(pack: Path) -> None:
    said = text_of(pack / "evidence.pdf")
    for words in (
        "Effective date Friday, January 1, 2027",
        "Working A: 2 clients, running",
        "38 days to Fri 1 Jan 2027; 30 are needed: in time.",
        "Mon 30 Nov 2026: deemed received, 3 business days later (Thu 26 Nov Thanksgiving Day is closed).",
        "32 days to Fri 1 Jan 2027; 30 are needed: in time.",
        "holds for all 5 clients of the campaign",
        "None: notice holds for every client of the campaign",
        "Handed over by Lee Ortiz, at Main Post Office, Sacramento",
        "Tue 24 Nov 2026. Handed over at 14:10, not after the last pickup at 17:00.",
        "First-Class Mail",
        "Issue 2026-12: December 2026",
        "It was kept for 5.",
        "confirm with counsel",
    ):
        assert words in said, words
    assert "REHEARSAL" not in said


def test_the_rules_say_how_many_clients_each_governs(pack: Path) -> None:
    rules = {rule["id"]: rule["clients"] for rule in json.loads((pack / "rules.json").read_text())}
    assert rules == {"house-30-day": 2, "contract-30-plus-3bd": 2, "contract-30-deposit": 1}


def test_every_page_is_numbered_and_names_the_ledger(pack: Path) -> None:
    head = json.loads((pack / "manifest.json").read_text())["chain"]["head"]
    pages = page_texts(pack / "evidence.pdf")
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
        assert head in page
        assert RATES in page
    assert all(head in page for page in page_texts(pack / "declaration.pdf"))


def test_every_addressee_and_event_is_listed(posted: Office, pack: Path) -> None:
    said = text_of(pack / "evidence.pdf").replace(" ", "")
    for name, contact, *_ in NAMES.values():
        assert name.replace(" ", "") in said
        assert contact.replace(" ", "") in said
    for digest, hashed in posted.rows("SELECT hash, payload FROM event WHERE subject = '2027-rates/letter'"):
        assert str(digest) in said
        assert json.loads(str(hashed)).get("sha256", "") in said


def test_the_declaration_of_mailing(pack: Path) -> None:
    """28 U.S.C. 1746(2); Cal. Code Civ. Proc. 1013a(1) and (3)."""
    said = text_of(pack / "declaration.pdf")
    for words in (
        "I declare under penalty of perjury that the foregoing is true and correct. Executed on",
        "I, Lee Ortiz, declare:",
        "I am over the age of 18 years and not a party to this matter.",
        "I am a resident of or employed in the County of Sacramento, State of California, where the mailing",
        "My business address is Cedar & Finch IT, 1480 Millrace Way, Suite 210, Sacramento CA 95814.",
        "On Tuesday, November 24, 2026, at 2:10 p.m., at Main Post Office, Sacramento, I mailed the letter",
        "titled “New rates for hourly work”, dated November 24, 2026, in 5 pieces, by First-Class Mail.",
        "Each envelope was sealed, with the postage on it fully prepaid",
        "each name and address there is as shown on the envelope",
        "(a) depositing the sealed envelopes with the United States Postal Service, with the postage thereon",
        "I am readily familiar with the business’ practice for collection and processing of correspondence",
        "that same day in the ordinary course of business",
        "Café Zoë Attn: Renée Müller 5 Elm Street, Unit 2 Sacramento CA 95819",
    ):
        assert words in said, words
    assert "may count as a party" not in said


def test_the_columns_of_ps_form_3665(pack: Path) -> None:
    content = (pack / "addressees.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0] == [
        "Line", "USPS Tracking Number / Firm-specific Identifier", "Name", "Street", "City", "State",
        "ZIP Code", "Postage", "Fee", "Special Handling", "Parcel Airlift",
    ]  # fmt: skip
    zoe = next(row for row in rows if "Café Zoë" in row[2])
    assert zoe == [
        "4", "2027-rates-L-0004", "Café Zoë, Attn: Renée Müller", "5 Elm Street, Unit 2", "Sacramento", "CA",
        "95819", "", "", "", "",
    ]  # fmt: skip
    assert len(rows) == 6


def test_a_name_that_a_spreadsheet_would_run(office: Office) -> None:
    office.edit("list.csv", "Ash Street Bakery", "'=HYPERLINK(1)")
    # only the frozen address counts: it is put into the database as an import before the mailing would have
    lines = json.dumps(["=HYPERLINK(1)", "1 Ash Street", "Sacramento CA 95814"])
    from mailer.workflow.evidence_folder import addressees_csv  # noqa: PLC0415
    from mailer.workflow.evidence_gathering import addressees, read_record  # noqa: PLC0415

    with at(office, "2026-11-30 10:00") as mail:
        record = read_record(mail, RATES, NOW)
    pieces = [replace(record.pieces[0], lines=tuple(json.loads(lines)))]
    one = replace(record, pieces=pieces, names=[1])
    assert b"'=HYPERLINK(1)" in addressees_csv(pieces, addressees(one, None))


def test_a_second_pack_is_the_same_bytes_under_another_name_and_nothing_is_recorded(office: Office) -> None:
    before = office.recorded()
    first, second = as_of_monday(office).folder, as_of_monday(office).folder
    assert (first.name, second.name) == ("2027-rates-2026-11-30", "2027-rates-2026-11-30-2")
    assert (first / "SHA256SUMS").read_text() == (second / "SHA256SUMS").read_text()
    assert office.recorded() == before


def test_a_strange_folder_is_left_alone(office: Office) -> None:
    strange = office.root / "mine"
    strange.mkdir()
    (strange / "thesis.txt").write_text("years of work")
    with pytest.raises(MailerError, match="is not an evidence pack of 2027-rates"):
        as_of_monday(office, out=strange)
    assert [path.name for path in strange.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("how", ["gone", "changed"])
def test_a_receipt_that_is_missing_or_changed(office: Office, how: str) -> None:
    ((digest,),) = office.rows("SELECT receipt FROM mail_drop WHERE receipt IS NOT NULL")
    path = office.root / "files" / str(digest)[:2] / str(digest)
    path.unlink() if how == "gone" else path.write_bytes(b"forged")
    with pytest.raises(
        MailerError, match=r"the receipt scan of receipt #1\.pdf of the hand-over on Tue 24 Nov 2026"
    ):
        as_of_monday(office)
    assert not list((office.root / "evidence").glob("*"))


def test_pages_that_were_changed(office: Office) -> None:
    ((digest,),) = office.rows("SELECT DISTINCT file FROM piece JOIN mailing ON mailing.id = mailing_id"
                               " WHERE campaign = '2027-rates'")  # fmt: skip
    path = office.root / "files" / str(digest)[:2] / str(digest)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(
        MailerError, match="the approved pages of 2027-rates-L-0001 are missing or were changed"
    ):
        as_of_monday(office)
    assert not list((office.root / "evidence").glob("*"))


def test_without_the_pieces_and_without_a_job_list_that_was_edited(office: Office) -> None:
    manifest = office.job() / "manifest.csv"
    manifest.write_bytes(manifest.read_bytes() + b"\n")
    folder = as_of_monday(office, pieces=False).folder
    assert not (folder / "jobs").exists()
    assert "manifest.csv was changed after it was recorded" in text_of(folder / "evidence.pdf")
    assert not (folder / "pieces").exists()
    found = verify_folder(folder)
    assert (found.problems, found.pieces, found.documents) == ([], 5, 0)
    assert "left out of this pack" in (folder / "README.txt").read_text(encoding="utf-8")


def test_what_an_opponent_would_find_is_said_first(office: Office) -> None:
    """Another address, another text and another date since; a client who left."""
    moved = FIVE.replace("1 Ash Street,", "99 New Road,").replace("N-3,", "N-3,", 1)
    office.imports(moved, name="moved.csv")
    office.edit("campaigns/2027-rates/campaign.toml", "effective = 2027-01-01", "effective = 2027-01-08")
    front = page_texts(as_of_monday(office).folder / "evidence.pdf")[0]
    assert "Addresses changed since. 1 piece (2027-rates-L-0001) was addressed differently" in front
    assert "Changed since the approval." in front
    assert "Letters state Fri 1 Jan 2027; the campaign’s definition now says Fri 8 Jan 2027." in front
    assert "Compare the receipt with the record: it should show 5 pieces and Tue 24 Nov 2026." in front


def test_a_piece_that_came_back_and_was_mailed_again(office: Office) -> None:
    """Its reason is said in the pack, and for one client only where it was said of that piece alone."""
    with at(office, "2026-11-28 10:00") as mail:
        labels = ["2027-rates-L-0001", "2027-rates-L-0002"]
        returned(mail, labels, on=date(2026, 11, 28), reason="moved, left no address", actor="Ada")
        returned(mail, ["2027-rates-L-0003"], on=date(2026, 11, 28), reason="no such number", actor="Ada")
    folder = as_of_monday(office).folder
    said = text_of(folder / "evidence.pdf")
    assert (
        "Returned. 3 pieces (2027-rates-L-0001, 2027-rates-L-0002, 2027-rates-L-0003) were returned." in said
    )
    assert "Sat 28 Nov 2026 “moved, left no address”" in said
    assert "no letter was made again" in said
    assert "Sat 28 Nov 2026: came back; the notice stands" in said
    assert verify_folder(folder).problems == []
    with at(office, "2026-11-30 10:00") as mail:
        one, three = (make_for(mail, RATES, who, now=NOW) for who in ("N-2", "N-3"))
    assert "It came back Sat 28 Nov 2026. What was done: no letter was made again." in text_of(one.file)
    assert "It came back Sat 28 Nov 2026, “no such number”." in text_of(three.file)


def test_a_letterhead_of_before_has_the_shipped_pages(office: Office) -> None:
    (office.root / "letterhead" / "evidence.html.j2").unlink()
    assert "Friday, January 1, 2027" in page_texts(as_of_monday(office).folder / "evidence.pdf")[0]


def test_a_client_who_left_is_judged_by_the_letter(office: Office) -> None:
    office.imports(FIVE.replace("Contract,Notice", "Active,Contract,Notice").replace(",none,", ",yes,none,")
                   .replace(",managed,", ",yes,managed,").replace(",own-terms,", ",no,own-terms,"),
                   name="left.csv")  # fmt: skip
    folder = as_of_monday(office).folder
    said = text_of(folder / "evidence.pdf")
    assert "No longer in the campaign. 1 client got a letter and left" in said
    assert "holds for all 4 clients of the campaign" in said
    with at(office, "2026-11-30 10:00") as mail:
        proof = make_for(mail, RATES, "N-3", now=NOW)
    assert proof.holds
    assert "38 days to Fri 1 Jan 2027; 30 are needed: in time." in text_of(proof.file)


@pytest.fixture
def printed(tmp_path: Path) -> Office:
    """The letters printed and not yet handed over."""
    office = begin(tmp_path / "printed")
    office.edit("campaigns/2027-rates/campaign.toml", 'exclude = ["CF-1089"]', "exclude = []")
    office.imports(FIVE)
    with at(office, "2026-11-24 10:00") as mail:
        approve(mail, RATES, by="Dana Whitcomb")
        print_job(mail, RATES, by="Ada")
    return office


def test_a_hand_over_by_the_owner_recorded_days_later_without_receipt(printed: Office) -> None:
    with at(printed, "2026-11-27 09:00") as mail:
        drop(mail, RATES, handed(None, by="Dana  WHITCOMB"), actor="Ada")
    folder = as_of_monday(printed).folder
    said = text_of(folder / "evidence.pdf")
    assert "It was recorded on Fri 27 Nov 2026, not on the day of the hand-over" in said
    assert "No receipt of the post was recorded" in said
    assert "on Fri 27 Nov 2026, another day" in said
    assert "No approved issue carries this campaign’s article." in said
    warned = page_texts(folder / "declaration.pdf")
    assert (
        "Managing Partner, signs the firm’s letters and so may count as a party to the matter." in warned[0]
    )
    assert "Let another person of age, who handed the mail over or saw it handed over" in warned[0]
    assert "This sheet is not part of the declaration" in warned[0]
    assert "party to the matter" not in " ".join(warned[1:])


def test_two_hand_overs_have_a_declaration_each(printed: Office) -> None:
    with at(printed, "2026-11-24 15:00") as mail:
        drop(mail, RATES, replace(handed(None), only="1-3"), actor="Ada")
    folder = as_of_monday(printed, out=printed.root / "one").folder
    assert "Not mailed. 2 pieces (2027-rates-L-0004, 2027-rates-L-0005) were not handed over" in text_of(
        folder / "evidence.pdf"
    )
    assert "Booksellers" not in text_of(folder / "declaration.pdf")
    with at(printed, "2026-11-30 09:30") as mail:
        drop(mail, RATES, handed(None, by="Kim Roe", when="2026-11-30 09:00"), actor="Ada")
    folder = as_of_monday(printed, out=printed.root / "two").folder
    second = text_of(folder / "declaration-2.pdf")
    assert "I, Kim Roe, declare:" in second
    assert "in 2 pieces" in second
    assert "Café Zoë" in second
    assert "Ash Street Bakery" not in second
    said = text_of(folder / "evidence.pdf")
    assert "too late, the earliest effective date is Sat 2 Jan 2027" in said
    assert "holds for 4 of 5 clients of the campaign" in said
    assert "Not every client. Notice is not proved for 1 client" in said


def test_a_county_that_is_not_known_is_a_line_to_fill_in(printed: Office) -> None:
    """And a character that no font of the letterhead has is printed as its number."""
    printed.edit("mailer.toml", 'county = "Sacramento"', 'county = ""')
    with at(printed, "2026-11-24 15:00") as mail:
        drop(mail, RATES, replace(handed(None), place="Main ☃ annex"), actor="Ada")
    said = text_of(as_of_monday(printed).folder / "declaration.pdf")
    assert "at Main [U+2603] annex, I mailed" in said
    assert "employed in the County of ______________________, State of California" in said
    assert "The county is not in mailer.toml: write it in." in said


def test_another_state_has_the_federal_form_alone(printed: Office) -> None:
    printed.edit("mailer.toml", 'state = "CA"', 'state = "OR"')
    with at(printed, "2026-11-24 15:00") as mail:
        drop(mail, RATES, handed(None), actor="Ada")
    said = text_of(as_of_monday(printed).folder / "declaration.pdf")
    assert "that the foregoing is true and correct. Executed on ______________________." in said
    assert "1013a" not in said
    assert "California" not in said


@pytest.mark.parametrize("who", ["N-2", "bo@birch.example"])
def test_the_proof_for_one_client(office: Office, who: str) -> None:
    with at(office, "2026-11-30 10:00") as mail:
        proof = make_for(mail, RATES, who, now=NOW)
    assert proof.file.name == "2027-rates-L-0002-2026-11-30.pdf"
    pages = page_texts(proof.file)
    assert len(pages) == 4
    findings = " ".join(pages[:2])
    for words in (
        "Notice to Birch Lane Dental holds: Given in time; the notice runs to Fri 1 Jan 2027.",
        "asks for “contract-30-plus-3bd”",
        "Hourly support $125.00 $133.00",
        "Mon 30 Nov 2026: deemed received, 3 business days later (Thu 26 Nov Thanksgiving Day is closed).",
        "32 days to Fri 1 Jan 2027; 30 are needed: in time.",
        "Birch Lane Dental Attn: Bo Dent 2 Birch Lane Sacramento CA 95815",
        "Handed over by Lee Ortiz, at Main Post Office, Sacramento",
        "kept, letter and newsletter out in time",
        "piece.prepared",
        "job.dropped",
        "Newsletter: 2026-12-N-0002, counts as mailed Tue 24 Nov 2026",
    ):
        assert words in findings, words
    assert "Exhibit A: the letter as approved, page 1 of 1" in pages[2]
    assert "2 Birch Lane" not in pages[2]
    assert "Exhibit B: its first page as printed, with the address" in pages[3]
    assert "2 Birch Lane" in pages[3]
    assert all("REHEARSAL" not in page for page in pages)


@pytest.mark.parametrize("number", NAMES)
def test_it_says_nothing_of_another_client(office: Office, number: str) -> None:
    import pikepdf  # noqa: PLC0415

    with at(office, "2026-11-30 10:00") as mail:
        proof = make_for(mail, RATES, number, now=NOW)
    said = text_of(proof.file)
    with pikepdf.open(proof.file) as pdf:
        (name,) = pdf.attachments
        attached = pdf.attachments[name].get_file().read_bytes()
        said += str(pdf.docinfo) + name
    letter = office.root / "attached.pdf"
    letter.write_bytes(attached)
    assert name == f"{proof.piece}.pdf"
    assert sha256(letter) in said
    said += text_of(letter)
    for other, words in NAMES.items():
        for word in words[:3]:
            assert (word in said) == (other == number), (other, word)
        assert words[3] not in said or other == number
