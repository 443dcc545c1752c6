"""Makes the pictures of README.md from the sample firm: `make pictures`.

letter.png, newsletter.png, newsletter-back.png, one-page.png and one-page-back.png are pages of the proofs,
booklet.png is a side of a print file, timeline.svg is what `mailer plan 2027-rates -v` prints (the list of
blocked clients left out). letter-word.png is the letter of letter.png as LibreOffice prints it from Word;
without LibreOffice (Debian: libreoffice-writer) it stays as it is. The same sources give the same pictures.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from mailer.cli.main import run
from mailer.pages.previews import page_images

DAY: Final = "2026-11-24"
SHOWN: Final = Path(__file__).parent / "pictures"
LARGEST: Final = 300_000  # bytes of one picture
LETTER_OF: Final = "Solano Court Reporters"
COLUMNS: Final = 80
MEMO: Final = """## The quiet month

January is when we look at what the old year left behind: the machine that nobody turns off, the account of
someone who left in June, the invoice that was paid twice. None of it is urgent, and all of it costs
something. This month we go through your list with you, an hour by telephone, and cross out what nobody
needs. Tell us a day that suits you.

Thank you for a good year. We answered 2,140 calls, and we know most of you by voice.

*Dana Whitcomb*
"""
# Ink and paper; rich wants the eight basic colors too, and plain text uses none of them.
PAPER: Final = TerminalTheme((250, 250, 247), (33, 37, 36), [(33, 37, 36)] * 8)


def said(*words: str, expect: tuple[int, ...] = (0,)) -> str:
    """What the command prints on stdout; stops where it ends with another code."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = run(list(words))
    if code not in expect:
        sys.exit(f"mailer {' '.join(words)} ended with {code}:\n{out.getvalue()}")
    return out.getvalue()


def save_page(page: Path, name: str) -> None:
    """The page image with a hairline around it, in 256 colors to be small."""
    with Image.open(page) as image:
        framed = ImageOps.expand(image.convert("RGB"), border=1, fill=(200, 200, 196))
    path = SHOWN / name
    framed.quantize(256, kmeans=3, dither=Image.Dither.NONE).save(path, optimize=True)
    if path.stat().st_size > LARGEST:
        sys.exit(f"{path} has {path.stat().st_size:,} bytes; at most {LARGEST:,} are wanted")


def letter_page(folder: Path) -> Path:
    """The image of the first page of the letter to LETTER_OF."""
    import pypdfium2  # noqa: PLC0415 (beside its only use)

    document = pypdfium2.PdfDocument(folder / "proof.pdf")
    for number, page in enumerate(document):
        if LETTER_OF in page.get_textpage().get_text_range():
            return sorted(folder.glob("page-*.png"))[number]
    sys.exit(f"{LETTER_OF} is not in the proof: name another client in {__file__}")


def rewritten(folder: Path, name: str, *pairs: tuple[str, str]) -> None:
    """A file of the mail folder with other words."""
    text = (folder / name).read_text(encoding="utf-8")
    for old, new in pairs:
        if old not in text:
            sys.exit(f"{name} no longer says {old!r}: mend {__file__}")
        text = text.replace(old, new)
    (folder / name).write_text(text, encoding="utf-8")


def word_letter(folder: Path) -> None:
    """The first page of LETTER_OF's letter in Word."""
    if not shutil.which("soffice"):
        sys.stdout.write("No LibreOffice here: letter-word.png stays as it is.\n")
        return
    said("word", "letters", "2027-rates", "--client", LETTER_OF, "-C", str(folder))
    (source,) = (folder / "word/2027-rates").glob("*.docx")
    command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    save_page(page_images(folder / f"{source.stem}.pdf", folder, stem="word")[0], "letter-word.png")


def other_themes(folder: Path) -> None:
    """The one-page theme, and a booklet's outer sheet."""
    two = 'theme = "two-column"'
    rewritten(folder, "mailer.toml", (two, f'{two}\nsheets = "booklet"'))
    said("approve", "2026-12", "--by", "Dana Whitcomb", "-C", str(folder))
    said("print", "2026-12", "-C", str(folder))
    sides = page_images(folder / "jobs/2026-12-job-1/newsletters.pdf", folder, stem="side", dpi=70)
    save_page(sides[0], "booklet.png")
    rewritten(folder, "mailer.toml", (f'{two}\nsheets = "booklet"', 'theme = "one-page"'))
    said("newsletter", "new", "2027-02", "-C", str(folder))
    (folder / "campaigns/2027-02/memo.md").write_text(MEMO, encoding="utf-8")
    said("proof", "2027-02", "-C", str(folder), expect=(0, 1))
    front, back = sorted((folder / "proofs/2027-02").glob("page-*.png"))
    save_page(front, "one-page.png")
    save_page(back, "one-page-back.png")


def shortened(plan: str) -> list[str]:
    """The plan without its list of blocked clients."""
    lines = plan.splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith("  CF-"))
    last = next(at for at, line in enumerate(lines) if line.startswith("Day "))
    return [*lines[:first], "  …", "", *lines[last:]]


def save_timeline(lines: list[str]) -> None:
    # Plain text without links or highlighting: what the terminal shows.
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), color_system="truecolor")
    console.print(Text("$ mailer plan 2027-rates -v", style=Style(bold=True)))
    steps = next(at for at, line in enumerate(lines) if line.startswith("Day "))
    for at, line in enumerate(lines):
        reason = at > steps and line.startswith("    ")
        console.print(Text(line, style=Style(dim=reason)))
    svg = console.export_svg(title="mailer", theme=PAPER, unique_id="timeline")
    # rich's own style fetches a web font; the reader's monospace does.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code, monospace", "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace")
    svg = svg.replace("rgba(255,255,255,0.35)", "rgb(200,200,196)")
    (SHOWN / "timeline.svg").write_text(svg, encoding="utf-8")


def main() -> None:
    SHOWN.mkdir(exist_ok=True)
    os.environ |= {"MAILER_TODAY": DAY, "COLUMNS": str(COLUMNS)}
    os.environ.pop("MAILER_DATABASE_URL", None)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "sample"
        said("init", str(folder), "--sample")
        said("clients", "import", str(folder / "clients.csv"), "-C", str(folder), expect=(0, 1))
        save_timeline(shortened(said("plan", "2027-rates", "-v", "-C", str(folder))))
        said("proof", "2027-rates", "-C", str(folder), expect=(0, 1))
        save_page(letter_page(folder / "proofs/2027-rates"), "letter.png")
        said("proof", "2026-12", "-C", str(folder), expect=(0, 1))
        pages = sorted((folder / "proofs/2026-12").glob("page-*.png"))
        save_page(pages[0], "newsletter.png")
        save_page(pages[-1], "newsletter-back.png")
        word_letter(folder)
        other_themes(folder)
    for path in sorted(SHOWN.iterdir()):
        sys.stdout.write(f"{path.stat().st_size:>9,}  {path.relative_to(Path(__file__).parents[1])}\n")


if __name__ == "__main__":
    main()
