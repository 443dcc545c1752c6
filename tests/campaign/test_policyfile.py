"""policies/*.md: read whole, or refused with all that is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mailer import shipped
from mailer.campaign.policyfile import load_policies, policy_on
from mailer.errors import FileProblems

HEAD = '+++\ntitle = "How to reach us"\neffective = {}\n+++\n\nCall us.\n'


def write(root: Path, **files: str) -> None:
    (root / "policies").mkdir(exist_ok=True)
    for name, text in files.items():
        (root / "policies" / f"{name.replace('_', '-')}.md").write_text(text, encoding="utf-8")


def test_a_version_holds_until_the_next_begins(tmp_path: Path) -> None:
    write(tmp_path, calls_1=HEAD.format("2024-01-01"), calls_2=HEAD.format("2027-02-01"))
    known = load_policies(tmp_path)
    found = [
        policy_on(known, "calls", day)
        for day in (date(2023, 12, 31), date(2024, 1, 1), date(2027, 1, 31), date(2027, 2, 1))
    ]
    assert [one.label if one else "" for one in found] == ["", "calls-1", "calls-1", "calls-2"]
    assert (known[0].title, known[0].text, known[0].line) == ("How to reach us", "Call us.\n", 5)


def test_the_shipped_policies_are_read() -> None:
    labels = [one.label for one in load_policies(shipped.campaigns())]
    assert labels == ["communication-1", "communication-2", "service-guide-1"]


def test_a_folder_without_policies_has_none(tmp_path: Path) -> None:
    assert load_policies(tmp_path) == ()


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"calls_1": '+++\ntitle = "Calls"\n+++\n\nCall us.\n'}, "calls-1.md: 'effective' is missing"),
        ({"calls_1": HEAD.format("soon")}, "calls-1.md:3: not valid TOML"),
        ({"calls_1": "Call us.\n"}, "calls-1.md:1: begins with no head; write +++, title"),
        (
            {"calls_1": HEAD.format("2024-01-01").partition("\n\n")[0]},
            "calls-1.md:4: has no text",
        ),
        ({"calls": HEAD.format("2024-01-01")}, "calls.md: is not called NAME-VERSION.md"),
        (
            {"calls_1": HEAD.format("2024-01-01"), "calls_2": HEAD.format("2024-01-01")},
            "calls-2.md:2: effective 2024-01-01 is not after calls-1, which is in force from",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, files: dict[str, str], told: str) -> None:
    write(tmp_path, **files)
    with pytest.raises(FileProblems) as found:
        load_policies(tmp_path)
    (problem,) = found.value.problems
    assert str(problem).startswith(f"policies/{told}")
