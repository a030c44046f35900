"""Names: files say the one thing that they hold, identifiers are whole words."""

import ast
import re
from collections.abc import Iterator

from .source import CODE, File, Problem, Tree

MAX_LINES = 500
MAX_COLUMNS = 120
NAMED = {"engine", "python", "tests", "bench", "examples"}

# A file of this name holds whatever found no better place.
VAGUE = set("util utils utility helper helpers misc common manager impl stuff".split())

WHOLE = {
    "addr": "address",
    "buf": "buffer",
    "calc": "compute",
    "cb": "what it is called for",
    "cfg": "config",
    "cnt": "count",
    "conn": "connection",
    "ctx": "context",
    "dst": "destination",
    "elem": "element",
    "err": "error",
    "fn": "function",
    "hdr": "header",
    "idx": "the index of what",
    "len": "size",
    "mgr": "what it does",
    "msg": "message",
    "num": "count",
    "obj": "what it is",
    "pkt": "packet",
    "req": "request",
    "res": "result",
    "resp": "response",
    "ret": "what it returns",
    "sz": "size",
    "tmp": "what it holds",
    "val": "value",
    "vec": "what it holds",
}

_snake = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
_identifier = re.compile(r"(?<![\w.:>])[A-Za-z_]\w*")
# Names that a library gives.
_foreign = re.compile(
    r"[A-Z][A-Z0-9]+_|(sqlite3|crypto|sodium|randombytes|csv|ssl|x509|evp|bio|u|nb)_|Py[A-Z]\w*_|tmp_path(_factory)?$"
)


def check(tree: Tree) -> Iterator[Problem]:
    for file in tree.files:
        if file.path.suffix in CODE or file.path.name == "run":
            yield from check_size(file)
        if file.top in NAMED and file.path.suffix in CODE:
            yield from check_file_name(file)
        if file.is_cpp:
            yield from check_cpp_words(file)
        if file.path.suffix == ".py":
            yield from check_python_words(file)
        if file.path.suffix == ".h":
            yield from check_header(file)
    yield from check_readmes(tree)


def check_size(file: File) -> Iterator[Problem]:
    if len(file.lines) > MAX_LINES:
        yield file.problem(MAX_LINES + 1, f"split it: a file has at most {MAX_LINES} lines")
    if file.path.suffix != ".py":  # clang-format breaks the lines of C++
        return
    for number, line in enumerate(file.lines, 1):
        if len(line) > MAX_COLUMNS and not file.excused(number):
            yield file.problem(number, f"break the line: {len(line)} columns of {MAX_COLUMNS}")


def check_file_name(file: File) -> Iterator[Problem]:
    stem = file.path.name.split(".")[0].strip("_")
    if not _snake.fullmatch(stem):
        yield file.problem(1, "name the file in snake_case")
    vague = VAGUE & set(stem.split("_"))
    if vague:
        yield file.problem(1, f"'{vague.pop()}' says nothing: name the one thing the file holds")


def words(identifier: str) -> list[str]:
    """memory_map, memoryMap, MemoryMap_ -> memory, map."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", identifier).lower().strip("_").split("_")


def shortened(identifier: str) -> str | None:
    if identifier.isupper() or _foreign.match(identifier):
        return None
    return next((word for word in words(identifier) if word in WHOLE), None)


def check_cpp_words(file: File) -> Iterator[Problem]:
    for number, line in enumerate(file.code, 1):
        if line.lstrip().startswith("#"):
            continue
        for identifier in _identifier.findall(line):
            word = shortened(identifier)
            if word and not file.excused(number):
                yield file.problem(number, f"'{identifier}': write {WHOLE[word]} for {word}")


def check_python_words(file: File) -> Iterator[Problem]:
    for name, number in declared(ast.parse(file.text)):
        word = shortened(name)
        if word and name != "err" and not file.excused(number):  # `out, err` is Python's own pair
            yield file.problem(number, f"'{name}': write {WHOLE[word]} for {word}")


def declared(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """The names that a Python file gives, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno


def check_header(file: File) -> Iterator[Problem]:
    if not file.text.startswith("//"):
        yield file.problem(1, "begin with a comment that says what the header is")
    if "#pragma once" not in file.text:
        yield file.problem(1, "add #pragma once")
    for number, line in enumerate(file.code, 1):
        if re.match(r"\s*using namespace\b", line):
            yield file.problem(number, "no 'using namespace' in a header")


def check_readmes(tree: Tree) -> Iterator[Problem]:
    for folder in sorted({file.path.parent for file in tree.files if file.module and file.is_cpp}):
        readme = tree.find(str(folder / "README.md"))
        if not readme:
            yield Problem(folder / "README.md", 1, "write it: what it is; may use; read first")
        elif len(readme.lines) != 3:
            yield readme.problem(len(readme.lines), "three lines: what it is; may use; read first")
