"""Nodes that are slow, stand still or lose their lines, and long use: right or a clean error in time; nothing grows.

POLDER_SOAK_SECONDS says how long the long use is, POLDER_PAUSE_SECONDS how long a node stands still, POLDER_CUTS how
often a line breaks; `./run test --long` takes ten minutes, half a minute and two hundred.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pytest

from conftest import AMPLE, Command, Ended, column, wait_until, within
from kills_test import process_of
from node_watch import MEGABYTE, NodeWatch
from organisations_test import Consortium, organisation
from polder import native
from slow_connection import SlowConnection

SOAK_SECONDS = float(os.environ.get("POLDER_SOAK_SECONDS", "10"))
PAUSE_SECONDS = float(os.environ.get("POLDER_PAUSE_SECONDS", "3"))
CUTS = int(os.environ.get("POLDER_CUTS", "3"))
ROWS = 2000
# What a node may grow by in long use: a session more or less at the end, and until it is warm, in its first minutes,
# some 10 MB. More is a leak.
MOST_GROWN = {"resident_bytes": (4 if SOAK_SECONDS >= 600 else 12) * MEGABYTE, "threads": 4, "descriptors": 4}
CLEAN = {"peer_lost", "peer_aborted", "timed_out", "busy"}


def metrics(network: Path, folder: Path) -> str:
    """A page that a node makes of all that it has: its tables, sessions, lines and memory."""
    return native.Client(network).answer(folder, "/v1/metrics")


@dataclass
class Banks:
    """Two files of one user at three nodes whose mesh lines go through proxies."""

    user: Command
    consortium: Consortium
    lines: list[SlowConnection]
    compute_seconds: float = 0  # of the last right one

    def start(self, out: str, *options: str) -> subprocess.Popen[str]:
        shutil.rmtree(self.user.folder / out, ignore_errors=True)
        space = ("--space", str(self.consortium.network))
        return self.user.start("match", "left.csv", "right.csv", *space, "--out", out, "--force", "--json", *options)

    def ended(self, process: subprocess.Popen[str], out: str, seconds: float) -> str:
        """'right' or an error's code; anything else is a failure."""
        text, err = process.communicate(timeout=within(seconds))
        folder = self.user.folder / out
        if process.returncode == 0:
            assert column(folder / "left.csv") == [f"X{i}" for i in range(ROWS // 2, ROWS) if i % 3 == 0]
            assert column(folder / "right.csv") == [f"x{i}" for i in range(ROWS // 2, ROWS) if i % 3 == 0]
            self.compute_seconds = json.loads(text)["seconds"]["compute"]
            return "right"
        assert not folder.exists(), "no partial result"
        code = json.loads(text)["error"]["code"]
        assert code in CLEAN, (text, err)
        return code

    def processes(self) -> list[int]:
        return [process_of(folder) for folder in self.consortium.nodes]

    def seconds_to_answer(self, roles: tuple[int, ...], over: Callable[[], bool]) -> list[float]:
        """How long each answer takes, until `over`, that these nodes can give without another one."""
        took = []
        while not over():
            for role in roles:
                start = time.monotonic()
                metrics(self.consortium.network, self.consortium.nodes[role])
                took.append(time.monotonic() - start)
            time.sleep(0.02)
        return took

    def assert_serves(self) -> None:
        assert wait_until(lambda: self.ended(self.start("again"), "again", 60) == "right", 30)


def assert_prompt(took: list[float]) -> None:
    print(f"{len(took)} answers: median {1000 * median(took):.1f} ms, longest {1000 * max(took):.1f} ms")
    assert max(took) < within(1), "an answer takes milliseconds, if it waits for nobody"


@pytest.fixture(scope="module")
def banks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Banks]:
    root = tmp_path_factory.mktemp("staying")
    lines: list[SlowConnection] = []

    def through_a_proxy(port: int) -> int:
        lines.append(SlowConnection())
        return lines[-1].to(port)

    consortium = Consortium(root, through_a_proxy)
    try:
        yield with_files(root, consortium, lines)
    finally:
        for line in lines:
            line.close()
        consortium.stop()


def with_files(root: Path, consortium: Consortium, lines: list[SlowConnection]) -> Banks:
    user = organisation(root, "left")
    assert user("key", "new", "right").code == 0
    for name in ("left", "right"):
        consortium.admit(user, name)
    user.clients("left", *(f"X{i},{int(i % 3 == 0)}" for i in range(ROWS)))
    user.clients("right", *(f"x{i},0" for i in range(ROWS // 2, 2 * ROWS)))
    made = Banks(user, consortium, lines)
    made.assert_serves()
    return made


def test_a_line_a_hundred_times_slower_changes_no_result(banks):
    """A message takes 3 ms instead of some 30 us, and 10 MB/s go over instead of 1 GB/s."""
    slow, usual = banks.lines[1], banks.compute_seconds
    with NodeWatch(banks.processes()) as watch:
        slow.delay, slow.bytes_per_second = 0.003, 10e6
        try:
            sessions = [(banks.start(f"slow{i}"), f"slow{i}") for i in range(2)]
            processes = [process for process, _ in sessions]
            assert_prompt(banks.seconds_to_answer((0, 1, 2), lambda: None not in [each.poll() for each in processes]))
            assert [banks.ended(*session, 120) for session in sessions] == ["right", "right"]
        finally:
            slow.delay = slow.bytes_per_second = 0.0
    assert banks.compute_seconds > usual, "the line was slow indeed"
    assert watch.most_grown_bytes() < 64 * MEGABYTE
    banks.assert_serves()


def test_lines_that_break_end_the_sessions_on_them_and_no_others(banks):
    draw = random.Random(time.time_ns())
    for turn in range(CUTS):
        process = banks.start("cut")
        time.sleep(draw.uniform(0.2, 1.0))
        banks.lines[turn % 3].cut()
        banks.ended(process, "cut", 10)
        banks.assert_serves()


def test_a_line_that_goes_deaf_for_a_while_only_delays(banks):
    line = banks.lines[2]
    process = banks.start("deaf")
    time.sleep(0.4)
    line.deaf = True
    time.sleep(1)
    line.deaf = False
    assert banks.ended(process, "deaf", 60) == "right"


@pytest.mark.parametrize("role", [0, 1])
def test_a_node_that_stands_still_delays_or_is_named(banks, role):
    """All sessions need all three nodes, so all wait; each ends right or with a named error, and memory stays.
    What a node answers alone it answers at once.
    """
    processes = banks.processes()
    others = tuple({0, 1, 2} - {role})
    with NodeWatch(processes) as watch:
        sessions = [(banks.start(f"still{i}"), f"still{i}") for i in range(2)]
        time.sleep(0.5)
        os.kill(processes[role], signal.SIGSTOP)
        try:
            late = time.monotonic() + PAUSE_SECONDS
            assert_prompt(banks.seconds_to_answer(others, lambda: time.monotonic() > late))
        finally:
            os.kill(processes[role], signal.SIGCONT)
        ends = [banks.ended(*session, 60) for session in sessions]
    assert PAUSE_SECONDS > 10 or ends == ["right", "right"], "so short a pause only delays"
    assert watch.most_grown_bytes() < 64 * MEGABYTE
    banks.assert_serves()


# ---- long use


def right(ended: Ended) -> None:
    assert ended.code == 0, ended


def one_turn(space: Command, draw: random.Random, turn: int) -> None:
    """Something that users do, right or wrong."""
    out = space.folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    rows = draw.choice([1, 100, 3000])
    files = [space.clients(name, *(f"{i},{i % 2},{i}" for i in range(rows)), header="client_id,flagged,score")
             for name in "ab"]  # fmt: skip
    kind = draw.choice(["rows", "count", "union", "sum", "table", "bad", "stopped", "two"])
    if kind == "rows":
        right(space("match", *files, "--out", out, "--force"))
        assert len(column(out / "a.csv")) == rows // 2
    elif kind in ("count", "union", "sum"):
        attribute = ["--attribute", "score"] if kind == "sum" else []
        right(space("match", *files, "--show", kind, *attribute, "--to", "a"))
    elif kind == "table":
        right(space("upload", files[0], "--name", f"t{turn}", "--owner", "A"))
        right(space("tables", "rm", f"t{turn}@A"))
    elif kind == "bad":
        assert space("match", *files, "--threshold", "7").code == 2
        assert space("match", files[0], "nothing@nobody").code == 2
    elif kind == "stopped":
        columns = space.home / "spaces/local/node0/columns"
        before = set(columns.iterdir())
        process = space.start("match", *files, "--out", out, "--force")
        wait_until(lambda: process.poll() is not None or set(columns.iterdir()) - before)
        time.sleep(draw.uniform(0, 0.5))
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=within(20))
        assert process.returncode in (0, 130, -signal.SIGINT), said  # the last: after its own code ran
    else:
        both = [space.start("match", *files, "--out", f"{out}{i}", "--force") for i in range(2)]
        assert [(each.communicate(timeout=within(60)), each.returncode)[1] for each in both] == [0, 0]


def test_long_use_takes_no_more_memory_descriptors_or_threads(polder):
    assert polder("up").code == 0
    draw = random.Random(1)
    try:
        for turn in range(2):  # what is kept warm from now on
            one_turn(polder, draw, turn)
        processes = [process_of(polder.home / f"spaces/local/node{role}") for role in range(3)]
        with NodeWatch(processes, every_seconds=0.1) as watch:
            late, turn = time.monotonic() + SOAK_SECONDS, 2
            while time.monotonic() < late:
                one_turn(polder, draw, turn)
                turn += 1
        assert polder("tables", "--json").json()["tables"] == []
        local = polder.home / "spaces/local"
        pages = lambda: [metrics(local / "network.json", local / f"node{role}") for role in range(3)]  # noqa: E731
        assert wait_until(lambda: all("polder_pool_idle_bytes 0\n" in page for page in pages()), 30)
    finally:
        polder("down", "--delete")
    grown = {what: watch.growth(what) for what in MOST_GROWN}
    leak = 1.5 * MOST_GROWN["resident_bytes"] / turn  # two thirds of the turns count
    print(f"{turn} turns; nodes grew by {grown}; {leak / 1024:.0f} KB or more a turn would show")
    for what, most in MOST_GROWN.items():
        assert max(grown[what]) <= most, (what, grown[what])
