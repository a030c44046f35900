"""Writes polder/_generated/ from the descriptors of the operators: python -m polder.generate."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import _polder_plans

FOLDER = Path(__file__).parent / "_generated"

HEAD = '''"""Methods of polder.series.Series, one for each function and aggregate that the engine has.

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
'''


def methods() -> str:
    """The text of _generated/series.py."""
    all_known = json.loads(_polder_plans.descriptors())
    text = HEAD
    for operator in all_known["operators"]:
        if operator["python"].startswith("Series.") and not operator["fields"]:
            text += _method(operator, f'self._function("{operator["name"]}"', ")")
    for aggregate in all_known["aggregates"]:
        if aggregate["python"].startswith("Series."):
            text += _method(aggregate, f'self._aggregate("{aggregate["name"]}"', ")")
    return text


def _method(of: dict[str, Any], call: str, end: str) -> str:
    found = re.fullmatch(r"Series\.(\w+)\((.*)\)", of["python"])
    assert found, of["python"]
    name, arguments = found.group(1), [part for part in found.group(2).split(", ") if part]
    signature = ", ".join(["self", *(f"{argument}: Any" for argument in arguments)])
    override = "  # type: ignore[override]" if name in ("__eq__", "__ne__") else ""
    lines = [f"\n    def {name}({signature}) -> Series:{override}"]
    document = [of["what"], *(f"Unlike pandas: {difference}." for difference in of["differs"])]
    if len(document) == 1:
        lines.append(f'        """{document[0]}"""')
    else:
        lines.append(f'        """{document[0]}\n')
        lines += [f"        {line}" for line in document[1:]]
        lines.append('        """')
    lines.append(f"        return {', '.join([call, *arguments])}{end}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (FOLDER / "series.py").write_text(methods())
