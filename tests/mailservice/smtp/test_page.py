"""docs/email.md: its table and its commands run, and what a client sees is what a client sees."""

from __future__ import annotations

import re
from email.message import EmailMessage
from pathlib import Path

from tests.fakes.post import MailServer
from tests.support.office import FOUR, RATES, Office

PAGE = (Path(__file__).parents[3] / "docs" / "email.md").read_text(encoding="utf-8")


def block(kind: str) -> list[str]:
    """The blocks of that kind, without what indents them."""
    found = re.findall(rf"^ *```{kind}\n(.*?)^ *```$", PAGE, re.MULTILINE | re.DOTALL)
    return [re.sub("^   ", "", text, flags=re.MULTILINE) for text in found]


def test_from_the_server_to_the_first_send(office: Office, server: MailServer) -> None:
    (table,) = block("toml")
    here = table.replace('host = "smtp.office365.com"', f'host = "127.0.0.1"\nport = {server.port}')
    more = 'sign_in = "none"\nper_minute = 0\n'
    office.edit("mailer.toml", "[lead_times]", f"{here}{more}\n[lead_times]")
    for commands in block("sh"):
        for command in commands.splitlines():
            office.does(*command.split()[1:])
    assert {str(one["To"]).partition("<")[2] for one in server.taken} == {"dana@cedarfinch.example>"}
    assert len(server.taken) == 4


def test_what_a_client_sees(office: Office, server: MailServer) -> None:
    office.edit(
        "mailer.toml",
        "[lead_times]",
        f'[smtp]\nhost = "127.0.0.1"\nport = {server.port}\nsign_in = "none"\nper_minute = 0\n'
        'test_to = "cy@cedar.example"\n\n[lead_times]',
    )
    office.imports(FOUR.replace("own-terms,contract-30-deposit", "own-terms,30 days from e-mail"))
    office.does("approve", RATES)
    office.does("send", RATES, "--leave-out")
    (letter,) = server.taken
    assert isinstance(letter, EmailMessage)
    plain = letter.get_body(("plain",))
    assert plain is not None
    (seen,) = block("text")
    headers, _, words = seen.partition("\n\n")
    assert [str(letter[line.partition(":")[0]]).removeprefix("[TEST] ") for line in headers.splitlines()] == [
        line.partition(": ")[2] for line in headers.splitlines()
    ]
    text = plain.get_content()
    for line in words.splitlines():
        assert line.rstrip("…").strip() in text
