"""Who survived the Titanic: a logistic regression on the tables of two owners, at three nodes that see neither.

    python examples/titanic/demo.py [--data DIR] [--json]

The shipping line knows the passengers, a registry who survived. Only the analyst learns anything: seven coefficients,
which are compared with those of an independent fit in the clear.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import polder as po
from polder import space
from polder.learn import LogisticRegression
from rich import box
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).resolve().parent
FEATURES = ("Pclass", "male", "Age", "SibSp", "Parch", "Fare")
MIN_GROUP = 10
PASSENGER_TYPES = po.Schema(
    PassengerId=po.int(1, 2000),
    Pclass=po.int(1, 3),
    Sex=po.category(["female", "male"]),
    Age=po.decimal(2, 0, 100, null=True),
    SibSp=po.int(0, 20),
    Parch=po.int(0, 20),
    Fare=po.decimal(4, 0, 600),
)
REGISTRY_TYPES = po.Schema(PassengerId=po.int(1, 2000), Survived=po.bool())
console = Console(highlight=False)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--data", type=Path, default=HERE / "data", help="a folder with a titanic.csv")
    arguments.add_argument("--json", action="store_true", help="print what the analyst learned as one object")
    options = arguments.parse_args()
    rows = pd.read_csv(options.data / "titanic.csv")

    with space.for_one_run() as used:
        space.wait_ready(used)
        po.connect(used)
        opened = fit_at_nodes(rows, quiet=options.json)
    clear = fit_in_clear(rows)
    names = ("intercept", *FEATURES)
    learned = dict(zip(names, map(float, [*opened.intercept_, *opened.coef_[0]]), strict=True))
    wrong = [name for name in names if not abs(learned[name] - clear[name]) <= opened.errors[name]]
    right = accuracy(opened, rows)
    if options.json:
        print(json.dumps({"analyst": {"coefficients": learned}}))
    else:
        show(learned, clear, opened.errors, right)
    if wrong:
        print(f"WRONG beyond the stated error: {', '.join(wrong)}", file=sys.stderr)
    return 1 if wrong else 0


def fit_at_nodes(rows: pd.DataFrame, *, quiet: bool):
    """Each owner puts its table at the nodes; the analyst asks for the fit and learns its coefficients."""
    partners = {"shipping_line": ["analyst", "registry"], "registry": ["analyst", "shipping_line"]}
    flags = rows[["PassengerId"]].assign(Survived=rows.Survived == 1)
    for owner, name, data, schema in (
        ("shipping_line", "passengers", rows, PASSENGER_TYPES),
        ("registry", "survivors", flags, REGISTRY_TYPES),
    ):
        po.from_pandas(
            data, name=name, schema=schema, owner=owner, min_group=MIN_GROUP, partners=partners[owner]
        )
    people = po.table("passengers@shipping_line").merge(
        po.table("survivors@registry"), on="PassengerId", validate="one_to_one"
    )
    people["male"] = people.Sex == "male"
    model = LogisticRegression(C=1.0).fit(people[list(FEATURES)], people.Survived)
    if not quiet:
        told = model.opening(to="analyst", min_group=MIN_GROUP).explain()
        console.print(told[told.index("in all") :], style="dim")
    return model.open(to="analyst", min_group=MIN_GROUP)


def fit_in_clear(rows: pd.DataFrame) -> dict[str, float]:
    """The minimum of the same loss, by Newton's method in double precision on the rows themselves."""
    rows = rows.assign(male=rows.Sex == "male")[[*FEATURES, "Survived"]].dropna()
    x = np.column_stack([np.ones(len(rows)), rows[list(FEATURES)].to_numpy(dtype=float)])
    y = rows.Survived.to_numpy(dtype=float)
    penalty = np.diag([0.0] + [1.0] * len(FEATURES))
    w = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        w += np.linalg.solve((x.T * (p * (1 - p))) @ x + penalty, x.T @ (y - p) - penalty @ w)
    return dict(zip(("intercept", *FEATURES), map(float, w), strict=True))


def accuracy(opened, rows: pd.DataFrame) -> tuple[int, int]:
    """How many labels the coefficients give rightly: no part of what is learned, as it needs the rows."""
    rows = rows.assign(male=rows.Sex == "male")[[*FEATURES, "Survived"]].dropna()
    return int((opened.predict(rows) == (rows.Survived == 1)).sum()), len(rows)


def show(learned: dict, clear: dict, errors: dict, right: tuple[int, int]) -> None:
    table = Table(title="What the analyst learned", box=box.SIMPLE)
    for heading in ("", "coefficient", "fit in the clear", "off by", "stated error"):
        table.add_column(heading, justify="right")
    for name, value in learned.items():
        off = abs(value - clear[name])
        table.add_row(name, f"{value:.6f}", f"{clear[name]:.6f}", f"{off:.1e}", f"{errors[name]:.1e}")
    console.print(table)
    console.print(
        "The owners learned nothing; the nodes saw shares alone. How many rows counted stays secret, "
        f"too:\nin the clear they are {right[1]}, and the coefficients give {right[0]} of their labels rightly."
    )


if __name__ == "__main__":
    sys.exit(main())
