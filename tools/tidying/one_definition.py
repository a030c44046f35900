"""No two types of one name in one namespace: a linker keeps one of their functions for both, and says nothing."""

import re
from collections.abc import Iterator

from .source import File, Problem, Tree

_namespace = re.compile(r"^namespace ([\w:]+) \{")
_type = re.compile(r"^(?:class|struct|enum class) (?:\[\[\w+\]\] )?(\w+)(?: final)?\s*(?:[:{]|$)")


def check(tree: Tree) -> Iterator[Problem]:
    known: dict[tuple[str, str], File] = {}
    for file in tree.files:
        if file.module and file.path.suffix == ".h" and not file.is_test:
            for number, space, name in types_of(file):
                first = known.setdefault((space, name), file)
                if first is not file:
                    yield file.problem(number, f"{first.path} has a type {name}, too: give one another name")


def types_of(file: File) -> Iterator[tuple[int, str, str]]:
    """Line, namespace and name of every type that the header defines at the outside."""
    space = ""
    for number, line in enumerate(file.code, 1):
        if found := _namespace.match(line):
            space = found.group(1)
        elif (found := _type.match(line)) and not line.rstrip().endswith(";"):
            yield number, space, found.group(1)
