"""E-mail as the house knows it: its row of `mailer.mailservice.registry`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mailer.errors import MailerError
from mailer.mailservice.provider import OwnJournal, Presumed, Provider
from mailer.mailservice.secrets import FILE as SECRETS
from mailer.mailservice.secrets import secret
from mailer.mailservice.service import Consignment
from mailer.mailservice.smtp.settings import (
    ADDRESS,
    JOURNAL,
    NAME,
    TITLE,
    SignIn,
    SmtpSecrets,
    SmtpSettings,
)
from mailer.mailservice.transit import Meaning
from mailer.place import as_path
from mailer.planning.mailfolder import MailFolder
from mailer.settings import FILE

if TYPE_CHECKING:
    from mailer.mailservice.smtp.mailbox import Returned
    from mailer.mailservice.smtp.message import Sender
    from mailer.mailservice.smtp.oauth import Grant
    from mailer.mailservice.smtp.post import EmailPost, SentFolder
    from mailer.mailservice.smtp.wire import Mailbox

PASSWORD, CLIENT_SECRET, REFRESH_TOKEN = "SMTP_PASSWORD", "SMTP_CLIENT_SECRET", "SMTP_REFRESH_TOKEN"
PACE: Final = ".smtp-pace.db"
MINUTE: Final = 60.0  # s
LOOKS_BACK: Final = 60 * 86_400.0  # s of the mailbox in which bounces are looked for


@dataclass(frozen=True, slots=True)
class EmailTerms:
    """An e-mail costs nothing."""

    test_to: str

    @property
    def color(self) -> bool:
        return True

    @property
    def double_sided(self) -> bool:
        return False

    @property
    def monthly_cap(self) -> None:
        return None

    def cost(self, piece: Consignment) -> Decimal:  # noqa: ARG002
        return Decimal(0)

    def remarks(self) -> tuple[str, ...]:
        return (f"Every message goes to {self.test_to}, and none to a client.",) if self.test_to else ()


def terms(mail: MailFolder, day: date) -> EmailTerms:  # noqa: ARG001
    """What e-mail costs."""
    return EmailTerms(_settings(mail).test_to)


def has_server(mail: MailFolder) -> bool:
    """Is a server named, and what it asks for at hand. Raises MailerError where others may read secrets."""
    settings = _settings(mail)
    return bool(settings.host) and (settings.sign_in is SignIn.NONE or not _missing(mail, settings))


def post_of(mail: MailFolder) -> EmailPost:
    """E-mail as this folder sends it. Raises MailerError where no server is named, or a secret missing."""
    from mailer.mailservice.pace import Pace  # noqa: PLC0415
    from mailer.mailservice.smtp.journal import Journal  # noqa: PLC0415
    from mailer.mailservice.smtp.post import EmailPost  # noqa: PLC0415 (imports pikepdf)
    from mailer.mailservice.smtp.wire import Wire  # noqa: PLC0415

    settings = _settings(mail)
    if not settings.host:
        raise MailerError(
            "the mail server is not named.",
            where=FILE,
            todo=f'Write  host = "smtp.office365.com"  or yours under [{NAME}]; docs/email.md has the page.',
        )
    if settings.sign_in is not SignIn.NONE and (missing := _missing(mail, settings)):
        raise MailerError(
            f"{missing} is missing, which the mailbox is opened with.",
            where=f"[{NAME}] sign_in = {settings.sign_in.value!r}",
            todo=f"Set it; a secret may stand in {SECRETS} too (chmod 600).",
        )
    opened = _opener(mail, settings)
    sent, returned = _mailbox(mail, settings, opened)
    rate = settings.per_minute or None
    return EmailPost(
        Wire(_box(mail, settings, settings.host, settings.port, opened)),
        Journal(mail.root / JOURNAL, live=not settings.test_to),
        sender_of(mail),
        Pace(mail.root / PACE if rate else None, rate, MINUTE),
        mail.clock.now,
        per_day=settings.per_day,
        sent=sent,
        returned=returned,
    )


def sender_of(mail: MailFolder) -> Sender:
    """Who writes, as it is read today. Raises MailerError where that can't be the sender of an e-mail."""
    from mailer.mailservice.smtp.message import Sender  # noqa: PLC0415
    from mailer.pages.brand import palette  # noqa: PLC0415

    settings, firm = _settings(mail), mail.settings.on(mail.today)
    address = settings.sender or firm.email
    if not re.fullmatch(ADDRESS, address) or not firm.name.isprintable():
        raise MailerError(
            f"{firm.name!r}, {address!r} can't be the sender of an e-mail.",
            where=FILE,
            todo=f'Write  sender = "office@your-firm.example"  under [{NAME}], and [firm] name on one line.',
        )
    return Sender(
        firm=firm,
        address=address,
        accent=palette(mail.settings.brand).colours()["accent-ink"],
        unsubscribe_to=settings.unsubscribe_to or address,
        attach_pdf=settings.attach_pdf,
        test_to=settings.test_to,
    )


def keyless() -> EmailPost:
    """What e-mail can take, without a server: nothing can be sent by it."""
    from mailer.mailservice.pace import Pace  # noqa: PLC0415
    from mailer.mailservice.smtp.journal import Journal  # noqa: PLC0415
    from mailer.mailservice.smtp.post import EmailPost  # noqa: PLC0415 (imports pikepdf)
    from mailer.mailservice.smtp.wire import Mailbox, Wire  # noqa: PLC0415

    never = datetime.fromtimestamp(0, UTC)
    journal = Journal(Path(":memory:"), live=False)
    return EmailPost(Wire(Mailbox("", 0, "")), journal, None, Pace(None, None), lambda: never)


def _settings(mail: MailFolder) -> SmtpSettings:
    return mail.settings.table(NAME, SmtpSettings)


def _missing(mail: MailFolder, settings: SmtpSettings) -> str:
    """What the mailbox can't be opened without, in words; "" where all is there."""
    if settings.sign_in is SignIn.PASSWORD:
        return "" if _secret(mail, PASSWORD, "password") else PASSWORD
    return _grant(mail, settings).missing


def _secret(mail: MailFolder, variable: str, key: str) -> str:
    return secret(mail.root, NAME, SmtpSecrets, variable, key)


def _grant(mail: MailFolder, settings: SmtpSettings) -> Grant:
    from mailer.mailservice.smtp.oauth import Grant  # noqa: PLC0415

    return Grant(
        settings.sign_in,
        settings.tenant,
        settings.client_id,
        _secret(mail, CLIENT_SECRET, "client_secret"),
        _secret(mail, REFRESH_TOKEN, "refresh_token"),
    )


def _opener(mail: MailFolder, settings: SmtpSettings) -> Callable[[], str] | None:
    """What gives the password, or a token, of the mailbox; None where the server asks for nothing."""
    if settings.sign_in is SignIn.NONE:
        return None
    if settings.sign_in is SignIn.PASSWORD:
        password = _secret(mail, PASSWORD, "password")
        return lambda: password
    from mailer.mailservice.smtp.oauth import Tokens  # noqa: PLC0415

    return Tokens(_grant(mail, settings))


def _box(
    mail: MailFolder, settings: SmtpSettings, host: str, port: int, opened: Callable[[], str] | None
) -> Mailbox:
    from mailer.mailservice.smtp.wire import Mailbox  # noqa: PLC0415

    user = settings.user or settings.sender or mail.settings.on(mail.today).email
    return Mailbox(host, port, user, opened, token=settings.sign_in in (SignIn.MICROSOFT, SignIn.GOOGLE))


def _mailbox(
    mail: MailFolder, settings: SmtpSettings, opened: Callable[[], str] | None
) -> tuple[SentFolder | None, Returned | None]:
    """The Sent folder, and what reads what came back; None where mailer.toml names none."""
    from mailer.mailservice.smtp.mailbox import Imap, saved  # noqa: PLC0415
    from mailer.mailservice.smtp.post import SentFolder  # noqa: PLC0415

    opened = opened or partial(_secret, mail, PASSWORD, "password")  # no mailbox opens for nothing
    imap = Imap(_box(mail, settings, settings.imap, settings.imap_port, opened)) if settings.imap else None
    sent = SentFolder(imap, settings.sent) if imap and settings.sent else None
    ways: list[Returned] = []
    if settings.bounce_folder:
        try:
            ways.append(partial(saved, mail.root / as_path(settings.bounce_folder)))
        except (ValueError, RuntimeError) as error:
            raise MailerError(
                f"bounce_folder can't be one: {str(error).rstrip('.')}.",
                where=f"{FILE} [{NAME}]",
                todo='Write  bounce_folder = "/path/of/it".',
            ) from None
    if imap and settings.bounces:
        since = datetime.fromtimestamp(mail.clock.now().timestamp() - LOOKS_BACK, UTC)
        ways.append(partial(imap.came_back, settings.bounces, since))
    return sent, partial(_all, ways) if ways else None


def _all(ways: list[Returned]) -> Iterator[bytes]:
    for way in ways:
        yield from way()


def meaning_of(kind: str) -> Meaning:
    """What an event of that name means."""
    from mailer.mailservice.smtp.post import meaning_of as means  # noqa: PLC0415

    return means(kind)


def shown(mail: MailFolder, piece: Consignment, words: str) -> dict[str, str]:
    from mailer.mailservice.smtp.sample import sample  # noqa: PLC0415

    return sample(sender_of(mail), piece, words, mail.clock.now())


def again(mail: MailFolder, presumed: Sequence[Presumed]) -> None:
    """Begin the journal anew. Raises MailerError as `post_of`."""
    from mailer.mailservice.smtp.journal import Journal, Noted  # noqa: PLC0415
    from mailer.mailservice.smtp.message import id_of  # noqa: PLC0415

    sender, now = sender_of(mail), mail.clock.now().timestamp()
    journal = Journal(mail.root / JOURNAL, live=True)
    for one in presumed:
        message_id = one.provider_id or id_of(one.send_key, sender.address, test=False)
        taken = one.taken.timestamp() if one.taken else None
        names = (one.label, one.campaign, "", "", "")
        journal.begin(Noted(one.send_key, message_id, *names, begun=taken or now, taken=taken))


SMTP: Final = Provider(
    name=NAME,
    title=TITLE,
    needs_table=True,
    address_limits=None,
    has_key=has_server,
    connect=post_of,
    keyless=keyless,
    terms=terms,
    hook=None,
    postal_data=None,
    meaning_of=meaning_of,
    journal=OwnJournal(JOURNAL, again),
    sample=shown,
)
