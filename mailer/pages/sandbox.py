"""The sandbox in which a campaign's documents are filled in: Jinja2 without code, files or calls.

Strict: an unknown or an empty field is a problem with its line. Every printed expression goes
through one filter, which keeps the value and leaves its mark (`marks`); every loop goes through
another, which counts. Limits: source 100,000 characters, output 400,000, 10,000 turns of all
loops together, 10,000 characters a value.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, is_dataclass
from dataclasses import fields as dataclass_fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, cast

from jinja2 import StrictUndefined, TemplateError, Undefined, nodes, pass_context
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from mailer import money
from mailer.campaign.fields import LinesField, TableField
from mailer.errors import MailerError, Problem
from mailer.pages.valuemarks import MOST, Value, mark

LARGEST_SOURCE: Final = 100_000
LARGEST_OUTPUT: Final = 400_000
LONGEST_VALUE: Final = 10_000
MOST_TURNS: Final = 10_000

FAULTS: Final = (
    *(TemplateError, ArithmeticError, TypeError, ValueError, LookupError, AttributeError),
    *(RecursionError, MemoryError, SyntaxError, AssertionError),
    NameError,  # Jinja writes a number beyond all bounds as "inf", which nothing defines
)
"""All that reading or filling in a template was seen to raise."""

PRINT: Final = "printed"
LOOP: Final = "counted"
FILLING: Final = " filling"  # the blank keeps any field or template from naming it

_KEPT: Final = (
    "abs", "capitalize", "count", "d", "default", "first", "int", "join", "last", "length",
    "lower", "sort", "title", "trim", "unique", "upper",
)  # fmt: skip
_REFUSED: Final[dict[type[nodes.Node], str]] = {
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "import",
    nodes.Extends: "extends",
    nodes.Block: "block",
    nodes.Macro: "macro",
    nodes.CallBlock: "call",
    nodes.FilterBlock: "filter",
    nodes.Assign: "set",
    nodes.AssignBlock: "set",
}


class FieldProblem(MailerError):
    """A field of a document that is unknown, empty or out of place. The caller adds the client."""

    def __init__(self, path: str, line: int, field: str, reason: str) -> None:
        super().__init__(f"{field} {reason}.", where=f"{path}:{line}" if line else path)
        self.path = path
        self.line = line
        self.field = field
        self.reason = reason


@dataclass(slots=True)
class Filling:
    """One document being filled in: the values so far, each with its place."""

    path: str
    names: frozenset[str]
    values: list[Value] = field(default_factory=list)
    places: list[tuple[str, int]] = field(default_factory=list)
    turns: int = 0
    ranged: int = 0


class Sandbox(ImmutableSandboxedEnvironment):
    """Attributes are public data, items of a mapping are its keys, and only `range` is called."""

    intercepted_binops = frozenset({"+", "*", "%", "**"})

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return (
            not attr.startswith("_") and not callable(value) and super().is_safe_attribute(obj, attr, value)
        )

    def wrap_str_format(self, value: Any) -> None:
        """No `format` of Jinja's own stands in for a text's, which is not called either."""

    def is_safe_callable(self, obj: Any) -> bool:
        return obj is self.globals["range"]

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        if not self.is_safe_callable(obj):
            raise SecurityError("only range() is called in a document; write {{ name | upper }} and the like")
        counted: range = super().call(context, obj, *args, **kwargs)
        context[FILLING].ranged += len(counted)
        if context[FILLING].ranged > MOST_TURNS:
            raise SecurityError(f"its ranges are longer than {MOST_TURNS:,} in all")
        return counted

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        numbers = all(isinstance(side, int | Decimal) for side in (left, right))
        if operator == "**" or not numbers:
            raise SecurityError(
                f"{operator} is for numbers alone" if operator != "**" else "** is not allowed"
            )
        return super().call_binop(context, operator, left, right)


def environment() -> Sandbox:
    """The environment of all documents. Values are escaped by `marks`, so Jinja escapes nothing."""
    sandbox = Sandbox(
        loader=None,
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=0,
    )
    sandbox.globals = {"range": sandbox.globals["range"]}
    sandbox.filters = {name: FILTERS[name] for name in _KEPT}
    sandbox.filters |= {"date": _date, "money": _money, "percent": _percent, PRINT: _print, LOOP: _loop}
    return sandbox


def refusals(tree: nodes.Template, path: str) -> Iterator[Problem]:
    """The statements that a document may not use."""
    for kind, word in _REFUSED.items():
        for node in tree.find_all(kind):
            yield Problem(
                path, node.lineno, f"{{% {word} %}} is not allowed; a document has fields, if and for."
            )


def guard(tree: nodes.Template, sandbox: Sandbox) -> None:
    """Lead every printed expression and every loop of `tree` through our filters."""
    for output in tree.find_all(nodes.Output):
        output.nodes = [
            node
            if isinstance(node, nodes.TemplateData)
            else _through(PRINT, node, [nodes.Const(_label(node)), nodes.Const(node.lineno)], sandbox)
            for node in output.nodes
        ]
    for loop in tree.find_all(nodes.For):
        loop.iter = _through(LOOP, loop.iter, [], sandbox)


def long_date(day: date) -> str:
    """A date for people, in US English: "January 1, 2027"."""
    return f"{day:%B} {day.day}, {day.year}"


def _through(name: str, node: nodes.Node, arguments: list[nodes.Expr], sandbox: Sandbox) -> nodes.Expr:
    wrapped = nodes.Filter(cast("nodes.Expr", node), name, arguments, [], None, None)
    wrapped.set_lineno(node.lineno, override=True).set_environment(sandbox)
    return wrapped


def _label(node: nodes.Node) -> str:
    """How the document itself writes the field, as far as it is a plain one."""
    match node:
        case nodes.Name():
            return str(node.name)
        case nodes.Getattr():
            return f"{_label(node.node)}.{node.attr}"
        case nodes.Getitem(arg=nodes.Const(value=value)):
            return f"{_label(node.node)}[{value!r}]"
        case nodes.Filter(node=nodes.Node() as inner):
            return _label(inner)
        case _:
            return "the expression"


def suggestion(name: str, known: Iterable[str], within: str = "") -> str:
    """Why `name` cannot be printed, with the nearest of the `known` ones, which are parts of `within`."""
    close = difflib.get_close_matches(name, list(known), 1)
    if not close:
        return "is not known"
    meant = f"{within}.{close[0]}" if within else close[0]
    return f"is not known; perhaps you meant {meant!r}"


@pass_context
def _print(context: Context, value: object, label: str, line: int) -> str:
    filling = context[FILLING]
    if isinstance(value, Undefined):
        raise FieldProblem(filling.path, line, label, _unknown(value, label, filling.names))
    try:
        kept = _value(value)
    except ValueError as error:
        raise FieldProblem(filling.path, line, label, str(error)) from None
    if len(filling.values) >= MOST:
        raise FieldProblem(filling.path, line, label, f"is the {MOST:,}th value; a document holds fewer")
    filling.values.append(kept)
    filling.places.append((label, line))
    return mark(len(filling.values) - 1)


@pass_context
def _loop(context: Context, items: Iterable[object]) -> Iterator[object]:
    filling = context[FILLING]
    for item in items:
        filling.turns += 1
        if filling.turns > MOST_TURNS:
            raise SecurityError(f"the loops run more than {MOST_TURNS:,} times")
        yield item


def _unknown(value: Undefined, label: str, names: frozenset[str]) -> str:
    if value._undefined_exception is SecurityError:  # noqa: SLF001 - what Jinja's sandbox leaves us to see
        return "may not be used in a document"
    name, owner = value._undefined_name, value._undefined_obj  # noqa: SLF001
    within = label.rpartition(".")[0]
    if isinstance(owner, Mapping):
        return suggestion(str(name), [str(key) for key in owner], within)
    if is_dataclass(owner):
        return suggestion(str(name), [part.name for part in dataclass_fields(owner)], within)
    return suggestion(str(name), names)


def _value(value: object) -> Value:
    """What may be printed, as it is printed. Raises ValueError with the reason."""
    if isinstance(value, TableField | LinesField):
        empty = not value.rows if isinstance(value, TableField) else not "".join(value.lines).strip()
        if empty:
            raise ValueError("is empty")
        return value
    text = _text(value)
    if not text.strip():
        raise ValueError("is empty")
    if not text.isprintable() and any(unicodedata.category(character) == "Cs" for character in text):
        raise ValueError("holds half a character (a lone surrogate); correct it in the client list")
    if len(text) > LONGEST_VALUE:
        raise ValueError(f"is longer than {LONGEST_VALUE:,} characters")
    return text


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            raise ValueError("is a yes or no; ask for it with {% if %}")
        case str() | int():
            return str(value)
        case datetime():
            raise ValueError("is a time; print a date")
        case date():
            return long_date(value)
        case Decimal() | float():
            raise ValueError("is a number; print it with | money or | percent")
        case _:
            raise ValueError("is not a single value; name one of its parts")


def _date(value: object) -> object:
    if isinstance(value, Undefined) or value is None:
        return value
    if not isinstance(value, date):
        raise SecurityError("| date is for a date")
    return long_date(value)


def _money(value: object) -> object:
    if isinstance(value, Undefined) or value is None:
        return value
    if not isinstance(value, Decimal | int):
        raise SecurityError("| money is for an amount")
    return money.people(Decimal(value))


def _percent(value: object) -> object:
    if isinstance(value, Undefined) or value is None:
        return value
    if not isinstance(value, Decimal | int):
        raise SecurityError("| percent is for a fraction")
    return money.people_percent(Decimal(value))
