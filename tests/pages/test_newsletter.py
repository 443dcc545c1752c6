from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
import zxingcpp
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from mailer.errors import MailerError
from mailer.pages.composition import compile_text
from mailer.pages.issuepages import NewsletterPages, SectionBlock, set_text, stories_of, untied
from mailer.pages.letter import Letter, render_letters
from mailer.pages.letterhead import Letterhead
from mailer.pages.logo import Logo
from mailer.pages.newsletter import render_newsletter
from mailer.pages.preflight import Flaw, PdfKind, preflight
from mailer.pages.press import Rendered
from mailer.pages.typeface import FontProblem
from mailer.pages.windowzones import PANEL
from mailer.settings import Settings
from tests.support.ink import ink_in

QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
HEADS = ("Three calls", "How to", "Lost and found")

Read = Callable[[bytes | Path, int], str]
Make = Callable[[int], NewsletterPages]


def test_two_pages(newsletter: Rendered, letterhead: Letterhead, page_text: Read) -> None:
    assert newsletter.pages == ((1, 2),)
    front, back = page_text(newsletter.pdf, 1), page_text(newsletter.pdf, 2)
    for words in (
        "December 2026 Number 12",
        "The Cedar Post News and good sense",
        "IMPORTANT NOTICES",
        "Effective January 1, 2027",
        "From the desk",
    ):
        assert words in front
    assert "The Cedar Post December 2026 \u00b7 2" in back
    for words in (
        "Monday to Thursday, 8:00 am to 5:30 pm Friday, 8:00 am to 4:00 pm Saturday and Sunday, closed",
        "Critical outage 30 minutes",
        "(916) 555-0142",
        "Cedar & Finch IT 1415 L Street, Suite 300 Sacramento CA 95814 Address Service Requested",
    ):
        assert words in back
    both = front + back
    assert both.count("They hung up and called") == 10
    assert preflight(newsletter.pdf, PdfKind.NEWSLETTER, letterhead) == ()
    assert ink_in(newsletter.pdf, 2, PANEL)


def test_four_pages(issue: Make, letterhead: Letterhead, settings: Settings, page_text: Read) -> None:
    rendered = render_newsletter(issue(6), letterhead, settings)
    assert rendered.pages == ((1, 4),)
    texts = [page_text(rendered.pdf, page) for page in range(1, 5)]
    assert ["Address Service Requested" in text for text in texts] == [False, False, False, True]
    assert sum(text.count("They hung up and called") for text in texts) == 30
    assert all("hung up" in text for text in texts)
    assert preflight(rendered.pdf, PdfKind.NEWSLETTER, letterhead) == ()


def test_a_short_issue_still_has_two_pages(issue: Make, letterhead: Letterhead, settings: Settings) -> None:
    one = replace(issue(1), sections=issue(1).sections[:1], notices=())
    rendered = render_newsletter(one, letterhead, settings)
    assert rendered.pages == ((1, 2),)
    assert preflight(rendered.pdf, PdfKind.NEWSLETTER, letterhead) == ()


def test_a_story_has_a_standing_head_and_its_own_headline(
    issue: Make, letterhead: Letterhead, settings: Settings, page_text: Read
) -> None:
    made = issue(6)
    story = "<h2>Restore &amp; see</h2>\n<p>One.</p>\n<h3>And then?</h3>\n<p>Two.</p>\n"
    dates = '<p class="lines">December 24, 2026: Christmas Eve<br>January 1, 2027: New Year</p>'
    hours = '<p class="lines">Monday to Thursday, 7:00 am to 6:00 pm<br>Friday, closed</p>'
    sections = (
        replace(made.sections[0], html=story + hours + made.sections[0].html),
        *made.sections[1:4],
        SectionBlock("ahead", "Dates ahead", dates),
    )
    rendered = render_newsletter(replace(made, sections=sections), letterhead, settings)
    texts = [page_text(rendered.pdf, page) for page in range(1, 5)]
    assert "FROM THE DESK Restore & see Devon Park One. And then? Two. Monday to Thursday" in texts[0]
    assert "Dates ahead December 24, 2026 Christmas Eve January 1, 2027 New Year" in texts[3]
    starts = {head: next(n for n, text in enumerate(texts, 1) if f"{head} Devon" in text) for head in HEADS}
    assert "IN THIS ISSUE " + " ".join(f"{page} {head}" for head, page in starts.items()) in texts[0]
    assert preflight(rendered.pdf, PdfKind.NEWSLETTER, letterhead) == ()


def test_headings_in_a_list_or_quotation_stay_there(
    issue: Make, letterhead: Letterhead, settings: Settings, page_text: Read
) -> None:
    html = "<blockquote>\n<h2>Said</h2>\n</blockquote>\n<ul>\n<li>\n<h3>Item</h3>\n</li>\n</ul>\n"
    one = replace(issue(1), sections=(SectionBlock("s", "Words", html),))
    assert "Words Said Item" in page_text(render_newsletter(one, letterhead, settings).pdf, 1)


def test_the_same_issue_gives_the_same_bytes(
    issue: Make, letterhead: Letterhead, settings: Settings, newsletter: Rendered
) -> None:
    assert render_newsletter(issue(2), letterhead, settings).pdf == newsletter.pdf


def test_too_long(issue: Make, letterhead: Letterhead, settings: Settings) -> None:
    long = issue(9)
    long = replace(
        long, sections=(*long.sections[:4], SectionBlock("x", "Endless", long.sections[0].html * 3))
    )
    with pytest.raises(MailerError) as caught:
        render_newsletter(long, letterhead, settings)
    assert str(caught.value).startswith("The Cedar Post: the issue needs ")
    assert 'the longest part is x.md ("Endless") with 1,647' in str(caught.value)
    with pytest.raises(MailerError, match="has no sections"):
        render_newsletter(replace(long, sections=()), letterhead, settings)
    with pytest.raises(FontProblem, match="The Cedar Post, 漢"):
        render_newsletter(replace(long, sections=(SectionBlock("x", "漢", ""),)), letterhead, settings)


def test_what_a_printer_would_send_back(chunk: Rendered, letterhead: Letterhead) -> None:
    assert preflight(chunk.pdf, PdfKind.LETTERS, letterhead, starts=(1, 2, 4)) == ()
    found = preflight(chunk.pdf, PdfKind.NEWSLETTER, letterhead)
    assert found == ()  # four pages, nothing in the panel's zones of the last
    wrong = preflight(chunk.pdf, PdfKind.LETTERS, letterhead, starts=(1, 2, 3, 4))
    assert [finding.page for finding in wrong] == [3]
    assert str(wrong[0]).startswith("Page 3: Ink in the address area: ")
    assert "the text “In Novem" in str(wrong[0])
    assert str(wrong[0]).endswith(
        "”. It must stay empty: the envelope's windows and the mail service's address box lie here."
    )
    assert str(Flaw(0, "x")) == "x"


def test_a_file_from_elsewhere(letterhead: Letterhead, tmp_path: Path) -> None:
    path = tmp_path / "mine.pdf"
    canvas = Canvas(str(path), pagesize=(595, 842))
    canvas.drawString(72, 700, "Typed in Helvetica")
    canvas.rect(0, 400, 3, 30, stroke=0, fill=1)
    canvas.showPage()
    canvas.save()
    assert [str(finding) for finding in preflight(path, PdfKind.LETTERS, letterhead)][:2] == [
        "The font Helvetica is not embedded.",
        "Page 1: The page is 8.26 x 11.69 in; it must be 8.5 x 11 in.",
    ]
    assert any(
        "Ink in the left edge" in finding.message for finding in preflight(path, PdfKind.PRINT, letterhead)
    )
    assert "The newsletter has 1 pages; it must have 2, 4 or 8." in [
        finding.message for finding in preflight(path, PdfKind.NEWSLETTER, letterhead)
    ]


def test_a_picture_has_its_caption_its_size_and_words(tmp_path: Path) -> None:
    Image.new("RGB", (400, 200), "teal").save(tmp_path / "a.png")
    source = (
        '![A desk](a.png "The desk. Photo: D. W.")\n\n![A desk](a.png)\n{half}\n\n![A desk](a.png){width=50%}'
    )
    made = compile_text(source, path="news.md", folder=tmp_path).compose({})
    assert "<figcaption>The desk. Photo: D. W.</figcaption></figure>" in made.html
    assert '<figure class="half">' in made.html
    assert '<figure style="width: 50%">' in made.html
    assert "The desk. Photo: D. W." in made.text
    with pytest.raises(MailerError, match="without words for it"):
        compile_text("![](a.png)", path="news.md", folder=tmp_path).compose({})


def test_a_coarse_picture_is_said_and_a_blurred_one_refused(
    letter: Callable[..., Letter], letterhead: Letterhead, settings: Settings, tmp_path: Path
) -> None:
    found: list[Flaw] = []
    for width in (975, 325):  # 6.5 in wide: 150 and 50 dots per inch
        path = tmp_path / f"{width}.png"
        Image.effect_noise((width, 100), 40).convert("RGB").save(path)
        html = f'<figure style="width: 100%"><img style="width: 100%" src="{path.as_uri()}"></figure>'
        made = render_letters([letter("A", html)], letterhead, settings, folders=[tmp_path])
        found += preflight(made.pdf, PdfKind.LETTERS, letterhead)
    assert [flaw.stops for flaw in found] == [False, True]
    assert "is printed at 150 dpi and will look coarse; it is sharp up to 4.9 in wide." in found[0].message


def test_a_coupon_has_its_address_as_a_code(issue: Make, letterhead: Letterhead, settings: Settings) -> None:
    source = "::: coupon https://www.cedarfinch.example/backup?by=2027-02\nBring this page.\n:::\n"
    html = compile_text(source, path="offers.md").compose({}).html
    made = replace(issue(1), sections=(SectionBlock("offers", "Offers", html),))
    page = pypdfium2.PdfDocument(render_newsletter(made, letterhead, settings).pdf)[0]
    codes = zxingcpp.read_barcodes(page.render(scale=3).to_pil(), formats=QR)
    assert [code.text for code in codes] == ["https://www.cedarfinch.example/backup?by=2027-02"]
    assert "Bring this page." in page.get_textpage().get_text_range()


@pytest.mark.parametrize("target", ["", "http://a.example", "javascript:x", f"https://{'a' * 100}.example"])
def test_where_a_coupon_may_not_lead(target: str) -> None:
    with pytest.raises(MailerError, match="write its address after it, as in `::: coupon https://…`"):
        compile_text(f"::: coupon {target}\nText.\n:::\n", path="offers.md").compose({})


def test_addresses_and_numbers_are_not_divided(
    issue: Make, letterhead: Letterhead, settings: Settings, page_text: Read
) -> None:
    exact = ("office@harrowpine.example", "https://www.harrowpine.example/help", "916-555-0142")
    made = replace(issue(1), sections=(SectionBlock("news", "News", f"<p>{' or '.join(exact * 6)}</p>"),))
    said = page_text(render_newsletter(made, letterhead, settings).pdf, 1).replace(" ", "")
    assert "or".join(exact * 6) in said


def test_an_issue_that_leaves_much_of_its_second_sheet_empty_says_so(
    issue: Make, letterhead: Letterhead, settings: Settings
) -> None:
    full, short = issue(6), issue(3)
    assert render_newsletter(full, letterhead, settings).remarks == ()
    (remark,) = render_newsletter(short, letterhead, settings).remarks
    assert "pages stay empty, and each copy takes two sheets. With some " in remark
    assert remark.endswith(" more would fill them.")
    assert '.md ("' in remark  # the file, as its author knows it


def test_no_paragraph_ends_with_one_short_word_on_its_line() -> None:
    assert set_text("<p>They had stayed behind after a trial.</p>") == (
        '<p>They had stayed behind <span class="together">after\u00a0a\u00a0trial.</span></p>'
    )
    assert set_text("<li>Say it <b>now</b>, once.</li>") == (
        '<li>Say it <b>now</b><span class="together">,\u00a0once.</span></li>'
    )
    long = "<p>Write to the accountant of yesterday.</p>"
    assert set_text(long) == long


def test_a_second_headline_is_a_sub_heading_and_a_short_table_stays_whole() -> None:
    assert set_text("<h2>When to look</h2><p>Now.</p>") == "<h3>When to look</h3><p>Now.</p>"
    table = '<table class="data"><tr><td>Will</td></tr></table>'
    assert set_text(table) == table.replace("data", "data whole")
    long = table.replace("<tr>", "<tr></tr>" * 8 + "<tr>")
    assert set_text(long) == long


def test_no_line_ends_within_a_word_like_e_mail() -> None:
    assert set_text("<p>Sent by e-mail under <em>E-SIGN</em> today, not well-known.</p>") == (
        '<p>Sent by <span class="together">e-mail</span> under '
        '<em><span class="together">E-SIGN</span></em> today, not well-known.</p>'
    )


def test_a_headline_does_not_end_with_two_letters_on_a_line() -> None:
    html = "<h2>E-signatures: what we may take, and what must be ink</h2><p>Wills.</p>"
    (story,) = stories_of((SectionBlock("news", "News", html),), ()).all
    assert story.headline == "E-signatures: what we may take, and what\u00a0must\u00a0be\u00a0ink"
    assert untied(story).headline == "E-signatures: what we may take, and what must be ink"


def test_the_panel_of_a_firm_with_a_wide_logo_leaves_the_address_its_zone(
    issue: Make, letterhead: Letterhead, settings: Settings
) -> None:
    wide = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 520 120"><path d="M0 0h520v120H0z"/></svg>'
    own = replace(letterhead, logo=Logo("logo.svg", 520 / 120, wide))
    own = replace(own, files={**own.files, "logo.svg": wide})
    rendered = render_newsletter(issue(2), own, settings)
    assert preflight(rendered.pdf, PdfKind.NEWSLETTER, own) == ()
