"""Encrypted tables as data frames, with pandas' names. A frame is a step of a plan; nothing is computed before
`open` says who learns it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from polder import native
from polder.connection import Connection
from polder.errors import NotFound
from polder.plan import Shape, session
from polder.result import as_frame
from polder.series import Series
from polder.space import Space
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

    def opening(self, *, to: str | list[str], min_group: int, label: str = "result", purpose: str = "") -> Opening:
        """Who is to learn this table; cells with fewer than `min_group` rows behind them are withheld."""
        return opening(self._node, to=to, min_group=min_group, label=label, purpose=purpose)

    def open(
        self,
        *,
        to: str | list[str],
        min_group: int,
        label: str = "result",
        purpose: str = "",
        by: str | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> pd.DataFrame:
        """Has the nodes compute this table and open it to `to`, as `opening(...).run(...)` does."""
        return self.opening(to=to, min_group=min_group, label=label, purpose=purpose).run(by=by, params=params)

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


class Asked:
    """A plan of some openings: to be explained, tried in this process, or run at the nodes."""

    def __init__(self, roots: list[int], to: list[str]) -> None:
        self._roots, self._to = roots, to

    def explain(self) -> str:
        """Steps with types, rounds and bytes; what is revealed to whom; what each column is used for."""
        return session.graph.explain(self._roots)

    def text(self) -> str:
        """The plan's one text."""
        return session.graph.text(self._roots)

    def fingerprint(self) -> str:
        """BLAKE2b-256 of the text: the same for the same analysis, whatever the order of its lines."""
        return session.graph.fingerprint(self._roots)

    def _simulate(self, protocol: str, params: Mapping[str, Any] | None) -> dict[str, pd.DataFrame]:
        """By label."""
        results = session.graph.simulate(self._roots, session.tables, _texts_of(params), protocol)
        return {label: as_frame(columns) for label, columns in results}

    def _run(
        self, by: str | None, params: Mapping[str, Any] | None, progress: native.Progress | None
    ) -> native.PlanOutcome:
        outcome = session.connection.run(self.text(), self._to, by, _texts_of(params), progress)
        if not outcome.learned:
            raise NotFound(
                f"run {outcome.session} is done and sealed to {', '.join(self._to)}, none of whose keys is here; they "
                "can open it"
            )
        return outcome


class Opening(Asked):
    """What somebody is to learn: to be explained, tried in this process, or run at the nodes."""

    def simulate(self, *, protocol: str = "cleartext", params: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Runs it in this process on the tables that were read here: over plain values, or "rep3", as three parties.

        Openings and what they withhold are those of the nodes. Withheld cells are missing; how many, by column, is
        in `.attrs["withheld"]`.
        """
        [frame] = self._simulate(protocol, params).values()
        return frame

    def run(
        self,
        *,
        by: str | None = None,
        params: Mapping[str, Any] | None = None,
        progress: native.Progress | None = None,
    ) -> pd.DataFrame:
        """Runs it at the nodes of the connected space, on the latest tables of those names.

        `by` asks for it, with a key that is here: the first recipient, unless said. What the first recipient whose
        key is here learned; in `.attrs`: `withheld` as above, `session`, `seconds`, `rounds` and
        `bytes_sent_per_node`.
        """
        outcome = self._run(by, params, progress)
        [result] = next(iter(outcome.learned.values()))
        return learned(outcome, result)


def learned(outcome: native.PlanOutcome, result: tuple[str, Any]) -> pd.DataFrame:
    """A result of a run, with the run's figures in attrs."""
    frame = as_frame(result[1])
    figures = ("session", "seconds", "rounds", "bytes_sent_per_node")
    frame.attrs.update({name: getattr(outcome, name) for name in figures})
    return frame


def simulate(opening: Opening, **options: Any) -> pd.DataFrame:
    """Opening.simulate as a function."""
    return opening.simulate(**options)


def opening(node: int, *, to: str | list[str], min_group: int, label: str, purpose: str) -> Opening:
    recipients = [to] if isinstance(to, str) else list(to)
    fields = {"label": label, "to": recipients, "min_group": min_group, "purpose": purpose}
    return Opening([session.add("open@1", [node], **fields)], recipients)


def connect(where: str | Space = "local") -> Connection:
    """The space for all that follows: "local" (three nodes here, started if need be), a name or a network.json.

    Tables that have an owner are put there, `table` finds them there, and `open` has the nodes compute.
    """
    return session.connect(where)


class Schema(dict[str, Type]):
    """The type of each column: Schema(id=po.string(12), born=po.date())."""

    def __init__(self, **columns: Type) -> None:
        super().__init__(columns)


def from_pandas(
    data: pd.DataFrame,
    *,
    name: str,
    schema: Schema,
    most_rows: int | None = None,
    owner: str = "",
    min_group: int = 10,
    partners: Sequence[str] = (),
    allow: Sequence[str] = (),
) -> DataFrame:
    """A table under a name. Values must lie within the schema's types, which become public; rows are counted openly.

    Without `owner` it stays in this process, for simulations. With one it is split here and put at the nodes of the
    connected space: analyses may then show others groups of `min_group` rows or more, asked for by owners of tables
    and by `partners`. With allow=["risk"] owners of accounts may also learn each one's risk (polder.graph), computed
    from these rows too: all columns of such a table may go into that, so put in what it needs and no more.
    """
    texts = {column: _texts(data[column], schema[column]) for column in schema}
    return _put(name, schema, texts, most_rows, 1, owner, min_group, partners, allow)


def read_csv(
    file: Any,
    *,
    name: str,
    schema: Schema,
    most_rows: int | None = None,
    owner: str = "",
    min_group: int = 10,
    partners: Sequence[str] = (),
    allow: Sequence[str] = (),
) -> DataFrame:
    """The same of a CSV file with a header: empty cells are missing, all else is read as typed."""
    data = pd.read_csv(file, dtype=str, keep_default_na=False, usecols=list(schema))
    texts = {
        column: [None if cell == "" else padded(cell, schema[column]) for cell in data[column]] for column in schema
    }
    return _put(name, schema, texts, most_rows, 2, owner, min_group, partners, allow)


def table(name: str, schema: Schema | None = None, *, most_rows: int | None = None, owner: str = "") -> DataFrame:
    """A table by its name, or NAME@OWNER. What is not said is looked up at the nodes; else it need not be there yet."""
    if "@" in name:
        name, owner = name.rsplit("@", 1)
    columns: Mapping[str, Type] | None = schema
    if columns is None or most_rows is None:
        stored = session.connection.find(name, owner)
        owner = stored.owner
        columns = columns or stored.columns
        most_rows = stored.rows if most_rows is None else most_rows
    listed = [[column, kind.value()] for column, kind in columns.items()]
    return DataFrame(session.add("scan@1", [], table=name, owner=owner, most_rows=most_rows, columns=listed))


def concat(tables: Sequence[DataFrame]) -> DataFrame:
    """The rows of several tables, one table below the other; they have the same columns, of one kind and scale."""
    return DataFrame(session.add("concat@1", [each._node for each in tables]))


def _put(
    name: str,
    schema: Schema,
    texts: Mapping[str, list[str | None]],
    most_rows: int | None,
    first_row: int,
    owner: str,
    min_group: int,
    partners: Sequence[str],
    allow: Sequence[str],
) -> DataFrame:
    import _polder_plans

    put = _polder_plans.Table()
    for column, kind in schema.items():
        put.put(column, kind.json(), texts[column], first_row)
    if owner:
        rules = native.Rules(uses=("analysis", *allow), partners=tuple(partners), at_least=min_group)
        session.connection.put(put, name, owner, rules, None)
    session.tables[f"{name}@{owner}" if owner else name] = put
    return table(name, schema, most_rows=put.rows if most_rows is None else most_rows, owner=owner)


def _texts_of(params: Mapping[str, Any] | None) -> dict[str, str]:
    return {name: text_of(value) for name, value in (params or {}).items()}


def _texts(column: pd.Series, kind: Type) -> list[str | None]:
    return [None if missing else padded(text_of(value), kind) for value, missing in zip(column, column.isna())]


_VALIDATE = {"one_to_one": "1:1", "one_to_many": "1:m", "many_to_one": "m:1"}


def _names(names: str | Sequence[str] | None, otherwise: str) -> list[str]:
    if names is None:
        raise ValueError(otherwise)
    return [names] if isinstance(names, str) else list(names)
