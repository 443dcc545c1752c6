"""The client page as files: static HTML in the firm's brand that works without JavaScript, and its feeds."""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from fontTools import subset
from jinja2 import Template
from markupsafe import Markup

from mailer import shipped
from mailer.campaign.wording import date_words
from mailer.errors import MailerError
from mailer.givenfile import read_given
from mailer.pages.firmtemplate import filled, firm_template
from mailer.pages.letterhead import Letterhead
from mailer.pages.readable import readable
from mailer.policies.site import feeds
from mailer.policies.site.content import SiteContent
from mailer.tomlfile import LARGEST, read_text

FOLDER: Final = "page"
INDEX: Final = "index.html"
_TODO: Final = "Mend the template, or delete it: the shipped one is taken then."
_FILTERS: Final = {"date": date_words, "tel": lambda number: "+1" + re.sub(r"\D", "", number)[-10:]}
LARGEST_INDEX: Final = 60_000  # bytes of index.html and its style
_FONTS: Final = (("serif", 600, "Semibold"), ("sans", 400, "Regular"), ("sans", 600, "Semibold"))
_LATIN: Final = [*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x2040), 0x20AC, 0x2122, 0x2212]


def rendered(
    root: Path, content: SiteContent, letterhead: Letterhead, url: str, stamp: datetime
) -> dict[str, bytes]:
    """Every file of the page by its path. Raises MailerError where the index is too large.

    The templates are those of the mail folder's page/, the shipped ones where it has none.
    """
    common = _common(content) | {"logo": letterhead.logo}
    template = _template(root, "page.html.j2")

    def page(**own: object) -> bytes:
        return filled(template, common | own, todo=_TODO).encode()

    inside = Markup(filled(_template(root, "index.html.j2"), common, todo=_TODO))  # noqa: S704 - HTML of ours
    files = {INDEX: page(title="How to reach us", inside=inside)}
    for one in content.policies:
        state = "Applies from" if one.effective > content.day else "In force since"
        as_of = f"; hours, times and ways as of {date_words(content.day)}" if one.changed else ""
        own = {
            "title": one.title,
            "body": _under_title(one.html),
            "lead": f"{state} {date_words(one.effective)}{as_of}",
        }
        files[f"policies/{one.label}.html"] = page(**own, up="../")
    for issue in content.issues:
        files[f"issues/{issue.name}.pdf"] = issue.pdf
        if not issue.html:
            continue
        own = {"title": issue.title, "body": Markup(issue.html), "pdf": f"{issue.name}.pdf"}  # noqa: S704 - composed
        files[f"issues/{issue.name}.html"] = page(**own, up="../")
        files[f"issues/{issue.name}.txt"] = readable(issue.html).encode()
    files["page.css"] = _own(root, "page.css")
    files["search.js"] = _own(root, "search.js")
    files["search.json"] = json.dumps(
        [
            {"name": one.name, "title": one.title, "text": " ".join(readable(one.html).lower().split())}
            for one in content.issues
            if one.html
        ]
    ).encode()
    files |= _brand(letterhead)
    files["feed.atom"] = feeds.atom(content, url)
    files["closings.ics"] = feeds.closings(content, stamp)
    size = sum(len(files[name]) for name in (INDEX, "page.css", "brand.css"))
    if size > LARGEST_INDEX:
        raise MailerError(
            f"the first page has {size:,} bytes; {LARGEST_INDEX:,} are the most.",
            where=INDEX,
            todo="Shorten mailer.toml's notes, or page/index.html.j2.",
        )
    return files


def _brand(letterhead: Letterhead) -> dict[str, bytes]:
    """The brand's colours, typefaces and logo as the page takes them."""
    variables = "; ".join(f"--{name}: {colour}" for name, colour in letterhead.palette.colours().items())
    lines, files = [f":root {{ {variables} }}"], {}
    for family, weight, style in _FONTS:
        name = f"{family}-{weight}.woff2"
        files[name] = webfont(letterhead.files[letterhead.typeface(f"{family}-{style}").path])
        lines.append(
            f'@font-face {{ font-family: "Page {family.title()}"; font-weight: {weight}; '
            f'src: url({name}) format("woff2"); font-display: swap }}'
        )
    if letterhead.logo:
        files[letterhead.logo.name] = letterhead.logo.content
    return files | {"brand.css": ("\n".join(lines) + "\n").encode()}


def _under_title(html: str) -> Markup:
    """A policy's text below its title: headings that are small ones in a letter are the next in order."""
    raised = html if "<h2>" in html else html.replace("<h3>", "<h2>").replace("</h3>", "</h2>")
    region = '<div class="scroll" role="region" aria-label="Table" tabindex="0"><table'
    return Markup(raised.replace("<table", region).replace("</table>", "</table></div>"))  # noqa: S704 - composed


def fragment(root: Path, content: SiteContent) -> str:
    """What the first page says of `content`, for a page of another system: no style, no script."""
    text = filled(_template(root, "index.html.j2"), _common(content), todo=_TODO)
    return re.sub(
        r"\n\s*\n+", "\n", re.sub(r'<p class="small"><a href="closings.ics">.*?</p>', "", text)
    ).strip()


def _common(content: SiteContent) -> dict[str, Any]:
    return {
        "firm": content.profile,
        "day": content.day,
        "coming": [one.hours for one in content.coming],
        "policies": content.policies,
        "closings": content.closings,
        "issues": content.issues,
        "outside": all(row.after_hours for row in content.profile.response_times),
        "lead": "",
        "pdf": "",
        "up": "",
        "body": "",
        "inside": "",
    }


def _template(root: Path, name: str) -> Template:
    path = _path(root, name)
    source = read_text(path).replace('{% include "index.html.j2" %}', "{{ inside }}")  # an older mailer's
    return firm_template(source, str(path), _FILTERS, {}, autoescape=True)


def _own(root: Path, name: str) -> bytes:
    return read_given(_path(root, name), LARGEST)


def _path(root: Path, name: str) -> Path:
    own = root / FOLDER / name
    return own if own.is_file() else shipped.campaigns() / FOLDER / name


@lru_cache(maxsize=8)
def webfont(font: bytes) -> bytes:
    """The font cut to Western letters, as WOFF2."""
    options = subset.Options(flavor="woff2", layout_features=["kern", "liga", "lnum"], notdef_outline=True)
    loaded = subset.load_font(BytesIO(font), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=_LATIN)
    cutter.subset(loaded)
    made = BytesIO()
    subset.save_font(loaded, made, options)
    return made.getvalue()
