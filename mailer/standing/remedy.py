"""`mailer remedy`: a follow-up campaign for just the clients whom the first mailing did not serve.

It has the texts and terms of its original, its own date, and `only` these clients; `follows` names what it
makes good, so that nobody is written to twice. It is built beside its place, loaded, planned, and renamed:
there is no half a campaign.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from mailer.campaign.editing import OnlyClient, follow_up
from mailer.campaign.loading import DEFINITION, FOLDER, Campaign, check_name, load_campaign
from mailer.campaign.olddates import old_dates
from mailer.campaign.wording import date_words, month_words
from mailer.clients.member import Member
from mailer.errors import MailerError, NoticeRefused, Refused, UsageProblem
from mailer.judgement.verdict import NoticeState, judge
from mailer.notice.rules import Rule
from mailer.notice.timeline import Timeline
from mailer.notice.words import spoken
from mailer.planning.audience import Standing, planned
from mailer.planning.leadtimes import timeline_of
from mailer.planning.mailfolder import MailFolder
from mailer.planning.route import mails_on
from mailer.progress import Progress, silent
from mailer.segment import LONGEST_NAME
from mailer.standing.check import check
from mailer.standing.unserved import TERM_UNKNOWN, Remedied, Why, chosen
from mailer.store.commandlock import FOLLOWING, alone
from mailer.store.files import write_whole
from mailer.store.mailings import mailing_named
from mailer.store.pieces import first_mailed

_PART: Final = ".remedy.part"


@dataclass(frozen=True, slots=True)
class Remedy:
    """The follow-up. `name` is "" where nobody needs one. `already` counts clients that are in a follow-up,
    by its name; `due` those to whom the first letter can still go in time, `unknown` those whose contract's
    term is not known. `stale` names what a person must look at in the texts.
    """

    original: str
    name: str
    effective: date | None
    clients: tuple[Remedied, ...]
    already: dict[str, int]
    due: int
    unknown: int
    stale: tuple[str, ...] = ()
    written: bool = False


def remedy(
    mail: MailFolder,
    name: str,
    *,
    new_name: str = "",
    effective: date | None = None,
    dry_run: bool = False,
    only: Why | None = None,
    progress: Progress = silent,
) -> Remedy:
    """Make the follow-up campaign, or say that none is needed; `only` for those with that reason.

    Raises MailerError for an issue, Refused where nothing was mailed or the name is taken, NoticeRefused
    for an `effective` that can't be met.
    """
    with alone(mail.root, FOLLOWING, "making a follow-up"):
        return _made(mail, name, new_name, effective, only, progress, dry_run=dry_run)


def _made(
    mail: MailFolder,
    name: str,
    new_name: str,
    effective: date | None,
    only: Why | None,
    progress: Progress,
    *,
    dry_run: bool,
) -> Remedy:
    checked = check(mail, name, progress=progress)
    original = checked.summary.campaign
    with mail.store.read() as session:
        if first_mailed(session, name) is None:
            raise Refused(
                "nothing was mailed yet, so there is nothing to make good.",
                where=original.path,
                todo=f"Give it a date that can be met: mailer move {name} --effective DATE",
            )
    target = check_name(new_name) if new_name else _next_name(mail, name)
    _require_free(mail, target)
    found, already, states = chosen(mail, original, checked.lines)
    found = [one for one in found if only is None or one.why is only]
    due, unknown = states[NoticeState.DUE.value], states[TERM_UNKNOWN]
    if not found:
        return Remedy(name, "", None, (), already, due, unknown)
    rules = _rules(mail, original, [one.client for one in found])
    governing = {rule for each in rules.values() for rule in each}
    timeline = timeline_of(mail, original, original.effective, governing)
    day = effective or max(original.effective, timeline.unhurried_effective)
    _require_possible(mail, original, timeline, day, rules)
    clients = tuple(_with_earliest(mail, original, one, day, rules.get(one.client.key, ())) for one in found)
    stale = tuple(old_dates(original))
    made = Remedy(name, target, day, clients, already, due, unknown, stale)
    text = follow_up(
        original.definition_text,
        head=f"Made by `mailer remedy {name}`; all but its title, date and audience is as there.",
        title=_title(original, day),
        effective=day,
        follows=(*original.definition.follows, name),
        only=[OnlyClient(_name(one.client), f"{one.client.name}: {one.why.value}") for one in clients],
    )
    with _built(mail, original, target, text) as built:
        _require_loads(mail, built, target, clients)
        if dry_run:
            return made
        built.rename(mail.root / FOLDER / target)
    return replace(made, written=True)


def after_move(mail: MailFolder, name: str, effective: date, progress: Progress = silent) -> Remedy | None:
    """The follow-up for those whose mailed letter states a later date than the campaign was moved to; None
    where nobody needs one. Run again after an interruption, it makes what is missing. Raises as `remedy`.
    """
    with mail.store.read() as session:
        if first_mailed(session, name) is None:
            return None
    made = remedy(mail, name, effective=effective, only=Why.EARLIER, progress=progress)
    return made if made.name else None


def _rules(mail: MailFolder, original: Campaign, clients: Sequence[Member]) -> dict[str, tuple[Rule, ...]]:
    """By key, the rules that a letter mailed now must meet."""
    wanted = {client.key for client in clients}
    with mail.store.read() as session:
        return {
            one.member.key: one.found.rules
            for chunk in planned(session, mail, original)
            for one in chunk
            if one.member.key in wanted and one.found.rules
        }


def _require_possible(
    mail: MailFolder,
    original: Campaign,
    timeline: Timeline,
    day: date,
    rules: dict[str, tuple[Rule, ...]],
) -> None:
    if day < original.effective:
        raise Refused(
            f"{spoken(day)} is before {spoken(original.effective)}, on which {original.name} takes effect.",
            where="--effective",
            todo="A follow-up takes effect with its original, or later.",
        )
    late = any(
        judge(each, day, mails_on(mail, original, each), mailed=None, closings=mail.closings).state
        is NoticeState.LATE
        for each in set(rules.values())
    )
    if late:
        earliest = max(original.effective, timeline.earliest_effective)
        raise NoticeRefused(
            f"{spoken(day)} is too near: notice mailed now would be late again. Nothing was written.",
            where="--effective",
            todo=f"The earliest date for all is {earliest}; unhurried, {timeline.unhurried_effective}.",
        )


def _with_earliest(
    mail: MailFolder, original: Campaign, one: Remedied, day: date, rules: tuple[Rule, ...]
) -> Remedied:
    if not rules:
        return one
    soonest = mails_on(mail, original, rules)
    verdict = judge(rules, day, soonest, mailed=None, closings=mail.closings)
    return replace(one, earliest=verdict.earliest)


def _name(client: Member) -> str:
    """How a definition names the client without a doubt: by what it is known by."""
    kind = client.key.partition(":")[0]
    return {"id": client.number, "email": client.email}.get(kind, "") or client.key


def _title(original: Campaign, day: date) -> str:
    """The original's title; a date in it becomes the new one."""
    title = original.definition.title
    for words in (date_words, month_words):
        title = title.replace(words(original.effective), words(day))
    return title


def _next_name(mail: MailFolder, name: str) -> str:
    """2027-rates-2, or the next number that is free; of 2027-rates-2 it is 2027-rates-3."""
    stem, _, digits = name.rpartition("-")
    follows = load_campaign(mail.root, name).definition.follows
    is_follow_up = digits.isascii() and digits.isdigit() and stem in follows
    base, number = (stem, int(digits) + 1) if is_follow_up else (name, 2)
    while _is_taken(mail, f"{base}-{number}"):
        number += 1
    made = f"{base}-{number}"
    if len(made) > LONGEST_NAME:
        raise UsageProblem(
            f"{made!r} is longer than a campaign's name may be.", todo="Name the follow-up with --as NEWNAME."
        )
    return made


def _is_taken(mail: MailFolder, name: str) -> bool:
    if (mail.root / FOLDER / name).exists():
        return True
    with mail.store.read() as session:
        return mailing_named(session, name) is not None


def _require_free(mail: MailFolder, name: str) -> None:
    if _is_taken(mail, name):
        raise Refused(
            "there is a campaign of that name already; nothing was changed.",
            where=f"{FOLDER}/{name}",
            todo="Choose another name with --as NEWNAME.",
        )


@contextmanager
def _built(mail: MailFolder, original: Campaign, name: str, text: str) -> Iterator[Path]:
    """The follow-up's folder, built in a mail folder of its own beside the campaigns; gone afterwards."""
    root = mail.root / _PART
    folder = root / FOLDER / name
    shutil.rmtree(root, ignore_errors=True)
    try:
        shutil.copytree(original.folder, folder, ignore=shutil.ignore_patterns(DEFINITION, ".*", "*~"))
        write_whole(folder / DEFINITION, text.encode())
        yield folder
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _require_loads(mail: MailFolder, built: Path, name: str, clients: Sequence[Remedied]) -> None:
    """Raises MailerError where the follow-up would not be for exactly these clients, or not plan."""
    campaign = load_campaign(built.parent.parent, name, beside=mail.root)
    wanted = {one.client.key for one in clients}
    with mail.store.read() as session:
        found = {
            one.member.key: one.found.standing for chunk in planned(session, mail, campaign) for one in chunk
        }
    wrong = wanted.symmetric_difference(found)
    wrong |= {
        key
        for key, standing in found.items()
        if standing in (Standing.OUTSIDE, Standing.UNKNOWN, Standing.CONTRADICTS)
    }
    if wrong:
        names = ", ".join(sorted(wrong)[:5])
        raise MailerError(
            f"the follow-up would not be right for {len(wrong)} clients ({names}). Nothing was written.",
            where=f"{FOLDER}/{name}",
            todo="See `mailer plan` and `mailer clients show` for them.",
        )
