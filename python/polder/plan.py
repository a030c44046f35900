"""The session's plan: every step is written down once, with the line of the caller, and checked at once."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import _polder_plans

from polder.connection import Connection, connected
from polder.errors import NotFound, of_problem
from polder.space import Space
from polder.types import Type

_HERE = os.path.dirname(__file__)


@dataclass(frozen=True)
class Shape:
    """What is known of a step's answer."""

    form: str
    most_rows: int
    owner: str  # of the table whose rows these are; empty if they are of no one table
    grouped: bool
    columns: dict[str, Type]


class Session:
    """All steps so far; tables of this process by name."""

    def __init__(self) -> None:
        self.graph = _polder_plans.Graph()
        self.tables: dict[str, Any] = {}
        self._connection: Connection | None = None

    @property
    def connection(self) -> Connection:
        """The space that `connect` named."""
        if self._connection is None:
            raise NotFound('no space is connected; say po.connect("local"), or try it here: .opening(...).simulate()')
        return self._connection

    def connect(self, where: str | Space) -> Connection:
        self._connection = connected(where)
        return self._connection

    def add(self, op: str, of: Sequence[int] = (), **fields: Any) -> int:
        """Adds a step; what does not fit is raised at the caller's line."""
        node = self.graph.add(op, list(of), json.dumps(fields), _caller())
        complaints = self.graph.complaints(node)
        if complaints:
            raise of_problem(complaints[0][0])("\n".join(message for _, message in complaints))
        return node

    def shape(self, node: int) -> Shape:
        shape = json.loads(self.graph.shape(node))
        columns = {name: Type.of(value, float(error)) for name, value, error in shape["columns"]}
        return Shape(shape["form"], shape["most_rows"], shape["owner"], shape["grouped"], columns)


def _caller() -> str:
    """The first line outside of this package that led here."""
    frame = sys._getframe(1)
    while frame.f_back is not None and os.path.dirname(frame.f_code.co_filename).startswith(_HERE):
        frame = frame.f_back
    return f"{os.path.basename(frame.f_code.co_filename)}:{frame.f_lineno}"


session = Session()
