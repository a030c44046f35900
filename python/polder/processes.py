"""Processes of nodes and banks on this machine: started, looked at and stopped without ever hitting a stranger."""

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


def find(program: str) -> str:
    """polderd (or what POLDER_POLDERD says) or polder-peer (POLDER_PEER), else as found on the path."""
    variable = {"polderd": "POLDER_POLDERD", "polder-peer": "POLDER_PEER"}[program]
    found = os.environ.get(variable) or shutil.which(program)
    if not found:
        raise NotFound(f"the program {program} is not on the path; install Polder or build it with ./run build release")
    return found


def start(folder: Path, command: list[str], log: str, *, with_parent: bool) -> subprocess.Popen[bytes]:
    """Starts the program of the node or bank in `folder`; its words go to the file `log` there.

    with_parent: the kernel kills it when this process is gone, whatever ended it.
    """
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def before_program() -> None:
        if with_parent:
            libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:  # it died before the line above
                os._exit(1)

    with (folder / log).open("ab") as words:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
            start_new_session=True,  # Ctrl-C is for the command, which stops its nodes in order
            preexec_fn=before_program,
        )
    (folder / "process").write_text(f"{process.pid} {_born(process.pid)}\n")
    return process


def running(folder: Path) -> int | None:
    """The process id of what was started in `folder`, if it runs."""
    try:
        pid, born = (folder / "process").read_text().split()
    except (OSError, ValueError):
        return None
    return int(pid) if born != "0" and _born(int(pid)) == born else None


def stop(folders: list[Path]) -> int:
    """Asks the processes to end, then makes them; returns how many ran."""
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


def last_words(folder: Path, log: str, lines: int = 3) -> str:
    """The end of a log, for messages."""
    try:
        return " | ".join((folder / log).read_text(errors="replace").splitlines()[-lines:])
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
