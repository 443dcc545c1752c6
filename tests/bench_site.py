"""What `make bench` says of the client page: ten years of issues, 120 of them, looked through, made and put.

One real issue of the sample stands for each: its pages and text are the same, not its name, title and day.
Run alone: `python -m tests.bench_site`.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from mailer.planning.mailfolder import open_folder
from mailer.policies.site.build import for_everybody
from mailer.policies.site.content import ArchivedIssue, content_on
from mailer.policies.site.deploy import on_disk, put
from mailer.policies.site.pages import LARGEST_INDEX, rendered
from tests.bench import POSTED, mail_folder, mailer, say, write_clients

ISSUE = "2026-12"
DAY = date(2026, 11, 25)


def decade(one: ArchivedIssue, count: int) -> tuple[ArchivedIssue, ...]:
    """`count` months of that issue, the newest first."""
    found = []
    for back in range(count):
        year, month = divmod(2026 * 12 + 11 - back, 12)
        name = f"{year}-{month + 1:02}"
        found.append(replace(one, name=name, title=f"{one.title} {name}", mailed=date(year, month + 1, 1)))
    return tuple(found)


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="bench_site")
    parser.add_argument("--issues", type=int, default=120)
    count = parser.parse_args(argv).issues
    with mail_folder() as folder:
        write_clients(folder / "many.csv", 20)
        mailer(folder, "clients", "import", "many.csv")
        for words in (("approve", ISSUE), ("print", ISSUE), ("drop", ISSUE, *POSTED)):
            mailer(folder, *words)
        with open_folder(folder, fixed=DAY, database="", services={}) as mail:
            content = content_on(mail, DAY)
            content = replace(content, issues=decade(content.issues[0], count))
            begun = time.process_time()
            kept, _ = for_everybody(mail, content)
            looked = time.process_time()
            files = rendered(mail.root, kept, mail.letterhead, "", mail.clock.now())
            made = time.process_time()
            put(files, on_disk(folder / "site"))
            done = time.process_time()
    index = sum(len(files[name]) for name in ("index.html", "page.css", "brand.css"))
    what = f"client page, {count} issues"
    say(f"{what}: looked through", f"{looked - begun:.1f} s CPU")
    say(f"{what}: made", f"{made - looked:.1f} s CPU")
    say(f"{what}: put in place", f"{done - made:.1f} s CPU", f"{len(files):,} files")
    say(f"{what}: first page", f"{index / 1000:.1f} kB", f"of {LARGEST_INDEX / 1000:.0f} kB at most")
    say(f"{what}: all of it", f"{sum(map(len, files.values())) / 1e6:.1f} MB")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(f"{what}: peak memory", f"{peak:.0f} MB")


if __name__ == "__main__":
    main()
