"""Segments of mailer.toml: counted, and named by a campaign's audience."""

from __future__ import annotations

from tests.support.office import RATES, Office

SEGMENTS = """
[segments.managed]
contract = ["managed"]

[segments.davis]
only = ["N-4", "N-44"]

[segments.supported]
services = ["hourly-support"]
"""


def test_segments_are_counted_and_an_audience_names_them(office: Office) -> None:
    settings = office.root / "mailer.toml"
    settings.write_text(settings.read_text() + SEGMENTS)
    ran = office.does("clients", "count", exits=1)
    assert [line.split() for line in ran.out.splitlines()[2:]] == [
        ["all", "4", "4"], ["managed", "1", "1"], ["davis", "1", "1"], ["supported", "4", "4"],
    ]  # fmt: skip
    assert "[segments.davis] names 'N-44', which is no client." in ran.err
    assert office.does("clients", "count", "managed", "--json").json == [
        {"segment": "managed", "clients": 1, "readers": 1, "unknown": []}
    ]
    assert "perhaps you meant 'davis'" in office.does("clients", "count", "davies", exits=2).said

    name = f"campaigns/{RATES}/campaign.toml"
    settings.write_text(settings.read_text().replace(', "N-44"', ""))
    services = 'services = ["hourly-support", "after-hours"]'
    office.edit(name, services, f'{services}\nsegments = ["managed", "davis"]')
    assert office.does("plan", RATES, "--json").json["clients"] == {"write": 2}
    office.edit(name, '"davis"', '"davies"')
    said = office.does("plan", RATES, exits=1).said
    assert "audience.segments: mailer.toml has no [segments.davies]; perhaps you meant 'davis'" in said


def test_a_segment_of_include_alone_would_be_everybody(office: Office) -> None:
    settings = office.root / "mailer.toml"
    settings.write_text(settings.read_text() + '[segments.few]\ninclude = ["N-1"]\n')
    said = office.does("clients", "count", exits=1).said
    assert "segments.few: include adds clients to those whom the other keys choose" in said
    office.edit("mailer.toml", 'include = ["N-1"]', 'only = ["N-1"]')
    assert office.does("clients", "count", "few", "--json").json[0]["clients"] == 1
