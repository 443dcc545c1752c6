"""Letters by e-mail from approval to bounce, through a real server on a socket.

The pieces are in ZIP order: L-0001 goes to Davis (N-4), L-0002 to Ash Street (N-1), L-0003 to Birch Lane
(N-2), L-0004 to Cedar Hill (N-3).
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from mailer.pages.pagehash import whole_hash
from tests.fakes.certificate import certified
from tests.fakes.imap import MailboxServer, mailbox_server
from tests.fakes.post import PASSWORD, Fault, MailServer, mail_server
from tests.mailservice.smtp.conftest import FROM_EMAIL, ROWS
from tests.support.copies import backup, restored
from tests.support.office import HEADINGS, RATES, Office

L1, L2, L3, L4 = (f"2027-rates-L-000{number}" for number in range(1, 5))
ONCE = {L1: 1, L2: 1, L3: 1, L4: 1}


def statuses(office: Office) -> list[str]:
    return [status for _, status in office.pieces()]


def test_each_client_gets_the_approved_letter_once(wired: Office, server: MailServer) -> None:
    ran = wired.does("send", RATES, "--yes")
    assert "2027-rates: 4 pieces, 4 pages" in ran.said
    assert "Sent at once by e-mail; notice is in time until" in ran.said
    assert "4 pieces accepted, $0.00." in ran.said
    assert server.copies() == ONCE
    assert statuses(wired) == ["mailed"] * 4

    letter = server.one(L2)
    assert letter["To"] == "Ada Byrd <ada@ash.example>"
    assert letter["From"] == "Cedar & Finch IT <office@cedarfinch.example>"
    assert letter["Subject"] == "New rates for hourly work"
    assert letter["List-Unsubscribe"] is None  # a notice is no advertisement
    ((key,),) = wired.rows("SELECT send_key FROM submission JOIN piece ON id = piece_id WHERE number = 2")
    assert letter["Message-ID"] == f"<{key}@cedarfinch.example>"
    assert isinstance(letter, EmailMessage)
    plain, page = (letter.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert page is not None
    for text in (plain.get_content(), page.get_content()):
        for words in (
            "Dear Ada Byrd,",
            "$138.00",
            "Dana Whitcomb",
            "1480 Millrace Way",
            "Sacramento CA 95814",
        ):
            assert words in text
    assert list(letter.iter_attachments()) == []

    sent = wired.does("send", RATES, "--yes", exits=1)
    assert "nothing is waiting to be sent" in sent.said
    assert server.copies() == ONCE
    assert {one["state"] for number, one in wired.checked().items() if number} == {"running"}
    wired.does("ledger", "verify")


def test_the_plan_and_the_story_call_an_e_mail_one(wired: Office) -> None:
    on_paper = ROWS[3].replace(FROM_EMAIL, "30 days from deposit")
    wired.imports("\n".join([HEADINGS, *ROWS[:3], on_paper]) + "\n")
    plan = wired.does("plan", RATES)
    assert "1 gets a letter 3 gets it by e-mail" in plan.said
    assert wired.does("plan", RATES, "--json").json["by_email"] == 3
    wired.does("approve", RATES)
    wired.does("send", RATES, "--leave-out", "--yes")
    told = wired.does("status", RATES, "2").said
    assert "accepted by the mail server as" in told
    assert "sent by e-mail; counts as given" in told
    assert "in the post" not in told


def test_the_pdf_with_it_is_what_was_approved(wired: Office, server: MailServer) -> None:
    wired.edit("mailer.toml", "per_minute = 0", "per_minute = 0\nattach_pdf = true")
    wired.does("send", RATES, "--yes")
    letter = server.one(L2)
    assert isinstance(letter, EmailMessage)
    (attached,) = letter.iter_attachments()
    assert attached.get_filename() == f"{L2}.pdf"
    content = attached.get_payload(decode=True)
    assert isinstance(content, bytes)
    ((approved,),) = wired.rows("SELECT sha256 FROM piece WHERE number = 2")
    assert whole_hash(content) == approved


def test_a_test_goes_to_oneself_and_counts_for_nothing(wired: Office, server: MailServer) -> None:
    wired.edit("mailer.toml", "per_minute = 0", 'per_minute = 0\ntest_to = "dana@cedarfinch.example"')
    ran = wired.does("send", RATES)
    assert "Every message goes to dana@cedarfinch.example, and none to a client." in ran.said
    assert {str(one["To"]).partition("<")[2] for one in server.taken} == {"dana@cedarfinch.example>"}
    assert server.one(L2)["Subject"] == "[TEST] New rates for hourly work"
    wired.edit("mailer.toml", '\ntest_to = "dana@cedarfinch.example"', "")
    server.taken.clear()
    wired.does("send", RATES, "--yes")
    assert [str(one["To"]) for one in server.taken].count("Ada Byrd <ada@ash.example>") == 1
    assert len(server.taken) == 4


def test_one_address_is_refused_and_the_others_go(wired: Office, server: MailServer) -> None:
    server.faults = [Fault("refuse", "ada@ash.example", times=0)]
    ran = wired.does("send", RATES, "--yes", exits=1)
    assert f"REFUSED {L2}: 550 5.1.1 no such user" in ran.said
    assert server.copies() == {L1: 1, L3: 1, L4: 1}
    assert statuses(wired) == ["mailed", "rejected", "mailed", "mailed"]


def test_put_off_is_not_sent_and_stays_approved(wired: Office, server: MailServer) -> None:
    server.faults = [Fault("defer", "ada@ash.example", times=0, reply="451 4.7.1 greylisted")]
    ran = wired.does("send", RATES, "--yes", exits=4)
    assert f"NOT TAKEN {L2}: the server puts it off: 451 4.7.1 greylisted" in ran.said
    assert statuses(wired) == ["mailed", "approved", "mailed", "mailed"]
    server.faults = []
    wired.does("send", RATES, "--yes")
    assert server.copies() == ONCE


def test_put_off_for_a_moment_goes_in_the_same_run(wired: Office, server: MailServer) -> None:
    server.faults = [Fault("refuse", times=2, reply="450 4.2.0 busy"), Fault("defer", times=1)]
    wired.does("send", RATES, "--yes")
    assert server.copies() == ONCE


def test_a_connection_lost_before_the_text_is_made_anew(wired: Office, server: MailServer) -> None:
    server.faults = [Fault("drop-before", times=3)]
    wired.does("send", RATES, "--yes")
    assert server.copies() == ONCE
    assert statuses(wired) == ["mailed"] * 4


def test_a_server_that_always_hangs_up_before_the_text_has_nothing(wired: Office, server: MailServer) -> None:
    server.faults = [Fault("drop-before", times=0)]
    ran = wired.does("send", RATES, "--yes", exits=4)
    assert "can't be reached: 127.0.0.1" in ran.said
    assert statuses(wired) == ["approved"] * 4
    server.faults = []
    wired.does("send", RATES, "--yes")
    assert server.copies() == ONCE


@pytest.mark.parametrize("kind", ["drop-after", "lose"])
def test_what_is_unknown_is_never_sent_again_until_a_person_says_so(
    wired: Office, server: MailServer, kind: str
) -> None:
    server.faults = [Fault(kind, "ada@ash.example")]
    ran = wired.does("send", RATES, "--yes", exits=4)
    assert f"UNKNOWN {L2}: the server did not say whether it took it" in ran.said
    assert statuses(wired) == ["mailed", "unknown", "mailed", "mailed"]
    before = server.copies()
    for _ in range(2):
        again = wired.does("send", RATES, "--yes", exits=4)
        assert "look in your Sent folder, then say --taken or --not-taken" in again.said
    assert server.copies() == before
    assert "is not open" in wired.does("send", RATES, "--yes", "--taken", L1, exits=1).said
    both = wired.does("send", RATES, "--yes", "--taken", L2, "--not-taken", L2, exits=2)
    assert "can't be both taken and not" in both.said

    word = "--taken" if kind == "drop-after" else "--not-taken"
    wired.does("send", RATES, "--yes", word, L2)
    assert statuses(wired) == ["mailed"] * 4
    assert server.copies() == ONCE
    wired.does("ledger", "verify")


@pytest.fixture
def mailbox(wired: Office, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailboxServer]:
    monkeypatch.setenv("SMTP_PASSWORD", PASSWORD)
    folders = {"Sent Items": lambda: list(server.raw), "INBOX": list}
    with mailbox_server(folders, PASSWORD) as made:
        more = f'\nimap = "127.0.0.1"\nimap_port = {made.port}\nsent = "Sent Items"'
        wired.edit("mailer.toml", "per_minute = 0", f"per_minute = 0{more}")
        yield made


def test_the_sent_folder_tells_what_was_taken(
    wired: Office, server: MailServer, mailbox: MailboxServer
) -> None:
    server.faults = [Fault("drop-after", "ada@ash.example")]
    wired.does("send", RATES, "--yes", exits=4)
    wired.does("send", RATES, "--yes")
    assert statuses(wired) == ["mailed"] * 4
    assert server.copies() == ONCE
    assert mailbox.changed == []


def test_what_is_not_in_the_sent_folder_goes_again_only_after_ten_minutes(
    wired: Office, server: MailServer, mailbox: MailboxServer
) -> None:
    assert mailbox.port
    server.faults = [Fault("lose", "ada@ash.example")]
    wired.does("send", RATES, "--yes", exits=4)
    again = wired.does("send", RATES, "--yes", exits=4)
    assert "the Sent folder does not show it yet; send again in ten minutes" in again.said
    assert server.copies() == {L1: 1, L3: 1, L4: 1}
    with closing(sqlite3.connect(wired.root / ".smtp-sent.db")) as database, database:
        database.execute("UPDATE message SET begun = begun - 601 WHERE taken IS NULL")
    wired.does("send", RATES, "--yes")
    assert server.copies() == ONCE


def test_a_sent_folder_that_gets_nothing_tells_nothing(
    wired: Office, server: MailServer, mailbox: MailboxServer
) -> None:
    mailbox.folders = {"Sent Items": list, "INBOX": list}
    server.faults = [Fault("lose", "ada@ash.example")]
    wired.does("send", RATES, "--yes", exits=4)
    with closing(sqlite3.connect(wired.root / ".smtp-sent.db")) as database, database:
        database.execute("UPDATE message SET begun = begun - 601 WHERE taken IS NULL")
    again = wired.does("send", RATES, "--yes", exits=4)
    assert "the folder 'Sent Items' holds nothing of ours" in again.said
    assert server.copies() == {L1: 1, L3: 1, L4: 1}


def test_a_sender_that_can_be_none_stops_it_before_a_piece_is_refused(
    wired: Office, server: MailServer
) -> None:
    wired.edit("mailer.toml", '"office@cedarfinch.example"', '"büro@cedarfinch.example"')
    ran = wired.does("send", RATES, "--yes", exits=1)
    assert "can't be the sender of an e-mail" in ran.said
    assert statuses(wired) == ["approved"] * 4
    assert server.taken == []


def test_as_many_a_day_as_the_firm_says(wired: Office, server: MailServer) -> None:
    wired.edit("mailer.toml", "per_minute = 0", "per_minute = 0\nper_day = 3")
    ran = wired.does("send", RATES, "--yes", exits=4)
    assert "3 e-mails went within 24 hours, and per_day under [smtp] is 3" in ran.said
    assert len(server.taken) == 3
    assert Counter(statuses(wired)) == {"mailed": 3, "approved": 1}
    with closing(sqlite3.connect(wired.root / ".smtp-sent.db")) as database, database:
        database.execute("UPDATE message SET begun = begun - 86401")
    wired.does("send", RATES, "--yes")
    assert server.copies() == ONCE


def test_without_its_journal_nobody_knows_what_went(wired: Office, server: MailServer) -> None:
    server.faults = [Fault("drop-after", "ada@ash.example")]
    wired.does("send", RATES, "--yes", exits=4)
    for path in wired.root.glob(".smtp-sent.db*"):
        path.unlink()
    assert "asked for under another account" in wired.does("send", RATES, "--yes", exits=1).said
    assert server.copies() == ONCE


def test_an_older_copy_learns_from_the_journal_what_went(
    wired: Office, server: MailServer, tmp_path: Path
) -> None:
    file = backup(wired)
    wired.does("send", RATES, "--yes")
    again = restored(wired, file, tmp_path / "again")
    blind = again.does("settle", "--not-by", "lob", exits=4)
    assert ".smtp-sent.db of this folder was begun since and can't tell" in blind.said
    for path in wired.root.glob(".smtp-sent.db*"):
        shutil.copy(path, again.root)
    assert "4 pieces were sent since; recorded as accepted" in again.does("settle", "--not-by", "lob").said
    again.does("track")
    assert statuses(again) == ["mailed"] * 4
    assert server.copies() == ONCE


def test_a_folder_put_back_in_place_keeps_its_journal(wired: Office, server: MailServer) -> None:
    file = backup(wired)
    wired.does("send", RATES, "--yes")
    again = restored(wired, file, wired.root, "--over")
    assert "4 pieces were sent since; recorded as accepted" in again.does("settle", "--not-by", "lob").said
    assert "nothing is waiting to be sent" in again.does("send", RATES, "--yes", exits=1).said
    assert server.copies() == ONCE


def test_a_copy_whose_journal_is_lost_sends_no_e_mail_twice(
    wired: Office, server: MailServer, tmp_path: Path
) -> None:
    """Two of four went after the backup; the disk is gone, and with it what tells which."""
    file = backup(wired)
    server.faults = [Fault("refuse", "ada@ash.example"), Fault("refuse", "bo@birch.example")]
    wired.mailer("send", RATES, "--yes")
    server.faults = []
    went = server.copies()
    again = restored(wired, file, tmp_path / "again")
    told = again.does("settle", "--not-by", "lob", "--lost", "smtp", "--not-printed", RATES).said
    assert "2027-rates: 4 pieces may have gone since, and nothing tells" in told
    assert statuses(again) == ["unknown"] * 4
    assert "look in your Sent folder" in again.does("send", RATES, "--yes", exits=4).said
    assert server.copies() == went
    gone = [word for piece in went for word in ("--taken", piece)]
    not_gone = [word for piece in ONCE if piece not in went for word in ("--not-taken", piece)]
    again.does("send", RATES, "--yes", *gone, *not_gone)
    assert server.copies() == ONCE
    assert statuses(again) == ["mailed"] * 4
    again.does("ledger", "verify")


@pytest.mark.usefixtures("server")
def test_what_was_known_to_be_sent_is_known_to_a_journal_begun_anew(wired: Office, tmp_path: Path) -> None:
    wired.does("send", RATES, "--yes")
    again = restored(wired, backup(wired), tmp_path / "again")
    again.does("settle", "--not-by", "lob", "--lost", "smtp")
    with closing(sqlite3.connect(again.root / ".smtp-sent.db")) as database, database:
        known = database.execute("SELECT label, taken IS NOT NULL FROM message ORDER BY label").fetchall()
    assert known == [(L1, 1), (L2, 1), (L3, 1), (L4, 1)]
    assert statuses(again) == ["mailed"] * 4


def test_where_nobody_agreed_to_e_mail_all_is_to_be_printed(office: Office) -> None:
    with (office.root / "mailer.toml").open("a", encoding="utf-8") as profile:
        profile.write('\n[smtp]\nhost = "127.0.0.1"\n')
    said = office.does("approve", "2027-hours").said
    assert "By e-mail: 0." in said
    assert "On paper: 4, who" in said
    assert "asks for paper. Next: mailer print 2027-hours" in said


def test_who_did_not_agree_to_e_mail_gets_paper(wired: Office, server: MailServer) -> None:
    (wired.root / "terms.csv").write_text(
        "Client ID,Company,Contact,Email,Address,City,State,Zip,Contract,Notice Term,Hourly Support Rate\n"
        "N-1,Ash Street Bakery,Ada Byrd,ada@ash.example,1 Ash Street,Sacramento,CA,95814,none,,130.00\n"
    )
    wired.does("clients", "import", str(wired.root / "terms.csv"))
    approved = wired.does("approve", RATES).said
    assert "By e-mail: 3." in approved
    assert "On paper: 1, who have no e-mail address, or whose contract asks for paper." in approved
    ran = wired.does("send", RATES, "--yes", exits=1)
    assert (
        "It goes on paper: there is no e-mail address, or the contract does not take e-mail for notice."
        in ran.said
    )
    assert server.taken == []
    wired.does("send", RATES, "--yes", "--leave-out")
    assert len(server.taken) == 3
    assert not any("ada@ash.example" in str(one["To"]) for one in server.taken)
    wired.does("print", RATES)
    assert Counter(statuses(wired)) == {"mailed": 3, "produced": 1, "void": 1}


def test_a_password_is_asked_for_masked_and_never_kept(
    wired: Office,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wired.edit("mailer.toml", 'sign_in = "none"', 'sign_in = "password"')
    assert "SMTP_PASSWORD is missing" in wired.does("send", RATES, "--yes", exits=1).said
    context, known = certified(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(known))
    with mail_server(tls=context, sign_in=True) as server:
        (table,) = [
            line for line in (wired.root / "mailer.toml").read_text().splitlines() if line[:6] == "port ="
        ]
        wired.edit("mailer.toml", table, f"port = {server.port}")
        wrong = replace(wired, environ={"SMTP_PASSWORD": "wrong-but-secret"})
        ran = wrong.does("send", RATES, "--yes", exits=4)
        assert "the service refuses the account: 535 5.7.8 (the password) is wrong" in ran.said
        assert "wrong-but-secret" not in ran.said + "".join(capfd.readouterr())
        assert any("wrong-but-secret" in said for said in server.said)
        right = replace(wired, environ={"SMTP_PASSWORD": PASSWORD})
        right.does("send", RATES, "--yes")
        assert server.copies() == ONCE
    kept = [path for path in wired.root.rglob("*") if path.is_file() and path.name != "mailer.toml"]
    for secret in (b"wrong-but-secret", PASSWORD.encode()):
        assert [path for path in kept if secret in path.read_bytes()] == []
