"""How an issue was fitted to its pages, kept as text: the same inputs need no search for it again.

Pure. What is kept decides nothing but how loosely a text is set: the pages are laid out from the text.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

from mailer.errors import NONSENSE
from mailer.pages.copyfit import LOOSEST, STRETCH, Setting, Tuning
from mailer.pages.evenness import TUNINGS
from mailer.pages.theme import Theme


@dataclass(frozen=True, slots=True)
class Fit:
    """`setting` is the one found, `whole` are the stories that go on nowhere else, `remarks` what its author
    was told.
    """

    setting: Setting
    whole: tuple[int, ...]
    remarks: tuple[str, ...]


def kept(fit: Fit, inputs: str) -> str:
    """The fit of an issue made from `inputs`, a digest."""
    setting = asdict(replace(fit.setting, theme=None))  # type: ignore[arg-type] # the firm's own says it
    return json.dumps({"inputs": inputs, "setting": setting, "whole": fit.whole, "remarks": fit.remarks})


def found(text: str, inputs: str, theme: Theme) -> Fit | None:
    """What was kept for the same inputs; None where it was for others, or is not what `kept` writes."""
    try:
        said = json.loads(text)
        values = said["setting"]
        values |= {name: tuple(values[name]) for name in ("breaks", "above", "on")}
        tuned = tuple(Tuning(**one) for one in values["tuned"])
        setting = Setting(**values | {"theme": theme, "tuned": tuned})
        sound = (
            setting.pages in theme.pages
            and 0 <= setting.loose <= LOOSEST
            and all(0 <= add <= STRETCH for add in setting.above)
            and {*tuned} <= {Tuning(), *TUNINGS}
        )
        fit = Fit(setting, tuple(map(int, said["whole"])), tuple(map(str, said["remarks"])))
    except NONSENSE:
        return None
    return fit if sound and said["inputs"] == inputs else None
