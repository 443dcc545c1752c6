"""PDFs that go with each letter: printed after it on sheets of their own, weighed, bound by the approval."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from mailer.pages.enclosing import enclosing
from mailer.pages.imposition import open_pdf
from tests.support.foreign import stamped, trimmed, turned, with_layer_off
from tests.support.office import RATES, Office, page_texts

FOLDER = f"campaigns/{RATES}"
HERE = Path(__file__).parents[2] / "typefaces"


def pdf(*pages: str, size: tuple[float, float] = (612, 792), x: float = 72, y: float = 700) -> bytes:
    """Pages with these words, the font embedded."""
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415
    from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415

    (face,) = HERE.glob("source/*Sans3-Regular.ttf")
    pdfmetrics.registerFont(TTFont("Own", str(face)))
    target = BytesIO()
    canvas = Canvas(target, pagesize=size, initialFontName="Own")  # type: ignore[arg-type] # it is a name
    for words in pages:
        canvas.setFont("Own", 12)
        canvas.drawString(x, y, words)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def test_another_envelope_makes_the_approval_stale(office: Office) -> None:
    """The letterhead has the firm's address where no window shows it: once, either way."""
    office.does("approve", RATES)
    office.does("print", RATES)
    assert page_texts(office.job() / "letters.pdf")[0].count("1480 Millrace Way") == 1
    office.does("destroy", RATES, "--reason", "another envelope")
    profile = (office.root / "mailer.toml").read_text(encoding="utf-8")
    assert 'envelope = "double-window"' in profile
    office.write("mailer.toml", profile.replace('envelope = "double-window"', 'envelope = "single-window"'))
    assert "approve" in office.does("print", RATES, exits=3).said
    office.does("approve", RATES)
    office.does("print", RATES)
    assert page_texts(office.job(f"{RATES}-job-2") / "letters.pdf")[0].count("1480 Millrace Way") == 1


def enclose(office: Office, content: bytes) -> None:
    (office.root / FOLDER / "rates.pdf").write_bytes(content)
    with (office.root / FOLDER / "campaign.toml").open("a", encoding="utf-8") as file:
        file.write('\n[letter]\nenclosures = ["A card", { title = "Rate sheet", file = "rates.pdf" }]\n')


def test_it_goes_with_each_letter(office: Office) -> None:
    enclose(office, pdf("Rates of 2027, page 1", "Rates of 2027, page 2"))
    office.does("approve", RATES)
    assert "4 pieces, 8 sheets" in office.does("print", RATES).said
    pages = page_texts(office.job() / "letters.pdf")
    assert len(pages) == 16
    for at in range(0, 16, 4):
        assert "Enclosures: A card; Rate sheet" in pages[at]
        assert "1of2" in pages[at]
        assert pages[at + 1].strip() == ""  # the back of the letter
        assert "Rates of 2027, page 1" in pages[at + 2]
        assert "2of2" in pages[at + 2]
        assert "Rates of 2027, page 2" in pages[at + 3]
    facts = " ".join(page_texts(office.job() / "checklist.pdf")[0].split())
    assert "4 letters of about 0.54 oz: $0.78 each" in facts  # two sheets of 0.16 oz, and the envelope


def test_another_file_makes_the_approval_stale(office: Office) -> None:
    enclose(office, pdf("Rates of 2027"))
    office.does("approve", RATES)
    (office.root / FOLDER / "rates.pdf").write_bytes(pdf("Rates of 2028"))
    assert "approve" in office.does("print", RATES, exits=3).said
    assert not (office.root / "jobs").exists()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"no PDF", "rates.pdf: is no PDF that can be read."),
        (
            pdf("A4", size=(595, 842)),
            "rates.pdf: Page 1: The page is 8.26 x 11.69 in; it must be",
        ),
        (pdf("At the edge", x=1), "rates.pdf: Page 1: Ink in the left edge"),
        (pdf("Under the mark", x=40, y=20), "rates.pdf: Page 1: Ink in the sheet mark"),
        (
            with_layer_off(pdf("Rates")),
            "rates.pdf: has layers that are switched off, and they would be printed",
        ),
        (stamped(pdf("Rates")), "rates.pdf: page 1: a stamp lies over the page and would not be printed"),
    ],
)
def test_what_is_not_printed_is_refused_before_a_page_is_made(
    office: Office, content: bytes, why: str
) -> None:
    enclose(office, content)
    assert why in office.does("approve", RATES, exits=1).said


def test_it_is_printed_as_a_reader_shows_it_with_its_sheet_mark(office: Office) -> None:
    enclose(office, turned(trimmed(pdf("Rates of 2027", y=300))))
    office.does("approve", RATES)
    office.does("print", RATES)
    pages = page_texts(office.job() / "letters.pdf")
    for at in range(2, 12, 4):
        assert "Rates of 2027" in pages[at]
        assert "2of2" in pages[at]
    with open_pdf(office.job() / "letters.pdf") as made:
        assert [float(edge) for edge in made.pages[2].mediabox] == [0, 0, 612, 792]


def test_a_file_that_is_not_there(office: Office) -> None:
    enclose(office, pdf("x"))
    (office.root / FOLDER / "rates.pdf").unlink()
    assert "rates.pdf" in office.does("approve", RATES, exits=1).said


def test_the_pages_of_an_enclosure_are_stored_once() -> None:
    sheet, letters = pdf("Rates " * 10), pdf(*(f"Letter {n}" for n in range(200)))
    whole, ranges = enclosing(letters, [(n, n) for n in range(1, 201)], [sheet])
    assert ranges[:2] == ((1, 3), (4, 6))
    assert ranges[-1] == (598, 600)
    assert len(whole) < len(letters) + len(sheet) + 200 * 300
    with open_pdf(whole) as made:
        assert len(made.pages) == 600
    assert enclosing(letters, [(1, 200)], []) == (letters, ((1, 200),))


def with_issue(office: Office) -> None:
    """January's issue, its memo written, in the envelope of each letter."""
    office.does("newsletter", "new", "2027-01")
    memo = "---\nbyline: Dana Whitcomb\n---\n## A quiet January\n\n" + "We wish you one. " * 30
    office.write("campaigns/2027-01/memo.md", memo)
    with (office.root / FOLDER / "campaign.toml").open("a", encoding="utf-8") as file:
        file.write('\n[letter]\nenclosures = [{ issue = "2027-01" }]\n')


def test_an_issue_goes_with_each_letter_without_its_mailing_panel(office: Office) -> None:
    with_issue(office)
    office.does("approve", RATES)
    assert "4 pieces, 8 sheets" in office.does("print", RATES).said
    pages = page_texts(office.job() / "letters.pdf")
    assert len(pages) == 16
    for at in range(0, 16, 4):
        assert "Enclosure: Our newsletter, January 2027" in " ".join(pages[at].split())
        assert "A quiet January" in pages[at + 2]
        assert "2of2" in pages[at + 2]
        assert "How to reach us" in pages[at + 3]
        assert "Address Service Requested" not in pages[at + 3]
    facts = " ".join(page_texts(office.job() / "checklist.pdf")[0].split())
    assert "4 letters of about 0.54 oz: $0.78 each" in facts  # two sheets of 0.16 oz, and the envelope


def test_an_issue_that_changed_makes_the_approval_stale(office: Office) -> None:
    with_issue(office)
    office.does("approve", RATES)
    office.edit("campaigns/2027-01/memo.md", "A quiet January", "A loud January")
    assert "approve" in office.does("print", RATES, exits=3).said
    office.does("approve", RATES)
    assert "8 sheets" in office.does("print", RATES).said


@pytest.mark.parametrize("how", ["list", "mark"])
def test_who_opted_out_of_the_newsletter_gets_the_article_and_not_the_issue(office: Office, how: str) -> None:
    office.opts_out("N-2", how)
    with_issue(office)
    office.edit("campaigns/2027-01/campaign.toml", "carries = []", f'carries = ["{RATES}"]')
    (office.root / "campaigns/2027-01/how-to.md").unlink()  # one sheet
    office.does("approve", RATES)
    assert "4 pieces, 7 sheets" in office.does("print", RATES).said
    by_name = {row["name"]: row["sheets"] for row in office.manifest()}
    assert by_name.pop("Birch Lane Dental") == "1"
    assert set(by_name.values()) == {"2"}
    texts = "".join(page_texts(path)[0] for path in sorted(office.job().glob("letters*.pdf")))
    assert "Birch Lane Dental" in texts
    office.drops("2026-11-24 14:10")
    checked = office.on("2026-12-05").checked()  # the issue has the article: so the letter brought both
    assert checked["N-1"]["newsletter"]["piece"] == checked["N-1"]["letter"]["piece"]
    assert checked["N-1"]["house"] == {"state": "kept", "reason": "letter and newsletter out in time"}
    assert checked["N-2"]["house"] == {"state": "kept", "reason": "letter out in time"}


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ('{ issue = "2027-03" }', "encloses the issue 2027-03, which does not exist."),
        ('{ issue = "next" }', "'next' is not a month, like 2026-12"),
        ('{ title = "Both", file = "a.pdf", issue = "2027-01" }', "is either a PDF"),
        ('{ file = "a.pdf" }', "needs a title, which stands below the signature"),
    ],
)
def test_an_enclosure_that_is_none(office: Office, written: str, why: str) -> None:
    with (office.root / FOLDER / "campaign.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[letter]\nenclosures = [{written}]\n")
    assert why in " ".join(office.does("approve", RATES, exits=1).said.split())


def test_an_issue_encloses_no_issue(office: Office) -> None:
    """In itself there was no end to it, and its file was blamed for brackets."""
    with (office.root / "campaigns/2026-12/campaign.toml").open("a", encoding="utf-8") as file:
        file.write('\n[letter]\nenclosures = [{ issue = "2026-12" }]\n')
    said = " ".join(office.does("proof", "2026-12", exits=1).said.split())
    assert "encloses the issue 2026-12, and is one." in said


def test_an_issue_whose_example_text_stands_is_not_enclosed(office: Office) -> None:
    with_issue(office)
    (office.root / "campaigns/2027-01/memo.md").unlink()
    office.write("campaigns/2027-01/memo.md", "---\nbyline: Your name, owner\n---\n## Mine\n\nA text.\n")
    said = office.does("approve", RATES, exits=1).said
    assert "campaigns/2027-01/memo.md:2: “byline: Your name, owner” is still the example text" in said
