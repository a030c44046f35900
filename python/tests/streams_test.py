"""No key makes two random streams at a node: not in two sessions, threads or lives of it (SECURITY 28).

polderd_watched notes a hash of every stream's key. That one stream never goes back, is never copied and does not
survive a fork is shown in engine/crypto/stream_test.cc; so no (key, counter) comes twice.
"""

import os
import shutil
import signal
from collections import Counter
from pathlib import Path

import pytest

from conftest import Command, within
from kills_test import process_of

ROWS = 500


def streams_of(folder: Path, kind: str) -> Counter[str]:
    """How often each key hash occurs in all lives of a node."""
    lines = [line.split() for file in folder.glob("streams.*") for line in file.read_text().splitlines()]
    return Counter(key for what, key in lines if what == kind)


@pytest.fixture
def watched(polder: Command, monkeypatch: pytest.MonkeyPatch) -> Command:
    program = shutil.which("polderd_watched")
    assert program, "./run build release makes it"
    monkeypatch.setenv("POLDER_POLDERD", program)
    return polder


def test_no_stream_is_made_twice_over_sessions_threads_and_lives(watched):
    files = [watched.clients(name, *(f"{name if i % 3 else ''}{i},{i % 2}" for i in range(ROWS))) for name in "abc"]
    nodes = [watched.home / f"spaces/local/node{role}" for role in range(3)]
    assert watched("up").code == 0
    try:
        assert watched("upload", files[0], "--name", "kept", "--owner", "a").code == 0
        for life in range(4):
            sessions = [watched.start("match", "kept@a", *files[1:], "--out", f"out{i}", "--force") for i in range(3)]
            if life == 1:
                os.kill(process_of(nodes[1]), signal.SIGKILL)  # in the middle of three sessions
            codes = [(process.communicate(timeout=within(60)), process.returncode)[1] for process in sessions]
            assert life == 1 or codes == [0, 0, 0]
            if life == 2:
                assert watched("down").code == 0
            assert watched("up").code == 0
    finally:
        watched("down")

    assert [len(list(folder.glob("streams.*"))) for folder in nodes] == [2, 3, 2]
    masks = [streams_of(folder, "mask") for folder in nodes]
    for each in masks:
        assert len(each) >= 6 * 9, "the watch sees the streams of every session"
        assert max(each.values()) == 1
    holders = sum((Counter(each.keys()) for each in masks), Counter())
    assert max(holders.values()) == 2, "a key of three nodes would be known to all"
    columns = [streams_of(folder, "column") for folder in nodes]
    coins = [streams_of(folder, "coins") for folder in nodes]
    assert sum(map(len, columns)) > 0
    assert all(len(each) >= 9 and max(each.values()) == 1 for each in coins), "public coins are drawn anew too"
    for each in columns + coins:
        for other in masks:
            assert each.keys().isdisjoint(other.keys()), "a share's seed or a public coin masks nothing"
