"""The pace of calls: the allowed rate is used and never passed, by threads and by two real processes."""

from __future__ import annotations

import bisect
import statistics
import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path

import pytest

from mailer.errors import MailerError
from mailer.mailservice.pace import Pace

RATE, WINDOW = 100, 2.0  # as 150 in 5 s, only quicker to see

CHILD = """
import sys, time
from pathlib import Path
from mailer.mailservice.pace import Pace
pace = Pace(Path(sys.argv[1]), rate={rate}, window={window})
end = time.monotonic() + {seconds}
while time.monotonic() < end:
    pace.wait("POST /letters")
    print(time.monotonic())
"""


def most(times: list[float], window: float) -> int:
    """The most calls within any window, open at its beginning."""
    times = sorted(times)
    return max(place + 1 - bisect.bisect_right(times, at - window) for place, at in enumerate(times))


def test_two_processes_use_the_rate_together_and_never_pass_it(tmp_path: Path) -> None:
    script = CHILD.format(rate=RATE, window=WINDOW, seconds=5)
    children = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path / "pace.db")], stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    each = [[float(line) for line in child.communicate(timeout=60)[0].split()] for child in children]
    assert [child.returncode for child in children] == [0, 0]
    times = sorted(each[0] + each[1])
    assert min(len(one) for one in each) > 0
    assert most(times, WINDOW) <= RATE
    # A whole rate of calls takes at most 1/0.95 of the window.
    assert statistics.median(later - at for at, later in pairwise(times[::RATE])) <= WINDOW / 0.95


def test_threads_of_one_process_share_it(tmp_path: Path) -> None:
    pace = Pace(tmp_path / "pace.db", rate=RATE, window=WINDOW)
    times: list[float] = []

    def call() -> None:
        for _ in range(50):
            pace.wait("POST /letters")
            times.append(time.monotonic())

    threads = [threading.Thread(target=call) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pace.close()
    assert len(times) == 250
    assert most(times, WINDOW) <= RATE


def test_endpoints_do_not_wait_for_each_other(tmp_path: Path) -> None:
    pace = Pace(tmp_path / "pace.db", rate=1, window=60)
    assert pace.wait("POST /letters") == 0
    assert pace.wait("GET /letters") == 0
    pace.close()


def test_a_service_may_allow_one_endpoint_twice_the_rate(tmp_path: Path) -> None:
    """Lob takes 300 verifications in 5 seconds ("Rate Limiting")."""
    pace = Pace(tmp_path / "pace.db", rate=2, window=60)
    assert [pace.wait("POST /us_verifications", times=2) for _ in range(4)] == [0, 0, 0, 0]
    pace.close()


def test_after_too_many_the_endpoint_is_held_for_all(tmp_path: Path) -> None:
    first, second = (Pace(tmp_path / "pace.db", rate=5, window=60) for _ in range(2))
    first.hold("POST /letters", 0.5)
    assert second.wait("POST /letters") > 0
    first.close()
    second.close()


def test_off_makes_no_file(tmp_path: Path) -> None:
    pace = Pace(None, rate=None)
    assert [pace.wait("POST /letters") for _ in range(1_000)] == [0.0] * 1_000
    pace.hold("POST /letters", 60)
    assert pace.wait("POST /letters") == 0.0
    assert list(tmp_path.iterdir()) == []


def test_times_from_before_a_restart_of_the_machine_are_forgotten(tmp_path: Path) -> None:
    """The monotonic clock begins anew, so that the old times lie in the future."""
    pace = Pace(tmp_path / "pace.db", rate=1, window=60)
    pace.wait("POST /letters")
    with pace._file.transaction() as database:
        database.execute("UPDATE call SET at = at + 1000000")
    assert pace.wait("POST /letters") == 0
    pace.close()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "pace.db").write_bytes(b"not a database" * 100)
    with pytest.raises(MailerError, match="pace of sending cannot be used"):
        Pace(tmp_path / "pace.db", rate=150).wait("POST /letters")


def test_a_rate_needs_a_file_and_is_at_least_one(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Pace(None, rate=1)
    with pytest.raises(ValueError, match="at least 1"):
        Pace(tmp_path / "pace.db", rate=0)
