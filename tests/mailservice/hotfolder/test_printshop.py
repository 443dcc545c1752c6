"""A mailing by the print shop as it is typed: sent, answered, followed, proved. The shop is a real folder."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from mailer.errors import MailerError
from mailer.mailservice.hotfolder.provider import shop_of
from tests.fakes.lob import Handle
from tests.support.copies import backup, restored
from tests.support.evidence import PACIFIC, at
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
        ("sftp://u@127.0.0.1:99999/x", "can't be one: Port out of range 0-65535."),
        ("sftp://u@127.0.0.1:abc/x", "can't be one: Port could not be cast to integer value as 'abc'."),
        ("sftp://[::1/x", "can't be one: Invalid IPv6 URL."),
        (f"sftp://u@{'a' * 300}/x", "can't be reached: encoding with 'idna' codec failed"),
        ("~nobody-of-that-name/x", "can't be one: Could not determine home directory."),
        ("a\\u0000b", "can't be one: there is a NUL in it."),
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
