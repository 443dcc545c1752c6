"""The print shop as the house knows it: its row of `mailer.mailservice.registry`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mailer.errors import MailerError, ServiceTrouble
from mailer.mailservice.hotfolder.answers import meaning_of
from mailer.mailservice.hotfolder.prices import terms
from mailer.mailservice.hotfolder.settings import NAME, TITLE, HotFolderSecrets, HotFolderSettings
from mailer.mailservice.provider import Provider
from mailer.mailservice.secrets import secret
from mailer.mailservice.service import Consignment
from mailer.planning.mailfolder import MailFolder
from mailer.settings import FILE

if TYPE_CHECKING:
    from mailer.mailservice.hotfolder.printorder import PrintShopJob
    from mailer.mailservice.hotfolder.shop import PrintShop
    from mailer.place import Place

PASSWORD: Final = "HOTFOLDER_PASSWORD"  # noqa: S105 (the variable's name)


def has_folder(mail: MailFolder) -> bool:
    """Does mailer.toml name the shop's folder."""
    return bool(_settings(mail).folder)


def shop_of(mail: MailFolder) -> PrintShop:
    """The shop as this folder uses it. Raises MailerError where none is named, ServiceTrouble where its
    folder can't be reached.
    """
    from mailer.mailservice.hotfolder.printorder import order  # noqa: PLC0415 (imports pikepdf)
    from mailer.mailservice.hotfolder.shop import ANSWERS, JOBS, SENT, PrintShop, known_as  # noqa: PLC0415
    from mailer.place import CrowdedError, said  # noqa: PLC0415

    settings = _settings(mail)
    if not settings.folder:
        raise MailerError(
            "the print shop's folder is not named.",
            where=FILE,
            todo=f'Write  folder = "/path/of/it"  or  "sftp://user@host/path"  under [{NAME}].',
        )
    letterhead = mail.letterhead
    place, firm, test = _place(mail, settings.folder), mail.settings.on(mail.today), settings.test

    def made(pieces: Sequence[Consignment]) -> tuple[PrintShopJob, dict[str, bytes]]:
        bound = mail.settings.newsletter.sheets
        return order(pieces, letterhead, firm, bound=bound, test=test, now=mail.clock.now())

    try:
        return PrintShop(place, made, known_as(place), mail.today, test=test)
    except OSError as error:
        todo = f"Mount or unlock it; where it is new, make the folders {JOBS}, {ANSWERS} and {SENT} in it."
        if isinstance(error, CrowdedError):
            todo = "Move out of it what neither mailer nor the shop put there, and answers of years ago."
        raise ServiceTrouble(
            f"the print shop's folder can't be reached: {said(error)}.", where=settings.folder, todo=todo
        ) from error


def keyless() -> PrintShop:
    """What the shop can do, without its folder: nothing can be sent by it."""
    from mailer.mailservice.hotfolder.shop import PrintShop  # noqa: PLC0415
    from mailer.place import Directory  # noqa: PLC0415

    def none(pieces: Sequence[Consignment]) -> tuple[PrintShopJob, dict[str, bytes]]:
        raise AssertionError(f"{len(pieces)} pieces are sent without a folder")

    return PrintShop(Directory(Path()), none, "", date.min, test=True)


def _settings(mail: MailFolder) -> HotFolderSettings:
    return mail.settings.table(NAME, HotFolderSettings)


def _place(mail: MailFolder, folder: str) -> Place:
    from mailer.place import Directory, as_path, sftp_address  # noqa: PLC0415
    from mailer.sftp import Sftp  # noqa: PLC0415 (imports paramiko)

    try:
        if "://" not in folder:
            return Directory(mail.root / as_path(folder))
        address = sftp_address(folder, PASSWORD)
    except (ValueError, RuntimeError) as error:
        raise MailerError(
            f"the print shop's folder can't be one: {str(error).rstrip('.')}.",
            where=FILE,
            todo=f'Write  folder = "/path/of/it"  or  "sftp://user@host/path"  under [{NAME}].',
        ) from None
    return Sftp(address, secret(mail.root, NAME, HotFolderSecrets, PASSWORD, "password"))


HOTFOLDER: Final = Provider(
    name=NAME,
    title=TITLE,
    needs_table=True,
    address_limits=None,
    has_key=has_folder,
    connect=shop_of,
    keyless=keyless,
    terms=terms,
    hook=None,
    postal_data=None,
    meaning_of=meaning_of,
)
