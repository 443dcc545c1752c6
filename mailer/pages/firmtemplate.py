"""The templates of a firm's letterhead: the firm's own, and yet no slip in one runs for ever.

They may use all of Jinja2's sandbox but what makes much of little: powers, repeated or padded text and its
global functions. Turns of loops and calls of macros are counted, MOST_TURNS for each filling.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any, Final

from jinja2 import BaseLoader, StrictUndefined, Template, TemplateSyntaxError, nodes, pass_context
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS
from jinja2.runtime import Context, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from mailer.errors import MailerError, in_words
from mailer.pages.bounded import roomy
from mailer.pages.sandbox import FAULTS

MOST_TURNS: Final = 1_000_000  # the longest list of an evidence pack takes a tenth
_CALL: Final = 10  # turns that a call counts for, as it takes as long
_GROWING: Final = frozenset(
    (
        "center",
        "expandtabs",
        "join",
        "ljust",
        "replace",
        "rjust",
        "translate",
        "zfill",
    )
)
"""What a text does that makes much of little; the filters `replace` and `join` are there."""
_WIDE: Final = re.compile(r"\{[^{}]*([0-9]{4}|\{)")
_WIDEST: Final = 10_000  # bits of a product
_DIGITS: Final = 20
_COUNTED: Final = "turn by turn"
_TURNS: Final = " turns"  # the blank keeps any template from naming it


class _Alone(BaseLoader):
    def get_source(self, environment: Any, template: str) -> Any:  # noqa: ARG002 (BaseLoader names them)
        raise SecurityError(f"it can't take in another template ({template})")


class FirmSandbox(ImmutableSandboxedEnvironment):
    """Where a firm's templates are filled in."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for loop in tree.find_all(nodes.For):
            counted = nodes.Filter(loop.iter, _COUNTED, [], [], None, None)
            counted.set_lineno(loop.lineno, override=True).set_environment(self)
            loop.iter = counted
        return tree

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        _turn(context, _CALL)
        return super().call(context, obj, *args, **kwargs)

    def wrap_str_format(self, value: Any) -> Any:
        """`"{:,}".format(n)`, by Jinja's own, and with no width that makes much of little."""
        made = super().wrap_str_format(value)
        if made and _WIDE.search(value.__self__):
            raise SecurityError(f"{value.__name__} has a width of more than three digits")
        return made

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, str) and attr in _GROWING:
            return False
        return super().is_safe_attribute(obj, attr, value)

    def unsafe_undefined(self, obj: Any, attribute: str) -> Undefined:
        said = f"{attribute} can't be used in a template"
        return self.undefined(said, obj=obj, name=attribute, exc=SecurityError)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "%":
            if isinstance(left, str):
                raise SecurityError("% is for numbers alone")
            return super().call_binop(context, operator, left, right)
        if (
            isinstance(left, int)
            and isinstance(right, int)
            and left.bit_length() + right.bit_length() > _WIDEST
        ):
            raise SecurityError("a number grows past all bounds")
        if operator == "**" or isinstance(left, str | list | tuple) or isinstance(right, str | list | tuple):
            raise SecurityError(
                f"{operator} is for numbers alone" if operator == "*" else "** is not allowed"
            )
        return super().call_binop(context, operator, left, right)


def firm_template(
    source: str,
    path: str,
    filters: Mapping[str, Callable[..., Any]],
    known: Mapping[str, Any],
    *,
    autoescape: bool,
) -> Template:
    """The template; `path` is how messages name it, `known` what it may name beside what it is filled with.
    `autoescape`: it is HTML, in which the lines of statements leave no trace.

    Raises MailerError naming the line where it cannot be read.
    """
    sandbox = FirmSandbox(
        loader=_Alone(),
        undefined=StrictUndefined,
        autoescape=autoescape,
        trim_blocks=autoescape,
        lstrip_blocks=autoescape,
        cache_size=0,
    )
    sandbox.globals = dict(known)
    for name in ("center", "format", "indent", "slice"):
        del sandbox.filters[name]
    sandbox.filters |= {**filters, "round": _rounded, _COUNTED: _count}
    try:
        with roomy():  # what is constant in it Jinja works out at once
            return Template.from_code(sandbox, sandbox.compile(source, filename=path), sandbox.globals)
    except TemplateSyntaxError as error:
        raise MailerError(f"cannot be read: {error.message}", where=f"{path}:{error.lineno}") from None
    except FAULTS as error:
        raise MailerError(f"cannot be read: {in_words(error)}.", where=path) from None


def _rounded(value: Any, precision: int = 0, method: str = "common") -> Any:
    """Jinja's own, of no more digits than an amount has: its power of ten ends with no signal."""
    if abs(precision) > _DIGITS:
        raise SecurityError(f"| round is to {_DIGITS} digits at most")
    return FILTERS["round"](value, precision, method)


def filled(template: Template, values: Mapping[str, Any], *, todo: str) -> str:
    """The template's text. Raises MailerError naming its line; `todo` is what to do then."""
    try:
        with roomy():
            return template.render(values)
    except FAULTS as error:
        raise MailerError(
            f"cannot be filled in: {in_words(error)}.",
            where=place_of(error, str(template.filename)),
            todo=todo,
        ) from None


def place_of(error: BaseException, path: str) -> str:
    """The path with the innermost line of it on the way to an error, without one where there is none."""
    line = line_on(error.__traceback__, path)
    return f"{path}:{line}" if line else path


def line_on(traceback: TracebackType | None, path: str) -> int:
    """The innermost line of the file `path` on the way to an error; 0 where there is none."""
    line = 0
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == path:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


@pass_context
def _count(context: Context, items: Iterable[object]) -> Iterator[object]:
    for item in items:
        _turn(context)
        yield item


def _turn(context: Context, turns: int = 1) -> None:
    taken = context.parent.setdefault(_TURNS, [0])
    taken[0] += turns
    if taken[0] > MOST_TURNS:
        raise SecurityError(f"its loops run more than {MOST_TURNS:,} times")
