"""Folders that one command uses at a time, and those that last for one command."""

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_NEW_SECONDS = 60.0
_MEMORY = "/dev/shm"


def made(folder: Path) -> Path:
    """The folder, closed to others; made if it is not there."""
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


@contextlib.contextmanager
def locked(folder: Path, *, wait: bool = True) -> Iterator[None]:
    """One command at a time in a folder. Throws BlockingIOError if not waiting and another has it."""
    with (folder / "lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


@contextlib.contextmanager
def for_one_run(*, small: bool = False) -> Iterator[Path]:
    """A folder that is gone afterwards, whatever happens; one that was left by a kill is removed by the next run.

    small: it may lie in memory, unless TMPDIR says where.
    """
    _remove_abandoned()
    folder = Path(tempfile.mkdtemp(prefix=_prefix(), dir=_MEMORY if small and _memory_is_usable() else None))
    try:
        with locked(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prefix() -> str:
    return f"polder-{os.getuid()}-"


def _memory_is_usable() -> bool:
    return "TMPDIR" not in os.environ and os.access(_MEMORY, os.W_OK | os.X_OK)


def _remove_abandoned() -> None:
    places = {tempfile.gettempdir(), *([_MEMORY] if _memory_is_usable() else [])}
    for folder in (folder for place in places for folder in Path(place).glob(_prefix() + "*")):
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime < _NEW_SECONDS:
                continue  # its owner may not have come to lock it
            with locked(folder, wait=False):
                shutil.rmtree(folder, ignore_errors=True)
