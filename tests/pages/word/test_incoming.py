"""What people write in Word, as Markdown; and what is not opened."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx import Document
from docx.shared import Inches
from PIL import Image

from mailer.errors import MailerError
from mailer.newsletter.frontmatter import split_front
from mailer.pages.composition import compile_text
from mailer.pages.photographs import undressed, upright
from mailer.pages.word.incoming import Incoming, markdown_of
from tests.support.office import Office

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def written() -> bytes:
    """An article as a person writes one."""
    document = Document()
    document.add_heading("Five minutes for your backup", 1)
    paragraph = document.add_paragraph("Ask for ")
    paragraph.add_run("one").bold = True
    paragraph.add_run(" file & look at {{ it }}, * and <b>. ")
    paragraph.add_run("Today.").italic = True
    document.add_heading("How", 2)
    for text in ("Choose it", "Open it"):
        document.add_paragraph(text, "List Number")
    document.add_paragraph("A point", "List Bullet")
    document.add_paragraph("Nobody had looked.", "Quote")
    table = document.add_table(2, 2)
    for cell, text in zip(
        (c for row in table.rows for c in row.cells), ("File", "Age", "Ledger", "3 | 4"), strict=True
    ):
        cell.text = text
    picture = BytesIO()
    Image.new("RGB", (60, 30), "teal").save(picture, "PNG")
    picture.seek(0)
    document.add_picture(picture, Inches(1))
    document.add_paragraph("The green light. Photo: D. W.", "Caption")
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def changed(content: bytes, **parts: str | bytes) -> bytes:
    """The document with parts put in; "word__x_xml" is word/x.xml."""
    target = BytesIO()
    new = {name.replace("__", "/").replace("_", "."): data for name, data in parts.items()}
    with ZipFile(BytesIO(content)) as source, ZipFile(target, "w", ZIP_DEFLATED) as copy:
        for name in source.namelist():
            if name not in new:
                copy.writestr(name, source.read(name))
        for name, data in new.items():
            copy.writestr(name, data)
    return target.getvalue()


def square(size: int) -> str:
    """A document of one table, whose first row alone is so wide."""
    rows = "".join(f"<w:tr>{'<w:tc><w:p/></w:tc>' * (1 if row else size)}</w:tr>" for row in range(size))
    return f'<w:document xmlns:w="{W}"><w:body><w:tbl>{rows}</w:tbl></w:body></w:document>'


@pytest.fixture(scope="module")
def article() -> Incoming:
    return markdown_of(written(), stem="news", where="article.docx")


def test_what_comes_over(article: Incoming) -> None:
    assert article.text == (
        "## Five minutes for your backup\n\n"
        "Ask for **one** file &amp; look at &#123;&#123; it &#125;&#125;, \\* and &lt;b>. *Today.*\n\n"
        "### How\n\n1. Choose it\n2. Open it\n\n- A point\n\n> Nobody had looked.\n\n"
        "| File | Age |\n|---|---|\n| Ledger | 3 \\| 4 |\n\n"
        '![The green light. Photo: D. W.](news-1.png "The green light. Photo: D. W.")\n'
    )
    assert list(article.pictures) == ["news-1.png"]
    assert article.lost == ()


def test_it_reads_as_it_was_written(article: Incoming, tmp_path: Path) -> None:
    (tmp_path / "news-1.png").write_bytes(article.pictures["news-1.png"])
    text = compile_text(article.text, path="news.md", folder=tmp_path).compose({}).text
    assert "Ask for one file & look at {{ it }}, * and <b>. Today." in text


def test_what_is_lost_is_said() -> None:
    body = (
        f'<w:document xmlns:w="{W}"><w:body><w:p>'
        '<w:ins w:id="1" w:author="A"><w:r><w:t>Kept. </w:t></w:r></w:ins>'
        '<w:del w:id="2" w:author="A"><w:r><w:delText>Gone.</w:delText></w:r></w:del>'
        '<w:r><w:t>See</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p></w:body></w:document>'
    )
    note = '<w:footnote w:id="2"><w:p><w:r><w:t>A note.</w:t></w:r></w:p></w:footnote>'
    notes = f'<w:footnotes xmlns:w="{W}">{note}</w:footnotes>'
    content = changed(written(), word__document_xml=body, word__footnotes_xml=notes)
    made = markdown_of(content, stem="a", where="a.docx")
    assert made.text == "Kept. See\u00b9\n\n::: notes\n\u00b9 A note.\n:::\n"
    assert made.lost == (
        "1 tracked insertion: taken as if accepted",
        "1 tracked deletion: left out, as if accepted",
    )


def of_an_office() -> bytes:
    """A title, a subtitle, a byline, main headings, a numbered picture: as Word's own styles have them."""
    document = Document()
    document.add_heading("Your will", 0)
    document.add_paragraph("January is a good month.", "Subtitle")
    document.add_paragraph("By Ingrid Solheim, Partner")
    document.add_paragraph("Most wills are old.")
    picture = BytesIO()
    Image.new("RGB", (60, 30), "teal").save(picture, "PNG")
    picture.seek(0)
    document.add_picture(picture, Inches(1))
    document.add_paragraph("Figure 1: Whose is the cabin?", "Caption")
    document.add_heading("What to bring", 1)
    document.add_paragraph("By then you know.")
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def test_a_section_has_one_headline_and_its_subtitle_and_byline_stand_before_it() -> None:
    made = markdown_of(of_an_office(), stem="lead", where="a.docx", is_section=True)
    assert made.text == (
        "---\nstandfirst: January is a good month.\nbyline: Ingrid Solheim, Partner\n---\n"
        "## Your will\n\nMost wills are old.\n\n"
        '![Whose is the cabin?](lead-1.png "Whose is the cabin?")\n\n'
        "### What to bring\n\nBy then you know.\n"
    )
    front, _ = split_front(made.text, "lead.md")
    assert (front.byline, front.standfirst) == ("Ingrid Solheim, Partner", "January is a good month.")
    assert markdown_of(of_an_office(), stem="letter", where="a.docx").text.startswith(
        "## Your will\n\nJanuary is a good month.\n\nBy Ingrid Solheim, Partner\n\n"
    )


def test_a_picture_keeps_its_number_where_the_text_speaks_of_it() -> None:
    document = Document(BytesIO(of_an_office()))
    document.add_paragraph("See Figure 1.")
    target = BytesIO()
    document.save(target)
    assert '"Figure 1: Whose is the cabin?"' in markdown_of(target.getvalue(), stem="a", where="a.docx").text


def test_bold_lines_are_headings_where_there_are_no_others() -> None:
    document = Document()
    for text, bold in (("Your will", True), ("It is old.", False), ("What to bring", True), ("Stop.", True)):
        document.add_paragraph().add_run(text).bold = bold
    target = BytesIO()
    document.save(target)
    made = markdown_of(target.getvalue(), stem="a", where="a.docx", is_section=True)
    assert made.text == "## Your will\n\nIt is old.\n\n### What to bring\n\n**Stop.**\n"


def test_more_than_three_notes_have_their_numbers_in_brackets() -> None:
    """The signs above 3 are in no Latin-1 typeface."""
    references = "".join(f'<w:r><w:footnoteReference w:id="{n}"/></w:r>' for n in range(1, 5))
    body = f'<w:document xmlns:w="{W}"><w:body><w:p>{references}</w:p></w:body></w:document>'
    note = '<w:footnote w:id="{0}"><w:p><w:r><w:t>Note {0}.</w:t></w:r></w:p></w:footnote>'
    notes = f'<w:footnotes xmlns:w="{W}">{"".join(note.format(n) for n in range(1, 5))}</w:footnotes>'
    made = markdown_of(
        changed(written(), word__document_xml=body, word__footnotes_xml=notes), stem="a", where="a.docx"
    )
    assert made.text.startswith("\\[1\\]\\[2\\]\\[3\\]\\[4\\]\n\n::: notes\n\\[1\\] Note 1.\n\n")


def test_a_table_in_a_table_is_said_once() -> None:
    document = Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "Rates"
    cell.add_table(1, 1).cell(0, 0).text = "130.00"
    target = BytesIO()
    document.save(target)
    made = markdown_of(target.getvalue(), stem="a", where="a.docx")
    assert made.text == "| Rates 130.00 |\n|---|\n"


REL = '<Relationships xmlns="r"><Relationship Type="x/{}" Target="{}" TargetMode="External"/></Relationships>'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"no document", "is no Word document"),
        (written()[:300] + written()[500:], "is no Word document"),
        (written()[:60] + bytes(40) + written()[100:], "is no Word document"),
        (changed(written(), word__vbaProject_bin=b"x"), "holds macros"),
        (changed(written(), word__embeddings__a_bin=b"x"), "holds another file inside"),
        (
            changed(
                written(), word___rels__settings_xml_rels=REL.format("attachedTemplate", "http://evil/t.dotm")
            ),
            "takes its attachedTemplate from elsewhere: 'http://evil/t.dotm'",
        ),
        (
            changed(
                written(), word___rels__a_xml_rels=REL.format("image", "http://evil/>").replace('"', "'")
            ),
            "takes its image from elsewhere: 'http://evil/>'",
        ),
        (changed(written(), word___rels__a_xml_rels="<Relationship " * 9), "is damaged"),
        (
            changed(written(), word__document_xml='<!DOCTYPE a [<!ENTITY b "c">]><a/>'),
            "no Word document needs",
        ),
        (
            changed(written(), word__document_xml='<!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16")),
            "no Word document needs",
        ),
        (changed(written(), word__bomb_xml=b"\0" * 60_000_000), "unpacks to 61 MB"),
        (
            changed(written(), word__document_xml='<w:fldChar w:fldCharType="begin"/>' * 1_001),
            "is longer than any letter or article",
        ),
        (changed(written(), word__footnotes_xml="<a/>" * 300_001), "is longer than any letter or article"),
        (changed(written(), word__document_xml=square(200)), "holds a table of 200 rows and 200 columns"),
    ],
)
def test_what_is_not_opened(content: bytes, why: str) -> None:
    with pytest.raises(MailerError, match=why) as caught:
        markdown_of(content, stem="a", where="a.docx")
    assert "Nothing was written." in str(caught.value)


def test_a_part_of_few_tags_that_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailer.pages.word.docxfile.LONGEST", 1_000)
    with pytest.raises(MailerError, match="is longer than any letter or article"):
        markdown_of(written(), stem="a", where="a.docx")


def test_a_picture_that_stands_there_twice_is_one_file_and_there_is_an_end_to_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mailer.pages.word.incoming.MOST_PIXELS", 100)
    document = Document()
    for side in (10, 10, 9):
        picture = BytesIO()
        Image.new("RGB", (side, 10), "teal").save(picture, "PNG")
        picture.seek(0)
        document.add_picture(picture)
    target = BytesIO()
    document.save(target)
    made = markdown_of(target.getvalue(), stem="news", where="article.docx")
    assert made.text == "![](news-1.png)\n\n![](news-1.png)\n"
    assert made.lost == ("a picture after 0 megapixels of others: left out",)


def test_a_photograph_stands_upright_and_tells_no_place() -> None:
    picture, target = Image.new("RGB", (40, 20), "red"), BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned
    exif[0x010F] = "A camera"
    picture.save(target, "JPEG", exif=exif)
    kind, data = upright(target.getvalue())
    with Image.open(BytesIO(data)) as turned:
        assert (kind, turned.size, len(turned.getexif())) == ("jpg", (20, 40), 0)
    assert undressed(target.getvalue()) == data
    assert undressed(data) == data
    with pytest.raises(ValueError, match="is none that can be printed"):
        upright(target.getvalue()[:200])


def test_the_command(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "article.docx"
    path.write_bytes(written())
    section = ("newsletter", "import", str(path), "2026-12", "--section")
    assert "is written already" in office.does(*section, "how-to", exits=1).said
    ran = office.does(*section, "how-to", "--replace")
    assert "1 picture" in ran.said
    assert (office.root / "campaigns" / "2026-12" / "how-to-1.png").is_file()
    assert "no text of 2026-12" in office.does(*section, "sports", exits=2).said
