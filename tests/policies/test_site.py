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
from mailer.pages.everybody import KnownNames, not_for_everybody
from mailer.pages.issuetext import screen_of
from mailer.pages.readable import readable
from mailer.place import Directory
from mailer.planning.mailfolder import open_folder
from mailer.policies.site.build import for_everybody
from mailer.policies.site.content import ArchivedIssue, content_on
from mailer.policies.site.deploy import OURS, Spot, on_disk, put, spot
from mailer.policies.site.pages import rendered
from tests.support.killing import killed
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
    media = 'media = ["letter", "newsletter", "page"]\n'
    office.edit(f"campaigns/{HOURS}/campaign.toml", "[notice]\n", f"[notice]\n{media}")
    for name in (HOURS, ISSUE):
        office.does("approve", name)
        office.does("print", name)
        office.drops("2026-11-24 18:10", name=name)  # after the last pickup: it counts as the next day's
    said = office.does("site", "build").said
    assert "Not on it yet: 1 issue and new hours; mailed as of Wed 25 Nov." in said
    office = office.on("2026-11-25")
    office.edit("campaigns/2026-12/how-to.md", "bank details", "anything, from $99 on")  # not on paper
    assert "left out" not in office.does("site", "build").said
    reason = office.does("check", HOURS, "--json").json["clients"][0]["house"]["reason"]
    assert reason == "page to be out by Sat 12 Dec 2026"  # 30 days before January 11
    missing = "not on the client page yet: mailer site build --deploy PLACE"
    assert missing in office.does("status").said
    said = office.does("site", "build", "--deploy", str(office.root / "www")).said
    assert missing not in office.does("status").said
    assert f"Announced there from today on: {HOURS}, 2027-rates, 2027-remote-access." in said
    house = office.does("check", HOURS, "--json").json["clients"][0]["house"]
    assert house == {"state": "kept", "reason": "letter, newsletter and page out in time"}
    assert "Announced there" not in office.does("site", "build", "--deploy", str(office.root / "www")).said
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
    kept = (office.root / "mailer.toml").read_text(encoding="utf-8")
    _hours_edited_after_the_letters_went(office)
    (office.root / "mailer.toml").write_text(kept, encoding="utf-8")
    _what_may_not_stand_on_it(office)


def test_no_line_of_the_fragment_is_broken(office: Office) -> None:
    """It is for another program: a link that is broken in two leads nowhere."""
    with (office.root / "mailer.toml").open("a", encoding="utf-8") as profile:
        profile.write(f'\n[[online]]\nname = "Long"\naddress = "example.com/{"a" * 90}"\n')
    said = office.does("site", "fragment").out
    assert f"example.com/{'a' * 90}" in said
    assert said == office.narrow().does("site", "fragment").out


def test_a_forgotten_client_has_no_name_on_it(office: Office) -> None:
    office.does("clients", "forget", "N-1", "--yes", "--reason", "asked")
    what = "### What we do not do"
    office.edit("policies/service-guide-1.md", what, f"Nothing is forgotten.\n\n{what}")
    office.does("site", "build")
    page = (office.root / "site/policies/service-guide-1.html").read_text(encoding="utf-8")
    assert "Nothing is forgotten." in page


def test_a_profile_that_is_not_filled_in_makes_none(office: Office) -> None:
    office.edit("mailer.toml", 'phone = "916-555-0142"', 'phone = "FILL IN: phone"')
    said = office.does("site", "build", exits=1).said
    assert "not filled in yet: [firm] phone. The page was not written." in said
    assert not (office.root / "site").exists()


def test_only_the_page_of_today_is_put_before_everybody(office: Office) -> None:
    deploy = ("--on", "2027-01-20", "--deploy", str(office.root / "www"))
    assert (
        "--deploy puts today's page before everybody." in office.does("site", "build", *deploy, exits=2).said
    )


def _hours_edited_after_the_letters_went(office: Office) -> None:
    """The page and the voice mail announce what letters said, and nothing else; every look at it says so."""
    new = "From January 11, 2027, our hours are Monday to Thursday, 7:00 am to 6:00 pm"
    assert new in " ".join(office.does("profile", "texts").said.split())
    sooner = '[[hours]]\nfrom = 2026-12-07\nmonday = "10:00-12:00"\n\n[[hours]]\nfrom = 2027-01-11\n'
    office.edit("mailer.toml", "[[hours]]\nfrom = 2027-01-11\n", sooner)  # no letter says so
    for said in (office.does("profile", "texts").said, office.does("site", "fragment").out):
        assert "January 11, 2027" in said
        assert "10:00" not in said
    assert "no longer" not in office.does("status", HOURS).said
    assert "announce the hours of Mon 7 Dec 2026" in office.does().said
    assert "mailer new business-hours 2026-12-07-hours" in office.does().said
    said = office.does("site", "build").said
    assert "The hours change on Mon 7 Dec 2026, and no letter says so. See mailer" in said
    office.edit("mailer.toml", 'friday = "7:00-17:00"', 'friday = "7:00-15:00"')
    no_longer = "no longer say what was mailed: business hours"
    for command in (["status"], ["status", HOURS], ["check", HOURS]):
        assert no_longer in " ".join(office.does(*command).said.split()), command
    assert f"{HOURS}: the page no longer says what was mailed." in office.does("site", "build").said
    for said in (office.does("profile", "texts").said, office.does("site", "fragment").out):
        assert "January 11, 2027" not in said
    assert '"no_longer_said": ["business hours"]' in office.does("check", HOURS, "--json").out


def _what_has_a_price_is_left_out(office: Office) -> None:
    """An issue whose pages state one, whatever its text says; the others stay."""
    with open_folder(office.root, fixed=date(2026, 11, 25), database="", services={}) as mail:
        content = content_on(mail, mail.today)
        dear = ArchivedIssue("2026-11", "November 2026", mail.today, PRICED.read_bytes(), "<p>No price.</p>")
        kept, left_out = for_everybody(mail, replace(content, issues=(*content.issues, dear)))
        bare = replace(content, profile=replace(content.profile, response_times=(), ways=()))
        index = rendered(mail.root, bare, mail.letterhead, "", mail.clock.now())["index.html"].decode()
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


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("It costs 140 dollars.", "140 dollars"),
        ("USD 140 from May on", "USD 140"),
        ("€140", "€140"),
        ("140 €", "140 €"),
        ("one hundred and forty dollars", "forty dollars"),
        ("two hundred dollars", "hundred dollars"),
        ("140/hour", "140/hour"),
        ("140.00 per hour", "140.00 per hour"),
        ("within 2 hours, 24/7, by 30 people, in 15 minutes, a hundred times", ""),
        ("We answer 30 calls an hour, 12 months a year.", ""),
    ],
)
def test_what_is_a_price(text: str, price: str) -> None:
    found = [what for _, what in not_for_everybody({"a.md": text}, [])]
    assert found == ([f"states a price, {price}"] if price else [])


def test_a_price_and_a_client_are_seen_and_nothing_else() -> None:
    texts = {
        "a.md": "Call us by noon, 40 hours a week.",
        "b.md": "From $1,140.00 for ASH\nBakery.",
    }
    found = list(not_for_everybody(texts, [("Ash Bakery", "Al", "", "")]))
    assert found == [("b.md", "states a price, $1,140.00"), ("b.md", "names a client: ASH Bakery")]


def test_a_name_is_whole_and_the_longest_is_meant() -> None:
    names = KnownNames([("Cedar Hill", "Cy Lex", "cy@cedar.example", "(916) 555-0101"), ("Cedar Hill Law",)])
    assert list(names.within("cedar  hill law, 916 555-0101, Cedar Hills")) == ["cedar hill law"]
    assert list(names.within("At Cedar\nHill: (916) 555-0101, CY@cedar.example")) == [
        "Cedar Hill",
        "(916) 555-0101",
        "CY@cedar.example",
    ]


def test_a_folder_of_somebody_else_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    (tmp_path / "www/index.html").write_text("theirs")
    with pytest.raises(MailerError, match="holds something that mailer did not make"):
        put({"index.html": b"ours"}, on_disk(tmp_path / "www"))
    assert [path.read_text() for path in tmp_path.rglob("*.html")] == ["theirs"]


def test_what_somebody_put_beside_the_page_stays(tmp_path: Path) -> None:
    put({"index.html": b"ours"}, on_disk(tmp_path / "www"))
    (tmp_path / "www/robots.txt").write_text("theirs")
    with pytest.raises(MailerError, match=r"did not make: robots\.txt"):
        put({"index.html": b"new"}, on_disk(tmp_path / "www"))
    assert (tmp_path / "www/robots.txt").read_text() == "theirs"


def test_a_link_to_a_folder_stays_one(tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    (tmp_path / "current").symlink_to("www")
    put({"index.html": b"ours"}, on_disk(tmp_path / "current"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["current", "www"]
    assert (tmp_path / "current").is_symlink()
    assert (tmp_path / "www/index.html").read_bytes() == b"ours"


class Silent(Directory):
    """A server that stops answering while it is written to."""

    asked = 0

    def write(self, path: str, content: bytes) -> None:  # noqa: ARG002 (its signature)
        self.asked += 1
        raise TimeoutError

    def remove(self, path: str) -> None:  # noqa: ARG002 (its signature)
        self.asked += 1
        raise TimeoutError


def test_a_server_that_fell_silent_is_not_waited_for_again(tmp_path: Path) -> None:
    silent = Silent(tmp_path)
    with pytest.raises(MailerError, match="can't be written: no answer came in time\\."):
        put({"index.html": b"new"}, Spot(silent, "www", "sftp://firm@web.example/www"))
    assert silent.asked == 1


def test_a_page_is_put_in_place_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put({"index.html": b"first", "a/b.html": b"old"}, on_disk(tmp_path / "www"))
    put({"index.html": b"second"}, on_disk(tmp_path / "www"))
    assert sorted(path.name for path in (tmp_path / "www").rglob("*")) == [OURS, "index.html"]
    real = Path.rename

    def full(self: Path, target: Path) -> Path:
        if "-new-" in self.name:
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(MailerError, match="No space left on device"):
        put({"index.html": b"third"}, on_disk(tmp_path / "www"))
    monkeypatch.undo()
    assert [path.name for path in tmp_path.iterdir()] == ["www"]
    assert (tmp_path / "www/index.html").read_bytes() == b"second"


def test_an_interrupted_run_loses_no_page(office: Office, tmp_path: Path) -> None:
    """Killed at each of the two namings: the old page is whole, in its place or put back by the next run."""
    www = tmp_path / "www"
    deploy = ("site", "build", "--deploy", str(www))
    office.does(*deploy)
    (www / "index.html").write_text("the old page")
    killed(office, "before-move:3", *deploy)  # 1 and 2 are those of site/
    assert (www / "index.html").read_text() == "the old page"
    killed(office, "after-move:3", *deploy)
    assert not www.exists()
    put({"index.html": b"one more"}, on_disk(www))
    assert [path.name for path in tmp_path.iterdir() if "www" in path.name] == ["www"]
    assert (www / "index.html").read_text() == "one more"


def test_a_run_that_ends_between_the_namings_puts_the_page_back(tmp_path: Path) -> None:
    class Ending(Directory):
        def move(self, old: str, new: str) -> None:
            if "-new-" in old:
                raise KeyboardInterrupt
            super().move(old, new)

    put({"index.html": b"first"}, on_disk(tmp_path / "www"))
    with pytest.raises(KeyboardInterrupt):
        put({"index.html": b"second"}, Spot(Ending(tmp_path), "www", "www"))
    assert [path.name for path in tmp_path.iterdir()] == ["www"]
    assert (tmp_path / "www/index.html").read_bytes() == b"first"


def test_by_sftp(tmp_path: Path, sshd: str) -> None:
    www = tmp_path / "www"
    there = spot(f"{sshd}{www}", tmp_path / "mail")
    put({"index.html": b"first", "a/b/c.html": b"deep"}, there)
    put({"index.html": b"second", "a/c.html": b"other"}, there)
    assert sorted(path.relative_to(www).as_posix() for path in www.rglob("*") if path.is_file()) == [
        OURS, "a/c.html", "index.html",
    ]  # fmt: skip
    with pytest.raises(MailerError, match="can't be written") as found:  # a file where a folder is to be
        put({"index.html": b"third", "a": b"", "a/c.html": b""}, there)
    assert "The page that stood there is as it was" in str(found.value)
    assert (www / "index.html").read_bytes() == b"second"
    assert [path.name for path in tmp_path.iterdir() if "www" in path.name] == ["www"]
    www.rename(tmp_path / ".www-old-0a1b2c3d")  # killed between the two namings
    put({"index.html": b"third"}, there)
    assert [path.name for path in tmp_path.iterdir() if "www" in path.name] == ["www"]
    (www / "robots.txt").write_text("theirs")
    with pytest.raises(MailerError, match=r"did not make: robots\.txt"):
        put({"index.html": b"fourth"}, there)
    (www / "robots.txt").unlink()
    (tmp_path / "current").symlink_to("www")
    put({"index.html": b"fourth"}, spot(f"{sshd}{tmp_path}/current", tmp_path / "mail"))
    assert (tmp_path / "current").is_symlink()
    assert (www / "index.html").read_bytes() == b"fourth"


def test_a_server_that_is_none(office: Office, sshd: str, tmp_path: Path) -> None:
    (tmp_path / "home/.ssh/known_hosts").write_text("")
    unknown = office.does("site", "build", "--deploy", f"{sshd}{tmp_path}/www", exits=1).err
    assert "can't be reached: Server '[127.0.0.1]" in unknown
    assert "a password goes into SITE_PASSWORD" in unknown
    secret = office.does("site", "build", "--deploy", "sftp://a:secret@web.example/www", exits=1).err
    assert "belongs into SITE_PASSWORD or secrets.toml" in secret
    assert ":secret@" not in secret
    for wrong in ("ftp://web.example/www", "sftp://web.example/"):
        assert "it can't be put there" in office.does("site", "build", "--deploy", wrong, exits=1).err
    assert not (office.root / "site").exists()


def test_an_issue_whose_pages_are_missing_stops_the_page(office: Office) -> None:
    """The file is named, what stood there stays, and the backup is the way on."""
    office.does("site", "build")
    office.does("approve", ISSUE)
    office.does("print", ISSUE)
    office.drops("2026-11-24 14:10", name=ISSUE)
    before = (office.root / "site/index.html").read_bytes()
    (pages,) = {Path(row[0]) for row in office.rows("SELECT DISTINCT file FROM piece")}
    kept = next(path for path in (office.root / "files").rglob("*") if path.name.startswith(pages.name))
    content = kept.read_bytes()
    for wrong, said in ((None, "a stored file is missing"), (b"%PDF-1.7", "a stored file was changed")):
        kept.unlink()
        if wrong:
            kept.write_bytes(wrong)
        found = office.does("site", "build", exits=1).err
        assert kept.name in found
        assert said in found
        assert "Restore files/ from a backup" in found
        assert (office.root / "site/index.html").read_bytes() == before
        kept.write_bytes(content)
    office.does("site", "build")
    assert (office.root / "site/issues/2026-12.pdf").exists()


def test_composed_html_as_text() -> None:
    html = "<h3>When</h3><p>Mon &amp; Tue<br>8:00</p><ol><li>Call</li><li><p>Write</p></li></ol>"
    html += "<table><tr><th>A</th><td>b</td></tr></table>"
    assert readable(html) == "When\n\nMon & Tue\n8:00\n\n1. Call\n2. Write\n\nA | b\n"
