"""Lists as other programs export them: Xero, ConnectWise, and address books as vCards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mailer.clients.record import Address
from mailer.clients.source import ListProblem
from mailer.clients.vcardfile import sources

XERO = (
    "*ContactName,AccountNumber,EmailAddress,FirstName,LastName,POAttentionTo,POAddressLine1,POAddressLine2,"
    "POAddressLine3,POAddressLine4,POCity,PORegion,POPostalCode,POCountry,SAAttentionTo,SAAddressLine1,"
    "SACity,SARegion,SAPostalCode,PhoneNumber,MobileNumber"
)
CONNECTWISE = (
    "Company Name,Company RecID,Company Status,Contact First Name,Contact Last Name,Title,Email,Direct Phone,"
    "Address 1,Address 2,City,State,Zip,Country,Delete Flag"
)


def test_xero(read: Any) -> None:
    row = (
        "Ash Street Bakery,A-1,ada@ash.example,Ada,Byrd,,PO Box 12,,,,Davis,CA,95616,United States,,"
        "1 Ash Street,Sacramento,CA,95814,530-555-0100,"
    )
    found = read(f"{XERO}\n{row}\n").only
    assert (found.company, found.contact, found.number) == ("Ash Street Bakery", "Ada Byrd", "A-1")
    assert found.address == Address("PO Box 12", "", "Davis", "CA", "95616")
    assert found.phone == "530-555-0100"


def test_connectwise(read: Any) -> None:
    birch = "Birch Dental,77,Active,Bo,Dent,Owner,,530-555-0101,2 Birch Lane,Suite 3,Davis,CA,95616,,False"
    gone = "Cedar Law,78,Active,Cy,Lex,,,,3 Cedar Rd,,Davis,CA,95616,,True"
    found = read(f"{CONNECTWISE}\n{birch}\n{gone}\n")
    assert [(one.number, one.contact, one.active) for one in found.clients] == [
        ("77", "Bo Dent", True), ("78", "Cy Lex", False),
    ]  # fmt: skip
    assert found.clients[0].salutation == "Dear Bo Dent"
    assert found.clients[0].address == Address("2 Birch Lane", "Suite 3", "Davis", "CA", "95616")


CARDS = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=BCrgen;;;
ORG:Mueller Dental
ADR;WORK;PREF;ENCODING=QUOTED-PRINTABLE:;;12 Oak Street=0D=0ASuite 3;Davis;CA;95616;USA
TEL;WORK;VOICE:530-555-0100
END:VCARD
BEGIN:VCARD
VERSION:3.0
N:Byrd;Ada;;Dr.;
FN:Dr. Ada Byrd
ORG:Ash Street Bakery\\, Inc.;Kitchen
item1.ADR;type=HOME:;;9 Fir Road;Sacramento;CA;95814;United States
item2.ADR;type=WORK:;Suite 4;1 Ash Street;Sacramento;CA;95814;United States
EMAIL;type=INTERNET;type=WORK:ada@
 ash.example
CATEGORIES:Retail,VIP
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Bo Dent
ADR;TYPE=home:;;2 Birch Lane;Sacramento;CA;95815;
ADR;TYPE=home;PREF=1:12;;;Davis;CA;95616;
END:VCARD
"""


def test_vcards_of_three_versions(from_file: Any, tmp_path: Path) -> None:
    path = tmp_path / "book.vcf"
    path.write_text(CARDS, encoding="utf-8")
    found = from_file(path)
    assert [(one.row, one.company, one.contact, one.address) for one in found.clients] == [
        (2, "Mueller Dental", "Jürgen Müller", Address("12 Oak Street", "Suite 3", "Davis", "CA", "95616")),
        (3, "Ash Street Bakery, Inc.", "Ada Byrd",
         Address("1 Ash Street", "Suite 4", "Sacramento", "CA", "95814")),
        (4, "", "Bo Dent", Address("PO Box 12", "", "Davis", "CA", "95616")),
    ]  # fmt: skip
    assert (found.clients[1].email, found.clients[1].tags) == ("ada@ash.example", {"retail", "vip"})


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("TEL;WORK", "TEL\nTEL;WORK", ":"), ("END:VCARD\nBEGIN", "BEGIN", "it is no vCard")],
)
def test_a_broken_card_is_refused_by_file_and_line(
    from_file: Any, tmp_path: Path, old: str, new: str, said: str
) -> None:
    path = tmp_path / "book.vcf"
    path.write_text(CARDS.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ListProblem, match=said) as refused:
        from_file(path)
    assert f"{path}:" in str(refused.value)


def test_two_encodings_in_one_file_are_refused(from_file: Any, tmp_path: Path) -> None:
    path = tmp_path / "book.vcf"
    plain = CARDS.replace("ORG:Mueller", "ORG:Müller")
    path.write_bytes(plain.encode() + CARDS.replace("Bo Dent", "Zoë Dent").encode("cp1252"))
    with pytest.raises(ListProblem, match="in which encoding"):
        from_file(path)


def test_a_hundred_megabytes_in_three_encodings_are_refused(from_file: Any, tmp_path: Path) -> None:
    """Its first third is UTF-8, then Windows-1252, then Mac Roman: the first card that shows it is named."""
    card = "BEGIN:VCARD\nVERSION:3.0\nN:Müller;Jürgen;;;\nORG:Ash\nNOTE:" + "x" * 900 + "\nEND:VCARD\n"
    path = tmp_path / "book.vcf"
    with path.open("wb") as book:
        for encoding in ("utf-8", "cp1252", "mac_roman"):
            book.write(card.encode(encoding) * 36_000)
    assert path.stat().st_size > 100_000_000
    with pytest.raises(ListProblem, match="in which encoding its letters are") as refused:
        from_file(path)
    said = str(refused.value)
    assert f"{path}, row 2: " in said
    assert "“Jürgen Müller” in UTF-8" in said
    assert "--encoding" in said


def test_a_vcards_texts_have_separators_and_signs_of_their_own(tmp_path: Path) -> None:
    """RFC 6350, 3.4; quoted-printable with its character set is of vCard 2.1."""
    path = tmp_path / "book.vcf"
    path.write_text(
        "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=ISO-8859-1;QUOTED-PRINTABLE:M=FCller;Jo;;Dr.\n"
        "ORG:Ash\\, Birch \\; Cie;Bakery\nADR;WORK:PO Box 7;Suite 2\\, rear;1 Ash Street;Davis;CA;95616;\n"
        "item1.EMAIL;TYPE=home:jo@home.example\nEMAIL;TYPE=work,pref:mailto:jo@ash.example\n"
        "CATEGORIES:managed,,own\\,terms,\nBEGIN:VCARD\nFN:An agent\nEND:VCARD\nEND:VCARD\n"
    )
    (_, cells) = [row for _, row in next(sources(path)).passes()]
    assert cells == [
        "Ash, Birch ; Cie", "Jo Müller", "Dr.", "jo@ash.example", "", "1 Ash Street", "Suite 2, rear",
        "Davis", "CA", "95616", "", "managed, own,terms",
    ]  # fmt: skip
