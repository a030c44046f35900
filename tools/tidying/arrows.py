"""Who may include whom (docs/architecture.md): every arrow points to a lower layer."""

import re
from collections.abc import Iterator

from .source import File, Problem, Tree

LAYERS = [
    ["base"],
    ["crypto"],
    ["net"],
    ["protocol"],
    ["ops"],
    ["plan"],
    ["table"],
    ["disclosure"],
    ["statistics", "match", "ml", "graph", "federated"],
    ["operators"],
    ["wire"],
    ["audit"],
    ["governance"],
    ["store"],
    ["simulation"],
    ["peer"],
    ["node", "client"],
    ["peer_program"],
]
LEVEL = {module: level for level, layer in enumerate(LAYERS) for module in layer}

# These compute on any protocol and see of it only its two general headers.
GENERAL = {"ops", "table", "disclosure", "statistics", "match", "ml", "graph", "federated"}
GENERAL_HEADERS = {"protocol/share.h", "protocol/protocol.h"}
# Tests of the first may include the second: a client is tested against the server of a node.
TESTED_AGAINST = {("client", "node")}

# Runs plans in one process, over plain values too; beside node/, so that no node can use it.
SIMULATION = "simulation"

_include = re.compile(r'\s*#\s*include\s*"([^"]+)"')
_module = re.compile(r"polder_module\(\s*(\w+)([^)]*)\)")


def check(tree: Tree) -> Iterator[Problem]:
    owner = targets(tree)
    for file in tree.files:
        if file.is_cpp and file.top in ("engine", "tests", "bench", "python", "examples"):
            yield from check_includes(tree, file)
        if file.module and file.path.name == "CMakeLists.txt":
            yield from check_uses(file, owner)


def check_includes(tree: Tree, file: File) -> Iterator[Problem]:
    for number, line in enumerate(file.lines, 1):
        found = _include.match(line)
        if found and not file.excused(number):
            advice = objection(tree, file, found.group(1))
            if advice:
                yield file.problem(number, advice)


def objection(tree: Tree, file: File, target: str) -> str | None:
    module = target.split("/")[0]
    if module not in LEVEL:
        beside = not file.module and tree.find(str(file.path.parent / target))
        known = beside or tree.find(target)
        return None if known else f'write the path of "{target}" from engine/'
    if not tree.find(f"engine/{target}"):
        return f"there is no engine/{target}"

    if file.module and file.module not in LEVEL:
        return f"give {file.module}/ a layer in tools/tidying/arrows.py"
    against = file.is_test and (file.module, module) in TESTED_AGAINST
    if file.module and not against and module != file.module and LEVEL[module] >= LEVEL[file.module]:
        return f"{file.module}/ stands below or beside {module}/: move what it needs down"
    if file.is_test:
        return None
    if file.module in GENERAL and module == "protocol" and target not in GENERAL_HEADERS:
        return f"{file.module}/ may include of protocol/ only share.h and protocol.h"
    return concrete(file, target)


def concrete(file: File, target: str) -> str | None:
    """Only the registry, the protocol itself, simulations and tests may name a concrete protocol."""
    parts = target.split("/")
    if parts[0] != "protocol" or len(parts) < 3:
        return None
    own = file.path.parts[:3] == ("engine", "protocol", parts[1])
    if own or file.module == SIMULATION or str(file.path) == "engine/protocol/registry.cc":
        return None
    return f"ask protocol/registry.h for a protocol instead of naming {parts[1]}/"


def targets(tree: Tree) -> dict[str, str]:
    """Every polder_module and the engine folder it lies in; protocol/cleartext is one of protocol/."""
    lists = [file for file in tree.files if file.module and file.path.name == "CMakeLists.txt"]
    return {found.group(1): file.module for file in lists for found in _module.finditer(file.text)}


def check_uses(file: File, owner: dict[str, str]) -> Iterator[Problem]:
    """polder_module(match USES ops ... LINKS ...) holds the same arrows."""
    for found in _module.finditer(file.text):
        name, rest = found.group(1), found.group(2)
        uses = re.search(r"\bUSES\s+([\w\s]*?)(?:\bLINKS\b|\bTESTS_USE\b|$)", rest)
        number = file.text[: found.start()].count("\n") + 1
        for used in uses.group(1).split() if uses else []:
            module = owner.get(used, used)
            if module != file.module and LEVEL.get(module, 99) >= LEVEL.get(file.module, -1):
                yield file.problem(number, f"{name} may not use {used}: arrows point downwards")
            if used == "cleartext" and not file.is_test and file.module != SIMULATION:
                yield file.problem(number, "cleartext is for tests: it must not reach a node")
