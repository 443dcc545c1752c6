"""The issue's table of bad input, row by row, as a person meets it: what is said, how it ends, no trace."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.office import FIRST, FOUR, HEADINGS, RATES, Office, page_texts

DEFINITION = "campaigns/2027-rates/campaign.toml"
LETTER = "campaigns/2027-rates/letter.md"
ARTICLE = "campaigns/2027-rates/article.md"
THANKS = "Thank you for your business and for your confidence in us."


def refusal(office: Office, *words: str) -> tuple[int, str]:
    """How the command ends and what it says. It leaves no trace in database, ledger, files or jobs."""
    before, stored = office.recorded(), office.stored()
    ran = office.mailer(*words)
    assert "Traceback" not in ran.said
    assert office.recorded() == before
    assert office.stored() == stored
    office.does("ledger", "verify")
    return ran.code, ran.said


# --- a row without name or address


def test_a_row_without_name_or_address(office: Office) -> None:
    listed = (
        f"{HEADINGS}\n"
        "N-7,Gum Tree Garage,,g@gum.example,7 Gum Road,Davis,CA,95616,none,,130.00\n"
        "N-8,,,h@hazel.example,8 Hazel Row,Davis,CA,95616,none,,130.00\n"
        "N-9,Ivy House,,i@ivy.example,,,,,none,,130.00\n"
    )
    ran = office.imports(listed, exits=1)
    assert "row 3, " in ran.said
    assert "no name: neither a company nor a contact. Fill in one of them." in ran.said
    assert "N-9 · Ivy House" in ran.said
    assert "address" in ran.said.partition("Rejected (2):")[2]
    assert ran.out.strip().endswith("1 added, 0 updated, 0 unchanged, 2 rejected.")
    names = [one["name"] for one in office.does("clients", "list", "--json").json]
    assert "Gum Tree Garage" in names
    assert "Ivy House" not in names


# --- a line break in an address or a subject


def test_a_subject_with_a_line_break(office: Office) -> None:
    subject = 'title = "New rates for hourly work"'
    office.edit(DEFINITION, subject, 'title = "New rates\\nBcc: eve@evil.example"')
    code, said = refusal(office, "approve", RATES)
    assert code == 1
    assert f"{DEFINITION}:" in said
    assert "title: 'New rates\\nBcc: eve@evil.example' has a line break" in said


# --- unreadable file, wrong extension, empty file, one 100 MB line


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("list.csv", b"", "the file is empty. Export the list again."),
        ("list.csv", b"\xef\xbb\xbf \r\n", "the file is empty."),
        ("list.csv", HEADINGS.encode() + b"\n", "there are no rows below the headings."),
        ("list.csv", b"just some words\nand more\n", "has headings that are known"),
        ("list.pdf", b"%PDF-1.7", "“.pdf” files are not read; a list is .csv, .txt, .tsv, .xlsx or .vcf."),
        ("list", FOUR.encode(), "the name has no extension"),
        ("list.xlsx", FOUR.encode(), "it is called .xlsx but holds text. Rename it to .csv"),
        ("list.xlsx", b"PK\x03\x04 not really", "list.xlsx"),
        ("list.csv", b"PK\x03\x04 a workbook", "holds a workbook. Rename it to .xlsx."),
        ("list.csv", b"\xd0\xcf\x11\xe0 old", "an old Excel file (.xls)"),
        ("list.csv", FOUR.encode().replace(b"Ash Street B", b"Ash\x00Street B"), "NUL bytes"),
        ("list.csv", f'{HEADINGS}\nN-1,"Ash Street'.encode(), "a quotation mark is not closed"),
        ("list.csv", FOUR.replace("Company", "Client ID").encode(), "stands more than once"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_used(office: Office, name: str, content: bytes, says: str) -> None:
    path = office.root / name
    path.write_bytes(content)
    code, said = refusal(office, "clients", "import", str(path))
    assert code == 1
    assert says in said
    assert str(path) in said.replace(" ", "")


def test_a_list_that_is_not_there(office: Office) -> None:
    code, said = refusal(office, "clients", "import", "no-such.csv")
    assert code == 1
    assert "no-such.csv: there is no such file." in said
    code, said = refusal(office, "clients", "import", str(office.root))
    assert code == 1
    assert "it is a folder." in said
    pipe = office.root / "pipe.csv"
    os.mkfifo(pipe)
    code, said = refusal(office, "clients", "import", str(pipe))
    assert code == 1
    assert "it is not a regular file." in said


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_list_that_may_not_be_read(office: Office) -> None:
    path = office.write("list.csv", FOUR)
    path.chmod(0)
    code, said = refusal(office, "clients", "import", str(path))
    assert code == 1
    assert "it cannot be read: Permission denied." in said


def test_one_line_of_100_megabytes(office: Office) -> None:
    """Refused after the first million characters, not after reading it all into memory."""
    path = office.root / "list.csv"
    with path.open("wb") as file:
        file.write(HEADINGS.encode() + b"\nN-1,")
        for _ in range(100):
            file.write(b"x" * 1_000_000)
    code, said = refusal(office, "clients", "import", str(path))
    assert code == 1
    assert "line 2" in said
    assert "longer than 1,000,000 characters" in said


# --- unknown or empty field, wrong date, missing fact, a rise outside limits


@pytest.mark.parametrize("command", ["proof", "approve"])
@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (LETTER, "{{ client.name }}", "{{ client.nmae }}",
         (f"{LETTER}:1: client.nmae is not known; perhaps you meant 'client.name'.",
          "N-1 Ash Street Bakery")),
        (LETTER, THANKS, "{{ client.number }}{{ nothing }}",
         (f"{LETTER}:13: ", "nothing is not known")),
        (DEFINITION, "effective = 2027-01-01", "effective = 2027-02-30",
         (f"{DEFINITION}:4: ", "Invalid date")),
        (DEFINITION, "effective = 2027-01-01", 'effective = "January"',
         (f"{DEFINITION}:4: effective: 'January' is not a day", "2027-01-01")),
        (LETTER, "{{ client.rates_table }}", "higher ones",
         (f"{LETTER}: does not state", "the new rate of hourly-support “$138.00”", "N-1 Ash Street Bakery")),
        (LETTER, "{{ effective | date }}", "soon",
         (f"{LETTER}: does not state the effective date", "January 1, 2027")),
        (DEFINITION, 'raise = "0% to 10%"', 'raise = "0% to 6%"',
         (f"{DEFINITION}: client N-1 Ash Street Bakery", "from $130.00 to $138.00 is 6.15%, outside 0% to")),
        (DEFINITION, 'raise = "0% to 10%"', 'rise = "0% to 10%"',
         (f"{DEFINITION}:28: unknown key 'limits.rise'; perhaps you meant 'raise'",)),
        (DEFINITION, 'kind = "rate-notice"', 'kind = "rate-notise"',
         (f"{DEFINITION}:2: ", "'rate-notice'")),
        ("mailer.toml", 'time_zone = "America/Los_Angeles"', 'time_zone = "Mars"',
         ("mailer.toml:10: firm.time_zone: 'Mars' is not an IANA time zone",)),
    ],
    ids=["unknown field", "unknown name", "no such day", "no date", "missing rate", "missing date", "limits",
         "unknown key", "unknown kind", "profile"],
)  # fmt: skip
def test_what_is_wrong_is_named_before_any_page_is_made(
    office: Office, command: str, file: str, old: str, new: str, says: tuple[str, ...]
) -> None:
    office.edit(file, old, new)
    before = sorted(path for path in office.root.rglob("*") if path.suffix in {".pdf", ".png"})
    ran = office.does(command, RATES, exits=1)
    for part in says:
        assert part in ran.said, ran.said
    assert sorted(path for path in office.root.rglob("*") if path.suffix in {".pdf", ".png"}) == before
    assert office.rows("SELECT count(*) FROM mailing") == [(0,)]


def test_an_empty_field_names_the_client_that_lacks_it(office: Office) -> None:
    """Only Dogwood Press has no contact; all others would be written to."""
    office.edit(LETTER, THANKS, "Thank you, {{ client.contact }}.")
    office.imports(FOUR.replace("Di Ink", ""))
    code, said = refusal(office, "approve", RATES)
    assert code == 1
    assert f"{LETTER}:13: " in said
    assert "N-4 Dogwood Press" in said
    assert "Ash Street Bakery" not in said


def test_all_that_is_wrong_is_said_at_once(office: Office) -> None:
    office.edit(DEFINITION, 'kind = "rate-notice"', 'kind = "rate-notice"\ncolour = "red"')
    office.edit(DEFINITION, "effective = 2027-01-01", 'effective = "soon"')
    (office.root / LETTER).unlink()
    code, said = refusal(office, "approve", RATES)
    assert code == 1
    assert "unknown key 'colour'" in said
    assert "'soon' is not a day" in said
    assert f"{LETTER}: is missing or empty" in said


def test_what_all_letters_lack_is_said_once(office: Office) -> None:
    office.edit("campaigns/2027-hours/letter.md", "{{ new.hours }}", "later ones")
    code, said = refusal(office, "approve", "2027-hours")
    assert code == 1
    assert said.count("does not state the business hours") == 1
    assert "({{ new.hours }}). (clients " in said


def test_an_article_that_lacks_a_fact(office: Office) -> None:
    office.edit(ARTICLE, "{{ effective | date }}", "soon")
    code, said = refusal(office, "approve", "2026-12")
    assert code == 1
    assert (
        f"{ARTICLE}: does not state the effective date “January 1, 2027” ({{{{ effective | date }}}})."
        in said
    )


# --- templates that reach out


@pytest.mark.parametrize("text", [LETTER, ARTICLE], ids=["letter", "article"])
@pytest.mark.parametrize(
    ("hostile", "says"),
    [
        ("{{ ''.__class__ }}", "__class__"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "__class__"),
        ("{{ cycler.__init__.__globals__ }}", "__init__"),
        ("{% include '/etc/passwd' %}", "include"),
        ("{{ '%s' | format(1) | attr('__class__') }}", "attr"),
        ("![](file:///etc/passwd)", "file:///etc/passwd"),
        ("![](http://example.com/x.png)", "http://example.com/x.png"),
        ("![](https://example.com/x.png)", "https://example.com/x.png"),
        ("![](//example.com/x.png)", "//example.com/x.png"),
        ("![](../../mailer.toml)", "mailer.toml"),
        ("![](data:image/png;base64,AAAA)", "data:"),
        ('<img src="http://example.com/x.png">', "<img"),
        ("<script>alert(1)</script>", "<script>"),
    ],
)
def test_a_template_that_reaches_out_is_refused(office: Office, text: str, hostile: str, says: str) -> None:
    path = office.root / text
    path.write_text(f"{path.read_text(encoding='utf-8')}\n\n{hostile}\n", encoding="utf-8")
    line = len(path.read_text(encoding="utf-8").splitlines())
    campaign = RATES if text == LETTER else "2026-12"
    code, said = refusal(office, "approve", campaign)
    assert code == 1
    assert text in said
    assert says in said
    if hostile.startswith("{"):
        assert f"{text}:{line}: " in said


@pytest.mark.parametrize(
    ("file", "hostile"),
    [
        ("letterhead/letter.css", "body { background: url(file:///etc/passwd) }"),
        ("letterhead/letter.css", "body { background: url(http://example.com/x.png) }"),
        ("letterhead/letter.css", "@import url(file:///etc/passwd);"),
        ("letterhead/letter.html.j2", "{{ ''.__class__ }}"),
        ("letterhead/letter.html.j2", '<img src="file:///etc/passwd">'),
    ],
)
def test_a_letterhead_that_reaches_out_is_refused(office: Office, file: str, hostile: str) -> None:
    path = office.root / file
    before = path.read_text(encoding="utf-8")
    at_import = hostile.startswith("@")
    path.write_text(f"{hostile}\n{before}" if at_import else f"{before}\n{hostile}\n", encoding="utf-8")
    ran = office.does("approve", RATES, exits=1)
    assert "letterhead" in ran.said
    assert "Traceback" not in ran.said
    assert (office.pieces(), office.stored()) == ([], [])
    assert office.rows(
        "SELECT count(*) FROM event WHERE kind IN ('pieces.prepared', 'mailing.approved')"
    ) == [(0,)]
    path.write_text(before, encoding="utf-8")
    office.does("approve", RATES)


# --- values are text


def test_a_client_called_smith_in_asterisks_is_printed_so(office: Office) -> None:
    """Names that look like Markdown or HTML are printed as those characters, in letter and label."""
    names = ("*Smith* <b>", "[x](http://y)", "{{ 7 * 7 }}", "&amp; Sons", "_Under_ `tick`")
    rows = "".join(
        f"M-{n},{name},,m{n}@m.example,{n} Mark Row,Davis,CA,95616,none,,130.00\n"
        for n, name in enumerate(names)
    )
    office.imports(f"{HEADINGS}\n{rows}")
    office.does("approve", RATES)
    office.does("print", RATES)
    pages = page_texts(office.job() / "letters.pdf")
    labels = " ".join(page_texts(office.job() / "labels.pdf"))
    manifest = {row["name"]: int(row["first_page"]) for row in office.manifest()}
    for name in names:
        page = pages[manifest[name] - 1]
        assert page.count(name) >= 2, f"{name!r} stands in the address and in the text: {page}"
        assert name in labels
    assert "49" not in " ".join(pages[manifest["{{ 7 * 7 }}"] - 1].split()[:40])


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_a_name_that_excel_would_run(office: Office, name: str) -> None:
    row = f"M-1,{name},,m@m.example,1 Mark Row,Davis,CA,95616,none,,130.00"
    office.imports(f"{HEADINGS}\n{row}\n")
    office.does("approve", RATES)
    office.does("print", RATES)
    assert f"'{name}" in [one["name"] for one in office.manifest()]
    assert name in " ".join(page_texts(office.job() / "letters.pdf"))


# --- campaign names


NO_NAMES = ("a/b", "../evil", "..", ".", "/etc", "a b", "Ä", "x" * 41, "-x", "a--b", "")


@pytest.mark.parametrize(
    ("command", "name"),
    [
        *(("new", name) for name in NO_NAMES),
        *((command, "../evil") for command in ("plan", "approve", "print", "check", "drop", "newsletter")),
    ],
)
def test_a_name_that_is_a_path(office: Office, command: str, name: str) -> None:
    words = {
        "new": ("new", "rate-notice", "--", name),
        "newsletter": ("newsletter", "new", "--", name),
        "drop": ("drop", "--at", "2026-11-24 14:10", *FIRST, "--", name),
    }.get(command, (command, "--", name))
    before = sorted(office.root.parent.rglob("*"))
    *options, separator, last = words
    ran = Office(office.root).mailer(*options, "-C", str(office.root), separator, last)
    assert ran.code == 2, ran
    assert "Traceback" not in ran.said
    assert [
        path
        for path in sorted(office.root.parent.rglob("*"))
        if "-wal" not in path.name and "-shm" not in path.name
    ] == before


def test_a_campaign_that_is_there_is_not_written_over(office: Office) -> None:
    ran = office.does("new", "rate-notice", RATES, exits=1)
    assert "campaigns/2027-rates: exists already; nothing was changed." in ran.said


# --- dates and drops: tests/making/test_gate.py and test_dropping.py hold the rest


def test_a_date_too_near_and_a_stale_approval_say_what_to_do(approved: Office) -> None:
    approved.edit(LETTER, THANKS, "Thank you.")
    code, said = refusal(approved, "print", RATES)
    assert code == 3
    assert "stale" in said
    assert "`mailer approve 2027-rates` again" in said
    approved.edit(DEFINITION, "effective = 2027-01-01", "effective = 2026-12-15")
    code, said = refusal(approved, "approve", RATES)
    assert code == 3
    assert "Tue 15 Dec 2026 is too near" in said
    assert "2026-12-30" in said


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--at", "2026-11-23 16:00"), "is before it was printed"),
        (("--at", "2026-11-24 14:10", "--range", "1-9"), "not in the job"),
        (("--at", "2026-11-25 09:00"), "is in the future"),
    ],
)
def test_a_drop_that_cannot_be_true(printed: Office, options: tuple[str, ...], says: str) -> None:
    code, said = refusal(printed, "drop", RATES, *FIRST, *options)
    assert code == 1
    assert says in said


def test_a_drop_twice(mailed: Office) -> None:
    code, said = refusal(mailed, "drop", RATES, "--at", "2026-11-24 15:00", *FIRST)
    assert code == 1
    assert "nothing is left to drop" in said


def test_init_over_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mail"
    path.write_text("a file", encoding="utf-8")
    from mailer.cli.main import run  # noqa: PLC0415

    assert run(["init", str(path)]) == 1
    assert path.read_text(encoding="utf-8") == "a file"
