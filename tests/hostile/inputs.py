"""Files and folders that somebody made to end, hang or mislead the program."""

from __future__ import annotations

import os
import zipfile
from io import BytesIO
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(path: Path, cells: str, sheet: str = "worksheets/sheet1.xml", sheets: int = 1) -> Path:
    """A workbook with that XML for its rows, of which every sheet is the same one."""
    numbers = range(1, sheets + 1)
    names = "".join(f'<sheet name="Clients {n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
    parts = "".join(f'<Relationship Id="r{n}" Type="{RELATED}/worksheet" Target="{sheet}"/>' for n in numbers)
    rels = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr(
            "_rels/.rels",
            f'{rels}<Relationship Id="r1" Type="{RELATED}/officeDocument" Target="xl/workbook.xml"/>'
            "</Relationships>",
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELATED}"><sheets>{names}</sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f"{rels}{parts}</Relationships>",
        )
        archive.writestr(
            f"xl/{sheet}",
            f'<worksheet xmlns="{MAIN}"><dimension ref="A1:B2"/><sheetData>{cells}</sheetData></worksheet>',
        )
    return path


def cell(at: str, quote: str = '"', before: str = "") -> str:
    return f"<c {before}r={quote}{at}{quote} t={quote}str{quote}><v>x</v></c>"


def far(second: str) -> str:
    """A cell at A1, and another one somewhere."""
    return f'<row r="1">{cell("A1")}</row><row r="1048576">{second}</row>'


def fifo(path: Path) -> Path:
    os.mkfifo(path)
    return path


def loop(path: Path) -> Path:
    """A link to itself."""
    path.symlink_to(path.name)
    return path


def huge(path: Path) -> Path:
    """A file of 6 GB that takes no room."""
    with path.open("wb") as file:
        file.truncate(6 << 30)
    return path


def nested(path: Path) -> list[Path]:
    """Folders in one another, whose whole path the system takes; the outermost first."""
    made = [path]
    for _ in range(1_300):
        made.append(made[-1] / "d")
    for one in made:
        one.mkdir()
    return made


def nested_svg(depth: int) -> str:
    """Ten times ten times … the same circle."""
    groups = "".join(
        f'<g id="a{level}">' + f'<use href="#a{level - 1}"/>' * 10 + "</g>" for level in range(1, depth)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><defs><g id="a0"><circle r="1"/></g>'
        f'{groups}</defs><use href="#a{depth - 1}"/></svg>'
    )


def faint_svg(depth: int) -> str:
    """Groups in groups, each of which must be drawn apart since it is seen through."""
    groups = '<g opacity=".5">' * depth + '<circle r="1"/>' + "</g>" * depth
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{groups}</svg>'


def page_pdf(password: str = "", pages: int = 1, size: tuple[int, int] = (612, 792)) -> bytes:
    """A PDF of empty pages, of that size in points; with a password it can't be opened without."""
    target = BytesIO()
    with pikepdf.Pdf.new() as made:
        for _ in range(pages):
            made.add_blank_page(page_size=size)
        made.save(target, encryption=pikepdf.Encryption(owner="o", user=password) if password else False)
    return target.getvalue()


def pdf_of_forms(depth: int) -> bytes:
    """A page with a form that draws another one ten times, and so on; with 0 one that draws itself."""
    target = BytesIO()
    with pikepdf.Pdf.new() as made:
        page = made.add_blank_page(page_size=(612, 792))
        form = _form(made, b"/F Do" if not depth else b"0 0 5 5 re f")
        if not depth:
            form.Resources = Dictionary(XObject=Dictionary(F=form))
        for _ in range(depth):
            outer = _form(made, b"/F Do " * 10)
            outer.Resources = Dictionary(XObject=Dictionary(F=form))
            form = outer
        page.obj.Resources = Dictionary(XObject=Dictionary(F=form))
        page.obj.Contents = made.make_stream(b"/F Do")
        made.save(target)
    return target.getvalue()


def _form(made: pikepdf.Pdf, content: bytes) -> pikepdf.Stream:
    form = made.make_stream(content)
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 612, 792])
    return form
