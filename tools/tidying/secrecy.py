"""What protects secrets: where randomness comes from, what is opened and why, what stays unsaid."""

import re
from collections.abc import Iterator

from .source import CODE, File, Problem, Tree

# Operators on shares: whatever has an `open` here opens shares.
ON_SHARES = {"ops", "table", "disclosure", "statistics", "match", "ml", "graph", "federated", "plan"}
# The environment may say where things are (a home folder); it never changes what is computed.
MAY_READ_ENVIRONMENT = {"client"}

_weak = re.compile(
    r"\bs?rand\s*\(|\bmt19937|\brandom_device\b|\bdefault_random_engine\b|\bminstd_rand"
)
_any_open = re.compile(r"(\.|->)open(_\w+)?\s*\(")
_share_open = re.compile(r"\b(mpc|protocol)_?(\.|->)open(_\w+)?\s*\(")
_says = re.compile(r"[Rr]eveal|[Oo]pens|\bNo rounds?\b|\bThe same\b|\bAs \w")
_unfinished = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
_machine_path = re.compile(r"(?<![\w.~/$}])/(root|work|home/\w+)/")
_operator = re.compile(r"^[\w:<>,&* ]+\b\w+\(Protocol& \w+")
# What names the forbidden words in order to forbid them.
EXEMPT = ("tools/tidying/", "tests/tidy_test.py")


def check(tree: Tree) -> Iterator[Problem]:
    for file in tree.files:
        exempt = str(file.path).startswith(EXEMPT)
        if not exempt and (file.path.suffix in CODE or file.path.name == "run"):
            yield from check_text(file)
        if file.is_cpp and file.top == "engine" and not file.is_test:
            yield from check_randomness(file)
            yield from check_openings(file)
        if file.path.suffix == ".h" and file.module in ON_SHARES:
            yield from check_reveals(file)
        if file.path.suffix == ".py" and file.path.parts[:2] == ("python", "polder"):
            yield from check_python_randomness(file)


def check_text(file: File) -> Iterator[Problem]:
    for number, line in enumerate(file.lines, 1):
        found = _unfinished.search(line)
        if found:
            yield file.problem(number, f"finish it or leave it out: {found.group()}")
        if _machine_path.search(line):
            yield file.problem(number, "no path of one machine in the project")


def check_randomness(file: File) -> Iterator[Problem]:
    for number, line in enumerate(file.code, 1):
        if _weak.search(line):
            yield file.problem(number, "draw randomness from crypto/stream.h")
        may_read = file.module in MAY_READ_ENVIRONMENT or file.path.stem.endswith("_main")
        if re.search(r"\bgetenv\b", line) and not may_read:
            yield file.problem(number, "take it as an option: only client/ and mains read this")


def check_python_randomness(file: File) -> Iterator[Problem]:
    for number, line in enumerate(file.lines, 1):
        if re.match(r"\s*(import random\b|from random import)", line):
            yield file.problem(number, "use `secrets`: `random` can be predicted")


def check_openings(file: File) -> Iterator[Problem]:
    """Grep for `open(` is the leakage review, so each one says why it may be opened."""
    if file.module == "protocol":
        return
    opening = _any_open if file.module in ON_SHARES else _share_open
    for number, line in enumerate(file.code, 1):
        if opening.search(line) and not has_reason(file, number):
            yield file.problem(number, "say, here or one line up, why this may be opened")


def has_reason(file: File, number: int) -> bool:
    here, above = file.lines[number - 1], file.lines[number - 2] if number > 1 else ""
    return "//" in here or above.lstrip().startswith("//")


def check_reveals(file: File) -> Iterator[Problem]:
    for number, line in enumerate(file.lines, 1):
        if not _operator.match(line):
            continue
        if not _says.search(above(file, number)):
            yield file.problem(number, "say in its docstring what it reveals, be it nothing")


def above(file: File, number: int) -> str:
    """Comments and declarations above a line, up to an empty one: overloads share one docstring."""
    start = number - 1
    while start > 0 and file.lines[start - 1].strip():
        start -= 1
    return "\n".join(file.lines[start : number - 1])
