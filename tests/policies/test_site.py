"""The client page: what stands on it and when, what may not, and that it is put in place whole."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from icalendar import Calendar

from mailer.errors import MailerError
from mailer.pages.issuetext import screen_of
from mailer.pages.readable import readable
from mailer.planning.mailfolder import open_folder
from mailer.policies.site.build import OURS, for_everybody, put
from mailer.policies.site.content import ArchivedIssue, content_on
from mailer.policies.site.lint import not_for_everybody
from mailer.policies.site.pages import rendered
from tests.support.office import Office

HOURS, ISSUE = "2027-hours", "2026-12"
PRICED = Path(__file__).parents[1] / "data/pack-1/composites/2027-rates-L-0001.pdf"
ELSEWHERE = re.compile(r"""(?:src|href)=["']?(?:https?:)?//|@import|url\((?!\w[\w-]*\.woff2\))""")


def test_the_page_says_what_was_said_on_paper(office: Office) -> None:
    """New hours and an issue stand on it once they were mailed, and the page is whole by itself."""
    office.does("site", "build")
    index = office.root / "site/index.html"
    before = index.read_text(encoding="utf-8")
    assert "Monday to Friday, 8:00 am to 5:30 pm" in before
    assert "7:00 am to 6:00 pm" not in before  # mailer.toml has them, and no letter said so yet
    assert "The newsletter" not in before
    for name in (HOURS, ISSUE):
        office.does("approve", name)
        office.does("print", name)
        office.drops("2026-11-24 18:10", name=name)  # after the last pickup: it counts as the next day's
    said = office.does("site", "build").said
    assert "Not on it yet: 1 issue and new hours; mailed as of Wed 25 Nov." in said
    office = office.on("2026-11-25")
    office.edit("campaigns/2026-12/how-to.md", "bank details", "anything, from $99 on")  # not on paper
    assert "left out" not in office.does("site", "build", "--deploy", str(office.root / "www")).said
    after = index.read_text(encoding="utf-8")
    assert "From January 11, 2027, new hours" in after
    assert "Monday to Thursday, 7:00 am to 6:00 pm" in after
    assert 'href="issues/2026-12.pdf"' in after
    assert (office.root / "site/issues/2026-12.pdf").read_bytes().startswith(b"%PDF")
    assert "Check a request to change bank details" in (office.root / "site/issues/2026-12.txt").read_text()
    for path in (office.root / "site").rglob("*.*"):
        if path.suffix in (".html", ".css", ".js"):
            assert ELSEWHERE.search(path.read_text(encoding="utf-8")) is None, path.name
    assert len(index.read_bytes()) + len((office.root / "site/page.css").read_bytes()) < 60_000
    assert {path.name for path in (office.root / "www").iterdir()} == {
        path.name for path in (office.root / "site").iterdir()
    }
    feed = ET.fromstring((office.root / "site/feed.atom").read_bytes())  # noqa: S314 - our own
    titles = [one.findtext("{http://www.w3.org/2005/Atom}title") for one in feed]
    assert "New hours from January 11, 2027" in titles
    assert "December 2026" in titles
    closed = Calendar.from_ical((office.root / "site/closings.ics").read_bytes())
    assert str(closed.walk("VEVENT")[0]["summary"]) == "Cedar & Finch IT is closed: Thanksgiving"
    assert "<script" not in office.does("site", "fragment").out
    _what_has_a_price_is_left_out(office)
    _what_may_not_stand_on_it(office)


def _what_has_a_price_is_left_out(office: Office) -> None:
    """An issue whose pages state one, whatever its text says; the others stay."""
    with open_folder(office.root, fixed=date(2026, 11, 25), database="", services={}) as mail:
        content = content_on(mail, mail.today)
        dear = ArchivedIssue("2026-11", "November 2026", mail.today, PRICED.read_bytes(), "<p>No price.</p>")
        kept, left_out = for_everybody(mail, replace(content, issues=(*content.issues, dear)))
        bare = replace(content, profile=replace(content.profile, response_times=(), ways=()))
        index = rendered(mail.root, bare, mail.letterhead(), "", mail.clock.now())["index.html"].decode()
    assert left_out == {"2026-11": "states a price, $130.00"}
    assert [one.name for one in kept.issues] == [ISSUE]
    assert re.search("How soon|#soon|Ways that count", index) is None  # no section without content


def _what_may_not_stand_on_it(office: Office) -> None:
    """A price, a client's name, an issue whose pages are gone: refused, and the page stays as it was."""
    policy = "policies/service-guide-1.md"
    office.edit(
        policy, "### What we do not do", "Ask Ash Street Bakery, who pay $120.\n\n### What we do not do"
    )
    said = office.does("site", "build", exits=1).said
    assert f"{policy}: states a price, $120; the page is for everybody" in said
    assert f"{policy}: names a client: Ash Street Bakery; the page is for everybody" in said
    office.edit(policy, "Ask Ash Street Bakery, who pay $120.", "")
    pdf = (office.root / "site/issues/2026-12.pdf").read_bytes()
    (gone,) = [
        path
        for path in (office.root / "files").rglob("*")
        if path.is_file() and path.read_bytes().startswith(b"%PDF") and screen_of(path.read_bytes()) == pdf
    ]
    gone.unlink()
    office.does("site", "build", exits=1)
    assert (office.root / "site/issues/2026-12.pdf").read_bytes() == pdf


def test_a_price_and_a_client_are_seen_and_nothing_else() -> None:
    texts = {
        "a.md": "Call us by noon, 40 hours a week.",
        "b.md": "From $1,140.00 for ASH\nBakery.",
    }
    found = list(not_for_everybody(texts, [("Ash Bakery", "Al", "", "")]))
    assert found == [("b.md", "states a price, $1,140.00"), ("b.md", "names a client: ASH Bakery")]


def test_a_folder_of_somebody_else_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    (tmp_path / "www/index.html").write_text("theirs")
    with pytest.raises(MailerError, match="holds something that mailer did not make"):
        put({"index.html": b"ours"}, tmp_path / "www")
    assert [path.read_text() for path in tmp_path.rglob("*.html")] == ["theirs"]


def test_what_somebody_put_beside_the_page_stays(tmp_path: Path) -> None:
    put({"index.html": b"ours"}, tmp_path / "www")
    (tmp_path / "www/robots.txt").write_text("theirs")
    with pytest.raises(MailerError, match=r"did not make: robots\.txt"):
        put({"index.html": b"new"}, tmp_path / "www")
    assert (tmp_path / "www/robots.txt").read_text() == "theirs"


def test_a_link_to_a_folder_stays_one(tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    (tmp_path / "current").symlink_to("www")
    put({"index.html": b"ours"}, tmp_path / "current")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["current", "www"]
    assert (tmp_path / "current").is_symlink()
    assert (tmp_path / "www/index.html").read_bytes() == b"ours"


def test_a_page_is_put_in_place_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put({"index.html": b"first", "a/b.html": b"old"}, tmp_path / "www")
    put({"index.html": b"second"}, tmp_path / "www")
    assert sorted(path.name for path in (tmp_path / "www").rglob("*")) == [OURS, "index.html"]
    real = Path.rename

    def full(self: Path, target: Path) -> Path:
        if "-new-" in self.name:
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OSError, match="No space"):
        put({"index.html": b"third"}, tmp_path / "www")
    monkeypatch.undo()
    assert [path.name for path in tmp_path.iterdir()] == ["www"]
    assert (tmp_path / "www/index.html").read_bytes() == b"second"


def test_composed_html_as_text() -> None:
    html = "<h3>When</h3><p>Mon &amp; Tue<br>8:00</p><ol><li>Call</li><li><p>Write</p></li></ol>"
    html += "<table><tr><th>A</th><td>b</td></tr></table>"
    assert readable(html) == "When\n\nMon & Tue\n8:00\n\n1. Call\n2. Write\n\nA | b\n"
