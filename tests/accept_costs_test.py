"""tools/accept-costs: a change of costs is one command, which must touch what was measured and nothing else."""

import runpy
from pathlib import Path

accept_costs = runpy.run_path(str(Path(__file__).parent.parent / "tools" / "accept-costs"))
wanted, rewritten = accept_costs["wanted"], accept_costs["rewritten"]

WRITTEN = """# Rounds and bytes.

# Every operator.
[operators]
mul 1000 1 8024 8024 8024
mul 65536 1 1 1 1
gone 1000 2 3 4 5

[sorts]
mul 1000 7 7 7 7
"""

LOG = """[ RUN      ] Costs.AreThoseWrittenDown
tests/costs.txt, [operators]:
has: mul 1000 1 8024 8024 8024
paste: mul 1000 2 16 16 16
paste: fresh 1000 1 2 3 4
remove: gone 1000 2 3 4 5
E  AssertionError: instructions.txt, [matches], differs by more than 3%; say why in the commit:
E    paste: match 1000 12345
"""


def test_only_what_was_measured_changes():
    changes = wanted(LOG)
    assert rewritten(WRITTEN, changes["costs"]) == WRITTEN.replace("1 8024 8024 8024", "2 16 16 16").replace(
        "gone 1000 2 3 4 5", "fresh 1000 1 2 3 4"
    )
    assert changes["instructions"] == {"matches": {"match 1000": "match 1000 12345"}}


def test_nothing_found_changes_nothing():
    assert rewritten(WRITTEN, wanted("[  PASSED  ] 1 test.")["costs"]) == WRITTEN
