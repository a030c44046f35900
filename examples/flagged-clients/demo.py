"""Banks find their common flagged clients, on this machine; the outcome is checked against expected.py.

    ./run demo
    ./run python examples/flagged-clients/demo.py --data DIR   # other files: one CSV a bank, called like it
    ./run python examples/flagged-clients/demo.py --json       # one object: what each bank learned
"""

import argparse
import csv
import json
import sys
import tempfile
from pathlib import Path

import numpy
from rich import box
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import expected  # noqa: E402

from polder import Columns, MatchOptions, match, native, space  # noqa: E402
from polder.commands.show import data_size, progress  # noqa: E402

THRESHOLD = 2
SHOWN = 2  # identifiers of each bank
PREFIX = 8  # bytes of an identifier that are looked for
console = Console(highlight=False)


def main() -> int:
    arguments = argparse.ArgumentParser(description="Banks find their common flagged clients.")
    arguments.add_argument("--data", type=Path, default=HERE, help="folder with one CSV file a bank")
    arguments.add_argument("--json", action="store_true", help="print one object: what each bank learned")
    given = arguments.parse_args()
    files = sorted(given.data.glob("*.csv"))
    console.quiet = given.json
    console.print(f"{len(files)} banks, a file each. Who has a client that {THRESHOLD} banks have and one has flagged?")
    with tempfile.TemporaryDirectory() as out, space.for_one_run() as used, progress() as report:
        outcome = match(
            files, MatchOptions(threshold=THRESHOLD), out=out, where=used, progress=None if given.json else report
        )
        learned = {file.stem: read_identifiers(Path(out) / file.name) for file in files}
        show_learned(outcome, learned)
        show_nodes(outcome, used, files)
    show_cost(outcome)
    wrong = unlike_expected(files, learned)
    if given.json:
        print(json.dumps(learned))
    elif wrong:
        console.print(f"WRONG: {', '.join(wrong)} learned something else than the plain computation gives.")
    else:
        total = sum(map(len, learned.values()))
        console.print(f"Checked: all {total} matches, in their order, are those of the plain computation.")
    return 1 if wrong else 0


def read_identifiers(file: Path) -> list[str]:
    with file.open(encoding="utf-8", newline="") as rows:
        return [row[0] for row in csv.reader(rows)][1:]


def show_learned(outcome: dict, learned: dict[str, list[str]]) -> None:
    table = Table("bank", "clients", "learned of", "the first of them", title="What each bank learned", box=box.SIMPLE)
    for bank, identifiers in learned.items():
        clients = outcome["recipients"][bank]["identifiers"]
        more = " …" if len(identifiers) > SHOWN else ""
        table.add_row(bank, f"{clients:,}", str(len(identifiers)), ", ".join(identifiers[:SHOWN]) + more)
    console.print(table)
    console.print("Nobody learned who the others are, who flagged a client, or anything of the rest.")


def show_nodes(outcome: dict, used: space.Space, files: list[Path]) -> None:
    """What each node was sent, and how many of the banks' identifiers are anywhere in its files."""
    wanted = identifier_prefixes(files)
    clients = sum(each["identifiers"] for each in outcome["recipients"].values())
    table = Table(title="What each node saw", box=box.SIMPLE)
    for heading in ("node", "tables", "rows", "kept there", "exchanged", "clients found in its files"):
        table.add_column(heading, justify="right")
    for role, folder in enumerate(used.node_folders):
        table.add_row(
            folder.name,
            str(len(files)),
            f"{clients:,}",
            data_size(sum(file.stat().st_size for file in (folder / "columns").iterdir())),
            data_size(outcome["bytes_sent_per_node"][role]),
            str(count_found(folder, wanted)),
        )
    console.print(table)
    first, second = (native.split(used.network, files[0], Columns()) for _ in range(2))
    console.print(
        f"The share of {files[0].name} that travels, twice: {first[:12].hex(' ')} …, {second[:12].hex(' ')} …\n"
        f"{deviation(first):+.1f} and {deviation(second):+.1f} standard deviations from evenly random bytes."
    )


def identifier_prefixes(files: list[Path]) -> numpy.ndarray:
    """The first bytes of all identifiers, as written and as compared, as whole numbers."""
    texts = set()
    for file in files:
        party = expected.read_party(file)
        texts |= {text.encode()[:PREFIX] for pair in party.spelling.items() for text in pair}
    long_enough = sorted(text for text in texts if len(text) == PREFIX)
    return numpy.frombuffer(b"".join(long_enough), dtype="<u8")


def count_found(folder: Path, wanted: numpy.ndarray) -> int:
    found: set[int] = set()
    for file in folder.rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        for start in range(min(PREFIX, len(content))):
            whole = (len(content) - start) // PREFIX
            windows = numpy.frombuffer(content, dtype="<u8", offset=start, count=whole)
            found.update(numpy.intersect1d(windows, wanted).tolist())
    return len(found)


def deviation(content: bytes) -> float:
    """Chi-squared of the byte counts, as standard deviations from what random bytes give."""
    counts = numpy.bincount(numpy.frombuffer(content, dtype=numpy.uint8), minlength=256)
    even = len(content) / 256
    chi_squared = ((counts - even) ** 2 / even).sum()
    return float((chi_squared - 255) / (2 * 255) ** 0.5)


def show_cost(outcome: dict) -> None:
    seconds = outcome["seconds"]
    console.print(
        f"Upload {seconds['upload']:.2f} s, compute {seconds['compute']:.2f} s, {outcome['rounds']} rounds, "
        f"{data_size(sum(outcome['bytes_sent_per_node']))} between the nodes, at most {outcome['peak_mb']} MB of "
        "shares in a node's memory."
    )


def unlike_expected(files: list[Path], learned: dict[str, list[str]]) -> list[str]:
    """The banks that learned something else than the plain computation gives."""
    plain = expected.matched([expected.read_party(file) for file in files], THRESHOLD)
    return [bank for bank in learned if learned[bank] != plain[bank]]


if __name__ == "__main__":
    sys.exit(main())
