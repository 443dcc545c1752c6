"""WeasyPrint as the product uses it: the only module that imports it.

It is pinned in pyproject.toml; what is changed in it here must be proved again on an upgrade.
"""

from __future__ import annotations

import warnings
from typing import Any, Final

from fontTools.ttLib import TTFont

with warnings.catch_warnings():
    # Said at import on a machine without libharfbuzz-subset; fontTools subsets instead, see below.
    warnings.filterwarnings("ignore", message="HarfBuzz-Subset will be required", category=DeprecationWarning)
    import weasyprint.pdf.fonts
    from weasyprint import CSS, HTML
    from weasyprint.document import Document, Page
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

__all__ = [
    "CSS",
    "HTML",
    "Document",
    "FatalURLFetchingError",
    "FontConfiguration",
    "Page",
    "URLFetcher",
    "URLFetcherResponse",
]

_DROPPED: Final = ("GSUB", "GPOS", "JSTF")


class _Subsettable(TTFont):  # type: ignore[misc] # fontTools has no types
    """A font without its layout tables, which a subset in a PDF never needs.

    fontTools would read them whole only to drop them: 1.5 s a file instead of 0.2. It would also
    write the time of day into the font, and no two renderings would be equal.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{**options, "recalcTimestamp": False})
        for tag in _DROPPED:
            if tag in self:
                del self[tag]


weasyprint.pdf.fonts.TTFont = _Subsettable
