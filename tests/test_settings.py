"""mailer.toml: what it says, and what it is told when it is wrong."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st
from pydantic import BaseModel

from mailer.campaign.definition import Definition
from mailer.errors import FileProblems, MailerError, Problem
from mailer.hours import DAYS
from mailer.mailservice.lob.settings import LobSettings
from mailer.mailservice.registry import tables
from mailer.settings import Envelope, Paper, Postage, Settings, find_root, load_settings
from mailer.shipped import letterhead
from mailer.tomlfile import Table, parse

pytestmark = pytest.mark.days

PROFILE = """\
[firm]
name = "Riverbend IT"
phone = "(916) 555-0100"
email = "office@riverbend.example"
time_zone = "America/Los_Angeles"

[firm.address]
line1 = "100 Capitol Mall"
line2 = "Suite 200"
city = "Sacramento"
state = "CA"
zip = "95814"

[signature]
name = "Ada Byrd"
title = "Owner"

[[hours]]
from = 2020-01-01
monday = "8:00-17:00"

[[hours]]
from = 2027-01-01
monday = "8:00-18:00"
tuesday = "8:00-18:00"
"""

MORE = """
[[holidays]]
day = 2026-12-24
name = "Christmas Eve"

[[closings]]
calendar = "usps"
day = 2026-12-26
reason = "Executive order"

[[response_times]]
what = "Critical outage"
within = "30 minutes"

[stationery]
paper = "pre-printed"
envelope = "labels"
labels = "avery-5161"

[mailroom]
postage = "meter"
cut_off = "16:30"

[lead_times]
approval = 3
printing = 2

[house]
notice = "house-30-day"
require_all_media = false
"""


NOT_A_ZONE = 'is not an IANA time zone; write one like "America/Los_Angeles"'
NOT_HOURS = 'is not a range of hours; write "8:00-17:30" or "closed"'


def settings(text: str) -> Settings:
    return parse(text, Settings, shown="mailer.toml")


def problems(text: str) -> list[str]:
    with pytest.raises(FileProblems) as found:
        settings(text)
    return [str(problem) for problem in found.value.problems]


def test_a_short_profile_has_the_usual_habits() -> None:
    firm = settings(PROFILE)
    assert firm.firm.time_zone == ZoneInfo("America/Los_Angeles")
    assert firm.firm.address.lines() == ("100 Capitol Mall", "Suite 200", "Sacramento CA 95814")
    assert firm.stationery.paper is Paper.PLAIN
    assert firm.stationery.envelope is Envelope.DOUBLE_WINDOW
    assert firm.mailroom.postage is Postage.STAMP
    assert firm.mailroom.cut_off == time(17, 0)
    assert (firm.lead_times.approval, firm.lead_times.printing) == (2, 1)
    assert firm.house.notice == "house-30-day"
    assert firm.house.require_all_media


def test_a_full_profile_says_its_own() -> None:
    firm = settings(PROFILE + MORE)
    assert [(h.day, h.name) for h in firm.holidays] == [(date(2026, 12, 24), "Christmas Eve")]
    assert [(c.calendar, c.day) for c in firm.closings] == [("usps", date(2026, 12, 26))]
    assert [(r.what, r.within) for r in firm.response_times] == [("Critical outage", "30 minutes")]
    assert firm.stationery.envelope is Envelope.LABELS
    assert firm.mailroom.cut_off == time(16, 30)
    assert not firm.house.require_all_media


@pytest.mark.parametrize(
    ("day", "first_line"),
    [
        (date(2019, 6, 1), "Monday, 8:00 am to 5:00 pm"),  # before the first entry: the first known hours
        (date(2026, 12, 31), "Monday, 8:00 am to 5:00 pm"),
        (date(2027, 1, 1), "Monday and Tuesday, 8:00 am to 6:00 pm"),
    ],
)
def test_hours_hold_from_their_day_on(day: date, first_line: str) -> None:
    assert settings(PROFILE).on(day).hours.lines()[0] == first_line


def test_all_problems_of_a_profile_come_at_once() -> None:
    text = PROFILE.replace('"CA"', '"ca"').replace('"95814"', "2134").replace("America/", "Amerika/")
    text = text.replace('name = "Ada Byrd"', 'nme = "Ada Byrd"').replace('tuesday = "8:00', 'tuesday = "8')
    text += (
        MORE.replace("approval = 3", "approval = 90")
        .replace('"16:30"', "1630")
        .replace('"meter"', '"permits"')
    )
    assert problems(text) == [
        f"mailer.toml:5: firm.time_zone: 'Amerika/Los_Angeles' {NOT_A_ZONE}",
        "mailer.toml:11: firm.address.state: 'ca' is not two capital letters, like CA",
        "mailer.toml:12: firm.address.zip: should be a text, in quotes, not 2134",
        "mailer.toml:14: 'signature.name' is missing",
        "mailer.toml:15: unknown key 'signature.nme'; perhaps you meant 'name'",
        f"mailer.toml:25: hours.1.tuesday: '8-18:00' {NOT_HOURS}",
        "mailer.toml:46: mailroom.postage: input should be 'stamp', 'meter' or 'permit', not 'permits'",
        'mailer.toml:47: mailroom.cut_off: 1630 is not a time of day; write "16:30"',
        "mailer.toml:50: lead_times.approval: input should be less than or equal to 60, not 90",
    ]


@pytest.mark.parametrize("written", ['"9581"', '"95814-12"', '"95814 "', '"٩٥٨١٤"', '"95814\\n"'])
def test_what_is_not_a_zip_code(written: str) -> None:
    (problem,) = problems(PROFILE.replace('"95814"', written))
    assert problem.startswith("mailer.toml:12: firm.address.zip: ")
    assert problem.endswith(' is not a ZIP code; write it in quotes, like "95814"')


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ("Riverbend IT", "2: firm.name"),
        ("office@riverbend.example", "4: firm.email.value"),
        ("100 Capitol Mall", "8: firm.address.line1"),
        ("Suite 200", "9: firm.address.line2"),
        ("Ada Byrd", "15: signature.name"),
    ],
)
def test_a_line_break_is_no_part_of_a_name_or_an_address(given: str, where: str) -> None:
    (problem,) = problems(PROFILE.replace(f'"{given}"', f'"{given}\\nBcc: eve@evil.example"'))
    assert problem.startswith(f"mailer.toml:{where}: ")
    assert problem.endswith("has a line break or another control character; write it on one line")


@pytest.mark.parametrize(
    "zone", ["", "Pacific", "../../etc/passwd", "America", "/etc/localtime", "a\\u0000b", "x" * 300]
)
def test_what_is_not_a_time_zone(zone: str) -> None:
    (problem,) = problems(PROFILE.replace("America/Los_Angeles", zone))
    assert problem.startswith("mailer.toml:5: firm.time_zone: ")
    assert problem.endswith(NOT_A_ZONE)


@pytest.mark.parametrize("written", ['"half past four"', '"16:30+02:00"', "16.30", "2026-11-25", "true"])
def test_what_is_not_a_time_of_day(written: str) -> None:
    (problem,) = problems(PROFILE + f"[mailroom]\ncut_off = {written}\n")
    assert problem.startswith("mailer.toml:27: mailroom.cut_off: ")
    assert problem.endswith('is not a time of day; write "16:30"')


def test_a_time_of_day_may_be_bare() -> None:
    assert settings(PROFILE + "[mailroom]\ncut_off = 16:30:00\n").mailroom.cut_off == time(16, 30)


def test_a_permit_is_given_whole() -> None:
    given = '[mailroom]\npostage = "permit"\npermit_number = "1234"\npermit_city = "Sacramento CA"\n'
    assert settings(PROFILE + given).mailroom.permit_city == "Sacramento CA"
    (problem,) = problems(PROFILE + '[mailroom]\npostage = "permit"\npermit_number = "1234"\n')
    assert problem == (
        'mailer.toml:26: mailroom: postage = "permit" needs permit_number and permit_city, '
        "as the post gave them"
    )


@pytest.mark.parametrize(
    ("written", "is_one"),
    [
        ("123456", True),
        ("912345678", True),
        ("", True),
        ("912345", False),
        ("123456789", False),
        ("12345", False),
        ("12345６", False),
    ],
)
def test_a_mailer_id(written: str, is_one: bool) -> None:
    """USPS-B-3200, 2.1.3.3: six digits do not begin with 9, nine digits do."""
    text = PROFILE + f'[mailroom]\nmailer_id = "{written}"\n'
    if is_one:
        assert settings(text).mailroom.mailer_id == written
    else:
        (problem,) = problems(text)
        assert problem.endswith("is not a Mailer ID: 6 digits, or 9 that begin with 9")


@pytest.mark.parametrize("again", ["2020-01-01", "2019-12-31"])
def test_hours_stand_in_order(again: str) -> None:
    assert problems(PROFILE.replace("2027-01-01", again)) == [
        "mailer.toml:18: hours: [[hours]] entries must be in the order of their 'from' days, each day once"
    ]


def test_faulty_hours_are_one_problem() -> None:
    text = PROFILE[: PROFILE.index("[[hours]]")] + '[[hours]]\nfrom = 2020-01-01\nmonday = "8-17"\n'
    assert problems(text) == [f"mailer.toml:20: hours.0.monday: '8-17' {NOT_HOURS}"]


def test_a_mistyped_day_of_hours_is_suggested() -> None:
    assert problems(PROFILE.replace("tuesday", "teusday")) == [
        "mailer.toml:25: unknown key 'hours.1.teusday'; perhaps you meant 'tuesday'"
    ]


def test_a_mail_service_has_a_table_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "mailer.toml").write_text(PROFILE + "[lob]\ncolor = true\n")
    firm = load_settings(tmp_path, tables())
    assert (firm.services, firm.services_used) == (("lob", "hotfolder", "smtp"), ("lob",))
    assert firm.table("lob", LobSettings) == LobSettings(color=True)
    (tmp_path / "mailer.toml").write_text(PROFILE)
    firm = load_settings(tmp_path, tables())
    assert (firm.table("lob", LobSettings), firm.services_used) == (LobSettings(), ())


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[lob]\nmonthly_cap = 1e400", "should be less than or equal to 99999999.9999, not 1e+400"),
        ("[lob]\nmonthly_cup = 1", "unknown key 'lob.monthly_cup'; perhaps you meant 'monthly_cap'"),
        ("[lobb]\ncolor = true", "unknown key 'lobb'; perhaps you meant 'lob'"),
    ],
)
def test_what_is_wrong_in_a_services_table_is_said(tmp_path: Path, written: str, said: str) -> None:
    (tmp_path / "mailer.toml").write_text(f"{PROFILE}\n{written}\n")
    with pytest.raises(FileProblems) as found:
        load_settings(tmp_path, tables())
    (problem,) = found.value.problems
    assert str(problem).endswith(said)


def test_the_mail_folder_is_the_nearest_one_above(tmp_path: Path) -> None:
    (tmp_path / "mailer.toml").write_text(PROFILE)
    below = tmp_path / "campaigns" / "2027-rates"
    below.mkdir(parents=True)
    assert find_root(below) == tmp_path
    assert load_settings(tmp_path, {}).firm.name == "Riverbend IT"


def test_outside_a_mail_folder_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(MailerError) as refused:
        find_root(tmp_path)
    assert str(refused.value) == (
        f"{tmp_path}: is not in a mail folder: there is no mailer.toml here or above.\n"
        "  Go to your mail folder, name it with -C FOLDER, or make one with `mailer init FOLDER`."
    )


CAMPAIGN = """\
kind = "rate-notice"
title = "Rates"
effective = 2027-01-01
[audience]
contract = ["none"]
states = ["CA"]
include = ["Ada"]
[notice]
newsletter = "auto"
[letter]
date = 2026-11-24
enclosures = ["Rate card"]
[[rates]]
service = "support"
raise = "8%"
round = "down to 5.00"
[limits]
raise = "0% to 10%"
[policy]
name = "Remote access"
change = "it changes"
[issue]
month = "2026-12"
number = 7
carries = ["2027-rates"]
[facts]
reply_by = "December 15"
"""
VALUES = (
    st.sampled_from(["0", "-1", "7", "1.5", "-0.0", "nan", "inf", "1e400000", "0x" + "f" * 5000, "true"])
    | st.sampled_from(["[]", "{}", "[[]]", "[1]", "[{}]", "{ a = 1 }", "['é', 1, {}]", "''", "' '", "'x'"])
    | st.sampled_from(["2027-01-01", "0001-01-01", "16:30:00", "2027-01-01T10:00:00Z", "2027-01-01T00:00:00"])
    | st.text("ab %.:-19", max_size=8).map(lambda text: f"'{text}'")
    | st.integers(1, 900).map(lambda length: f"'{'é' * length}'")
)


@given(st.sampled_from([(Settings, PROFILE + MORE), (Definition, CAMPAIGN)]), st.data())
@example_settings(max_examples=400, deadline=None)
def test_any_value_at_any_key_is_taken_or_refused(case: tuple[type[Table], str], data: st.DataObject) -> None:
    model, text = case
    lines = text.splitlines()
    places = [number for number, line in enumerate(lines) if " = " in line]
    changed = data.draw(st.dictionaries(st.sampled_from(places), VALUES, min_size=1, max_size=3))
    for number, value in changed.items():
        lines[number] = f"{lines[number].partition(' = ')[0]} = {value}"
    found: list[Problem] = []
    try:
        parse("\n".join(lines), model, shown="x.toml")
    except FileProblems as error:
        found += error.problems
    named = {problem.line for problem in found}
    tables = {number + 1 for number, line in enumerate(lines) if line.startswith("[")}
    assert named <= {number + 1 for number in changed} | tables
    assert all(len(str(problem)) < 1_200 for problem in found)


# Keys that nothing reads yet, each with who is to read it. Only ever shorten this.
NOT_READ_YET = {"FirmAddress.county": "the declaration of mailing in the evidence pack"}


def _keys(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Every field of `model` and of the tables within it: (its name for people, its attribute)."""
    for name, info in model.model_fields.items():
        yield f"{model.__name__}.{name}", name
        for inner in _tables(info.annotation):
            yield from _keys(inner)


def _tables(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _tables(argument)


def test_every_key_of_a_definition_is_read(package: Path) -> None:
    blind = {package / name for name in ("notice", "ledger", "clients", "store")}  # know neither record
    read = {
        node.attr
        for path in package.rglob("*.py")
        if blind.isdisjoint(path.parents) or path == package / "clients/segments.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
    }
    for template in letterhead().glob("*.j2"):
        read |= set(re.findall(r"\.([a-z_]+)", " ".join(re.findall(r"{[{%].*?[%}]}", template.read_text()))))
    read |= set(DAYS)  # by getattr, in hours.py
    unread = {
        key
        for model in tuple[type[BaseModel], ...]((Settings, *tables().values(), Definition))
        for key, name in _keys(model)
        if name not in read
    }
    assert unread <= set(NOT_READ_YET)
