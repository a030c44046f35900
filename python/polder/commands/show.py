"""What a command prints: tables for people, JSON for programs, progress and errors on stderr."""

import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from polder.native import Progress as Report

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
SpaceName = Annotated[
    str,
    typer.Option(
        "--space", metavar="local|URL", help="The data space: local, a name, a network.json, or a node's https address."
    ),
]


def say(text: str) -> None:
    """A line for people."""
    _console().print(Text(text))


def say_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False))


def say_error(message: str, code: str) -> None:
    """One red line; for programs that asked for JSON also an object on stdout."""
    Console(stderr=True, soft_wrap=True).print(Text(f"polder: {message}", style="red"))
    if "--json" in sys.argv:
        say_json({"error": {"code": code, "message": message}})


def say_table(headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Numbers to the right, all else to the left. Cells are shown as they are, never as markup."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column, heading in enumerate(headings):
        numbers = bool(rows) and all(isinstance(row[column], int | float) for row in rows)
        table.add_column(heading, justify="right" if numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(cell)) for cell in row))
    _console().print(table)


def count(number: float) -> str:
    """12,345"""
    return f"{number:,}"


def data_size(size: float) -> str:
    """1.5 MB"""
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    raise AssertionError


@contextlib.contextmanager
def progress(*, quiet: bool = False) -> Iterator[Report]:
    """Reports to a bar with the time left, on a terminal only."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda stage, done: None
        return
    share = TextColumn("{task.percentage:>3.0f} %")
    columns = (TextColumn("{task.description}"), BarColumn(), share, TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        task = bars.add_task("starting", total=1.0)
        stages: list[str] = []

        def report(stage: str, done: float) -> None:
            if stages[-1:] != [stage]:
                stages.append(stage)
                bars.reset(task, description=stage, total=1.0)
            bars.update(task, completed=done)

        yield report


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _console() -> Console:
    console = Console(highlight=False)
    if not console.is_terminal:  # lines of any length for pipes and files
        console.width = 10_000
    return console
