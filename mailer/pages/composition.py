"""A campaign's document: Markdown with fields, composed into HTML and plain text for one client.

Jinja fills in marks, Markdown runs once per skeleton (kept), the marks become escaped text. Lines
are 1-based. Pure but for looking at the campaign's own pictures.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from jinja2 import Template, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError, UndefinedError

from mailer.errors import FileProblems, MailerError, Problem, in_words
from mailer.pages.firmtemplate import line_on
from mailer.pages.lastline import tied
from mailer.pages.markdown import Unfit, crowded, endless, skeleton
from mailer.pages.sandbox import (
    FAULTS,
    FILLING,
    LARGEST_OUTPUT,
    LARGEST_SOURCE,
    FieldProblem,
    Filling,
    environment,
    guard,
    long_date,
    refusals,
    suggestion,
)
from mailer.pages.valuemarks import Misplaced, Part, Value, fill, marked, normalise, plain, whole

__all__ = ["CompiledText", "Composed", "FieldProblem", "compile_text", "long_date", "normalise"]

_SANDBOX: Final = environment()
_PRIVATE: Final = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
_TAG: Final = re.compile(r"</?[A-Za-z][\w-]*(?:\s[^<>{}]*)?/?>|<!--")
_QUOTED: Final = re.compile(r"'([^']+)'")


@dataclass(frozen=True, slots=True)
class Composed:
    """A document for one client. `text` is normalised (see `normalise`): facts are looked for in it.

    `bones` are the HTML but for `values`; those numbered in `own` differ from one recipient to the next.
    """

    html: str
    text: str
    images: tuple[Path, ...] = ()
    bones: tuple[Part, ...] = field(default=(), repr=False)
    values: tuple[Value, ...] = field(default=(), repr=False)
    own: frozenset[int] = frozenset()

    def marked(self) -> tuple[str, tuple[str, ...]]:
        """The HTML with a mark for each of the recipient's own texts, and these texts."""
        return marked(self.bones, self.values, self.own)

    def tied(self) -> tuple[str, tuple[str, tuple[str, ...]]]:
        """The HTML, and the same as `marked`, in which no paragraph ends with one short word on its line."""
        html, texts = self.marked()
        held = tied(html)
        return whole(held, texts), (held, texts)


@dataclass(frozen=True, slots=True)
class CompiledText:
    """A document, ready to be composed. `read` are the names it uses, each with a part of it, "" for all."""

    path: str
    read: tuple[tuple[str, str], ...]
    template: Template = field(repr=False)
    folder: Path | None = None

    def compose(self, fields: Mapping[str, object]) -> Composed:
        """The document with `fields` filled in. Raises FieldProblem, MailerError."""
        filling = Filling(self.path, frozenset(fields))
        marked = self._marked(filling, fields)
        try:
            bones = skeleton(marked, self.folder)
            html = fill(bones.parts, filling.values)
        except Unfit as error:
            raise MailerError(f"{error}.", where=self.path) from None
        except Misplaced as error:
            label, line = filling.places[error.index]
            raise FieldProblem(self.path, line, label, str(error)) from None
        common = fields.keys() - {"client"}
        own = frozenset(
            index for index, (label, _) in enumerate(filling.places) if label.partition(".")[0] not in common
        )
        return Composed(html, plain(html), bones.images, bones.parts, tuple(filling.values), own)

    def reads(self, fields: Mapping[str, object]) -> list[object]:
        """Those of `fields` that it uses. What these are equal for is composed equally."""
        return [_part(fields[name], part) for name, part in self.read if name in fields]

    def _marked(self, filling: Filling, fields: Mapping[str, object]) -> str:
        pieces: list[str] = []
        length = 0
        try:
            for piece in self.template.generate({**fields, FILLING: filling}):
                length += len(piece)
                if length > LARGEST_OUTPUT:
                    raise SecurityError(f"the document grows over {LARGEST_OUTPUT:,} characters")
                pieces.append(piece)
        except UndefinedError as error:
            name = (_QUOTED.findall(error.message or "") or ["a field"])[-1]
            line = line_on(error.__traceback__, self.path)
            raise FieldProblem(self.path, line, name, suggestion(name, _names(fields))) from None
        except FAULTS as error:
            line = line_on(error.__traceback__, self.path)
            reason = f"cannot be filled in: {in_words(error)}"
            raise FieldProblem(self.path, line, "the document", reason) from None
        return "".join(pieces)


@lru_cache(maxsize=128)  # a month asks for the same article many times
def compile_text(source: str, *, path: str, folder: Path | None = None) -> CompiledText:
    """The Markdown `source` as a document; `path` is how messages name it.

    Pictures come from `folder` alone. Raises FileProblems as `path:line: message`.
    """
    _require_text(source, path)
    try:
        tree = _SANDBOX.parse(source)
        if problems := list(refusals(tree, path)):
            raise FileProblems(problems)
        if long := [Problem(path, line, f"{why}.") for line, why in endless(source)]:
            raise FileProblems(long)
        read = tuple(sorted(_read(tree)))
        guard(tree, _SANDBOX)
        code = _SANDBOX.compile(tree, filename=path)
    except TemplateSyntaxError as error:
        raise FileProblems(
            [Problem(path, error.lineno, f"{(error.message or 'cannot be read').rstrip('.')}.")]
        ) from None
    except (RecursionError, SyntaxError, MemoryError):
        raise FileProblems([Problem(path, 0, "is nested too deeply.")]) from None
    except ValueError:  # over 4,300 digits
        raise FileProblems([Problem(path, 0, "holds a number out of all bounds.")]) from None
    except FAULTS as error:  # Jinja works out at once what is constant: a list as a key, say
        raise FileProblems([Problem(path, 0, f"cannot be read: {in_words(error)}.")]) from None
    template = Template.from_code(_SANDBOX, code, _SANDBOX.make_globals(None))
    return CompiledText(path, read, template, folder)


def _require_text(source: str, path: str) -> None:
    """Raises FileProblems where it is no Markdown that is read here, before any of it is."""
    if len(source) > LARGEST_SOURCE:
        raise FileProblems([Problem(path, 0, f"is longer than {LARGEST_SOURCE:,} characters.")])
    lines = source.splitlines()
    private = [number for number, line in enumerate(lines, 1) if _PRIVATE.search(line)]
    if private:
        raise FileProblems(
            [Problem(path, line, "holds a private-use character; remove it.") for line in private]
        )
    tags = [(number, found[0]) for number, line in enumerate(lines, 1) if (found := _TAG.search(line))]
    if tags:
        raise FileProblems(
            [
                Problem(path, line, f"HTML is not read here: {tag}; a picture is ![words](picture.png).")
                for line, tag in tags
            ]
        )
    if dense := [Problem(path, line, f"{why}.") for line, why in crowded(source)]:
        raise FileProblems(dense)


def _read(tree: nodes.Template) -> set[tuple[str, str]]:
    """`client.name` is ("client", "name"); a name that stands otherwise is read whole: ("client", "")."""
    parts = [one for one in tree.find_all(nodes.Getattr) if isinstance(one.node, nodes.Name)]
    within = {id(one.node) for one in parts}
    alone = {(one.name, "") for one in tree.find_all(nodes.Name) if id(one) not in within}
    return alone | {(one.node.name, one.attr) for one in parts if isinstance(one.node, nodes.Name)}


def _part(value: object, part: str) -> object:
    if not part:
        return value
    return value.get(part) if isinstance(value, Mapping) else getattr(value, part, None)


def _names(fields: Mapping[str, object]) -> list[str]:
    """The fields and the parts of those that have parts."""
    return [*fields, *(str(key) for value in fields.values() if isinstance(value, Mapping) for key in value)]
