"""The words of evidence's documents are the letterhead's own, else the shipped ones."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mailer import shipped
from mailer.errors import MailerError
from mailer.evidence.pages.wording import wording
from mailer.pages.letterhead import Letterhead, load_letterhead
from mailer.settings import Brand
from tests.support.evidence import as_of_monday
from tests.support.office import Office, page_texts


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(shipped.letterhead(), tmp_path / "letterhead")


def own(folder: Path, words: str) -> Letterhead:
    (folder / "evidence" / "service.txt.j2").write_text(words, encoding="utf-8")
    return load_letterhead(folder, Brand())


def test_a_passage_is_one_line_and_may_have_a_head(folder: Path) -> None:
    words = "{% block can_say %}\n**So.** By § 1746\nof {{ by }}\n{% endblock %}"
    say = wording(own(folder, words), "service", by="Lob", name="Lob")
    assert say("can_say") == "**So.** By §\u00a01746 of Lob"
    assert say.headed("can_say") == ("So.", "By §\u00a01746 of Lob")
    assert say.headed("unseen")[1].startswith("The firm did not see it handed over. That it was is Lob’s"), (
        "a passage that the own template lacks is the shipped one's"
    )


def test_a_letterhead_of_before_has_the_shipped_words(folder: Path) -> None:
    shutil.rmtree(folder / "evidence")
    assert (
        wording(load_letterhead(folder, Brand()), "request")("for")
        == "A request for a certificate of your records."
    )


@pytest.mark.parametrize("words", ["{% block unseen %}{{ nothing }}{% endblock %}", "{% block unseen %}"])
def test_a_faulty_template_is_named(folder: Path, words: str) -> None:
    with pytest.raises(MailerError) as raised:
        wording(own(folder, words), "service", name="Lob")("unseen")
    assert raised.value.where == "letterhead/evidence/service.txt.j2:1"


def test_other_words_change_no_approval(folder: Path) -> None:
    assert load_letterhead(folder, Brand()).digest == own(folder, "{% block unseen %}no{% endblock %}").digest


def test_the_firms_own_words_stand_in_the_declaration(posted: Office) -> None:
    name = "letterhead/evidence/declaration.txt.j2"
    posted.edit(name, "Read every line. Sign only what you know", "Sign only what you know")
    said = page_texts(as_of_monday(posted).folder / "declaration.pdf")[0]
    assert "Read every line" not in said
    assert "Sign only what you know yourself; strike out and correct by hand" in said
