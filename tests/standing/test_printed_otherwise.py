"""Between the printer and the post a client may change: the last moment to take its letter out.

Four printed letters: 1 Dogwood Press, 2 Ash Street Bakery (N-1), 3 Birch Lane Dental, 4 Cedar Hill Law.
"""

from __future__ import annotations

import pytest

from tests.support.office import ASH, DROP, FIRST, FOUR, RATES, Office

pytestmark = pytest.mark.days

L2 = "2027-rates-L-0002"
ANEW = (
    "printed before the client was changed. With another rate or text: destroy the job and approve again; "
    "with another address alone"
)
GONE = "printed, and the client gets none any more. "


def attention(office: Office) -> list[tuple[str, list[str]]]:
    found = office.does("status", RATES, "--json").json["attention"]
    looked_at = (one for one in found if one["why"] in ("gone", "changed"))
    return [(one["says"], [piece["piece"] for piece in one["pieces"]]) for one in looked_at]


def test_nothing_is_said_where_nobody_changed(both: Office) -> None:
    both.imports(FOUR)
    assert attention(both) == []
    assert "LOOK" not in both.does("handed-over", "--yes", *DROP).said


@pytest.mark.parametrize(
    "change",
    [
        ("1 Ash Street,", "99 Ash Street,"),
        ("Ash Street Bakery", "Ash Street Bakeries"),
        (",none,,130.00", ",none,,125.00"),
    ],
)
def test_a_list_with_another_address_name_or_rate(both: Office, change: tuple[str, str]) -> None:
    assert change[0] in ASH
    both.imports(FOUR.replace(ASH, ASH.replace(*change)))
    assert attention(both) == [(ANEW, [L2])]
    assert "1 printed, and the client was changed since" in both.does("status").said
    said = both.does("handed-over", "--yes", *DROP).said
    assert "LOOK 1 letter, printed before the client was changed: mailer status 2027-rates" in said


def test_a_hand_over_names_what_went_as_it_was_printed_before(both: Office) -> None:
    both.imports(FOUR.replace("1 Ash Street,", "99 Ash Street,"))
    says = f"LOOK 1 letter went as printed before the client was changed: {L2}."
    others = (
        "drop",
        RATES,
        "--at",
        "2026-11-24 14:10",
        *FIRST,
        "--except",
        L2,
        "--reason",
        "to be looked at",
    )
    assert "LOOK" not in both.does(*others).said
    assert says in both.does("drop", RATES, "--at", "2026-11-24 14:20", *FIRST).said


def test_a_letter_with_another_rate_is_destroyed_and_approved_again(both: Office) -> None:
    both.imports(FOUR.replace(ASH, ASH.replace(",none,,130.00", ",none,,125.00")))
    assert "would say something else today" in both.does("reprint", L2, "--reason", "a rate", exits=3).said
    both.does("destroy", RATES, "--reason", "another rate")
    both.does("approve", RATES, "--by", "Dana Whitcomb")
    both.does("print", RATES)
    assert attention(both) == []


def test_what_no_letter_states_is_no_change(both: Office) -> None:
    both.imports(FOUR.replace("ada@ash.example", "byrd@ash.example"))
    assert attention(both) == []


def test_a_client_who_died_after_the_print(both: Office) -> None:
    both.does("clients", "mark", "N-1", "deceased", "--reason", "told by phone")
    assert attention(both) == [(f"{GONE}Leave them out", [L2])]
    both.drops("2026-11-24 14:10", *FIRST, "--except", L2, "--reason", "the client died")
    assert attention(both) == [(f"{GONE}Destroy them", [L2])]
    assert "mailer handed-over" not in both.does("status", RATES).said
    both.does("destroy", RATES, "--reason", "the client died")
    both.does("approve", RATES, "--by", "Dana Whitcomb")
    assert "Nothing needs attention" in both.does("status", RATES).said


def test_a_letter_made_anew_is_in_order(both: Office) -> None:
    both.imports(FOUR.replace("1 Ash Street,", "99 Ash Street,"))
    both.does("reprint", L2, "--reason", "another address")
    assert attention(both) == []


@pytest.mark.parametrize("name", ["2026-12", RATES])
def test_what_is_printed_before_its_date_was_moved(issued: Office, name: str) -> None:
    """The issue carries the article on the rates, with the old date."""
    if name == RATES:
        issued.does("approve", RATES, "--by", "Dana Whitcomb")
        issued.does("print", RATES)
    issued.edit("campaigns/2027-rates/campaign.toml", "effective = 2027-01-01", "effective = 2027-02-01")
    for words in (("status",), ("status", name), ("handed-over", "--yes", *DROP)):
        assert "printed before" in issued.does(*words).said
    assert "printed before" not in issued.does("status").said
