"""The job folder by each kind of stationery: which files there are, and what is on them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mailer.pages.ink import image_of, opened
from mailer.pages.windowzones import ENVELOPE_ADDRESS, RECIPIENT_WINDOW
from tests.support.ink import ink_in
from tests.support.office import DROP, FOUR, LETTERS, RATES, Office, page_texts, sha256

ISSUE = "2026-12"
LONG = "\n\n{% if client.company == 'Birch Lane Dental' %}\n" + "A long story. " * 40 + "\n\n"
TWO_SHEETS = LONG + ("And so on, at length, so that there is a third page.\n\n" * 40) + "{% endif %}\n"
BERLIN = "N-5,Eibe Verlag,Eva Baum,eva@eibe.example,Eibenweg 5,Berlin,,10115,none,,130.00,Germany\n"


def stocked(office: Office, stationery: str = "", mailroom: str = "") -> Office:
    """The office with these lines in mailer.toml instead of its own."""
    text = (office.root / "mailer.toml").read_text()
    begin, end = text.index("[stationery]"), text.index("[lead_times]")
    tables = f"[stationery]\n{stationery}\n[mailroom]\n{mailroom}\n"
    office.write("mailer.toml", text[:begin] + tables + text[end:])
    return office


def printed(office: Office, name: str = RATES) -> Path:
    office.does("approve", name, "--by", "Dana Whitcomb")
    office.does("print", name)
    return office.job(f"{name}-job-1")


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def words(path: Path) -> str:
    return " ".join(page_texts(path))


def with_berlin(office: Office) -> Office:
    """The four clients and a fifth in Germany."""
    heading, rest = FOUR.split("\n", 1)
    rows = "".join(f"{line},\n" for line in rest.splitlines())
    office.imports(f"{heading},Country\n{rows}{BERLIN}", name="abroad.csv")
    return office


@pytest.fixture
def uneven(office: Office) -> Office:
    """One of the four letters has three pages, so two sheets."""
    office.edit(LETTERS, "Thank you for your business", f"{TWO_SHEETS}\n\nThank you for your business")
    return office


def test_one_number_of_sheets_is_one_file(office: Office) -> None:
    assert files(printed(office)) == ["checklist.pdf", "labels.pdf", "letters.pdf", "manifest.csv"]


def test_two_numbers_of_sheets_are_two_files(uneven: Office) -> None:
    job = printed(uneven)
    assert files(job) == [
        "checklist.pdf", "labels.pdf", "letters-1-sheet.pdf", "letters-2-sheets.pdf", "manifest.csv",
    ]  # fmt: skip
    rows = uneven.manifest()
    assert [(row["place"], row["file"], row["first_page"], row["sheets"]) for row in rows] == [
        ("1", "letters-1-sheet.pdf", "1", "1"),
        ("2", "letters-1-sheet.pdf", "3", "1"),
        ("3", "letters-1-sheet.pdf", "5", "1"),
        ("4", "letters-2-sheets.pdf", "1", "2"),
    ]
    for row in rows:
        pages = page_texts(job / row["file"])
        first = pages[int(row["first_page"]) - 1]
        assert f"{int(row['place']):04}/0004 1of{row['sheets']}" in first
        assert row["name"] in first
    assert "0004/0004 2of2" in page_texts(job / "letters-2-sheets.pdf")[2]


def test_the_checklist_says_the_sheets_of_each_envelope(uneven: Office) -> None:
    said = words(printed(uneven) / "checklist.pdf")
    assert "5, printed on both sides: 3 pieces of 1 sheet, 1 piece of 2 sheets" in said
    assert "1 sheet in each envelope: 3 pieces" in said
    assert "2 sheets in each envelope: 1 piece" in said
    assert "3 letters of about 0.38 oz: $0.78 each, $2.34." in said
    assert "1 letter of about 0.54 oz: $0.78 each, $0.78." in said
    assert "Together $3.12." in said
    assert "A notice goes by First-Class Mail, never by Marketing Mail." in said


def test_labels_carry_the_number_of_their_sheets(uneven: Office) -> None:
    job = printed(stocked(uneven, 'envelope = "labels"\nlabels = "avery-8160"', 'postage = "meter"'))
    labels = words(job / "labels.pdf")
    for row in uneven.manifest():
        assert f"{int(row['place']):04}/0004" in labels
    said = words(job / "checklist.pdf")
    assert "The label with the number 0001/0004 goes on the envelope of the sheets 0001/0004." in said
    assert "Set the meter to $0.74." in said
    assert "Each envelope must carry “Address Service Requested” below its return address" in said


def test_printed_envelopes_are_in_the_order_of_the_letters(uneven: Office) -> None:
    job = printed(stocked(uneven, 'envelope = "printed"'))
    assert files(job) == [
        "checklist.pdf", "envelopes-1-sheet.pdf", "envelopes-2-sheets.pdf", "letters-1-sheet.pdf",
        "letters-2-sheets.pdf", "manifest.csv",
    ]  # fmt: skip
    pages = page_texts(job / "envelopes-1-sheet.pdf") + page_texts(job / "envelopes-2-sheets.pdf")
    for row, page in zip(uneven.manifest(), pages, strict=True):
        assert f"{int(row['place']):04}/0004" in page
        assert row["name"] in page
        assert "Address Service Requested" in page
    said = words(job / "checklist.pdf")
    assert "The envelope 0001/0004 (at its foot, left) takes the sheets 0001/0004." in said
    assert "must carry" not in said
    assert ink_in(job / "envelopes-1-sheet.pdf", 1, ENVELOPE_ADDRESS)


def test_a_letter_too_thick_for_its_envelope_goes_flat(office: Office) -> None:
    """Seven sheets and more lie unfolded in a large envelope, which a label addresses."""
    thick = LONG + ("And so on, at length, so that there are many pages.\n\n" * 340) + "{% endif %}\n"
    office.edit(LETTERS, "Thank you for your business", f"{thick}\n\nThank you for your business")
    job = printed(stocked(office, 'envelope = "printed"'))
    last = office.manifest()[-1]
    assert last["name"] == "Birch Lane Dental"
    assert int(last["sheets"]) > 6
    assert {"envelopes-1-sheet.pdf", "labels.pdf"} <= set(files(job))
    assert f"envelopes-{last['sheets']}-sheets.pdf" not in files(job)
    assert "Birch Lane Dental" in words(job / "labels.pdf")
    assert "Dogwood Press" not in words(job / "labels.pdf")
    said = words(job / "checklist.pdf")
    assert f"Pieces of {last['sheets']} sheets go unfolded in 9 x 12 in envelopes" in said
    assert "1 large envelope (flat) of about" in said


def test_pre_printed_paper_by_tray(uneven: Office) -> None:
    stock = 'paper = "pre-printed"\nfirst_tray = "tray-1"\nnext_tray = "tray-2"'
    job = printed(stocked(uneven, stock))
    assert {"ticket.json", "composite-1-sheet.pdf", "composite-2-sheets.pdf"} <= set(files(job))
    listed = {one["file"]: one for one in json.loads((job / "ticket.json").read_text())["files"]}
    assert listed["letters-1-sheet.pdf"]["trays"] == [
        {"tray": "tray-1", "stock": "letterhead", "pages": "1-6"}
    ]
    assert [one["pages"] for one in listed["letters-2-sheets.pdf"]["trays"]] == ["1-2", "3-4"]
    tagline = "IT for the offices of the Sacramento Valley"
    letters, seen = (page_texts(job / f"{name}-2-sheets.pdf") for name in ("letters", "composite"))
    assert tagline not in " ".join(letters)
    assert [tagline in page for page in seen] == [True, False, False, False]
    assert "As seen on pre-printed paper" in seen[0]
    assert [page for page in seen[1:] if page] == [page for page in letters[1:] if page]
    said = words(job / "checklist.pdf")
    assert "The first sheet of each piece is letterhead from tray-1" in said
    assert "the others are continuation paper from tray-2" in said


def test_a_barcode_in_each_window(office: Office) -> None:
    plain = printed(stocked(office.copy(office.root.with_name("plain"))))
    job = printed(stocked(office, "", 'mailer_id = "123456"'))
    said = words(job / "checklist.pdf")
    assert "Each of the 4 pieces has an Intelligent Mail barcode above its address." in said
    with_bars, without = (ink_in(one / "letters.pdf", 1, RECIPIENT_WINDOW) for one in (job, plain))
    assert with_bars
    assert without
    assert with_bars.w > without.w, "the bars are wider than these addresses"
    assert with_bars.h - without.h >= (0.125 + 0.028) * 25.4, "a full bar and the white below it"


def test_mail_abroad_has_no_barcode(office: Office) -> None:
    job = printed(stocked(with_berlin(office), "", 'mailer_id = "123456"'))
    (abroad,) = [row["place"] for row in office.manifest() if "GERMANY" in row["address"]]
    said = words(job / "checklist.pdf")
    assert "4 of 5 pieces have an Intelligent Mail barcode above the address." in said
    assert f"or go abroad: {int(abroad):04}." in said


def test_mail_abroad_is_not_priced_as_mail_at_home(office: Office) -> None:
    """10115 Berlin sorts before every ZIP code of Sacramento: it is last all the same, under its heading."""
    job = printed(with_berlin(office))
    assert [row["name"] for row in office.manifest()][-1] == "Eibe Verlag"
    said = words(job / "checklist.pdf")
    assert "4 letters of about 0.38 oz: $0.78 each, $3.12." in said
    assert (
        "1 letter of about 0.38 oz, abroad (First-Class Mail International): the price file has no price "
        "for it." in said
    )
    assert "1 sheet in each envelope: 4 pieces" in said
    assert "1 sheet in each envelope, abroad (First-Class Mail International): 1 piece" in said
    assert "Stamp each piece with $0.78, those abroad with what the post asks." in said


@pytest.mark.parametrize(
    ("postage", "each", "pay"),
    [
        ("stamp", "$0.78 each, $3.12.", "Stamp each piece with $0.78, those abroad with $1.25."),
        ("meter", "$0.74 each, $2.96.", "Set the meter for each piece to $0.74, for those abroad to $1.25."),
    ],
)
def test_mail_abroad_has_a_price_of_its_own(office: Office, postage: str, each: str, pay: str) -> None:
    office.edit("prices.toml", "# letter_abroad = 0.00 ", "letter_abroad = 1.25 ")
    said = words(printed(stocked(with_berlin(office), "", f'postage = "{postage}"')) / "checklist.pdf")
    assert f"4 letters of about 0.38 oz: {each}" in said
    assert "abroad (First-Class Mail International): $1.25 each, $1.25." in said
    assert pay in said


def test_the_endorsement_shows_in_the_upper_window_where_it_fits(office: Office) -> None:
    """Three lines of return address leave room for it: the sample's suite goes on the street's line."""
    job = printed(office)
    assert "1480 Millrace Way, Suite 210" in page_texts(job / "letters.pdf")[0]
    assert "Address Service Requested" in page_texts(job / "letters.pdf")[0]
    assert "must carry" not in words(job / "checklist.pdf")


PERMIT = 'postage = "permit"\npermit_number = "1234"\npermit_city = "Sacramento CA"'


def test_a_permit_below_its_minimum_holds_nothing(office: Office) -> None:
    stocked(office, 'envelope = "printed"', PERMIT)
    office.does("approve", RATES, "--by", "Dana Whitcomb")
    ran = office.does("print", RATES, exits=1)
    assert "a permit imprint needs at least 200 pieces or 50 lb of one weight" in ran.said
    assert 'Write postage = "stamp" or "meter" under [mailroom]' in ran.said
    assert not office.job().exists()
    assert office.rows("SELECT count(*) FROM piece WHERE job_id IS NOT NULL") == [(0,)]
    stocked(office, 'envelope = "printed"')
    assert "envelopes.pdf" in files(printed(office))


def test_a_permit_is_printed_on_the_panel(office: Office) -> None:
    heading = FOUR.splitlines()[0]
    rows = "".join(
        f"M-{n},Client {n} Ltd,,c{n}@m.example,{n} Long Street,Sacramento,CA,95814,none,,130.00\n"
        for n in range(1, 201)
    )
    office.imports(f"{heading}\n{rows}", name="many.csv")
    job = printed(stocked(office, "", PERMIT), ISSUE)
    text = words(job / "newsletters.pdf")
    assert text.count("PERMIT NO. 1234") == 204
    assert text.count("SACRAMENTO CA") == 204
    assert "The permit imprint is printed." in words(job / "checklist.pdf")


def test_an_issue_that_carries_a_notice_goes_first_class(office: Office) -> None:
    stocked(office, "", 'newsletter_class = "marketing"')
    office.does("approve", ISSUE, "--by", "Dana Whitcomb")
    ran = office.does("print", ISSUE, exits=1)
    assert "a notice does not go by Marketing Mail" in ran.said


def test_newsletters_say_how_they_are_folded(office: Office) -> None:
    job = printed(stocked(office, 'paper = "pre-printed"'), ISSUE)
    assert files(job) == ["checklist.pdf", "labels.pdf", "manifest.csv", "newsletters.pdf"]
    said = words(job / "checklist.pdf")
    assert "its last fold is at the bottom: put two tabs on the top edge" in said
    assert "4 letters of about 0.46 oz" in said
    assert "must carry" not in said, "the panel carries the endorsement itself"


def test_a_price_that_is_missing_is_said(office: Office) -> None:
    office.write("prices.toml", "[[postage]]\nfrom = 2026-01-01\nletter_metered = 0.74\n")
    said = words(printed(office) / "checklist.pdf")
    assert "4 letters of about 0.38 oz: the price file has no price for it." in said
    assert "Stamp each piece. A notice" in said


def test_the_same_job_is_the_same_bytes(uneven: Office) -> None:
    stock = 'paper = "pre-printed"\nfirst_tray = "tray-1"\nenvelope = "printed"'
    stocked(uneven, stock, 'mailer_id = "912345678"')
    uneven.does("approve", RATES, "--by", "Dana Whitcomb")
    again = uneven.copy(uneven.root.with_name("again"))
    for office in (uneven, again):
        office.does("print", RATES)
    first, second = ({path.name: sha256(path) for path in one.job().iterdir()} for one in (uneven, again))
    assert first == second


def test_each_job_has_serials_of_its_own(office: Office) -> None:
    """The same piece at the same place of another job has another barcode."""
    stocked(office, 'envelope = "printed"', 'mailer_id = "123456"')
    first = printed(office)
    (kept,) = [row["piece"] for row in office.manifest() if row["place"] == "1"]
    others = sorted(int(row["piece"][-4:]) for row in office.manifest() if row["piece"] != kept)
    office.drops("2026-11-24 14:10", *DROP, "--class", "first", "--range", ",".join(map(str, others)))
    office.does("destroy", RATES, "--reason", "spoiled")
    office.does("print", RATES)
    second = office.job(f"{RATES}-job-2")
    assert [(row["place"], row["piece"]) for row in office.manifest(f"{RATES}-job-2")] == [("1", kept)]
    address = ENVELOPE_ADDRESS
    right, bottom = address.x + address.w, address.y + address.h
    box = (address.x * 300, address.y * 300, right * 300, bottom * 300)
    seen = []
    for job in (first, second):
        with opened(job / "envelopes.pdf") as document:
            seen.append(image_of(document, 1, dpi=300).crop(box).tobytes())
    assert seen[0] != seen[1]
