"""Reading marks, and what they say of a job. A mark is printed "0012/0052 1of2" and coded "12 1/2"."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailer.errors import MailerError
from mailer.pages.overlay import Mark
from mailer.printroom.manifest import ManifestRow, files_of, read_manifest
from mailer.printroom.sheetmarks import MarkFinding, MarkKind, Reading, Scan, Unreadable, compare, read_marks


def job(*sheets: int) -> list[ManifestRow]:
    """A job whose pieces have so many sheets each."""
    return [
        ManifestRow(place, f"2027-rates-L-{place:04}", 2 * count, count, "letters.pdf")
        for place, count in enumerate(sheets, 1)
    ]


def scan(listed: list[ManifestRow], *lines: str) -> Scan:
    return compare(list(read_marks(lines)), listed)


def found(
    listed: list[ManifestRow], *lines: str
) -> list[tuple[MarkKind, str, tuple[int, ...], tuple[int, ...]]]:
    return [(one.kind, one.label[-4:], one.sheets, one.lines) for one in scan(listed, *lines).findings]


@pytest.mark.parametrize(
    ("typed", "reading"),
    [
        ("12 1/2", Reading(1, 12, 1, 2)),
        ("0012/0052 1of2", Reading(1, 12, 1, 2, 52)),
        ("0012/0052 1 of 2", Reading(1, 12, 1, 2, 52)),
        ("0012/0052 1OF2", Reading(1, 12, 1, 2, 52)),
        ("0012/0052", Reading(1, 12, total=52)),
        ("12", Reading(1, 12)),
        ("0012", Reading(1, 12)),
        ("12, 1/2", Reading(1, 12, 1, 2)),
        ("12\t1/2\r\n", Reading(1, 12, 1, 2)),  # a hand scanner that ends with Enter
        ("\ufeff12 1/2", Reading(1, 12, 1, 2)),  # a file that Windows Notepad saved
        ("\x1d12 1/2", Reading(1, 12, 1, 2)),  # a scanner's group separator
        ("10000 10/10", Reading(1, 10_000, 10, 10)),
    ],
)
def test_a_mark_as_it_is_typed_or_scanned(typed: str, reading: Reading) -> None:
    assert list(read_marks([typed])) == [reading]


@pytest.mark.parametrize(
    "line",
    [
        "twelve",
        "12 3/2",
        "0",
        "0 1/1",
        "12 0/2",
        "12 1",
        "-12",
        "12 1/2 1/2",
        "1of2",
        "١٢",
        "9" * 400,
        "12.5",
    ],
)
def test_what_is_no_mark(line: str) -> None:
    (one,) = read_marks([line])
    assert isinstance(one, Unreadable)
    assert len(one.text) <= 41


@pytest.mark.parametrize("line", ["", " ", "\r\n", "\x00"])
def test_an_empty_line_is_passed_over(line: str) -> None:
    assert list(read_marks([line, "12"])) == [Reading(2, 12)]


@given(st.integers(1, 9_999), st.integers(1, 9_999), st.integers(1, 60), st.integers(1, 60))
def test_every_mark_that_is_printed_can_be_read(number: int, total: int, sheet: int, sheets: int) -> None:
    mark = Mark(min(number, total), max(number, total), min(sheet, sheets), max(sheet, sheets))
    text, code = read_marks([mark.text, mark.code])
    assert text == Reading(1, mark.number, mark.sheet, mark.sheets, mark.total)
    assert code == Reading(2, mark.number, mark.sheet, mark.sheets)


def test_a_whole_job_in_order_is_complete() -> None:
    assert scan(job(2, 1), "0001/0002 1of2", "0001/0002 2of2", "0002/0002 1of1") == Scan(2, 2, ())


def test_a_bare_number_is_the_whole_piece() -> None:
    assert scan(job(2, 1), "1", "2") == Scan(2, 2, ())


def test_a_piece_that_is_missing() -> None:
    assert scan(job(1, 2), "1 1/1").findings == (
        MarkFinding(
            MarkKind.MISSING, "2027-rates-L-0002", (1, 2), (), "was not read (number 0002, 2 sheets)"
        ),
    )


def test_a_sheet_that_is_missing() -> None:
    assert scan(job(3), "1 1/3", "1 3/3").findings == (
        MarkFinding(
            MarkKind.MISSING, "2027-rates-L-0001", (2,), (), "sheet 2 of 3 was not read (number 0001)"
        ),
    )


def test_a_sheet_that_is_there_twice() -> None:
    assert scan(job(1), "1 1/1", "1 1/1").findings == (
        MarkFinding(MarkKind.DOUBLED, "2027-rates-L-0001", (1,), (1, 2), "sheet 1 was read 2 times"),
    )
    assert scan(job(1), "1", "1", "1").findings == (
        MarkFinding(MarkKind.DOUBLED, "2027-rates-L-0001", (), (1, 2, 3), "the piece was read 3 times"),
    )


def test_an_envelope_and_its_sheet_are_not_a_double() -> None:
    assert scan(job(1), "1", "1 1/1").findings == ()


def test_page_two_with_another_piece() -> None:
    done = scan(job(2, 2), "1 1/2", "2 2/2", "2 1/2", "1 2/2")
    assert [(one.kind, one.label[-4:], one.lines, one.why) for one in done.findings] == [
        (MarkKind.MIXED, "0002", (2, 3), "the sheets lie in the order 2, 1"),
        (MarkKind.MIXED, "0001", (4,), "sheet 2 lies after 2027-rates-L-0002, away from its first sheet"),
    ]
    swapped = scan(job(2, 2), "1 1/2", "2 2/2", "1 2/2", "2 1/2")
    assert [(one.label[-4:], one.why) for one in swapped.findings] == [
        ("0002", "sheet 2 lies after 2027-rates-L-0001, away from its first sheet"),
        ("0001", "sheet 2 lies after 2027-rates-L-0002, away from its first sheet"),
    ]


def test_a_stray_sheet_at_the_very_beginning() -> None:
    assert scan(job(2), "1 2/2").findings[0].why == "sheet 2 lies before its first"


def test_pieces_may_be_read_in_any_order() -> None:
    assert scan(job(2, 2, 1), "3 1/1", "2 1/2", "2 2/2", "1 1/2", "1 2/2").findings == ()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("0001/0060 1of1", "the mark counts 60 pieces; this job has 2"),
        ("3 1/1", "this job has no piece 3"),
        ("1 1/2", "2027-rates-L-0001 has 1 sheet here, not 2"),
    ],
)
def test_a_mark_of_another_job(line: str, why: str) -> None:
    assert scan(job(1, 1), "1", "2", line).findings == (MarkFinding(MarkKind.FOREIGN, "", (), (3,), why),)


def test_a_foreign_mark_does_not_stand_for_a_missing_piece() -> None:
    kinds = [kind for kind, *_ in found(job(1, 1), "0001/0060 1of1", "2")]
    assert kinds == [MarkKind.FOREIGN, MarkKind.MISSING]


def test_a_piece_that_was_withdrawn_is_not_missed_and_must_not_be_there() -> None:
    marks = list(read_marks(["1 1/1"]))
    assert compare(marks, job(1, 1), {"2027-rates-L-0002"}) == Scan(1, 1, ())
    done = compare(list(read_marks(["1", "0002/0002 1of1"])), job(1, 1), {"2027-rates-L-0002"})
    why = "was voided or made again elsewhere, so this paper must not go out"
    assert done == Scan(1, 1, (MarkFinding(MarkKind.WITHDRAWN, "2027-rates-L-0002", (), (2,), why),))


def test_a_line_that_cannot_be_read_keeps_its_number() -> None:
    assert scan(job(1), "1", "smudge").findings == (
        MarkFinding(MarkKind.UNREADABLE, "", (), (2,), "'smudge' is no mark"),
    )


def test_the_worst_comes_first() -> None:
    kinds = [kind for kind, *_ in found(job(1, 2, 1), "x", "1", "1", "9", "2 2/2")]
    mixed, foreign, doubled, missing = MarkKind.MIXED, MarkKind.FOREIGN, MarkKind.DOUBLED, MarkKind.MISSING
    assert kinds == [mixed, foreign, doubled, missing, missing, MarkKind.UNREADABLE]


@given(st.lists(st.integers(1, 4), min_size=1, max_size=12), st.data())
def test_whatever_is_taken_out_or_put_in_twice_is_found(sheets: list[int], data: st.DataObject) -> None:
    listed = job(*sheets)
    marks = [(row.place, n, row.sheets) for row in listed for n in range(1, row.sheets + 1)]
    out = data.draw(st.sets(st.sampled_from(marks)))
    twice = data.draw(st.sets(st.sampled_from(marks))) - out
    lines = [
        f"{place} {sheet}/{count}"
        for place, sheet, count in marks
        if (place, sheet, count) not in out
        for _ in range(2 if (place, sheet, count) in twice else 1)
    ]
    done = scan(listed, *lines)
    missing = {(one.label, n) for one in done.findings if one.kind is MarkKind.MISSING for n in one.sheets}
    doubled = {(one.label, n) for one in done.findings if one.kind is MarkKind.DOUBLED for n in one.sheets}
    assert missing == {(f"2027-rates-L-{place:04}", sheet) for place, sheet, _ in out}
    assert doubled == {(f"2027-rates-L-{place:04}", sheet) for place, sheet, _ in twice}
    assert done.complete == len(sheets) - len({place for place, _, _ in out})


@given(st.lists(st.text("0123456789/of x\t", max_size=14), max_size=20))
def test_any_lines_are_taken(lines: list[str]) -> None:
    done = scan(job(2, 1), *lines)
    assert 0 <= done.complete <= done.pieces == 2
    assert all(1 <= line <= len(lines) for one in done.findings for line in one.lines)


MANIFEST = b"""\xef\xbb\xbfplace,piece,name,address,zip,pages,sheets,file,first_page,sha256\r
1,2027-rates-L-0007,"Byrd, Ada",1 Ash Street,95814,1,1,letters-1-sheet.pdf,1,00\r
2,2027-rates-L-0002,'=Bo,2 Birch Lane,95815,3,2,letters-2-sheets.pdf,1,00\r
"""


def test_a_manifest_is_read_back() -> None:
    listed = read_manifest(MANIFEST, shown="manifest.csv")
    assert listed == (
        ManifestRow(1, "2027-rates-L-0007", 1, 1, "letters-1-sheet.pdf"),
        ManifestRow(2, "2027-rates-L-0002", 3, 2, "letters-2-sheets.pdf"),
    )
    assert files_of(listed) == ("letters-1-sheet.pdf", "letters-2-sheets.pdf")


@pytest.mark.parametrize(
    "content",
    [b"place,piece\r\n1,x\r\n", MANIFEST.replace(b"\n1,", b"\none,"), b"\xff\xfe", MANIFEST + b"3\r\n"],
)
def test_what_is_no_manifest(content: bytes) -> None:
    with pytest.raises(MailerError, match=r"jobs/x/manifest\.csv: is not a job's manifest"):
        read_manifest(content, shown="jobs/x/manifest.csv")
