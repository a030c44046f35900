"""Polder: compute together on data that nobody shows."""

from polder.matching import match
from polder.native import Columns, MatchOptions, version

__version__ = version()
__all__ = ["Columns", "MatchOptions", "match", "version"]
