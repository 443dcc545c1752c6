"""WeasyPrint as the product uses it: the only module that imports it.

It is pinned in pyproject.toml; what is changed in it here must be proved again on an upgrade.
"""

from __future__ import annotations

import warnings
from typing import Any, Final

from fontTools.ttLib import TTFont
from PIL import ImageFile

with warnings.catch_warnings():
    # Said at import on a machine without libharfbuzz-subset; fontTools subsets instead, see below.
    warnings.filterwarnings("ignore", message="HarfBuzz-Subset will be required", category=DeprecationWarning)
    import weasyprint.pdf.fonts
    from weasyprint import CSS, HTML
    from weasyprint.document import Document, Page
    from weasyprint.text.ffi import ffi, pango
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.text.line_break import Layout
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

ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint would print a picture that is cut short, its rest gray

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

_SET_UP: Final = Layout.setup


def _set_up(layout: Any, style: Any) -> None:
    """Set a line up, and let go of the list of font features that WeasyPrint 70 keeps for ever.

    It never gives back its own reference to the list, and makes a feature for each line whether or not
    it has it: 40 KB a letter (measured), so that memory grew with the mailing. Here the line alone holds
    the list, and the list its feature, which is therefore not kept for another line.
    """
    _SET_UP(layout, style)
    features = pango.pango_layout_get_attributes(layout.layout)
    if features != ffi.NULL:
        pango.pango_attr_list_unref(features)
        style.font_config.font_features.clear()


Layout.setup = _set_up
