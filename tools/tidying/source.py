"""The tree that is checked: its files, their lines, and C++ without comments and strings."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

SKIPPED_FOLDERS = {".git", "build", "node_modules", "dist", "__pycache__", ".venv"}
CPP = {".cc", ".h"}
CODE = CPP | {".py", ".ts", ".tsx", ".sh", ".cmake"}

# Comments and literals; the look-behind keeps 1'000'000 from opening a character.
_not_code = re.compile(
    r'R"(\w*)\((?:.|\n)*?\)\1"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-zA-Z])'(?:\\.|[^'\\\n])+'"
    r"|//[^\n]*"
    r"|/\*(?:.|\n)*?\*/"
)


@dataclass(frozen=True)
class Problem:
    path: Path
    line: int
    advice: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.advice}"


@dataclass(frozen=True)
class File:
    root: Path
    path: Path  # from the root

    @cached_property
    def text(self) -> str:
        return (self.root / self.path).read_text(encoding="utf-8", errors="replace")

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @cached_property
    def code(self) -> list[str]:
        """The lines of a C++ file with comments and literals blanked."""
        blank = _not_code.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), self.text)
        return blank.splitlines()

    @property
    def top(self) -> str:
        """The first folder, or "" for a file at the root."""
        return self.path.parts[0] if len(self.path.parts) > 1 else ""

    @property
    def module(self) -> str | None:
        """The engine folder it belongs to."""
        return self.path.parts[1] if self.top == "engine" and len(self.path.parts) > 2 else None

    @property
    def is_cpp(self) -> bool:
        return self.path.suffix in CPP

    @property
    def is_test(self) -> bool:
        stem = self.path.stem
        folders = {"tests", "testing", "bench"}
        return (
            not folders.isdisjoint(self.path.parts)
            or stem.endswith(("_test", "_fuzz", "_fixture"))
            or stem.startswith("test_")
        )

    def problem(self, line: int, advice: str) -> Problem:
        return Problem(self.path, line, advice)

    def excused(self, line: int) -> bool:
        """Whether the line says why it breaks a rule: a comment `tidy: reason`."""
        return re.search(r"\btidy: \w", self.lines[line - 1]) is not None


@dataclass(frozen=True)
class Tree:
    root: Path

    @cached_property
    def files(self) -> list[File]:
        return sorted(self._walk(), key=lambda file: file.path)

    def _walk(self) -> Iterator[File]:
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS]
            for name in names:
                yield File(self.root, (Path(folder) / name).relative_to(self.root))

    def find(self, path: str) -> File | None:
        return File(self.root, Path(path)) if (self.root / path).is_file() else None
