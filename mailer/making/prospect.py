"""What an approval would make, before anything is rendered: how many pieces, and a digest of all they say.

Nothing is recorded. Two prospects of one campaign with one date are the same if and only if the same would
be printed for the same recipients.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from mailer.campaign.loading import Campaign
from mailer.judgement.rules import goes_certified
from mailer.making import issue as issues
from mailer.making import letters
from mailer.making.documents import Letters, Written
from mailer.making.drafts import require_readers
from mailer.making.inputs import inputs_digest
from mailer.making.letterpages import written_of
from mailer.making.preparation import Wanted
from mailer.making.printcheck import AddressRoom, require_room
from mailer.planning.mailfolder import MailFolder
from mailer.progress import Progress, silent
from mailer.spool import Spool


class CostKind(NamedTuple):
    """What pieces have in common that cost alike: whether their client gets the newsletter, how they go."""

    newsletter: bool
    certified: bool
    abroad: bool


@dataclass(frozen=True, slots=True)
class Prospect:
    """`inputs` is the digest of all but the clients, `digest` that of every piece; `kinds` counts them."""

    kinds: dict[CostKind, int]
    inputs: str
    digest: str

    @property
    def pieces(self) -> int:
        return sum(self.kinds.values())


def prospect(mail: MailFolder, campaign: Campaign, dated: date, progress: Progress = silent) -> Prospect:
    """What approving the campaign would make if its documents were dated `dated`, unless it fixes a date.

    Raises what `approve` would raise before it renders, but for texts that are still examples.
    """
    letterhead = mail.letterhead
    inputs = inputs_digest(mail.settings, campaign, letterhead)
    room = AddressRoom(mail.settings.stationery, letterhead, newsletter=campaign.kind.is_issue)
    if campaign.kind.is_issue:
        issues.examine(mail, campaign)
        require_readers(mail, campaign)
        wanted = list(issues.wanted_newsletters(mail, campaign, inputs))
        require_room((piece.recipient for piece in wanted), room, path=campaign.path)
        return _of(wanted, campaign, inputs)
    texts = Letters(mail.settings, campaign, campaign.definition.letter.date or dated, inputs)
    written = Spool[Written]()
    letters.examine(mail, campaign, texts, progress, room, seen=written.append)
    parts = letters.wanted_letters(mail, campaign, written)
    return _of((one for part in parts for one in part), campaign, inputs)


def _of(wanted: Iterable[Wanted], campaign: Campaign, inputs: str) -> Prospect:
    kinds: Counter[CostKind] = Counter()
    digests = []
    for piece in wanted:
        kind = CostKind(
            newsletter=campaign.kind.is_issue or written_of(piece).client.newsletter,
            certified=not campaign.kind.is_issue and goes_certified(piece.facts, campaign),
            abroad=piece.address["country"] != "US",
        )
        kinds[kind] += 1
        digests.append(piece.digest)
    whole = hashlib.sha256("\n".join(sorted(digests)).encode()).hexdigest()
    return Prospect(dict(kinds), inputs, whole)
