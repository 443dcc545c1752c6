from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

import pytest
from PIL import Image

from mailer import shipped
from mailer.errors import MailerError
from mailer.pages import drawing
from mailer.pages.drawing import trouble
from mailer.pages.letter import Letter, render_letters
from mailer.pages.letterhead import Letterhead, load_letterhead
from mailer.pages.supply import ForbiddenSource
from mailer.pages.typeface import FontProblem
from mailer.settings import Brand, Settings

Make = Callable[..., Letter]


@pytest.fixture
def copy(letterhead: Letterhead, tmp_path: Path) -> Path:
    folder = tmp_path / "letterhead"
    shutil.copytree(letterhead.folder, folder)
    return folder


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "/etc/passwd",
        "../../../../etc/passwd",
        "http://169.254.169.254/latest/meta-data",
        "https://x.example/y.png",
        "ftp://x.example/y.png",
        "//x.example/y.png",
        "data:image/png;base64,AAAA",
        "missing.png",
    ],
)
def test_a_picture_from_elsewhere(url: str, letter: Make, letterhead: Letterhead, settings: Settings) -> None:
    with pytest.raises(ForbiddenSource, match=r"is not a file of|is outside|does not exist"):
        render_letters([letter("A", f'<p><img src="{url}"></p>')], letterhead, settings)


@pytest.mark.parametrize(
    "css",
    [
        "body { background: url(http://x.example/y.png) }",
        "body { background: url(file:///etc/passwd) }",
        "@import url(http://x.example/y.css);",
        "@font-face { font-family: X; src: url(http://x.example/y.ttf) }",
        "@font-face { font-family: X; src: url(../x.ttf) }",
    ],
)
def test_a_style_sheet_that_reaches_out(css: str, copy: Path, letter: Make, settings: Settings) -> None:
    (copy / "letter.css").write_text(css + (copy / "letter.css").read_text())
    with pytest.raises(ForbiddenSource):
        render_letters([letter("A")], load_letterhead(copy, Brand(logo="logo.svg")), settings)


def test_a_picture_inside_a_picture(copy: Path, letter: Make, settings: Settings) -> None:
    (copy / "logo.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image width="9" height="9" '
        'href="file:///etc/passwd"/></svg>'
    )
    with pytest.raises(ForbiddenSource):
        render_letters([letter("A")], load_letterhead(copy, Brand(logo="logo.svg")), settings)


def test_a_picture_of_the_campaign(
    letter: Make, letterhead: Letterhead, settings: Settings, tmp_path: Path
) -> None:
    Image.new("RGB", (40, 20), "red").save(tmp_path / "office.png")
    (tmp_path / "broken.png").write_bytes(b"no picture")
    made = letter("A", f'<p><img src="{(tmp_path / "office.png").as_uri()}"></p>')
    assert render_letters([made], letterhead, settings, folders=[tmp_path]).pages == ((1, 1),)
    with pytest.raises(ForbiddenSource, match="is outside"):
        render_letters([made], letterhead, settings)
    broken = letter("A", f'<p><img src="{(tmp_path / "broken.png").as_uri()}"></p>')
    with pytest.raises(MailerError, match=r"broken\.png.* is none that can be printed"):
        render_letters([broken], letterhead, settings, folders=[tmp_path])


def test_a_font_of_the_machine_is_noticed(copy: Path, letter: Make, settings: Settings) -> None:
    with (copy / "letter.css").open("a") as sheet:
        sheet.write("\n.subject { font-family: monospace }")
    with pytest.raises(FontProblem, match="is not of the letterhead"):
        render_letters([letter("A")], load_letterhead(copy, Brand(logo="logo.svg")), settings)


def test_loading(copy: Path, letterhead: Letterhead, tmp_path: Path) -> None:
    first = load_letterhead(copy, Brand(logo="logo.svg"))
    assert first.digest == letterhead.digest
    assert len(first.typefaces) == 8
    (copy / ".letter.css.swp").write_text("x")
    assert load_letterhead(copy, Brand(logo="logo.svg")).digest == first.digest
    (copy / "letter.css").write_text("body {}")
    assert load_letterhead(copy, Brand(logo="logo.svg")).digest != first.digest
    (copy / "letter.css").unlink()
    with pytest.raises(MailerError, match=r"letter\.css is missing"):
        load_letterhead(copy, Brand(logo="logo.svg"))
    with pytest.raises(MailerError, match="does not exist"):
        load_letterhead(tmp_path / "none", Brand(logo="logo.svg"))


def test_a_link_out_of_the_letterhead(copy: Path) -> None:
    (copy / "secret.css").symlink_to("/etc/passwd")
    with pytest.raises(MailerError, match="leads out of the letterhead's folder"):
        load_letterhead(copy, Brand(logo="logo.svg"))


SHAPED = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><style>a{{fill:{}}}</style></svg>'


def test_a_picture_that_is_not_plain_is_tried_first(monkeypatch: pytest.MonkeyPatch) -> None:
    assert trouble(SHAPED.format("red").encode()) == ""
    monkeypatch.setattr(drawing, "WAIT", 0.01)
    assert trouble(SHAPED.format("blue").encode()).startswith("takes more time or memory to draw")
    assert trouble(b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>') == ""


def test_the_shipped_pictures_are_drawn_without_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object, **__: object) -> NoReturn:
        raise AssertionError("a process was started")

    monkeypatch.setattr(subprocess, "run", none)
    for name in ("logo.svg", "signature.svg"):
        assert trouble((shipped.letterhead() / name).read_bytes()) == ""


def test_a_process_that_was_killed_meanwhile_says_nothing_of_the_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real, tries = subprocess.run, count()

    def killed_first(*words: Any, **more: Any) -> Any:
        return real(*words, **more) if next(tries) else subprocess.CompletedProcess(words, -9)

    monkeypatch.setattr(subprocess, "run", killed_first)
    svg = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><clipPath/><path d="M0 0H9V9Z"/></svg>'
    )
    assert trouble(svg) == ""
    assert next(tries) == 2
