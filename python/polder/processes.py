"""Node processes of an embedded space: started, looked at and stopped without ever hitting a stranger."""

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from polder.errors import NotFound

_PR_SET_PDEATHSIG = 1
_STOP_SECONDS = 5.0


def find_polderd() -> str:
    """The node program: POLDER_POLDERD, or the one on the path."""
    found = os.environ.get("POLDER_POLDERD") or shutil.which("polderd")
    if not found:
        raise NotFound("the program polderd is not on the path; install Polder or build it with ./run build release")
    return found


def start(folder: Path, network: Path, *, with_parent: bool) -> subprocess.Popen[bytes]:
    """Starts the node in `folder`; its words go to polderd.log there.

    with_parent: the kernel kills it when this process is gone, whatever ended it.
    """
    command = [find_polderd(), "--dir", str(folder), "--network", str(network)]
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def before_program() -> None:
        if with_parent:
            libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:  # it died before the line above
                os._exit(1)

    with (folder / "polderd.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the command, which stops its nodes in order
            preexec_fn=before_program,
        )
    (folder / "process").write_text(f"{process.pid} {_born(process.pid)}\n")
    return process


def running(folder: Path) -> int | None:
    """The process id of the node in `folder`, if it runs."""
    try:
        pid, born = (folder / "process").read_text().split()
    except (OSError, ValueError):
        return None
    return int(pid) if born != "0" and _born(int(pid)) == born else None


def stop(folders: list[Path]) -> int:
    """Asks the nodes to end, then makes them; returns how many ran."""
    pids = [pid for pid in map(running, folders) if pid]
    for pid in pids:
        _signal(pid, signal.SIGTERM)
    late = time.monotonic() + _STOP_SECONDS
    while any(_alive(pid) for pid in pids) and time.monotonic() < late:
        time.sleep(0.02)
    for pid in pids:
        if _alive(pid):
            _signal(pid, signal.SIGKILL)
    for folder in folders:
        (folder / "process").unlink(missing_ok=True)
    return len(pids)


def last_words(folder: Path, lines: int = 3) -> str:
    """The end of a node's log, for messages."""
    try:
        return " | ".join((folder / "polderd.log").read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _alive(pid: int) -> bool:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)  # if it is our own child, so that it does not stay as a zombie
    return _born(pid) != "0"


def _born(pid: int) -> str:
    """When a process was started, in clock ticks since boot; "0" if there is none. With the process
    id it names one process for good: the number alone may be given to another."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return "0"
    fields = stat[stat.rindex(")") + 2 :].split()
    return "0" if fields[0] == "Z" else fields[19]


if sys.platform != "linux":
    raise ImportError("the embedded space needs Linux; on other systems run it in a container")
