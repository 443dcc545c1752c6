"""Which clients are meant: the keys of a campaign's [audience], and of a segment in mailer.toml.

An absent or empty key does not restrict; several must all be met, and of one key any value is enough.
"""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator, StringConstraints

from mailer.agreement import ContractKind
from mailer.tomlfile import Day, Table, shaped

NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_NAME: Final = 40
Slug = Annotated[
    str,
    StringConstraints(max_length=LONGEST_NAME),
    shaped(NAME.pattern, "a name of lower-case letters, digits and single hyphens, like hourly-support"),
]
State = Annotated[str, shaped("[A-Z]{2}", "two capital letters, like CA")]


class Segment(Table):
    """`only`, `include` and `exclude` name clients: `only` restricts, `include` adds, `exclude` wins over
    all.
    """

    contract: frozenset[ContractKind] = frozenset()
    tags: frozenset[str] = frozenset()
    states: frozenset[State] = frozenset()
    services: frozenset[Slug] = frozenset()
    only: frozenset[str] = frozenset()
    include: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()
    joined_from: Day | None = None  # clients whose engagement began on that day or later


def _chosen(segment: Segment) -> Segment:
    if segment.model_fields_set == {"include"}:
        raise ValueError(
            "include adds clients to those whom the other keys choose, and by itself all are chosen; "
            "name its clients with only"
        )
    return segment


NamedSegment = Annotated[Segment, AfterValidator(_chosen)]
