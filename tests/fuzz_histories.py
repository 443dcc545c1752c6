"""Random histories of one client by the number, against every property: `make fuzz-histories`.

python -m tests.fuzz_histories 1000000        (over an hour of one core's time; all cores are used)
python -m tests.fuzz_histories 1 --from 8310  one again, with its traceback
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import traceback
from collections.abc import Iterator

from tests.judgement.test_course_properties import every_property_holds

CHUNK = 1_000


def failures(begin: int, end: int) -> list[tuple[int, str]]:
    """Of the seeds of [begin, end): each that fails, with what it printed."""
    found = []
    for seed in range(begin, end):
        try:
            every_property_holds(seed)
        except Exception:
            found.append((seed, traceback.format_exc(limit=-2)))
    return found


def chunks(begin: int, end: int) -> Iterator[tuple[int, int]]:
    for at in range(begin, end, CHUNK):
        yield at, min(at + CHUNK, end)


def _failures(chunk: tuple[int, int]) -> tuple[int, list[tuple[int, str]]]:
    return chunk[1] - chunk[0], failures(*chunk)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--from", dest="begin", type=int, default=0)
    asked = parser.parse_args()
    done = failed = 0
    with multiprocessing.get_context("spawn").Pool() as pool:
        every = chunks(asked.begin, asked.begin + asked.count)
        for size, found in pool.imap_unordered(_failures, every):
            done, failed = done + size, failed + len(found)
            for seed, text in found:
                print(f"seed {seed}:\n{text}", flush=True)
            if done % (50 * CHUNK) == 0 or done == asked.count:
                print(f"{done:,} histories, {failed} failed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
