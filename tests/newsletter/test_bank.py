"""The shipped pieces: what they are, and that none comes twice in two years."""

from __future__ import annotations

import re
from datetime import date

from mailer import shipped
from mailer.newsletter.bank import PieceKind, due, files_of, pieces
from mailer.notice.strides import months_from
from mailer.settings import Brand
from tests.support.office import Office

JANUARY = date(2027, 1, 1)


def test_there_are_36_of_a_page_s_length_each_with_its_drawing() -> None:
    assert len(pieces()) == len({one.name for one in pieces()}) == 36
    for one in pieces():
        text = (shipped.bank() / f"{one.name}.md").read_text()
        words = len(re.sub(r"^(##|!\[).*$", "", text, flags=re.MULTILINE).split())
        assert 180 <= words <= 350, one.name
        assert f"]({one.name}.svg" in text
        assert (shipped.bank() / f"{one.name}.svg").is_file()
        assert one.review > JANUARY


def test_none_comes_twice_in_24_months() -> None:
    used: dict[str, date] = {}
    kinds = []
    for number in range(18):  # until the first review days
        month = months_from(JANUARY, number)
        for one in due(month, used):
            assert one.name not in used
            used[one.name] = month
            kinds.append(one.kind)
    assert (kinds.count(PieceKind.ARTICLE), kinds.count(PieceKind.TIP)) == (18, 9)
    first = pieces()[0]
    assert first not in due(months_from(JANUARY, 23), {first.name: JANUARY})


def test_what_must_be_read_again_is_not_taken() -> None:
    first = pieces()[0]
    assert first in due(JANUARY, {})
    assert all(one.review >= date(2028, 7, 1) for one in due(date(2028, 7, 1), {}))


def test_a_drawing_takes_the_brand() -> None:
    drawn = files_of(pieces()[0], Brand(accent="#0b5cad"))[f"{pieces()[0].name}.svg"]
    assert b"#0b5cad" in drawn
    assert b"#21473b" not in drawn


def test_an_issue_arrives_with_all_but_the_owner_s_words(office: Office) -> None:
    office.does("newsletter", "new", "2027-01")
    office.does("newsletter", "new", "2027-02")
    folders = [office.root / "campaigns" / name for name in ("2027-01", "2027-02")]
    texts = [(folder / "article.md").read_text() for folder in folders]
    assert texts[0].startswith("---\nbank: backup-three-copies\n---\n## Three copies")
    assert texts[1].startswith("---\nbank: passwords-sentence\n---\n")
    assert (folders[0] / "how-to.md").is_file()
    ran = office.does("approve", "2027-01", exits=1)
    assert "campaigns/2027-01/memo.md:2: “byline: Your name, owner” is still the example text" in ran.said
    memo = "---\nbyline: Dana Whitcomb\n---\n## A quiet January\n\n" + "We wish you one. " * 30
    (folders[0] / "memo.md").write_text(memo)
    office.does("proof", "2027-01")
    strange = folders[0] / "sports.md"
    strange.write_text("## Won\n\nText.\n")
    ran = office.does("proof", "2027-01", exits=1)
    assert "campaigns/2027-01/sports.md: is no section of the newsletter" in ran.said


def test_a_firm_that_writes_all_itself_gets_no_shipped_article(office: Office) -> None:
    profile = (office.root / "mailer.toml").read_text(encoding="utf-8")
    office.write("mailer.toml", profile.replace("[newsletter] ", "[newsletter]\nbank = false\n#", 1))
    office.does("newsletter", "new", "2027-01")
    names = {path.name for path in (office.root / "campaigns" / "2027-01").iterdir()}
    assert "article.md" not in names
    assert {"campaign.toml", "memo.md", "message.md"} <= names
