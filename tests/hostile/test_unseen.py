"""A text that is in the file and that nobody can read on the paper: no notice, so it is not approved."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from reportlab.pdfgen.canvas import Canvas

from mailer.pages.ink import DPI, image_of, letters_of, opened
from mailer.pages.seen import crossed, unsaid, unseen, words_on
from mailer.pages.windowzones import ADDRESSES, HEIGHT, WIDTH
from tests.support.office import RATES, Office

BLANK = "can't be seen: it is as light as the paper, covered, cut off, beyond the page, or far too small."
OVER = "is printed over other text. Mend the style sheet."
COVER = "content: ''; position: absolute; inset: 0; background: #fff"
GONE = "is not on the page: the template or the style sheet leaves it out or hides it."


@pytest.mark.parametrize(
    ("style", "says"),
    [
        ("* { color: #fff !important }", BLANK),
        ("* { color: #fefefe !important }", BLANK),
        (".body td { color: #fff }", "the text “"),
        (".body { background: #000; color: #000 }", BLANK),
        (".body { color: transparent }", BLANK),
        (".body p { color: #d8d8d8 }", BLANK),
        (".body { opacity: 0 }", BLANK),
        (".body p { color: #fff; text-decoration: line-through #000 4pt }", BLANK),  # bars alone
        (".body p { line-height: 0.1pt }", OVER),
        (".body p { position: absolute; top: 3in }", OVER),
        (".body { position: absolute; left: -20in }", BLANK),
        (".body p { text-indent: -20in }", BLANK),
        (".body { height: 0; overflow: hidden }", BLANK),
        (".body * { font-size: 0.1pt !important }", BLANK),
        (f".body {{ position: relative }} .body::after {{ {COVER} }}", BLANK),
        (".body { font-size: 0 }", GONE),  # a division by zero, where letters are merged
        (".body { transform: scale(0) }", GONE),
        (".body { display: none }", GONE),
        (".body { visibility: hidden }", GONE),
        (".body table { display: none }", GONE),
        (".body strong { display: none }", GONE),  # the day, which stands elsewhere once more
    ],
)
def test_a_letter(office: Office, style: str, says: str) -> None:
    restyled(office, "letter", style)
    assert says in office.does("proof", RATES, exits=1).said


@pytest.mark.parametrize(
    "style",
    [
        ".body p { letter-spacing: 3pt; text-transform: uppercase }",
        ".body p { font-variant: small-caps; column-count: 2 }",
        ".body p:first-letter { font-size: 130% } .body p { text-align: justify; word-spacing: 8pt }",
    ],
)
def test_what_a_designer_may_do(office: Office, style: str) -> None:
    restyled(office, "letter", style)
    assert "Look at every page." in office.does("proof", RATES).said


def test_a_style_that_weasyprint_has_no_layout_for(office: Office) -> None:
    restyled(office, "letter", "* { position: running(a) }")
    said = office.does("proof", RATES, "--client", "N-1", exits=1).said
    assert "can't be laid out: Layout for TextBox not handled yet." in said


@pytest.mark.parametrize("bound", ["MOST_SECONDS", "MOST_MEMORY"])
def test_a_style_sheet_without_end(office: Office, monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    """Two million lines of a grid took 400 seconds and a gigabyte, two hundred million what there was."""
    restyled(office, "letter", ".body { display: grid } .body p { grid-row: 1 / 20000000 }")
    monkeypatch.setattr(f"mailer.pages.bounded.{bound}", 1)
    said = office.does("proof", RATES, "--client", "N-1", exits=1).said
    assert "asks for more than any page can hold: it is not laid out." in said


@pytest.mark.parametrize(
    ("style", "says"), [("* { color: #fff !important }", BLANK), (".body table { display: none }", GONE)]
)
def test_it_is_not_approved(office: Office, style: str, says: str) -> None:
    restyled(office, "letter", style)
    assert says in office.does("approve", RATES, "--by", "Dana Whitcomb", exits=1).said


@pytest.mark.parametrize(
    ("style", "says"),
    [
        ("p " * 200 + "{ color: black }", "can't be laid out"),
        (":not(" * 150 + "p" + ")" * 150 + "{ color: black }", "can't be laid out"),
        (
            "".join(f":root {{ --x{n}: var(--x{n + 1}) var(--x{n + 1}) }}" for n in range(25))
            + ":root { --x25: a } p { font-family: var(--x0) }",
            "has variables that name each other so often that no machine has room for their values.",
        ),
        (
            "".join(f":root {{ --y{n}: var(--y{n + 1}) }}" for n in range(5_000)) + ":root { --y5000: a }",
            "has variables that name each other so often",
        ),
    ],
    ids=["200 steps", "150 nots", "doubled", "a chain"],
)
def test_a_style_sheet_that_no_library_can_take(office: Office, style: str, says: str) -> None:
    """Two gigabytes for 26 lines; and selectors that Python's own compiler is given."""
    restyled(office, "letter", style)
    assert says in office.does("proof", RATES, exits=1).said


def test_variables_that_multiply_in_a_template(office: Office) -> None:
    """Seven gigabytes for ten of them."""
    style = ":root { --a0: aaaaaaaaaaaaaaaaaaaa;"
    style += "".join(f"--a{n}: {f'var(--a{n - 1}) ' * 10};" for n in range(1, 10)) + "content: var(--a9) }"
    office.edit("letterhead/letter.html.j2", "</head>", f"<style>{style}</style></head>")
    said = office.does("proof", RATES, exits=1).said
    assert "has variables that name each other so often that no machine has room for their values." in said


def restyled(office: Office, kind: str, style: str) -> None:
    """The firm's style sheet with that at its end."""
    name = f"letterhead/{kind}.css"
    office.write(name, f"{(office.root / name).read_text()}\n{style}\n")


def test_an_issue(issued: Office) -> None:
    restyled(issued, "newsletter", "p { color: #fff !important } .effective { display: none }")
    said = issued.does("proof", "2026-12", exits=1).said
    assert BLANK in said
    assert GONE in said


def page(*draw: Callable[[Canvas], object]) -> bytes:
    """Pages of US Letter, in Helvetica of 10 points."""
    target = BytesIO()
    canvas = Canvas(target, pagesize=(WIDTH * 72, HEIGHT * 72))
    for one in draw:
        canvas.setFont("Helvetica", 10)
        one(canvas)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def white(canvas: Canvas) -> None:
    canvas.drawString(72, 300, "We raise")
    canvas.setFillGray(1)
    canvas.drawString(72, 280, "our rates to")
    canvas.setFillGray(0.7)
    canvas.drawString(72, 260, "$140.00")


def on_black(canvas: Canvas) -> None:
    canvas.rect(70, 270, 200, 30, fill=1)
    canvas.drawString(72, 280, "our rates")
    canvas.setFillGray(1)
    canvas.drawString(200, 280, "to")


def in_the_window(canvas: Canvas) -> None:
    """As letters that come back from Word have their address: covered, for the route prints it."""
    canvas.drawString(72, 600, "Ash Street Bakery")
    canvas.setFillGray(1)
    canvas.rect(60, 590, 200, 30, fill=1, stroke=0)


def beyond(canvas: Canvas) -> None:
    canvas.drawString(700, 300, "right")
    canvas.drawString(72, -20, "below")


def signs(canvas: Canvas) -> None:
    """A dash, or a point that is thin, is no word."""
    canvas.setFillGray(1)
    canvas.drawString(72, 300, "- . / |")


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (white, "our rates to"),
        (on_black, "our rates"),
        (in_the_window, ""),
        (beyond, "right below"),
        (signs, ""),
    ],
)
def test_a_page(draw: Callable[[Canvas], object], said: str) -> None:
    with opened(page(draw)) as document:
        page_, letters = image_of(document, 1), letters_of(document, 1)
        assert unseen(words_on(document, 1), page_, letters, DPI, ADDRESSES) == said


def test_words_over_words() -> None:
    """Bold by printing twice is none, nor are the lines of a tight heading."""

    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 300, "We raise our rates")
        canvas.drawString(73, 302, "Nothing")
        for place in (72, 72.3):
            canvas.drawString(place, 200, "Rates")
        canvas.drawString(72, 192, "Lines of 8 points")

    with opened(page(draw)) as document:
        assert crossed(words_on(document, 1)) == "Nothing We raise"


@pytest.mark.parametrize(
    ("points", "shade", "above", "hides"),
    [
        (60, 0.9, False, False),
        (60, 0.5, False, True),  # too dark to read on
        (60, 0.9, True, True),  # printed over the text
        (16, 0.9, False, True),  # no larger than a heading
    ],
)
def test_a_watermark_is_large_and_pale_and_lies_below(
    points: int, shade: float, *, above: bool, hides: bool
) -> None:
    def draw(canvas: Canvas) -> None:
        for number in (0, 1) if not above else (1, 0):
            canvas.setFont("Helvetica", 10 if number else points)
            canvas.setFillGray(0 if number else shade)
            canvas.drawString(72, 302 if number else 300, "We raise our rates" if number else "COPY")

    with opened(page(draw)) as document:
        said = crossed(words_on(document, 1)).split()
    assert ("COPY" in said and "raise" in said) == hides
    assert (said == []) == (not hides)


@pytest.mark.parametrize(
    ("html", "absent"),
    [
        ("<p>We raise <b>our</b> rates to $140.00.</p>", ""),
        ("<p>We raise our rates to $145.00.</p>", "$145.00."),
        ("<p>We RAISE them, extra&shy;ordinarily</p>", "them,"),
        ("<p>Rates of $1,140.00</p>", "of $1,140.00"),
        ("<p>We raise our rates, our rates</p>", "our rates"),  # they stand there once
        ("<p>We do not raise our rates to $140.00</p>", "do not"),
        ("<p>Tarifs d’été</p>", "Tarifs d’été"),
        ("<p>Настоящим We raise</p>", "Настоящим"),
        ("<ol><li>We raise</li><li>Our rates</li></ol>", ""),  # however the style sheet counts
        ("<p>Extraordinarily over our rates</p>", "over"),
        ("<p>Our rates</p><p>we raise to $140.00</p>", ""),  # set beside one another
        ("<p>ناشر</p>", ""),  # its order in a file is another
    ],
)
def test_words_of_a_letter_on_its_pages(html: str, absent: str) -> None:
    """A word may run from one page to the next; an amount may not."""
    pdf = page(
        lambda canvas: canvas.drawString(72, 300, "We raise our rates to $140.00. Extraordi-"),
        lambda canvas: canvas.drawString(72, 300, "narily $1, 2 140.00"),
    )
    with opened(pdf) as document:
        assert unsaid((*words_on(document, 1), *words_on(document, 2)), html) == absent


@pytest.mark.parametrize(
    ("word", "foot", "absent"),
    [
        ("not", "Notary and IT services", "not"),
        ("never", "Nevada \u00b7 Silver & Sons", "never"),
        ("never", "ne ver", ""),  # over a page's end
        ("not", "n o t", ""),  # set wide
        ("not", "Why not?", ""),
    ],
)
def test_a_word_is_not_found_within_another(word: str, foot: str, absent: str) -> None:
    """Hidden, a "not" passed on a letterhead of notaries."""

    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 300, "We will raise our rates.")
        canvas.drawString(72, 30, foot)

    with opened(page(draw)) as document:
        assert unsaid(words_on(document, 1), f"<p>We will {word} raise our rates.</p>") == absent


def test_a_template_that_lost_what_the_pages_are_measured_by(issued: Office) -> None:
    """A KeyError: the place where a section ends has no name any more."""
    issued.edit("letterhead/newsletter.html.j2", '<div id="end-{{ loop.index0 }}">', "<div>")
    ran = issued.does("proof", "2026-12", exits=1)
    assert "newsletter.html.j2: a page lacks the element with id 'end-0'" in ran.said
