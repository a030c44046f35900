"""polder_replay (replay_main.cc): one node alone, with what it received among the three."""

import os
import shutil
import subprocess
from pathlib import Path

RELEASE = Path(__file__).parent.parent / "build" / "release" / "bin"

PLAIN = {
    "LD_BIND_NOW": "1",  # symbols are not looked up while something is counted
    # Blocks are set and copied by stores: valgrind counts an instruction that repeats itself once a byte.
    "GLIBC_TUNABLES": "glibc.cpu.x86_rep_stosb_threshold=1000000000:glibc.cpu.x86_rep_movsb_threshold=1000000000",
}


def replay(case: str, what: str, folder: Path, *valgrind: str) -> subprocess.CompletedProcess[str]:
    """`what`: record, which must come first, or the role to replay."""
    program = shutil.which("polder_replay", path=f"{os.environ['PATH']}:{RELEASE}")
    assert program, "./run build release makes it"
    environment = {**os.environ, **PLAIN}
    command = [*valgrind, program, case, what, str(folder)]
    ended = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert ended.returncode in (0, FOUND), ended.stderr
    return ended


FOUND = 9  # memcheck's exit code when it has found something
