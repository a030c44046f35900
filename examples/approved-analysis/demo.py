"""An analysis that three owners approve before it may run; each refusal is shown, and the outcome checked by pandas.

    python demo.py [--data DIR] [--json]

DIR has hospital.csv (person, days, cost), insurer.csv (person, excess) and town.csv (person, district).
"""

import argparse
import contextlib
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

import polder as po
from polder import audits, space
from polder.errors import NotApproved

HERE = Path(__file__).resolve().parent
OWNERS = ("hospital", "insurer", "town")
ANALYST, RECIPIENT = "institute", "ministry"
NAME = "care_costs"
MIN_GROUP, MAX_RUNS = 10, 2


def main() -> int:
    arguments = parse()
    say = (lambda _: None) if arguments.json else print
    with space.for_one_run() as used:
        space.wait_ready(used)
        po.connect(used)
        upload(arguments.data)
        shown = Demonstration(say)
        learned = shown.play()
        report = audits.verify(used, used.key(ANALYST))
    say(f"\nThe logs of the three nodes are whole, and agree on {report['runs']} runs.")
    problems = shown.problems + report["problems"] + check(learned, arguments.data)
    if report["runs"] != MAX_RUNS:
        problems.append(f"{report['runs']} runs are in the logs, not {MAX_RUNS}")
    if arguments.json:
        rows = json.loads(learned.to_json(orient="records"))
        print(json.dumps({RECIPIENT: rows, "refused": shown.refused, "audited_runs": report["runs"]}))
    else:
        print(f"\nWhat the {RECIPIENT} learned, and nobody else:\n{learned.to_string(index=False)}")
        print("Checked: pandas finds the same in the owners' files." if not problems else f"WRONG: {problems}")
    return 1 if problems else 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=HERE / "data", help="a folder of such files")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser.parse_args()


def upload(data: Path) -> None:
    """Each owner puts its table at the nodes; every plan on it needs the owner's signature."""
    districts = sorted(pd.read_csv(data / "town.csv", dtype=str).district.unique())
    types = {
        "hospital": po.Schema(person=po.string(8), days=po.int(0, 365), cost=po.decimal(2, 0, 100_000)),
        "insurer": po.Schema(person=po.string(8), excess=po.int(0, 10_000)),
        "town": po.Schema(person=po.string(8), district=po.category(districts)),
    }
    for owner in OWNERS:
        po.read_csv(data / f"{owner}.csv", name="clients", schema=types[owner], owner=owner, approval=True)


def care_costs(min_group: int) -> po.Analysis:
    """What hospital visits of insured people cost, by district."""
    with po.analysis(NAME, purpose="care budget 2027", by=ANALYST, valid="90d", max_runs=MAX_RUNS) as a:
        days = po.param("days", po.int(0, 365))
        visits = po.table("clients@hospital")
        visits = visits[visits.days >= days]
        insured = visits.merge(po.table("clients@insurer"), on="person", validate="many_to_one")
        placed = insured.merge(po.table("clients@town"), on="person", validate="many_to_one")
        costs = placed.groupby("district").agg(visits=("cost", "size"), total=("cost", "sum"))
        a.output("costs", costs, to=RECIPIENT, min_group=min_group)
    return a


class Demonstration:
    """The story, step by step; what does not go as it should is kept in `problems`."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self.problems: list[str] = []
        self.refused: dict[str, dict[str, str]] = {}

    def play(self) -> pd.DataFrame:
        asked = care_costs(MIN_GROUP)
        with contextlib.redirect_stdout(io.StringIO()) as told:
            fingerprint = asked.submit()
        self._say(f"The {ANALYST} submits an analysis:\n{told.getvalue()}")
        self._say(f"What the {OWNERS[2]} reads of it:\n{po.show(NAME, by=OWNERS[2])}")

        self.expect_refused("before anybody approved", OWNERS, fingerprint)
        for owner in OWNERS[:2]:
            po.approve(fingerprint, by=owner)
        self.expect_refused("with two approvals of three", OWNERS[2:], fingerprint)
        po.approve(fingerprint, by=OWNERS[2])

        done = po.run(NAME, by=ANALYST, days=1)
        learned = po.result(done.session, to=RECIPIENT)
        self._say(f"Approved by all three, it runs: session {done.session}, {done.rounds} rounds.")
        if done.session != learned.session or ANALYST in done.learned:
            self.problems.append(f"the {ANALYST} was not to learn anything")

        with contextlib.redirect_stdout(io.StringIO()):
            changed = care_costs(MIN_GROUP - 1).submit()
        self.expect_refused("with one line changed (another fingerprint)", OWNERS, changed)

        po.revoke(fingerprint, by="insurer")
        self.expect_refused("after the insurer took its approval back", ("insurer",), fingerprint)
        po.approve(fingerprint, by="insurer")
        po.run(fingerprint, by=ANALYST, days=3)
        self.expect_refused(f"after {MAX_RUNS} runs", ("hospital", "town"), fingerprint)
        return learned["costs"]

    def expect_refused(self, when: str, owners: tuple[str, ...], fingerprint: str) -> None:
        try:
            po.run(fingerprint, by=ANALYST, days=1)
            self.problems.append(f"it ran {when}")
        except NotApproved as error:
            self.refused[when] = error.missing
            if tuple(error.missing) != owners:
                self.problems.append(f"{when}: refused for want of {error.missing}")
            told = ", ".join(f"{owner} ({why})" for owner, why in error.missing.items())
            self._say(f"Refused {when}: missing {told}.")


def check(learned: pd.DataFrame, data: Path) -> list[str]:
    """Against pandas on the files themselves."""
    files: dict[str, Any] = {owner: pd.read_csv(data / f"{owner}.csv") for owner in OWNERS}
    visits = files["hospital"][files["hospital"].days >= 1]
    joined = visits.merge(files["insurer"], on="person").merge(files["town"], on="person")
    cents = (joined.cost * 100).round().astype(int)
    plain = joined.assign(cents=cents).groupby("district").agg(visits=("cents", "size"), total=("cents", "sum"))
    plain = plain[plain.visits >= MIN_GROUP].reset_index()
    shown = learned.dropna()
    got = list(zip(shown.district, shown.visits, (shown.total.astype(float) * 100).round().astype(int)))
    want = list(zip(plain.district, plain.visits, plain.total))
    return [] if got == want else [f"learned {got}, pandas finds {want}"]


if __name__ == "__main__":
    sys.exit(main())
