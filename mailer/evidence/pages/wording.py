"""The words of evidence's documents: passages of the letterhead's evidence/NAME.txt.j2, filled in.

A passage is a Jinja2 block of plain text; its lines are joined with spaces, and a section sign keeps with its
number. One that begins with **words like these** has them as its head. A passage that the mail folder's own
letterhead lacks is the shipped one's. Templates get frozen values only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from jinja2 import Template

from mailer import shipped
from mailer.campaign.wording import date_words
from mailer.errors import MailerError, in_words
from mailer.notice.words import plural, spoken
from mailer.pages.firmtemplate import firm_template, line_on
from mailer.pages.letterhead import Letterhead
from mailer.pages.sandbox import FAULTS

_HEADED: Final = re.compile(r"\*\*(.+?)\*\* (.*)", re.DOTALL)
_BREAK: Final = re.compile(r"[ \t]*\n[ \t]*")


@dataclass(frozen=True, slots=True)
class Wording:
    """The passages of one document. `given` is known to all of them."""

    name: str
    templates: tuple[Template, ...]  # the mail folder's own, if it has one, then the shipped one
    given: Mapping[str, object]

    def __call__(self, passage: str, /, **values: object) -> str:
        """The passage filled in. Raises MailerError naming the template."""
        template = next(one for one in self.templates if passage in one.blocks)
        try:
            context = template.new_context({**self.given, **values})
            text = "".join(template.blocks[passage](context))
        except FAULTS as error:
            path = str(template.filename)
            line = template.get_corresponding_lineno(line_on(error.__traceback__, path))
            said = f"{passage} cannot be filled in: {in_words(error)}."
            raise MailerError(said, where=f"{path}:{line}") from None
        return _BREAK.sub(" ", text.strip())

    def headed(self, passage: str, /, **values: object) -> tuple[str, str]:
        """The passage as its head, "" where it has none, and its text."""
        text = self(passage, **values)
        match = _HEADED.fullmatch(text)
        return (match[1], match[2]) if match else ("", text)


def wording(letterhead: Letterhead, name: str, /, **given: object) -> Wording:
    """The words of the document `name` ("declaration"). Raises MailerError where the template is faulty."""
    own = letterhead.text(_file(name)) if _file(name) in letterhead.files else None
    standard = (shipped.letterhead() / _file(name)).read_text(encoding="utf-8")
    sources = (own, standard) if own not in (None, standard) else (standard,)
    return Wording(name, tuple(_compiled(source, name) for source in sources if source is not None), given)


def _file(name: str) -> str:
    return f"evidence/{name}.txt.j2"


@lru_cache(maxsize=32)
def _compiled(source: str, name: str) -> Template:
    filters: dict[str, Callable[..., str]] = {"day": spoken, "date": date_words, "counted": plural}
    text = source.replace("§ ", "§\u00a0")
    return firm_template(text, f"letterhead/{_file(name)}", filters, {}, autoescape=False)  # HTML escapes it
