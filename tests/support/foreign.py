"""PDFs as other programs make them: layers, stamps, boxes, turned pages."""

from __future__ import annotations

from pikepdf import Array, Dictionary, Name

from mailer.pages.imposition import open_pdf
from mailer.pages.pdffile import saved


def with_layer_off(pdf: bytes) -> bytes:
    """With a layer of notes on each page that no reader shows."""
    with open_pdf(pdf) as made:
        layer = made.make_indirect(Dictionary(Type=Name.OCG, Name="notes"))
        made.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
        for page in made.pages:
            page.obj.Resources.Properties = Dictionary(MC0=layer)
            page.contents_add(b"/OC /MC0 BDC 72 90 300 20 re f EMC")
        return saved(made)


def with_logo(pdf: bytes) -> bytes:
    """With a drawing at the left of each page's head, where a window envelope shows the sender."""
    with open_pdf(pdf) as made:
        for page in made.pages:
            page.contents_add(b"q 0.2 0.4 0.1 rg 144 700 60 20 re f Q")
        return saved(made)


def stamped(pdf: bytes) -> bytes:
    """With a signature put in as a stamp."""
    with open_pdf(pdf) as made:
        looks = made.make_stream(b"0 0 200 30 re f")
        looks.Type, looks.Subtype, looks.BBox = Name.XObject, Name.Form, Array([0, 0, 200, 30])
        for page in made.pages:
            stamp = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, F=4, AP=Dictionary(N=looks))
            stamp.Rect = Array([72, 100, 272, 130])
            page.obj.Annots = Array([made.make_indirect(stamp)])
        return saved(made)


def trimmed(pdf: bytes) -> bytes:
    """With a TrimBox that leaves out what is below its middle."""
    with open_pdf(pdf) as made:
        for page in made.pages:
            page.obj.TrimBox = Array([0, 400, 612, 792])
        return saved(made)


def turned(pdf: bytes) -> bytes:
    """Drawn on its side, not from 0,0, and turned back by /Rotate."""
    with open_pdf(pdf) as made:
        for page in made.pages:
            page.contents_add(b"q 0 1 -1 0 992 300 cm", prepend=True)
            page.contents_add(b"Q")
            page.obj.MediaBox, page.obj.Rotate = Array([200, 300, 992, 912]), 90
        return saved(made)
