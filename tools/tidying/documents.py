"""What documents point at is there: links, paths of the tree, the file that a README says to read first."""

import re
from collections.abc import Iterator

from .source import File, Problem, Tree

_link = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")
_path = re.compile(r"`((?:engine|docs|tools|examples|python|tests|bench)/[\w./-]+)`")


def check(tree: Tree) -> Iterator[Problem]:
    for file in tree.files:
        if file.path.suffix == ".md":
            yield from check_paths(tree, file)
        if file.module and file.path.name == "README.md" and len(file.lines) == 3:
            yield from check_read_first(tree, file)


def check_paths(tree: Tree, file: File) -> Iterator[Problem]:
    for number, line in enumerate(file.lines, 1):
        for target in _link.findall(line):
            if ":" not in target and not (tree.root / file.path.parent / target).exists():
                yield file.problem(number, f"the link leads nowhere: {target}")
        for target in _path.findall(line):
            if not (tree.root / target).exists():
                yield file.problem(number, f"there is no {target}")


def check_read_first(tree: Tree, file: File) -> Iterator[Problem]:
    """Line 3 names a file of the folder."""
    named = re.findall(r"[\w/]+\.(?:h|cc)\b", file.lines[2])
    if not any((tree.root / file.path.parent / name).is_file() for name in named):
        yield file.problem(3, "name the file of this folder that is read first")
