"""Lists whose bytes fit several encodings: a name must never be read wrong in silence."""

from __future__ import annotations

from typing import Any

import pytest

from mailer.clients.source import ListProblem
from mailer.errors import UsageProblem

HEAD = "Company,Contact,Address,City,State,Zip\n"


def listed(*names: str) -> str:
    return HEAD + "".join(f"{name},Jo Doe,1 Main St,Davis,CA,95616\n" for name in names)


@pytest.mark.parametrize(
    "name",
    [
        *("Müller & Söhne", "Ünal", "Café Zoë", "José Núñez", "Peña Tile", "Dan’s Bakery", "Bogotá Imports"),
        *(
            "Guzmán Law",
            "Köhler",
            "León Roofing",
            "Raúl Ortiz",
            "Élan Salon",
            "Hôtel Royal",
            "Bjørk & Fjälling",
            "Rosa Pérez",
            "O’Brien",
            "Juan López",
            "Panadería",
            "Ana Solís",
            "Luís Costa",
        ),
    ],
)
def test_mac_roman_is_not_taken_for_windows_1252(read: Any, name: str) -> None:
    content = listed("Acme", name).encode("mac_roman")
    with pytest.raises(ListProblem) as caught:
        read(content)
    assert "list.csv, row 3: " in str(caught.value)
    assert f"“{name}” in Mac Roman" in str(caught.value)
    assert "--encoding mac-roman" in (caught.value.todo or "")
    found = read(content, encoding="mac-roman")
    assert found.opened.form == "text in Mac Roman, separated by commas"
    assert [client.company for client in found.clients] == ["Acme", name]


def test_all_readings_are_told(read: Any) -> None:
    with pytest.raises(ListProblem) as caught:
        read(listed("Müller").encode("mac_roman"))
    assert "“MŸller” in Windows-1252, “Müller” in Mac Roman, “Mƒller” in MS-DOS" in str(caught.value)


def test_ms_dos_is_not_taken_for_windows_1252(read: Any) -> None:
    content = listed("Jörg Ltd").encode("cp437")
    with pytest.raises(ListProblem, match=r"“J”rg Ltd” in Windows-1252.*“Jörg Ltd” in MS-DOS"):
        read(content)
    assert read(content, encoding="ms-dos").only.company == "Jörg Ltd"


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Müller & Söhne",
            "Ünal",
            "José Núñez",
            "“Acme” – the best",
            "Dan’s Bakery",
            "They’re In",
            "O’Brien",
            "Acme™ Inc",
        ),
        *("Škoda Parts", "Miloš Kašpar", "Krška Deli", "Maison du Cœur", "Œuvre", "Ali‘i Plumbing", "Žižkov"),
        *("Smith–Jones", "Acme … and Co", "5 € Store", "MÜLLER", "BJÖRK", "ŽIŽKOV", "„Zur Post“", "Großmann"),
        *("L’HAŸ", "Ángel Ávila", "Ålesund & Œuvres"),
    ],
)
def test_names_that_windows_1252_has(read: Any, name: str) -> None:
    found = read(listed("Acme", name).encode("cp1252"))
    assert found.opened.form == "text in Windows-1252, separated by commas"
    assert found.clients[1].company == name


def test_what_is_rare_counts_only_without_letters_of_windows_1252(read: Any) -> None:
    rare = "Well–being Café"
    assert read(listed(rare).encode("cp1252")).only.company == rare
    with pytest.raises(ListProblem):
        read(listed(rare.replace("é", "e")).encode("cp1252"))
    assert read(listed("Well–being").encode("cp1252"), encoding="windows-1252").only.company == "Well–being"


def test_a_possessive_that_may_be_a_name_of_a_mac_is_asked_for(read: Any) -> None:
    with pytest.raises(ListProblem, match="“Sol’s Diner” in Windows-1252, “Solís Diner” in Mac Roman"):
        read(listed("Sol’s Diner").encode("cp1252"))
    assert read(listed("Sol’s Diner", "Café Nuñez").encode("cp1252")).clients[0].company == "Sol’s Diner"


def test_columns_that_are_not_printed_do_not_matter(read: Any) -> None:
    content = "Company,Address,City,State,Zip,Remarks\nAcme,1 Main St,Davis,CA,95616,him—no†answer\n"
    assert read(content.encode("cp1252")).only.company == "Acme"


def test_encodings_that_do_not_fit(read: Any) -> None:
    with pytest.raises(UsageProblem, match="“latin” is not an encoding") as unknown:
        read(listed("Acme"), encoding="latin")
    assert unknown.value.todo == "Write utf-8, windows-1252, mac-roman, ms-dos."
    with pytest.raises(UsageProblem, match="begins with the mark of UTF-8"):
        read(listed("Acme").encode("utf-8-sig"), encoding="mac-roman")
    with pytest.raises(ListProblem, match="its characters are not UTF-8 text"):
        read(listed("Müller").encode("mac_roman"), encoding="utf-8")
    assert read(listed("Acme").encode("utf-8-sig"), encoding="utf-8").only.company == "Acme"


def test_a_workbook_has_no_encoding_to_name(workbook: Any, from_file: Any) -> None:
    path = workbook(Clients=[["Company", "Address"], ["Acme", "1 Main St, Davis, CA 95616"]])
    with pytest.raises(UsageProblem, match="a workbook says its encoding itself"):
        from_file(path, encoding="mac-roman")
