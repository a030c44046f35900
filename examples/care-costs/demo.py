"""A statistics office learns what care costs, from a hospital's visits and a town's register that neither shows.

    ./run python examples/care-costs/demo.py [--data DIR] [--json]
"""

import argparse
import json
import sys
from pathlib import Path

import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table

import polder as po
from polder import space

HERE = Path(__file__).resolve().parent
BORN_BEFORE = "1995-01-01"
MIN_GROUP = 10
CLASSES = ["ambulatory", "emergency", "inpatient", "outpatient", "urgentcare", "wellness"]
VISITS = po.Schema(
    patient=po.string(36),
    encounterclass=po.category(CLASSES),
    total_claim_cost=po.decimal(2, 0, 1_000_000),
    payer_coverage=po.decimal(2, 0, 1_000_000),
)
PEOPLE = po.Schema(id=po.string(36), birthdate=po.date(), gender=po.category(["F", "M"]))
console = Console(highlight=False)


def main() -> int:
    arguments = argparse.ArgumentParser(description="What care costs, by kind of visit.")
    arguments.add_argument("--data", type=Path, default=HERE / "data", help="folder of encounters.csv, patients.csv")
    arguments.add_argument("--json", action="store_true", help="print one object: what the recipient learned")
    given = arguments.parse_args()
    console.quiet = given.json
    with space.for_one_run() as used:
        space.wait_ready(used)
        po.connect(used)
        opening = question(given.data)
        learned = opening.run()
    show(opening, learned)
    right = as_pandas(given.data).equals(shown(learned))
    if given.json:
        print(json.dumps({"CBS": {"rows": shown(learned).to_dict("records"), "withheld": learned.attrs["withheld"]}}))
    else:
        console.print("Checked: pandas gives the same in the clear." if right else "WRONG: pandas differs.")
    return 0 if right else 1


def question(data: Path) -> "po.frame.Opening":
    """Each owner puts in its file; the office asks by their names."""
    owners = ["hospital", "town"]
    po.read_csv(data / "encounters.csv", name="visits", schema=VISITS, owner="hospital", partners=["CBS", *owners])
    po.read_csv(data / "patients.csv", name="people", schema=PEOPLE, owner="town", partners=["CBS", *owners])

    visits, people = po.table("visits@hospital"), po.table("people@town")
    care = visits.merge(people, left_on="patient", right_on="id", validate="many_to_one")
    care = care[care.birthdate < BORN_BEFORE]
    costs = care.groupby("encounterclass").agg(
        visits=("patient", "size"), cost=("total_claim_cost", "mean"), covered=("payer_coverage", "sum")
    )
    return costs.opening(to="CBS", min_group=MIN_GROUP, label="costs", purpose="what care costs, by kind of visit")


def shown(learned: pd.DataFrame) -> pd.DataFrame:
    """Rows that are not withheld, means to the cent."""
    rows = learned[learned.visits.notna()]
    return pd.DataFrame(
        {
            "encounterclass": [str(name) for name in rows.encounterclass],
            "visits": [int(n) for n in rows.visits],
            "cost": [round(float(mean), 2) for mean in rows.cost],
            "covered": [float(total) for total in rows.covered],
        }
    )


def as_pandas(data: Path) -> pd.DataFrame:
    """The same in the clear: what the secure run must give."""
    visits = pd.read_csv(data / "encounters.csv")
    people = pd.read_csv(data / "patients.csv")
    care = visits.merge(people, left_on="patient", right_on="id")
    care = care[care.birthdate < BORN_BEFORE]
    cents = {name: (care[name] * 100).round().astype("int64") for name in ("total_claim_cost", "payer_coverage")}
    groups = care.assign(**cents).groupby("encounterclass")
    costs = groups.agg(visits=("patient", "size"), cost=("total_claim_cost", "mean"), covered=("payer_coverage", "sum"))
    costs = costs[costs.visits >= MIN_GROUP].reset_index()
    return costs.assign(cost=(costs.cost / 100).round(2), covered=costs.covered / 100)


def show(opening: "po.frame.Opening", learned: pd.DataFrame) -> None:
    console.print("What is asked, what it takes and whom it shows what:\n")
    console.print(opening.explain(), markup=False)
    table = Table(title="What CBS learned", box=box.SIMPLE)
    for column in learned.columns:
        table.add_column(column, justify="left" if column == "encounterclass" else "right")
    for row in learned.itertuples(index=False):
        table.add_row(*map(cell_text, row))
    console.print(table)
    withheld = learned.attrs["withheld"].get("visits", 0)
    console.print(
        f"{withheld} kinds of visit with fewer than {MIN_GROUP} are withheld. Hospital and town learned nothing; "
        f"no node saw a value.\n{learned.attrs['seconds']:.2f} s, {learned.attrs['rounds']} rounds, "
        f"{sum(learned.attrs['bytes_sent_per_node']) / 1e6:.1f} MB between the nodes."
    )


def cell_text(cell: object) -> str:
    if pd.isna(cell):
        return "withheld"
    return f"{cell:,.2f}" if isinstance(cell, float) else str(cell)


if __name__ == "__main__":
    sys.exit(main())
