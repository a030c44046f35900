"""Spaces: three nodes somewhere, or three processes on this machine."""

import contextlib
import json
import secrets
import shutil
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from polder import folders, home, native, processes
from polder.errors import BadInput, NotFound, PeerLost

NODE_NAMES = ("node0", "node1", "node2")
LOCAL = "local"
LOG = "polderd.log"  # in a node's folder: what it said
_READY_SECONDS = 20.0
_PORTS = range(20000, 32000)  # below those that the system gives to outgoing connections


@dataclass(frozen=True)
class Space:
    """A network and the keys that this user has for it."""

    network: Path  # network.json
    keys: Path  # folder of organisation keys
    tables: Path  # folder of identifiers of uploaded tables
    node_folders: list[Path] = field(default_factory=list)  # of an embedded space, by role
    temporary: bool = False  # gone after this run

    @property
    def embedded(self) -> bool:
        return bool(self.node_folders)

    def client(self) -> native.Client:
        return native.Client(self.network)

    def key(self, name: str) -> Path:
        """The key file of an organisation. In an embedded space every name gets one when first used."""
        found = self.keys_of([name])
        if name not in found:
            raise NotFound(
                f"there is no key of '{name}' in {self.keys}; make one with `polder key new {name}` and have the "
                "operator of each node admit it (polder node admit)"
            )
        return found[name]

    def keys_of(self, names: Sequence[str]) -> dict[str, Path]:
        """The key files of those organisations whose keys are here; in an embedded space, of all."""
        files = {name: self.keys / f"{name}.key" for name in names}
        if self.embedded:
            with folders.locked(self.keys):  # another command may make the same key
                for name, file in files.items():
                    if not file.exists():
                        native.key_new(self.keys, name)
            client = self.client()
            for role, folder in enumerate(self.node_folders):
                client.admit(role, folder, [self.keys / f"{name}.pub" for name in files])
        return {name: file for name, file in files.items() if file.exists()}


def find(name: str) -> Space:
    """A space by what --space says: 'local', a name, a network.json, or the address of one of its nodes."""
    if name == LOCAL:
        space = _local()
        if not space.network.exists():
            raise NotFound("no space runs on this machine; start it with `polder up`")
        return space
    given = Path(name)
    if given.is_file():
        return _distant(given)
    for folder in home.spaces():
        if folder.name == name or (name.startswith("https://") and _has_address(folder, name)):
            return _distant(folder / "network.json")
    raise NotFound(
        f"there is no space '{name}'; give the path of its network.json, or put that file at "
        f"{home.space('NAME')}/network.json and say NAME"
    )


def _has_address(folder: Path, address: str) -> bool:
    nodes = json.loads((folder / "network.json").read_text())["nodes"]
    return address.rstrip("/") in [node["api"] for node in nodes]


def _distant(network: Path) -> Space:
    return Space(network, home.keys(), home.tables())


def _embedded(folder: Path, tables: Path, *, temporary: bool = False) -> Space:
    nodes = [folder / name for name in NODE_NAMES]
    return Space(folder / "network.json", folder / "keys", tables, nodes, temporary)


def _local() -> Space:
    return _embedded(home.space(LOCAL), home.tables())


# Starting and stopping on this machine.


def up() -> Space:
    """Starts the embedded space, or those of its nodes that do not run."""
    space = _local()
    space.network.parent.mkdir(mode=0o700, exist_ok=True)
    with folders.locked(space.network.parent):
        if not space.network.exists():
            _create(space)
        _start(space, with_parent=False)
        wait_ready(space)
    return space


def down(*, delete: bool = False) -> int:
    """Stops the embedded space; `delete` also removes its tables and keys. Returns how many nodes ran."""
    space = _local()
    if not space.network.parent.exists():
        return 0
    with folders.locked(space.network.parent):
        stopped = processes.stop(space.node_folders)
        if delete:
            shutil.rmtree(space.network.parent)
    return stopped


def local_runs() -> bool:
    """Whether any node of the embedded space runs."""
    return any(processes.running(folder) for folder in _local().node_folders)


@contextlib.contextmanager
def for_one_run() -> Iterator[Space]:
    """An embedded space in a folder of its own that is gone afterwards, whatever happens.

    Its nodes are starting: `wait_ready` before using them. They die with this process even if it is killed.
    """
    with folders.for_one_run() as folder:
        space = _embedded(folder, folder / "tables", temporary=True)
        try:
            space.tables.mkdir()
            _create(space)
            _start(space, with_parent=True)
            yield space
        finally:
            processes.stop(space.node_folders)


@contextlib.contextmanager
def for_inputs(where: "str | Space", inputs: Sequence[str]) -> Iterator[Space]:
    """The space named; for files only and with nothing running here, one of its own for this run."""
    if isinstance(where, Space):
        yield where
    elif where != LOCAL or local_runs():
        yield find(where)
    else:
        tables = [given for given in inputs if "@" in given and not Path(given).exists()]
        if tables:
            raise NotFound(f"{tables[0]}: no space runs on this machine that could have it; start it with `polder up`")
        with for_one_run() as used:
            yield used


def _create(space: Space) -> None:
    """Three nodes made the same way as at three organisations; only that here one person does it."""
    space.keys.mkdir(mode=0o700, exist_ok=True)
    ports = iter(free_ports(2 * len(NODE_NAMES)))
    cards = []
    for folder in space.node_folders:
        shutil.rmtree(folder, ignore_errors=True)
        api, mesh = f"127.0.0.1:{next(ports)}", f"127.0.0.1:{next(ports)}"
        cards.append(native.node_init(folder, folder.name, api, mesh))
    space.network.with_suffix(".matching.json").unlink(missing_ok=True)  # of a start that was cut short
    native.network_create(cards, space.network)


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as held:
        ports: list[int] = []
        for port in secrets.SystemRandom().sample(_PORTS, len(_PORTS)):
            listener = held.enter_context(socket.socket())
            with contextlib.suppress(OSError):
                listener.bind(("127.0.0.1", port))
                ports.append(port)
            if len(ports) == count:
                return ports
    raise BadInput(f"fewer than {count} ports from {_PORTS.start} to {_PORTS.stop} are free on this machine")


def _start(space: Space, *, with_parent: bool) -> None:
    for folder in space.node_folders:
        if not processes.running(folder):
            command = [processes.find("polderd"), "--dir", str(folder), "--network", str(space.network)]
            processes.start(folder, command, LOG, with_parent=with_parent)


def wait_ready(space: Space) -> None:
    """Returns when all nodes of an embedded space take work."""
    late = time.monotonic() + _READY_SECONDS
    client = space.client()
    while True:
        waiting = [node for node in client.status() if node["state"] != "ready"]
        if not waiting:
            return
        dead = [folder for folder in space.node_folders if not processes.running(folder)]
        if dead or time.monotonic() > late:
            late_one = dead[0] if dead else space.node_folders[waiting[0]["role"]]
            what = "ended" if dead else f"was not ready in {_READY_SECONDS:.0f} s"
            words = processes.last_words(late_one, LOG)
            processes.stop(space.node_folders)
            raise PeerLost(f"{late_one.name} {what} while starting; {late_one}/{LOG} says: {words}")
        time.sleep(0.02)
