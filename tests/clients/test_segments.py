"""Who is in an audience."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from mailer.agreement import ContractKind
from mailer.clients.member import Member, member_of
from mailer.clients.record import Address, Client, Contract
from mailer.clients.segments import Audience, predicate, unmatched
from mailer.segment import Segment

NONE, MANAGED, OWN = ContractKind.NONE, ContractKind.MANAGED, ContractKind.OWN_TERMS
VIP, FARM, A, B = "vip", "farm", "a", "b"


def member(
    number: str, name: str, email: str, kind: ContractKind, state: str, *words: str, active: bool = True
) -> Member:
    """`words` are tags, or services where they are one letter."""
    client = Client(
        id=UUID(int=int(number)), key=f"id:{number}", number=number, company=name, contact="", salutation="",
        email=email, phone="", address=Address("1 Main St", "", "Town", state, "89501"),
        contract=Contract(kind), tags=frozenset(words) - {A, B}, active=active,
    )  # fmt: skip
    return member_of(client, {A, B} & set(words))


MEMBERS = [
    member("1", "Acme", "info@acme.example.com", NONE, "CA", VIP, A),
    member("2", "Borden", "b@example.com", MANAGED, "CA", A, B),
    member("3", "Cole", "", OWN, "NV", VIP, FARM),
    member("4", "Dee", "", NONE, "CA", VIP, active=False),
]


@pytest.mark.parametrize(
    ("audience", "names"),
    [
        (Audience(Segment()), "Acme Borden Cole"),
        (Audience(Segment(contract=frozenset({ContractKind.NONE, ContractKind.OWN_TERMS}))), "Acme Cole"),
        (Audience(Segment(tags=frozenset({"VIP", "farm"}))), "Acme Cole"),
        (Audience(Segment(states=frozenset({"NV"}))), "Cole"),
        (Audience(Segment(services=frozenset({"b"}))), "Borden"),
        (Audience(Segment(tags=frozenset({"vip"}), states=frozenset({"CA"}))), "Acme"),
        (Audience(Segment(states=frozenset({"NV"}), include=frozenset({"ACME"}))), "Acme Cole"),
        (Audience(Segment(states=frozenset({"NV"}), include=frozenset({"B@example.com"}))), "Borden Cole"),
        (Audience(Segment(exclude=frozenset({"id:1", "3"}))), "Borden"),
        (
            Audience(
                Segment(states=frozenset({"NV"}), include=frozenset({"1"}), exclude=frozenset({"Acme"}))
            ),
            "Cole",
        ),
        (Audience(Segment(include=frozenset({"Dee"}))), "Acme Borden Cole"),
        (Audience(Segment(exclude=frozenset({""}))), "Acme Borden Cole"),
        (Audience(Segment(only=frozenset({"1", "C", "cole"}))), "Acme Cole"),
        (Audience(Segment(only=frozenset({"1", "3"}), states=frozenset({"CA"}))), "Acme"),
        (Audience(Segment(only=frozenset({"1"}), include=frozenset({"3"}))), "Acme Cole"),
        (Audience(Segment(only=frozenset({"1", "2"}), exclude=frozenset({"Acme"}))), "Borden"),
        (Audience(Segment(only=frozenset({"id:4"}))), ""),
    ],
)
def test_audiences(audience: Audience, names: str) -> None:
    is_in = predicate(audience)
    assert " ".join(member.name for member in MEMBERS if is_in(member)) == names


def test_a_name_that_is_no_client_is_told() -> None:
    audience = Audience(
        Segment(include=frozenset({"Acme", "Acne"}), exclude=frozenset({"9", "b@example.com"}))
    )
    assert unmatched(audience, MEMBERS) == ("9", "Acne")
    assert unmatched(Audience(Segment(only=frozenset({"1", "Dea"}))), MEMBERS) == ("Dea",)


def test_a_client_as_a_member() -> None:
    client = Client(
        id=UUID(int=1), key="id:1", number="1", company="Acme", contact="Jo", salutation="Dear Jo",
        email="", phone="", address=Address("1 Main St", "", "Reno", "NV", "89501"),
        contract=Contract(ContractKind.MANAGED), tags=frozenset({"vip"}), since=date(2020, 1, 1),
    )  # fmt: skip
    made = member_of(client, ["a"])
    assert (made.name, made.kind, made.state, made.services, made.active) == (
        "Acme",
        ContractKind.MANAGED,
        "NV",
        frozenset({"a"}),
        True,
    )
