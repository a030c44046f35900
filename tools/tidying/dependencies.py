"""Whatever the project stands on is named in docs/dependencies.md, in backticks, and why."""

import re
from collections.abc import Iterator
from pathlib import Path

from .source import File, Problem, Tree

DOCUMENT = "docs/dependencies.md"
PACKAGES = "tools/packages.txt"
REQUIREMENTS = "python/requirements.txt"

# Headers of the C library, Linux and the compiler.
SYSTEM_FOLDERS = {"arpa", "linux", "net", "netinet", "sys"}
SYSTEM = set(
    "cpuid.h dirent.h dlfcn.h errno.h fcntl.h immintrin.h malloc.h netdb.h poll.h pthread.h pwd.h sched.h "
    "signal.h stdint.h stdlib.h string.h termios.h time.h unistd.h x86intrin.h".split()
)

_include = re.compile(r"\s*#\s*include\s*<([^>]+)>")


def check(tree: Tree) -> Iterator[Problem]:
    document = tree.find(DOCUMENT)
    named = set(re.findall(r"`([^`\n]+)`", document.text)) if document else set()
    yield from check_packages(tree, named)
    yield from check_requirements(tree, named)
    for file in tree.files:
        if file.is_cpp:
            yield from check_headers(file, named)  # adds to `named`: each name is asked for once


def missing(file: File, line: int, name: str, named: set[str]) -> Iterator[Problem]:
    if name not in named:
        yield file.problem(line, f"write a paragraph that names `{name}` in {DOCUMENT}")
        named.add(name)


def check_order(file: File) -> Iterator[Problem]:
    lines = file.lines
    for number in range(1, len(lines)):
        if lines[number] <= lines[number - 1]:
            yield file.problem(number + 1, "keep the list sorted, each name once")


def check_packages(tree: Tree, named: set[str]) -> Iterator[Problem]:
    file = tree.find(PACKAGES)
    if not file:
        return
    yield from check_order(file)
    for number, line in enumerate(file.lines, 1):
        if not re.fullmatch(r"[a-z0-9][a-z0-9+.-]+", line):
            yield file.problem(number, "one Debian package name a line, nothing else")
        else:
            yield from missing(file, number, line, named)


def check_requirements(tree: Tree, named: set[str]) -> Iterator[Problem]:
    file = tree.find(REQUIREMENTS)
    if not file:
        return
    yield from check_order(file)
    for number, line in enumerate(file.lines, 1):
        found = re.fullmatch(r"([A-Za-z0-9_.-]+)==[0-9][\w.+!-]*", line)
        if not found:
            yield file.problem(number, "pin it: name==version")
        else:
            yield from missing(file, number, found.group(1), named)


def check_headers(file: File, named: set[str]) -> Iterator[Problem]:
    for number, line in enumerate(file.lines, 1):
        found = _include.match(line)
        if found and is_third_party(found.group(1)):
            parts = Path(found.group(1)).parts
            yield from missing(file, number, parts[0] + ("/" if len(parts) > 1 else ""), named)


def is_third_party(header: str) -> bool:
    if "/" in header:
        return header.split("/")[0] not in SYSTEM_FOLDERS
    return header.endswith(".h") and header not in SYSTEM
