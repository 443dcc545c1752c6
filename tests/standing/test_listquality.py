"""`mailer clients quality`: the worst first, and one figure."""

from __future__ import annotations

from tests.support.office import RATES, Office


def test_the_worst_stand_first_and_the_list_has_one_figure(mailed: Office) -> None:
    assert mailed.does("clients", "quality").out == "Quality of the list: 100 of 100 (4 of 4 clients)\n"
    row = "N-7,Ash St. Bakery Inc,,,1 ASH STREET,Sacramento,CA,95814,none,,"
    head = "Client ID,Company,Contact,Email,Address,City,State,Zip,Contract,Notice Term,Hourly Support Rate"
    mailed.imports(f"{head}\n{row}\n")
    piece = mailed.does("clients", "show", "N-3").out.partition(f"{RATES}-L-")[2][:4]
    mailed.does("returned", f"{RATES}-L-{piece}", "--on", "2026-11-24", "--reason", "moved")
    found = mailed.does("clients", "quality", "--json", exits=1).json
    assert (found["figure"], found["clients"]) == (40, 5)
    assert [(one["number"], one["weight"]) for one in found["poor"]] == [("N-3", 8), ("N-7", 5), ("N-1", 3)]
    assert [(one["one"], one["other"]) for one in found["twice"]] in ([("N-7", "N-1")], [("N-1", "N-7")])
    said = mailed.does("clients", "quality", exits=1).said
    assert "Quality of the list: 40 of 100 (2 of 5 clients)" in said
    assert f"{RATES}-L-{piece} came back on Tue 24 Nov 2026; the address is the same" in said


def test_the_form_of_the_post_stands_beside_what_was_given(office: Office) -> None:
    shown = office.does("clients", "show", "N-1").out
    assert "Address        1 Ash Street, Sacramento CA 95814\n" in shown
    assert "  USPS form    1 ASH ST, SACRAMENTO CA 95814\n" in shown
    why = "STREET → ST (Publication 28, 234: the street's suffix)"
    assert why not in shown
    assert why in office.does("clients", "show", "N-1", "-v").out


def test_the_form_is_overruled_or_taken_per_client(office: Office) -> None:
    done = office.does(
        "clients", "correct", "N-1", "--as-given", "--reason", "the deed says Street", "--by", "Ann"
    )
    assert done.out == "N-1 Ash Street Bakery: the address stays as it was given.\n"
    shown = office.does("clients", "show", "N-1", "-v").out
    assert "Address        1 Ash Street, Sacramento CA 95814\n" in shown
    assert "by Ann: the deed says Street\n" in shown
    assert "USPS form" not in shown
    assert "234" not in shown
    again = office.does("clients", "correct", "N-1", "--as-given", "--reason", "x", exits=1).err
    assert "stays as it is already" in again
    assert office.does("ledger", "verify").code == 0
    # another spelling has its form again
    office.does("clients", "correct", "N-1", "--line1", "2 Ash Street", "--reason", "moved next door")
    assert "  USPS form    2 ASH ST, SACRAMENTO CA 95814\n" in office.does("clients", "show", "N-1").out
    took = office.does("clients", "correct", "N-1", "--usps-form", "--reason", "the post's form").out
    assert "  after   2 ASH ST, SACRAMENTO CA 95814\n" in took
    assert "USPS form" not in office.does("clients", "show", "N-1").out
    none = office.does("clients", "correct", "N-1", "--usps-form", "--reason", "x", exits=1).err
    assert "has its address in the USPS form already" in none
    both = office.does(
        "clients", "correct", "N-1", "--as-given", "--zip", "95815", "--reason", "x", exits=2
    ).err
    assert "--usps-form and --as-given take the address as it is" in both
