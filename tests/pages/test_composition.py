from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from html import escape, unescape
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailer.campaign.fields import LinesField, TableField
from mailer.errors import FileProblems, MailerError
from mailer.pages.composition import Composed, FieldProblem, compile_text, normalise
from mailer.pages.valuemarks import mark

KIND: Final = "something in it is not of the kind that it should be"
UNCALLED: Final = "only range() is called in a document; write {{ name | upper }} and the like"


def compose(source: str, **fields: object) -> Composed:
    return compile_text(source, path="letter.md").compose(fields)


def problem(source: str, **fields: object) -> FieldProblem:
    with pytest.raises(FieldProblem) as caught:
        compose(source, **fields)
    return caught.value


@dataclass(frozen=True, slots=True)
class Client:
    name: str
    contact: str = ""

    def secret(self) -> str:
        return "secret"


def test_a_letter() -> None:
    composed = compose(
        "Dear {{ client.contact }},\n\n"
        "from **{{ effective | date }}** the rate for\n{{ client.name }} is {{ rate | money }}, "
        "{{ rise | percent }} more.\n",
        client=Client("Birch & Sons", "Ms. Ortega"),
        effective=date(2027, 1, 1),
        rate=Decimal(1140),
        rise=Decimal("0.0769"),
    )
    assert composed.html == (
        "<p>Dear Ms. Ortega,</p>\n"
        "<p>from <strong>January 1, 2027</strong> the rate for\nBirch &amp; Sons is $1,140.00, "
        "7.69% more.</p>\n"
    )
    assert composed.text == (
        "Dear Ms. Ortega, from January 1, 2027 the rate for Birch & Sons is $1,140.00, 7.69% more."
    )


@pytest.mark.parametrize(
    "value",
    [
        "*Smith* <b>",
        "[x](http://y)",
        "![x](/etc/passwd)",
        "{{ client.__class__ }} {% include 'x' %}",
        "`code` ~~~ # 1. - > |",
        "&amp; &lt;",
        "\U000f0000\U000f0001\ue000",
        '"O\'Neil" -- (c) ...',
        "<!-- x -->",
        "<script>alert(1)</script>",
    ],
)
def test_a_value_is_printed_as_its_characters(value: str) -> None:
    composed = compose(
        "{{ a }} and **{{ b }}**\n\n- {{ a }}\n\n> {{ b }}\n\n| x |\n|---|\n| {{ a }} |\n", a=value, b="B"
    )
    kept = escape(value)
    assert composed.html == (
        f"<p>{kept} and <strong>B</strong></p>\n<ul>\n<li>{kept}</li>\n</ul>\n"
        "<blockquote>\n<p>B</p>\n</blockquote>\n"
        f'<table class="data">\n<thead>\n<tr>\n<th>x</th>\n</tr>\n</thead>\n'
        f"<tbody>\n<tr>\n<td>{kept}</td>\n</tr>\n"
        "</tbody>\n</table>\n"
    )
    assert composed.text.startswith(normalise(value))


@given(st.text(min_size=1, max_size=60).filter(lambda text: text.strip()))
def test_no_value_makes_markup(value: str) -> None:
    html = compose("a {{ v }} z", v=value).html
    assert html.startswith("<p>a ")
    assert html.endswith(" z</p>\n")
    inner = html.removeprefix("<p>a ").removesuffix(" z</p>\n")
    assert "<" not in inner
    assert unescape(inner) == unescape(escape(value))


def test_a_value_in_an_attribute() -> None:
    html = compose('[mail](mailto:{{ mail }} "{{ title }}")', mail='x"@y.example?a=<b>', title='"><b>').html
    assert html == (
        '<p><a href="mailto:x%22@y.example%3Fa%3D%3Cb%3E" title="&quot;&gt;&lt;b&gt;">mail</a></p>\n'
    )
    assert compose("[pay]({{ url }})", url="https://pay.example/?a=1&b=2").html == (
        '<p><a href="https://pay.example/?a=1&amp;b=2">pay</a></p>\n'
    )


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "x", "//y.example"]
)
def test_where_a_link_may_not_go(target: str) -> None:
    assert problem("[x]({{ url }})", url=target).field == "url"
    with pytest.raises(MailerError, match="a link goes to http, https, mailto or tel"):
        compose(f"[x]({target})")


def test_tables_and_lines(rates: TableField) -> None:
    composed = compose(
        "Rates:\n\n{{ rates }}\n\n{{ hours }}\n\n(also {{ hours }})",
        rates=rates,
        hours=LinesField(("Mon <1>", "Tue")),
    )
    assert composed.html == (
        '<p>Rates:</p>\n<table class="data"><thead><tr><th>Service</th><th>Unit</th>'
        '<th class="n">Current rate</th><th class="n">New rate</th></tr></thead>'
        "<tbody><tr><td>Hourly support</td><td>hour</td>"
        '<td class="n">$130.00</td><td class="n">$140.00</td></tr>'
        "<tr><td>After-hours support</td><td>hour</td>"
        '<td class="n">$195.00</td><td class="n">$210.00</td></tr></tbody></table>\n'
        '<p class="lines">Mon &lt;1&gt;<br>Tue</p>\n<p>(also Mon &lt;1&gt;<br>Tue)</p>\n'
    )
    assert "Hourly support hour $130.00 $140.00 After-hours" in composed.text
    assert str(problem("It is {{ rates }}.", rates=rates)) == (
        "letter.md:1: rates is a table and must stand alone, with an empty line before and after it."
    )


def test_control_flow_leaves_no_empty_paragraphs() -> None:
    source = (
        "One.\n{% if more %}\n\nTwo {{ name }}.\n{% endif %}\n\n"
        "{% for item in items %}\n- {{ item }}\n{% endfor %}\n"
    )
    assert compose(source, more=True, name="N", items=["a", "b"]).html == (
        "<p>One.</p>\n<p>Two N.</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"
    )
    assert compose(source, more=False, items=[]).html == "<p>One.</p>\n"


def test_quotes_turn_but_values_and_numbers_do_not() -> None:
    composed = compose('"It\'s" {{ name }} -- 8:00-17:30 (c) ... $1.00', name='O\'Neil "x"')
    assert composed.html == (
        "<p>\u201cIt\u2019s\u201d O&#x27;Neil &quot;x&quot; -- 8:00-17:30 (c) ... $1.00</p>\n"
    )
    assert composed.text == '"It\'s" O\'Neil "x" -- 8:00-17:30 (c) ... $1.00'


@pytest.mark.parametrize(
    ("source", "line", "field", "reason"),
    [
        ("a\n\n{{ clent.name }}", 3, "clent", "is not known; perhaps you meant 'client'"),
        ("a\n{{ client.nme }}", 2, "client.nme", "is not known; perhaps you meant 'client.name'"),
        ("{% if x %}\ny\n{% endif %}", 1, "x", "is not known"),
        ("a\nb {{ client.contact }}", 2, "client.contact", "is empty"),
        ("{{ nothing }}", 1, "nothing", "is empty"),
        ("{{ blank | upper }}", 1, "blank", "is empty"),
        ("{{ void }}", 1, "void", "is empty"),
        ("{{ client }}", 1, "client", "is not a single value; name one of its parts"),
        ("{{ rate }}", 1, "rate", "is a number; print it with | money or | percent"),
        ("{{ flag }}", 1, "flag", "is a yes or no; ask for it with {% if %}"),
        ("{{ then }}", 1, "then", "is a time; print a date"),
        ("{{ hours }}", 1, "hours", "is empty"),
        ("{{ client.secret }}", 1, "client.secret", "may not be used in a document"),
        ("{{ 1 / 0 }}", 1, "the document", "cannot be filled in: division by zero"),
        *(
            (source, 1, "the document", f"cannot be filled in: {UNCALLED}")
            for source in ("{{ '{:>9}'.format(1) }}", "{{ nothing.upper() }}", "{{ 5() }}")
        ),
        ("{{ +blank }}", 1, "the document", f"cannot be filled in: {KIND}"),
        ("{{ rate < blank }}", 1, "the document", f"cannot be filled in: {KIND}"),
        ("x\n{{ blank | money }}", 2, "the document", "cannot be filled in: | money is for an amount"),
    ],
)
def test_field_problems(source: str, line: int, field: str, reason: str) -> None:
    caught = problem(
        source,
        client=Client("Birch"),
        nothing="",
        blank=" \n",
        void=None,
        rate=Decimal(1),
        flag=True,
        then=datetime(2027, 1, 1),
        hours=LinesField(()),
    )
    assert (caught.path, caught.line, caught.field, caught.reason) == ("letter.md", line, field, reason)
    assert str(caught) == f"letter.md:{line}: {field} {reason}."


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__ }}",
        "{{ client.__init__ }}",
        "{{ client['__class__'] }}",
        "{{ client.name.__class__.__mro__ }}",
        "{{ client.name.upper() }}",
        "{{ client.secret() }}",
        "{{ range.__globals__ }}",
        "{{ [].append(1) }}",
        "{{ self._TemplateReference__context }}",
        "{{ lipsum() }}",
        "{{ cycler }}",
        "{{ [client]|sort(attribute='__class__')|first }}",
        "{{ 'x' * 999999999 }}",
        "{{ 'x' + 'y' }}",
        "{{ '%999999999d' % 1 }}",
        "{{ 9 ** 99999999 }}",
        "{% for i in range(10**9) %}x{% endfor %}",
        "{% for i in range(99999) %}x{% endfor %}",
        "{% for a in range(999) %}{% for b in range(999) %}{% endfor %}{% endfor %}",
    ],
)
def test_the_sandbox_holds(source: str) -> None:
    assert problem(source, client=Client("Birch")).line == 1


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("a\n{% include '/etc/passwd' %}", "l.md:2: {% include %} is not allowed"),
        ("{% import 'x' as y %}", "l.md:1: {% import %} is not allowed"),
        ("{% extends 'x' %}", "l.md:1: {% extends %} is not allowed"),
        ("{% set x = 1 %}\n{% macro m() %}{% endmacro %}", "l.md:1: {% set %} is not allowed"),
        ("{{ ''|attr('__class__') }}", "l.md:1: No filter named 'attr'."),
        ("{{ '%d'|format(1) }}", "l.md:1: No filter named 'format'."),
        ("a\nb {{ client.name", "l.md:2: unexpected end of template"),
        ("a\n{% if x %}", "l.md:2: Unexpected end of template"),
        ("a\n\U000f0000", "l.md:2: holds a private-use character"),
        ("{{ " + "(" * 5000, "l.md: is nested too deeply."),
        ("{{ {[]: 1} }}", "l.md: cannot be read: something in it is not of the kind that it should be."),
        (
            "{{ 1 if {true.ljust: 1} else 2 }}",
            "l.md: cannot be read: 'bool object' has no attribute 'ljust'.",
        ),
        ("x" * 100_001, "l.md: is longer than 100,000 characters."),
    ],
)
def test_what_does_not_compile(source: str, message: str) -> None:
    with pytest.raises(FileProblems) as caught:
        compile_text(source, path="l.md")
    assert str(caught.value).startswith(message)


def test_output_is_bounded() -> None:
    long = "yyyyyyyy " * 2_000
    assert problem("{% for i in range(9000) %}" + long + "{% endfor %}").reason == (
        "cannot be filled in: the document grows over 400,000 characters"
    )
    assert problem("{{ v }}", v="y" * 10_001).reason == "is longer than 10,000 characters"


def test_pictures_come_from_the_campaigns_folder(tmp_path: Path) -> None:
    folder = tmp_path / "2027-rates"
    folder.mkdir()
    (folder / "office.png").write_bytes(b"x")
    (tmp_path / "other.png").write_bytes(b"x")
    (folder / "link.png").symlink_to(tmp_path / "other.png")

    def shown(source: str) -> Composed:
        return compile_text(f"![x]({source})", path="letter.md", folder=folder).compose(
            {"name": "office.png"}
        )

    assert shown("office.png").images == (folder / "office.png",)
    assert f'src="{(folder / "office.png").as_uri()}"' in shown("office.png").html
    for source in (
        "../other.png",
        "link.png",
        "/etc/passwd",
        "file:///etc/passwd",
        "http://x.example/y.png",
        "no.png",
    ):
        with pytest.raises(MailerError, match="shows the picture"):
            shown(source)
    with pytest.raises(MailerError, match="names a picture by a field"):
        shown("{{ name }}")
    with pytest.raises(MailerError, match="this document has no pictures"):
        compose("![x](office.png)")


def test_a_document_is_composed_again_and_again() -> None:
    text = compile_text(
        "{{ client.name }} {% for r in rates %}{{ r }}{% endfor %}{{ range(1) | length }}", path="l.md"
    )
    assert [text.compose({"client": {"name": name}, "rates": ["a"]}).text for name in ("A", "B")] == [
        "A a1",
        "B a1",
    ]


CLIENT: Final = {"name": "Ada", "number": "C-1", "rates": ("140",)}


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ("{{ client.name }}, {{ firm.phone }}", ["Ada", "916"]),
        ("{% if client.number %}A{% endif %}", ["C-1"]),
        ("{% for rate in client.rates %}{{ rate.name }}{% endfor %}", [("140",)]),
        ('{{ client["name"] }} {{ client.number }}', [CLIENT, "C-1"]),
        ("{% for one in [client] %}{{ one.name }}{% endfor %}", [CLIENT]),
        ("{{ client.nobody | default('A') }}", [None]),
        ("no fields, {{ range(2) | length }}", []),
    ],
)
def test_what_a_document_reads(source: str, read: list[object]) -> None:
    """Part by part where it asks for parts, else whole: what is not read can't change the text."""
    fields = {"client": CLIENT, "firm": {"phone": "916", "web": "example.com"}}
    assert compile_text(source, path="letter.md").reads(fields) == read


def test_no_paragraph_of_a_letter_ends_with_one_short_word_on_its_line() -> None:
    text = compile_text(
        "You pay {{ client.amount }} from now.\n\nThank you for **your** trust.\n\n"
        "- One for {{ client.name }}\n",
        path="letter.md",
    )
    composed = text.compose({"client": {"amount": "$5 & more", "name": "Ada"}})
    html, (marked, texts) = composed.tied()
    assert "<p>You pay $5 &amp; more from\u00a0now.</p>" in html
    assert "<p>Thank you for <strong>your</strong>\u00a0trust.</p>" in html
    assert "<li>One for Ada</li>" in html  # a client's own word: letters of one text are set alike
    assert texts == ("$5 & more", "Ada")
    assert marked.replace(mark(0), "$5 &amp; more").replace(mark(1), "Ada") == html
    assert composed.text == "You pay $5 & more from now. Thank you for your trust. One for Ada"
