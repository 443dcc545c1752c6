"""`make bench-merge`: the shipped rate notice to random clients, by WeasyPrint, Typst, LibreOffice and the
merge engine.

Each way runs in a process of its own, so that its peak of memory is its own. Its times begin when programs,
fonts and template are loaded; composing the texts, compiling variants and verifying them are in them. Typst
(PyPI `typst`) and LibreOffice (Debian: libreoffice-writer, libreoffice-base, python3-uno) are measured
where they are installed; LibreOffice has the text alone, without letterhead and table.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from mailer.mailservice.registry import tables
from mailer.making.layout import MERGED_AT_ONCE, Layout, Part
from mailer.making.workers import laid_out
from mailer.pages.letter import MOST, Letter, render_letters
from mailer.pages.letterhead import Letterhead, load_letterhead
from mailer.settings import Settings, load_settings
from tests.bench import mail_folder
from tests.support.mergedletters import DAY, ROOT, letters, rows_of

NAME: Final = "2027-rates"
TYPST: Final = ROOT / "tests/data/typst/letter.typ"
LIBREOFFICE: Final = ROOT / "tests/data/libreoffice/merge.py"
UNO: Final = "/usr/bin/python3"  # Debian's, which has the package python3-uno


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds and bytes of a letter, megabytes of the process at its peak."""

    cpu: float
    wall: float
    size: float
    peak: float


class Bench:
    """The firm, and the ways to make its letters: each makes `count` of them and says how many bytes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings: Settings = load_settings(folder, tables())
        self.letterhead: Letterhead = load_letterhead(folder / "letterhead", self.settings.brand)

    def some(self, count: int) -> Iterator[Letter]:
        return letters(NAME, count, self.settings)

    def weasyprint_alone(self, count: int) -> int:
        return sum(len(self._plain([one])) for one in self.some(count))

    def weasyprint_batch(self, count: int) -> int:
        return sum(len(self._plain(part)) for part in parts(self.some(count), MOST))

    def typst_alone(self, count: int) -> int:
        make = self._typst()
        return sum(len(make([one])) for one in self.some(count))

    def typst_batch(self, count: int) -> int:
        return len(self._typst()(list(self.some(count))))

    def libreoffice(self, count: int) -> Measured:
        """Its mail merge into one PDF, by its own API."""
        place = Path(tempfile.mkdtemp(dir=self.folder))
        with (place / "letters.csv").open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(("reference", "subject", "salutation", "name", "rates"))
            for one in self.some(count):
                rates = "; ".join(", ".join(row) for row in rows_of(one))
                rows.writerow((one.reference, one.subject, one.salutation, one.client, rates))
        profile = f"-env:UserInstallation={(place / 'profile').as_uri()}"
        accept = f"--accept=pipe,name={place.name};urp;"
        command = ["soffice", "--headless", "--norestore", profile, accept]
        nowhere = subprocess.DEVNULL
        with subprocess.Popen(command, stdout=nowhere, stderr=nowhere, start_new_session=True) as office:
            try:
                command = [UNO, str(LIBREOFFICE), place.name, str(place)]
                said = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
            finally:
                os.killpg(office.pid, signal.SIGKILL)  # it is another process that does the work
        size = (place / "merged0.pdf").stat().st_size
        return Measured(said["cpu"] / count * 1000, said["wall"] / count * 1000, size / count, said["peak"])

    def merged(self, count: int) -> int:
        from mailer.pages.letterbatch import LetterBatch  # noqa: PLC0415 (imports WeasyPrint)

        batch = LetterBatch(self.letterhead, self.settings, merged=True)
        whole = sum(len(batch.render(part).pdf) for part in parts(self.some(count), MERGED_AT_ONCE))
        tally = batch.tally
        if tally.defects:
            sys.exit(f"the engine made a mistake: {tally.defects[0]}")
        print(f"  {tally.merged:,} merged, {tally.set_alone:,} set by WeasyPrint", file=sys.stderr)
        return whole

    def by_two(self, count: int) -> int:
        """As `approve` has them made: in two processes, looked through for the printer, and hashed."""
        folder = ROOT / "campaigns" / NAME
        layout = Layout(self.letterhead, self.settings, total=count, dated=DAY, path=NAME, folder=folder)
        some = (
            (None, Part(tuple(part), tuple(one.client for one in part), (False,) * len(part)))
            for part in parts(self.some(count), MERGED_AT_ONCE)
        )
        return sum(len(made.pdf) for _, made in laid_out(layout, some, 2))

    def _plain(self, some: list[Letter]) -> bytes:
        return render_letters(some, self.letterhead, self.settings).pdf

    def _typst(self) -> Callable[[list[Letter]], bytes]:
        import typst  # type: ignore[import-not-found, import-untyped, unused-ignore]  # noqa: PLC0415

        for name in ("logo.svg", "signature.svg"):
            (self.folder / name).write_bytes(self.letterhead.files[name])
        template = self.folder / TYPST.name
        template.write_bytes(TYPST.read_bytes())
        fonts = [str(path) for path in sorted((ROOT / "typefaces").iterdir())]
        compiler: Any = typst.Compiler(str(template), font_paths=fonts, ignore_system_fonts=True)

        def make(some: list[Letter]) -> bytes:
            records = [
                {
                    "reference": one.reference,
                    "subject": one.subject,
                    "salutation": one.salutation,
                    "name": one.client,
                    "rows": rows_of(one),
                }
                for one in some
            ]
            return bytes(compiler.compile(sys_inputs={"data": json.dumps(records)}))

        return make


WAYS: Final[dict[str, tuple[Callable[[Bench, int], int | Measured], int]]] = {
    "WeasyPrint, a document each": (Bench.weasyprint_alone, 40),
    "WeasyPrint, batches of 200": (Bench.weasyprint_batch, 400),
    "Typst, a compile each": (Bench.typst_alone, 200),
    "Typst, one batch": (Bench.typst_batch, 2_000),
    "LibreOffice, its text alone": (Bench.libreoffice, 200),
    "mailer, one process": (Bench.merged, 10_000),
    "mailer, two, looked through": (Bench.by_two, 10_000),
}


def parts(some: Iterator[Letter], size: int) -> Iterator[list[Letter]]:
    while part := list(islice(some, size)):
        yield part


def measured(bench: Bench, way: str, count: int) -> Measured:
    """In this process, which has made one letter before."""
    bench.weasyprint_alone(1)
    wall, cpu = time.perf_counter(), _cpu()
    size = WAYS[way][0](bench, count)
    if isinstance(size, Measured):  # of a process of its own
        return size
    wall, cpu = time.perf_counter() - wall, _cpu() - cpu
    return Measured(cpu / count * 1000, wall / count * 1000, size / count, max(map(_peak, _WHO)))


_WHO: Final = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def _cpu() -> float:
    """Seconds, of this process and of those that it began."""
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, _WHO))


def _peak(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / 1024


def missing() -> Iterator[str]:
    """What is not installed."""
    if not importlib.util.find_spec("typst"):
        yield "Typst"
    parts_of = map(shutil.which, ("lowriter", "lobase"))  # the list of records is a document of its Base
    if not all(parts_of) or subprocess.run([UNO, "-c", "import uno"], check=False).returncode:
        yield "LibreOffice"


def in_a_process(folder: Path, way: str, count: int) -> Measured:
    command = [sys.executable, "-m", "tests.bench_merge", "--way", way, "--count", str(count)]
    done = subprocess.run([*command, "--folder", str(folder)], stdout=subprocess.PIPE, check=True)
    return Measured(**json.loads(done.stdout))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--letters", type=int, default=100_000 if os.environ.get("BENCH_FULL") else 10_000)
    options.add_argument("--way", help=argparse.SUPPRESS)
    options.add_argument("--count", type=int, help=argparse.SUPPRESS)
    options.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.way:
        made = measured(Bench(chosen.folder), chosen.way, chosen.count)
        print(json.dumps({name: getattr(made, name) for name in Measured.__slots__}))
        return
    found = {}
    with mail_folder() as folder:
        print(f"{'way':<30} {'letters':>8} {'ms CPU':>8} {'ms wall':>8} {'bytes':>8} {'MB':>6}")
        for way, (_, count) in WAYS.items():
            if way.startswith(tuple(missing())):
                print(f"{way:<30} not installed: tests/bench_merge.py says what it needs")
                continue
            number = chosen.letters if way.startswith("mailer") else count
            one = found[way] = in_a_process(folder, way, number)
            line = (
                f"{way:<30} {number:>8,} {one.cpu:>8.2f} {one.wall:>8.2f} {one.size:>8,.0f} {one.peak:>6.0f}"
            )
            print(line, flush=True)
    ours = found["mailer, one process"]
    for name, way in (("Typst", "Typst, one batch"), ("WeasyPrint", "WeasyPrint, batches of 200")):
        if way in found:
            print(f"ratio to {name} batch: {found[way].cpu / ours.cpu:.1f}")
    print(f"bytes a letter: {ours.size:.0f}")
    print(f"peak MB: {ours.peak:.0f}")


if __name__ == "__main__":
    main()
