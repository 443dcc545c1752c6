"""One piece as an e-mail: plain text and HTML of the same words, the approved PDF with it where asked. Pure.

The words are those inside the approved pages (mailer.pages.issuetext). A header with a line break in it is
refused: it would begin another header (RFC 5322 2.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from typing import Final
from urllib.parse import quote

from mailer.mailservice.service import Consignment
from mailer.mailservice.smtp.settings import ADDRESS
from mailer.pages.readable import readable
from mailer.profile import Profile

PIECE, CAMPAIGN, KEY = "X-Mailer-Piece", "X-Mailer-Campaign", "X-Mailer-Key"
LONGEST_ADDRESS: Final = 254  # RFC 5321 4.5.3.1.3, without the brackets
LARGEST: Final = 10_000_000  # bytes of a PDF that goes with it; mailboxes take some 20 MB, encoded
_LINK: Final = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_BREAK: Final = re.compile(r"[\r\n\x00]")
_POLICY: Final = SMTP.clone(max_line_length=500)  # an id that is folded is not found by everybody
_INK: Final = "#1b1d1c"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: the firm as it is read on the day of sending, its address, its colour (for letters on white
    paper), and where readers who want no more are to write.
    """

    firm: Profile
    address: str
    accent: str
    unsubscribe_to: str
    attach_pdf: bool = False
    test_to: str = ""


def problems(piece: Consignment) -> Iterator[str]:
    """What an e-mail can't be made of, each in words to act on."""
    address = piece.email
    if not address:
        yield (
            "It goes on paper: there is no e-mail address, or the contract does not take e-mail for notice. "
            "Leave it out and print it."
        )
    elif _BREAK.search(address):
        yield f"The e-mail address {address!r} has a line break in it: correct the client list."
    elif not re.fullmatch(ADDRESS, address) or len(address) > LONGEST_ADDRESS:
        yield f"The e-mail address {address[:80]!r} can't be one: correct the client list."
    for what, text in (("subject", piece.subject), ("name", piece.to.name), ("company", piece.to.company)):
        if _BREAK.search(text):
            yield f"The {what} {text[:80]!r} has a line break in it, which no e-mail may have."
    if piece.send_date is not None:
        yield "E-mail goes at once: leave out the day, and send on that day."
    if piece.certified:
        yield "It goes by certified mail, which no e-mail is: leave it out and print it."
    if piece.size > LARGEST:
        yield f"Its PDF has {piece.size / 1e6:.0f} MB; mailboxes take {LARGEST / 1e6:.0f} MB."


def id_of(send_key: str, address: str, *, test: bool) -> str:
    """The Message-ID without its brackets: the same on every try of one piece, and no other's."""
    return f"{'test.' if test else ''}{send_key}@{address.rpartition('@')[2].lower()}"


def message(piece: Consignment, words: str, pdf: bytes, sender: Sender, now: datetime) -> EmailMessage:
    """The e-mail. `words` are its HTML. Raises ValueError for a header that can't be one."""
    made = EmailMessage(policy=_POLICY)
    firm, test = sender.firm, bool(sender.test_to)
    shown = piece.to.name or piece.to.company
    made["From"] = Address(firm.name, addr_spec=sender.address)
    made["To"] = Address(shown, addr_spec=sender.test_to or piece.email)
    made["Subject"] = f"[TEST] {piece.subject}" if test else piece.subject
    made["Date"] = format_datetime(now)
    made["Message-ID"] = f"<{id_of(piece.send_key, sender.address, test=test)}>"
    made[PIECE], made[CAMPAIGN], made[KEY] = piece.label, piece.campaign, piece.send_key
    if not piece.notice:
        made["List-Unsubscribe"] = f"<{_unsubscribe(piece, sender)}>"
    made.set_content(_plain(piece, words, sender), cte="quoted-printable")
    made.add_alternative(page(piece, words, sender), subtype="html", cte="quoted-printable")
    if sender.attach_pdf:
        made.add_attachment(pdf, maintype="application", subtype="pdf", filename=f"{piece.label}.pdf")
    return made


def _unsubscribe(piece: Consignment, sender: Sender) -> str:
    """RFC 2369. One click (RFC 8058) would need an address of the web and a signature: it is not claimed."""
    return f"mailto:{sender.unsubscribe_to}?subject={quote(f'unsubscribe {piece.label}')}"


def _why(piece: Consignment, sender: Sender) -> str:
    return (
        f"This is a notice about your business with {sender.firm.name}."
        if piece.notice
        else f"You receive this because you are a client of {sender.firm.name}."
    )


def _plain(piece: Consignment, words: str, sender: Sender) -> str:
    firm = sender.firm
    text = readable(_LINK.sub(lambda found: _linked(found[1], found[2]), words))
    lines = [_why(piece, sender)]
    if not piece.notice:
        lines.append(f"No more of these: write to {sender.unsubscribe_to} with the word unsubscribe.")
    reach = " · ".join(filter(None, (firm.phone, firm.email, firm.web)))
    return "\n".join(
        (firm.name, "", piece.subject, "", text, "-- ", firm.name, *firm.address.lines(), reach, *lines, "")
    )


def _linked(href: str, text: str) -> str:
    bare = href.removeprefix("mailto:").removeprefix("tel:")
    return text if bare in text or href in text else f"{text} ({bare})"


def page(piece: Consignment, words: str, sender: Sender) -> str:
    """The HTML as a client sees it: one column, nothing from elsewhere, no picture and no script."""
    firm, accent = sender.firm, sender.accent
    name = escape(firm.name)
    place = "<br>".join(escape(line) for line in firm.address.lines())
    reach = " · ".join(escape(one) for one in (firm.phone, firm.email, firm.web) if one)
    out = ""
    if not piece.notice:
        href = escape(_unsubscribe(piece, sender), quote=True)
        out = f' <a href="{href}" style="color:#4a4f4c">Unsubscribe</a>.'
    tagline = f'<p class="tagline">{escape(firm.tagline)}</p>' if firm.tagline else ""
    return f"""<!DOCTYPE html>
<html lang="en-US"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(piece.subject)}</title>
<style>{_STYLE.replace("ACCENT", accent)}</style></head>
<body style="margin:0;background:#f3f4f2;color:{_INK};font:16px/1.5 Georgia,'Times New Roman',serif">
<div class="sheet" style="max-width:600px;margin:0 auto;background:#fff;border-top:4px solid {accent}">
<div class="head"><p class="firm" style="color:{accent}">{name}</p>{tagline}</div>
<div class="words"><h1 style="color:{accent}">{escape(piece.subject)}</h1>
{words}
</div>
<div class="foot"><p><b>{name}</b><br>{place}<br>{reach}</p><p>{escape(_why(piece, sender))}{out}</p></div>
</div></body></html>
"""


_STYLE: Final = """
body,.words{overflow-wrap:anywhere}
.head,.words,.foot{padding:20px 32px}
.head{padding-bottom:0}
.firm{margin:0;font-size:20px;font-weight:bold}
.tagline{margin:0;font-size:14px;font-style:italic;color:#4a4f4c}
.words h1{margin:0 0 16px;font-size:22px;line-height:1.25}
.words h2,.words h3{margin:24px 0 6px;font-size:18px;line-height:1.3;color:ACCENT}
.words p,.words ul,.words ol{margin:0 0 12px}
.words ul,.words ol{padding-left:24px}
.words li{margin:0 0 4px}
.words a{color:ACCENT}
.words blockquote{margin:0 0 12px;padding-left:14px;border-left:2px solid ACCENT}
.words table{width:100%;margin:4px 0 18px;border-collapse:collapse;font:15px/1.4 Arial,Helvetica,sans-serif}
.words th{text-align:left;border-top:2px solid ACCENT;border-bottom:1px solid ACCENT}
.words th,.words td{padding:6px 8px 6px 0;vertical-align:top}
.words td{border-bottom:1px solid #d5d9d6}
.words .n{text-align:right;padding-right:0;padding-left:8px}
.words .c{text-align:center}
.foot{border-top:1px solid #d5d9d6;font:13px/1.5 Arial,Helvetica,sans-serif;color:#4a4f4c}
.foot p{margin:0 0 10px}
@media(max-width:480px){.head,.words,.foot{padding-left:18px;padding-right:18px}}
"""
