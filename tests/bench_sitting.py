"""A whole mailing in one sitting: `python -m tests.bench_sitting 100000 --compare 1000`.

Import, plan, approve, print, drop, check, rates and evidence as a person types them, each with its time on
the clock, its CPU (with the processes that it began) and the peak of its largest process. Then so many of the
approved letters, drawn at random, are set by WeasyPrint alone and compared: pixels, each character's place.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from datetime import date
from pathlib import Path
from typing import Final

from tests.bench import DAY, POSTED, RATES, mail_folder, mailer, say, write_clients

STEPS: Final[tuple[tuple[str, ...], ...]] = (
    ("clients", "import", "many.csv"),
    ("plan", RATES),
    ("approve", RATES),
    ("print", RATES),
    ("drop", RATES, *POSTED),
    ("check", RATES),
    ("rates", "--worked-on", "2027-01-04", "--json"),
    ("status",),
    ("ledger", "verify"),
    ("evidence", RATES),
)
AT_ONCE: Final = 50


def sitting(folder: Path, count: int) -> None:
    """All of it, a line each."""
    write_clients(folder / "many.csv", count)
    begun = time.perf_counter()
    for step in STEPS:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = mailer(folder, *step)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        say(f"mailer {' '.join(step[:2])}", f"{used.wall:.1f} s", f"CPU {cpu:.1f} s, peak {used.peak} MB")
    say("all of it", f"{time.perf_counter() - begun:.0f} s", f"{count:,} clients")


def compared(folder: Path, count: int) -> int:
    """How many of `count` letters are not WeasyPrint's."""
    from mailer.campaign.loading import load_campaign  # noqa: PLC0415 (a child's peak is never below its parent's)
    from mailer.mailservice.registry import tables  # noqa: PLC0415
    from mailer.making.documents import Letters  # noqa: PLC0415
    from mailer.making.inputs import inputs_digest  # noqa: PLC0415
    from mailer.making.letterpages import layout_of, part_of  # noqa: PLC0415
    from mailer.making.letters import wanted_letters, written_letters  # noqa: PLC0415
    from mailer.pages.imposition import cut  # noqa: PLC0415
    from mailer.planning.mailfolder import open_folder  # noqa: PLC0415
    from mailer.store.listed.clients import ids_in_order  # noqa: PLC0415
    from mailer.store.pieces import sent_to  # noqa: PLC0415
    from tests.support.samepages import Unequal, require_equal  # noqa: PLC0415

    wrong = 0
    with open_folder(
        folder, fixed=date.fromisoformat(DAY["MAILER_TODAY"]), database="", services=tables()
    ) as mail:
        campaign, letterhead = load_campaign(mail.root, RATES), mail.letterhead
        dated = campaign.definition.letter.date or mail.today
        layout = layout_of(mail, campaign, letterhead, dated, 0)  # 0: too few to merge
        texts = Letters(mail.settings, campaign, dated, inputs_digest(mail.settings, campaign, letterhead))
        with mail.store.read() as session:
            drawn = random.Random(1).sample(ids_in_order(session), count)  # noqa: S311
        for at in range(0, count, AT_ONCE):
            some = drawn[at : at + AT_ONCE]
            with mail.store.read() as session:
                made = {client: pieces[0] for client, pieces in sent_to(session, some).items()}
            for wanted in wanted_letters(mail, campaign, written_letters(mail, campaign, texts, some)):
                laid = layout.laid(part_of(campaign, dated, [(one, []) for one in wanted]))
                for one, (first, last) in zip(wanted, laid.pages, strict=True):
                    piece = made[one.clients[0]]
                    approved = cut(mail.store.files.path(piece.file), piece.first_page, piece.last_page)
                    try:
                        require_equal(approved, cut(laid.pdf, first, last))
                    except Unequal as why:
                        wrong += 1
                        say(piece.label, "UNEQUAL", str(why))
    say("compared with WeasyPrint", f"{count:,} letters", f"{wrong} unequal")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--compare", type=int, default=100, metavar="N")
    asked = parser.parse_args()
    with mail_folder() as folder:
        sitting(folder, asked.count)
        return 1 if compared(folder, min(asked.compare, asked.count)) else 0


if __name__ == "__main__":
    sys.exit(main())
