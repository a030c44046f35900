"""Nodes in trouble, as the command shows it: down, out of disk, expired, lied to. One clear line, nothing half done."""

import json
import os
import signal
import socket
import ssl
import struct
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import Command, column, wait_until, within
from kills_test import process_of

MEGABYTE = 1 << 20


@pytest.fixture
def space(polder: Command) -> Iterator[Command]:
    """A space of its own, running."""
    assert polder("up").code == 0
    yield polder
    assert polder("down", "--delete").code == 0


def files(command: Command) -> list[Path]:
    return [command.clients("a", "X,1", "Y,0"), command.clients("b", "x,0")]


def node_folder(command: Command, role: int) -> Path:
    return command.home / f"spaces/local/node{role}"


def assert_right(command: Command) -> None:
    ended = command("match", *files(command), "--out", "right", "--force")
    assert ended.code == 0, ended.err
    assert column(command.folder / "right" / "a.csv") == ["X"]


@pytest.mark.parametrize("role", range(3))
def test_a_node_that_is_down_is_named(space, role):
    os.kill(process_of(node_folder(space, role)), signal.SIGKILL)
    start = time.monotonic()
    ended = space("match", *files(space))
    assert time.monotonic() - start < within(10)
    assert ended.code == 1 and ended.out == ""
    assert f"node {role}" in ended.err or f"node{role}" in ended.err
    assert ended.err.count("\n") == 1
    assert not (space.folder / "matches").exists()
    assert space("up").code == 0
    assert_right(space)


# ---- disk full: a file system of a few megabytes under one node


def fill_up(folder: Path) -> Path:
    """A file that takes all that is free."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(MEGABYTE // 16))
        except OSError:
            return filler


@pytest.fixture
def small_disk(polder: Command) -> Iterator[Path]:
    """Node 1's folder, on a disk of 160 MB."""
    assert polder("up").code == 0
    assert polder("down").code == 0
    folder = node_folder(polder, 1)
    saved = folder.rename(folder.with_name("saved"))
    folder.mkdir(mode=0o700)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=160m,mode=700", "tmpfs", folder], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("no right to mount a small disk here; table_store_test.cc fails each write in turn")
    try:
        subprocess.run(["cp", "-a", f"{saved}/.", folder], check=True)
        assert polder("up").code == 0
        yield folder
    finally:
        polder("down")
        subprocess.run(["umount", folder], check=True)
        polder("down", "--delete")


def test_a_full_disk_is_named_and_service_goes_on_once_there_is_room(polder, small_disk):
    assert polder("upload", polder.clients("kept", "X,0"), "--owner", "K").code == 0
    filler = fill_up(small_disk)
    ended = polder("upload", polder.clients("late", "X,1"), "--owner", "L")
    assert ended.code == 1 and ended.out == ""
    assert "node1" in ended.err and "free" in ended.err, ended.err
    assert ended.err.count("\n") == 1
    assert [table["name"] for table in polder("tables", "--json").json()["tables"]] == ["kept"]
    refused = polder("match", *files(polder))
    assert refused.code == 1 and "node1" in refused.err, refused.err
    assert not (polder.folder / "matches").exists()

    filler.unlink()
    assert wait_until(lambda: polder("status").code == 0)
    assert polder("upload", polder.clients("late", "X,1"), "--owner", "L").code == 0
    ended = polder("match", "kept@K", "late@L", "--json")
    assert [each["matches"] for each in ended.json()["recipients"].values()] == [1, 1]


def test_a_disk_that_fills_up_in_the_middle_leaves_nothing_half_done(polder, small_disk):
    clients = polder.clients("large", *(f"client {i},0" for i in range(1_200_000)))  # 20 MB of shares: five chunks
    process = polder.start("upload", clients, "--owner", "A")
    columns = small_disk / "columns"
    assert wait_until(lambda: len(list(columns.glob("*"))) >= 2, 60)
    filler = fill_up(small_disk)
    _, err = process.communicate(timeout=within(60))
    assert process.returncode == 1 and "node1" in err and err.count("\n") == 1, err
    assert polder("tables", "--json").json()["tables"] == []

    filler.unlink()
    assert wait_until(lambda: polder("status").code == 0)
    ended = polder("upload", clients, "--owner", "A")
    assert ended.code == 0, ended.err
    assert [table["rows"] for table in polder("tables", "--json").json()["tables"]] == [1_200_000]


# ---- certificates


def expired_certificate(folder: Path) -> str:
    """The node's own key in a certificate whose last day is long past."""
    request, made = folder / "request.pem", folder / "expired.pem"
    (folder / "index").write_text("")
    (folder / "serial").write_text("01\n")
    (folder / "ca.conf").write_text(
        f"[ca]\ndefault_ca=own\n[own]\ndatabase={folder}/index\nserial={folder}/serial\nnew_certs_dir={folder}\n"
        "default_md=default\npolicy=any\nunique_subject=no\n[any]\ncommonName=supplied\n"
    )
    key = ["-key", folder / "node.key", "-subj", f"/CN={folder.name}"]
    subprocess.run(["openssl", "req", "-new", *key, "-out", request], check=True, capture_output=True)
    dates = ["-startdate", "20200101000000Z", "-enddate", "20200102000000Z"]
    command = ["openssl", "ca", "-batch", "-selfsign", "-config", folder / "ca.conf", "-keyfile", folder / "node.key"]
    subprocess.run([*command, *dates, "-notext", "-in", request, "-out", made], check=True, capture_output=True)
    return made.read_text()


def test_an_expired_certificate_is_named_with_its_date(polder):
    root = polder.folder
    cards = []
    for role, name in enumerate(("alpha", "beta", "gamma")):
        ended = polder("node", "init", root / name, "--name", name, "--api", f"127.0.0.1:{19000 + role}", "--mesh",
                       f"127.0.0.1:{19010 + role}", "--json")  # fmt: skip
        assert ended.code == 0, ended.err
        cards.append(Path(ended.json()["public"]))
    old = expired_certificate(root / "alpha")
    (root / "alpha" / "node.crt").write_text(old)
    card = json.loads(cards[0].read_text())
    cards[0].write_text(json.dumps({**card, "certificate": old}))
    network = root / "network.json"
    made = polder("network", "create", *cards, "--out", network)
    if made.code == 0:
        made = polder("node", "start", root / "alpha", "--network", network)
    assert made.code != 0
    assert "2020-01-02" in made.err and "certificate" in made.err, made.err


# ---- frames that lie, from somebody who has a node's key


def frames_that_lie() -> Iterator[bytes]:
    """Headers as in engine/net/frame.h: length, kind, sender, receiver, version, session, step."""
    for length in (0, 1, 31, 33, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF):
        for kind in (0, 1, 2, 255):
            yield struct.pack("<IBBBBQQ", length, kind, 0, 1, 1, 0, 0) + b"\1" + bytes(40)
    for sender, receiver, version, session, step in ((2, 1, 1, 0, 0), (0, 2, 1, 0, 0), (0, 1, 2, 0, 0),
                                                     (0, 1, 1, 7, 0), (0, 1, 1, 0, 2**64 - 1)):  # fmt: skip
        yield struct.pack("<IBBBBQQ", 32, 1, sender, receiver, version, session, step) + b"\1" + bytes(40)


def test_frames_that_lie_take_no_memory_and_disturb_nobody(space):
    nodes = json.loads((space.home / "spaces/local/network.json").read_text())["nodes"]
    host, port = nodes[1]["mesh"].split(":")
    node0 = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    node0.check_hostname, node0.verify_mode = False, ssl.CERT_NONE
    node0.load_cert_chain(node_folder(space, 0) / "node.crt", node_folder(space, 0) / "node.key")
    process = process_of(node_folder(space, 1))
    before = resident_bytes(process)
    for frame in frames_that_lie():
        with node0.wrap_socket(socket.create_connection((host, int(port)))) as line:
            line.settimeout(15)
            line.sendall(frame)
            answer = line.recv(1000)
            while more := line.recv(1000):  # until the node hangs up
                answer += more
            assert len(answer) < 1000
    assert resident_bytes(process) < before + 16 * MEGABYTE
    assert_right(space)


def resident_bytes(process: int) -> int:
    [line] = [line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) * 1024
