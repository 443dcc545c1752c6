"""Mail to other countries is never priced as mail at home. Canada stands for all of them."""

from __future__ import annotations

from tests.support.office import FOUR, RATES, Office

TORONTO = "N-5,Yew Books,Yva Yew,yva@yew.example,1 Yonge Street,Toronto,ON,M5E 1W7,none,,130.00,Canada\n"


def with_toronto(office: Office) -> Office:
    """The four clients and a fifth in Canada."""
    heading, rest = FOUR.split("\n", 1)
    rows = "".join(f"{line},\n" for line in rest.splitlines())
    office.imports(f"{heading},Country\n{rows}{TORONTO}", name="abroad.csv")
    office.does("approve", RATES)
    return office


def test_a_forecast_prices_it_or_names_what_is_missing(office: Office) -> None:
    """The shipped file has no price for it: it is the contract's."""
    with_toronto(office)
    refused = office.does("send", RATES, "--dry-run", exits=1)
    assert "prices.toml: [[lob]] from 2025-07-13 has no price 'abroad'." in refused.said
    assert "Put in abroad = … with the price in dollars." in refused.said
    office.edit("prices.toml", "# abroad = 0.00 ", "abroad = 1.00 ")
    assert "$5.50" in office.does("send", RATES, "--dry-run").said  # 5 x $0.90 and $1.00


def test_certified_mail_abroad_is_refused_by_name_not_for_its_price(office: Office) -> None:
    text = (office.root / "campaigns/2027-rates/campaign.toml").read_text()
    assert "[letter]" not in text
    office.write("campaigns/2027-rates/campaign.toml", f"{text}\n[letter]\ncertified = true\n")
    refused = with_toronto(office).does("send", RATES, "--dry-run", exits=1)
    assert "Certified mail is for US addresses only, and the recipient is in CA." in refused.said
