"""A date that is written out where a field would follow another one: what a person must look at. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailer.campaign.loading import Campaign
from mailer.campaign.wording import date_words, month_words


def old_dates(campaign: Campaign) -> Iterator[str]:
    """The texts, and the facts, of a campaign that write a date out."""
    for file, source in sorted(campaign.texts.items()):
        if said := _said(campaign, source.text):
            yield f"{file} says {said}"
    for key, value in campaign.definition.facts.items():
        if re.search(r"\b(?:19|20)[0-9]{2}\b", value):
            yield f"[facts] {key} is {value}"


def old_title(campaign: Campaign) -> Iterator[str]:
    """Its title, the letter's subject, where that says the date or its month."""
    if said := _said(campaign, campaign.definition.title):
        yield f"the title says {said}"


def _said(campaign: Campaign, text: str) -> str:
    words = (date_words(campaign.effective), month_words(campaign.effective))
    return next((said for said in words if said in text), "")
