"""An approval of many letters merges them: a letter's own number, name or rate makes no letter apart."""

from __future__ import annotations

from tests.support.office import HEADINGS, RATES, Office, page_texts


def test_a_large_mailing_is_merged_and_each_letter_is_its_own(office: Office) -> None:
    rows = (
        f"M-{n},Firm {n},Ada Byrd {n},m{n}@ash.example,{n} Ash Street,Davis,CA,95616,none,,{125 + n % 3}.00"
        for n in range(100, 144)
    )
    office.imports("\n".join((HEADINGS, *rows)))
    said = office.does("approve", RATES, "-v").said
    assert "Approved 48 pieces" in said
    assert "3 letters were set one by one, the others merged" in said  # of two rates, or another width
    (file,) = office.stored()
    texts = page_texts(file)
    assert len(texts) == 48
    for n in range(100, 144):
        (own,) = [text for text in texts if f"M-{n} " in text]
        assert f"Dear Ada Byrd {n}:" in own
        assert [m for m in range(100, 144) if f"M-{m} " in own] == [n]
