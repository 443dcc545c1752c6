"""How the fake Lob judges a letter: by Lob's OpenAPI document 1.22.0, knowing nothing of our adapter."""

from __future__ import annotations

import hashlib
import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import pikepdf

# Schema `letter_editable` and those that it takes in.
FIELDS = {
    "to", "from", "file", "color", "use_type", "description", "metadata", "mail_type", "merge_variables",
    "send_date", "extra_service", "double_sided", "address_placement", "return_envelope", "perforated_page",
    "custom_envelope", "billing_group_id", "cards", "print_speed",
}  # fmt: skip
ADDRESS_FIELDS = {
    "name", "company", "address_line1", "address_line2", "address_city", "address_state", "address_zip",
    "address_country", "phone", "email", "description",
}  # fmt: skip
NEEDED = ("address_line1", "address_city", "address_state", "address_zip")
NEEDED_ABROAD = {True: ("address_line1",), False: ("address_line1", "address_city", "address_state")}
LONGEST = {
    "name": 40, "company": 40, "phone": 40, "email": 100, "address_city": 200, "address_line1": 200,
    "address_line2": 200, "address_state": 200, "address_zip": 40,
}  # fmt: skip
LONGEST_US = {"address_line1": 64, "address_line2": 64}
SIZE = 5_000_000
STANDARD_FONTS = {
    "Helvetica", "Helvetica-Bold", "Helvetica-Oblique", "Helvetica-BoldOblique", "Times-Roman", "Times-Bold",
    "Times-Italic", "Times-BoldItalic", "Courier", "Courier-Bold", "Courier-Oblique", "Courier-BoldOblique",
    "Symbol", "ZapfDingbats",
}  # fmt: skip


class Refused(Exception):
    """An answer with Lob's error object."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message

    def body(self) -> dict[str, Any]:
        return {"error": {"message": self.message, "status_code": self.status, "code": self.code}}


def invalid(message: str, code: str = "invalid") -> Refused:
    return Refused(422, code, message)


class Upload(bytes):
    """The content of a part that came with a filename."""


def form(content_type: str, body: bytes) -> dict[str, Any]:
    """The fields of a request body, `to[name]` folded to a dict. A file is an Upload."""
    kind, _, options = content_type.partition(";")
    if kind.strip() == "application/x-www-form-urlencoded":
        pairs: list[tuple[str, str | Upload]] = list(parse_qsl(body.decode(), keep_blank_values=True))
    elif kind.strip() == "multipart/form-data":
        found = re.search(r'boundary="?([^";]+)', options)
        if not found:
            raise invalid("the form has no boundary", "bad_request")
        pairs = _parts(body, found[1].encode())
    elif not body:
        pairs = []
    else:
        raise invalid(f"unsupported content type {kind}", "bad_request")
    fields: dict[str, Any] = {}
    for name, value in pairs:
        outer = re.fullmatch(r"(\w+)\[([^\]]+)\]", name)
        place = fields.setdefault(outer[1], {}) if outer else fields
        key = outer[2] if outer else name
        if not isinstance(place, dict) or key in place:
            raise invalid(f"{name} is given twice")
        place[key] = value
    return fields


def _parts(body: bytes, boundary: bytes) -> list[tuple[str, str | Upload]]:
    pairs: list[tuple[str, str | Upload]] = []
    for part in body.split(b"--" + boundary)[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        lines = head.decode()
        name = re.search(r'[; ]name="([^"]*)"', lines)
        if not name:
            raise invalid("a part of the form has no name", "bad_request")
        content = content[:-2]
        filename = re.search(r"filename\*?=", lines)
        pairs.append((name[1], Upload(content) if filename else content.decode()))
    return pairs


def judge(fields: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The letter as it will be kept, typed. Raises Refused with the first limit that it passes."""
    _given(fields)
    to, sender = _address("to", fields["to"]), _address("from", fields["from"])
    if sender["address_country"] != "US":
        raise invalid("from address must be a US address", "foreign_return_address")
    if len(to.get("address_line1", "")) + len(to.get("address_line2", "")) > 50:
        raise invalid(
            "the sum of to.address_line1 and to.address_line2 cannot surpass 50 characters",
            "address_length_exceeds_limit",
        )
    abroad = to["address_country"] != "US"
    letter = {
        "to": to,
        "from": sender,
        "color": _truth(fields, "color", None),
        "double_sided": _truth(fields, "double_sided", default=True),
        "use_type": _one_of(fields, "use_type", ("marketing", "operational")),
        "mail_type": _one_of(fields, "mail_type", ("usps_first_class", "usps_standard")),
        "address_placement": _one_of(fields, "address_placement", ("top_first_page", "insert_blank_page")),
        "extra_service": _one_of(
            fields, "extra_service", (None, "certified", "certified_return_receipt", "registered")
        ),
        "description": _text(fields, "description", 255),
        "metadata": _metadata(fields.get("metadata") or {}),
        "send_date": _send_date(fields.get("send_date"), now),
    }
    _services(letter, abroad=abroad)
    if bool(fields.get("return_envelope")) != bool(fields.get("perforated_page")):
        raise invalid(
            "return_envelope and perforated_page go together", "invalid_perforation_return_envelope"
        )
    letter["pages"], letter["sha256"], letter["size"] = _file(
        fields["file"], most=(6 if abroad else 60) * (2 if letter["double_sided"] else 1)
    )
    return letter


def _given(fields: dict[str, Any]) -> None:
    for name in fields:
        if name not in FIELDS:
            raise invalid(f"{name} is not allowed")
    for name in ("to", "from", "file", "color", "use_type"):
        if name not in fields:
            code = "mail_use_type_can_not_be_null" if name == "use_type" else "invalid"
            raise invalid(f"{name} is required", code)


def _services(letter: dict[str, Any], *, abroad: bool) -> None:
    service = letter["extra_service"]
    if service and letter["mail_type"] == "usps_standard":
        raise invalid("extra_service cannot be used with usps_standard")
    if service and (service == "registered") != abroad:
        raise invalid(f"{service} cannot be sent to the destination", "invalid_international_feature")
    if abroad and letter["mail_type"] == "usps_standard":
        raise invalid("usps_standard cannot be sent abroad", "invalid_international_feature")


def _address(which: str, given: object) -> dict[str, str]:
    if not isinstance(given, dict):
        unknown = str(given).startswith("adr_")
        raise invalid(f"{which} address not found" if unknown else f"{which} is not valid")
    for name in set(given) - ADDRESS_FIELDS:
        raise invalid(f"{which}.{name} is not allowed")
    if not given.get("name") and not given.get("company"):
        raise invalid(f"{which}.name is required or {which}.company is required")
    country = str(given.get("address_country") or "US").upper()
    if not re.fullmatch(r"[A-Z]{2}", country):
        raise invalid(f"{which}.address_country is not valid")
    for name in NEEDED if country == "US" else NEEDED_ABROAD[bool(given.get("address_zip"))]:
        if not given.get(name):
            raise invalid(f"{which}.{name} is required")
    for name, longest in (LONGEST | (LONGEST_US if country == "US" else {})).items():
        if len(given.get(name, "")) > longest:
            raise invalid(f"{which}.{name} length must be less than or equal to {longest} characters long")
    if country == "US":
        _state_and_zip(which, given)
    return {**given, "address_country": country}


def _state_and_zip(which: str, given: dict[str, str]) -> None:
    if not re.fullmatch(r"[a-zA-Z]{2}", given["address_state"]):
        raise invalid(f"{which}.address_state must be a 2 letter state short-name code")
    if not re.fullmatch(r"\d{5}(-\d{4})?", given["address_zip"]):
        raise invalid(f"{which}.address_zip must be in a valid zip or zip+4 format")


def _truth(fields: dict[str, Any], name: str, default: bool | None) -> bool:
    value = fields.get(name)
    if value is None and default is not None:
        return default
    if value not in ("true", "false"):  # "True" is not
        raise invalid(f"{name} must be a boolean")
    return bool(value == "true")


def _one_of(fields: dict[str, Any], name: str, allowed: tuple[str | None, ...]) -> str | None:
    value = fields.get(name, allowed[0])
    if value not in allowed:
        raise invalid(f"{name} must be one of {allowed}")
    return str(value) if value is not None else None


def _text(fields: dict[str, Any], name: str, longest: int) -> str | None:
    value = fields.get(name)
    if value is not None and len(value) > longest:
        raise invalid(f"{name} length must be less than or equal to {longest} characters long")
    return value


def _metadata(given: object) -> dict[str, str]:
    if not isinstance(given, dict) or len(given) > 20:
        raise invalid("metadata must be an object with up to 20 key-value pairs")
    for key, value in given.items():
        if len(key) > 40 or len(value) > 500 or set('"\\') & set(key + value):
            raise invalid(f"metadata.{key} is not valid")
    return given


def _send_date(given: str | None, now: datetime) -> datetime | None:
    if given is None:
        return None
    try:
        when = datetime.fromisoformat(given)
    except ValueError:
        raise invalid("send_date must be in ISO 8601 format") from None
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    if when <= now:
        raise invalid("send_date must be in the future")
    if when > now + timedelta(days=180):
        raise invalid("send_date must be within 180 days")
    return when


_seen: dict[str, int | Refused] = {}


def _file(given: object, most: int) -> tuple[int, str, int]:
    """Pages, SHA-256 and size of the upload."""
    if not isinstance(given, Upload):
        raise invalid("file must be an uploaded PDF here: a text field holds no file", "invalid_file")
    if len(given) > SIZE:
        raise invalid("file size exceeds the limit of 5 MB", "file_size_exceeds_limit")
    sha256 = hashlib.sha256(given).hexdigest()
    if sha256 not in _seen:
        try:
            _seen[sha256] = _pages(given)
        except Refused as refused:
            _seen[sha256] = refused
    pages = _seen[sha256]
    if isinstance(pages, Refused):
        raise Refused(pages.status, pages.code, pages.message)
    if pages > most:
        raise invalid(f"file has {pages} pages, and at most {most} are allowed", "file_pages_exceed_max")
    return pages, sha256, len(given)


def _pages(content: bytes) -> int:
    try:
        document = pikepdf.open(io.BytesIO(content))
    except pikepdf.PasswordError:
        raise invalid("an encrypted PDF was provided", "pdf_encrypted") from None
    except pikepdf.PdfError:
        raise invalid("the file is not a PDF", "invalid_file") from None
    with document:
        if document.is_encrypted:
            raise invalid("an encrypted PDF was provided", "pdf_encrypted")
        for page in document.pages:
            left, bottom, right, top = (float(side) for side in page.mediabox)
            if abs(right - left - 612) > 1 or abs(top - bottom - 792) > 1:
                raise invalid('all pages must be 8.5"x11"', "invalid_file_dimensions")
            _fonts(page)
        if not document.pages:
            raise invalid("the file has no pages", "file_pages_below_min")
        return len(document.pages)


def _fonts(page: pikepdf.Page) -> None:
    fonts = page.obj.get("/Resources", pikepdf.Dictionary()).get("/Font", pikepdf.Dictionary())
    for font in fonts.as_dict().values():
        name = str(font.get("/BaseFont", "")).lstrip("/")
        inner = font.get("/DescendantFonts", [font])[0]
        held = inner.get("/FontDescriptor", pikepdf.Dictionary())
        embedded = any(key in held for key in ("/FontFile", "/FontFile2", "/FontFile3"))
        if not embedded and name not in STANDARD_FONTS and font.get("/Subtype") != "/Type3":
            raise invalid(f"the font {name} is not embedded", "unembedded_fonts")
