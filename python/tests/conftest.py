"""The command as a user runs it, in a home of its own; one embedded space for all tests that need one running."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "flagged-clients"
sys.path.insert(0, str(EXAMPLE))

AMPLE = 120  # seconds: a limit that no test reaches, whatever else the machine does


@dataclass
class Ended:
    code: int
    out: str
    err: str

    def json(self) -> dict:
        return json.loads(self.out)


@dataclass
class Command:
    """`polder` with a home of its own and a folder to work in."""

    home: Path
    folder: Path

    def __call__(self, *arguments: str | Path, timeout: float = 120) -> Ended:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=timeout)
        return Ended(process.returncode, out, err)

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Runs on; its pipes are to be read."""
        return subprocess.Popen(
            [sys.executable, "-m", "polder", *map(str, arguments)],
            cwd=self.folder,
            env={**os.environ, "POLDER_HOME": str(self.home), "TMPDIR": str(self.folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def write(self, name: str, content: str | bytes) -> Path:
        file = self.folder / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def clients(self, name: str, *rows: str, header: str = "client_id,flagged") -> Path:
        return self.write(f"{name}.csv", "\n".join([header, *rows]) + "\n")


@pytest.fixture
def polder(tmp_path: Path) -> Command:
    """A home in which nothing runs."""
    (tmp_path / "work").mkdir()
    return Command(tmp_path / "home", tmp_path / "work")


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    """The embedded space, running."""
    command = Command(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("work"))
    started = command("up")
    assert started.code == 0, started.err
    yield command
    assert command("down", "--delete").code == 0


@pytest.fixture
def local(running: Command, tmp_path: Path) -> Command:
    """The running space, and an empty folder to work in."""
    return Command(running.home, tmp_path)


def node_processes(below: Path) -> list[int]:
    """Nodes that run from a folder below this one."""
    return processes("polderd", below)  # or a program that a test made of it


def processes(program: str, below: Path) -> list[int]:
    """Those of a program, or one whose name begins so, that was told of a path below this one."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            name = Path(os.fsdecode(words[0])).name
            if name.startswith(program) and any(word.startswith(bytes(below)) for word in words):
                found.append(int(entry.name))
    return found


def within(seconds: float) -> float:
    """A promised limit of time; where processes wait for processors, as much longer as they do."""
    return seconds * max(1, os.getloadavg()[0] / len(os.sched_getaffinity(0)))


def wait_until(holds: Callable[[], object], seconds: float = 10) -> bool:
    late = time.monotonic() + within(seconds)
    while time.monotonic() < late:
        if holds():
            return True
        time.sleep(0.02)
    return False


def column(file: Path) -> Sequence[str]:
    """The lines below the header."""
    return file.read_text(encoding="utf-8").splitlines()[1:]
