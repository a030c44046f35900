"""Three organisations that run nodes and two that use them, each with only what is its own."""

import json
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest

from conftest import Command, column, wait_until, within
from polder import native
from polder.space import Space, free_ports


class Consortium:
    """Three node folders and their network, made by hand as the documentation says.

    dialled: the port at which the others reach a node whose mesh listens at this one.
    """

    def __init__(self, root: Path, dialled: Callable[[int], int] = lambda port: port) -> None:
        self.operator = Command(root / "operator", root)
        ports = iter(free_ports(6))
        self.nodes = [root / name for name in ("alpha", "beta", "gamma")]
        cards = []
        for folder in self.nodes:
            mesh = next(ports)
            ended = self.operator("node", "init", folder, "--name", folder.name, "--api", f"127.0.0.1:{next(ports)}",
                                  "--mesh", f"127.0.0.1:{mesh}", "--json")  # fmt: skip
            assert ended.code == 0, ended.err
            cards.append(ended.json()["public"])
            card = json.loads(Path(cards[-1]).read_text())
            Path(cards[-1]).write_text(json.dumps({**card, "mesh": f"127.0.0.1:{dialled(mesh)}"}))
        self.network = root / "network.json"
        ended = self.operator("network", "create", *cards, "--out", self.network)
        assert ended.code == 0, ended.err
        start = [("node", "start", folder, "--network", self.network) for folder in self.nodes]
        self.processes = [self.operator.start(*arguments) for arguments in start]
        assert wait_until(lambda: self.operator("node", "status", "--network", self.network).code == 0)

    def admit(self, organisation: Command, name: str) -> None:
        public = organisation.home / "keys" / f"{name}.pub"
        for folder in self.nodes:
            ended = self.operator("node", "admit", folder, public, "--network", self.network)
            assert ended.code == 0, ended.err

    def stop(self) -> None:
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            process.communicate(timeout=within(10))


@pytest.fixture(scope="module")
def consortium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Consortium]:
    made = Consortium(tmp_path_factory.mktemp("consortium"))
    yield made
    made.stop()


def organisation(tmp_path: Path, name: str) -> Command:
    (tmp_path / name).mkdir()
    command = Command(tmp_path / name / "home", tmp_path / name)
    assert command("key", "new", name).code == 0
    return command


def test_two_organisations_match_what_each_uploaded(consortium, tmp_path):
    space = ("--space", str(consortium.network))
    north, south = organisation(tmp_path, "north"), organisation(tmp_path, "south")
    refused = north("upload", north.clients("x", "A,1"), "--owner", "north", *space)
    assert refused.code == 3
    assert "is the organisation admitted here?" in refused.err

    consortium.admit(north, "north")
    consortium.admit(south, "south")
    for bank, rows in ((north, ["A 1,1", "B,0"]), (south, ["a 1,0", "C,0"])):
        name = bank.folder.name
        ended = bank("upload", bank.clients("x", *rows), "--name", "clients", "--owner", name, *space)
        assert ended.code == 0, ended.err
    asked = north("match", "clients@north", "clients@south", *space, "--json")
    assert asked.code == 0, asked.err
    outcome = asked.json()
    assert outcome["recipients"]["north"]["matches"] == 1
    assert outcome["recipients"]["south"] == {"matches": None, "opened": False}
    assert column(north.folder / "matches" / "north.csv") == ["A 1"]
    assert not (north.folder / "matches" / "south.csv").exists()

    opened = south("result", outcome["session"], "clients@south", *space, "--json")
    assert opened.code == 0, opened.err
    assert opened.json()["matches"] == 1
    assert column(south.folder / "matches" / "south.csv") == ["a 1"]

    listed = south("tables", *space, "--json").json()["tables"]
    assert sorted(table["owner"] for table in listed) == ["north", "south"]
    stolen = south("tables", "rm", "clients@north", *space)
    assert stolen.code == 2 and "there is no key of 'north'" in stolen.err


def test_only_its_own_kind_of_space_is_found(consortium, tmp_path):
    user = organisation(tmp_path, "east")
    api = json.loads(consortium.network.read_text())["nodes"][1]["api"]
    unknown = user("tables", "--space", api)
    assert unknown.code == 2 and f"there is no space '{api}'" in unknown.err
    known = user.home / "spaces" / "bank-net"
    known.mkdir(parents=True)
    shutil.copy(consortium.network, known / "network.json")
    assert user("tables", "--space", api).code == 0
    assert user("tables", "--space", "bank-net").code == 0


def test_a_network_file_of_another_network_is_refused(consortium, tmp_path):
    """The same nodes under another matching key: another network, though every certificate is right."""
    user = organisation(tmp_path, "west")
    consortium.admit(user, "west")
    other = tmp_path / "other.json"
    cards = [folder / f"{folder.name}.node.json" for folder in consortium.nodes]
    assert user("network", "create", *cards, "--out", other).code == 0
    ended = user("upload", user.clients("x", "A,1"), "--owner", "west", "--space", other)
    assert ended.code == 3 and "not signed by a key that node" in ended.err


def test_a_changed_network_file_is_refused(consortium, tmp_path):
    user = organisation(tmp_path, "centre")
    changed = json.loads(consortium.network.read_text())
    changed["matching_key_hash"] = "00" * 32
    (tmp_path / "changed.json").write_text(json.dumps(changed))
    ended = user("tables", "--space", tmp_path / "changed.json")
    assert ended.code == 2 and "its id does not belong to its contents" in ended.err


def test_the_matching_key_is_for_organisations_and_bound_to_the_network(consortium, tmp_path):
    user = organisation(tmp_path, "nadir")
    consortium.admit(user, "nadir")
    own = tmp_path / "net.json"
    shutil.copy(consortium.network, own)
    upload = ("upload", user.clients("x", "A,1"), "--owner", "nadir", "--space", own)
    ended = user(*upload)
    assert ended.code == 2 and "put the file NAME.matching.json" in ended.err, "nodes' operators have no more than this"
    held = json.loads(consortium.network.with_suffix(".matching.json").read_text())
    (tmp_path / "net.matching.json").write_text(json.dumps({**held, "matching_key": "00" * 32}))
    ended = user(*upload)
    assert ended.code == 2 and "it is not that of network" in ended.err
    (tmp_path / "net.matching.json").write_text(json.dumps(held))
    assert user(*upload).code == 0
    assert user("tables", "rm", "x@nadir", "--space", own).code == 0


def test_swapped_nodes_are_noticed(consortium, tmp_path):
    """Node beta's address under alpha's role: its certificate is not alpha's."""
    user = organisation(tmp_path, "delta")
    cards = [json.loads((folder / f"{folder.name}.node.json").read_text()) for folder in consortium.nodes]
    cards[0]["api"], cards[1]["api"] = cards[1]["api"], cards[0]["api"]
    files = []
    for card in cards:
        files.append(tmp_path / f"{card['name']}.node.json")
        files[-1].write_text(json.dumps(card))
    assert user("network", "create", *files, "--out", tmp_path / "swapped.json").code == 0
    ended = user("tables", "--space", tmp_path / "swapped.json")
    assert ended.code == 3 and "shows another certificate than network.json has" in ended.err


def test_commands_side_by_side_make_an_organisations_key_once(tmp_path, monkeypatch):
    made = []

    def slowly(folder, name):
        made.append(name)
        time.sleep(0.2)  # others come meanwhile
        return key_new(folder, name)

    key_new = native.key_new
    monkeypatch.setattr(native, "key_new", slowly)
    monkeypatch.setattr(Space, "client", lambda space: SimpleNamespace(admit=lambda *card: None))
    space = Space(network=tmp_path / "network.json", keys=tmp_path, tables=tmp_path, node_folders=[tmp_path])
    with ThreadPoolExecutor(4) as commands:
        found = list(commands.map(lambda _: space.keys_of(["amstel"]), range(4)))
    assert made == ["amstel"]
    assert all(files["amstel"].exists() for files in found)
