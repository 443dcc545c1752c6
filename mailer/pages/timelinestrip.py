"""A timeline as a picture: a strip of rows, one a step, over a scale of days. SVG, drawn by plain code.

Self-contained, on white, in whatever sans-serif font the reader has, so that README and a browser show it
alike. Sizes are in pixels of a strip 900 wide. One row holds one mark and one text, so that no two texts can
meet; a text stands right of its mark where there is room, else left. Colour never says anything that the
words don't.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from xml.sax.saxutils import escape

from mailer.notice.calendars import calendar_named
from mailer.notice.closings import NO_CLOSINGS, Closings
from mailer.notice.spans import days
from mailer.notice.timeline import Milestone, Timeline, TimelineStep
from mailer.notice.words import plural, spoken, spoken_short

WIDTH: Final = 900
_LEFT, _RIGHT = 172, 884  # where the days begin and end
_TOP, _ROW = 58, 22
_FONT: Final = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
_LETTER: Final = 0.58  # of the font's size: a letter's width on average, and a little more

_INK, _MUTED, _RULE = "#1f2937", "#6b7280", "#e5e7eb"
_CLOSED, _SLACK, _NOTICE = "#f1f3f5", "#bfdbfe", "#bbf7d0"
_MARK, _LATE, _LATE_BAR, _DONE, _TODAY = "#1d4ed8", "#b91c1c", "#fecaca", "#15803d", "#b45309"

_LABELS: Final = {
    Milestone.PROOF: "Proofed",
    Milestone.APPROVE: "Approved",
    Milestone.PRINT: "Printed",
    Milestone.SEND: "Or to the service",
    Milestone.DROP: "Letters to the post",
    Milestone.NEWSLETTER: "Newsletter to the post",
    Milestone.LEGAL_LATEST: "Last legal day",
    Milestone.RECEIPT: "Last day of receipt",
    Milestone.GIVEN: "Counts as given",
    Milestone.EFFECTIVE: "Takes effect",
    Milestone.BILLABLE: "First day billable",
}
_LEGAL: Final = (Milestone.LEGAL_LATEST, Milestone.RECEIPT)  # by when, whatever day it was done
_DATES: Final = (Milestone.GIVEN, Milestone.EFFECTIVE, Milestone.BILLABLE)  # nothing is to be done


@dataclass(frozen=True, slots=True)
class Scale:
    """Days to pixels, the first and the last day included."""

    first: date
    last: date

    @property
    def day(self) -> float:
        """A day's width."""
        return (_RIGHT - _LEFT) / ((self.last - self.first).days + 1)

    def left(self, at: date) -> float:
        return _LEFT + (at - self.first).days * self.day

    def middle(self, at: date) -> float:
        return self.left(at) + self.day / 2


def strip(
    timeline: Timeline, title: str, today: date, closings: Closings = NO_CLOSINGS, *, rehearsal: bool = False
) -> str:
    """The SVG text, the same for the same arguments. `today` is marked on it."""
    steps = [step for step in timeline.steps if _is_shown(step, timeline)]
    known = [today, timeline.effective, *(step.day for step in steps)]
    known += [step.done_on for step in steps if step.done_on]
    scale = Scale(min(known), max(known))
    bottom = _TOP + _ROW * len(steps)
    height = bottom + 40
    as_of = f"as of {spoken(today)}{' (rehearsal)' if rehearsal else ''}"
    parts = [
        _root(height),
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(_described(steps))}</desc>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        _text(16, 21, _shortened(title, 14, 640), size=14, weight=700),
        _text(_RIGHT, 21, as_of, fill=_MUTED, anchor="end"),
        *_closed(scale, timeline, closings, bottom),
        *_axis(scale, bottom),
        *_lines(scale, timeline, today, bottom),
    ]
    for number, step in enumerate(steps):
        parts += _row(step, _TOP + _ROW * number, scale, timeline, today)
    parts += _legend(height - 9)
    return "\n".join((*parts, "</svg>", ""))


def _root(height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" role="img" font-family="{_FONT}" font-size="11">'
    )


def _is_shown(step: TimelineStep, timeline: Timeline) -> bool:
    """The first day billable is the effective date: one row says both."""
    return step.key is not Milestone.BILLABLE or step.day != timeline.effective


def _described(steps: list[TimelineStep]) -> str:
    return "; ".join(f"{step.title}: {spoken(step.day)}{_remark(step)}" for step in steps)


def _met(step: TimelineStep, done_on: date) -> str:
    """How a last legal day was met: it stays a date of its own, whenever the mail went."""
    verb = "handed over" if step.key is Milestone.LEGAL_LATEST else "received"
    return f"{verb} {spoken_short(done_on)}{', LATE' if done_on > step.day else ''}"


def _remark(step: TimelineStep) -> str:
    if step.done_on and step.key in _LEGAL:
        return f", {_met(step, step.done_on)}"
    if step.done_on:
        return f", done {spoken_short(step.done_on)}"
    if step.key in _DATES:
        return ""
    if step.overdue:
        return f", OVERDUE by {plural(-step.slack_days, 'day')}"
    return f", {plural(step.slack_days, 'day')} left" if step.slack_days else ", today"


def _closed(scale: Scale, timeline: Timeline, closings: Closings, bottom: int) -> Iterator[str]:
    """Days without mail, where a day is wide enough to be seen."""
    if scale.day < 1.5:
        return
    post = calendar_named(timeline.binding.mailing_calendar, closings)
    for day in days(scale.first, scale.last):
        if not post.is_open(day):
            x = scale.left(day)
            yield _rect(x, _TOP - 4, scale.day, bottom - _TOP + 4, _CLOSED)


def _axis(scale: Scale, bottom: int) -> Iterator[str]:
    """Mondays, the 1st and 15th, or the first of each month, as there is room; and a rule below each row."""
    taken = float(_LEFT - 40)
    for day in _ticks(scale):
        x = scale.left(day)
        label = f"{spoken_short(day)[4:]}"
        if day.month == 1 and day.day == 1:
            label = f"1 Jan {day.year}"
        half = _wide(label, 11) / 2
        if x - half < taken + 8 or x + half > WIDTH - 4:
            continue
        taken = x + half
        yield _text(x, _TOP - 11, label, fill=_MUTED, anchor="middle")
        yield _line(x, _TOP - 7, bottom, _RULE)
    for y in range(_TOP + _ROW, bottom + 1, _ROW):
        yield f'<path d="M16 {y - 0.5}H{_RIGHT}" stroke="{_RULE}"/>'


def _ticks(scale: Scale) -> list[date]:
    span = (scale.last - scale.first).days
    every = list(days(scale.first, scale.last))
    if span <= 70:
        return [day for day in every if day.weekday() == 0]
    if span <= 240:
        return [day for day in every if day.day in (1, 15)]
    return [day for day in every if day.day == 1]


def _lines(scale: Scale, timeline: Timeline, today: date, bottom: int) -> Iterator[str]:
    """Today, and the effective date."""
    yield _line(scale.middle(timeline.effective), _TOP - 4, bottom, _INK)
    x = scale.middle(today)
    yield _line(x, _TOP - 4, bottom + 3, _TODAY, dashed=True)
    half = _wide("today", 11) / 2
    yield _text(min(max(x, _LEFT + half), _RIGHT - half), bottom + 14, "today", fill=_TODAY, anchor="middle")


def _row(step: TimelineStep, y: int, scale: Scale, timeline: Timeline, today: date) -> Iterator[str]:
    middle, mark = y + _ROW / 2, scale.middle(step.day)
    colour = _LATE if step.overdue else _INK
    yield _text(16, middle + 4, _LABELS[step.key], fill=colour)
    reach = _bar(step, scale, timeline, today)
    if reach is not None:
        start, end, fill = reach
        yield _rect(start, middle - 5, end - start, 10, fill)
    if step.done_on and step.key not in _LEGAL:
        mark = scale.middle(step.done_on)
        yield f'<circle cx="{mark:.1f}" cy="{middle:.1f}" r="5" fill="{_DONE}"/>'
    else:
        fill = _LATE if step.overdue or _is_missed(step) else _INK if step.key in _DATES else _MARK
        if step.done_on and not _is_missed(step):
            fill = _DONE
        yield (
            f'<path d="M{mark:.1f} {middle - 6:.1f}l6 6l-6 6l-6 -6z" fill="{fill}" '
            f'stroke="#ffffff" stroke-width="1"/>'
        )
    yield from _words(step, mark, reach, middle)


def _is_missed(step: TimelineStep) -> bool:
    """A last legal day by which it was not done, though later."""
    return step.key in _LEGAL and step.done_on is not None and step.done_on > step.day


def _bar(
    step: TimelineStep, scale: Scale, timeline: Timeline, today: date
) -> tuple[float, float, str] | None:
    """From where to where, and in which colour: time left, time lost, or the notice running."""
    at = scale.middle(step.day)
    if step.key is Milestone.GIVEN:
        return at, scale.middle(timeline.effective), _NOTICE
    if step.key in _DATES or step.done_on:
        return None
    now = scale.middle(today)
    return (at, now, _LATE_BAR) if step.overdue else (now, at, _SLACK)


def _words(
    step: TimelineStep, mark: float, reach: tuple[float, float, str] | None, middle: float
) -> Iterator[str]:
    """The day and how it stands, beside mark and bar, on a ground of its own."""
    said = spoken_short(step.day)
    if step.done_on and step.key in _LEGAL:
        said += f" · {_met(step, step.done_on)}"
    elif step.done_on:
        said = f"done {spoken_short(step.done_on)}"
    elif step.overdue:
        said += f" · OVERDUE {plural(-step.slack_days, 'day')}"
    elif step.key not in _DATES:
        said += f" · {plural(step.slack_days, 'day')} left" if step.slack_days else " · today"
    wide = _wide(said, 11)
    end = max(mark, reach[1] if reach else mark) + 10
    start = min(mark, reach[0] if reach else mark) - 10
    free = True
    if end + wide <= _RIGHT:
        x, anchor = end, "start"
    elif start - wide >= _LEFT:
        x, anchor = start, "end"
    else:  # neither side of the bar has room: on the bar, left of the mark
        x, anchor, free = (
            (mark - 10, "end", False) if mark - 10 - wide >= _LEFT else (mark + 10, "start", False)
        )
    if free:
        left = x if anchor == "start" else x - wide
        yield _rect(left - 2, middle - 7, wide + 4, 14, "#ffffff", opacity=0.85)
    weight = 700 if step.overdue or step.key is Milestone.EFFECTIVE else 400
    fill = _LATE if step.overdue or _is_missed(step) else _DONE if step.done_on else _INK
    yield _text(x, middle + 4, said, fill=fill, anchor=anchor, weight=weight)


def _legend(y: int) -> Iterator[str]:
    x = 16.0
    for fill, words in (
        (_SLACK, "time left"),
        (_LATE_BAR, "overdue"),
        (_NOTICE, "notice period"),
        (_CLOSED, "no mail"),
    ):
        yield _rect(x, y - 8, 10, 9, fill)
        yield _text(x + 15, y, words, fill=_MUTED)
        x += 15 + _wide(words, 9) + 16


def _shortened(text: str, size: int, room: float) -> str:
    if _wide(text, size) <= room:
        return text
    return f"{text[: int(room / (size * _LETTER)) - 1].rstrip()}…"


def _wide(text: str, size: int) -> float:
    return len(text) * size * _LETTER


def _text(
    x: float,
    y: float,
    words: str,
    *,
    fill: str = _INK,
    anchor: str = "start",
    size: int = 11,
    weight: int = 400,
) -> str:
    more = f' text-anchor="{anchor}"' if anchor != "start" else ""
    more += f' font-size="{size}"' if size != 11 else ""
    more += f' font-weight="{weight}"' if weight != 400 else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{fill}"{more}>{escape(words)}</text>'


def _rect(x: float, y: float, width: float, height: float, fill: str, *, opacity: float = 1) -> str:
    more = f' fill-opacity="{opacity}"' if opacity != 1 else ""
    size = f'width="{max(width, 0):.1f}" height="{height:.1f}"'
    return f'<rect x="{x:.1f}" y="{y:.1f}" {size} fill="{fill}"{more}/>'


def _line(x: float, top: float, bottom: float, stroke: str, *, dashed: bool = False) -> str:
    more = ' stroke-dasharray="3 3"' if dashed else ""
    return f'<path d="M{x:.1f} {top:.1f}V{bottom:.1f}" stroke="{stroke}"{more}/>'
