"""What somebody made to end, hang or mislead the program, and what it says of it: one table.

Each row runs a real command on an office of its own. A traceback is a failure, since the command runs in this
process; what would hang hangs the test. No row writes outside of the test's own folder.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from mailer.store.commandlock import making_alone
from tests.hostile.attempts import (
    CAMPAIGN,
    LAST,
    LONG,
    anew,
    backed_up,
    cards,
    circular,
    damaged,
    database,
    dated,
    deep,
    definition,
    enclosed,
    exported,
    finished,
    head_of_a_pipe,
    hour,
    letter,
    letterhead,
    listed,
    many_sheets,
    null,
    odd_name,
    page,
    planned,
    proved,
    read_only,
    received,
    said,
    stored,
    style,
    svg,
    typed,
    zero,
    zone,
)
from tests.hostile.inputs import (
    cell,
    faint_svg,
    far,
    fifo,
    huge,
    loop,
    page_pdf,
    pdf_of_forms,
)
from tests.support.office import LETTERS, RATES, Office, Ran

Row = tuple[str, Callable[[Office], Ran], int, str]
CHANGED = "a stored file was changed after it was stored. Restore files/ from a backup"
MUCH = "takes more memory or time to read than any list"
ROWS: list[Row] = [
    ("a cell at the end", listed(far(cell("XFD1048576"))), 1, MUCH),
    ("its quotes are single", listed(far(cell("XFD1048576", "'"))), 1, MUCH),
    ("a long attribute before it", listed(far(cell("XFD1048576", before=f's="{"1" * 200}" '))), 1, MUCH),
    ("the sheet lies elsewhere", listed(far(cell("XFD1048576")), "other/here.bin"), 1, MUCH),
    ("a cell beyond any", listed(far(cell("ZZZZZZZ99999999999"))), 1, "the workbook is damaged"),
    (
        "a cell of 40,000 letters",
        listed(far(cell("A2").replace("x", "x" * 40_000))),
        1,
        "a cell holds more text",
    ),
    ("51 sheets without a list", many_sheets, 1, "none of its first 50 sheets has headings that are known."),
    (
        "a list that is a pipe",
        lambda o: o.mailer("clients", "import", str(fifo(o.root / "a.csv"))),
        1,
        "not a",
    ),
    ("export over the profile", exported("mailer.toml"), 1, "mailer.toml: does not end in .csv."),
    ("export over the database", exported("mailer.db"), 1, "mailer.db: does not end in .csv."),
    ("export among its own", exported(f"{CAMPAIGN}/a.csv"), 1, "is among the mail folder's own files."),
    ("export to the root", said("clients", "export", "/", "--yes"), 1, "/: does not end in .csv."),
    (
        "a page at the root",
        said("site", "build", "--deploy", "/"),
        1,
        "/: is in no folder that can be written to.",
    ),
    ("export to a folder", exported("campaigns"), 1, "does not end in .csv."),
    ("export into a file", exported("mailer.toml/a.csv"), 2, "Not a directory."),
    ("export to a pipe", lambda o: exported(fifo(o.root / "a.csv").name)(o), 1, "is there, and is no file."),
    (
        "export to a device",
        lambda o: exported(null(o.root / "a.csv").name)(o),
        1,
        "does not end in .csv.",
    ),
    ("export over another", exported("list.csv"), 1, "list.csv is there. Overwrite it? [y/N]"),
    (
        "the page among its own",
        lambda o: o.mailer("site", "build", "--deploy", str(o.root / "files")),
        1,
        "is among the mail folder's own files.",
    ),
    ("a calendar over the profile", lambda o: planned(o, "--ics", "mailer.toml"), 1, "does not end in .ics."),
    ("a picture in a pipe", lambda o: planned(o, "--svg", fifo(o.root / "a.svg").name), 1, "is no file."),
    ("export to NUL", exported("a\0.csv"), 2, "no name of a file."),
    ("a receipt that is a pipe", received(fifo), 1, "is not a file. Name the scan of the receipt."),
    ("a receipt without end", received(zero), 1, "is not a file. Name the scan of the receipt."),
    ("a receipt in a circle", received(loop), 2, "no name of a file."),
    ("a receipt of a long name", received(lambda path: path.with_name(LONG)), 2, "File name too long."),
    ("a picture that is a pipe", letter("![x](p.png)", fifo), 1, "p.png: is not a file."),
    ("a picture without end", letter("![x](p.png)", zero), 1, "leads out of the campaign's folder"),
    ("a picture in a circle", letter("![x](p.png)", loop), 1, "p.png"),
    ("a picture called NUL", letter("![x](%00.png)"), 1, "which can't be a file"),
    ("an SVG of a milliard circles", letter("![x](p.svg)", svg(9)), 1, "draws more than 100,000 elements"),
    (
        "an SVG of 800 layers",
        letter("![x](p.svg)", lambda path: path.write_text(faint_svg(800))),
        1,
        "'p.svg' takes more time or memory to draw than any picture; save it as a PNG.",
    ),
    ("a word of 6,000 letters", letter("x" * 6_000), 1, f"{LETTERS}:15: holds 6,000 letters without a"),
    ("60 words of 100", letter(f"{'x' * 100} " * 60), 1, f"{LETTERS}:15: holds 6,000 letters without a"),
    ("9,000 hard blanks", letter("\xa0" * 9_000), 1, f"{LETTERS}:15: holds 9,000 letters without a blank"),
    ("a paragraph of 60,000", letter("abcd " * 12_000), 1, f"{LETTERS}:15: has 60,000 characters"),
    ("[ 40,000 times", letter("[" * 40_000), 1, f"{LETTERS}:15: holds 40,000 of the signs [ * _"),
    ("[a 20,000 times", letter("[a" * 20_000), 1, "a paragraph holds at most 3,000."),
    ("**a_ 20,000 times", letter("**a_" * 20_000), 1, "a paragraph holds at most 3,000."),
    ("a table of 800 columns", letter(f"|{'a|' * 800}\n|{'-|' * 800}"), 1, "15: has a table of 800 columns"),
    ("a table of 1,600 rows", letter("|a|\n|-|\n" + "|b|\n" * 1_600), 1, "15: is beyond the 1,500th line"),
    ("1,600 paragraphs", letter("a\n\n" * 1_600), 1, "is beyond the 1,500th line"),
    (
        "[ by a loop",
        letter("{% for a in range(999) %}[[[[{% endfor %}"),
        1,
        f"{LETTERS}: holds 3,996 of the signs [ * _",
    ),
    ("a joined range", letter("{{ range(10000)|join }}"), 1, "letter.md:15: the expression is longer than"),
    ("5,000 digits", letter("{{ " + "9" * 5_000 + " }}"), 1, "letter.md: holds a number out of all bounds."),
    ("1e999 as a number", letter("{{ 1e999|int }}"), 1, "letter.md:15: the document cannot be filled in"),
    ("1e999 in a letterhead", letterhead("{{ 1e999|int }}"), 1, f"{LAST}: cannot be filled in"),
    ("1/0", letterhead("{{ 1/0 }}"), 1, f"{LAST}: cannot be filled in: division by zero."),
    (
        "+none",
        letterhead("{{ +none }}"),
        1,
        f"{LAST}: cannot be filled in: something in it is not of the kind",
    ),
    ("a statement without end", letterhead("{% for %}"), 1, f"{LAST}: cannot be read: "),
    ("a range", letterhead("{% for a in range(99999) %}{% endfor %}"), 1, "'range' is undefined."),
    (
        "letters of no size",
        letterhead("<style>body{font-size:1e-320px}</style>"),
        1,
        "letterhead: a style sheet has a size that nothing can be drawn in.",
    ),
    (
        "loops in loops",
        letterhead("{% for a in 'xxxxxxxxxx' %}" * 8 + "{% endfor %}" * 8),
        1,
        f"{LAST}: cannot be filled in: its loops run more than 1,000,000 times.",
    ),
    (
        "a macro twice in itself",
        letterhead("{% macro a(n) %}{% if n %}{{ a(n-1) }}{{ a(n-1) }}{% endif %}{% endmacro %}{{ a(40) }}"),
        1,
        "its loops run more than 1,000,000 times.",
    ),
    ("a tower of powers", letterhead("{{ 9 ** 9 ** 9 ** 9 }}"), 1, "** is not allowed"),
    ("a milliard letters", letterhead("{{ 'x' * 1000000000 }}"), 1, "* is for numbers alone"),
    (
        "a milliard blanks",
        letterhead("{{ '{:>1000000000}'.format(1) }}"),
        1,
        "format has a width of more than three digits.",
    ),
    (
        "as many of a width that is given",
        letterhead("{{ '{:>{}}'.format(1, 1000000000) }}"),
        1,
        "format has a width of more than three digits.",
    ),
    (
        "a text that doubles",
        letterhead("{% set a = 'aaaaaaaaaa' %}" + "{% set a = a ~ a %}" * 30 + "{{ a | length }}"),
        1,
        "it takes more memory than there is for it.",
    ),
    (
        "a text that grows where it is read",
        letterhead("{{ 'x'" + "|replace('x', 'xxxxxxxxxx')" * 10 + "|length }}"),
        1,
        "it takes more memory than there is for it.",
    ),
    (
        "a number that squares itself",
        letterhead("{% set a = 10 %}" + "{% set a = a * a %}" * 34 + "{{ a }}"),
        1,
        "a number grows past all bounds.",
    ),
    ("a milliard digits", letterhead("{{ 5|round(-1000000000) }}"), 1, "| round is to 20 digits at most."),
    (
        "ranges in a range",
        letter("{% for i in range(999) %}{{ range(9999)|sort|length }}{% endfor %}"),
        1,
        "its ranges are longer than 10,000 in all",
    ),
    (
        "a macro in itself",
        letterhead("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}"),
        1,
        "it is nested too deep.",
    ),
    ("3,000 brackets", letterhead("{{ " + "(" * 3_000 + "1" + ")" * 3_000 + " }}"), 1, "cannot be read"),
    ("a key of 20,000 parts", definition(".".join("a" * 20_000) + " = 1"), 1, "campaign.toml:1: a key of so"),
    ("a table of 20,000 parts", definition(f"[{'.'.join('a' * 20_000)}]"), 1, "campaign.toml:1: a key of so"),
    ("2,000 tables", definition("".join(f"[t{n}]\n" for n in range(2_000))), 1, "… and 1,952 more"),
    ("a host for SQLite", database("sqlite://user@host/x"), 1, "is not the address of a SQLite file."),
    (
        "a driver that is not here",
        database("sqlite+aiosqlite:///x"),
        1,
        "is not the address of a SQLite file",
    ),
    ("a port that is none", database("postgresql://u@h:abc/d"), 1, "is not a database address."),
    ("a card in a card 2,000 times", cards("BEGIN:VCARD\n" * 2_000), 1, "a.vcf:3: it is no vCard that a"),
    ("24 kinds of a name", cards(f"BEGIN:VCARD\nFN;A={',b' * 24}\n"), 1, "too much stands before the colon"),
    (
        "a value of 100,000 lines",
        cards("BEGIN:VCARD\nFN:quoted-printable=\n" + "=41=\n" * 100_000),
        1,
        "a value is broken into more than 500 lines",
    ),
    ("a page of padding", page("{{ 'a'.ljust(9999999999) }}"), 1, "ljust can't be used in a template"),
    ("a page's format", page("{{ '%999999999s' % 1 }}"), 1, "% is for numbers alone"),
    ("a page that includes another", page("{% include 'x' %}"), 1, "it can't take in another template (x)."),
    ("a backup of an odd name", odd_name, 1, "has a name that other systems can't have"),
    ("a database with other bytes", damaged, 1, "the database is damaged."),
    ("a database that is not ours", read_only, 1, "the database may not be written to."),
    (
        "a long mail folder",
        lambda o: replace(o, root=o.root / LONG).mailer("status"),
        2,
        "File name too long.",
    ),
    ("a long new folder", lambda o: typed("init", str(o.root / LONG)), 2, "File name too long."),
    ("a far month", said("newsletter", "new", "9999-12"), 2, "9999-12 is outside the years 1900 to 2099."),
    ("a far day", said("new", "rate-notice", "far", "--effective", "9999-12-31"), 2, "is outside the years"),
    ("a far effective date", dated("9999-12-31"), 1, "9999-12-31 is outside the years 1900 to 2099"),
    ("a time zone of 9,000 letters", zone("A" * 9_000), 1, f"'{'A' * 59}… is not an IANA time zone"),
    ("an hour of 9,000 letters", hour("x" * 9_000), 1, "is not a range of hours"),
    ("a letterhead in a circle", circular("letterhead"), 1, "It leads to itself"),
    ("campaigns in a circle", circular("campaigns"), 1, "campaigns: Too many levels"),
    ("all of them", circular("campaigns", "status"), 1, "campaigns: Too many levels of symbolic links."),
    ("policies in a circle", circular("policies", "policy", "list"), 1, "policies: Too many levels of"),
    ("messages in a circle", circular("messages", "newsletter", "messages"), 1, "messages: Too many levels"),
    ("an enclosure with a password", enclosed(page_pdf("x")), 1, "e.pdf: asks for a password; print it to"),
    (
        "an enclosure of 101 pages",
        enclosed(page_pdf(pages=101)),
        1,
        "has 101 pages; at most 100 are taken.",
    ),
    (
        "11 enclosures",
        definition("[letter]\nenclosures = [" + '"a",' * 11 + "]"),
        1,
        "campaign.toml:2: letter.enclosures: has 11; at most 10 are allowed",
    ),
    ("half an enclosure", enclosed(page_pdf()[:300]), 1, "e.pdf: is no PDF that can be read."),
    ("an enclosure in a circle", enclosed(pdf_of_forms(0)), 1, "a page is nested too deep, or leads back to"),
    ("a billion forms", enclosed(pdf_of_forms(12)), 1, "e.pdf: takes more time or memory to draw than any"),
    (
        "an enclosure beyond all numbers",
        enclosed(re.sub(rb"startxref\n\d+", b"startxref\n99999999999999999999", page_pdf())),
        1,
        "e.pdf: is no PDF that can be read.",
    ),
    ("letters with a password", finished(page_pdf("x")), 1, "back.pdf: asks for a password; print it to"),
    ("letters in a circle", finished(pdf_of_forms(0)), 1, "a page is nested too deep, or leads back to"),
    (
        "pages of 200 inches",
        finished(page_pdf(size=(14_400, 14_400))),
        1,
        "a page is larger than any paper;",
    ),
    ("81 pages of 4 letters", finished(page_pdf(pages=81)), 1, "back.pdf: has 81 pages; at most 80 are"),
    (
        "rates of a device",
        said("rates", "--compare", "/dev/zero"),
        1,
        "/dev/zero: is not a file. Make it with",
    ),
    (
        "a ledger's head that is a pipe",
        head_of_a_pipe,
        1,
        "ledger.head: is not a file.",
    ),
    (
        "a stored file that is a pipe, backed up",
        stored(fifo, backed_up),
        1,
        "missing, or not what was stored.",
    ),
    (
        "a stored file that is a pipe, printed",
        stored(fifo, said("reprint", f"{RATES}-L-0001", "--reason", "spoiled")),
        1,
        "a stored file is missing.",
    ),
    ("stored letters of 6 GB, backed up", stored(huge, backed_up), 1, "missing, or not what was stored."),
    ("stored letters of 6 GB, printed", stored(huge, anew("print", RATES)), 1, CHANGED),
    ("stored letters of 6 GB, sent", stored(huge, anew("send", RATES)), 1, CHANGED),
    ("stored letters of 6 GB, proved", stored(huge, proved), 1, "missing or were changed"),
    ("a style of 6 GB", style, 1, "page.css: is larger than 1,000,000 bytes."),
    ("folders without end, backed up", deep("jobs/more", backed_up), 1, "folders in folders"),
    (
        "folders without end beside a letter",
        deep(f"{CAMPAIGN}/more", said("proof", RATES)),
        1,
        "folders in folders",
    ),
    ("a long campaign", said("plan", LONG), 2, "is not a campaign's name."),
]


@pytest.mark.parametrize(("run", "code", "says"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_it_is_a_message(
    printed: Office, run: Callable[[Office], Ran], code: int, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())  # nobody answers
    ran = run(printed)
    assert says in ran.said
    assert ran.code == code


@pytest.mark.parametrize(
    "words",
    [("proof", RATES), ("evidence", RATES), ("newsletter", "export", "2026-12"), ("site", "build")],
)
def test_two_commands_do_not_build_in_one_folder(mailed: Office, words: tuple[str, ...]) -> None:
    """The second took away what the first was writing, and neither was whole."""
    with making_alone(mailed.root):
        ran = mailed.does(*words, exits=1)
    assert "another command is making a proof, evidence or the client page here." in ran.said
    mailed.does(*words)
