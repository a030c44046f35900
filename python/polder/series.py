"""A column of an encrypted table, or one value of it. Nothing is computed before it is opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from polder._generated.series import SeriesMethods
from polder.plan import session
from polder.types import Type, literal

if TYPE_CHECKING:
    from polder.frame import Opening


class Series(SeriesMethods):
    """A column over a table's rows, or one value (after `sum`, `mean` …)."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, node: int) -> None:
        self._node = node

    @property
    def type(self) -> Type:
        """Its type: bounds, whether values may be missing, and how far they may be off."""
        return next(iter(session.shape(self._node).columns.values()))

    def _function(self, op: str, *others: Any) -> Series:
        of = [self._node, *(self._operand(other) for other in others)]
        return Series(session.add(op, of))

    def _aggregate(self, get: str) -> Series:
        return Series(session.add("aggregate@1", [self._node], get=get))

    def _operand(self, other: Any) -> int:
        if isinstance(other, Series):
            return other._node
        kind, text = literal(other, self.type)
        return session.add("literal@1", [], type=kind.value(), value=text)

    def _as_series(self, other: Any) -> Series:
        return Series(self._operand(other))

    def __radd__(self, other: Any) -> Series:
        return self._as_series(other) + self

    def __rsub__(self, other: Any) -> Series:
        return self._as_series(other) - self

    def __rmul__(self, other: Any) -> Series:
        return self._as_series(other) * self

    def __rand__(self, other: Any) -> Series:
        return self._as_series(other) & self

    def __ror__(self, other: Any) -> Series:
        return self._as_series(other) | self

    def __bool__(self) -> bool:
        raise TypeError("a secret is neither true nor false here; use &, | and ~, or open it")

    def agg(self, get: str) -> Series:
        """One value of the whole column: "sum", "mean" …"""
        return self._aggregate(get)

    def opening(self, *, to: str | list[str], min_group: int, label: str = "value", purpose: str = "") -> Opening:
        """Who is to learn this value; withheld if fewer than `min_group` rows stand behind it."""
        from polder.frame import opening

        return opening(self._node, to=to, min_group=min_group, label=label, purpose=purpose)

    def open(
        self,
        *,
        to: str | list[str],
        min_group: int,
        label: str = "value",
        purpose: str = "",
        by: str | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> Any:
        """Has the nodes compute this and open it to `to`: one value, or missing if it is withheld."""
        asked = self.opening(to=to, min_group=min_group, label=label, purpose=purpose)
        return asked.run(by=by, params=params).iloc[0, 0]

    def __repr__(self) -> str:
        shape = session.shape(self._node)
        [(name, kind)] = shape.columns.items()
        return f"<{'Value' if shape.form == 'value' else 'Series'} {name or '-'}: {kind.kind}>"


def param(name: str, type: Type) -> Series:  # noqa: A002
    """A value that is given with each run, within its type; what the plan promises holds for all."""
    return Series(session.add("param@1", [], name=name, type=type.value()))
