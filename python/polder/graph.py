"""Graphs over the tables of several owners: which rows are nodes and which are edges. Who is connected stays secret."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from polder import native
from polder.frame import Asked, DataFrame, concat, learned
from polder.plan import session
from polder.series import Series

_WHOLE_DELTA = 2**30  # how a plan writes 1
_DECAY = re.compile(r"\s*([\d.]+)\s*/\s*i\s*(?:\^\s*([\d.]+)\s*)?")


@dataclass(frozen=True)
class Nodes:
    """Tables of one schema, one for each owner; `key` tells nodes apart, in all tables together."""

    tables: tuple[DataFrame, ...]
    key: str
    attrs: Mapping[str, str]


@dataclass(frozen=True)
class Edges:
    """Tables of one schema; `source` and `target` are keys of nodes, of whichever owner."""

    tables: tuple[DataFrame, ...]
    source: str
    target: str
    amount: str


def nodes(tables: Sequence[DataFrame], *, key: str, attrs: Mapping[str, str]) -> Nodes:
    """Rows that are nodes; `attrs` gives what is known of them a name: {"risk": "risk_score"}."""
    return Nodes(tuple(tables), key, dict(attrs))


def edges(tables: Sequence[DataFrame], *, source: str, target: str, amount: str) -> Edges:
    """Rows that are edges. A payment between two banks stands in one of these tables: that of the bank that is paid."""
    return Edges(tuple(tables), source, target, amount)


class Network:
    """Nodes and edges of all owners. An edge with an end that is no node, or in a missing value, counts nowhere."""

    def __init__(self, nodes: Nodes, edges: Edges) -> None:
        self.nodes, self.edges = nodes, edges

    def propagate(self, start: str, iterations: int = 3, delta: float | str | Sequence[float] = 0.5) -> NodeSeries:
        """The attribute `start` after it has flowed along the edges, for each node.

        In every iteration a node's value takes a step of `delta` towards the mean of those who pay it, weighted by
        amounts; towards 0 where nobody does. `delta`: one for all, one for each, or "0.3/i^0.8" of iteration i.
        """
        if start not in self.nodes.attrs:
            known = ", ".join(self.nodes.attrs)
            raise ValueError(f"propagate: '{start}' is no attribute of the nodes; they have: {known}")
        node = session.add(
            "risk_propagation@1",
            [concat(self.nodes.tables)._node, concat(self.edges.tables)._node],
            key=self.nodes.key,
            risk=self.nodes.attrs[start],
            source=self.edges.source,
            target=self.edges.target,
            amount=self.edges.amount,
            deltas=[round(step * _WHOLE_DELTA) for step in deltas(delta, iterations)],
        )
        return NodeSeries(node, self.nodes, start)

    def __repr__(self) -> str:
        most = [sum(table._shape.most_rows for table in side.tables) for side in (self.nodes, self.edges)]
        return f"<Network at most {most[0]} nodes of {len(self.nodes.tables)} tables and {most[1]} edges>"


class NodeSeries(Series):
    """A column over all nodes. Its rows still lie owner by owner."""

    def __init__(self, node: int, over: Nodes, name: str) -> None:
        super().__init__(node)
        self._over, self._name = over, name

    def rows_of(self, table: int) -> Series:
        """Its rows of the table of that number alone."""
        of = [self._node, *(each._node for each in self._over.tables)]
        return Series(session.add("rows_of@1", of, table=table))

    def beside(self, table: int) -> DataFrame:
        """Keys of the table of that number, and these values."""
        return self._over.tables[table][[self._over.key]].assign(**{self._name: self.rows_of(table)})

    def opening(  # type: ignore[override]
        self, *, to: str = "each_owner", label: str = "risk", purpose: str = ""
    ) -> EachOwner:
        """Each owner of nodes is to learn the values of its own, if the owners of all tables allow it."""
        if to != "each_owner":
            raise ValueError("a value for each node goes to its owner: to='each_owner'; open sums or means to others")
        owners = [table._shape.owner for table in self._over.tables]
        if "" in owners:
            raise ValueError("a table of nodes has no owner to learn of it; put it at the nodes with owner=")
        if len(set(owners)) < len(owners):
            raise ValueError("an owner has two tables of nodes; put in one")
        labels = {f"{label} of {owner}": owner for owner in owners}
        fields = {"min_group": 1, "purpose": purpose}
        roots = [
            session.add("open@1", [self.beside(place)._node], label=each, to=[owner], **fields)
            for place, (each, owner) in enumerate(labels.items())
        ]
        return EachOwner(roots, labels)

    def open(  # type: ignore[override]
        self, *, to: str = "each_owner", label: str = "risk", purpose: str = "", by: str | None = None
    ) -> dict[str, pd.DataFrame]:
        """Has the nodes compute it and open it, as `opening(...).run(...)` does."""
        return self.opening(to=to, label=label, purpose=purpose).run(by=by)


class EachOwner(Asked):
    """What every owner is to learn of its own nodes."""

    def __init__(self, roots: list[int], labels: Mapping[str, str]) -> None:
        super().__init__(roots, list(labels.values()))
        self._labels = labels

    def simulate(self, *, protocol: str = "cleartext") -> dict[str, pd.DataFrame]:
        """By owner, in this process on the tables that were read here."""
        return {self._labels[label]: frame for label, frame in self._simulate(protocol, None).items()}

    def run(self, *, by: str | None = None, progress: native.Progress | None = None) -> dict[str, pd.DataFrame]:
        """At the nodes: what owners learned whose keys are here. Figures of the run are in attrs of each."""
        outcome = self._run(by, None, progress)
        return {owner: learned(outcome, result) for owner, [result] in outcome.learned.items()}


def deltas(delta: float | str | Sequence[float], iterations: int) -> list[float]:
    """The step of each iteration."""
    if isinstance(delta, str):
        found = _DECAY.fullmatch(delta)
        if not found:
            raise ValueError(f"delta: '{delta}' is neither a number nor like 0.3/i^0.8")
        first, power = float(found[1]), float(found[2] or 1)
        steps: list[Any] = [first / i**power for i in range(1, iterations + 1)]
    elif isinstance(delta, Sequence):
        steps = list(delta)
        if len(steps) != iterations:
            raise ValueError(f"delta: {len(steps)} steps for {iterations} iterations")
    else:
        steps = [delta] * iterations
    wrong = [step for step in steps if not 0 <= step <= 1]
    if wrong:
        raise ValueError(f"delta: {wrong[0]} is not within 0..1")
    return steps
