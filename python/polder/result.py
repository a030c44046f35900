"""What was opened, as pandas' nullable columns."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa

from polder.types import Type

Column = tuple[str, str, Sequence[str | None], Sequence[bool]]


def as_frame(columns: Sequence[Column]) -> pd.DataFrame:
    """Columns of (name, type, texts, withheld). How many cells were withheld is in attrs["withheld"]."""
    shown = {name or "value": values(Type.of(json.loads(kind)), texts) for name, kind, texts, _ in columns}
    frame = pd.DataFrame(shown)
    frame.attrs["withheld"] = {name or "value": sum(hidden) for name, _, _, hidden in columns if any(hidden)}
    return frame


def values(kind: Type, texts: Sequence[str | None]) -> Any:
    """Texts as the column that pandas has for the type."""

    def each(convert: Any) -> list[Any]:
        return [None if text is None else convert(text) for text in texts]

    match kind.kind:
        case "int" | "duration":
            return pd.array(each(int), dtype="Int64")
        case "decimal":
            dtype = pd.ArrowDtype(pa.decimal128(38, kind.scale))
            return pd.array(each(Decimal), dtype=dtype)
        case "fixed":
            return pd.array(each(float), dtype="Float64")
        case "bool":
            return pd.array(each("true".__eq__), dtype="boolean")
        case "category":
            return pd.Categorical(texts, categories=list(kind.parts), ordered=True)
        case "date" | "datetime":
            return pd.to_datetime(pd.Series(list(texts), dtype="object"), format="ISO8601")
    return pd.array(list(texts), dtype="string")
