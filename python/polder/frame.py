"""Encrypted tables as data frames, with pandas' names. A frame is a step of a plan; nothing is computed before
`open` says who learns it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from polder.plan import Shape, session
from polder.result import as_frame
from polder.series import Series
from polder.types import Type, padded, text_of


class DataFrame:
    """Rows with named columns; how many of them are valid is secret."""

    def __init__(self, node: int) -> None:
        self.__dict__["_node"] = node

    @property
    def _shape(self) -> Shape:
        return session.shape(self._node)

    @property
    def columns(self) -> list[str]:
        return list(self._shape.columns)

    @property
    def dtypes(self) -> dict[str, Type]:
        """The type of each column."""
        return self._shape.columns

    def __getitem__(self, key: str | Sequence[str] | Series) -> Any:
        """A column by its name, some columns by a list of names, or the rows where a condition holds."""
        if isinstance(key, str):
            return Series(session.add("column@1", [self._node], name=key))
        if isinstance(key, Series):
            return DataFrame(session.add("filter@1", [self._node, key._node]))
        return DataFrame(session.add("project@1", [self._node], names=list(key)))

    def __getattr__(self, name: str) -> Series:
        if name.startswith("_") or name not in self._shape.columns:
            raise AttributeError(f"{name}: neither a method nor a column; columns: {', '.join(self.columns)}")
        return self[name]

    def __setitem__(self, name: str, column: Any) -> None:
        self.__dict__["_node"] = self.assign(**{name: column})._node

    def assign(self, **columns: Any) -> DataFrame:
        """The table with further columns, or others in their place."""
        first = self[self.columns[0]]
        of = [first._operand(column) for column in columns.values()]
        return DataFrame(session.add("assign@1", [self._node, *of], names=list(columns)))

    def drop(self, *, columns: str | Sequence[str]) -> DataFrame:
        """The table without these columns."""
        gone = [columns] if isinstance(columns, str) else list(columns)
        for name in gone:
            self[name]
        return self[[name for name in self.columns if name not in gone]]

    def merge(
        self,
        right: DataFrame,
        how: str = "inner",
        on: str | Sequence[str] | None = None,
        *,
        left_on: str | Sequence[str] | None = None,
        right_on: str | Sequence[str] | None = None,
        validate: str | None = None,
        suffixes: tuple[str, str] = ("_x", "_y"),
    ) -> DataFrame:
        """Rows of two tables side by side where their keys are equal; a missing key matches nothing.

        `validate` as in pandas: "m:1" promises that the right keys are unique, which the nodes check as one bit.
        """
        fields = {
            "left_on": _names(on if left_on is None else left_on, "merge: say on=, or left_on= and right_on="),
            "right_on": _names(on if right_on is None else right_on, "merge: say on=, or left_on= and right_on="),
            "how": how,
            "validate": _VALIDATE.get(validate or "none", validate),
            "suffixes": list(suffixes),
        }
        return DataFrame(session.add("merge@1", [self._node, right._node], **fields))

    def groupby(self, by: str | Sequence[str]) -> GroupBy:
        """Rows grouped by their values in these columns."""
        return GroupBy(self, _names(by, "groupby: by which columns?"))

    def size(self) -> Series:
        """How many rows are valid."""
        return Series(session.add("aggregate@1", [self._node], get="size"))

    def open(self, *, to: str | list[str], min_group: int, label: str = "result", purpose: str = "") -> Opened:
        """Who learns this table; cells with fewer than `min_group` rows behind them are withheld."""
        return opened(self._node, to=to, min_group=min_group, label=label, purpose=purpose)

    def __repr__(self) -> str:
        columns = ", ".join(f"{name}: {kind.kind}" for name, kind in self._shape.columns.items())
        return f"<DataFrame at most {self._shape.most_rows} rows; {columns}>"


class GroupBy:
    """Rows in groups, of which `agg` says what is wanted."""

    def __init__(self, frame: DataFrame, by: list[str]) -> None:
        self._frame, self._by = frame, by

    def agg(self, **get: tuple[str, str]) -> DataFrame:
        """A row for each key that occurs, in the order of the keys: name=("column", "mean").

        "size" counts rows whatever the column.
        """
        wanted = [[label, name, "" if name == "size" else column] for label, (column, name) in get.items()]
        return DataFrame(session.add("group_by@1", [self._frame._node], by=self._by, get=wanted))

    def size(self) -> DataFrame:
        return self.agg(size=("", "size"))


class Opened:
    """What somebody is to learn: to be explained, run in this process, or (later) asked of the nodes."""

    def __init__(self, node: int) -> None:
        self._node = node

    def explain(self) -> str:
        """Steps with types, rounds and bytes; what is revealed to whom; what each column is used for."""
        return session.graph.explain([self._node])

    def text(self) -> str:
        """The plan's one text."""
        return session.graph.text([self._node])

    def fingerprint(self) -> str:
        """BLAKE2b-256 of the text: the same for the same analysis, whatever the order of its lines."""
        return session.graph.fingerprint([self._node])

    def simulate(self, *, protocol: str = "cleartext", params: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Runs it in this process on the tables that were read here: over plain values, or "rep3", as three parties.

        Openings and what they withhold are those of the nodes. Withheld cells are missing; how many, by column, is
        in `.attrs["withheld"]`.
        """
        given = {name: text_of(value) for name, value in (params or {}).items()}
        [(_, columns)] = session.graph.simulate([self._node], session.tables, given, protocol)
        return as_frame(columns)


def simulate(opened: Opened, **options: Any) -> pd.DataFrame:
    """Opened.simulate as a function."""
    return opened.simulate(**options)


def opened(node: int, *, to: str | list[str], min_group: int, label: str, purpose: str) -> Opened:
    recipients = [to] if isinstance(to, str) else list(to)
    fields = {"label": label, "to": recipients, "min_group": min_group, "purpose": purpose}
    return Opened(session.add("open@1", [node], **fields))


class Schema(dict[str, Type]):
    """The type of each column: Schema(id=po.string(12), born=po.date())."""

    def __init__(self, **columns: Type) -> None:
        super().__init__(columns)


def from_pandas(data: pd.DataFrame, *, name: str, schema: Schema, most_rows: int | None = None) -> DataFrame:
    """A table of this process under a name, for simulations. Values must lie within the schema's types."""
    return _put(name, schema, {column: _texts(data[column], schema[column]) for column in schema}, most_rows, 1)


def read_csv(file: Any, *, name: str, schema: Schema, most_rows: int | None = None) -> DataFrame:
    """The same of a CSV file with a header, for simulations: empty cells are missing, all else is read as typed."""
    data = pd.read_csv(file, dtype=str, keep_default_na=False, usecols=list(schema))
    texts = {
        column: [None if cell == "" else padded(cell, schema[column]) for cell in data[column]] for column in schema
    }
    return _put(name, schema, texts, most_rows, 2)


def table(name: str, schema: Schema, *, most_rows: int, owner: str = "") -> DataFrame:
    """A table by its name, of which this process need not have any rows."""
    columns = [[column, kind.value()] for column, kind in schema.items()]
    return DataFrame(session.add("scan@1", [], table=name, owner=owner, most_rows=most_rows, columns=columns))


def _put(
    name: str, schema: Schema, texts: Mapping[str, list[str | None]], most_rows: int | None, first_row: int
) -> DataFrame:
    import _polder_plans

    put = _polder_plans.Table()
    for column, kind in schema.items():
        put.put(column, kind.json(), texts[column], first_row)
    session.tables[name] = put
    return table(name, schema, most_rows=put.rows if most_rows is None else most_rows)


def _texts(column: pd.Series, kind: Type) -> list[str | None]:
    return [None if missing else padded(text_of(value), kind) for value, missing in zip(column, column.isna())]


_VALIDATE = {"one_to_one": "1:1", "one_to_many": "1:m", "many_to_one": "m:1"}


def _names(names: str | Sequence[str] | None, otherwise: str) -> list[str]:
    if names is None:
        raise ValueError(otherwise)
    return [names] if isinstance(names, str) else list(names)
