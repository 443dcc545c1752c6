"""A mailing by the print shop as it is typed: sent, answered, followed, proved. The shop is a real folder."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from mailer.errors import MailerError
from mailer.mailservice.hotfolder.provider import shop_of
from tests.fakes.lob import Handle
from tests.support.copies import backup, restored
from tests.support.evidence import PACIFIC, at, text_of
from tests.support.office import RATES, Office

DEFINITION = f"campaigns/{RATES}/campaign.toml"
L1, L2 = f"{RATES}-L-0001", f"{RATES}-L-0002"


def with_shop(office: Office, route: str = "") -> Office:
    """The office with a print shop's folder, and the route in its rate notice."""
    for name in ("jobs", "answers", "sent"):
        (office.root / "shop" / name).mkdir(parents=True)
    office.edit("mailer.toml", "[lead_times]", '[hotfolder]\nfolder = "shop"\ntest = true\n\n[lead_times]')
    if route:
        office.edit(DEFINITION, "effective =", f'route = "{route}"\neffective =')
    return office


def test_an_older_copy_learns_from_the_shops_folder_what_went(real: Office, tmp_path: Path) -> None:
    live = with_shop(real)
    live.edit("mailer.toml", 'folder = "shop"\ntest = true', f'folder = "{live.root}/shop"')
    file = backup(live)
    live.does("send", RATES, "--yes")
    again = restored(live, file, tmp_path / "again")
    assert "4 pieces were sent since; recorded as accepted" in again.does("settle", "--not-by", "lob").said
    assert again.rows("SELECT provider_id FROM submission ORDER BY 1") == live.rows(
        "SELECT provider_id FROM submission ORDER BY 1"
    )
    answer(live, "all,accepted,,")
    assert "4 pieces asked for, 4 new events, 0 moved on." in again.does("track").said


def answer(office: Office, *rows: str) -> None:
    """The shop has taken the job away, and answers."""
    (record,) = (office.root / "shop" / "sent").glob("*.json")
    text = "\n".join(("piece,status,day,reason", *rows, "end\n"))
    (office.root / "shop" / "answers" / f"{record.stem}.csv").write_text(text)


def handed_over(office: Office) -> None:
    """What was printed here goes to the post at two in the afternoon."""
    where = ("--place", "Main Post Office", "--class", "first")
    office.does("drop", RATES, "--at", "2026-11-25 14:00", "--by", "Dana Whitcomb", *where)


@pytest.fixture
def shop(office: Office) -> Office:
    return with_shop(office, "hotfolder")


def test_a_mailing_by_the_print_shop(shop: Office, tmp_path: Path) -> None:
    assert f"Next: mailer send {RATES}" in shop.does("approve", RATES).said
    ran = shop.does("send", RATES)
    assert "Cost $4.20, by the price list." in ran.said  # four sheets at $1.05, the shipped example
    assert "4 pieces accepted, $4.20." in ran.said
    answer(shop, "all,accepted,,", "all,mailed,2026-11-25,", f"{L2},rejected,,no such street")
    later = shop.on("2026-11-25")
    ran = later.does("track")
    assert f"accepted → mailed, 3: {L1}" in ran.said
    assert f"accepted → rejected, 1: {L2}" in ran.said
    story = later.does("status", RATES, L2).said
    assert "accepted by the print shop as TEST-2027-rates-" in story
    assert "refused by the print shop: rejected: no such street" in story
    assert later.rows("SELECT DISTINCT dropped_on, counts_on FROM piece WHERE status = 'mailed'") == [
        ("2026-11-25", "2026-11-25")
    ]
    assert "it is mailed, not at the service" in later.does("cancel", RATES, "--reason", "no", exits=1).said
    later.does("ledger", "verify")
    later.does("evidence", RATES, "--out", str(tmp_path / "pack"))
    assert (tmp_path / "pack" / "certificate-hotfolder.pdf").exists()


def test_what_the_shop_rejected_and_mailed_all_the_same(shop: Office) -> None:
    """Nobody was told, and the letter that was made in its place went too."""
    shop.does("approve", RATES)
    shop.does("send", RATES)
    answer(shop, f"{L2},rejected,,no such street")
    shop.on("2026-11-25").does("track")
    answer(shop, f"{L2},rejected,,no such street", f"{L2},mailed,2026-11-25,")
    said = shop.on("2026-11-25").does("track", exits=4).said
    assert "it is said to be rejected, and to be mailed on 2026-11-25; the shop must say which" in said


def test_mailed_on_the_afternoon_on_which_it_was_sent(real: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half past five in Sacramento is the next day in Greenwich, by which a day without an hour is kept."""
    live = with_shop(real, "hotfolder")
    live.edit("mailer.toml", "test = true", "")
    live.edit("mailer.toml", 'folder = "shop"', f'folder = "{live.root}/shop"')
    day = datetime.now(PACIFIC).date() + timedelta(days=1)
    afternoon = datetime.combine(day, time(17, 30), PACIFIC)
    monkeypatch.setattr("mailer.clock.real_now", lambda: afternoon.astimezone(UTC))
    live.does("approve", RATES)
    live.does("send", RATES, "--yes")
    answer(live, f"all,mailed,{day},")
    assert "4 moved on" in live.does("track").said
    assert live.rows("SELECT DISTINCT dropped_on FROM piece WHERE status = 'mailed'") == [(f"{day}",)]


@pytest.mark.parametrize("name", ["jobs", "answers", "sent"])
def test_a_folder_that_is_crowded(shop: Office, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """200,000 names by SFTP were listed again and again, ten seconds each time."""
    shop.does("approve", RATES)
    monkeypatch.setattr("mailer.place.MOST", 20)
    for number in range(21):
        (shop.root / "shop" / name / f"{number}.txt").touch()
    said = shop.does("send", RATES, exits=4).said
    assert (
        f"shop: the print shop's folder can't be reached: {name}: holds more than 20 names. Move out" in said
    )
    for number in range(11, 21):
        (shop.root / "shop" / name / f"{number}.txt").unlink()
    assert "4 pieces accepted" in shop.does("send", RATES).said


def test_a_month_by_two_routes(shop: Office) -> None:
    for name in ("2027-hours", "2027-remote-access"):
        (shop.root / "campaigns" / name).rename(shop.root / name)
    three = '["2027-rates", "2027-hours", "2027-remote-access"]'
    shop.edit("campaigns/2026-12/campaign.toml", three, '["2027-rates"]')
    shop.edit("campaigns/2026-12/campaign.toml", "kind =", 'route = "print-room"\nkind =')
    assert "2027-rates 4 4 $4.20 Wed 25 Nov 2026 nothing" in shop.does("month").said
    ran = shop.does("go", "--by", "Dana Whitcomb", "--yes").said
    assert "2027-rates 4 Wed 25 Nov 2026 sent, $4.20" in ran
    assert "2026-12-job-1" in ran


def test_a_route_that_there_is_not(office: Office) -> None:
    office.edit(DEFINITION, "effective =", 'route = "hot-folder"\neffective =')
    assert (
        f"{DEFINITION}:4: route: 'hot-folder' is no way to leave; there are: print-room, mail-service, lob, "
        "hotfolder" in office.does("plan", RATES, exits=1).said
    )


def test_of_two_services_the_campaign_says_which(office: Office) -> None:
    with_shop(office).edit("mailer.toml", "[lead_times]", "[lob]\n\n[lead_times]")
    said = office.does("plan", RATES, exits=1).said
    assert 'the tables of several mail services: write route = "lob" or route = "hotfolder"' in said
    office.edit(DEFINITION, "effective =", 'route = "hotfolder"\neffective =')
    office.does("plan", RATES)


def test_without_a_folder(office: Office) -> None:
    office.edit(DEFINITION, "effective =", 'route = "hotfolder"\neffective =')
    office.does("approve", RATES)
    assert "reckoned as with a test key" in office.does("send", RATES, "--dry-run").said
    assert "the print shop's folder is not named" in office.does("send", RATES, exits=1).said
    office.edit("mailer.toml", "[lead_times]", '[hotfolder]\nfolder = "nowhere"\n\n[lead_times]')
    assert "make the folders jobs, answers and sent in it" in office.does("send", RATES, exits=4).said


@pytest.mark.parametrize(
    ("folder", "says"),
    [
        ("sftp://u:hunter2@127.0.0.1/x", "a password stands in it, and belongs into HOTFOLDER_PASSWORD"),
        ("ftp://u:hunter2@127.0.0.1/x", "a password stands in it, and belongs into HOTFOLDER_PASSWORD"),
        ("sftp://u@127.0.0.1:99999/x", "can't be one: 'sftp://u@127.0.0.1:99999/x' is neither a path nor"),
        ("sftp://u@127.0.0.1:abc/x", "can't be one: 'sftp://u@127.0.0.1:abc/x' is neither a path nor"),
        (f"sftp://u@{'a' * 300}/x", "can't be reached: a host's name is empty, too long, or has a letter"),
        ("~nobody-of-that-name/x", "can't be one: Could not determine home directory."),
        ("a\\u0000b", "can't be one: there is a NUL in it."),
        ("sftp://[x/y", "can't be one: 'sftp://[x/y' is neither a path nor an address of SFTP."),
        ("http://x/y", "can't be one: 'http://x/y' is neither a path nor an address of SFTP."),
    ],
)
def test_a_folder_that_can_be_none(office: Office, folder: str, says: str) -> None:
    office.edit("mailer.toml", "[lead_times]", f'[hotfolder]\nfolder = "{folder}"\n\n[lead_times]')
    with at(office, "2026-11-24 10:00") as mail, pytest.raises(MailerError) as caught:
        shop_of(mail)
    assert says in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_what_another_service_may_have_is_settled_there_first(lobbed: Office, fake_lob: Handle) -> None:
    fake_lob.tell(faults=[{"kind": "drop", "label": L1, "times": 0}])
    lobbed.does("send", RATES, exits=4)
    with_shop(lobbed, "hotfolder").does("approve", RATES)
    said = lobbed.does("send", RATES, exits=1).said
    assert f"{L1} was asked for by Lob, and there was no answer" in said
    assert 'write route = "lob" into its campaign.toml' in said
    said = lobbed.does("cancel", RATES, "--reason", "no", exits=4).said
    assert f'{L2}: Lob has it: write route = "lob" into its campaign.toml to cancel it there' in said
    assert "3 pieces asked for" in lobbed.does("track").said  # each by the service that has it


def test_the_shop_takes_back_that_it_mailed(shop: Office, tmp_path: Path) -> None:
    """Everything went on saying that notice is proved, of letters that nobody had mailed."""
    shop.does("approve", RATES)
    shop.does("send", RATES)
    answer(shop, "all,mailed,2026-11-25,")
    later = shop.on("2026-11-25")
    assert "accepted → mailed, 4" in later.does("track").said
    assert "Notice is safe for every client." in later.does("check", RATES).said
    answer(shop, f"{L1},rejected,,machine broke", "all,mailed,2026-11-25,")
    doubt = "told as mailed on Wed 25 Nov 2026, and since as rejected: machine broke"
    for _ in range(2):
        said = later.does("track", exits=4).said
        assert f"IN DOUBT {L1}: {doubt}" in said
        assert "Ask the service which is true. What to do then: mailer status NAME" in said
    said = later.does("status", RATES).said
    assert "1 told as mailed and since otherwise, so that no notice rests on them. Ask the service" in said
    assert doubt in said
    assert "1 told as mailed and since otherwise" in later.does("status").said
    said = later.does("check", RATES, exits=1).said
    assert "Notice is NOT safe for 1 of 4 clients." in said
    assert "1 in doubt" in said
    assert "told as mailed, and since otherwise: ask the service which of both is true" in said
    proved = later.does("evidence", RATES, "--out", str(tmp_path / "pack"))
    assert "Notice is proved for 3 of 4 clients." in proved.said
    assert "Taken back by the print shop" in text_of(tmp_path / "pack" / "evidence.pdf")
    assert "told as mailed, and since otherwise" in later.does("rates", "--worked-on", "2027-01-04").said
    later.does("ledger", "verify")
    answer(shop, "all,mailed,2026-11-25,")
    assert "IN DOUBT" not in later.does("track").said
    assert "Nothing needs attention." in later.does("status", RATES).said
    assert "Notice is safe for every client." in later.does("check", RATES).said


def test_the_shop_says_a_later_day_than_before(shop: Office) -> None:
    """The first stayed, and with it notice in time: Saturday the 28th was Birch Lane Dental's last day."""
    shop.does("approve", RATES)
    shop.does("send", RATES)
    answer(shop, "all,mailed,2026-11-25,")
    later = shop.on("2026-11-30")
    later.does("track")
    answer(shop, "all,mailed,2026-11-30,")
    doubt = "told as mailed on Wed 25 Nov 2026, and since as mailed on Mon 30 Nov 2026"
    assert f"IN DOUBT {L1}, {L2}, {RATES}-L-0003 and 1 more: {doubt}" in later.does("track", exits=4).said
    assert "4 in doubt" in later.does("check", RATES, exits=1).said
    answer(shop, "all,mailed,2026-11-25,")
    assert "IN DOUBT" not in later.does("track").said
    assert "Notice is safe for every client." in later.does("check", RATES).said


def test_the_shop_says_both_at_once(shop: Office) -> None:
    """Of a piece that was told as mailed before; until then nothing of such an answer is believed."""
    shop.does("approve", RATES)
    shop.does("send", RATES)
    answer(shop, f"{L1},mailed,2026-11-25,", "all,mailed,2026-11-25,")
    later = shop.on("2026-11-25")
    later.does("track")
    answer(shop, f"{L1},mailed,2026-11-25,", f"{L1},rejected,,jam", "all,mailed,2026-11-25,")
    both = "it is said to be rejected, and to be mailed on 2026-11-25; the shop must say which"
    assert both in later.does("track", exits=4).said
    assert both in later.does("status", RATES).said
    assert "1 in doubt" in later.does("check", RATES, exits=1).said
    answer(shop, "all,mailed,2026-11-25,")
    later.does("track")
    assert "Notice is safe for every client." in later.does("check", RATES).said


def took_back(shop: Office, day: str) -> Office:
    """The shop told that it mailed all, and then that it never mailed the first: as it stands on that day."""
    shop.does("approve", RATES)
    shop.does("send", RATES)
    answer(shop, "all,mailed,2026-11-25,")
    later = shop.on(day)
    later.does("track")
    answer(shop, f"{L1},rejected,,machine broke", "all,mailed,2026-11-25,")
    later.does("track", exits=4)
    return later


def settled(office: Office) -> None:
    assert "IN DOUBT" not in office.does("track").said
    assert "Nothing needs attention." in office.does("status", RATES).said
    assert "Notice is safe for every client." in office.does("check", RATES).said


def test_what_the_shop_took_back_is_printed_here(shop: Office) -> None:
    later = took_back(shop, "2026-11-25")
    later.does("reprint", L1, "--reason", "the shop never mailed it")
    handed_over(later)
    settled(later)


def test_what_the_shop_took_back_and_the_client_signed_for(shop: Office) -> None:
    later = took_back(shop, "2026-11-27")
    later.does("received", L1, "--on", "2026-11-27", "--proof", "the client says so by e-mail")
    settled(later)


def test_a_second_letter_is_in_the_post(shop: Office) -> None:
    """The shop rejected it, it was printed here and handed over, and the shop had mailed it all the same."""
    shop.does("approve", RATES)
    shop.does("send", RATES)
    answer(shop, f"{L1},rejected,,paper jam", "all,mailed,2026-11-25,")
    later = shop.on("2026-11-25")
    later.does("track")
    later.does("print", RATES, "--remaining")
    handed_over(later)
    answer(shop, "all,mailed,2026-11-25,")
    twice = f"the post has it more than once: also as {RATES}-L-0005, which was made when this was refused"
    assert f"TWICE    {L1}: {twice}" in later.does("track", exits=4).out
    said = later.does("status", RATES).said
    assert "1 of which the service says something is wrong" in said
    assert f"{L1} Dogwood Press: {twice}" in said
    later.does("track")
    assert twice in later.does("status", RATES).said


def test_mailed_while_what_was_made_in_its_place_waits(shop: Office) -> None:
    shop.does("approve", RATES)
    shop.does("send", RATES)
    answer(shop, f"{L1},rejected,,paper jam", "all,mailed,2026-11-25,")
    later = shop.on("2026-11-25")
    later.does("track")
    later.does("print", RATES, "--remaining")
    answer(shop, "all,mailed,2026-11-25,")
    said = later.does("track", exits=4).said
    assert f"it was refused before: {RATES}-L-0005, made in its place, must not go too" in said
    assert f"{RATES}-L-0005, made in its place, must not go too" in later.does("status", RATES).said


@pytest.mark.parametrize("ending", [".csv.txt", ".xlsx", ""])
def test_an_answer_by_another_name(shop: Office, ending: str) -> None:
    """Windows hides endings, so that nobody saw why nothing was told."""
    shop.does("approve", RATES)
    shop.does("send", RATES)
    answer(shop, "all,mailed,2026-11-25,")
    (file,) = (shop.root / "shop" / "answers").glob("*.csv")
    file.rename(file.parent / f"{file.stem}{ending}")
    said = shop.on("2026-11-25").does("track").said
    assert f"answers/{file.stem}{ending} is not read, since its name does not end in .csv." in said
    assert f"Where it is an answer, save it as CSV and name it {file.stem}.csv" in said
