"""The space at whose nodes tables are put and plans run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from polder import native, space
from polder.errors import NotFound
from polder.types import Type


@dataclass(frozen=True)
class Stored:
    """A typed table at the nodes."""

    handle: str
    name: str
    owner: str
    rows: int
    columns: dict[str, Type]


class Connection:
    """Three nodes, and the keys that this user has for them."""

    def __init__(self, used: space.Space) -> None:
        self.space = used

    def tables(self) -> list[Stored]:
        """The typed tables at the nodes, the latest last."""
        found = sorted(self.space.tables_everywhere()["tables"], key=lambda table: table["created"])
        return [
            Stored(
                table["handle"],
                table["name"],
                table["owner"],
                table["rows"],
                {name: Type.of(kind) for name, kind in table["schema"]},
            )
            for table in found
            if "schema" in table
        ]

    def find(self, name: str, owner: str) -> Stored:
        """The latest of that name; the owner may be left out where one owner alone has such a table."""
        found = [table for table in self.tables() if table.name == name and owner in ("", table.owner)]
        owners = {table.owner for table in found}
        if not found:
            there = ", ".join(sorted({f"{table.name}@{table.owner}" for table in self.tables()})) or "none"
            wanted = f"{name}@{owner}" if owner else name
            raise NotFound(f"there is no typed table '{wanted}' at the nodes; there are: {there}")
        if len(owners) > 1:
            raise NotFound(f"several owners have a table '{name}': write {name}@{sorted(owners)[0]}, or another's")
        return found[-1]

    def put(self, table: Any, name: str, owner: str, rules: native.Rules, progress: native.Progress | None) -> str:
        """Splits the values here, sends each node its shares, and has them checked there; returns the handle."""
        return native.upload_table(self.space.network, table, name, self.space.key(owner), rules, progress)

    def run(
        self,
        plan: str,
        recipients: Sequence[str],
        requester: str | None,
        parameters: Mapping[str, str],
        progress: native.Progress | None,
    ) -> native.PlanOutcome:
        """Has the nodes run a plan; opens what the keys here can open."""
        keys = self.space.keys_of(recipients)
        asking = requester or next(iter(keys), None)
        if asking is None:
            raise NotFound(f"none of the recipients' keys ({', '.join(recipients)}) is here; say who asks: by=NAME")
        return native.run_plan(self.space.network, plan, parameters, self.space.key(asking), keys, progress)

    def __repr__(self) -> str:
        return f"<Connection {self.space.network.parent.name}: {len(self.tables())} typed tables>"


def connected(where: str | space.Space = space.LOCAL) -> Connection:
    """The space itself, or that of a name; the embedded one is started if it does not run."""
    if isinstance(where, space.Space):
        return Connection(where)
    return Connection(space.up() if where == space.LOCAL else space.find(where))
