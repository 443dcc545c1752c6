"""The sections of an issue, in the order of its pages: one Markdown file each, `news.md` for "news".

Those below are shipped; `[[newsletter.sections]]` in mailer.toml takes their place. An issue has those that
it has a file for.
"""

from __future__ import annotations

from typing import Final

from mailer.settings import Newsletter, NewsletterSection


def _section(name: str, head: str) -> NewsletterSection:
    return NewsletterSection(name=name, head=head)


SHIPPED: Final = (
    _section("memo", "A word from the owner"),
    _section("lead", "From our desk"),
    _section("threats", "Threats and updates"),
    _section("news", "Company news"),
    _section("article", "Good to know"),
    _section("how-to", "How to"),
    _section("support", "Getting help"),
    _section("client", "Client story"),
    _section("question", "You asked"),
    _section("message", "Worth repeating"),
    _section("offers", "Offers"),
    _section("ahead", "Dates ahead"),
)


def sections_of(profile: Newsletter) -> tuple[NewsletterSection, ...]:
    """The firm's sections in their order."""
    return profile.sections or SHIPPED
