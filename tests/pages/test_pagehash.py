"""The hash of a piece's pages: the same however its file is packed, another where anything on them is."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Pdf

from mailer.pages import pagehash
from mailer.pages.imposition import cut
from mailer.pages.pagehash import PagesUnreadable, own_pages, piece_hashes, whole_hash

KEPT = Path(__file__).parents[1] / "data/folder-1/files"


def batch(text: bytes = b"Ash", font: bytes = b"a font", form: bytes = b"0 0 m S") -> Pdf:
    """Two pieces of one page that share their resources: fonts F1 and F2, a form that uses F2, a picture."""
    pdf = Pdf.new()
    fonts = Dictionary(
        F1=pdf.make_indirect(Dictionary(Type=Name.Font, FontFile=pdf.make_stream(font))),
        F2=pdf.make_indirect(Dictionary(Type=Name.Font, FontFile=pdf.make_stream(b"another"))),
    )
    drawn = pdf.make_stream(form + b" /F2 9.5 Tf", Subtype=Name.Form, Resources=Dictionary(Font=fonts))
    picture = pdf.make_stream(b"\xff\xd8 a JPEG", Subtype=Name.Image, Filter=Name.DCTDecode)
    resources = pdf.make_indirect(Dictionary(Font=fonts, XObject=Dictionary(X1=drawn, X2=picture)))
    for words in (b"/F1 12 Tf (" + text + b") Tj /X1 Do", b"/F2 12 Tf (Birch /F1 12 Tf) Tj /X2 Do"):
        contents, box = pdf.make_stream(words), Array([0, 0, 612, 792])
        page = Dictionary(Type=Name.Page, MediaBox=box, Resources=resources, Contents=contents)
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    return pdf


def packed(pdf: Pdf, mode: ObjectStreamMode = ObjectStreamMode.generate, *, compress: bool = True) -> bytes:
    out = BytesIO()
    pdf.save(out, object_stream_mode=mode, compress_streams=compress)
    return out.getvalue()


def hashes(pdf: bytes) -> list[str]:
    return list(piece_hashes(pdf, [(1, 1), (2, 2)]))


def test_it_does_not_hang_on_how_the_file_is_packed() -> None:
    first, second = hashes(packed(batch()))
    assert first.startswith("pages-1:")
    assert len(first) == len("pages-1:") + 64
    assert first != second
    assert hashes(packed(batch(), ObjectStreamMode.disable, compress=False)) == [first, second]
    alone = [cut(packed(batch()), page, page) for page in (1, 2)]
    assert [next(piece_hashes(single, [(1, 1)])) for single in alone] == [first, second]
    flat = batch()  # every object within the page itself, boxes with digits that say nothing
    for page in flat.pages:
        page.obj.MediaBox = Array([0, 0, pikepdf.Object.parse(b"612.00"), 792])
        page.obj.Resources = Dictionary(dict(page.obj.Resources.items()))
        page.obj.Contents = Array([page.obj.Contents])
    assert hashes(packed(flat)) == [first, second]


def test_anything_on_the_page_gives_another() -> None:
    first, second = hashes(packed(batch()))
    for other in (batch(text=b"Elm"), batch(font=b"a font with other glyphs"), batch(form=b"1 1 m S")):
        changed = hashes(packed(other))
        assert changed[0] != first
        assert changed[1] == second  # it shows none of these
    wider = batch()
    wider.pages[0].obj.CropBox = Array([0, 0, 306, 792])
    assert hashes(packed(wider)) == [hashes(packed(wider))[0], second]
    assert hashes(packed(wider))[0] != first


def test_a_link_is_no_part_of_it_and_what_takes_effect_unnamed_is() -> None:
    first, _ = hashes(packed(batch()))
    linked = batch()
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]))
    linked.pages[0].obj.Annots = Array([link])
    assert hashes(packed(linked))[0] == first
    recoloured = batch()
    recoloured.pages[0].obj.Resources.ColorSpace = Dictionary(DefaultGray=Name.DeviceRGB)
    assert hashes(packed(recoloured))[0] != first


def test_the_pages_of_a_letter_of_weasyprint_stay_the_same_alone() -> None:
    file = next(path for path in KEPT.rglob("*") if path.is_file() and path.stat().st_size > 20_000)
    together = list(piece_hashes(file, [(1, 1), (2, 2), (3, 3), (4, 4)]))
    assert len(set(together)) == 4
    assert [next(piece_hashes(cut(file, page, page), [(1, 1)])) for page in range(1, 5)] == together


def test_a_piece_is_cut_out_where_its_hash_holds() -> None:
    whole = packed(batch())
    first, second = hashes(whole)
    ash, birch, wrong = own_pages(whole, [(1, 1, first), (2, 2, second), (2, 2, first)])
    assert ash == cut(whole, 1, 1)
    assert birch == cut(whole, 2, 2)
    assert wrong is None


@pytest.mark.parametrize(
    "named",
    [b"/X1 Do", b"/X1\x00Do", b"/X1%x\nDo", b"/X1 %Do\nDo", b"% (\n/X1 Do\n% )\n", b"/#581 Do",
     b"(\\() Tj /X1 Do", b"BI /W 1 /H 1 /BPC 8 /CS /G ID ( EI /X1 Do"],
)  # fmt: skip
def test_a_form_is_part_of_it_however_its_name_is_written(named: bytes) -> None:
    """White space is NUL too, a comment is white space, and # escapes (ISO 32000-1, 7.2.2, 7.3.5)."""
    found = []
    for form in (b"(100) Tj", b"(900) Tj"):
        pdf = batch(form=form)
        pdf.pages[0].obj.Contents = pdf.make_stream(named)
        found.append(hashes(packed(pdf))[0])
    assert found[0] != found[1]


def test_a_text_of_a_hundred_thousand_brackets_is_read_once() -> None:
    pdf = batch(text=b"(" * 50_000 + b")" * 50_000)
    assert len(set(hashes(packed(pdf)))) == 2


def unsure(pdf: Pdf) -> None:
    """What takes the form is no operator that this version knows."""
    pdf.pages[0].obj.Contents = pdf.make_stream(b"/X1 Draw")


def endless(pdf: Pdf) -> None:
    pdf.pages[0].obj.Contents = pdf.make_stream(b"(Ash /X1 Do")


def circular(pdf: Pdf) -> None:
    font = pdf.pages[0].obj.Resources.Font.F1
    font.Self = font


def nested(pdf: Pdf) -> None:
    deep = Array([])
    for _ in range(60):
        deep = Array([deep])
    pdf.pages[0].obj.Resources.Font.F1.Deep = deep


def bomb(pdf: Pdf) -> None:
    pdf.pages[0].obj.Contents = pdf.make_stream(b"0" * 100_000)


def covered(pdf: Pdf) -> None:
    """A note over the page, with a look of its own."""
    note = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([0, 0, 612, 792]))
    pdf.pages[0].obj.Annots = Array([note])


@pytest.mark.parametrize("make", [unsure, endless, circular, nested, bomb, covered])
def test_what_cannot_be_hashed_is_refused(
    make: Callable[[Pdf], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pagehash, "LARGEST", 100_000)
    pdf = batch()
    make(pdf)
    with pytest.raises(PagesUnreadable):
        hashes(packed(pdf))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("OpenAction", Dictionary(S=Name.JavaScript, JS="app.alert(1)")),
        ("Collection", Dictionary(View=Name.D)),  # a portfolio: a reader shows another file
        ("AcroForm", Dictionary(Fields=Array([]))),
        ("OCProperties", Dictionary(OCGs=Array([]), D=Dictionary())),
        ("Names", Dictionary(EmbeddedFiles=Dictionary(Names=Array([])))),
    ],
)
def test_a_file_that_shows_more_than_its_pages_is_no_piece(key: str, value: Dictionary) -> None:
    """Its pages are those that were recorded, and a reader opens it and sees others."""
    pdf = batch()
    whole_hash(packed(pdf))
    pdf.Root[f"/{key}"] = value
    with pytest.raises(PagesUnreadable, match=f"it holds /{key}, which may show more than its pages"):
        whole_hash(packed(pdf))


def test_a_page_that_runs_something_as_it_is_opened_is_no_piece() -> None:
    pdf = batch()
    pdf.pages[0].obj["/AA"] = Dictionary(O=Dictionary(S=Name.JavaScript, JS="app.alert(1)"))
    with pytest.raises(PagesUnreadable, match="it holds /AA"):
        whole_hash(packed(pdf))
