"""What `make bench` says of documents: an issue built, newsletters addressed, letters in Word.

Each row is commands as a person types them; CPU is of their processes. Run alone: `python -m
tests.bench_documents --newsletters 1000 --letters 200`.
"""

from __future__ import annotations

import argparse

from tests.bench import RATES, mail_folder, mailer, say, write_clients

ISSUE = "2026-12"


def issue() -> None:
    with mail_folder() as folder:
        once = mailer(folder, "newsletter", "export", ISSUE)
        pages = len(list((folder / "issues" / ISSUE).glob("page-*.png")))
    say(f"an issue of {pages} pages built and exported", f"{once.cpu:.1f} s", f"{once.peak} MB")


def newsletters(count: int) -> None:
    with mail_folder() as folder:
        write_clients(folder / "many.csv", count)
        mailer(folder, "clients", "import", "many.csv", expect=(0, 1))
        approved = mailer(folder, "approve", ISSUE)
        printed = mailer(folder, "print", ISSUE)
        files = (folder / "jobs" / f"{ISSUE}-job-1").glob("newsletters*.pdf")
        size = sum(path.stat().st_size for path in files) / 1e6
    peak = max(approved.peak, printed.peak)
    say(f"{count:,} newsletters approved", f"{approved.cpu:.1f} s", f"{count / approved.cpu:,.0f} /s")
    say(
        f"{count:,} newsletters addressed, as a job",
        f"{printed.cpu:.1f} s",
        f"{count / printed.cpu:,.0f} /s, {size:.0f} MB of PDF, {peak} MB of memory",
    )


def word(count: int) -> None:
    with mail_folder() as folder:
        write_clients(folder / "many.csv", count)
        mailer(folder, "clients", "import", "many.csv", expect=(0, 1))
        made = mailer(folder, "word", "letters", RATES)
        files = list((folder / "word" / RATES).glob("*.docx"))
        size = sum(path.stat().st_size for path in files) / 1e6
    say(
        f"{count:,} letters in Word",
        f"{made.cpu:.1f} s",
        f"{count / made.cpu:,.0f} /s, {size:.1f} MB in {len(files)} files",
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--newsletters", type=int, default=10_000)
    options.add_argument("--letters", type=int, default=1_000)
    chosen, _ = options.parse_known_args()
    say("\nDocuments", "CPU")
    issue()
    newsletters(chosen.newsletters)
    word(chosen.letters)


if __name__ == "__main__":
    main()
