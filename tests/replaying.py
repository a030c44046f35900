"""polder_replay (replay_main.cc): one node alone, with what it received among the three."""

import os
import shutil
import subprocess
from pathlib import Path

RELEASE = Path(__file__).parent.parent / "build" / "release" / "bin"


def replay(case: str, what: str, folder: Path, *valgrind: str) -> subprocess.CompletedProcess[str]:
    """`what`: record, which must come first, or the role to replay."""
    program = shutil.which("polder_replay", path=f"{os.environ['PATH']}:{RELEASE}")
    assert program, "./run build release makes it"
    environment = {**os.environ, "LD_BIND_NOW": "1"}  # symbols are not looked up while something is counted
    command = [*valgrind, program, case, what, str(folder)]
    ended = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert ended.returncode in (0, FOUND), ended.stderr
    return ended


FOUND = 9  # memcheck's exit code when it has found something
