"""Who goes by certified mail, from the definition or the rule to the job folder."""

from __future__ import annotations

from tests.support.office import FOUR, RATES, Office, page_texts

DEFINITION = "campaigns/2027-rates/campaign.toml"


def test_a_definition_that_wants_certified_mail(office: Office) -> None:
    office.write(DEFINITION, (office.root / DEFINITION).read_text() + "\n[letter]\ncertified = true\n")
    office.does("approve", RATES)
    office.does("print", RATES)
    assert {row["class"] for row in office.manifest()} == {"certified"}
    said = " ".join(page_texts(office.job() / "checklist.pdf"))
    assert "4 letters of about 0.38 oz, by Certified Mail: $6.08 each, $24.32." in said
    assert "put the label of PS Form 3800 on the front of each envelope" in said
    assert "Stamp those by Certified Mail with $6.08." in said


def test_a_rule_that_counts_a_proved_receipt(office: Office) -> None:
    """Cedar Hill Law's contract counts from receipt; the three others go as plain mail."""
    office.imports(FOUR.replace("contract-30-deposit", "30 days from receipt"))
    office.does("approve", RATES)
    office.does("print", RATES)
    assert [(row["name"], row["class"]) for row in office.manifest()] == [
        ("Dogwood Press", "first"),
        ("Ash Street Bakery", "first"),
        ("Birch Lane Dental", "first"),
        ("Cedar Hill Law", "certified"),
    ]
    said = " ".join(page_texts(office.job() / "checklist.pdf"))
    assert "1 sheet in each envelope, by Certified Mail: 1 piece" in said
    dropped = office.drops("2026-11-24 14:10")
    assert "NOT CERTIFIED: 1 of these pieces was to go by certified mail" in dropped.said


def test_newsletters_are_never_certified(issued: Office) -> None:
    assert {row["class"] for row in issued.manifest("2026-12-job-1")} == {"first"}
