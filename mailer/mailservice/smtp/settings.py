"""The table of e-mail in mailer.toml, and its secrets."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar, Final

from pydantic import Field

from mailer.settings import ServiceTable
from mailer.tomlfile import Table, shaped

NAME: Final = "smtp"
TITLE: Final = "e-mail"
JOURNAL: Final = ".smtp-sent.db"  # beside mailer.toml

ADDRESS: Final = r"[^\s@<>(),;:\"\[\]\\\x00-\x20\x7f-\uffff]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
"""An address that any server takes: plain ASCII, nothing quoted (RFC 5321 4.1.2 without Quoted-string)."""

Address = Annotated[str, shaped(f"({ADDRESS})?", "an e-mail address, such as office@cedarfinch.example")]
Host = Annotated[str, shaped(r"[A-Za-z0-9.:_-]*", "the name of a server, such as smtp.office365.com")]
Port = Annotated[int, Field(ge=1, le=65_535)]


class SignIn(StrEnum):
    """How the firm's mailbox is opened."""

    PASSWORD = "password"  # noqa: S105 (the way, not the word)
    MICROSOFT = "microsoft"  # XOAUTH2 with a token of Microsoft 365
    GOOGLE = "google"  # XOAUTH2 with a token of Google
    NONE = "none"  # the server knows the firm by its network


class SmtpSettings(ServiceTable):
    """How pieces go by e-mail.

    `sender` is the address that they come from, the firm's own where it is ""; `user` that of the mailbox,
    the sender's where it is "". `test_to`: every message goes there and to nobody else, and what is recorded
    is a rehearsal's. `per_minute` and `per_day` (in any 24 hours) are 0 for no limit. `sent` is the folder
    into which the server puts what it takes, "" where it does not. `bounces` is a folder of the mailbox,
    `bounce_folder` one of .eml files, a path.
    """

    on_paper: ClassVar[bool] = False

    host: Host = ""
    port: Port = 587
    sender: Address = ""
    user: str = ""
    sign_in: SignIn = SignIn.PASSWORD
    tenant: Annotated[str, shaped(r"[A-Za-z0-9.-]*", "a tenant's id or domain")] = ""
    client_id: Annotated[str, shaped(r"[A-Za-z0-9._-]*", "an application's id")] = ""
    attach_pdf: bool = False
    test_to: Address = ""
    unsubscribe_to: Address = ""
    per_minute: Annotated[int, Field(ge=0)] = 30
    per_day: Annotated[int, Field(ge=0)] = 2_000
    imap: Host = ""
    imap_port: Port = 993
    sent: str = ""
    bounces: str = "INBOX"
    bounce_folder: str = ""


class SmtpSecrets(Table):
    """The mailbox's password, or what a token is asked for with."""

    password: str = ""
    client_secret: str = ""
    refresh_token: str = ""
