"""Methods of polder.series.Series, one for each function and aggregate that the engine has.

Written by polder.generate from the descriptors in engine/; do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from polder.series import Series


class SeriesMethods:
    """The part of Series that follows from the descriptors."""

    if TYPE_CHECKING:

        def _function(self, op: str, *others: Any) -> Series: ...
        def _aggregate(self, get: str) -> Series: ...

    def __add__(self, other: Any) -> Series:
        """The sum, exact.

        Unlike pandas: what could overflow is refused before anything runs; pandas wraps.
        """
        return self._function("add@1", other)

    def __and__(self, other: Any) -> Series:
        """Whether both are true; missing and false is false."""
        return self._function("and@1", other)

    def __eq__(self, other: Any) -> Series:  # type: ignore[override]
        """Whether both are equal."""
        return self._function("equal@1", other)

    def fillna(self, value: Any) -> Series:
        """Another value where one is missing."""
        return self._function("fillna@1", value)

    def __gt__(self, other: Any) -> Series:
        """Whether the first is greater."""
        return self._function("greater@1", other)

    def __ge__(self, other: Any) -> Series:
        """Whether the first is not less."""
        return self._function("greater_equal@1", other)

    def isna(self) -> Series:
        """Whether the value is missing."""
        return self._function("isna@1")

    def __lt__(self, other: Any) -> Series:
        """Whether the first is less."""
        return self._function("less@1", other)

    def __le__(self, other: Any) -> Series:
        """Whether the first is not greater."""
        return self._function("less_equal@1", other)

    def __mul__(self, other: Any) -> Series:
        """The product, exact: decimals add up.

        Unlike pandas: what could overflow is refused before anything runs; pandas wraps.
        """
        return self._function("multiply@1", other)

    def __invert__(self) -> Series:
        """True where it is false."""
        return self._function("not@1")

    def __ne__(self, other: Any) -> Series:  # type: ignore[override]
        """Whether the two differ."""
        return self._function("not_equal@1", other)

    def notna(self) -> Series:
        """Whether there is a value."""
        return self._function("notna@1")

    def __or__(self, other: Any) -> Series:
        """Whether one is true; missing or true is true."""
        return self._function("or@1", other)

    def __sub__(self, other: Any) -> Series:
        """The difference, exact.

        Unlike pandas: what could overflow is refused before anything runs; pandas wraps.
        """
        return self._function("subtract@1", other)

    def count(self) -> Series:
        """How many values, those that are missing left out."""
        return self._aggregate("count")

    def max(self) -> Series:
        """The greatest value; missing if there is none."""
        return self._aggregate("max")

    def mean(self) -> Series:
        """The mean of the values that are not missing; missing if there are none.

        Unlike pandas: the last digit is cut off, towards zero: the error is below the type's.
        """
        return self._aggregate("mean")

    def min(self) -> Series:
        """The least value; missing if there is none."""
        return self._aggregate("min")

    def sum(self) -> Series:
        """The sum, exact; 0 of no values.

        Unlike pandas: a sum that could overflow is refused before anything runs; pandas wraps.
        """
        return self._aggregate("sum")
