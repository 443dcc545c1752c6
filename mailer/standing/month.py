"""The short way's first command, `mailer month`: the issue of a month and the campaigns due with it.

It chooses what belongs to the month, lets the verbs plan and proof it, and tells what stands in the way. A
month is its first day. Nothing is approved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path

from mailer.campaign.definition import PRINT_ROOM
from mailer.campaign.editing import with_carried
from mailer.campaign.kind import Starter
from mailer.campaign.loading import DEFINITION, FOLDER, Campaign, campaign_names, load_campaign
from mailer.errors import FileProblems, MailerError, UsageProblem
from mailer.mailservice.estimate import estimate
from mailer.making.drafts import unready
from mailer.making.proof import proof
from mailer.making.prospect import Prospect, prospect
from mailer.making.starters import new
from mailer.notice.timeline import Milestone
from mailer.pages.everybody import not_for_everybody
from mailer.pages.issuetext import words_of
from mailer.pages.sheetcount import sheets
from mailer.planning.carrier import carrying
from mailer.planning.issuedates import month_of
from mailer.planning.mailfolder import MailFolder
from mailer.planning.outlook import last_day_out
from mailer.planning.plan import IssuePlan, Plan, plan
from mailer.planning.repeats import occasions
from mailer.planning.route import route_of
from mailer.printroom.jobpostage import expected_postage
from mailer.printroom.jobsheet import Lot
from mailer.progress import Progress, silent
from mailer.settings import FILE
from mailer.standing.duemonth import OPEN, home, loaded, month_due, name_of
from mailer.standing.monthhints import Hint, asides, at, findings, hints_of
from mailer.standing.monthshown import ShownCampaign, ShownMonth, remember, written
from mailer.standing.newcomers import Packet, packet_due
from mailer.standing.status import stages as stages_of
from mailer.store.files import write_whole
from mailer.tomlfile import line_of


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One campaign of the month. `sheets` are of paper, `cost` in US dollars, both by the longest pieces that
    were looked at; None where they are not known. `by` is the last day to hand it over.
    """

    campaign: str
    stage: str
    pieces: int | None = None
    sheets: int | None = None
    cost: Decimal | None = None
    by: date | None = None
    pages: Path | None = None
    hints: tuple[Hint, ...] = ()
    overdue: bool = False  # its approval, or its hand-over

    @property
    def stops(self) -> int:
        """How many things stop it."""
        return sum(hint.stops for hint in self.hints)

    @property
    def ready(self) -> bool:
        """May it be approved and leave."""
        return self.stage in OPEN and not self.stops


@dataclass(frozen=True, slots=True)
class Month:
    """What the month holds. `made` are files that were written, `carried` the campaigns that its issue
    carries from now on, `packet` a welcome packet that nobody has begun.
    """

    name: str
    made: tuple[str, ...]
    carried: tuple[str, ...]
    rows: tuple[MonthRow, ...]
    packet: Packet | None


def make_month(mail: MailFolder, month: date, progress: Progress = silent) -> Month:
    """Make what the month lacks, plan and proof what is due in it, and keep the digests of what was shown.

    Raises UsageProblem for a month that is past.
    """
    if month < mail.today.replace(day=1):
        raise UsageProblem(f"{name_of(month)} is past.", todo="Write the month to come, like 2027-01.")
    name = name_of(month)
    made, lacking = _begun(mail, month)
    carried = _carry(mail, month)
    rows, shown = [*lacking, *_faulty(mail)], []
    stages = stages_of(mail)
    for one in sorted(_members(mail, month), key=lambda one: one.kind.is_issue):
        held = _held(one, {row.campaign for row in rows if row.stops})
        row, found = _looked_at(mail, one, stages[one.name], held, _named(one.name, progress))
        rows.append(row)
        if found is not None:
            shown.append(
                ShownCampaign(
                    one.name, found.pieces, found.inputs, found.digest, written(one), row.by, row.cost
                )
            )
    rows.sort(key=lambda row: (row.by or date.max, row.campaign))
    rows = list(_once(rows))
    stopped = tuple(row.campaign for row in rows if row.stops)
    remember(mail.root, ShownMonth(name, mail.today, tuple(shown), stopped))
    return Month(name, made, carried, tuple(rows), packet_due(mail))


def _once(rows: Sequence[MonthRow]) -> Iterator[MonthRow]:
    """The rows; what is to be known of several campaigns is said of the first."""
    said: set[Hint] = set()
    for row in rows:
        yield replace(row, hints=tuple(one for one in row.hints if one.stops or one not in said))
        said |= set(row.hints)


def _begun(mail: MailFolder, month: date) -> tuple[tuple[str, ...], list[MonthRow]]:
    """Begin the issue of the month, and what a rule asks for by now: the files that were written, and a row
    for each campaign of which the firm has not written down yet what it is to announce.
    """
    name = name_of(month)
    wanted = [] if name in campaign_names(mail.root) else [("newsletter", Starter(name, month, mail.today))]
    wanted += [(one.kind.name, Starter(one.name, one.effective, mail.today)) for one in occasions(mail)]
    made: list[str] = []
    lacking = []
    for kind, starter in wanted:
        try:
            started = new(mail.root, mail.settings, kind, starter, dated=True)
            made += [f"{FOLDER}/{starter.name}/{file}" for file in started.written]
        except FileProblems as error:
            lacking.append(MonthRow(starter.name, "not begun", hints=hints_of(error, FILE)))
    return tuple(made), lacking


def _named(name: str, progress: Progress) -> Progress:
    return lambda what, done, total: progress(f"{name}: {what}", done, total)


def _carry(mail: MailFolder, month: date) -> tuple[str, ...]:
    """Put into the month's issue the articles that are due in it and in none yet."""
    name, due = name_of(month), month_due(mail)
    try:
        issue = load_campaign(mail.root, name)
    except MailerError:
        return ()  # what is wrong with it stands in its row
    names = tuple(
        one.name
        for one in loaded(mail)
        if _may_go(mail, one)
        and carrying(mail, one).proposed == name
        and (one.definition.notice.newsletter == name or home(mail, one, due) == month)
    )
    if names:
        text = with_carried(issue.definition_text, names, shown=issue.path)
        write_whole(issue.folder / DEFINITION, text.encode())
    return names


def _may_go(mail: MailFolder, campaign: Campaign) -> bool:
    """Is it a notice of something to come, which one person may approve."""
    if campaign.kind.is_issue or campaign.definition.approval.second:
        return False
    return campaign.effective > mail.today


def _members(mail: MailFolder, month: date) -> Iterator[Campaign]:
    """The campaigns of the month that can be read."""
    due, stages = month_due(mail), stages_of(mail)
    known = list(loaded(mail))
    issues = [one for one in known if one.definition.issue and month_of(one) == month]
    carried = {name for one in issues if one.definition.issue for name in one.definition.issue.carries}
    for one in known:
        if (
            one in issues
            or one.name in carried
            or (_may_go(mail, one) and stages[one.name] in OPEN and home(mail, one, due) == month)
        ):
            yield one


def _faulty(mail: MailFolder) -> list[MonthRow]:
    """The campaigns whose files are wrong: any of them may be due."""
    rows = []
    for name in campaign_names(mail.root):
        try:
            load_campaign(mail.root, name)
        except MailerError as error:
            rows.append(MonthRow(name, "faulty", hints=hints_of(error, f"{FOLDER}/{name}/{DEFINITION}")))
    return rows


def _held(issue: Campaign, stopped: Collection[str]) -> list[Hint]:
    """What an issue waits for: the article of a campaign that may yet change must not go out before it."""
    table = issue.definition.issue
    line = line_of(issue.definition_text, ("issue", "carries"))
    return [
        Hint(at(issue.path, line), f"carries {name}, which is stopped.")
        for name in (table.carries if table else ())
        if name in stopped
    ]


def _looked_at(
    mail: MailFolder, campaign: Campaign, stage: str, held: Sequence[Hint], progress: Progress
) -> tuple[MonthRow, Prospect | None]:
    """The campaign's row, and where it may go what exactly would."""
    row = MonthRow(campaign.name, stage)
    if stage not in OPEN:
        return row, None
    hints = [*held, *(Hint(at(one.path, one.line), one.message) for one in unready(mail, campaign))]
    try:
        planned = plan(mail, campaign.name, progress=progress)
        by = last_day_out(mail, planned)
        row = replace(row, by=by, overdue=_overdue(mail, planned, by))
        hints += asides(mail, campaign, planned)
        found = prospect(mail, campaign, mail.today, progress)
        shown = proof(mail, campaign.name, progress=progress)
    except MailerError as error:
        return replace(row, hints=(*hints, *hints_of(error, campaign.path))), None
    hints += [*findings(campaign, shown), *_off_the_page(mail, campaign, shown.pdf)]
    row = replace(
        row,
        pieces=found.pieces,
        sheets=_sheets(mail, campaign, found, shown.pages),
        cost=_cost(mail, campaign, found, shown.pages),
        pages=shown.pdf,
        hints=tuple(hints),
    )
    return row, found if row.ready else None


def _off_the_page(mail: MailFolder, campaign: Campaign, pdf: Path) -> Iterator[Hint]:
    """Where the firm has a client page: the issue that will not stand there, since it states a price."""
    if campaign.kind.is_issue and mail.settings.site.url:
        for _, what in islice(not_for_everybody({campaign.path: words_of(pdf.read_bytes())}, ()), 1):
            yield Hint(campaign.path, f"it {what}: the client page will leave this issue out.", stops=False)


def _overdue(mail: MailFolder, planned: Plan | IssuePlan, by: date | None) -> bool:
    """Is it late for what comes next, its approval, or for the post."""
    approval = None
    if not isinstance(planned, IssuePlan) and planned.timeline is not None:
        approval = planned.timeline.step(Milestone.APPROVE)
    return any(day < mail.today for day in (by, approval.day if approval else None) if day)


def _paper(mail: MailFolder, campaign: Campaign, pages: int) -> int:
    """Sheets of paper of one piece."""
    return sheets(pages, mail.settings.newsletter.sheets.pages) if campaign.kind.is_issue else sheets(pages)


def _sheets(mail: MailFolder, campaign: Campaign, found: Prospect, pages: Mapping[bool, int]) -> int:
    return sum(count * _paper(mail, campaign, pages[kind.newsletter]) for kind, count in found.kinds.items())


def _cost(mail: MailFolder, campaign: Campaign, found: Prospect, pages: Mapping[bool, int]) -> Decimal | None:
    if route_of(mail.settings, campaign) != PRINT_ROOM:
        total = Decimal(0)
        for kind, count in found.kinds.items():
            each = estimate(
                mail, campaign, mail.today, pages=pages[kind.newsletter], certified=kind.certified,
                abroad=kind.abroad,
            )  # fmt: skip
            if each is None:
                return None
            total += count * each
        return total
    lots: Counter[Lot] = Counter()
    for kind, count in found.kinds.items():
        paper = _paper(mail, campaign, pages[kind.newsletter])
        lots[Lot(paper, abroad=kind.abroad, certified=kind.certified)] += count
    return expected_postage(mail, lots, newsletter=campaign.kind.is_issue, day=mail.today)
