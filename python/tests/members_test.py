"""Members come and go, keys are lost, nodes are away. The letters are those of docs/testing.md."""

import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import Command, wait_until, within
from organisations_test import Consortium, organisation
from polder import processes

FINGERPRINT = re.compile(r"(?:[0-9a-f]{4} ){7}[0-9a-f]{4}")


@pytest.fixture
def consortium(tmp_path: Path) -> Iterator[Consortium]:
    (tmp_path / "nodes").mkdir()
    made = Consortium(tmp_path / "nodes")
    yield made
    made.stop()


class Operators:
    """The node commands, at one of the nodes."""

    def __init__(self, consortium: Consortium) -> None:
        self.consortium = consortium

    def __call__(self, command: str, *arguments: object, role: int = 0, code: int = 0) -> str:
        made = self.consortium
        ended = made.operator("node", command, made.nodes[role], *map(str, arguments), "--network", made.network)
        assert ended.code == code, ended.err + ended.out
        return ended.out + ended.err

    def states(self, name: str) -> list[str]:
        made = self.consortium
        listed = made.operator("node", "members", made.nodes[0], "--network", made.network, "--json").json()["members"]
        return next((member["states"] for member in listed if member["name"] == name), ["", "", ""])

    def stop(self, role: int) -> None:
        process = self.consortium.processes[role]
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=within(10))

    def start(self, role: int) -> None:
        made = self.consortium
        made.processes[role] = made.operator.start("node", "start", made.nodes[role], "--network", made.network)
        assert wait_until(lambda: made.operator("node", "status", "--network", made.network).code == 0, 20)


def test_h3_an_expelled_member_is_refused_at_every_node_over_restarts(consortium, tmp_path):
    space = ("--space", str(consortium.network))
    operators = Operators(consortium)
    north, south = organisation(tmp_path, "north"), organisation(tmp_path, "south")
    consortium.admit(north, "north")
    consortium.admit(south, "south")
    assert north("upload", north.clients("x", "A,1"), "--owner", "north", *space).code == 0
    operators.stop(2)
    said = operators("expel", "north", role=1)
    assert "is expelled" in said and "Not yet there: node 2" in said
    operators.start(2)
    assert wait_until(lambda: operators.states("north") == ["expelled"] * 3, 60)
    for _ in range(2):
        refused = north("tables", *space)
        assert refused.code == 3, refused.out + refused.err
        assert north("upload", north.clients("y", "A,1"), "--owner", "north", *space).code == 3
        assert south("tables", *space, "--json").json()["tables"] == []
        for role in range(3):
            operators.stop(role)
        consortium.processes = [
            consortium.operator.start("node", "start", folder, "--network", consortium.network)
            for folder in consortium.nodes
        ]
        assert wait_until(lambda: consortium.operator("node", "status", "--network", consortium.network).code == 0, 20)
    operators("admit", north.home / "keys" / "north.pub")
    assert north("tables", *space, "--json").json()["tables"][0]["owner"] == "north"


def test_h3_keys_are_renewed_by_the_member_or_replaced_by_an_operator(consortium, tmp_path):
    space = ("--space", str(consortium.network))
    operators = Operators(consortium)
    north = organisation(tmp_path, "north")
    consortium.admit(north, "north")
    assert north("upload", north.clients("x", "A,1"), "--owner", "north", *space).code == 0
    shutil.copytree(north.home, tmp_path / "stolen")
    thief = Command(tmp_path / "stolen", tmp_path)
    assert thief("tables", *space).code == 0
    renewed = north("key", "renew", "north", *space)
    assert renewed.code == 0, renewed.err
    assert thief("tables", *space).code == 3
    assert north("tables", *space, "--json").json()["tables"][0]["name"] == "x"
    shutil.rmtree(north.home / "keys")
    assert north("key", "new", "north").code == 0
    assert north("tables", *space).code == 3, "the key is lost"
    said = operators("replace", north.home / "keys" / "north.pub")
    shown = FINGERPRINT.search(north("key", "show", "north").out)
    assert shown and shown.group() in said
    assert north("tables", *space).code == 0


def test_h2_a_secret_key_is_never_admitted(consortium, tmp_path):
    north = organisation(tmp_path, "north")
    said = Operators(consortium)("admit", north.home / "keys" / "north.key", code=2)
    assert "SECRET" in said
    assert Operators(consortium).states("north") == ["", "", ""]


def test_h2_both_sides_see_one_fingerprint(consortium, tmp_path):
    north = organisation(tmp_path, "north")
    shown = FINGERPRINT.search(north("key", "show", "north").out)
    assert shown
    assert shown.group() in Operators(consortium)("admit", north.home / "keys" / "north.pub")
    assert shown.group() in Operators(consortium)("members")


def test_w17_names_that_look_alike_are_said(consortium, tmp_path):
    for name in ("amstel", "AMSTEL", "\u0430mstel"):
        consortium_member = organisation(tmp_path, name)
        said = Operators(consortium)("admit", consortium_member.home / "keys" / f"{name}.pub")
        assert ("looks like" in said) == (name != "amstel"), said
    for name in ("amstel ", "am\u200bstel", "\u202eamstel", "e\u0301"):
        (tmp_path / "odd").mkdir(exist_ok=True)
        refused = Command(tmp_path / "odd" / "home", tmp_path / "odd")("key", "new", name)
        assert refused.code == 2, name


def test_h5_a_deletion_is_finished_at_a_node_that_was_away(consortium, tmp_path):
    space = ("--space", str(consortium.network))
    operators = Operators(consortium)
    north = organisation(tmp_path, "north")
    consortium.admit(north, "north")
    assert north("upload", north.clients("x", "A,1"), "--owner", "north", *space).code == 0
    operators.stop(2)
    listed = north("tables", *space)
    assert listed.code == 0 and "Node 2 could not be asked" in listed.out
    removed = north("tables", "rm", "x@north", *space)
    assert removed.code == 0 and "Not yet there: node 2" in removed.out, removed.err
    operators.start(2)
    assert wait_until(lambda: north("tables", *space, "--json").json()["tables"] == [], 60)


def test_h5_tables_that_not_all_nodes_have_are_shown(consortium, tmp_path):
    space = ("--space", str(consortium.network))
    operators = Operators(consortium)
    north = organisation(tmp_path, "north")
    consortium.admit(north, "north")
    operators.stop(1)
    shutil.copytree(consortium.nodes[1], tmp_path / "backup")
    operators.start(1)
    assert north("upload", north.clients("x", "A,1"), "--owner", "north", *space).code == 0
    operators.stop(1)
    shutil.rmtree(consortium.nodes[1])
    shutil.move(tmp_path / "backup", consortium.nodes[1])
    operators.start(1)
    listed = north("tables", *space)
    assert "is not at node 1" in listed.out, listed.out
    assert north("tables", "rm", "x@north", *space).code == 0
    assert north("tables", *space, "--json").json()["tables"] == []


def test_h3_an_operator_removes_a_table(consortium, tmp_path):
    space = ("--space", str(consortium.network))
    north = organisation(tmp_path, "north")
    consortium.admit(north, "north")
    assert north("upload", north.clients("x", "A,1"), "--owner", "north", *space).code == 0
    removed = consortium.operator("tables", "rm", "x@north", "--as-operator", consortium.nodes[1], *space)
    assert removed.code == 0, removed.err
    assert north("tables", *space, "--json").json()["tables"] == []


ADDRESSES = ["h:99999", "h:0", "https://h:1", "h h:1", "h\n:1", "h", ":1", "[1::x]:1", "h:-1", "h:1x"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses_are_checked_when_typed(polder, address):
    for api, mesh in ((address, "h:1"), ("h:1", address)):
        ended = polder("node", "init", "n", "--name", "n", "--api", api, "--mesh", mesh)
        assert ended.code == 2 and "is not an address" in ended.err, ended.err
    assert not (polder.folder / "n" / "node.key").exists()


def test_a_folder_that_is_no_nodes_says_which_is(polder):
    ended = polder("node", "init", "n0/node", "--name", "n", "--api", "h:1", "--mesh", "h:2")
    assert ended.code == 0, ended.err
    cards = []
    for name in ("a", "b"):
        assert polder("node", "init", name, "--name", name, "--api", f"{name}:1", "--mesh", f"{name}:2").code == 0
        cards.append(f"{name}/{name}.node.json")
    assert polder("network", "create", "n0/node/n.node.json", *cards).code == 0
    ended = polder("node", "start", "n0", "--network", "network.json")
    assert ended.code == 1 and "n0: is no node's folder; n0/node is one" in ended.err, ended.err


def test_polderd_tells_its_usage(polder):
    ended = subprocess.run([processes.find("polderd"), "--help"], capture_output=True, text=True, check=False)
    assert ended.returncode == 0 and "usage: polderd" in ended.stdout


def test_the_second_command_of_the_banks_page_is_right(polder):
    """A2: its card lies in bank/."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "banks.md").read_text()
    init = re.search(r"^amstel\$ polder (peer init .*)$", page, re.MULTILINE)
    network = re.search(r"^amstel\$ polder (peer network .*)$", page, re.MULTILINE)
    assert init and network
    assert polder(*init.group(1).split()).code == 0
    assert polder("peer", "init", "other", "--name", "dommel", "--address", "dommel.example:7400").code == 0
    shutil.copy(polder.folder / "other" / "dommel.peer.toml", polder.folder)
    ended = polder(*network.group(1).split())
    assert ended.code == 0, ended.err
