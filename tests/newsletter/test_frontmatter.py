"""The words before a section's text."""

from __future__ import annotations

import pytest

from mailer.errors import FileProblems
from mailer.newsletter.frontmatter import Front, split_front


def test_the_words_before_a_text() -> None:
    front, rest = split_front(
        "---\nbyline: Dana Whitcomb\nstandfirst: One file: ten minutes.\n---\n## Restore\n", "a.md"
    )
    assert front == Front(byline="Dana Whitcomb", standfirst="One file: ten minutes.")
    assert rest.splitlines()[4] == "## Restore", "the text's lines keep their numbers"
    assert split_front("## Restore\n---\n", "a.md") == (Front(), "## Restore\n---\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "---\nbylin: Dana\n---\n",
            "a.md:2: 'bylin' is not known before a text; perhaps you meant 'byline'.",
        ),
        ("---\nbyline: Dana\n", "a.md:1: the words before the text have no end: write --- there."),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, said: str) -> None:
    with pytest.raises(FileProblems) as caught:
        split_front(text, "a.md")
    assert said in str(caught.value)
