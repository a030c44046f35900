"""Polder: compute together on data that nobody shows."""

from polder import graph
from polder.analyses import Analysis, analysis, approve, result, revoke, run, show
from polder.frame import DataFrame, Schema, concat, connect, from_pandas, read_csv, simulate, table
from polder.matching import match
from polder.native import Columns, MatchOptions, version
from polder.series import Series, param
from polder.types import bool, category, date, decimal, int, string  # noqa: A004

__version__ = version()
__all__ = [
    "Analysis",
    "Columns",
    "DataFrame",
    "MatchOptions",
    "Schema",
    "Series",
    "analysis",
    "approve",
    "bool",
    "category",
    "concat",
    "connect",
    "date",
    "decimal",
    "from_pandas",
    "graph",
    "int",
    "match",
    "param",
    "read_csv",
    "result",
    "revoke",
    "run",
    "show",
    "simulate",
    "string",
    "table",
    "version",
]
