"""`mailer status`: what is due across all campaigns; of one, what needs attention, and each piece's story."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mailer.cli.sharedpolicy import proposal
from mailer.cli.tables import paragraph, records, table
from mailer.cli.terminal import answer, folder_option, json_option, note, opened, show_json
from mailer.errors import UsageProblem
from mailer.notice.words import spoken

if TYPE_CHECKING:
    from mailer.planning.mailfolder import MailFolder
    from mailer.standing.attention import Group, Overview
    from mailer.standing.exceptions import SharedPolicy
    from mailer.standing.status import Due
    from mailer.standing.story import Story

_SHOWN: Final = 20  # pieces of one group; the JSON has all
_DAY: Final = 15  # columns of "Tue 24 Nov 2026"


@click.command()
@click.argument("name", required=False)
@click.argument("pieces", nargs=-1, metavar="[PIECE…]")
@click.option("--all", "all_pieces", is_flag=True, help="The story of every piece.")
@json_option
@folder_option
def status(
    name: str | None, pieces: tuple[str, ...], folder: Path, *, all_pieces: bool, as_json: bool
) -> None:
    """Show what is due next across all campaigns, overdue first.

    With NAME: where its pieces stand, its deadlines, and the pieces that somebody must look at. With
    PIECE: the story of each, step by step.

    \b
    Example: mailer status
             mailer status 2027-rates
             mailer status 2027-rates 2027-rates-L-0042
    """
    if all_pieces and (name is None or pieces):
        raise UsageProblem("--all goes with NAME alone.", todo="Write `mailer status NAME --all`.")
    with opened(folder) as mail:
        if name is None:
            _campaigns(mail, as_json=as_json)
        elif pieces or all_pieces:
            _stories(mail, name, pieces, as_json=as_json)
        else:
            _mailing(mail, name, as_json=as_json)


def _campaigns(mail: MailFolder, *, as_json: bool) -> None:
    from mailer.standing.status import shared
    from mailer.standing.status import status as look

    found = look(mail)
    if as_json:
        keys = (
            "campaign",
            "kind",
            "effective",
            "stage",
            "next=next_step",
            "by",
            "overdue",
            "pieces",
            "problem",
        )
        show_json([answer(due, *keys) for due in found])
        return
    _show_campaigns(found, shared(mail))


def _show_campaigns(found: list[Due], shared: list[SharedPolicy]) -> None:
    if not found:
        note("No campaigns yet: mailer new rate-notice NAME --effective DATE")
    else:
        rows = [
            (
                (
                    due.campaign,
                    str(due.effective or ""),
                    due.stage,
                    f"{'OVERDUE: ' if due.overdue else ''}{due.next_step}",
                    str(due.by or ""),
                ),
                (due.problem,) if due.problem else (),
            )
            for due in found
        ]
        records(("Campaign", "Effective", "Stage", "Next", "By"), rows)
    for one in shared:
        click.echo(f"\n{proposal(one)}")


def _mailing(mail: MailFolder, name: str, *, as_json: bool) -> None:
    from mailer.standing.attention import mailing_for, overview

    found = overview(mail, mailing_for(mail, name))
    if as_json:
        show_json(_overview_json(found))
    else:
        _show_overview(mail, found)


def _overview_json(found: Overview) -> dict[str, Any]:
    keys = ("campaign", "medium", "pieces", "approved_by", "approved_on", "not_after", "cancel", "expected")
    return answer(found, *keys) | {
        "cancel": {"pieces": found.cancel[0], "until": found.cancel[1]} if found.cancel else None,
        "expected": {"first": found.expected[0], "last": found.expected[1]} if found.expected else None,
        "attention": [
            answer(group, "why=key", "says", "next=next_step")
            | {"pieces": [answer(piece, "piece=label", "name", "because=why") for piece in group.pieces]}
            for group in found.attention
        ],
        "no_longer_said": list(found.otherwise),
    }


def _show_overview(mail: MailFolder, found: Overview) -> None:
    total = sum(found.pieces.values())
    if not total:
        click.echo(f"{found.campaign}: nothing of it is approved yet.")
        note(f"Next:  mailer plan {found.campaign}, then  mailer approve {found.campaign} --by NAME")
        return
    click.echo(f"{found.campaign}: {total:,} {found.medium.value}{'' if total == 1 else 's'}")
    if found.approved_on:
        last = f"; hand over until {spoken(found.not_after)}" if found.not_after else ""
        click.echo(f"approved by {found.approved_by} on {spoken(found.approved_on)}{last}")
    click.echo("")
    table(
        ("Status", "Pieces"),
        [(status.value, f"{count:,}") for status, count in found.pieces.items()],
        right=(1,),
    )
    if found.expected:
        first, last_day = found.expected
        span = spoken(first) if first == last_day else f"{spoken(first)} to {spoken(last_day)}"
        click.echo(f"\nThe service expects to deliver {span}.")
    if found.cancel:
        count, until = found.cancel
        local = until.astimezone(mail.settings.firm.time_zone)
        click.echo(f"\n{count:,} can be cancelled until {spoken(local.date())}, {local:%H:%M:%S}:")
        click.echo(f"  mailer cancel {found.campaign} --reason TEXT")
    if found.otherwise:
        paragraph(
            f"\nThe files no longer say what was mailed: {', '.join(found.otherwise)}. Page, voice mail and "
            "later letters follow the files. Put back what was mailed, or give notice of it anew "
            "(mailer new --help)."
        )
    elif not found.attention:
        note("\nNothing needs attention.")
    for group in found.attention:
        _show_group(group)
    note(f"\nA piece's story:  mailer status {found.campaign} PIECE   (every one: --all)")


def _show_group(group: Group) -> None:
    click.echo("")
    paragraph(f"{len(group.pieces):,} {group.says}:  ")
    click.echo(f"  {group.next_step}")
    if not group.named:
        return
    for piece in group.pieces[:_SHOWN]:
        why = f": {piece.why}" if piece.why else ""
        paragraph(f"{piece.label}  {piece.name}{why}", "    ")
    if len(group.pieces) > _SHOWN:
        click.echo(f"    … and {len(group.pieces) - _SHOWN:,} more: --json lists them")


def _stories(mail: MailFolder, name: str, pieces: tuple[str, ...], *, as_json: bool) -> None:
    from mailer.standing.attention import mailing_for
    from mailer.standing.story import asked_for, stories

    mailing = mailing_for(mail, name)
    told = stories(mail, mailing, asked_for(mail, mailing, pieces))
    if as_json:
        show_json([_story_json(story) for story in told])
    else:
        _show_stories(told)


def _story_json(story: Story) -> dict[str, Any]:
    keys = ("piece=label", "name", "clients", "status", "certified", "repeats", "repeated_as")
    return answer(story, *keys) | {
        "repeats": story.repeats or None,
        "steps": [answer(step, "day", "text") for step in story.steps],
    }


def _show_stories(told: Iterable[Story]) -> None:
    for number, story in enumerate(told):
        if number:
            click.echo("")
        who = f" ({', '.join(story.clients)})" if story.clients else ""
        paragraph(f"{story.label}  {story.name}{who}: {story.status.value}")
        if story.certified:
            click.echo(f"  certified mail {story.certified}")
        for step in story.steps:
            paragraph(step.text, f"  {spoken(step.day):<{_DAY}}  ")
