"""The tool formats, nobody argues: every C++ file is as clang-format leaves it."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .source import Problem, Tree

FORMATTER = "clang-format-14"

_complaint = re.compile(r"([^:\n]+):(\d+):\d+: error: code should be clang-formatted")


def check(tree: Tree) -> Iterator[Problem]:
    paths = [str(file.path) for file in tree.files if file.is_cpp]
    if not paths or not (tree.root / ".clang-format").is_file():
        return
    if not shutil.which(FORMATTER):
        yield Problem(Path(".clang-format"), 1, f"install {FORMATTER}: ./run setup")
        return
    run = subprocess.run(
        [FORMATTER, "--dry-run", "-Werror", *paths], cwd=tree.root, capture_output=True, text=True
    )
    seen = set()
    for path, line in _complaint.findall(run.stderr):
        if path not in seen:
            seen.add(path)
            yield Problem(Path(path), int(line), "run ./run format")
