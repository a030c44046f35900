"""Values planted in clients' files are looked for in all that a node has: files, logs, answers, memory."""

import json
import os
import random
import secrets
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import Command, column, node_processes, wait_until, within
from needles import (
    Needles,
    files_below,
    identifier_hash,
    matching_key,
    memory_of,
    planes,
    third_of_bits,
    third_of_numbers,
)
from polder import errors, native

ROWS = 192
BANKS = ("north", "south", "middle")


@dataclass
class Planted:
    """Three clients' files with values that occur nowhere else, after matches at three running nodes."""

    command: Command
    needles: Needles
    marker: str
    printed: list[str]
    secrets: dict[str, bytes]  # of the table that stays: both seeds, the blind

    @property
    def space(self) -> Path:
        return self.command.home / "spaces" / "local"

    @property
    def node_folders(self) -> list[Path]:
        return [self.space / f"node{role}" for role in range(3)]


def spelled(client: int, marker: str) -> str:
    return f"Zqx-{marker} {client}" if client % 2 else f"  ZQX-{marker}  {client}"


def normalised(client: int, marker: str) -> str:
    return f"zqx-{marker} {client}"


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    root = tmp_path_factory.mktemp("leak")
    command = Command(root / "home", root)
    assert command("up").code == 0
    marker = secrets.token_hex(8)
    held = plant(command, marker)
    network = command.home / "spaces" / "local" / "network.json"
    needles = needles_of(held, network, marker)
    uploaded = upload_in_two_steps(command)
    add_functions(needles, held, network, marker, uploaded)
    printed = run_matches(command, held, needles)
    yield Planted(command, needles, marker, printed, uploaded)
    assert command("down", "--delete").code == 0


def plant(command: Command, marker: str) -> dict[str, list[tuple[int, int, int]]]:
    """Files NAME.csv of (client, flag, score); returns their rows."""
    draw = random.Random(marker)
    held = {}
    for name in BANKS:
        clients = draw.sample(range(400), ROWS)
        rows = [(client, draw.randrange(2), draw.randrange(1 << 40, 1 << 41)) for client in clients]
        lines = [f"{spelled(client, marker)},{flag},{score}" for client, flag, score in rows]
        command.clients(name, *lines, header="client_id,flagged,score")
        held[name] = rows
    return held


def needles_of(held: dict[str, list[tuple[int, int, int]]], network: Path, marker: str) -> Needles:
    needles = Needles()
    needles.add_text("identifier", f"Zqx-{marker}")
    for name, rows in held.items():
        hashes = [identifier_hash(network, normalised(client, marker)) for client, _, _ in rows]
        for row in (0, ROWS - 1):
            needles.add(f"{name}: hash in row {row}", hashes[row])
        needles.add_column(f"{name}: hashes", (int.from_bytes(each, "little") for each in hashes), 128)
        needles.add_column(f"{name}: flags", (flag for _, flag, _ in rows), 1)
        needles.add(f"{name}: score in row 0", rows[0][2].to_bytes(8, "little"))
        needles.add_text(f"{name}: score in row 0", str(rows[0][2]))
    return needles


def upload_in_two_steps(command: Command) -> dict[str, bytes]:
    """Uploads a table that stays, with node 2 down at first: meanwhile its owner's machine keeps the secrets."""
    upload = ("upload", f"{BANKS[0]}.csv", "--name", "kept", "--owner", BANKS[0], "--attribute", "score")
    assert command(*upload).code == 0 and command("tables", "rm", f"kept@{BANKS[0]}").code == 0  # admits the owner
    [victim] = [each for each in node_processes(command.home) if named(each, "node2")]
    os.kill(victim, signal.SIGKILL)
    space, tables = command.home / "spaces" / "local", command.home / "tables"
    with pytest.raises(errors.PeerLost):
        native.Client(space / "network.json").upload(
            command.folder / f"{BANKS[0]}.csv", "kept", space / "keys" / f"{BANKS[0]}.key",
            native.Columns(attribute="score"), tables, lambda stage, done: None
        )  # fmt: skip
    [start] = tables.glob("*.upload")
    raw = bytes.fromhex(json.loads(start.read_text())["secrets"])
    assert command("up").code == 0
    ended = command(*upload)
    assert ended.code == 0, ended.err
    assert not start.exists()
    return {"seed 0": raw[:16], "seed 1": raw[16:32], "blind": raw[32:]}


def add_functions(
    needles: Needles,
    held: dict[str, list[tuple[int, int, int]]],
    network: Path,
    marker: str,
    uploaded: dict[str, bytes],
) -> None:
    """Hashes of identifiers, rows, columns and of the third component, plain and under keys that a node could have."""
    keys = {"the matching key": matching_key(network)}
    keys["the network"] = json.loads(network.read_text())["network"].encode()
    keys |= {name: uploaded[name] for name in ("seed 0", "seed 1")}
    for name, rows in held.items():
        hashes = [identifier_hash(network, normalised(client, marker)) for client, _, _ in rows]
        numbers = [int.from_bytes(each, "little") for each in hashes]
        columns = {
            "identifiers": planes(numbers, 128),
            "flags": planes((flag for _, flag, _ in rows), 1),
            "scores": b"".join(score.to_bytes(8, "little") for _, _, score in rows),
        }
        for what, value in columns.items():
            needles.add_functions(f"{name}: {what}", value, keys)
        needles.add_functions(f"{name}: hashes row by row", b"".join(hashes), keys)
        client, flag, score = rows[0]
        needles.add_functions(f"{name}: identifier", normalised(client, marker).encode(), keys)
        needles.add_functions(f"{name}: hash", hashes[0], keys)
        needles.add_functions(f"{name}: row", hashes[0] + bytes([flag]) + score.to_bytes(8, "little"), keys)

    rows = held[BANKS[0]]
    seeds = (uploaded["seed 0"], uploaded["seed 1"])
    hashes = [identifier_hash(network, normalised(client, marker)) for client, _, _ in rows]
    thirds = {
        "identifiers": third_of_bits(planes((int.from_bytes(h, "little") for h in hashes), 128), seeds, "identifier"),
        "flags": third_of_bits(planes((flag for _, flag, _ in rows), 1), seeds, "flagged"),
        "scores": third_of_numbers([score for _, _, score in rows], seeds, "score"),
    }
    thirds["the whole table"] = b"".join(thirds.values())
    for what, value in thirds.items():
        needles.add_functions(f"kept: component 2 of {what}", value, keys)
    uploaded["component 2"] = thirds["the whole table"]


def named(process: int, node: str) -> bool:
    return node.encode() in Path(f"/proc/{process}/cmdline").read_bytes()


def run_matches(command: Command, held: dict[str, list[tuple[int, int, int]]], needles: Needles) -> list[str]:
    """All kinds of answers, from files and from a table that stays; adds the answers to the needles."""
    files = [f"{name}.csv" for name in BANKS]
    ended = [
        command("match", *files, "--json"),
        command("match", *files, "--to", BANKS[1], "--method", "bins", "--out", "binned", "--json"),
        command("match", f"kept@{BANKS[0]}", *files[1:], "--show", "count", "--to", BANKS[1], "--json"),
        command("match", *files, "--show", "sum", "--attribute", "score", "--to", BANKS[1], "--json"),
    ]
    assert [each.code for each in ended] == [0] * len(ended), [each.err for each in ended]
    for name, rows in held.items():
        matches = set(column(command.folder / "matches" / f"{name}.csv"))
        answer = [int(cell in matches) for cell in file_cells(command, name)]
        assert 0 < sum(answer) < ROWS
        needles.add_column(f"{name}: answer", answer, 1)
    total = ended[-1].json()["recipients"][BANKS[1]]["sum"]
    needles.add("sum", total.to_bytes(8, "little"))
    needles.add_text("sum", str(total))
    return [each.out + each.err for each in ended[:-1]]  # the last one's answer is the sum


def file_cells(command: Command, name: str) -> list[str]:
    return [line.split(",")[0] for line in column(command.folder / f"{name}.csv")]


def test_the_needles_are_found_where_they_do_lie(planted):
    """The search itself: a test that finds nothing anywhere would show nothing."""
    everything = Needles()
    everything.add_text("identifier", f"Zqx-{planted.marker}")
    for form in everything.forms.values():
        assert everything.found_in(b"before" + form + b"after")
    own = (planted.command.folder / "north.csv").read_bytes()
    assert planted.needles.found_in(own)
    kept = b"".join(file.read_bytes() for file in files_below(planted.command.home / "tables"))
    assert planted.needles.found_in(kept), "the owner keeps its own identifiers"
    network = planted.space / "network.json"
    for name in BANKS:
        hashes = [identifier_hash(network, normalised(int(cell.split()[1]), planted.marker))
                  for cell in file_cells(planted.command, name)]  # fmt: skip
        assert f"{name}: hash in row 0" in planted.needles.found_in(b"".join(hashes))


def test_the_manifest_hash_is_that_of_component_2_under_the_blind_and_of_nothing_else(planted):
    """The search for functions itself: the one that may be seen is seen, by who is given its key."""
    hidden = Needles()
    hidden.add_functions("component 2", planted.secrets["component 2"], {"the blind": planted.secrets["blind"]})
    [table] = planted.command("tables", "--json").json()["tables"]
    assert hidden.found_in(json.dumps(table).encode()) == ["BLAKE2b-256 under the blind of component 2, hex"]


@pytest.mark.parametrize("role", range(3))
def test_no_node_has_what_would_complete_its_shares(planted, role):
    """Neither the seed or blind that belongs to others, nor the key under which identifiers are hashed."""
    lacking = Needles()
    lacked = {0: ("blind", planted.secrets["blind"]), 1: ("seed 0", planted.secrets["seed 0"]),
              2: ("seed 1", planted.secrets["seed 1"])}[role]  # fmt: skip
    lacking.add(*lacked)
    lacking.add("matching key", matching_key(planted.space / "network.json"))
    for file in files_below(planted.node_folders[role]):
        assert lacking.found_in(file.read_bytes()) == [], file
    try:
        for content in memory_of(node_of(planted, role)):
            assert lacking.found_in(content) == []
    except PermissionError:
        pytest.skip("only root may look: the kernel protects a process that is not dumpable")


def test_no_file_of_a_node_has_a_planted_value(planted):
    seen = set()
    for folder in planted.node_folders:
        for file in files_below(folder):
            content = file.read_bytes()
            assert planted.needles.found_in(content) == [], file
            assert planted.needles.found_in(str(file).encode()) == [], file
            seen.add(file.name)
            if file.name.startswith("catalogue") and file.name.endswith(("-wal", ".db", ".sqlite")):
                seen.add("names" if b"north" in content else "")
        assert list((folder / "columns").iterdir()), "the table that stays has its shares here"
    assert "polderd.log" in seen and "names" in seen, seen
    for file in planted.command.folder.glob("polder-*"):
        assert False, f"{file} was left behind"


def test_no_answer_of_a_node_has_a_planted_value(planted):
    client = native.Client(planted.space / "network.json")
    for role in range(3):
        for path in ("metrics", "tables", "info", "health", "ready", "members"):
            content = client.answer(planted.space / f"node{role}", f"/v1/{path}").encode()
            assert content and planted.needles.found_in(content) == [], path
            assert path != "tables" or b"north" in content


def test_no_message_has_a_planted_value(planted):
    """What the command prints, right or wrong; screens are photographed and pasted into tickets."""
    command, marker = planted.command, planted.marker
    bad = {
        "flag": f"Zqx-{marker} 1,Zqx-{marker}\n",
        "ragged": f"Zqx-{marker} 1\n",
        "score": f"Zqx-{marker} 1,1,Zqx-{marker}\n",
        "contradicts": f"Zqx-{marker} 1,1,10\nZQX-{marker} 1,1,11\n",
        "quote": f'"Zqx-{marker} 1,1,1\n',
        "nul": f"Zqx-{marker}\0 1,1,1\n",
    }
    messages = list(planted.printed)
    for name, rows in bad.items():
        file = command.write(f"{name}.csv", "client_id,flagged,score\n" + rows)
        ended = command("match", file, "north.csv", "--show", "sum", "--attribute", "score")
        assert ended.code == 2 and f"{name}.csv: " in ended.err
        messages.append(ended.out + ended.err)
    assert planted.needles.found_in("".join(messages).encode()) == []


def node_of(planted: Planted, role: int) -> int:
    [process] = [process for process in node_processes(planted.command.home) if named(process, f"node{role}")]
    return process


def test_nodes_write_no_core_and_keep_keys_out_of_swap(planted):
    for role in range(3):
        process = Path(f"/proc/{node_of(planted, role)}")
        limits = {line[:26].strip(): line[26:].split() for line in (process / "limits").read_text().splitlines()}
        assert limits["Max core file size"][:2] == ["0", "0"]
        # A process that is not dumpable belongs to root in /proc, whoever runs it; root's own is told by its maps.
        assert (process / "mem").stat().st_uid == 0
        status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
        assert int(status["VmLck"].split()[0]) > 0, "no key is locked in memory"


def search_memory(planted: Planted, role: int) -> list[str]:
    found, control = [], False
    try:
        for content in memory_of(node_of(planted, role)):
            found += planted.needles.found_in(content)
            control |= b"north" in content
    except PermissionError:
        pytest.skip("only root may look: the kernel protects a process that is not dumpable")
    assert control, "names of parties are in a node's memory, so the search does search"
    # Nodes 1 and 2 hold component 2, and the request says its plain hash (digests.md).
    return [what for what in found if role == 0 or "component 2" not in what]


@pytest.mark.parametrize("role", range(3))
def test_no_planted_value_is_in_a_nodes_memory_afterwards(planted, role):
    assert search_memory(planted, role) == []


@pytest.mark.parametrize("role", range(3))
def test_no_planted_value_is_in_a_nodes_memory_during_a_run(planted, role):
    """The node is stopped somewhere in the middle of a run and looked at."""
    command = planted.command
    process = node_of(planted, role)
    run = command.start("match", *(f"{name}.csv" for name in BANKS), "--out", "again", "--force", "--json")
    columns = command.home / "spaces" / "local" / f"node{role}" / "columns"
    before = len(list(columns.iterdir()))
    assert wait_until(lambda: len(list(columns.iterdir())) >= before + len(BANKS)), "it did not start"
    time.sleep(random.uniform(0, 0.05))
    os.kill(process, signal.SIGSTOP)
    try:
        assert search_memory(planted, role) == []
    finally:
        os.kill(process, signal.SIGCONT)
        out, err = run.communicate(timeout=within(60))
    assert run.returncode == 0, (out, err)
