"""Whatever stops a run, nothing of it stays: no process, no folder, no half result; and the reason is said."""

import os
import signal
import time
from pathlib import Path

import pytest

from conftest import Command, node_processes, wait_until, within
from match_test import assert_nothing_left

ROWS = 300_000  # a run of some seconds


def large_files(command: Command) -> list[Path]:
    return [command.clients(name, *(f"{name if i % 2 else ''}{i},1" for i in range(ROWS))) for name in ("a", "b")]


def started(command: Command):
    process = command.start("match", *large_files(command), "--out", "out")
    assert wait_until(lambda: len(node_processes(command.folder)) == 3), "its nodes did not start"
    time.sleep(1.5)
    return process


@pytest.mark.parametrize(
    "number, code, word",
    [
        (signal.SIGINT, 130, "polder: stopped; nothing was written\n"),
        (signal.SIGTERM, 143, ""),
        (signal.SIGHUP, 129, ""),
    ],
)
def test_a_stopped_run_leaves_nothing(polder, number, code, word):
    process = started(polder)
    process.send_signal(number)
    _, err = process.communicate(timeout=within(20))
    assert (process.returncode, err) == (code, word)
    assert not (polder.folder / "out").exists()
    assert_nothing_left(polder.folder)


def test_even_a_killed_command_leaves_no_process(polder):
    process = started(polder)
    process.kill()
    process.communicate()
    assert wait_until(lambda: not node_processes(polder.folder), 5)
    [abandoned] = polder.folder.glob("polder-*")
    os.utime(abandoned, (0, 0))  # as if it had been left a while ago
    assert polder("match", polder.clients("c", "X,1"), polder.clients("d", "x,0")).code == 0
    assert_nothing_left(polder.folder)


@pytest.mark.parametrize("victim", [0, 1, 2])
def test_a_node_that_dies_is_named_and_nothing_is_written(polder, victim):
    process = started(polder)
    [dead] = [pid for pid in node_processes(polder.folder) if f"node{victim}".encode() in
              Path(f"/proc/{pid}/cmdline").read_bytes()]  # fmt: skip
    os.kill(dead, signal.SIGKILL)
    start = time.monotonic()
    _, err = process.communicate(timeout=within(20))
    assert time.monotonic() - start < within(10)
    assert process.returncode == 1
    assert f"node {victim}" in err or f"node{victim}" in err, err
    assert err.count("\n") == 1 and "Traceback" not in err
    assert not (polder.folder / "out").exists()
    assert_nothing_left(polder.folder)


def test_up_down_status(polder):
    assert polder("status").code == 2
    assert polder("down").code == 0
    assert polder("up").code == 0
    first = polder("status", "--json").json()
    assert [node["state"] for node in first["nodes"]] == ["ready"] * 3

    victim = first["nodes"][1]["process"]
    os.kill(victim, signal.SIGKILL)
    assert wait_until(lambda: victim not in node_processes(polder.home))
    ended = polder("status", "--json")
    assert ended.code == 1
    states = [node["state"] for node in ended.json()["nodes"]]
    assert states[1] == "down" and "down" not in states[::2]

    start = time.monotonic()
    assert polder("up").code == 0, "up starts the one that is missing"
    assert time.monotonic() - start < within(5)
    again = polder("status", "--json").json()
    for role in (0, 2):
        assert again["nodes"][role]["process"] == first["nodes"][role]["process"], "it was not restarted"
    assert again["network"] == first["network"]

    assert polder("down", "--json").json() == {"stopped": 3, "deleted": False}
    assert node_processes(polder.home) == []
    assert polder("down", "--delete").code == 0
    assert not (polder.home / "spaces" / "local").exists()


def test_tables_outlive_down_and_up(polder):
    assert polder("up").code == 0
    try:
        assert polder("upload", polder.clients("a", "X,1"), "--owner", "A").code == 0
        assert polder("down").code == 0
        assert polder("up").code == 0
        ended = polder("match", "a@A", polder.clients("b", "x,0"), "--json")
        assert ended.json()["recipients"]["b"]["matches"] == 1
    finally:
        polder("down", "--delete")


def test_a_file_that_somebody_writes_to_is_refused(polder):
    """As in the engine's own test, but through the command: the writer never stops."""
    grown = polder.clients("a", *(f"{i},0" for i in range(400_000)))
    process = polder.start("match", grown, polder.clients("b", "x,0"))
    with grown.open("a") as file:
        while process.poll() is None:
            file.write("y,0\n")
            file.flush()
            time.sleep(0.001)
    _, err = process.communicate()
    assert process.returncode == 2
    assert err.endswith(
        "a.csv: the file changed while it was read; nothing was used, try again when it is complete\n"
    )


def test_a_broken_upload_goes_on_where_it_stopped(polder):
    assert polder("up").code == 0
    try:
        columns = polder.home / "spaces" / "local" / "node1" / "columns"

        def whole() -> set[str]:
            return {file.name for file in columns.glob("*") if file.suffix != ".part"}

        clients = polder.clients("a", *(f"client {i},0" for i in range(1_200_000)))  # 20 MB of shares: five chunks
        process = polder.start("upload", clients, "--owner", "A")
        assert wait_until(lambda: len(whole()) >= 2, 60)
        process.kill()
        process.communicate()
        [start] = (polder.home / "tables").glob("*.upload")
        before = whole()
        assert len(before) < 6, "it was over before it could be broken off"
        assert polder("tables", "--json").json()["tables"] == [], "nothing is visible before it is whole"

        ended = polder("upload", clients, "--owner", "A", "--json")
        assert ended.code == 0, ended.err
        after = whole()
        assert before < after and len(after) == 6, "chunks that were there are not sent again"
        assert not start.exists()
        assert [table["rows"] for table in polder("tables", "--json").json()["tables"]] == [1_200_000]
    finally:
        polder("down", "--delete")
