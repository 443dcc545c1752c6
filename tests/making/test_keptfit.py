"""An issue that was proofed is not fitted to its pages a second time, and comes out the same."""

from __future__ import annotations

import hashlib
import json

import pytest

from mailer.pages.newsletter import _Layout
from tests.support.office import Office

ISSUE = "2026-12"
FIT = f"proofs/.{ISSUE}.fit"
LEAD = f"campaigns/{ISSUE}/lead.md"


@pytest.fixture
def layouts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """For each layout of an issue what it is for: "print" or "screen"."""
    found: list[str] = []
    real = _Layout.set

    def counted(self: _Layout, setting: object, *, screen: bool = False) -> object:
        found.append("screen" if screen else "print")
        return real(self, setting, screen=screen)  # type: ignore[arg-type]

    monkeypatch.setattr(_Layout, "set", counted)
    return found


def body(office: Office) -> set[str]:
    """The hashes of the stored PDFs."""
    return {
        hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (office.root / "files").rglob("*")
        if path.is_file()
    }


def test_what_was_proofed_is_laid_out_once_to_be_approved(office: Office, layouts: list[str]) -> None:
    office.does("proof", ISSUE)
    assert layouts.count("print") > 1
    layouts.clear()
    office.does("approve", ISSUE)
    assert layouts == ["print", "screen"]


def test_it_is_the_same_as_without_a_proof(office: Office, layouts: list[str]) -> None:
    office.does("approve", ISSUE)
    searched = body(office)
    layouts.clear()
    office.does("proof", ISSUE)
    assert layouts == ["print", "screen"]
    assert body(office) == searched


def test_after_an_edit_it_is_searched_again(office: Office, layouts: list[str]) -> None:
    office.does("proof", ISSUE)
    lead = office.root / LEAD
    lead.write_text(lead.read_text() + "\nOne more line.\n")
    layouts.clear()
    office.does("proof", ISSUE)
    assert layouts.count("print") > 1


@pytest.mark.parametrize(
    "damage",
    ["", "{}", "[" * 50_000, '{"inputs": 1}', "loose", "pages", "space"],
)
def test_a_damaged_one_is_not_used(office: Office, damage: str) -> None:
    office.does("approve", ISSUE)
    searched = body(office)
    file = office.root / FIT
    said = json.loads(file.read_text())
    if damage in said["setting"]:
        said["setting"][damage] = 99
    elif damage == "space":
        said["setting"]["tuned"] = [{"space": 9.0, "later": 0}]
    file.write_text(json.dumps(said) if damage.isalpha() else damage)
    office.does("proof", ISSUE)
    office.does("approve", ISSUE)
    assert body(office) == searched
    assert json.loads(file.read_text())["setting"]["loose"] <= 1
