"""Who learns what, computed in the open: what the secure run must give, to the last identifier.

Standard library only and nothing of Polder, so that the two can check each other.

    python expected.py amstel.csv dommel.csv eem.csv --threshold 2 --min-flags 1 --to eem
"""

import argparse
import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

FLAG_WORDS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


def is_iban(text: str) -> bool:
    if not re.fullmatch("[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", text):
        return False
    return int("".join(str(int(sign, 36)) for sign in text[4:] + text[:4])) % 97 == 1


def normal(value: str) -> str:
    """What is compared: NFKC, one space for many and none at the ends, no case, IBANs closed up."""
    text = " ".join(unicodedata.normalize("NFKC", value).split())
    closed = text.replace(" ", "")
    if is_iban(closed.upper()):
        text = closed
    return unicodedata.normalize("NFKC", text.casefold())


@dataclass
class Party:
    name: str
    spelling: dict[str, str]  # normal form -> as first written in the file, in the file's order
    flagged: set[str]  # normal forms flagged in any row


def read_party(
    path: Path, id_column: str | None = None, flag_column: str | None = "flagged"
) -> Party:
    """One party's file. Rows without an identifier are left out; no flag column means no flags."""
    party = Party(path.stem, {}, set())
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        names = list(rows.fieldnames or [])
        column = id_column or ("client_id" if "client_id" in names else names[0])
        for row in rows:
            key = normal(row[column])
            if key:
                party.spelling.setdefault(key, row[column])
            if key and flag_column and FLAG_WORDS[row[flag_column].strip().lower()]:
                party.flagged.add(key)
    return party


def matched(
    parties: Sequence[Party],
    threshold: int = 2,
    min_flags: int = 1,
    to: Iterable[str] | None = None,
) -> dict[str, list[str]]:
    """For each recipient (all parties, if `to` is not given), those of its own identifiers that at
    least `threshold` parties have and at least `min_flags` parties flagged, as it writes them."""
    holders = Counter(key for party in parties for key in party.spelling)
    flags = Counter(key for party in parties for key in party.flagged)
    hit = {key for key in holders if holders[key] >= threshold and flags[key] >= min_flags}
    recipients = {party.name for party in parties} if to is None else set(to)
    return {
        party.name: [text for key, text in party.spelling.items() if key in hit]
        for party in parties
        if party.name in recipients
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description="What a match of these files must give.")
    arguments.add_argument("files", nargs="+", type=Path)
    arguments.add_argument("--id", help="identifier column; else client_id, else the first")
    arguments.add_argument("--flag", default="flagged", help="flag column")
    arguments.add_argument("--no-flag", action="store_true", help="match without flags")
    arguments.add_argument("--threshold", type=int, default=2)
    arguments.add_argument("--min-flags", type=int, default=1)
    arguments.add_argument("--to", action="append", help="a recipient; else every party")
    given = arguments.parse_args()

    flag = None if given.no_flag else given.flag
    parties = [read_party(path, given.id, flag) for path in given.files]
    min_flags = 0 if given.no_flag else given.min_flags
    for name, identifiers in matched(parties, given.threshold, min_flags, given.to).items():
        print(f"{name}: {len(identifiers)} of its clients")
        for identifier in identifiers:
            print(f"  {identifier}")


if __name__ == "__main__":
    main()
