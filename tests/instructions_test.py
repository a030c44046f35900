"""What one node executes, instruction by instruction: a guard against slow code, and against time that tells secrets.

polder_replay runs a node alone with what it received among the three, and callgrind counts. Valgrind presents one and
the same processor (AVX2, no AVX-512) whatever the machine, so the counts do not depend on it, nor on its load.
"""

import re
from collections import Counter
from itertools import takewhile
from pathlib import Path

import pytest

from replaying import replay

WRITTEN = Path(__file__).parent / "instructions.txt"
TOLERANCE = 0.03


def parts(case: str, role: int, folder: Path) -> dict[str, Path]:
    """Callgrind's files by the name of what was counted."""
    made = folder / f"counted.{role}"
    replay(case, str(role), folder, "valgrind", "--tool=callgrind", "--instr-atstart=no", "--compress-strings=no",
           "--compress-pos=no", f"--callgrind-out-file={made}")  # fmt: skip
    found = {}
    for file in folder.glob(f"{made.name}.*"):
        trigger = re.search(r"^desc: Trigger: Client Request: (.*)$", file.read_text(), re.MULTILINE)
        if trigger:
            found[trigger.group(1)] = file
    return found


def instructions(file: Path) -> Counter[tuple[str, str]]:
    """By program or library, and function. Without malloc's, which depend on what was freed before."""
    counts: Counter[tuple[str, str]] = Counter()
    program = source = function = ""
    of_callee = False
    for line in file.read_text().splitlines():
        kind, _, name = line.partition("=")
        if kind == "ob":
            program = Path(name).name
        elif kind == "fl":
            source = name
        elif kind == "fn":
            function = name
        elif kind == "calls":
            of_callee = True  # the next line is what the callee took
        elif line[:1].isdigit():
            if not of_callee and "malloc" not in source:
                counts[program, function] += int(line.split()[1])
            of_callee = False
    return counts


def own(file: Path) -> Counter[tuple[str, str]]:
    """Those of the program itself and of GMP: without the C library's, whose copies depend on addresses that malloc
    gave."""
    return Counter({key: count for key, count in instructions(file).items() if key[0].startswith(("polder", "libgmp"))})


def written_down(part: str) -> dict[str, int]:
    _, _, after = WRITTEN.read_text().partition(f"[{part}]\n")
    lines = [line.rsplit(" ", 1) for line in takewhile(bool, after.splitlines())]
    return {name: int(count) for name, count in lines}


# Of many rows where an operator works in pieces, batches and beyond the caches; far- is between nodes 10 ms apart.
CASES = {
    "operators": ("operators-1000",),
    "sorts": ("sort-32-1000", "sort-64-1000", "order_statistic-64-1000", "join-31-arith-bits-1000", "wan-sort-64-1000",
              "sort-64-65537", "order_statistic-64-65537", "join-31-arith-bits-65537"),
    "matches": ("matches-1000", "matches-65540"),
}  # fmt: skip


@pytest.mark.parametrize("part", CASES)
def test_a_node_takes_the_instructions_written_down(tmp_path, part):
    counted = {}
    for case in CASES[part]:
        replay(case, "record", tmp_path)
        wan = "-wan" if case.startswith("wan-") else ""
        rows = case.rpartition("-")[2]
        counted |= {f"{name}{wan} {rows}": instructions(file).total()
                    for name, file in parts(case, 0, tmp_path).items()}  # fmt: skip
    known = written_down(part)
    paste = [f"paste: {name} {count}" for name, count in counted.items()
             if abs(count - known.get(name, 0)) > TOLERANCE * count]  # fmt: skip
    gone = known.keys() - counted.keys()
    assert not paste and not gone, "\n".join(
        [f"{WRITTEN.name}, [{part}], differs by more than {TOLERANCE:.0%}; say why in the commit:", *sorted(paste),
         *(f"remove: {name}" for name in gone)]
    )  # fmt: skip


SCENARIOS = {
    "sorting": ("sorts-0-8", "sorts-8-8", "sorts-3-5"),  # of 8 rows so many are shared, so many valid
    "far sorting": ("wan-sorts-0-8", "wan-sorts-8-4"),
    "sorted": ("match-0-0", "match-8-8", "match-3-5"),  # of 8 rows so many are shared, so many flagged
    "bins": ("bins-1000000", "bins-60"),  # no client is with two banks, or all are
    "look-up": ("lookup-0", "lookup-3"),  # so many of three identifiers are in the register
}


@pytest.mark.parametrize("role", range(3))
@pytest.mark.parametrize("way", SCENARIOS)
def test_a_run_takes_the_same_instructions_whatever_its_data(tmp_path, way, role):
    """Function by function and exactly, so no statistics are needed: time on equal machines can differ only by where
    data lie, and no address depends on a secret (secrets_test.py). SECURITY 29."""
    assert_alike(tmp_path, SCENARIOS[way], role)


def test_an_encryption_takes_the_same_instructions_whatever_it_hides(tmp_path):
    """Published code encrypts 1 in half the time of 0. SECURITY 11."""
    assert_alike(tmp_path, ("encrypt-0", "encrypt-1", "encrypt-4294967295"), role=0)


def assert_alike(tmp_path: Path, cases: tuple[str, ...], role: int) -> None:
    counts = {}
    for case in cases:
        folder = tmp_path / case
        folder.mkdir()
        replay(case, "record", folder)
        [file] = parts(case, role, folder).values()
        counts[case] = own(file)
        assert counts[case].total() > 100_000, "the engine's own work is what is counted"
    first, *others = counts.values()
    for other in others:
        differing = [name for name in first | other if first[name] != other[name]]
        assert not differing, f"{cases} differ in {differing}"
