"""Nodes killed at random moments of real runs: never a wrong or partial result, an error in time, service again soon.

POLDER_KILLS says how many; `./run test --long` kills a thousand times.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from conftest import processes, within

KILLS = int(os.environ.get("POLDER_KILLS", "6"))
ERROR_SECONDS = 10
SERVICE_SECONDS = 5
ROWS = 3000


def process_of(folder: Path) -> int:
    """The polderd that runs in a folder."""
    [found] = processes("polderd", folder)
    return found


@pytest.fixture
def banks(polder):
    """A space that runs, two files, and what a match of them must write."""
    assert polder("up").code == 0
    files = [
        polder.clients("left", *(f"X{i},{int(i % 3 == 0)}" for i in range(ROWS))),
        polder.clients("right", *(f"x{i},0" for i in range(ROWS // 2, ROWS * 2))),
    ]
    expected = {
        "left": [f"X{i}" for i in range(ROWS // 2, ROWS) if i % 3 == 0],
        "right": [f"x{i}" for i in range(ROWS // 2, ROWS) if i % 3 == 0],
    }
    yield files, expected
    assert polder("down", "--delete").code == 0


def written(folder: Path) -> dict[str, list[str]]:
    return {file.stem: file.read_text().splitlines()[1:] for file in folder.glob("*.csv")}


def test_kills_never_leave_a_wrong_or_partial_result(polder, banks):
    files, expected = banks
    draw = random.Random(time.time_ns())
    usual = match_seconds(polder, files, expected)
    ends = {"right": 0, "named error": 0}
    for turn in range(KILLS):
        out = polder.folder / "out"
        shutil.rmtree(out, ignore_errors=True)
        process = polder.start("match", *files, "--out", out, "--force", "--json")
        delay, victim = draw.uniform(0, 1.3 * usual), draw.randrange(3)
        where = f"turn {turn}: node {victim} after {delay:.3f} s of about {usual:.3f} s"
        time.sleep(delay)
        os.kill(process_of(polder.home / f"spaces/local/node{victim}"), signal.SIGKILL)
        try:
            text, _ = process.communicate(timeout=within(ERROR_SECONDS))
        except subprocess.TimeoutExpired:
            process.kill()
            raise AssertionError(f"no end within {ERROR_SECONDS} s, {where}") from None
        if process.returncode == 0:
            assert written(out) == expected, where
            ends["right"] += 1
        else:
            error = json.loads(text)["error"]
            assert error["code"] in ("peer_lost", "peer_aborted", "not_found", "busy"), (error, where)
            assert not out.exists(), where
            ends["named error"] += 1
        start = time.monotonic()
        again = polder("up")
        assert again.code == 0, (again.err, where)
        assert time.monotonic() - start < within(SERVICE_SECONDS), where
    shutil.rmtree(polder.folder / "out", ignore_errors=True)
    match_seconds(polder, files, expected)  # and all is well in the end
    print(ends)


def match_seconds(polder, files, expected) -> float:
    start = time.monotonic()
    ended = polder("match", *files, "--out", "out", "--force")
    assert ended.code == 0, ended.err
    assert written(polder.folder / "out") == expected
    return time.monotonic() - start
