"""A campaign folder: loaded whole, or refused with all that is wrong in it."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailer import shipped
from mailer.campaign.definition import Definition
from mailer.campaign.kind import Starter
from mailer.campaign.kinds import KINDS, kind_named
from mailer.campaign.loading import Campaign, MarkdownFile, campaign_names, check_name, load_campaign
from mailer.errors import FileProblems, MailerError, UsageProblem
from mailer.ledger.kinds import Medium
from mailer.settings import Settings
from mailer.tomlfile import parse, read

DEFINITION = """\
kind = "rate-notice"
title = "Hourly rates from January 2027"
effective = 2027-01-01

[[rates]]
service = "hourly-support"
to = "140.00"
"""
SHOWN = "campaigns/2027-rates/campaign.toml"
FILES = {"campaign.toml": DEFINITION, "letter.md": "Dear client,\n", "article.md": "Rates change.\n"}


def write(root: Path, files: dict[str, str], name: str = "2027-rates") -> Path:
    folder = root / "campaigns" / name
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        (folder / file).write_text(text)
    return folder


def problems(root: Path, name: str = "2027-rates") -> list[str]:
    with pytest.raises(FileProblems) as found:
        load_campaign(root, name)
    return [str(problem) for problem in found.value.problems]


def test_a_campaign_is_loaded(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    campaign = load_campaign(tmp_path, "2027-rates")
    assert campaign.kind.name == "rate-notice"
    assert campaign.effective == date(2027, 1, 1)
    assert campaign.path == SHOWN
    assert campaign.texts["letter.md"].text == "Dear client,\n"
    assert campaign.texts["letter.md"].path == "campaigns/2027-rates/letter.md"


def test_all_that_is_wrong_in_a_folder_comes_at_once(tmp_path: Path) -> None:
    folder = write(
        tmp_path, {"campaign.toml": DEFINITION.replace('"140.00"', '"a lot"').replace("title", "titel")}
    )
    (folder / "letter.md").write_bytes(b"Caf\xe9")
    assert problems(tmp_path) == [
        "campaigns/2027-rates/article.md: is missing or empty; write the text there",
        f"{SHOWN}: 'title' is missing",
        f"{SHOWN}:2: unknown key 'titel'; perhaps you meant 'title'",
        f"{SHOWN}:7: rates.0.to: 'a lot' is not an amount of money; write it like 140.00",
        "campaigns/2027-rates/letter.md: is not UTF-8 text (byte 3).",
    ]


def test_an_unknown_kind_has_a_suggestion_beside_the_other_problems(tmp_path: Path) -> None:
    write(
        tmp_path, FILES | {"campaign.toml": DEFINITION.replace("rate-notice", "rate-notise") + "extra = 1\n"}
    )
    assert problems(tmp_path) == [
        f"{SHOWN}:1: kind: unknown kind 'rate-notise'; perhaps you meant 'rate-notice'",
        f"{SHOWN}:8: unknown key 'rates.0.extra'; known here: name, raise, round, service, to",
    ]


def test_a_kind_unlike_any_names_all() -> None:
    with pytest.raises(
        ValueError, match="unknown kind 'x'; known: rate-notice, policy-change, business-hours, communication"
    ):
        kind_named("x")


@pytest.mark.parametrize("kind", ["", "kind = 5\n"])
def test_a_definition_without_a_kind(tmp_path: Path, kind: str) -> None:
    write(tmp_path, FILES | {"campaign.toml": DEFINITION.replace('kind = "rate-notice"\n', kind)})
    (problem,) = problems(tmp_path)
    assert "kind" in problem


def test_what_a_kind_needs_and_does_not_take(tmp_path: Path) -> None:
    text = 'kind = "rate-notice"\ntitle = "x"\n\n\n\n\n'
    text += '[policy]\nname = "a"\nchange = "b"\n'
    write(tmp_path, FILES | {"campaign.toml": text})
    assert problems(tmp_path) == [
        f"{SHOWN}: 'effective' is missing; a rate-notice must state it",
        f"{SHOWN}: 'rates' is missing; a rate-notice must state it",
        f"{SHOWN}:7: 'policy' does not belong in a rate-notice",
    ]


@pytest.mark.parametrize(
    ("file", "text"), [("letter.md", None), ("article.md", None), ("article.md", " \n\t\n")]
)
def test_a_missing_or_empty_text_is_refused(tmp_path: Path, file: str, text: str | None) -> None:
    folder = write(tmp_path, FILES)
    (folder / file).unlink()
    if text is not None:
        (folder / file).write_text(text)
    assert problems(tmp_path) == [f"campaigns/2027-rates/{file}: is missing or empty; write the text there"]


def test_a_definition_that_is_not_toml(tmp_path: Path) -> None:
    write(tmp_path, FILES | {"campaign.toml": DEFINITION + "to =\n"})
    assert problems(tmp_path) == [f"{SHOWN}:8: not valid TOML: Invalid value"]


@pytest.mark.parametrize(
    "name",
    [
        *[
            ".",
            "..",
            "../etc",
            "a/b",
            "a\\b",
            "/etc",
            "2027_rates",
            "2027 rates",
            "Rates",
            "-a",
            "a-",
            "a--b",
            "a\n",
            "é",
            "a\x00",
            "٢",
        ],
        "",
        "a" * 41,
    ],
)
def test_what_cannot_name_a_campaign(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageProblem, match="is not a campaign's name") as refused:
        load_campaign(tmp_path, name)
    assert refused.value.exit_code == 2
    assert "Use lower-case letters, digits and single hyphens, at most 40: 2027-rates." in str(refused.value)


@given(st.text())
def test_a_name_never_leads_out_of_the_folder(name: str) -> None:
    try:
        check_name(name)
    except UsageProblem:
        return
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_an_unknown_campaign_says_which_are_known(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="Make one: mailer new rate-notice 2027-rates"):
        load_campaign(tmp_path, "2027-rates")
    write(tmp_path, FILES, "2026-rates")
    write(tmp_path, FILES, "Not A Name")
    assert campaign_names(tmp_path) == ("2026-rates",)
    with pytest.raises(UsageProblem, match=r"Known here: 2026-rates\."):
        load_campaign(tmp_path, "2027-rates")


def test_what_goes_to_one_client_alone_asks_for_no_newsletter() -> None:
    alone = {name for name in KINDS if kind_named(name).media == (Medium.LETTER,)}
    assert alone == {"complaint-response", "decline", "disengagement", "reminder"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kinds_first_files_load_as_they_stand(tmp_path: Path, kind: str) -> None:
    new = Starter("a-campaign", date(2027, 1, 1), date(2026, 11, 24))
    shutil.copytree(shipped.campaigns() / "policies", tmp_path / "policies")
    write(tmp_path, kind_named(kind).starter(new), "a-campaign")
    campaign = load_campaign(tmp_path, "a-campaign")
    assert campaign.kind.name == campaign.definition.kind == kind
    if not campaign.kind.is_issue:  # whose sections are the firm's
        assert set(campaign.texts) == {file for file, _ in campaign.kind.files}


def test_a_newsletter_has_no_effective_date(tmp_path: Path) -> None:
    new = Starter("2026-12", date(2026, 12, 1), date(2026, 11, 24))
    write(tmp_path, kind_named("newsletter").starter(new), "2026-12")
    with pytest.raises(MailerError, match="has no effective date: a newsletter only carries notices"):
        _ = load_campaign(tmp_path, "2026-12").effective


def test_the_facts_of_a_rate_notice(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    campaign = load_campaign(tmp_path, "2027-rates")
    profile = read(shipped.campaigns() / "mailer.toml", Settings).on(campaign.effective)
    assert [fact.words for fact in campaign.kind.common_facts(campaign.definition, profile)] == [
        "January 1, 2027",
        "Hourly support",
        "$140.00",
    ]


def loaded(root: Path, files: dict[str, str]) -> Campaign:
    write(root, files)
    return load_campaign(root, "2027-rates")


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("change", ["{}\n", " {}", "{}# é", "{}\t"])
def test_the_digest_changes_with_any_file(tmp_path: Path, file: str, change: str) -> None:
    before = loaded(tmp_path, FILES).digest()
    after = loaded(tmp_path, FILES | {file: change.format(FILES[file])}).digest()
    assert before != after
    assert loaded(tmp_path, FILES).digest() == before


def test_line_endings_and_a_byte_order_mark_do_not_count(tmp_path: Path) -> None:
    before = loaded(tmp_path, FILES).digest()
    folder = tmp_path / "campaigns" / "2027-rates"
    for file, text in FILES.items():  # as an editor on Windows saves them
        (folder / file).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert load_campaign(tmp_path, "2027-rates").digest() == before


@given(st.integers(0, 12), st.characters(exclude_categories=["Cs"], exclude_characters="\r"))
def test_the_digest_changes_with_any_character(at: int, char: str) -> None:
    def digest(letter: str) -> str:
        return _campaign({"letter.md": letter, "article.md": "x"}).digest()

    text = "Dear client,\n"
    changed = text[:at] + char + text[at + 1 :]
    assert (digest(text) == digest(changed)) == (text == changed)


def test_the_digest_tells_one_text_from_two() -> None:
    one = _campaign({"how-to.md": "a\0lead.md\0b"})
    two = _campaign({"how-to.md": "a", "lead.md": "b"})
    assert one.digest() != two.digest()


def test_the_articles_digest_is_of_the_article_and_its_facts(tmp_path: Path) -> None:
    before = loaded(tmp_path, FILES).article_digest()
    assert loaded(tmp_path, FILES | {"letter.md": "Dear Ada,\n"}).article_digest() == before
    assert loaded(tmp_path, FILES | {"article.md": "They change.\n"}).article_digest() != before
    assert (
        loaded(tmp_path, FILES | {"campaign.toml": DEFINITION.replace("140", "141")}).article_digest()
        != before
    )


def _campaign(texts: dict[str, str]) -> Campaign:
    sources = {file: MarkdownFile(file, text) for file, text in texts.items()}
    definition = parse(DEFINITION, Definition, shown="campaign.toml")
    return Campaign("x", Path(), kind_named("rate-notice"), definition, DEFINITION, sources)
