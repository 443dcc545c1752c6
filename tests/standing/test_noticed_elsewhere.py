"""Rises in a list of which notice was given elsewhere: taken one by one, within the contracts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.office import ASH, FOUR, HEADINGS, Office, unlisted


@pytest.fixture
def office(tmp_path: Path, database: str) -> Office:
    return unlisted(tmp_path, database)


def test_a_rise_that_was_noticed_elsewhere_is_recorded(office: Office) -> None:
    office.imports(FOUR)
    risen = FOUR.replace("130.00", "140.00")
    reason = ("--all-rises", "letter of 1 October 2026", "--count", "2", "--rates-from", "2026-12-01")
    assert office.counts(risen, *reason) == "0 added, 2 updated, 2 unchanged, 0 rejected."
    assert office.rate("N-1", "2026-11-30") == "130.00"
    assert office.rate("N-1", "2026-12-01") == "140.00"
    shown = office.on("2026-12-01").does("clients", "show", "N-1")
    assert "noticed elsewhere: letter of 1 October 2026" in shown.said
    (payload,) = office.rows("SELECT payload FROM event ORDER BY seq DESC LIMIT 1")[0]
    assert "letter of 1 October 2026" in str(payload)
    assert office.counts(risen) == "0 added, 0 updated, 4 unchanged, 0 rejected."


def test_a_rise_from_before_the_first_rate_on_record_is_refused(office: Office) -> None:
    """It went in, and the first rate was billed from its own day on all the same."""
    office.imports(FOUR)
    reason = ("--noticed-elsewhere", "N-1:hourly-support=letter of 1 October", "--rates-from", "2026-11-01")
    ran = office.imports(FOUR.replace("130.00", "140.00", 1), *reason, exits=1)
    assert "the rate of Tue 24 Nov 2026 is on record, and would end it" in ran.said
    assert ran.out.strip().endswith("0 added, 0 updated, 3 unchanged, 1 rejected.")


def raised(office: Office) -> set[str]:
    """The numbers of the clients whose rate of support is 140.00 in December."""
    return {number for number in ("N-1", "N-4") if office.rate(number, "2026-12-01") == "140.00"}


def test_a_notice_given_elsewhere_covers_the_rise_that_it_names(office: Office) -> None:
    office.imports(FOUR)
    risen = FOUR.replace("130.00", "140.00")
    ran = office.imports(risen, "--noticed-elsewhere", "n-1:hourly-support=letter of 1 October", exits=1)
    assert ran.out.strip().endswith("0 added, 1 updated, 2 unchanged, 1 rejected.")
    assert raised(office) == {"N-1"}
    shown = office.does("clients", "show", "N-1").said
    assert "noticed elsewhere: letter of 1 October" in shown
    ran = office.imports(risen, "--noticed-elsewhere", "N-9:hourly-support=a letter", exits=1)
    assert "No rise was found for: n-9:hourly-support" in ran.said
    office.imports(risen, "--noticed-elsewhere", "N-4:hourly-support=e-mail of 2 October; he said yes: fine")
    assert raised(office) == {"N-1", "N-4"}


def test_notices_given_elsewhere_may_be_a_file(office: Office) -> None:
    office.imports(FOUR)
    risen = FOUR.replace("130.00", "140.00")
    listed = office.write(
        "given.csv", "Client,Service,Reason\nN-1,hourly-support,letter A\nN-4,hourly-support,\n"
    )
    before = office.recorded()
    ran = office.imports(risen, "--noticed-elsewhere", str(listed), exits=1)
    assert f"{listed}:3: client, service or reason is empty" in ran.said
    assert office.recorded() == before
    listed.write_text("Client,Service,Reason\nN-1,hourly-support,letter A\nN-4,hourly-support,letter B\n")
    assert office.counts(risen, "--noticed-elsewhere", str(listed)) == (
        "0 added, 2 updated, 2 unchanged, 0 rejected."
    )
    (payload,) = office.rows("SELECT payload FROM event ORDER BY seq DESC LIMIT 1")[0]
    assert '"noticed_elsewhere":"letter A; letter B"' in str(payload)
    assert '"rates_raised":2' in str(payload)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"client,service,reason\n" + b"x" * 200_000 + b",b,c\n", "field larger than field limit"),
        ("client,service,reason\n".encode("utf-16"), "a text in it is not UTF-8."),
    ],
)
def test_a_file_of_reasons_that_is_none(office: Office, content: bytes, says: str) -> None:
    (office.root / "reasons.csv").write_bytes(content)
    said = office.imports(FOUR, "--noticed-elsewhere", str(office.root / "reasons.csv"), exits=2).said
    assert says in said


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--noticed-elsewhere", "letter of 1 October"), "one reason does not cover a list"),
        (("--noticed-elsewhere", "N-1:hourly-support="), "names no client, or no reason"),
        (("--all-rises", "letter of 1 October"), "the list brings 2 rises"),
        (("--all-rises", "letter of 1 October", "--count", "3"), "the list brings 2 rises"),
        (("--count", "2"), "--count is the number of --all-rises"),
        (("--all-rises", " ", "--count", "2"), "it is empty"),
        (
            ("--noticed-elsewhere", "N-1:hourly-support=A", "--all-rises", "B", "--count", "2"),
            "Give one of the two",
        ),
    ],
)
def test_no_reason_covers_a_list_unasked(office: Office, options: tuple[str, ...], says: str) -> None:
    office.imports(FOUR)
    before = office.recorded()
    assert says in office.imports(FOUR.replace("130.00", "140.00"), *options, exits=2).said
    assert office.recorded() == before


LIMITED = f"{HEADINGS},Rate Locked Until,Max Raise,Min Months Between,Last Raised"


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        ("2026-12-31,,,", "Fri 1 Jan 2027: the day after the price lock, which runs to Thu 31 Dec 2026"),
        (",5%,,", "hourly-support from $130.00 to $140.00 is over the contract's cap of 5%"),
        (",,12,2026-03-01", "Mon 1 Mar 2027: 12 months after the last rise on Sun 1 Mar 2026"),
    ],
    ids=["lock", "cap", "months between"],
)
def test_no_notice_given_elsewhere_lets_a_rate_rise_that_the_contract_bars(
    office: Office, limits: str, why: str
) -> None:
    """The list brings the lock with the rise, or had it before; then the client agrees to take it out."""
    given = ("--noticed-elsewhere", "N-1:hourly-support=letter of 1 October", "--rates-from", "2026-12-01")
    risen = ASH.replace("130.00", "140.00")
    for before in (",,,", limits):
        office.imports(f"{LIMITED}\n{ASH},{before}\n")
        ran = office.imports(f"{LIMITED}\n{risen},{limits}\n", *given, exits=1)
        assert "the contract does not let it rise on Tue 1 Dec 2026, whatever notice was given" in ran.said
        assert why in ran.said
        assert ran.out.strip().endswith("0 added, 0 updated, 0 unchanged, 1 rejected.")
    assert office.rate("N-1", "2026-12-01") == "130.00"
    lifted = office.imports(f"{LIMITED}\n{risen},,,,\n", *given)
    assert lifted.out.strip().endswith("0 added, 1 updated, 0 unchanged, 0 rejected.")
    assert office.rate("N-1", "2026-12-01") == "140.00"


def test_a_rise_in_steps_on_one_day_is_no_smaller(office: Office) -> None:
    """A cap of 5%: $130.00 to $136.00 is 4.6%, and to $142.00 4.4% more, 9.2% in all."""
    given = ("--noticed-elsewhere", "N-1:hourly-support=letter of 1 October")
    office.imports(f"{LIMITED}\n{ASH},,5%,12,2025-06-01\n")
    office.imports(f"{LIMITED}\n{ASH.replace('130.00', '136.00')},,5%,12,2025-06-01\n", *given)
    further = f"{LIMITED}\n{ASH.replace('130.00', '142.00')},,5%,12,2025-06-01\n"
    ran = office.imports(further, *given, exits=1)
    assert "hourly-support from $130.00 to $142.00 is over the contract's cap of 5%" in ran.said
    assert office.rate("N-1", "2026-11-24") == "136.00"


def test_where_the_contract_asks_for_notice_one_given_elsewhere_rests_on_the_firms_word(
    office: Office,
) -> None:
    office.imports(FOUR)
    risen = FOUR.replace("150.00", "160.00").replace("130.00", "140.00")
    ran = office.imports(risen, "--all-rises", "letter of 1 October", "--count", "3")
    assert ran.said.count("rests on your word") == 1
    assert (
        "hourly-support $160.00: the contract asks for 30 days from deposit; that the notice given elsewhere "
        "kept it rests on your word" in ran.said
    )
    told = office.does("rates", "--worked-on", "2026-11-24", "--client", "N-3").said
    assert "letter of 1 October (that it kept the contract's 30 days from deposit rests on the firm's" in told
