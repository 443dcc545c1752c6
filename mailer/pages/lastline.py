"""The last line of a paragraph: never one short word alone. Pure.

The word is tied to the one before it with a no-break space, so that a line ends before both. What is tied is
the document's own text: a word that is a recipient's value stays as it is, or letters of one text would not
be set alike.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

SHORT: Final = 7  # letters and signs of a word that is too little for a line
_END: Final = re.compile(
    rf" ([^\s<>\U000f0000-\U000ffffd]{{1,{SHORT}}}(?:</(?:em|strong|a)>)?)(?=</p>|</li>)"
)


@lru_cache(maxsize=64)  # the marked text of a mailing's letters is one and the same
def tied(html: str) -> str:
    """Composed HTML, or with marks for values, in which paragraphs and items don't end with such a word."""
    return _END.sub("\u00a0\\1", html)
