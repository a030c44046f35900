"""Types of columns: what values are, within which public bounds, and whether some are missing.

Bounds, lengths and labels are public: they are part of the plan, and say how many bits a value has.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date as Day
from datetime import datetime as Moment
from decimal import Decimal
from typing import Any

_EPOCH = Day(1970, 1, 1)
_MOST = 2**31


@dataclass(frozen=True)
class Type:
    """A column's type, as a plan writes it down: one kind and its parts."""

    kind: str
    parts: tuple[Any, ...] = ()
    null: bool = False
    error: float = 0.0

    def json(self) -> str:
        """Its one text in a plan."""
        return json.dumps(self.value(), separators=(",", ":"), sort_keys=True)

    def value(self) -> dict[str, Any]:
        value: dict[str, Any] = {self.kind: list(self.parts)}
        return {**value, "null": True} if self.null else value

    @staticmethod
    def of(value: dict[str, Any], error: float = 0.0) -> Type:
        [(kind, parts)] = [(kind, parts) for kind, parts in value.items() if kind != "null"]
        return Type(kind, tuple(parts), value.get("null", False), error)

    @property
    def scale(self) -> int:
        """Decimals of a decimal, fraction bits of a fixed, else 0."""
        return self.parts[0] if self.kind in ("decimal", "fixed") else 0

    def with_null(self, null: bool = True) -> Type:
        return replace(self, null=null)


def int(low: int = -_MOST, high: int = _MOST - 1, *, null: bool = False) -> Type:  # noqa: A001
    """Whole numbers from `low` to `high`, both included."""
    return Type("int", (str(low), str(high)), null)


def decimal(decimals: int, min: Any = None, max: Any = None, *, null: bool = False) -> Type:  # noqa: A002
    """Numbers with so many decimals, exact: money. Bounds are in the same unit; default +-2^31."""
    bound = 2**31
    low = _scaled(-bound if min is None else min, decimals)
    high = _scaled(bound if max is None else max, decimals)
    return Type("decimal", (decimals, str(low), str(high)), null)


def bool(*, null: bool = False) -> Type:  # noqa: A001
    """True or false."""
    return Type("bool", (), null)


def category(labels: Sequence[str], *, null: bool = False) -> Type:
    """One of few texts, which are public; their order is the labels' order."""
    return Type("category", tuple(labels), null)


def date(low: Day = Day(1900, 1, 1), high: Day = Day(2100, 1, 1), *, null: bool = False) -> Type:
    """Days."""
    return Type("date", (str((low - _EPOCH).days), str((high - _EPOCH).days)), null)


def string(length: int, alphabet: str = "ascii", *, null: bool = False) -> Type:
    """Text of at most so many characters, of `ascii`, `latin`, `bmp` or `unicode`."""
    return Type("string", (length, alphabet), null)


def _scaled(value: Any, decimals: int) -> int:
    scaled = Decimal(str(value)).scaleb(decimals)
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{value} has more than {decimals} decimals")
    return scaled.to_integral_value().__int__()


def text_of(value: Any) -> str:
    """A value of Python, pandas or NumPy as plans write it down; Polder says if it does not fit."""
    if hasattr(value, "item"):
        value = value.item()  # NumPy's
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        text = format(value.normalize() if value else Decimal(0), "f")
        return text
    if isinstance(value, Moment):
        day = value.replace(tzinfo=None)
        is_day = (day.hour, day.minute, day.second, day.microsecond) == (0, 0, 0, 0)
        return day.date().isoformat() if is_day else day.isoformat()
    if isinstance(value, Day):
        return value.isoformat()
    return str(value)


def padded(text: str, type: Type) -> str:  # noqa: A002
    """A decimal with all its decimals: its one spelling."""
    if type.kind != "decimal" or type.scale == 0:
        return text
    whole, _, rest = text.partition(".")
    return f"{whole}.{rest:0<{type.scale}}"


def literal(value: Any, beside: Type) -> tuple[Type, str]:
    """The type and text of a value that stands in a plan beside a column of type `beside`."""
    text = text_of(value)
    if value is True or value is False:
        return Type("bool"), text
    if beside.kind == "category":
        return beside.with_null(False), text
    if beside.kind == "date":
        day = str((Day.fromisoformat(text) - _EPOCH).days)
        return Type("date", (day, day)), text
    if beside.kind == "string":
        return Type("string", (max(beside.parts[0], len(text)), beside.parts[1])), text
    if beside.kind == "fixed":
        stored = (Decimal(text) * 2**beside.scale).to_integral_value(rounding="ROUND_FLOOR")
        exact = str(stored.__int__())
        return Type("fixed", (beside.scale, exact, exact)), repr(float(stored) / 2**beside.scale)
    decimals = len(text.partition(".")[2])
    stored_text = str(_scaled(text, decimals))
    if decimals:
        return Type("decimal", (decimals, stored_text, stored_text)), text
    return Type("int", (stored_text, stored_text)), text
